//! Masks into figures: areas, volume and diameters, in millimetres where the files say how large a pixel is.

use imaging::{Diameters, Mask};
use leptos::prelude::*;
use protocol::FileId;
use serde::Serialize;

use crate::edits::Edits;
use crate::picture::Owner;
use crate::session::{Content, Session};
use crate::study::Study;

/// What was measured on a slice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SliceMeasures {
    /// Name of the slice.
    pub name: String,
    /// Its number, from 1.
    pub slice: usize,
    /// Probability that there is tumour at all, by the network alone.
    pub presence: Option<f32>,
    /// Marked pixels.
    pub area_px: usize,
    /// Marked area.
    pub area_mm2: Option<f64>,
    /// Longest diameter, in `unit`.
    pub longest: Option<f64>,
    /// Longest diameter perpendicular to it.
    pub perpendicular: Option<f64>,
    /// Product of both.
    pub product: Option<f64>,
    /// Unit of the diameters: mm, or px where no spacing is known.
    pub unit: &'static str,
    /// Whether a person corrected the mask.
    pub corrected: bool,
    /// Whether a person drew the diameters.
    pub drawn: bool,
}

/// What was measured on a study or on slices that are open by themselves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Name of the study, or of the slice on screen.
    pub name: String,
    /// Distances of columns, rows and slices in mm.
    pub spacing_mm: Option<[f64; 3]>,
    /// Marked volume.
    pub volume_ml: Option<f64>,
    /// Marked voxels.
    pub voxels: usize,
    /// Slices that the network or a person has said something of.
    pub slices_segmented: usize,
    /// All slices.
    pub slices: usize,
    /// What was measured on each.
    pub per_slice: Vec<SliceMeasures>,
}

impl Session {
    /// The diameters of a slice: those that a person drew, or those that `compute` gives.
    fn diameters(self, file: FileId, compute: impl FnOnce() -> Option<Diameters>) -> Option<Diameters> {
        self.drawn_diameters.with(|all| all.get(&file).copied()).or_else(compute)
    }

    /// The mask of a whole study, slice by slice, and how many slices nothing was said of; those are empty.
    pub(crate) fn study_mask(self, study: &Study) -> (Vec<bool>, usize) {
        let [width, height, depth] = study.info.size;
        let mut marked = vec![false; width * height * depth];
        let mut unknown = 0;
        self.masks.with_untracked(|masks| {
            for (slice, id) in marked.chunks_exact_mut(width * height).zip(study.slice_ids()) {
                match masks.get(&id) {
                    Some(found) => slice.copy_from_slice(found.mask.pixels()),
                    None => unknown += 1,
                }
            }
        });
        (marked, unknown)
    }

    /// The diameters of the mask on screen.
    pub fn shown_diameters(self) -> Option<Diameters> {
        self.diameters(self.selected.get()?, || self.computed_diameters.get().1)
    }

    /// Takes the computed diameters of the slice on screen again.
    pub fn compute_diameters(self) {
        if let Some(file) = self.selected.get_untracked() {
            self.drawn_diameters.update(|all| {
                all.remove(&file);
            });
        }
    }

    /// Everything that is to be measured on the study on screen, or on the lone slices that are open.
    pub fn measures(self) -> Option<Measures> {
        let picture = self.picture.get()?;
        let study = self.study_on_screen();
        let on_screen = |content: &Content| match (content, picture.owner) {
            (Content::Slice { study, .. }, Owner::Study(shown)) => *study == shown,
            (Content::Lone(_), Owner::File(_)) => true,
            _ => false,
        };
        let entries: Vec<_> =
            self.entries.with(|entries| entries.iter().filter(|entry| on_screen(&entry.content)).cloned().collect());
        let spacing_mm = picture.spacing_mm;
        let per_slice: Vec<SliceMeasures> = entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| {
                let found = self.masks.with(|masks| masks.get(&entry.id).cloned())?;
                let diameters = self.diameters(entry.id, || computed_diameters(&found.mask, spacing_mm));
                let spacing = spacing_mm.unwrap_or([1.0; 2]);
                Some(SliceMeasures {
                    name: entry.name.clone(),
                    slice: at + 1,
                    presence: self.segmentations.with(|all| all.get(&entry.id).map(|found| found.presence)),
                    area_px: found.area_px,
                    area_mm2: spacing_mm.map(|[x, y]| found.area_px as f64 * x * y),
                    longest: diameters.map(|d| d.longest.length(spacing)),
                    perpendicular: diameters.map(|d| d.perpendicular.length(spacing)),
                    product: diameters.map(|d| d.product(spacing)),
                    unit: if spacing_mm.is_some() { "mm" } else { "px" },
                    corrected: self.edits.with(|all| all.get(&entry.id).is_some_and(Edits::is_corrected)),
                    drawn: self.drawn_diameters.with(|all| all.contains_key(&entry.id)),
                })
            })
            .collect();
        let voxels = per_slice.iter().map(|row| row.area_px).sum();
        Some(Measures {
            name: study.as_ref().map_or_else(|| self.name().unwrap_or_default(), |study| study.info.name.clone()),
            spacing_mm: study.as_ref().and_then(|study| study.info.spacing_mm),
            volume_ml: study
                .as_ref()
                .filter(|s| s.slices() > 1)
                .and_then(|s| s.info.voxel_mm3)
                .map(|mm3| voxels as f64 * mm3 / 1000.0),
            voxels,
            slices_segmented: per_slice.len(),
            slices: entries.len(),
            per_slice,
        })
    }
}

/// The diameters of a mask, measured in pixels where no spacing is known.
pub fn computed_diameters(mask: &Mask, spacing_mm: Option<[f64; 2]>) -> Option<Diameters> {
    Diameters::of(mask, spacing_mm.unwrap_or([1.0; 2]))
}

impl Measures {
    /// A table for a spreadsheet, one row a slice.
    pub fn csv(&self) -> String {
        let mut csv = String::from(
            "slice,name,presence,area_px,area_mm2,longest,perpendicular,product,unit,corrected,diameters_drawn\n",
        );
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.2}"));
        for row in &self.per_slice {
            let name = row.name.replace('"', "\"\"");
            csv += &format!(
                "{},\"{name}\",{},{},{},{},{},{},{},{},{}\n",
                row.slice,
                row.presence.map_or(String::new(), |presence| format!("{presence:.4}")),
                row.area_px,
                number(row.area_mm2),
                number(row.longest),
                number(row.perpendicular),
                number(row.product),
                row.unit,
                row.corrected,
                row.drawn,
            );
        }
        csv
    }

    /// The slice with the largest marked area.
    pub fn largest(&self) -> Option<&SliceMeasures> {
        self.per_slice.iter().filter(|row| row.area_px > 0).max_by_key(|row| row.area_px)
    }
}

/// An area or a length with its unit.
pub fn with_unit(value: f64, unit: &str) -> String {
    if value >= 100.0 { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_quotes_and_commas_stay_one_cell() {
        let row = SliceMeasures {
            name: "a \"b\", c".into(),
            slice: 3,
            presence: Some(0.5),
            area_px: 12,
            area_mm2: None,
            longest: Some(4.0),
            perpendicular: None,
            product: None,
            unit: "px",
            corrected: true,
            drawn: false,
        };
        let measures = Measures {
            name: String::new(),
            spacing_mm: None,
            volume_ml: None,
            voxels: 12,
            slices_segmented: 1,
            slices: 1,
            per_slice: vec![row],
        };
        assert_eq!(measures.csv().lines().nth(1), Some("3,\"a \"\"b\"\", c\",0.5000,12,,4.00,,,px,true,false"));
    }
}
