//! What is said of the probability that a slice holds tumour at all, beside the mask that is shown of it.

use crate::language::{Text, Value, text};

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The slice has tumour.
    Tumor,
    /// A person is to look at it.
    Unsure,
    /// No tumour was found on it.
    None,
}

impl Said {
    /// What to say of a presence beside a mask that marks something or nothing: never the opposite of what the mask shows.
    /// `borders` are the probabilities below which no tumour and from which tumour is said to be found.
    pub fn of(presence: f32, [none_below, tumor_from]: [f32; 2], marked: bool) -> Self {
        match marked {
            true if presence >= tumor_from => Self::Tumor,
            false if presence < none_below => Self::None,
            _ => Self::Unsure,
        }
    }

    /// The words.
    pub fn words(self) -> Text {
        match self {
            Self::Tumor => text!("presence-tumour"),
            Self::Unsure => text!("presence-unsure"),
            Self::None => text!("presence-none"),
        }
    }

    /// What a browser test reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tumor => "tumour",
            Self::Unsure => "unsure",
            Self::None => "none",
        }
    }
}

/// Shares beyond which no figure is given: the network is not that sure.
const CERTAIN: (f32, f32) = (0.01, 0.99);

/// The number, and what it says of a mask that shows the opposite; for those who ask.
pub fn told(presence: f32, marked: bool, corrected: bool) -> Text {
    let percent = |share: f32| Value::fixed(100.0 * share, 0);
    let share = match presence {
        presence if presence > CERTAIN.1 => text!("share-more", percent = percent(CERTAIN.1)),
        presence if presence < CERTAIN.0 => text!("share-less", percent = percent(CERTAIN.0)),
        presence => text!("share-exactly", percent = percent(presence)),
    };
    let likely = text!("presence-share", share);
    let beside = match (marked, presence >= 0.5, corrected) {
        (true, false, true) => text!("presence-drawn"),
        (false, true, true) => text!("presence-erased"),
        (true, false, false) => text!("presence-marked"),
        (false, true, false) => text!("presence-unmarked"),
        _ => return likely,
    };
    text!("two-sentences", first = likely, second = beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BORDERS: [f32; 2] = [0.1, 0.7];

    #[test]
    fn words_follow_the_borders() {
        let said = |presence, marked| Said::of(presence, BORDERS, marked);
        assert_eq!([0.7, 0.95, 1.0].map(|presence| said(presence, true)), [Said::Tumor; 3]);
        assert_eq!([0.0, 0.05, 0.0999].map(|presence| said(presence, false)), [Said::None; 3]);
        assert_eq!([0.1, 0.4, 0.6999].map(|presence| said(presence, true)), [Said::Unsure; 3]);
        assert_eq!([0.1, 0.4, 0.6999].map(|presence| said(presence, false)), [Said::Unsure; 3]);
    }

    #[test]
    fn no_word_contradicts_the_mask() {
        for presence in (0..=1000).map(|step| step as f32 / 1000.0) {
            assert_ne!(Said::of(presence, BORDERS, false), Said::Tumor, "{presence}");
            assert_ne!(Said::of(presence, BORDERS, true), Said::None, "{presence}");
        }
    }

    #[test]
    fn nobody_is_told_that_the_network_is_certain() {
        for presence in [0.991, 0.9996, 1.0] {
            assert!(told(presence, true, false).written().contains("more than 99 %"));
        }
        assert!(told(0.0, false, false).written().contains("less than 1 %"));
        assert!(told(0.906, true, false).written().ends_with("91 % likely."));
        assert!(told(0.2, true, true).written().ends_with("drawn by hand."));
    }
}
