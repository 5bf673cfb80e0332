//! A timeline as files have it: rows for a spreadsheet, and JSON.

use imaging::ResponseClass;
use serde::Serialize;

use super::{NewLesions, Timeline, Visit};
use crate::results::measures::cell;

/// A timeline as files have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FollowUp {
    /// The studies, in the order of their days.
    pub studies: Vec<StudyFigures>,
    /// Growth of the mean diameter over all of them.
    pub mm_per_year: Option<f64>,
    /// The 95 % interval of that, by the error of masks that nobody corrected.
    pub mm_per_year_interval: Option<[f64; 2]>,
    /// The class by the product of diameters alone (RANO-LGG 2011), a figure and no diagnosis.
    pub rano_lgg_2011_by_product: Option<&'static str>,
    /// The class by new lesions since the study before, where there are any.
    pub rano_lgg_2011_by_new_lesions: Option<&'static str>,
}

/// A study of a timeline as files have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StudyFigures {
    /// Its name.
    pub name: String,
    /// When its images were made, as `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Days since the first study.
    pub days: Option<i64>,
    /// Marked volume.
    pub volume_ml: f64,
    /// Diameter of the sphere of equal volume.
    pub mean_diameter_mm: f64,
    /// The sum of the largest products of two diameters of the lesions that count.
    pub product_mm2: f64,
    /// How many lesions count at most.
    pub lesions_counted: usize,
    /// Change of the volume since the study before.
    pub change_ml: Option<f64>,
    /// The 95 % interval of that, by the error of masks that nobody corrected.
    pub change_ml_interval: Option<[f64; 2]>,
    /// The same in per cent.
    pub change_percent: Option<f64>,
    /// Change of the product in per cent.
    pub product_change_percent: Option<f64>,
    /// Growth of the mean diameter since the study before.
    pub mm_per_year: Option<f64>,
    /// Slices that have an answer as a whole.
    pub slices_segmented: usize,
    /// All slices.
    pub slices: usize,
    /// Whether a person corrected the mask of any: intervals do not hold of those.
    pub corrected: bool,
    /// Lesions that the study before has not, where they were looked for.
    pub new_lesions: Option<usize>,
    /// Their volume in all.
    pub new_lesions_ml: Option<f64>,
    /// Why they were not looked for.
    pub new_lesions_not_looked_for: Option<&'static str>,
}

impl Timeline {
    /// The timeline for files, with the names of its studies and without their dates where patient data is left out.
    pub fn figures(&self, name: impl Fn(&Visit) -> String, without_patient: bool) -> FollowUp {
        let first = self.visits.iter().find_map(|visit| visit.point.day);
        let study = |visit: &Visit| StudyFigures {
            name: name(visit),
            date: visit.date.clone().filter(|_| !without_patient),
            days: first.zip(visit.point.day).map(|(first, day)| first.days_until(day)),
            volume_ml: visit.point.volume_ml,
            mean_diameter_mm: visit.point.mean_diameter_mm(),
            product_mm2: visit.point.product_mm2(),
            lesions_counted: visit.point.targets,
            change_ml: visit.change.as_ref().map(|change| change.ml),
            change_ml_interval: visit.change.as_ref().map(|change| change.interval_ml),
            change_percent: visit.change.as_ref().and_then(|change| change.percent),
            product_change_percent: visit.change.as_ref().and_then(|change| change.product_percent),
            mm_per_year: visit.change.as_ref().and_then(|change| Some(change.velocity.as_ref().ok()?.mm_per_year)),
            slices_segmented: visit.segmented[0],
            slices: visit.segmented[1],
            corrected: visit.corrected,
            new_lesions: visit.new_lesions.as_ref().and_then(NewLesions::count),
            new_lesions_ml: visit.new_lesions.as_ref().and_then(NewLesions::ml),
            new_lesions_not_looked_for: visit.new_lesions.as_ref().and_then(NewLesions::why_not),
        };
        let velocity = self.velocity.as_ref().ok();
        FollowUp {
            studies: self.visits.iter().map(study).collect(),
            mm_per_year: velocity.map(|velocity| velocity.mm_per_year),
            mm_per_year_interval: velocity.map(|velocity| velocity.interval_mm_per_year),
            rano_lgg_2011_by_product: self.response.as_ref().and_then(|response| response.by_product).map(name_of),
            rano_lgg_2011_by_new_lesions: self
                .response
                .as_ref()
                .filter(|response| response.new_lesions.is_some_and(|count| count > 0))
                .and_then(|response| response.class)
                .map(name_of),
        }
    }
}

