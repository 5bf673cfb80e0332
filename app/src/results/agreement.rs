//! Masks of a whole study against its labels: one figure for the volume.

use std::sync::Arc;

use imaging::{Mask, Overlap};
use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::documents::Documents;

/// Mask and label of a slice, as far as it has them.
type Pair = (Option<Arc<Mask>>, Option<Arc<Mask>>);

/// What a slice adds. It is counted anew only where its mask or label is another.
#[derive(Clone, Debug)]
struct Part {
    mask: Arc<Mask>,
    label: Arc<Mask>,
    overlap: Overlap,
}

impl Part {
    fn is_of(&self, mask: &Arc<Mask>, label: &Arc<Mask>) -> bool {
        Arc::ptr_eq(&self.mask, mask) && Arc::ptr_eq(&self.label, label)
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.is_of(&other.mask, &other.label)
    }
}

/// The mask of the study on screen against its label, voxel by voxel; none while a labelled slice has no answer.
pub(super) fn of_study(documents: Documents, annotation: Annotation) -> Memo<Option<Overlap>> {
    let parts = Memo::new(move |before: Option<&Option<Vec<Part>>>| {
        let study = documents.study_on_screen().filter(|study| study.slices() > 1)?;
        let slices = study.slice_ids().map(|id| {
            let mask = || annotation.masks.with(|masks| Some(masks.get(&id)?.mask.clone()));
            (mask().filter(|_| annotation.is_segmented(id)), documents.label_of(id))
        });
        counted(slices, before.and_then(Option::as_deref).unwrap_or_default())
    });
    Memo::new(move |_| {
        parts.with(|parts| {
            let mut sum = Overlap::default();
            parts.as_ref()?.iter().for_each(|part| sum += part.overlap);
            Some(sum)
        })
    })
}

/// What each labelled slice adds; nothing if none is labelled, or if one has no mask, or none that fits.
fn counted(slices: impl Iterator<Item = Pair>, before: &[Part]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for (mask, label) in slices {
        let Some(label) = label else { continue };
        let mask = mask?;
        // They come in the same order each time, so the one to look at is at the same place.
        let known = before.get(parts.len()).filter(|part| part.is_of(&mask, &label));
        let overlap = match known {
            Some(part) => part.overlap,
            None => Overlap::between(&mask, &label).ok()?,
        };
        parts.push(Part { mask, label, overlap });
    }
    (!parts.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(row: &str) -> Option<Arc<Mask>> {
        Some(Arc::new(Mask::new(row.len(), 1, row.chars().map(|c| c == '#').collect())))
    }

    fn dice(slices: Vec<Pair>) -> Option<f64> {
        let mut sum = Overlap::default();
        counted(slices.into_iter(), &[])?.iter().for_each(|part| sum += part.overlap);
        sum.dice()
    }

    #[test]
    fn voxels_of_all_slices_are_counted_together() {
        // 2 of 3 and 3, 0 of 0 and 1, none of none: 2 · 2 / (3 + 4), not a mean of slices.
        let slices = vec![(mask("###."), mask(".###")), (mask("...."), mask("#...")), (mask("...."), mask("...."))];
        assert_eq!(dice(slices), Some(4.0 / 7.0));
    }

    #[test]
    fn slices_without_a_label_do_not_count_and_those_without_a_mask_have_to_come_first() {
        assert_eq!(dice(vec![(mask("##"), mask("##")), (mask("##"), None), (None, None)]), Some(1.0));
        assert_eq!(dice(vec![(mask("##"), mask("##")), (None, mask("##"))]), None);
        assert_eq!(dice(vec![(mask("##"), None)]), None);
        assert_eq!(dice(vec![(mask("##"), mask("###"))]), None, "another grid");
    }

    #[test]
    fn a_slice_is_counted_anew_where_its_mask_is_another() {
        let (a, b, label) = (mask("#.."), mask("##."), mask("##."));
        let before = counted([(a.clone(), label.clone()), (a, label.clone())].into_iter(), &[]).unwrap();
        let after = counted([(b.clone(), label.clone()), (b, label)].into_iter(), &before).unwrap();
        assert!(after.iter().all(|part| part.overlap.both == 2) && before != after);
    }
}
