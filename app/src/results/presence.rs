//! What is said of the probability that a slice holds tumour at all, beside the mask that is shown of it.

/// Probability from which a slice rather holds tumour than not.
const LIKELY: f32 = 0.5;
/// Shares beyond which no figure is given: the network is not that sure.
const CERTAIN: (f32, f32) = (0.01, 0.99);

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A share that the mask does not contradict.
    Share(String),
    /// That mask and network disagree, and what to do.
    Doubt(&'static str),
}

/// What to say of a presence beside a mask that marks something or nothing, corrected by a person or not.
pub fn said(presence: f32, marked: bool, corrected: bool) -> Said {
    match (marked, presence >= LIKELY, corrected) {
        (true, false, false) => Said::Doubt("Marked although the network thinks it unlikely: check this slice"),
        (false, true, false) => Said::Doubt("Nothing marked although the network suspects tumour: check this slice"),
        (true, false, true) => Said::Doubt("Marked by hand; the network thinks it unlikely"),
        (false, true, true) => Said::Doubt("Erased by hand; the network suspects tumour"),
        _ => Said::Share(share(presence)),
    }
}

fn share(presence: f32) -> String {
    match presence {
        presence if presence > CERTAIN.1 => "> 99 %".into(),
        presence if presence < CERTAIN.0 => "< 1 %".into(),
        presence => format!("{:.0} %", 100.0 * presence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_that_the_network_is_certain() {
        for presence in [0.991, 0.9996, 1.0] {
            assert_eq!(said(presence, true, false), Said::Share("> 99 %".into()));
        }
        assert_eq!(said(0.99, true, false), Said::Share("99 %".into()));
        assert_eq!(said(0.0, false, false), Said::Share("< 1 %".into()));
        assert_eq!(said(0.906, true, false), Said::Share("91 %".into()));
    }

    #[test]
    fn no_figure_contradicts_the_mask() {
        for step in 0..=1000 {
            let presence = step as f32 / 1000.0;
            for (marked, corrected) in [(true, false), (true, true), (false, false), (false, true)] {
                let doubtful = marked != (presence >= LIKELY);
                let said = said(presence, marked, corrected);
                assert_eq!(matches!(said, Said::Doubt(_)), doubtful, "{presence}, marked {marked}: {said:?}");
            }
        }
    }
}
