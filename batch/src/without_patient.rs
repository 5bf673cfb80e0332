//! Rows with patient data into rows without: figures and the program's own words stay, names, dates, paths and what readers say of
//! files go.

use crate::record::Row;
use crate::words;

/// What stands for the names of series: pre-contrast, FLAIR and post-contrast.
const SERIES: [&str; 3] = ["pre-contrast", "FLAIR", "post-contrast"];
/// What stands for a problem that may name somebody.
const WHY: &str = "the run said why on its error stream";
/// What stands for remarks that may.
const MORE: &str = "the run said more on its error stream";
/// How the program's own sentences begin that name nobody, beside those of the page.
const NO_DICOM: &str = "no DICOM ";

/// Whether a sentence may hold a name: all but a few of the program's own may.
pub fn may_name(sentence: &str) -> bool {
    let of_page = ["doubt-no-flair", "doubt-no-head-study", "sequence-guessed"].map(words::of_page);
    let mut own = of_page.into_iter().chain([NO_DICOM]).filter(|own| !own.is_empty());
    !own.any(|own| sentence.starts_with(own))
}

/// The row without patient data.
pub fn row(row: Row) -> Row {
    let named = |at: usize| row.series[at].as_ref().map(|_| SERIES[at].to_owned());
    let problem = match row.problem.is_empty() || !may_name(&row.problem) {
        true => row.problem.clone(),
        false => WHY.into(),
    };
    let mut remarks: Vec<String> = row.remarks.iter().filter(|remark| !may_name(remark)).cloned().collect();
    if remarks.len() < row.remarks.len() {
        remarks.push(MORE.into());
    }
    Row { source: String::new(), date: None, series: [0, 1, 2].map(named), problem, remarks, ..row }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;

    #[test]
    fn figures_and_own_words_stay_and_names_go() {
        let guessed = words::of_page("sequence-guessed").to_owned();
        let with = Row {
            study: "study-1".into(),
            source: "/data/doe".into(),
            date: Some("2024-03-17".into()),
            series: [None, Some("AX FLAIR OF JANE".into()), Some("T1 OF JANE".into())],
            voxels: Some(7),
            remarks: vec!["doe.nii: odd".into(), guessed.clone(), "doe2.nii: odd".into()],
            status: Status::Done,
            ..Row::default()
        };
        let without = row(with.clone());
        assert_eq!((without.study.as_str(), without.source.as_str(), &without.date), ("study-1", "", &None));
        assert_eq!(without.series, [None, Some("FLAIR".to_owned()), Some("post-contrast".into())]);
        assert_eq!((without.voxels, without.status, without.problem.as_str()), (Some(7), Status::Done, ""));
        assert_eq!(without.remarks, [guessed, MORE.to_owned()]);
        let problem = |problem: String| row(Row { problem, ..with.clone() }).problem;
        assert_eq!(problem("sub-doe has 2 FLAIR volumes".into()), WHY);
        let doubt = format!("{} (--anyway segments it all the same)", words::of_page("doubt-no-flair"));
        assert_eq!(problem(doubt.clone()), doubt);
    }
}
