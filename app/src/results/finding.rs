//! What was found in the study as a whole: volume, marked slices, and the largest product of two diameters.

use std::sync::Arc;

use imaging::Diameters;
use leptos::prelude::*;
use protocol::FileId;

use super::Results;
use crate::annotation::edits::Edits;

/// What was found in the study on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Marked voxels.
    pub voxels: usize,
    /// Marked volume, where it is known how large a voxel is.
    pub volume_ml: Option<f64>,
    /// Numbers, from 0, of the slices with a mask.
    pub marked: Vec<usize>,
    /// Slices that have an answer as a whole.
    pub segmented: usize,
    /// All slices.
    pub slices: usize,
    /// The slice whose two diameters have the largest product.
    pub largest: Option<Largest>,
}

/// The largest product of a longest diameter and the one perpendicular to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Largest {
    /// The slice.
    pub file: FileId,
    /// Its number, from 0.
    pub index: usize,
    /// The diameters.
    pub diameters: Diameters,
    /// Distances of columns and rows in mm, if known.
    pub spacing_mm: Option<[f64; 2]>,
}

impl Results {
    /// What was found in the study on screen; none where a slice is open by itself.
    pub fn finding(self) -> Option<Arc<Finding>> {
        self.finding.or_make(|| of_study(self)).get()
    }
}

fn of_study(results: Results) -> Memo<Option<Arc<Finding>>> {
    let Results { documents, annotation, computed, .. } = results;
    let study = Memo::new(move |_| {
        let info = documents.study_on_screen().filter(|study| study.slices() > 1)?.info;
        Some((info.first, info.size, info.spacing_mm, info.voxel_mm3))
    });
    Memo::new(move |_| {
        let (first, [.., slices], spacing_mm, voxel_mm3) = study.get()?;
        let files = (0..slices).map(|index| (index, FileId(first.0 + index as u32)));
        let areas: Vec<usize> = files.clone().map(|(_, file)| annotation.area_px(file)).collect();
        let voxels = areas.iter().sum();
        let spacing_mm = spacing_mm.map(|[x, y, _]| [x, y]);
        let products = computed.each().into_iter().filter_map(|(file, diameters)| {
            let drawn = annotation.with_edits_at(file, Edits::diameters);
            let index = in_study(file, first, slices)?;
            Some(Largest { file, index, diameters: drawn.or(diameters)?, spacing_mm })
        });
        // Of equals the first.
        let largest = products.reduce(|best, other| if other.product() > best.product() { other } else { best });
        Some(Arc::new(Finding {
            voxels,
            volume_ml: voxel_mm3.map(|mm3| voxels as f64 * mm3 / 1000.0),
            marked: (0..slices).filter(|&index| areas[index] > 0).collect(),
            segmented: files.filter(|(_, file)| annotation.is_segmented(*file)).count(),
            slices,
            largest,
        }))
    })
}

/// The number of a slice in a study, from 0.
fn in_study(file: FileId, first: FileId, slices: usize) -> Option<usize> {
    let index = file.0.checked_sub(first.0)? as usize;
    (index < slices).then_some(index)
}

impl Largest {
    /// The product, in mm², or in pixels where no spacing is known.
    pub fn product(&self) -> f64 {
        self.diameters.product(self.spacing_mm.unwrap_or([1.0; 2]))
    }

    /// The longest diameter and the one perpendicular to it, with their unit.
    pub fn lengths(&self) -> (f64, f64, &'static str) {
        let spacing = self.spacing_mm.unwrap_or([1.0; 2]);
        let unit = if self.spacing_mm.is_some() { "mm" } else { "px" };
        (self.diameters.longest.length(spacing), self.diameters.perpendicular.length(spacing), unit)
    }
}
