//! What the catalog noted or refused, in words for the person who meets it.

use protocol::{Names, Problem, Remark};

use crate::words::counted;

/// Names of the sequences, in the network's order.
const SEQUENCES: [&str; 3] = ["pre-contrast", "FLAIR", "post-contrast"];

/// What was assumed or done differently than expected.
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::LeftOut { names, why } => format!("Left out: {} ({why}).", listed(names)),
        Remark::Bystanders { kinds } => {
            let files = kinds.iter().map(|(_, count)| count).sum();
            format!("{} left out ({}).", other_files(files), kinds_of(kinds))
        }
        Remark::Doubled { names } => {
            format!(
                "{} left out: the same images came twice ({}).",
                counted(names.count(), "doubled file"),
                listed(names)
            )
        }
        Remark::AlreadyOpen { count, study } => {
            let are = if *count == 1 { "is" } else { "are" };
            format!("{} {are} open already, as part of {study}.", counted(*count, "image"))
        }
        Remark::Odd { names, what } => format!("{}: {what}.", listed(names)),
        Remark::Joined { study, names, filled } => {
            let filled: Vec<&str> = filled.iter().filter_map(|&at| SEQUENCES.get(at).copied()).collect();
            match &filled[..] {
                [] => format!(
                    "{} can be chosen as a sequence of {study}, which is of the same examination.",
                    listed(names)
                ),
                filled => format!(
                    "{study} has its {} now: {} is of the same examination.",
                    filled.join(" and "),
                    listed(names)
                ),
            }
        }
        Remark::Assumed { name, what } => format!("{name}: {what}."),
        Remark::Many { name, volumes } => {
            format!("{name} holds {volumes} volumes. The first is open; choose another by its number beside the image.")
        }
        Remark::Halved { name } => {
            format!("{name} is very large: it is shown, and its mask saved, at half its width and height.")
        }
        Remark::NoOtherHead => {
            "There is no other head at that place. The network looks at the part in the frame.".into()
        }
    }
}

/// What was not done, and what to do.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Unreadable { name, why } => format!("{name}: {why}."),
        Problem::NothingToOpen { files, kinds } => format!(
            "None of the {} can be opened ({}). Drop DICOM or NIfTI files, a zip, or PNG, JPEG, WebP or TIFF images.",
            counted(*files, "file"),
            kinds_of(kinds)
        ),
        Problem::LabelWithoutStudy { name } => format!("{name}: open its study first, then drop it again."),
        Problem::LabelFitsNone { name, why } => format!("{name}: {why}. Open its study first, then drop it again."),
        Problem::Apart { why } | Problem::NoStack { why } => format!("{}.", capital(why)),
        Problem::NoSuchVolume { volumes } => {
            format!("There are {}: choose a number from 1 to {volumes}.", counted(*volumes, "volume"))
        }
        Problem::MaskSize => "The mask does not have the study's size. Reload the page.".into(),
        Problem::NotWritten { study, why } => format!("{study}: {why}."),
    }
}

/// Which study a label went to, and what to do if that was not meant.
pub fn label(name: &str, study: &str, own: bool, also_fits: usize) -> String {
    let said = if own {
        format!("{name} is back as the mask of {study}; undo takes it away.")
    } else {
        format!("Loaded {name} as the label of {study}.")
    };
    let others = match also_fits {
        0 => return said,
        1 => "It fits another open study too".to_owned(),
        others => format!("It fits {others} other open studies too"),
    };
    format!("{said} {others}: to use it there, show that study and drop the file again.")
}

/// What is said of pictures that look like the slices of one volume.
pub fn stackable(name: &str, slices: usize) -> String {
    format!("{name}: {} of one size, numbered like slices of one volume.", counted(slices, "picture"))
}

fn other_files(count: usize) -> String {
    if count == 1 { "1 other file".into() } else { format!("{count} other files") }
}

fn kinds_of(kinds: &[(String, usize)]) -> String {
    let kinds = kinds.iter().map(|(kind, count)| if *count == 1 { kind.clone() } else { format!("{count} {kind}") });
    kinds.collect::<Vec<_>>().join(", ")
}

/// The first few names, and how many there are besides.
fn listed(Names { first, more }: &Names) -> String {
    let named = first.join(", ");
    if *more > 0 { format!("{named} and {more} more") } else { named }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Names {
        (1..=count).map(|number| format!("IM{number}")).collect()
    }

    #[test]
    fn numbers_agree() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "slice")), ["0 slices", "1 slice", "2 slices"]);
        let open = |count| remark(&Remark::AlreadyOpen { count, study: "AX FLAIR".into() });
        assert_eq!(open(1), "1 image is open already, as part of AX FLAIR.");
        assert_eq!(open(20), "20 images are open already, as part of AX FLAIR.");
    }

    #[test]
    fn bystanders_are_one_line() {
        let kinds = vec![("JSON".into(), 2), ("DICOMDIR".into(), 1)];
        assert_eq!(remark(&Remark::Bystanders { kinds }), "3 other files left out (2 JSON, DICOMDIR).");
    }

    #[test]
    fn three_names_are_spelled_out() {
        let left_out = |count| remark(&Remark::LeftOut { names: names(count), why: "a localiser".into() });
        assert_eq!(left_out(1), "Left out: IM1 (a localiser).");
        assert_eq!(left_out(5), "Left out: IM1, IM2, IM3 and 2 more (a localiser).");
    }

    #[test]
    fn a_label_is_said_with_its_study() {
        assert_eq!(label("seg.nii", "FLAIR", false, 0), "Loaded seg.nii as the label of FLAIR.");
        assert!(label("seg.nii", "FLAIR", true, 0).contains("is back as the mask of FLAIR"));
        assert!(
            label("seg.nii", "FLAIR", false, 2).ends_with(
                "It fits 2 other open studies too: to use it there, show that study and drop the file again."
            )
        );
    }

    #[test]
    fn what_came_later_is_said_with_its_place() {
        let joined = |filled| remark(&Remark::Joined { study: "FLAIR".into(), names: names(1), filled });
        assert_eq!(joined(vec![]), "IM1 can be chosen as a sequence of FLAIR, which is of the same examination.");
        assert_eq!(joined(vec![2]), "FLAIR has its post-contrast now: IM1 is of the same examination.");
    }
}
