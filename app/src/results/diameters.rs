//! The diameters of the masks of what is open: computed in one place, and anew only where a mask is another.

use std::collections::HashMap;
use std::sync::Arc;

use imaging::{Diameters, Mask};
use leptos::prelude::*;
use protocol::FileId;

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::inference::{Inference, Question};

/// The diameters computed of a slice, and of which mask.
#[derive(Clone, Debug)]
struct Measured {
    file: FileId,
    mask: Arc<Mask>,
    diameters: Option<Diameters>,
}

impl PartialEq for Measured {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file && Arc::ptr_eq(&self.mask, &other.mask)
    }
}

/// What was computed of the study on screen, or of the lone slice, and of studies that it was compared with. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Computed {
    on_screen: Memo<Vec<Measured>>,
    known: StoredValue<HashMap<FileId, Measured>>,
}

impl Computed {
    /// The diameters of what is open. While the network answers a click they stay as they were, since they take longer than
    /// all else that a click changes.
    pub fn of_open(inference: Inference, documents: Documents, annotation: Annotation) -> Self {
        let Documents { selected, picture, .. } = documents;
        let answering = Memo::new(move |_| {
            let running = inference.running.get();
            running.is_some_and(|r| r.question == Question::Prompts && Some(r.file) == selected.get())
        });
        // The first slice, how many there are, and their spacing.
        let open = Memo::new(move |_| match documents.study_on_screen() {
            Some(study) => {
                Some((study.info.first, study.slices() as u32, study.info.spacing_mm.map(|[x, y, _]| [x, y])))
            }
            None => Some((selected.get()?, 1, picture.with(|picture| picture.as_ref()?.spacing_mm))),
        });
        let known = StoredValue::new(HashMap::new());
        let on_screen = Memo::new(move |before: Option<&Vec<Measured>>| {
            let Some((first, slices, spacing_mm)) = open.get() else { return Vec::new() };
            let before = before.map(Vec::as_slice).unwrap_or_default();
            let is_open = |file: FileId| (first.0..first.0 + slices).contains(&file.0);
            if answering.get() && before.first().is_some_and(|known| is_open(known.file)) {
                return before.to_vec();
            }
            // Of what was closed nothing is kept.
            annotation.masks.with(|masks| known.update_value(|known| known.retain(|file, _| masks.contains_key(file))));
            let of = |file: FileId| {
                let mask = annotation.masks.with(|masks| Some(masks.get(&file)?.mask.clone()))?;
                Some(measured(known, file, &mask, spacing_mm))
            };
            (first.0..first.0 + slices).map(FileId).filter_map(of).collect()
        });
        Self { on_screen, known }
    }

    /// The diameters of every slice that has a mask, `None` where nothing is marked.
    pub fn each(self) -> Vec<(FileId, Option<Diameters>)> {
        self.on_screen.with(|measured| measured.iter().map(|slice| (slice.file, slice.diameters)).collect())
    }

    /// The diameters of a slice.
    pub fn of(self, file: FileId) -> Option<Diameters> {
        self.on_screen.with(|measured| measured.iter().find(|slice| slice.file == file)?.diameters)
    }

    /// The diameters of a mask of a slice, which may have come since.
    pub fn of_mask(self, file: FileId, mask: &Arc<Mask>, spacing_mm: Option<[f64; 2]>) -> Option<Diameters> {
        measured(self.known, file, mask, spacing_mm).diameters
    }
}

/// The diameters of a mask, in pixels where no spacing is known: those that it had, if it was measured before.
fn measured(
    known: StoredValue<HashMap<FileId, Measured>>,
    file: FileId,
    mask: &Arc<Mask>,
    spacing_mm: Option<[f64; 2]>,
) -> Measured {
    let before = known.with_value(|known| known.get(&file).filter(|before| Arc::ptr_eq(&before.mask, mask)).cloned());
    before.unwrap_or_else(|| {
        let diameters = Diameters::of(mask, spacing_mm.unwrap_or([1.0; 2]));
        let measured = Measured { file, mask: mask.clone(), diameters };
        known.update_value(|known| drop(known.insert(file, measured.clone())));
        measured
    })
}
