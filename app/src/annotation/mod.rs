//! What the network and a person say of the slices: answers, corrections, and the masks that follow from both.

mod ask;
pub mod brush;
mod correct;
mod drawing;
pub mod edits;
mod foresee;
mod keeping;
pub mod lengths;
mod masks;
mod propagate;
pub mod record;
mod restoring;
mod review;
mod settle;
pub mod step;
pub mod tool;
mod undo;
mod unsaved;

use std::collections::HashMap;
use std::sync::Arc;

use imaging::{Contour, Mask, Overlap, ProbabilityMap, PromptKind, contour};
use leptos::prelude::*;
use protocol::{FileId, Times};

use crate::documents::Documents;
use crate::inference::{Engine, Inference};
use crate::notices::Notices;
pub use correct::Erased;
use drawing::Drawing;
use edits::Edits;
use foresee::Foreseen;
use keeping::Kept;
use masks::SliceMask;
use propagate::Carrying;
use tool::{BRUSH_PX, BRUSH_STEP, Tool};
use unsaved::Unsaved;

/// What the network said of a slice.
#[derive(Debug, PartialEq)]
pub struct Segmentation {
    /// Probability that there is tumour at all.
    pub presence: f32,
    /// Probabilities of the pixels; none where the presence head called the slice empty.
    pub map: Option<Arc<ProbabilityMap>>,
    /// How long it took.
    pub times: Times,
}

/// The store of masks and corrections. Copies are the same.
#[derive(Clone, Copy)]
pub struct Annotation {
    inference: Inference,
    notices: Notices,
    documents: Documents,
    /// What the pointer does on the slice.
    pub tool: RwSignal<Tool>,
    /// What scribbles and loops say.
    pub said: RwSignal<PromptKind>,
    /// Whether the tool that goes round a region draws boxes.
    pub boxed: RwSignal<bool>,
    drawing: RwSignal<Option<Drawing>>,
    foreseen: RwSignal<Option<Foreseen>>,
    /// What an answer to one prompt takes by and by, in milliseconds, once there was one.
    prompt_ms: StoredValue<Option<f64>>,
    /// Radius of brush and eraser, in pixels of the slice.
    pub brush_px: RwSignal<f64>,
    /// Whether the network's own mask is shown in place of the corrected one.
    pub before: RwSignal<bool>,
    /// The mask that is being carried through the slices.
    pub carrying: RwSignal<Option<Carrying>>,
    /// The masks of all slices that the network or a person has said something of.
    pub masks: RwSignal<HashMap<FileId, SliceMask>>,
    /// What the network said of the slice on screen.
    pub segmentation: Memo<Option<Arc<Segmentation>>>,
    /// Probability from which a pixel of it is tumour.
    pub threshold: Memo<f32>,
    /// The one that the model comes with.
    pub own_threshold: Memo<f32>,
    /// Its probabilities, after the prompts.
    pub map: Memo<Option<Arc<ProbabilityMap>>>,
    /// Its mask at the threshold, with every correction.
    pub mask: Memo<Option<Arc<Mask>>>,
    /// The mask without corrections.
    pub automatic_mask: Memo<Option<Arc<Mask>>>,
    /// The mask to show: the corrected one, or the network's own while that is asked for.
    pub shown_mask: Memo<Option<Arc<Mask>>>,
    /// The mask against the label.
    pub overlap: Memo<Option<Overlap>>,
    /// What is kept on this computer.
    pub kept: Kept,
    segmentations: RwSignal<HashMap<FileId, Arc<Segmentation>>>,
    edits: RwSignal<HashMap<FileId, Edits>>,
    /// Slices whose mask has still to follow their history.
    stale: StoredValue<Vec<FileId>>,
    /// What a person did since it was saved last.
    unsaved: StoredValue<Unsaved>,
    last_number: StoredValue<u32>,
    last_later: StoredValue<u32>,
}

