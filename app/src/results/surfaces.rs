//! Surfaces of the head and of the tumour of the study on screen, as the files worker makes them of its mask.

use js_sys::{Float32Array, Uint8Array, Uint32Array};
use leptos::prelude::*;
use protocol::{StudyId, Surface, ToWorker};

use super::Results;
use crate::inference::REST;

/// A surface of triangles.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Corners as x, y and z, in millimetres.
    pub positions: Vec<f32>,
    /// Three corners for each triangle.
    pub corners: Vec<u32>,
}

/// The surfaces of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Surfaces {
    /// Which.
    pub study: StudyId,
    /// From voxels of its slices to the surfaces' millimetres: the rows of a 3 × 4 matrix.
    pub grid: [f64; 12],
    /// Around what is marked, if anything is.
    pub tumor: Option<Shape>,
    /// Around the head, where one was found.
    pub head: Option<Shape>,
}

impl Shape {
    fn of(surface: &Surface<Uint8Array>) -> Self {
        let (positions, corners) = (surface.positions_mm.buffer.buffer(), surface.triangles.buffer.buffer());
        Self { positions: Float32Array::new(&positions).to_vec(), corners: Uint32Array::new(&corners).to_vec() }
    }
}

impl Results {
    /// Asks the worker for the surfaces of the study on screen, once no more is asked for in a while.
    pub fn ask_for_surfaces(self) {
        let asked = self.annotation.fresh_number();
        self.surfaces_asked.set_value(asked);
        let ask = move || {
            let study = untrack(|| self.documents.study_on_screen());
            if let Some(study) = study.filter(|_| self.surfaces_asked.get_value() == asked) {
                let (marked, _) = self.annotation.study_mask(&study);
                let marks: Vec<u8> = marked.into_iter().map(u8::from).collect();
                self.documents
                    .send(&ToWorker::Surfaces { study: study.info.study, marks: Uint8Array::from(&marks[..]).into() });
            }
        };
        set_timeout(ask, REST);
    }

    /// The worker has drawn surfaces.
    pub fn take_surfaces(
        self,
        study: StudyId,
        grid: [f64; 12],
        tumor: Option<Surface<Uint8Array>>,
        head: Option<Surface<Uint8Array>>,
    ) {
        let [tumor, head] = [tumor, head].map(|surface| surface.as_ref().map(Shape::of));
        self.surfaces.set(Some(Surfaces { study, grid, tumor, head }));
    }
}
