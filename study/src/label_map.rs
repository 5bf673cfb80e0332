//! Marked voxels of a file, on the slices of an open study.

use imaging::GridSize;
use thiserror::Error;

use crate::composite::Composite;
use crate::geometry::Geometry;
use crate::series::Series;

/// Why a label map does not belong to a study.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LabelMapError {
    /// Its grid is another.
    #[error("it marks a grid of {found} voxels that is not the study's of {expected}")]
    Grid {
        /// The study's grid.
        expected: GridSize,
        /// The file's.
        found: GridSize,
    },
    /// Its grid has the same size at another place.
    #[error("its grid has the size of the study's, but lies elsewhere in the patient or is turned")]
    Elsewhere,
}

/// Marked voxels on the grid of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMap {
    /// The grid.
    pub geometry: Geometry,
    /// 1 where something is marked, 0 elsewhere.
    pub marked: Vec<u8>,
}

impl LabelMap {
    /// Every voxel of a volume that is not zero.
    pub fn of(series: &Series) -> Self {
        let values = &series.volume.values;
        let marked = (0..values.len()).map(|at| u8::from(values.get(at) != 0.0)).collect();
        Self { geometry: series.volume.geometry, marked }
    }

    /// The same on the slices of a study; `i` fastest.
    ///
    /// # Errors
    ///
    /// [`LabelMapError`] if the file's grid is neither that of the study's file nor that of its slices.
    pub fn on(&self, study: &Composite) -> Result<Vec<u8>, LabelMapError> {
        if self.geometry.same_grid(&study.source) {
            return Ok(study.from_source(&self.marked));
        }
        // The same voxels in another order of axes.
        let turn = self.geometry.to_lps();
        if self.geometry.turned(&turn).same_grid(&study.geometry) {
            return Ok(turn.turn(&self.marked, self.geometry.size));
        }
        let (expected, found) = (study.source.size, self.geometry.size);
        Err(if expected == found { LabelMapError::Elsewhere } else { LabelMapError::Grid { expected, found } })
    }
}
