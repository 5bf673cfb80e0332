//! Messages of the page about files and studies into replies: what was dropped, what belongs together, what a label marks.
//!
//! Everything that is open lies here. The crate has no clock, no chance and no way to post: a [`Host`] brings them, so that
//! every event is tested natively. Large arrays leave as shared pieces and are never copied into one.

mod drop;
mod export;
pub mod formats;
mod groups;
mod head;
mod labels;
mod linking;
mod pictures;
pub mod reasons;
mod sessions;
mod studies;
mod subjects;
mod surfaces;

use std::borrow::Cow;

use imaging::{Slice, Surroundings};
use protocol::{FIRST_FOUND, FileId, FromWorker, Pieces, StudyId, ToWorker};
use sha2::{Digest, Sha256};
use study::{Composite, Secret};

use crate::drop::Drop;
pub use crate::linking::Registering;
use crate::pictures::Pictures;
use crate::studies::Studies;

pub use crate::drop::accompanies;
pub use crate::export::Request;
pub use crate::studies::MENU;
pub use crate::subjects::subjects;

/// What a catalog needs from outside.
pub trait Host {
    /// Milliseconds on some clock.
    fn now_ms(&self) -> f64;

    /// A random number.
    fn random(&mut self) -> u128;

    /// Tells the page something.
    fn reply(&mut self, message: FromWorker<Pieces>);
}

/// Everything that is open, and what waits for the rest of its drop.
#[derive(Default)]
pub struct Catalog {
    pictures: Pictures,
    studies: Studies,
    drop: Drop,
    ids: Ids,
    /// What files without patient data have identifiers by, once there is one.
    secret: Option<Secret>,
}

/// A slice that a question is about.
pub struct OpenSlice<'a> {
    /// The slice.
    pub slice: Cow<'a, Slice>,
    /// What it is taken from.
    pub surroundings: Surroundings,
}

impl Catalog {
    /// Does what a message asks for and replies through `host`. Messages to a device change nothing.
    pub fn handle(&mut self, message: ToWorker<Vec<u8>>, host: &mut dyn Host) {
        match message {
            ToWorker::Open { file, name, bytes } => self.open(file, &name, &bytes.buffer, host),
            ToWorker::Settle { on_screen } => self.settle(on_screen, host),
            ToWorker::Compose { study, series } => self.studies.compose(study, series, &mut self.ids, host),
            ToWorker::TakeVolume { study, sequence, number } => {
                self.studies.take_volume(study, sequence, number, &mut self.ids, host);
            }
            ToWorker::Stack { files, name } => self.stack(&files, &name, host),
            ToWorker::Export { study, export, deidentified, corrected, threshold, now, model } => {
                let deidentified = deidentified.then(|| self.secret(host));
                if let Some(study) = self.studies.get(study) {
                    Request { export, corrected, threshold, now, model, deidentified }.write(study, host);
                }
            }
            ToWorker::PackSession { session, maps, measures } => {
                host.reply(sessions::packed(&session, maps.buffer, measures.buffer));
            }
            ToWorker::FindMidline { study } => {
                if let Some(reply) = self.studies.get(study).and_then(surfaces::midline) {
                    host.reply(reply);
                }
            }
            ToWorker::Surfaces { study, marks, head, onto } => {
                if let Some(reply) = self.surfaces(study, &marks.buffer, head, onto) {
                    host.reply(reply);
                }
            }
            // To register takes a while: whoever has the messages goes on with it, by [`Self::registering`].
            ToWorker::Link { fixed, moving, .. } => {
                if let Some(reply) = self.link(fixed, moving) {
                    host.reply(reply);
                }
            }
            ToWorker::PlaceSequence { study, sequence, motion } => {
                self.studies.place(study, sequence, motion.map(|motion| *motion), &mut self.ids, host);
            }
            ToWorker::LookAt { file, at } => self.pictures.look_at(file, at, host),
            ToWorker::Close { file } => self.pictures.close(file),
            ToWorker::CloseStudy { study } => self.studies.close(study),
            // As above, by [`Self::registering_sequence`].
            ToWorker::RegisterSequence { .. }
            | ToWorker::Start { .. }
            | ToWorker::HandOut { .. }
            | ToWorker::Take { .. }
            | ToWorker::Segment { .. }
            | ToWorker::Refine { .. }
            | ToWorker::Cancel => {}
        }
    }

    /// The slice of this id.
    pub fn slice(&self, file: FileId) -> Option<OpenSlice<'_>> {
        self.pictures.slice(file).or_else(|| self.studies.slice(file))
    }

    /// One secret for as long as the catalog is there, so that files without patient data refer to each other.
    fn secret(&mut self, host: &mut dyn Host) -> Secret {
        self.secret.get_or_insert_with(|| Secret::random(|| host.random())).clone()
    }

    /// Closes a study and hands its volumes over, to whoever looks at them in no other way.
    pub fn take_study(&mut self, study: StudyId) -> Option<Composite> {
        self.studies.take(study)
    }

    /// Number of volumes in memory.
    pub fn volumes(&self) -> usize {
        self.studies.volumes()
    }

    /// Number of pictures in memory.
    pub fn pictures(&self) -> usize {
        self.pictures.len()
    }
}

/// Numbers that were not given away before, for files within files, slices, volumes and studies alike.
#[derive(Default)]
pub(crate) struct Ids(u32);

impl Ids {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }

    /// A file within another one.
    pub(crate) fn file(&mut self) -> FileId {
        FileId(FIRST_FOUND + self.next())
    }

    /// The first of so many files in a row.
    pub(crate) fn files(&mut self, count: usize) -> FileId {
        let first = self.file();
        self.0 += count.saturating_sub(1) as u32;
        first
    }

    pub(crate) fn study(&mut self) -> StudyId {
        StudyId(self.next())
    }
}

/// Distinguishes some bytes from others.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    let hash = Sha256::digest(bytes);
    u64::from_le_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

/// The name, or with a number behind it where `taken` knows it already.
pub(crate) fn distinct(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
