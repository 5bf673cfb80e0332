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
    /// [`LabelMapError::Grid`] if the file's grid is neither that of the study's file nor that of its slices.
    pub fn on(&self, study: &Composite) -> Result<Vec<u8>, LabelMapError> {
        if self.geometry.same_grid(&study.source) {
            return Ok(study.from_source(&self.marked));
        }
        // The same voxels in another order of axes.
        let turn = self.geometry.to_lps();
        if self.geometry.turned(&turn).same_grid(&study.geometry) {
            return Ok(turn.turn(&self.marked, self.geometry.size));
        }
        Err(LabelMapError::Grid { expected: study.source.size, found: self.geometry.size })
    }
}
