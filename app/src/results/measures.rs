//! Masks into figures: areas, volume and diameters, in millimetres where the files say how large a pixel is.

use std::collections::HashMap;

use leptos::prelude::*;
use protocol::FileId;
use serde::Serialize;

use super::lengths::LengthMeasure;
use super::naming::numbered;
use super::{Results, written};
use crate::annotation::edits::Edits;
use crate::language::{Text, text};
use crate::words::iso_date;

/// What was measured on a slice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SliceMeasures {
    /// Name of the slice.
    pub name: String,
    /// Its number, from 1.
    pub slice: usize,
    /// Whether all of it has an answer: the network's, or a mask that was made elsewhere.
    pub segmented: bool,
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
    /// Whether the program left small parts of the mask out.
    pub small_parts_left_out: bool,
    /// Whether a person drew the diameters.
    pub drawn: bool,
}

/// What was measured on a study, or on a slice that is open by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Name of the study, or of the lone slice.
    pub name: String,
    /// When the images were made, as `YYYY-MM-DD`, where the files say so.
    pub study_date: Option<String>,
    /// Names of the series that stand for pre-contrast, FLAIR and post-contrast.
    pub series: [Option<String>; 3],
    /// Which of them a registration laid onto FLAIR.
    pub series_registered: [bool; 3],
    /// Probability from which a pixel is tumour.
    pub threshold: f32,
    /// Distances of columns, rows and slices in mm.
    pub spacing_mm: Option<[f64; 3]>,
    /// Marked volume; of several slices.
    pub volume_ml: Option<f64>,
    /// Dice of all voxels of a labelled study, once every labelled slice has its answer.
    pub volume_dice: Option<f64>,
    /// Their intersection over union, likewise.
    pub volume_iou: Option<f64>,
    /// Marked voxels; of several slices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voxels: Option<usize>,
    /// Slices that have an answer as a whole.
    pub slices_segmented: usize,
    /// All slices.
    pub slices: usize,
    /// Whether a person corrected the mask of any.
    pub corrected: bool,
    /// What was measured on each.
    pub per_slice: Vec<SliceMeasures>,
    /// Lengths that a person measured with the ruler.
    pub lengths: Vec<LengthMeasure>,
}

impl Results {
    /// The measures of what is on screen, as files have them.
    pub(super) fn named_measures(self) -> Option<Measures> {
        let measures = self.measures()?;
        if !self.without_patient.get() {
            return Some(measures);
        }
        let study = self.documents.study_on_screen().map(|study| self.study_name(study.info.study));
        Some(measures.without_patient(study.unwrap_or_else(|| self.slice_name())))
    }

