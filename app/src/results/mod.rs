//! What follows from the masks: measures, figures, reports and files to take along.

mod agreement;
pub mod calipers;
pub mod comments;
mod compared;
pub mod cuts;
mod diagnostics;
mod diameters;
pub mod export;
pub mod figure;
pub mod finding;
pub mod follow_up;
mod late;
mod links;
pub mod location;
pub mod measures;
mod naming;
pub mod planes;
pub mod presence;
mod print;
pub mod review;
pub mod saving;
pub mod surfaces;
pub mod written;

use std::sync::Arc;

use imaging::{Diameters, Overlap};
use leptos::prelude::*;
use protocol::FileId;

use crate::annotation::Annotation;
use crate::annotation::edits::Edits;
use crate::documents::Documents;
use crate::inference::Inference;
use crate::viewport::Viewport;
use comments::Comments;
use compared::Compared;
use diameters::Computed;
use export::Report;
use finding::Finding;
use follow_up::{Patients, Timeline};
use late::Late;
use links::Links;
use location::Midlines;
use review::ToReview;
use surfaces::{OtherSurface, Surfaces};

/// The store of results. Copies are the same.
#[derive(Clone, Copy)]
pub struct Results {
    inference: Inference,
    documents: Documents,
    annotation: Annotation,
    viewport: Viewport,
    /// The report that is being printed.
    pub printed: RwSignal<Option<Report>>,
    /// Whether a person is writing comments for it.
    pub report_shown: RwSignal<bool>,
    /// Whether files that are saved leave patient data out.
    pub without_patient: RwSignal<bool>,
    /// The mask of the whole study on screen against its label, once every labelled slice has its answer.
    pub volume_overlap: Memo<Option<Overlap>>,
    finding: Late<Option<Arc<Finding>>>,
    /// The slices of it that a person should look at.
    pub review: Memo<Vec<ToReview>>,
    /// Which studies are of one patient.
    pub patients: Patients,
    timeline: Late<Option<Arc<Timeline>>>,
    links: Links,
    /// Midlines, and where tumours lie beside them.
    pub midlines: Midlines,
    /// How studies lie in each other.
    pub compared: Compared,
    /// The surfaces of a study that was seen in three dimensions.
    pub surfaces: RwSignal<Option<Surfaces>>,
    surfaces_asked: StoredValue<u32>,
    other_surface: RwSignal<Option<OtherSurface>>,
    other_asked: StoredValue<u32>,
    /// Slices that a person looked at and found right.
    accepted: RwSignal<Vec<FileId>>,
    comments: RwSignal<Comments>,
    /// The diameters computed of what is open.
    computed: Computed,
}

impl Results {
    /// A store of what follows from others.
    pub fn new(inference: Inference, documents: Documents, annotation: Annotation, viewport: Viewport) -> Self {
        let computed = Computed::of_open(inference, documents, annotation);
        let accepted = RwSignal::new(Vec::new());
        let links = Links::new();
        Self {
            inference,
            documents,
            annotation,
            viewport,
            printed: RwSignal::new(None),
            report_shown: RwSignal::new(false),
            without_patient: RwSignal::new(false),
            volume_overlap: agreement::of_study(documents, annotation),
            finding: Late::new(),
            review: review::of_study(inference, documents, annotation, accepted),
            patients: Patients::new(documents),
            timeline: Late::new(),
            links,
            midlines: Midlines::new(),
            compared: Compared::new(documents, annotation, links),
            surfaces: RwSignal::new(None),
            surfaces_asked: StoredValue::new(0),
            other_surface: RwSignal::new(None),
            other_asked: StoredValue::new(0),
            accepted,
            comments: RwSignal::new(Comments::default()),
            computed,
        }
    }

    /// The diameters of a slice: those that a person drew, or those that `compute` gives.
    fn diameters(self, file: FileId, compute: impl FnOnce() -> Option<Diameters>) -> Option<Diameters> {
        self.annotation.with_edits_at(file, Edits::diameters).or_else(compute)
    }

    /// Slices have other numbers: what a person found right of them no longer holds.
    pub fn outdate(self, files: &[FileId]) {
        self.accepted.update(|all| all.retain(|file| !files.contains(file)));
        // Heads that were drawn of the numbers before.
        self.surfaces.set(None);
        self.other_surface.set(None);
    }

    /// The diameters of the mask on screen.
    pub fn shown_diameters(self) -> Option<Diameters> {
        let file = self.documents.selected.get()?;
        self.diameters(file, || self.computed.of(file))
    }
}
