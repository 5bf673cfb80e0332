//! Several studies of one patient as a timeline: volumes, products of diameters, growth and the classes that follow from them.

mod figures;
mod lesions;
mod parts;
mod patients;
mod since;

use std::sync::Arc;

use imaging::{Change, Day, NoRate, Response, TimePoint, Velocity, in_order};
use leptos::prelude::*;
use protocol::{FileId, StudyId, StudyInfo};

use super::Results;
use crate::language;
pub use figures::{FollowUp, StudyFigures};
pub use lesions::NewLesions;
use lesions::Search;
pub use patients::Patients;

/// One standard deviation of a volume by the network's own masks, as a share of it: of the tuning patients' volumes against their
/// labels (`docs/figures.md`, Follow-up). That of masks that a person corrected is not known, which is said.
const VOLUME_ERROR: f64 = 0.34;

/// A study of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// Which.
    pub study: StudyId,
    /// What it is called.
    pub name: String,
    /// When its images were made, as `YYYY-MM-DD` where that is a day.
    pub date: Option<String>,
    /// Whether its files say so; otherwise a person may.
    pub dated: bool,
    /// Its figures.
    pub point: TimePoint,
    /// Slices that have an answer as a whole, and all.
    pub segmented: [usize; 2],
    /// Whether a person corrected the mask of any.
    pub corrected: bool,
    /// Distance of slices.
    pub slice_mm: f64,
    /// What changed since the study before; none of the first.
    pub change: Option<Change>,
    /// Lesions that the study before has not; none of the first.
    pub new_lesions: Option<NewLesions>,
}

impl Visit {
    /// Its date, or else what it is called.
    pub fn shown_name(&self) -> String {
        self.date.as_ref().map_or_else(|| self.name.clone(), |date| language::date(date))
    }

    /// Whether every slice has an answer.
    pub fn is_complete(&self) -> bool {
        self.segmented[0] == self.segmented[1]
    }
}

/// The studies of a patient, in the order of their days.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The studies, two or more.
    pub visits: Vec<Visit>,
    /// How fast the tumour grows over all of them, or why that is not said.
    pub velocity: Result<Velocity, NoRate>,
    /// The figures of the last one's class.
    pub response: Option<Response>,
}

impl Timeline {
    /// Whether every study is segmented as a whole, without which figures say little.
    pub fn is_complete(&self) -> bool {
        self.visits.iter().all(Visit::is_complete)
    }

    /// Whether a person corrected a mask, of which the intervals do not hold.
    pub fn is_corrected(&self) -> bool {
        self.visits.iter().any(|visit| visit.corrected)
    }
}

impl Results {
    /// The studies of the patient on screen, in the order of their days; none as long as there is one.
    pub fn timeline(self) -> Option<Arc<Timeline>> {
        self.timeline.or_make(|| of_patient(self)).get()
    }
}

fn of_patient(results: Results) -> Memo<Option<Arc<Timeline>>> {
    let Results { documents, annotation, computed, patients, links, .. } = results;
    let parts = parts::Parts::new(documents, annotation, computed);
    let search = Search::new(documents, annotation, links);
    Memo::new(move |_| {
        let here = patients.here();
        if here.len() < 2 {
            return None;
        }
        let visit = |info: &StudyInfo| {
            let (date, dated) = patients.date(info);
            let slices = (0..info.size[2] as u32).map(|at| FileId(info.first.0 + at));
            let segmented = slices.clone().filter(|&file| annotation.is_segmented(file)).count();
            let corrected = slices.clone().any(|file| annotation.is_corrected(file));
            let spacing = info.spacing_mm?;
            let in_plane = [spacing[0], spacing[1]];
            let areas: Vec<f64> =
                slices.clone().map(|file| annotation.area_px(file) as f64 * in_plane[0] * in_plane[1]).collect();
            let lesions = parts.lesions(&slices.collect::<Vec<FileId>>(), in_plane);
            let voxels: f64 = areas.iter().sum::<f64>() / (in_plane[0] * in_plane[1]);
            let volume_ml = voxels * info.voxel_mm3.unwrap_or(spacing.iter().product()) / 1000.0;
            let day = date.as_deref().and_then(Day::parse);
            let point = TimePoint::of_lesions(volume_ml, areas, lesions, day, VOLUME_ERROR);
            Some(Visit {
                study: info.study,
                name: info.name.clone(),
                date,
                dated,
                point,
                segmented: [segmented, info.size[2]],
                corrected,
                slice_mm: spacing[2],
                change: None,
                new_lesions: None,
            })
        };
        let visits: Vec<Visit> = documents.studies.with(|studies| {
            studies
                .iter()
                .filter(|study| here.contains(&study.info.study))
                .filter_map(|study| visit(&study.info))
                .collect()
        });
        timeline(visits, |before, after| search.between(before, after)).map(Arc::new)
    })
}