    /// Everything that is to be measured on the study on screen, or on the lone slice.
    pub fn measures(self) -> Option<Measures> {
        let picture = self.documents.picture.get()?;
        let study = self.documents.study_on_screen();
        let slices: Vec<FileId> = match &study {
            Some(study) => study.slice_ids().collect(),
            None => vec![self.documents.selected.get()?],
        };
        let names: HashMap<FileId, String> = self.documents.entries.with(|entries| {
            let here = entries.iter().filter(|entry| slices.contains(&entry.id));
            here.map(|entry| (entry.id, entry.name.clone())).collect()
        });
        let spacing_mm = picture.spacing_mm;
        let lengths = self.length_measures();
        let measured = |(at, &file): (usize, &FileId)| {
            let found = self.annotation.masks.with(|masks| masks.get(&file).cloned());
            // A length can be measured where there is no mask.
            if found.is_none() && !lengths.iter().any(|length| length.is_on_slice(at + 1)) {
                return None;
            }
            let area_px = found.as_ref().map_or(0, |found| found.area_px);
            let diameters =
                found.and_then(|found| self.diameters(file, || self.computed.of_mask(file, &found.mask, spacing_mm)));
            let spacing = spacing_mm.unwrap_or([1.0; 2]);
            let of_edits = |read: fn(&Edits) -> bool| self.annotation.with_edits_at(file, read);
            Some(SliceMeasures {
                name: names.get(&file).cloned().unwrap_or_default(),
                slice: at + 1,
                segmented: self.annotation.is_segmented(file),
                presence: self.annotation.segmentation_of(file).map(|found| found.presence),
                area_px,
                area_mm2: spacing_mm.map(|[x, y]| area_px as f64 * x * y),
                longest: diameters.map(|d| d.longest.length(spacing)),
                perpendicular: diameters.map(|d| d.perpendicular.length(spacing)),
                product: diameters.map(|d| d.product(spacing)),
                unit: if spacing_mm.is_some() { "mm" } else { "px" },
                corrected: of_edits(Edits::is_corrected),
                small_parts_left_out: of_edits(Edits::lacks_small_parts),
                drawn: of_edits(|edits| edits.diameters().is_some()),
            })
        };
        let per_slice: Vec<SliceMeasures> = slices.iter().enumerate().filter_map(measured).collect();
        let voxels = per_slice.iter().map(|row| row.area_px).sum::<usize>();
        let voxels = Some(voxels).filter(|_| slices.len() > 1);
        let info = study.map(|study| study.info);
        let overlap = self.volume_overlap.get();
        let series_name = |at: usize| {
            let info = info.as_ref()?;
            let series = info.sequences[at].as_ref()?.series;
            info.choices.iter().find(|(id, _)| *id == series).map(|(_, name)| name.clone())
        };
        Some(Measures {
            name: info.as_ref().map_or_else(|| self.documents.name().unwrap_or_default(), |info| info.name.clone()),
            study_date: info.as_ref().and_then(|info| {
                info.patient.iter().find(|(name, _)| name == "Study date").map(|(_, date)| iso_date(date))
            }),
            series: std::array::from_fn(series_name),
            series_registered: std::array::from_fn(|at| info.as_ref().is_some_and(|info| info.motion(at).is_some())),
            threshold: self.annotation.threshold.get(),
            spacing_mm: info.as_ref().and_then(|info| info.spacing_mm),
            volume_ml: info.as_ref().and_then(|info| Some(voxels? as f64 * info.voxel_mm3? / 1000.0)),
            volume_dice: overlap.and_then(|overlap| overlap.dice()),
            volume_iou: overlap.and_then(|overlap| overlap.iou()),
            voxels,
            slices_segmented: slices.iter().filter(|file| self.annotation.is_segmented(**file)).count(),
            slices: slices.len(),
            corrected: per_slice.iter().any(|row| row.corrected),
            per_slice,
            lengths,
        })
    }
}

