//! What the catalog noted or refused, in words for the person who meets it.

use protocol::{Names, Problem, Remark};

use crate::language::{Text, text};

/// What was assumed or done differently than expected.
pub fn remark(remark: &Remark) -> Text {
    match remark {
        Remark::LeftOut { names, why } => text!("left-out", names = listed(names), why = Text::from(why)),
        Remark::Bystanders { kinds } => {
            let count: usize = kinds.iter().map(|(_, count)| count).sum();
            text!("left-out-others", count, kinds = kinds_of(kinds))
        }
        Remark::Doubled { names } => text!("left-out-doubled", count = names.count(), names = listed(names)),
        Remark::AlreadyOpen { count, study } => text!("already-open", count = *count, study),
        Remark::Odd { names, what } => text!("file-says", name = listed(names), what = Text::from(what)),
        Remark::Joined { study, names, filled } => {
            let names = listed(names);
            match (filled.contains(&0), filled.contains(&2)) {
                // What stood in for it may have become another sequence, which needs no word.
                _ if filled.contains(&1) => text!("joined", study, names, sequence = text!("sequence-flair")),
                (false, false) => text!("joined-choice", study, names),
                (true, false) => text!("joined", study, names, sequence = text!("sequence-pre-inline")),
                (false, true) => text!("joined", study, names, sequence = text!("sequence-post-inline")),
                (true, true) => text!("joined", study, names, sequence = text!("sequence-both-inline")),
            }
        }
        Remark::Assumed { name, what } => text!("file-says", name, what = Text::from(what)),
        Remark::Many { name, volumes } => text!("many-volumes", name, volumes = *volumes),
        Remark::Halved { name } => text!("halved", name),
        Remark::NoOtherHead => text!("no-other-head"),
    }
}

/// What was not done, and what to do.
pub fn problem(problem: &Problem) -> Text {
    match problem {
        Problem::Unreadable { name, why } => text!("file-says", name, what = Text::from(why)),
        Problem::NothingToOpen { files, kinds } => {
            text!("nothing-to-open", count = *files, kinds = kinds_of(kinds))
        }
        Problem::LabelWithoutStudy { name } => text!("label-without-study", name),
        Problem::LabelFitsNone { name, why } => text!("label-fits-none", name, why = Text::from(why)),
        Problem::Apart { why } | Problem::NoStack { why } => text!("no-volume-of", why = Text::from(why)),
        Problem::NoSuchVolume { volumes } => text!("no-such-volume", volumes = *volumes),
        Problem::SessionNotWritten { why } => text!("session-not-written", why = Text::from(why)),
        Problem::SessionDamaged { name } => text!("session-damaged", name),
        Problem::SessionNewer { name } => text!("session-newer", name),
        Problem::MaskSize => text!("mask-size"),
        Problem::NoSurface { study, why } | Problem::NotWritten { study, why } => {
            text!("file-says", name = study, what = Text::from(why))
        }
    }
}

/// Which study a label went to, and what to do if that was not meant.
pub fn label(name: &str, study: &str, own: bool, also_fits: usize) -> Text {
    let said = if own { text!("label-is-mask", name, study) } else { text!("label-loaded", name, study) };
    match also_fits {
        0 => said,
        count => text!("two-sentences", first = said, second = text!("label-fits-others", count)),
    }
}

/// What is said of pictures that look like the slices of one volume.
pub fn stackable(name: &str, slices: usize) -> Text {
    text!("stackable", name, count = slices)
}

fn kinds_of(kinds: &[(String, usize)]) -> String {
    let kinds = kinds.iter().map(|(kind, count)| if *count == 1 { kind.clone() } else { format!("{count} {kind}") });
    kinds.collect::<Vec<_>>().join(", ")
}

/// The first few names, and how many there are besides.
pub fn listed(Names { first, more }: &Names) -> Text {
    let names = first.join(", ");
    if *more > 0 { text!("names-and-more", names, more = *more) } else { names.into() }
}

#[cfg(test)]
mod tests {
    use protocol::Why;

    use super::*;

    fn names(count: usize) -> Names {
        (1..=count).map(|number| format!("IM{number}")).collect()
    }

    #[test]
    fn numbers_agree() {
        let open = |count| remark(&Remark::AlreadyOpen { count, study: "AX FLAIR".into() }).written();
        assert_eq!(open(1), "1 image is open already, as part of AX FLAIR.");
        assert_eq!(open(20), "20 images are open already, as part of AX FLAIR.");
    }

    #[test]
    fn bystanders_are_one_line() {
        let kinds = vec![("JSON".into(), 2), ("DICOMDIR".into(), 1)];
        assert_eq!(remark(&Remark::Bystanders { kinds }).written(), "3 other files left out (2 JSON, DICOMDIR).");
    }

    #[test]
    fn three_names_are_spelled_out() {
        let why = Why { english: "a localiser".into(), ..Why::default() };
        let left_out = |count| remark(&Remark::LeftOut { names: names(count), why: why.clone() }).written();
        assert_eq!(left_out(1), "Left out: IM1 (a localiser).");
        assert_eq!(left_out(5), "Left out: IM1, IM2, IM3 and 2 more (a localiser).");
    }

    #[test]
    fn a_label_is_said_with_its_study() {
        assert_eq!(label("seg.nii", "FLAIR", false, 0).written(), "Loaded seg.nii as the label of FLAIR.");
        assert!(label("seg.nii", "FLAIR", true, 0).written().contains("is back as the mask of FLAIR"));
        assert!(
            label("seg.nii", "FLAIR", false, 2).written().ends_with(
                "It fits 2 other open studies too: to use it there, show that study and drop the file again."
            )
        );
    }

    #[test]
    fn what_came_later_is_said_with_its_place() {
        let joined = |filled| remark(&Remark::Joined { study: "FLAIR".into(), names: names(1), filled }).written();
        assert_eq!(joined(vec![]), "IM1 is of the same examination as FLAIR and can be chosen as a sequence.");
        assert_eq!(joined(vec![2]), "FLAIR now has its post-contrast: IM1 is of the same examination.");
    }
}
