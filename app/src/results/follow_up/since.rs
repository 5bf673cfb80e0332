//! What changed since the study before, as a structured report has it: in English, as all files are.

use imaging::{
    MEASURABLE_MM, MEASURABLE_SLICES, MINOR_PERCENT, MOST_LESIONS, NEW_LESION_MARGIN_MM, NEW_LESION_ML,
    PARTIAL_PERCENT, PROGRESSION_PERCENT, Response, TimePoint,
};
use protocol::{Since, StudyId};

use super::figures::name_of;
use super::{NewLesions, Timeline};

impl Timeline {
    /// What changed from the study before to this one; none of the first. Without patient data it has no date.
    pub fn since(&self, study: StudyId, without_patient: bool) -> Option<Since> {
        let at = self.visits.iter().position(|visit| visit.study == study)?;
        let (visit, before) = (&self.visits[at], &self.visits[at.checked_sub(1)?]);
        let change = visit.change.as_ref()?;
        let points: Vec<TimePoint> = self.visits[..=at].iter().map(|visit| visit.point.clone()).collect();
        let new = visit.new_lesions.as_ref();
        let response = Response::of(&points, new.and_then(NewLesions::count))?;
        let velocity = change.velocity.as_ref().ok();
        let is_complete = visit.is_complete() && before.is_complete();
        let doubts = Doubts { is_complete, is_corrected: visit.corrected || before.corrected };
        Some(Since {
            date: before.point.day.filter(|_| !without_patient).map(|day| day.to_string().replace('-', "")),
            days: change.days,
            ml: change.ml,
            percent: change.percent,
            mean_diameter_mm: change.mean_diameter_mm,
            mm_per_year: velocity.map(|velocity| (velocity.mm_per_year, velocity.interval_mm_per_year)),
            product_percent: change.product_percent,
            new_lesions: new.and_then(|new| Some((new.count()?, new.ml()?))),
            response: said(&response, visit.point.targets, new, doubts),
        })
    }
}

/// What figures of two studies are to be taken with.
struct Doubts {
    /// Whether all slices of both are segmented.
    is_complete: bool,
    /// Whether a person corrected a mask of either.
    is_corrected: bool,
}

/// The class of response with what it goes by, and what that is.
fn said(response: &Response, counted: usize, new: Option<&NewLesions>, doubts: Doubts) -> String {
    let class = response.class.map_or("none, the first study has no lesion to compare with", name_of);
    let percent = |change: Option<f64>| change.map_or("unknown".to_owned(), |percent| format!("{percent:+.0} %"));
    let (first, least) = (percent(response.since_first_percent), percent(response.since_least_percent));
    let by_product = response.by_product.map_or("none", name_of);
    let by_lesions = match new.and_then(|new| Some((new.count()?, new.ml()?))) {
        Some((0, _)) => "none found".to_owned(),
        Some((count, ml)) => format!("{count}, {ml:.2} ml in all"),
        None => format!("not looked for, {}", new.and_then(NewLesions::why_not).unwrap_or("no study before")),
    };
    let measurable = match response.is_measurable {
        [true, true] => "",
        _ => " No lesion is large enough to be measurable.",
    };
    let incomplete = match doubts.is_complete {
        true => "",
        false => " Not all slices are segmented: figures are of those that are.",
    };
    let corrected = match doubts.is_corrected {
        false => "",
        true => " A person corrected masks: the intervals, which are those of the network's own, do not hold.",
    };
    format!(
        "Computed, no diagnosis: {class}. By the products of diameters of {counted} lesions at most: {by_product} ({first} \
         since the first study, {least} since the smallest). New \
         lesions: {by_lesions}.{measurable}{incomplete}{corrected} Criteria of RANO-LGG 2011, by the sum of the largest \
         products of measurable lesions (connected parts of the mask, {MOST_LESIONS} at most; what was measurable before \
         counts as well): complete response, no lesion left; partial response, sum down by {PARTIAL_PERCENT} % or more; minor \
         response, down by {MINOR_PERCENT} to {PARTIAL_PERCENT} %; progressive disease, up by {PROGRESSION_PERCENT} % or \
         more since it was smallest, or a new lesion (a part of the mask of {NEW_LESION_ML} ml or more that keeps more \
         than {NEW_LESION_MARGIN_MM} mm from the mask of the study before, once the two are registered); stable disease, \
         all else. Measurable: both diameters at least {MEASURABLE_MM} mm on at least {MEASURABLE_SLICES} slices. Not \
         assessed: enhancement, confirmation after four weeks, corticosteroids, the state of the patient. Source: doi \
         10.1093/noajnl/vdad118."
    )
}

#[cfg(test)]
mod tests {
    use imaging::NewLesion;

    use super::super::tests::{unregistered, visit};
    use super::super::{Visit, timeline};
    use super::*;

    fn visits() -> Vec<Visit> {
        vec![visit(1, Some("20240101"), 16.0), visit(2, Some("20250101"), 20.0), visit(3, Some("20260101"), 20.0)]
    }

    #[test]
    fn a_study_is_compared_with_the_one_before_it_and_the_first_with_none() {
        let found = unregistered(visits()).unwrap();
        assert_eq!(found.since(StudyId(1), false), None);
        assert_eq!(found.since(StudyId(9), false), None);
        let second = found.since(StudyId(2), false).unwrap();
        assert_eq!((second.date.as_deref(), second.days), (Some("20240101"), Some(366)));
        assert_eq!((second.ml, second.percent, second.product_percent), (4.0, Some(25.0), Some(25.0)));
        let (rate, [low, high]) = second.mm_per_year.unwrap();
        assert!(low < rate && rate < high && second.mean_diameter_mm > 0.0);
        assert!(second.response.contains("no diagnosis: progressive disease."), "{}", second.response);
        assert!(second.response.contains("not looked for, not registered"), "{}", second.response);
        let third = found.since(StudyId(3), true).unwrap();
        assert_eq!((third.date, third.days, third.ml), (None, Some(365), 0.0), "days and no date");
        assert!(third.response.contains("down by 50 % or more"), "{}", third.response);
    }

    #[test]
    fn new_lesions_are_said_with_their_volume() {
        let lesions = vec![NewLesion { volume_ml: 0.5, slice: 2 }, NewLesion { volume_ml: 0.25, slice: 4 }];
        let found = timeline(visits(), |_, _| NewLesions::Searched(lesions.clone())).unwrap();
        let third = found.since(StudyId(3), false).unwrap();
        assert_eq!(third.new_lesions, Some((2, 0.75)));
        assert!(third.response.contains("no diagnosis: progressive disease."), "{}", third.response);
        assert!(third.response.contains("New lesions: 2, 0.75 ml in all."), "{}", third.response);
    }

    #[test]
    fn what_is_not_segmented_as_a_whole_or_corrected_is_said_to_be_so() {
        let mut visits = visits();
        visits[0].segmented = [1, 4];
        visits[2].corrected = true;
        let found = unregistered(visits).unwrap();
        let says = |study, what: &str| found.since(StudyId(study), false).unwrap().response.contains(what);
        assert_eq!([2, 3].map(|study| says(study, "Not all slices")), [true, false]);
        assert_eq!([2, 3].map(|study| says(study, "A person corrected masks")), [false, true]);
    }
}
