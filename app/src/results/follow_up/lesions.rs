//! Lesions that a study has and the one before it has not, looked for where the two are registered.

use std::sync::Arc;

use imaging::{Marked, Mask, NewLesion, SpacingMm, new_lesions};
use leptos::prelude::*;
use protocol::{StudyId, StudyInfo};

use super::Visit;
use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::documents::oblique::{VoxelMotion, place};
use crate::documents::study::Study;
use crate::language::{Text, text};
use crate::results::links::Links;
use crate::results::written;

/// New lesions of a study, or why they were not looked for.
#[derive(Clone, Debug, PartialEq)]
pub enum NewLesions {
    /// The largest first.
    Searched(Vec<NewLesion>),
    /// Nobody knows what lies where.
    NotRegistered,
    /// What lies where is not sure.
    Unsure,
    /// Slices without an answer may hold what seems new.
    NotSegmented,
}

impl NewLesions {
    /// How many there are, if they were looked for.
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::Searched(lesions) => Some(lesions.len()),
            Self::NotRegistered | Self::Unsure | Self::NotSegmented => None,
        }
    }

    /// Their volume in all, if they were looked for.
    pub fn ml(&self) -> Option<f64> {
        match self {
            Self::Searched(lesions) => Some(lesions.iter().map(|lesion| lesion.volume_ml).sum()),
            Self::NotRegistered | Self::Unsure | Self::NotSegmented => None,
        }
    }

    /// Why they were not looked for, as files have it.
    pub fn why_not(&self) -> Option<&'static str> {
        match self {
            Self::Searched(_) => None,
            Self::NotRegistered => Some("not registered"),
            Self::Unsure => Some("registration not sure"),
            Self::NotSegmented => Some("not all slices segmented"),
        }
    }

    /// For people.
    pub fn written(&self) -> Text {
        match self {
            Self::Searched(lesions) if lesions.is_empty() => text!("new-lesions-none"),
            Self::Searched(lesions) => {
                text!("new-lesions-found", count = lesions.len(), volume = written::volume(0, self.ml()))
            }
            Self::NotRegistered => text!("new-lesions-not-registered"),
            Self::Unsure => text!("new-lesions-unsure"),
            Self::NotSegmented => text!("new-lesions-not-segmented"),
        }
    }
}

/// The search for new lesions in pairs of studies. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Search {
    documents: Documents,
    annotation: Annotation,
    links: Links,
    known: StoredValue<Known>,
}

/// What was found in each pair that was searched.
type Known = Vec<(Pair, Vec<NewLesion>)>;

/// What is searched: a study and a later one.
#[derive(Clone, Debug)]
struct Pair {
    studies: [StudyId; 2],
    /// Their masks, slice by slice.
    masks: [Vec<Option<Arc<Mask>>>; 2],
    /// From voxels of the later one to those of the earlier one.
    link: VoxelMotion,
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        let alike = |at: usize| pointers(&self.masks[at]).eq(pointers(&other.masks[at]));
        self.studies == other.studies && self.link == other.link && alike(0) && alike(1)
    }
}

pub(super) fn pointers(masks: &[Option<Arc<Mask>>]) -> impl Iterator<Item = Option<*const Mask>> {
    masks.iter().map(|mask| mask.as_ref().map(Arc::as_ptr))
}

impl Search {
    /// Nothing was searched.
    pub fn new(documents: Documents, annotation: Annotation, links: Links) -> Self {
        Self { documents, annotation, links, known: StoredValue::new(Vec::new()) }
    }

    /// The lesions of `after` that `before` has not. A pair is searched anew only where a mask of it or its link is another.
    pub fn between(self, before: &Visit, after: &Visit) -> NewLesions {
        let Some(link) = self.links.between(after.study, before.study) else { return NewLesions::NotRegistered };
        match link.registration {
            None => return NewLesions::NotRegistered,
            Some(registration) if !registration.sure => return NewLesions::Unsure,
            Some(_) => {}
        }
        if !(before.is_complete() && after.is_complete()) {
            return NewLesions::NotSegmented;
        }
        let studies = [before.study, after.study];
        let [Some(earlier), Some(later)] = studies.map(|study| self.documents.study(study)) else {
            return NewLesions::NotRegistered;
        };
        let masks = [&earlier, &later].map(|study| self.masks(study));
        let pair = Pair { studies, masks, link: link.voxels };
        let search = |pair: &Pair| {
            let [before, after] = &pair.masks;
            let (before, after) = (marked(&earlier.info, before)?, marked(&later.info, after)?);
            Some(new_lesions(&before, &after, |voxel| place(&pair.link, voxel)))
        };
        let found = self.known.try_update_value(|known| {
            known.retain(|(pair, _)| pair.studies.iter().all(|study| self.documents.study(*study).is_some()));
            once(known, pair, search)
        });
        found.flatten().map_or(NewLesions::NotRegistered, NewLesions::Searched)
    }

