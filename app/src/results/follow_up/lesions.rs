//! Lesions that a study has and the one before it has not, looked for where the two are registered.

use imaging::{Marked, NewLesion, SpacingMm, new_lesions};
use leptos::prelude::With;
use protocol::StudyId;

use super::Visit;
use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::documents::oblique::place;
use crate::language::{Text, text};
use crate::results::links::Links;
use crate::results::written;

/// New lesions of a study, or why they were not looked for.
#[derive(Clone, Debug, PartialEq)]
pub enum NewLesions {
    /// The largest first.
    Found(Vec<NewLesion>),
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
            Self::Found(lesions) => Some(lesions.len()),
            Self::NotRegistered | Self::Unsure | Self::NotSegmented => None,
        }
    }

    /// Their volume in all, if they were looked for.
    pub fn ml(&self) -> Option<f64> {
        match self {
            Self::Found(lesions) => Some(lesions.iter().map(|lesion| lesion.volume_ml).sum()),
            Self::NotRegistered | Self::Unsure | Self::NotSegmented => None,
        }
    }

    /// Why they were not looked for, as files have it.
    pub fn why_not(&self) -> Option<&'static str> {
        match self {
            Self::Found(_) => None,
            Self::NotRegistered => Some("not registered"),
            Self::Unsure => Some("registration not sure"),
            Self::NotSegmented => Some("not all slices segmented"),
        }
    }

    /// For people.
    pub fn written(&self) -> Text {
        match self {
            Self::Found(lesions) if lesions.is_empty() => text!("new-lesions-none"),
            Self::Found(lesions) => {
                text!("new-lesions-found", count = lesions.len(), volume = written::volume(0, self.ml()))
            }
            Self::NotRegistered => text!("new-lesions-not-registered"),
            Self::Unsure => text!("new-lesions-unsure"),
            Self::NotSegmented => text!("new-lesions-not-segmented"),
        }
    }
}

/// The lesions of `after` that `before` has not.
pub(super) fn between(
    documents: Documents,
    annotation: Annotation,
    links: Links,
    before: &Visit,
    after: &Visit,
) -> NewLesions {
    let Some(link) = links.between(after.study, before.study) else { return NewLesions::NotRegistered };
    match link.registration {
        None => return NewLesions::NotRegistered,
        Some(registration) if !registration.sure => return NewLesions::Unsure,
        Some(_) => {}
    }
    if !(before.is_complete() && after.is_complete()) {
        return NewLesions::NotSegmented;
    }
    let marked = |visit: &Visit| marked(documents, annotation, visit.study);
    let (Some(before), Some(after)) = (marked(before), marked(after)) else { return NewLesions::NotRegistered };
    NewLesions::Found(new_lesions(&before, &after, |voxel| place(&link.voxels, voxel)))
}

/// What is marked in a study; none if it is closed or its voxels have no size.
fn marked(documents: Documents, annotation: Annotation, study: StudyId) -> Option<Marked> {
    let study = documents.study(study)?;
    let spacing = SpacingMm::from(study.info.spacing_mm?);
    let mut voxels = Vec::new();
    annotation.masks.with(|masks| {
        for (slice, id) in study.slice_ids().enumerate() {
            let Some(found) = masks.get(&id).filter(|found| found.area_px > 0) else { continue };
            let width = found.mask.width();
            let marked = found.mask.pixels().iter().enumerate().filter(|(_, marked)| **marked);
            voxels.extend(marked.map(|(at, _)| [at % width, at / width, slice]));
        }
    });
    let voxel_mm3 = study.info.voxel_mm3.unwrap_or(spacing.voxel_mm3());
    Some(Marked { voxels, size: study.info.size.into(), spacing, voxel_mm3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_looked_for_is_said_and_counted_by_nobody() {
        let lesion = |volume_ml| NewLesion { volume_ml, slice: 3 };
        let found = NewLesions::Found(vec![lesion(0.5), lesion(0.25)]);
        assert_eq!((found.count(), found.ml(), found.why_not()), (Some(2), Some(0.75), None));
        let none = NewLesions::Found(Vec::new());
        assert_eq!((none.count(), none.ml(), none.why_not()), (Some(0), Some(0.0), None));
        for why in [NewLesions::NotRegistered, NewLesions::Unsure, NewLesions::NotSegmented] {
            assert_eq!((why.count(), why.ml()), (None, None));
            assert!(why.why_not().is_some() && why.written().written().contains("not looked for"), "{why:?}");
        }
        assert!(found.written().written().contains("0.75 ml"), "{}", found.written());
    }
}
