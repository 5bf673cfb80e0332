//! The sample as the page's worker and the engine have it.

use std::fs;

use burn::prelude::Device;
use catalog::{Catalog, Host};
use engine::{Manifest, Segmenter};
use protocol::{FileId, FromWorker, Pieces, StudyId, ToWorker};

use super::{SEQUENCES, model, sample};

/// The study that was opened, and its first slice.
#[derive(Default)]
struct Desk(Option<(StudyId, FileId)>);

impl Host for Desk {
    fn now_ms(&self) -> f64 {
        0.0
    }

    fn random(&mut self) -> u128 {
        0
    }

    fn reply(&mut self, message: FromWorker<Pieces>) {
        if let FromWorker::StudyOpened { info, .. } = message {
            self.0 = Some((info.study, info.first));
        }
    }
}

/// So many slices of the sample in a catalog: the study, and its first slice.
pub fn opened(slices: usize) -> (Catalog, StudyId, FileId) {
    let (mut catalog, mut desk) = (Catalog::default(), Desk::default());
    for (at, sequence) in SEQUENCES.iter().enumerate() {
        let (file, name) = (FileId(at as u32 + 1), format!("a_{sequence}.nii"));
        catalog.handle(ToWorker::Open { file, name, bytes: sample(sequence, slices).into() }, &mut desk);
    }
    catalog.handle(ToWorker::Settle { on_screen: None }, &mut desk);
    let (study, first) = desk.0.unwrap();
    (catalog, study, first)
}

/// The engine with the model.
pub fn segmenter() -> Segmenter {
    let folder = model();
    let manifest = Manifest::parse(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let weights = fs::read(folder.join(&manifest.weights.file)).unwrap();
    Segmenter::new(manifest, weights, Device::flex()).unwrap()
}
