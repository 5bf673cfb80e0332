//! The lesions of a study's masks, each part measured once as long as its slice's mask is the same.

use std::collections::HashMap;
use std::sync::Arc;

use imaging::{Diameters, Lesion, Mask, Point, lesions};
use leptos::prelude::*;
use protocol::FileId;

use crate::annotation::Annotation;
use crate::annotation::edits::Edits;
use crate::documents::Documents;
use crate::results::diameters::Computed;
use crate::results::follow_up::lesions::pointers;

/// The diameters of the parts of slices that show several, by their masks. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    documents: Documents,
    annotation: Annotation,
    computed: Computed,
    known: StoredValue<HashMap<FileId, Parted>>,
    /// What whole studies came to, by their first slices.
    studies: StoredValue<HashMap<FileId, Studied>>,
}

/// The masks of a study, the diameters that a person drew on its slices, and its lesions.
struct Studied {
    masks: Vec<Option<Arc<Mask>>>,
    drawn: Vec<Option<Diameters>>,
    lesions: Vec<Lesion>,
}

/// A slice's mask, and its parts with their diameters.
struct Parted {
    whole: Arc<Mask>,
    parts: Vec<(Mask, Option<Diameters>)>,
}

impl Parts {
    /// None is measured.
    pub fn new(documents: Documents, annotation: Annotation, computed: Computed) -> Self {
        let (known, studies) = (StoredValue::new(HashMap::new()), StoredValue::new(HashMap::new()));
        Self { documents, annotation, computed, known, studies }
    }

    /// The lesions of slices whose columns and rows are `in_plane` apart, in mm. Diameters that a person drew are those of the part
    /// that they lie in.
    pub fn lesions(self, slices: &[FileId], in_plane: [f64; 2]) -> Vec<Lesion> {
        let Some(&first) = slices.first() else { return Vec::new() };
        let masks: Vec<Option<Arc<Mask>>> = self.annotation.masks.with(|masks| {
            // Of what was closed nothing is kept.
            self.known.update_value(|known| known.retain(|file, _| masks.contains_key(file)));
            let marked = |file| masks.get(file).filter(|found| found.area_px > 0).map(|found| found.mask.clone());
            slices.iter().map(marked).collect()
        });
        self.studies.update_value(|known| known.retain(|file, _| self.documents.entry(*file).is_some()));
        let drawn: Vec<Option<Diameters>> =
            slices.iter().map(|&file| self.annotation.with_edits_at(file, Edits::diameters)).collect();
        let before = self.studies.with_value(|known| {
            let known = known.get(&first)?;
            let same = known.drawn == drawn && pointers(&known.masks).eq(pointers(&masks));
            same.then(|| known.lesions.clone())
        });
        if let Some(before) = before {
            return before;
        }
        let found = lesions(masks.iter().map(Option::as_deref), |slice, alone| {
            let (file, whole, drawn) = (slices[slice], masks[slice].as_ref()?, drawn[slice]);
            let found = match alone {
                None => drawn.or_else(|| self.computed.of_mask(file, whole, Some(in_plane))),
                Some(part) => {
                    drawn.filter(|drawn| lies_in(drawn, part)).or_else(|| self.of_part(file, whole, part, in_plane))
                }
            }?;
            Some([found.longest.length(in_plane), found.perpendicular.length(in_plane)])
        });
        let studied = Studied { masks, drawn, lesions: found.clone() };
        self.studies.update_value(|known| _ = known.insert(first, studied));
        found
    }

    /// The diameters of a part of a slice's mask: those that it had, if it was measured before.
    fn of_part(self, file: FileId, whole: &Arc<Mask>, part: &Mask, in_plane: [f64; 2]) -> Option<Diameters> {
        let before = self.known.with_value(|known| {
            let parted = known.get(&file).filter(|parted| Arc::ptr_eq(&parted.whole, whole))?;
            parted.parts.iter().find(|(known, _)| known == part).map(|(_, diameters)| *diameters)
        });
        before.unwrap_or_else(|| {
            let diameters = Diameters::of(part, in_plane);
            self.known.update_value(|known| {
                let parted = known.entry(file).or_insert_with(|| Parted { whole: whole.clone(), parts: Vec::new() });
                if !Arc::ptr_eq(&parted.whole, whole) {
                    *parted = Parted { whole: whole.clone(), parts: Vec::new() };
                }
                parted.parts.push((part.clone(), diameters));
            });
            diameters
        })
    }
}

/// Whether the middle or an end of the longest diameter is marked.
fn lies_in(drawn: &Diameters, part: &Mask) -> bool {
    let [a, b] = drawn.longest.ends;
    let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    let is_marked = |at: Point<f64>| {
        let (x, y) = (at.x.round(), at.y.round());
        x >= 0.0 && y >= 0.0 && part.contains(x as usize, y as usize)
    };
    [middle, a, b].into_iter().any(is_marked)
}

#[cfg(test)]
mod tests {
    use imaging::Diameter;

    use super::*;

    #[test]
    fn what_a_person_drew_is_of_the_part_that_it_lies_in() {
        let mask = |from: usize, to: usize| {
            let pixels = (0..400).map(|at| (from..to).contains(&(at % 20)) && (5..12).contains(&(at / 20)));
            Mask::new(20, 20, pixels.collect())
        };
        let line = |ends: [(f64, f64); 2]| Diameter { ends: ends.map(|(x, y)| Point::new(x, y)) };
        let drawn =
            Diameters { longest: line([(0.5, 8.0), (7.5, 8.0)]), perpendicular: line([(4.0, 5.0), (4.0, 11.0)]) };
        assert!(lies_in(&drawn, &mask(2, 6)) && lies_in(&drawn, &mask(7, 12)), "by its middle, and by its end");
        assert!(!lies_in(&drawn, &mask(9, 14)));
        let outside = Diameters { longest: line([(-4.0, 8.0), (-2.0, 8.0)]), ..drawn };
        assert!(!lies_in(&outside, &mask(0, 20)));
    }
}
