//! What the catalog noted or refused, as sentences for a table.

use protocol::{Names, Problem, Remark};

/// The page's texts, whose words are used where it says the same.
const PAGE: &str = include_str!("../../app/locales/en.ftl");

/// The page's sentence of this key, without values.
pub fn of_page(key: &str) -> &'static str {
    let line = PAGE.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
    line.map_or("", str::trim)
}

/// What was assumed or done differently than expected; nothing where it is of no matter for a mask.
pub fn remark(remark: &Remark) -> Option<String> {
    Some(match remark {
        Remark::LeftOut { names, why } => format!("left out: {} ({why})", listed(names)),
        Remark::Doubled { names } => format!("left out, since they came twice: {}", listed(names)),
        Remark::Odd { names, what } => format!("{}: {what}", listed(names)),
        Remark::Assumed { name, what } => format!("{name}: {what}"),
        Remark::Many { name, volumes } => format!("{name} has {volumes} volumes, of which the first was used"),
        Remark::Bystanders { .. }
        | Remark::AlreadyOpen { .. }
        | Remark::Joined { .. }
        | Remark::Halved { .. }
        | Remark::NoOtherHead => return None,
    })
}

/// What was not done.
pub fn problem(problem: &Problem) -> Option<String> {
    Some(match problem {
        Problem::Unreadable { name, why } => format!("{name}: {why}"),
        Problem::NothingToOpen { .. } => "nothing in it can be segmented".into(),
        Problem::Apart { why } | Problem::NoStack { why } => why.english.clone(),
        Problem::NotWritten { study, why } => format!("{study}: {why}"),
        Problem::LabelWithoutStudy { .. }
        | Problem::LabelFitsNone { .. }
        | Problem::NoSuchVolume { .. }
        | Problem::SessionNotWritten { .. }
        | Problem::NoSurface { .. }
        | Problem::SessionDamaged { .. }
        | Problem::SessionNewer { .. }
        | Problem::MaskSize => return None,
    })
}

fn listed(Names { first, more }: &Names) -> String {
    let names = first.join(", ");
    if *more > 0 { format!("{names} and {more} more") } else { names }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_are_said_in_the_page_s_words() {
        assert!(of_page("doubt-no-flair").starts_with("No FLAIR in this study."));
        assert!(of_page("doubt-no-head-study").contains("axial MR slices of a head"));
        assert!(of_page("sequence-guessed").contains("FLAIR"));
    }
}
