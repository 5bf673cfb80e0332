//! Lengths that a person measured with the ruler into figures: on the slice, in reformats, and in files.

use imaging::Diameter;
use leptos::prelude::*;
use protocol::FileId;
use serde::Serialize;

use super::{Results, written};
use crate::annotation::lengths;
use crate::annotation::step::{Length, Plane};
use crate::documents::study::Cut;
use crate::language::Text;

/// A length of what is on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The slice whose history holds it; of one in a reformat, that which was on screen when it was drawn.
    pub file: FileId,
    /// Tells it from others there.
    pub number: u32,
    /// Where it lies.
    pub length: Length,
}

/// A length as files have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LengthMeasure {
    /// What it lies on: axial, sagittal or coronal.
    pub plane: &'static str,
    /// The number of that slice, column or row, from 1.
    pub at: usize,
    /// The length, in `unit`.
    pub length: f64,
    /// mm, or px where no spacing is known.
    pub unit: &'static str,
    /// Column, row and slice of either end, from 0; whole numbers are the middles of voxels.
    pub ends: [[f64; 3]; 2],
}

impl LengthMeasure {
    /// A length on a slice of a number, or in a reformat of a study of so many slices.
    fn of(Length { plane, line }: Length, slice: usize, slices: usize, spacing_mm: Option<[f64; 3]>) -> Self {
        let top = slices as f64 - 1.0;
        let (name, at) = match plane {
            Plane::Slice => ("axial", slice),
            Plane::Cut(Cut::Sagittal, column) => ("sagittal", column),
            Plane::Cut(Cut::Coronal, row) => ("coronal", row),
        };
        let ends = line.ends.map(|end| match plane {
            Plane::Slice => [end.x, end.y, slice as f64],
            Plane::Cut(Cut::Sagittal, column) => [column as f64, end.x, top - end.y],
            Plane::Cut(Cut::Coronal, row) => [end.x, row as f64, top - end.y],
        });
        let (length, unit) = measured(line, spacing_of(plane, spacing_mm));
        Self { plane: name, at: at + 1, length, unit, ends }
    }

    /// Whether it lies on a slice and not in a reformat.
    pub fn is_on_slices(&self) -> bool {
        self.plane == "axial"
    }

    /// Whether it lies on the slice of a number, from 1.
    pub fn is_on_slice(&self, number: usize) -> bool {
        self.is_on_slices() && self.at == number
    }

    /// As it stands in a table, with its column or row where it lies in a reformat.
    pub fn in_table(&self) -> String {
        let Self { plane, at, length, .. } = self;
        if self.is_on_slices() { format!("{length:.2}") } else { format!("{plane} {at}: {length:.2}") }
    }
}

/// The length of a line and its unit, by the distances of columns and rows in mm, if they are known.
fn measured(line: Diameter, spacing_mm: Option<[f64; 2]>) -> (f64, &'static str) {
    (line.length(spacing_mm.unwrap_or([1.0; 2])), if spacing_mm.is_some() { "mm" } else { "px" })
}

/// The distances of columns and rows of a plane, by those of columns, rows and slices.
pub fn spacing_of(plane: Plane, spacing_mm: Option<[f64; 3]>) -> Option<[f64; 2]> {
    let [x, y, z] = spacing_mm?;
    Some(match plane {
        Plane::Slice => [x, y],
        Plane::Cut(Cut::Sagittal, _) => [y, z],
        Plane::Cut(Cut::Coronal, _) => [x, z],
    })
}

impl Results {
    /// The lengths of the study on screen, or of the lone slice.
    pub fn lengths(self) -> Vec<Measured> {
        match self.documents.study_on_screen() {
            Some(study) => self.lengths_of(study.slice_ids().collect()),
            None => self.lengths_here(),
        }
    }

    /// Those that are seen in a plane.
    pub fn lengths_in(self, plane: Plane) -> Vec<Measured> {
        let mut all = if plane == Plane::Slice { self.lengths_here() } else { self.lengths() };
        all.retain(|found| found.length.plane == plane);
        all
    }

    /// Those that the history of the slice on screen holds.
    fn lengths_here(self) -> Vec<Measured> {
        self.lengths_of(self.documents.selected.get().into_iter().collect())
    }

    fn lengths_of(self, files: Vec<FileId>) -> Vec<Measured> {
        let of = |file| self.annotation.with_edits_at(file, lengths::of).into_iter().map(move |found| (file, found));
        let all = files.into_iter().flat_map(of);
        all.map(|(file, (number, length))| Measured { file, number, length }).collect()
    }

    /// The distances of columns, rows and slices of what is on screen, in mm; of a lone slice the last means nothing.
    fn spacing_mm(self) -> Option<[f64; 3]> {
        match self.documents.study_on_screen() {
            Some(study) => study.info.spacing_mm,
            None => self.documents.picture.with(|picture| picture.as_ref()?.spacing_mm).map(|[x, y]| [x, y, 1.0]),
        }
    }

    /// A length as people read it.
    pub fn length_written(self, Length { plane, line }: Length) -> Text {
        let (length, unit) = measured(line, spacing_of(plane, self.spacing_mm()));
        written::length(length, unit)
    }

    /// The lengths of what is on screen as files have them.
    pub(super) fn length_measures(self) -> Vec<LengthMeasure> {
        let study = self.documents.study_on_screen();
        let (first, slices) = match &study {
            Some(study) => (study.info.first.0, study.slices()),
            None => (self.documents.selected.get().map_or(0, |file| file.0), 1),
        };
        let spacing_mm = self.spacing_mm();
        let number = |file: FileId| file.0.saturating_sub(first) as usize;
        let all = self.lengths().into_iter();
        all.map(|found| LengthMeasure::of(found.length, number(found.file), slices, spacing_mm)).collect()
    }
}

#[cfg(test)]
mod tests {
    use imaging::Point;

    use super::*;

    fn length(plane: Plane) -> Length {
        Length { plane, line: Diameter { ends: [Point::new(1.0, 2.0), Point::new(4.0, 6.0)] } }
    }

    #[test]
    fn a_length_is_as_long_as_its_plane_says() {
        let of = |plane, spacing_mm| LengthMeasure::of(length(plane), 6, 20, spacing_mm);
        // Three along the rows, four down.
        let spacing_mm = Some([1.0, 2.0, 3.0]);
        let slice = of(Plane::Slice, spacing_mm);
        assert_eq!((slice.plane, slice.at, slice.unit, slice.length), ("axial", 7, "mm", 3f64.hypot(8.0)));
        assert_eq!(slice.ends, [[1.0, 2.0, 6.0], [4.0, 6.0, 6.0]]);
        let sagittal = of(Plane::Cut(Cut::Sagittal, 90), spacing_mm);
        assert_eq!((sagittal.plane, sagittal.at, sagittal.length), ("sagittal", 91, 6f64.hypot(12.0)));
        assert_eq!(sagittal.ends, [[90.0, 1.0, 17.0], [90.0, 4.0, 13.0]], "the highest slice is on top");
        let coronal = of(Plane::Cut(Cut::Coronal, 8), spacing_mm);
        assert_eq!((coronal.plane, coronal.at, coronal.length), ("coronal", 9, 3f64.hypot(12.0)));
        assert_eq!(coronal.ends[1], [4.0, 8.0, 13.0]);
        let unknown = of(Plane::Slice, None);
        assert_eq!((unknown.unit, unknown.length), ("px", 5.0));
    }
}
