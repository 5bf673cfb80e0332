//! Surfaces of the head and of the tumour of the study on screen, and of another time point's tumour, as the files worker makes them
//! of the masks.

use std::sync::Arc;

use js_sys::{Float32Array, Uint8Array, Uint32Array};
use leptos::prelude::*;
use protocol::{Onto, StudyId, Surface, ToWorker};

use super::Results;
use super::export::marks;
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
    pub tumor: Option<Arc<Shape>>,
    /// Around the head, where one was found.
    pub head: Option<Arc<Shape>>,
}

/// The tumour of another time point, laid onto the study on screen by their registration.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherSurface {
    /// The other study, and the one that it was laid onto.
    pair: (StudyId, StudyId),
    tumor: Option<Arc<Shape>>,
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
                let (study, marks) = (study.info.study, marks(&marked).into());
                let head = self.head_of(study).is_none();
                self.documents.send(&ToWorker::Surfaces { study, marks, head, onto: None });
            }
        };
        set_timeout(ask, REST);
    }

    /// Asks the worker for the tumour of the other time point where the study on screen has it, if the two are registered, once no
    /// more is asked for in a while.
    pub fn ask_for_other_surface(self) {
        let asked = self.annotation.fresh_number();
        self.other_asked.set_value(asked);
        let ask = move || {
            let registered = untrack(|| self.compared.registered_back());
            let Some((here, other, voxels)) = registered.filter(|_| self.other_asked.get_value() == asked) else {
                return;
            };
            if let Some(study) = self.documents.study(other) {
                let (marked, _) = self.annotation.study_mask(&study);
                let (marks, onto) = (marks(&marked).into(), Some(Onto { study: here, voxels }));
                self.documents.send(&ToWorker::Surfaces { study: other, marks, head: false, onto });
            }
        };
        set_timeout(ask, REST);
    }

    /// The tumour of the other time point where the study on screen has it, if the two are registered and it was drawn.
    pub fn other_tumor(self) -> Option<Arc<Shape>> {
        let (here, other, _) = self.compared.registered_back()?;
        self.other_surface.with(|found| found.as_ref().filter(|found| found.pair == (other, here))?.tumor.clone())
    }

    /// The worker has drawn surfaces.
    pub fn take_surfaces(
        self,
        study: StudyId,
        onto: Option<StudyId>,
        grid: [f64; 12],
        tumor: Option<Surface<Uint8Array>>,
        head: Option<Surface<Uint8Array>>,
    ) {
        let [tumor, head] = [tumor, head].map(|surface| surface.as_ref().map(|surface| Arc::new(Shape::of(surface))));
        if let Some(onto) = onto {
            return self.other_surface.set(Some(OtherSurface { pair: (study, onto), tumor }));
        }
        let head = head.or_else(|| self.head_of(study));
        self.surfaces.set(Some(Surfaces { study, grid, tumor, head }));
    }

    /// The surface of a study's head, if it was drawn before.
    fn head_of(self, study: StudyId) -> Option<Arc<Shape>> {
        let here = |surfaces: &&Surfaces| surfaces.study == study;
        self.surfaces.with_untracked(|surfaces| surfaces.as_ref().filter(here)?.head.clone())
    }
}