    fn masks(self, study: &Study) -> Vec<Option<Arc<Mask>>> {
        self.annotation
            .masks
            .with(|masks| study.slice_ids().map(|id| masks.get(&id).map(|found| found.mask.clone())).collect())
    }
}

/// What is new in a pair: as it was found before, or else searched now.
fn once(known: &mut Known, pair: Pair, search: impl FnOnce(&Pair) -> Option<Vec<NewLesion>>) -> Option<Vec<NewLesion>> {
    if let Some((_, found)) = known.iter().find(|(before, _)| *before == pair) {
        return Some(found.clone());
    }
    let found = search(&pair)?;
    known.retain(|(before, _)| before.studies != pair.studies);
    known.push((pair, found.clone()));
    Some(found)
}

/// What is marked in a study; none if its voxels have no size.
fn marked(info: &StudyInfo, masks: &[Option<Arc<Mask>>]) -> Option<Marked> {
    let spacing = SpacingMm::from(info.spacing_mm?);
    let mut voxels = Vec::new();
    for (slice, mask) in masks.iter().enumerate() {
        let Some(mask) = mask else { continue };
        let (width, pixels) = (mask.width(), mask.pixels());
        voxels.extend((0..pixels.len()).filter(|&at| pixels[at]).map(|at| [at % width, at / width, slice]));
    }
    let voxel_mm3 = info.voxel_mm3.unwrap_or(spacing.voxel_mm3());
    Some(Marked { voxels, size: info.size.into(), spacing, voxel_mm3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_looked_for_is_said_and_counted_by_nobody() {
        let lesion = |volume_ml| NewLesion { volume_ml, slice: 3 };
        let found = NewLesions::Searched(vec![lesion(0.5), lesion(0.25)]);
        assert_eq!((found.count(), found.ml(), found.why_not()), (Some(2), Some(0.75), None));
        let none = NewLesions::Searched(Vec::new());
        assert_eq!((none.count(), none.ml(), none.why_not()), (Some(0), Some(0.0), None));
        for why in [NewLesions::NotRegistered, NewLesions::Unsure, NewLesions::NotSegmented] {
            assert_eq!((why.count(), why.ml()), (None, None));
            assert!(why.why_not().is_some() && why.written().written().contains("not looked for"), "{why:?}");
        }
        assert!(found.written().written().contains("0.75 ml"), "{}", found.written());
    }
    #[test]
    fn a_pair_is_searched_anew_only_where_a_mask_or_its_link_is_another() {
        let mask = || Some(Arc::new(Mask::new(2, 1, vec![true, false])));
        let pair = |studies: [u32; 2], later: &Option<Arc<Mask>>, shift: f64| Pair {
            studies: studies.map(StudyId),
            masks: [vec![None], vec![later.clone()]],
            link: [shift; 12],
        };
        let mut known = Known::new();
        let mut searches = |pair: Pair| {
            let mut searched = false;
            let search = |_: &Pair| {
                searched = true;
                Some(Vec::new())
            };
            assert_eq!(once(&mut known, pair, search), Some(Vec::new()));
            searched
        };
        let [first, second] = [mask(), mask()];
        assert!(searches(pair([1, 2], &first, 0.0)));
        assert!(searches(pair([2, 3], &first, 0.0)), "another pair");
        assert!(!searches(pair([1, 2], &first, 0.0)));
        assert!(searches(pair([1, 2], &second, 0.0)), "another mask, be its pixels the same");
        assert!(!searches(pair([2, 3], &first, 0.0)), "the other pair's mask did not change");
        assert!(searches(pair([1, 2], &second, 1.0)), "registered anew");
        assert!(!searches(pair([1, 2], &second, 1.0)));
    }
}