impl Measures {
    /// A table for a spreadsheet, one row a slice; what holds of the whole study stands in each.
    pub fn csv(&self) -> String {
        let mut csv = String::from(
            "slice,name,presence,area_px,area_mm2,longest,perpendicular,product,unit,corrected,diameters_drawn,\
             segmented,small_parts_left_out,lengths,threshold,study,study_date,series_pre,series_flair,series_post,\
             lengths_in_reformats,volume_ml,volume_dice\n",
        );
        let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.2}"));
        let [pre, flair, post] = self.series.each_ref().map(|name| name.as_deref().map_or(String::new(), cell));
        let whole = [
            self.threshold_written(),
            cell(&self.name),
            self.study_date.as_deref().unwrap_or_default().to_owned(),
            pre,
            flair,
            post,
            self.lengths_cell(|length| !length.is_on_slices()),
            number(self.volume_ml),
            self.volume_dice.map_or(String::new(), |dice| format!("{dice:.4}")),
        ]
        .join(",");
        for row in &self.per_slice {
            csv += &format!(
                "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{whole}\n",
                row.slice,
                cell(&row.name),
                row.presence.map_or(String::new(), |presence| format!("{presence:.4}")),
                row.area_px,
                number(row.area_mm2),
                number(row.longest),
                number(row.perpendicular),
                number(row.product),
                row.unit,
                row.corrected,
                row.drawn,
                row.segmented,
                row.small_parts_left_out,
                self.lengths_cell(|length| length.is_on_slice(row.slice)),
            );
        }
        csv
    }

    /// Some of the lengths in one cell, those of reformats with their column or row; nothing where there are none.
    fn lengths_cell(&self, wanted: impl Fn(&LengthMeasure) -> bool) -> String {
        let lengths = self.lengths.iter().filter(|length| wanted(length));
        let all: Vec<String> = lengths.map(LengthMeasure::in_table).collect();
        if all.is_empty() { String::new() } else { cell(&all.join("; ")) }
    }

    /// The same under another name, without dates and the names of series and slices.
    pub fn without_patient(self, name: String) -> Self {
        let named = ["pre-contrast", "FLAIR", "post-contrast"];
        let series = std::array::from_fn(|at| self.series[at].as_ref().map(|_| named[at].to_owned()));
        let per_slice = self.per_slice.into_iter().map(|row| SliceMeasures { name: numbered(row.slice), ..row });
        Self { name, study_date: None, series, per_slice: per_slice.collect(), ..self }
    }

    /// The threshold as it is, in as few digits as tell it from others.
    pub fn threshold_written(&self) -> String {
        self.threshold.to_string()
    }

    /// Numbers, from 0, of the slices of which the program left small parts out.
    pub fn without_small_parts(&self) -> Vec<usize> {
        self.per_slice.iter().filter(|row| row.small_parts_left_out).map(|row| row.slice - 1).collect()
    }

    /// The slice with the largest marked area.
    pub fn largest(&self) -> Option<&SliceMeasures> {
        // Of equals the first.
        self.per_slice.iter().rev().filter(|row| row.area_px > 0).max_by_key(|row| row.area_px)
    }

    /// The slice with the largest product of diameters, which is another where the tumour is long there rather than large.
    pub fn largest_product(&self) -> Option<&SliceMeasures> {
        let products = self.per_slice.iter().rev().filter_map(|row| Some((row, row.product?)));
        products.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, _)| row)
    }
}

impl SliceMeasures {
    /// The marked area as people read it.
    pub fn area_written(&self) -> Text {
        written::area(self.area_px, self.area_mm2)
    }

    /// The diameters as people read them, with their product.
    pub fn diameters_written(&self) -> Option<Text> {
        let lengths = written::diameters(self.longest?, self.perpendicular?, self.unit);
        Some(text!("diameters-with-product", lengths, product = written::product(self.product?, self.unit)))
    }
}