/// Studies in the order of their days, with what changed from each to the next, and the lesions that are new there; none of
/// fewer than two.
fn timeline(visits: Vec<Visit>, new_lesions: impl Fn(&Visit, &Visit) -> NewLesions) -> Option<Timeline> {
    if visits.len() < 2 {
        return None;
    }
    let order = in_order(&visits.iter().map(|visit| visit.point.clone()).collect::<Vec<_>>());
    let mut visits: Vec<Visit> = order.into_iter().map(|at| visits[at].clone()).collect();
    let mut points: Vec<TimePoint> = visits.iter().map(|visit| visit.point.clone()).collect();
    TimePoint::count_alike(&mut points);
    visits.iter_mut().zip(&points).for_each(|(visit, point)| visit.point = point.clone());
    for at in 1..visits.len() {
        visits[at].change = Some(Change::between(&visits[at - 1].point, &visits[at].point));
        visits[at].new_lesions = Some(new_lesions(&visits[at - 1], &visits[at]));
    }
    let new = visits.last().and_then(|visit| visit.new_lesions.as_ref()?.count());
    Some(Timeline { velocity: Velocity::of(&points), response: Response::of(&points, new), visits })
}

#[cfg(test)]
pub(super) mod tests {
    use imaging::{Lesion, NewLesion, ResponseClass};

    use super::*;

    pub(in crate::results::follow_up) fn visit(study: u32, date: Option<&str>, ml: f64) -> Visit {
        let lesion = Lesion { slice: 0, diameters_mm: [ml, 10.0], measurable_slices: 2 };
        let point = TimePoint::of_lesions(ml, vec![ml * 200.0], vec![lesion], date.and_then(Day::parse), 0.15);
        Visit {
            study: StudyId(study),
            name: String::new(),
            date: None,
            dated: true,
            point,
            segmented: [1, 1],
            corrected: false,
            slice_mm: 5.0,
            change: None,
            new_lesions: None,
        }
    }

    pub(in crate::results::follow_up) fn unregistered(visits: Vec<Visit>) -> Option<Timeline> {
        timeline(visits, |_, _| NewLesions::NotRegistered)
    }

    #[test]
    fn studies_stand_in_the_order_of_their_days_each_with_its_change() {
        let found = unregistered(vec![visit(1, Some("20250101"), 20.0), visit(2, Some("20240101"), 16.0)]).unwrap();
        assert_eq!(found.visits.iter().map(|visit| visit.study.0).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(found.visits[0].change, None);
        let change = found.visits[1].change.as_ref().unwrap();
        assert_eq!((change.ml, change.percent, change.days), (4.0, Some(25.0), Some(366)));
        assert!(found.velocity.is_ok() && found.is_complete());
        assert_eq!(unregistered(vec![visit(1, None, 1.0)]), None);
    }

    #[test]
    fn a_new_lesion_of_the_last_study_decides_its_class_and_others_do_not() {
        let lesion = NewLesion { volume_ml: 0.2, slice: 1 };
        let of = |found: u32| {
            let visits = vec![
                visit(1, Some("20230101"), 20.0),
                visit(2, Some("20240101"), 20.0),
                visit(3, Some("20250101"), 20.0),
            ];
            let new = move |_: &Visit, after: &Visit| {
                NewLesions::Searched(if after.study.0 == found { vec![lesion] } else { Vec::new() })
            };
            timeline(visits, new).unwrap()
        };
        let class = |found: &Timeline| found.response.as_ref().and_then(|response| response.class);
        assert_eq!(class(&of(3)), Some(ResponseClass::Progressive));
        assert_eq!(class(&of(2)), Some(ResponseClass::Stable), "that of the last study");
        assert_eq!(of(2).visits[1].new_lesions.as_ref().and_then(NewLesions::count), Some(1));
        assert_eq!(of(3).visits[0].new_lesions, None, "before the first there is none");
        let unknown = unregistered(vec![visit(1, None, 20.0), visit(2, None, 20.0)]).unwrap();
        assert_eq!(unknown.visits[1].new_lesions, Some(NewLesions::NotRegistered));
        assert_eq!(class(&unknown), Some(ResponseClass::Stable));
    }

    #[test]
    fn without_days_there_is_no_rate() {
        let found = unregistered(vec![visit(1, None, 20.0), visit(2, Some("20240101"), 16.0)]).unwrap();
        assert_eq!(found.velocity, Err(NoRate::DateMissing));
    }
}