/// A class as files have it.
pub(super) fn name_of(class: ResponseClass) -> &'static str {
    match class {
        ResponseClass::Complete => "complete response",
        ResponseClass::Partial => "partial response",
        ResponseClass::Minor => "minor response",
        ResponseClass::Stable => "stable disease",
        ResponseClass::Progressive => "progressive disease",
    }
}

impl FollowUp {
    /// A table for a spreadsheet, one row a study.
    pub fn csv(&self) -> String {
        let mut csv = String::from(
            "study,date,days,volume_ml,mean_diameter_mm,product_mm2,lesions_counted,change_ml,change_ml_low,\
             change_ml_high,change_percent,product_change_percent,mm_per_year,slices_segmented,slices,corrected,\
             new_lesions,new_lesions_ml,new_lesions_not_looked_for\n",
        );
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.2}"));
        for study in &self.studies {
            csv += &format!(
                "{},{},{},{:.3},{:.2},{:.1},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                cell(&study.name),
                study.date.as_deref().unwrap_or_default(),
                study.days.map_or(String::new(), |days| days.to_string()),
                study.volume_ml,
                study.mean_diameter_mm,
                study.product_mm2,
                study.lesions_counted,
                number(study.change_ml),
                number(study.change_ml_interval.map(|[low, _]| low)),
                number(study.change_ml_interval.map(|[_, high]| high)),
                number(study.change_percent),
                number(study.product_change_percent),
                number(study.mm_per_year),
                study.slices_segmented,
                study.slices,
                study.corrected,
                study.new_lesions.map_or(String::new(), |count| count.to_string()),
                study.new_lesions_ml.map_or(String::new(), |ml| format!("{ml:.3}")),
                study.new_lesions_not_looked_for.unwrap_or_default(),
            );
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use imaging::NewLesion;

    use super::super::tests::{unregistered, visit};
    use super::super::timeline;
    use super::*;

    #[test]
    fn files_have_days_and_no_dates_where_patient_data_is_left_out() {
        let dated = |study, date: &str, ml| Visit { date: Some(date.into()), ..visit(study, Some(date), ml) };
        let found = unregistered(vec![dated(1, "2024-01-01", 16.0), dated(2, "2025-01-01", 20.0)]).unwrap();
        let name = |visit: &Visit| format!("study-{}", visit.study.0);
        let csv = found.figures(name, false).csv();
        let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{csv}");
        assert_eq!(rows[2][..4], ["\"study-2\"", "2025-01-01", "366", "20.000"]);
        assert_eq!([rows[2][7], rows[2][10]], ["4.00", "25.00"]);
        // 1.96 · 0.15 · √(16² + 20²) ml to either side.
        assert_eq!(rows[2][8..10], ["-3.53", "11.53"]);
        assert_eq!([rows[2][6], rows[2][15]], ["1", "false"]);
        let json = serde_json::to_string(&found.figures(name, true)).unwrap();
        assert!(!json.contains("2025") && json.contains("\"days\":366") && json.contains("progressive"), "{json}");
    }
    #[test]
    fn files_say_how_many_lesions_are_new_or_why_nobody_looked() {
        let name = |visit: &Visit| format!("study-{}", visit.study.0);
        let visits = || vec![visit(1, None, 20.0), visit(2, None, 20.0)];
        let lesions = vec![NewLesion { volume_ml: 0.25, slice: 3 }, NewLesion { volume_ml: 0.125, slice: 5 }];
        let found = timeline(visits(), |_, _| NewLesions::Searched(lesions.clone())).unwrap().figures(name, false);
        assert_eq!(found.rano_lgg_2011_by_product, Some("stable disease"));
        assert_eq!(found.rano_lgg_2011_by_new_lesions, Some("progressive disease"));
        assert!(found.csv().trim_end().ends_with(",2,0.375,"), "{}", found.csv());
        let unknown = unregistered(visits()).unwrap().figures(name, false);
        assert_eq!(unknown.rano_lgg_2011_by_new_lesions, None);
        assert_eq!(unknown.studies[0].new_lesions_not_looked_for, None, "there is none before the first");
        assert_eq!(unknown.studies[1].new_lesions, None);
        assert!(unknown.csv().trim_end().ends_with(",,,not registered"), "{}", unknown.csv());
    }
}