/// A text as a cell of its own, whatever is in it.
pub(in crate::results) fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(slice: usize) -> SliceMeasures {
        SliceMeasures {
            name: "a \"b\", c".into(),
            slice,
            segmented: true,
            presence: Some(0.5),
            area_px: 12,
            area_mm2: None,
            longest: Some(4.0),
            perpendicular: None,
            product: None,
            unit: "px",
            corrected: true,
            small_parts_left_out: slice == 4,
            drawn: false,
        }
    }

    fn measures(rows: &[usize]) -> Measures {
        Measures {
            name: "AX FLAIR".into(),
            study_date: Some("2024-02-01".into()),
            series: [None, Some("AX FLAIR".into()), None],
            series_registered: [false; 3],
            threshold: 0.03,
            spacing_mm: None,
            volume_ml: None,
            volume_dice: (rows.len() > 1).then_some(0.861_64),
            volume_iou: None,
            voxels: (rows.len() > 1).then_some(12 * rows.len()),
            slices_segmented: 1,
            slices: 1,
            corrected: true,
            lengths: Vec::new(),
            per_slice: rows.iter().map(|&slice| row(slice)).collect(),
        }
    }

    #[test]
    fn without_patient_data_figures_stay_and_names_and_dates_go() {
        let with = measures(&[3, 4]);
        let without = with.clone().without_patient("study-2".into());
        assert_eq!((without.name.as_str(), &without.study_date), ("study-2", &None));
        assert_eq!(without.series, [None, Some("FLAIR".to_owned()), None]);
        assert_eq!(without.per_slice.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["slice-3", "slice-4"]);
        assert_eq!((without.voxels, without.per_slice[0].longest), (with.voxels, with.per_slice[0].longest));
    }

    #[test]
    fn names_with_quotes_and_commas_stay_one_cell() {
        assert_eq!(
            measures(&[3]).csv().lines().nth(1),
            Some(
                "3,\"a \"\"b\"\", c\",0.5000,12,,4.00,,,px,true,false,true,false,,0.03,\"AX FLAIR\",2024-02-01,,\"AX FLAIR\",,,,"
            )
        );
    }

    #[test]
    fn every_row_has_a_cell_for_every_heading() {
        let mut measures = measures(&[3, 4]);
        measures.per_slice.iter_mut().for_each(|row| row.name = "plain".into());
        let csv = measures.csv();
        let counts: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(counts, [23; 3]);
        assert!(csv.lines().skip(1).all(|line| line.ends_with(",0.8616")), "{csv}");
        assert_eq!(measures.without_small_parts(), [3]);
    }

    #[test]
    fn lengths_stand_with_their_slice_and_those_of_reformats_with_the_study() {
        let length = |plane, at, length| LengthMeasure { plane, at, length, unit: "mm", ends: [[0.0; 3]; 2] };
        let mut measures = measures(&[3, 4]);
        measures.lengths = vec![
            length("axial", 4, 12.5),
            length("sagittal", 91, 7.25),
            length("axial", 4, 3.0),
            length("coronal", 8, 1.0),
        ];
        let csv = measures.csv();
        let rows: Vec<&str> = csv.lines().skip(1).collect();
        assert!(!rows[0].contains("12.50") && rows[1].contains(",\"12.50; 3.00\","), "{csv}");
        assert!(rows.iter().all(|row| row.contains(",\"sagittal 91: 7.25; coronal 8: 1.00\",")), "{csv}");
        let json = serde_json::to_string(&measures).unwrap();
        assert!(
            json.contains(r#""lengths":[{"plane":"axial","at":4,"length":12.5,"unit":"mm","ends":[[0.0"#),
            "{json}"
        );
    }

    #[test]
    fn a_lone_slice_has_no_volume_in_json() {
        let json = serde_json::to_string(&measures(&[1])).unwrap();
        assert!(!json.contains("voxels") && json.contains("\"volume_ml\":null"), "{json}");
        assert!(json.contains("\"threshold\":0.03,"), "as it is written in the table: {json}");
        assert!(serde_json::to_string(&measures(&[1, 2])).unwrap().contains("\"voxels\":24"));
    }

    #[test]
    fn the_largest_product_need_not_be_on_the_largest_slice() {
        let mut measures = measures(&[1, 2, 3, 4]);
        for (row, (area, product)) in
            measures.per_slice.iter_mut().zip([(0, None), (90, Some(60.0)), (70, Some(80.0)), (90, Some(80.0))])
        {
            (row.area_px, row.product) = (area, product);
        }
        assert_eq!(measures.largest().map(|row| row.slice), Some(2), "of equals the first");
        assert_eq!(measures.largest_product().map(|row| row.slice), Some(3));
        let row = SliceMeasures {
            longest: Some(82.4),
            perpendicular: Some(73.4),
            product: Some(6048.2),
            unit: "mm",
            ..row(3)
        };
        assert_eq!(row.diameters_written().unwrap().written(), "82.4 × 73.4 mm, product 60.5 cm²");
    }

    #[test]
    fn a_threshold_is_written_as_it_is() {
        for (threshold, written) in [(0.03, "0.03"), (0.5, "0.5"), (0.0474, "0.0474"), (0.9933, "0.9933")] {
            let measures = Measures { threshold, ..measures(&[]) };
            assert_eq!(measures.threshold_written(), written);
        }
    }
}
