//! Masks and probabilities of a study's slices, cut from the side and from the front, the highest slice on top.

use std::collections::HashMap;

use imaging::{Mask, ProbabilityMap};
use leptos::prelude::*;
use protocol::FileId;

use crate::annotation::Annotation;
use crate::documents::study::{Cut, Study};

/// The mask in a cut.
pub fn mask(annotation: Annotation, study: &Study, cut: Cut, at: usize) -> Mask {
    let pixels = annotation.masks.with(|masks| {
        study.in_cut(cut, at, |slice, x, y| {
            masks.get(&slice).is_some_and(|slice| slice.area_px > 0 && slice.mask.contains(x, y))
        })
    });
    Mask::new(study.across(cut), study.slices(), pixels)
}

/// The probabilities in a cut; none where the network saw no tumour at all.
pub fn map(annotation: Annotation, study: &Study, cut: Cut, at: usize) -> ProbabilityMap {
    let width = study.info.size[0];
    let maps: HashMap<FileId, _> = study.slice_ids().filter_map(|id| Some((id, annotation.map_of(id)?))).collect();
    let value = |slice, x, y| maps.get(&slice).map_or(0.0, |map| map.values()[y * width + x]);
    ProbabilityMap::new(study.across(cut), study.slices(), study.in_cut(cut, at, value))
}
