//! What is odd about a series that is opened all the same.

use study::SeriesWarning;

use super::{Explained, Values, bare, count, tenths, word};

impl Explained for SeriesWarning {
    fn key(&self) -> (&'static str, Values) {
        let some = |key, files: &usize, first: &String| (key, vec![count("count", *files), word("first", first)]);
        match self {
            Self::Mixed(volumes) => ("odd-mixed", vec![count("count", *volumes)]),
            Self::Localisers(names) => {
                ("odd-localisers", vec![count("count", names.len()), word("names", names.join(", "))])
            }
            Self::Doubled { count, first } => some("odd-doubled", count, first),
            Self::OnePlace(images) => ("odd-one-place", vec![count("count", *images)]),
            Self::Turning(images) => ("odd-turning", vec![count("count", *images)]),
            Self::Repeated(images) => ("odd-repeated", vec![count("count", *images)]),
            Self::Lost { count, first } => some("odd-lost", count, first),
            Self::Duplicates { count, first } => some("odd-duplicates", count, first),
            Self::Gap { after, before, gap_mm, step_mm } => {
                let key = if self.lacks_slices() { "odd-gap" } else { "odd-uneven" };
                let ends = vec![word("after", after), word("before", before)];
                (key, ends.into_iter().chain([tenths("gap", *gap_mm), tenths("step", *step_mm)]).collect())
            }
            Self::NoPlace => bare("odd-no-place"),
            Self::NoSpacing => bare("odd-no-spacing"),
            Self::FormsDisagree { apart_mm, mirrored } => {
                (if *mirrored { "odd-forms-mirrored" } else { "odd-forms" }, vec![tenths("mm", *apart_mm)])
            }
            Self::SformUnusable => bare("odd-sform"),
            Self::AnalyzeSides => bare("odd-analyze"),
            Self::FirstOf(volumes) => ("odd-first-of", vec![count("count", *volumes)]),
            Self::PagesLeftOut { thumbnails, masks, other_sizes } => {
                ("odd-pages", vec![count("count", thumbnails + masks + other_sizes)])
            }
            Self::MissingNumbers { count: missing, first } => {
                let numbers = first.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                ("odd-missing-numbers", vec![count("count", *missing), word("numbers", numbers)])
            }
            Self::NotFinite(values) => ("odd-not-finite", vec![count("count", *values)]),
            Self::Outliers(values) => ("odd-outliers", vec![count("count", *values)]),
        }
    }
}