impl Annotation {
    /// A store with nothing in it.
    pub fn new(inference: Inference, notices: Notices, documents: Documents) -> Self {
        let Documents { selected, picture, label, .. } = documents;
        let Inference { engine, .. } = inference;
        let segmentations = RwSignal::new(HashMap::<FileId, Arc<Segmentation>>::new());
        let edits = RwSignal::new(HashMap::<FileId, Edits>::new());
        let masks = RwSignal::new(HashMap::<FileId, SliceMask>::new());
        let before = RwSignal::new(false);

        let segmentation = Memo::new(move |_| segmentations.with(|all| all.get(&selected.get()?).cloned()));
        let own_threshold = Memo::new(move |_| engine.with(Engine::threshold));
        let threshold =
            Memo::new(move |_| with_edits_of(edits, selected, Edits::threshold).unwrap_or_else(|| own_threshold.get()));
        let map = Memo::new(move |_| {
            let found = segmentation.get();
            let automatic = found.as_ref().and_then(|found| found.map.as_ref());
            with_edits_of(edits, selected, |edits| edits.map(automatic).cloned())
        });
        let mask = Memo::new(move |_| masks.with(|masks| Some(masks.get(&selected.get()?)?.mask.clone())));
        let automatic_mask = Memo::new(move |_| {
            let (picture, found) = (picture.get()?, segmentation.get()?);
            Some(Arc::new(Edits::default().mask(found.map.as_ref(), own_threshold.get(), picture.size())))
        });
        let shown_mask = Memo::new(move |_| if before.get() { automatic_mask.get() } else { mask.get() });
        let overlap = Memo::new(move |_| Overlap::between(&*mask.get()?, &*label.get()?).ok());
        Self {
            inference,
            notices,
            documents,
            tool: RwSignal::new(Tool::Add),
            said: RwSignal::new(PromptKind::Tumor),
            boxed: RwSignal::new(false),
            drawing: RwSignal::new(None),
            foreseen: RwSignal::new(None),
            prompt_ms: StoredValue::new(None),
            brush_px: RwSignal::new(6.0),
            before,
            carrying: RwSignal::new(None),
            masks,
            segmentation,
            threshold,
            own_threshold,
            map,
            mask,
            automatic_mask,
            shown_mask,
            overlap,
            kept: Kept::open(),
            segmentations,
            edits,
            stale: StoredValue::new(Vec::new()),
            unsaved: StoredValue::new(Unsaved::default()),
            last_number: StoredValue::new(0),
            last_later: StoredValue::new(0),
        }
    }

    /// What `read` says of the corrections of the slice on screen.
    pub fn with_edits<T>(self, read: impl FnOnce(&Edits) -> T) -> T {
        with_edits_of(self.edits, self.documents.selected, read)
    }

    /// What `read` says of the corrections of a slice.
    pub fn with_edits_at<T>(self, file: FileId, read: impl FnOnce(&Edits) -> T) -> T {
        self.edits.with(|all| match all.get(&file) {
            Some(edits) => read(edits),
            None => read(&Edits::default()),
        })
    }

    /// The outline of the mask to show.
    pub fn shown_contour(self) -> Option<Contour> {
        let mask = self.shown_mask.get()?;
        let (map, threshold) = match self.before.get() {
            true => (self.segmentation.get()?.map.clone(), self.inference.engine.with(Engine::threshold)),
            false => (self.map.get(), self.threshold.get()),
        };
        // Maps of another size are of a slice that was on screen before.
        let map = map.filter(|map| (map.width(), map.height()) == (mask.width(), mask.height()));
        Some(contour(&mask, map.as_deref().map(|map| (map, threshold))))
    }

    /// What the network said of a slice.
    pub fn segmentation_of(self, file: FileId) -> Option<Arc<Segmentation>> {
        self.segmentations.with(|all| all.get(&file).cloned())
    }

    /// Whether a person corrected the mask of a slice.
    pub fn is_corrected(self, file: FileId) -> bool {
        self.edits.with(|all| all.get(&file).is_some_and(Edits::is_corrected))
    }

    /// The probabilities that hold on a slice.
    pub fn map_of(self, file: FileId) -> Option<Arc<ProbabilityMap>> {
        let found = self.segmentation_of(file);
        let automatic = found.as_ref().and_then(|found| found.map.as_ref());
        self.edits.with(|all| all.get(&file).map_or(automatic, |edits| edits.map(automatic)).cloned())
    }

    /// Makes the brush smaller (negative) or larger (positive) by some steps.
    pub fn resize_brush(self, steps: i32) {
        self.brush_px.update(|radius| *radius = (*radius * BRUSH_STEP.powi(steps)).clamp(BRUSH_PX.0, BRUSH_PX.1));
    }

    /// A number for a step or a drag that no other has.
    pub fn fresh_number(self) -> u32 {
        self.last_number.update_value(|number| *number += 1);
        self.last_number.get_value()
    }
}

/// What `read` says of the corrections of the selected slice; the history is not copied, since it grows.
fn with_edits_of<T>(
    edits: RwSignal<HashMap<FileId, Edits>>,
    selected: RwSignal<Option<FileId>>,
    read: impl FnOnce(&Edits) -> T,
) -> T {
    let id = selected.get();
    edits.with(|all| match id.and_then(|id| all.get(&id)) {
        Some(edits) => read(edits),
        None => read(&Edits::default()),
    })
}
