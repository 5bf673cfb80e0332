//! Sequences that lie where a registration to the FLAIR of their study found them.

use protocol::{Motion, SeriesId, StudyId};

use super::{FLAIR, Studies};
use crate::{Host, Ids};

/// A volume that a registration laid onto a FLAIR.
pub(super) struct Placed {
    pub flair: SeriesId,
    pub moving: SeriesId,
    pub motion: Motion,
}

impl Studies {
    /// FLAIR as it lies on its study's grid, and the volume that another sequence is.
    pub fn flair_and(&self, id: StudyId, sequence: usize) -> Option<(study::Volume, study::Volume)> {
        let study = self.get(id).filter(|_| sequence != FLAIR)?;
        let moving = self.series((*study.chosen.get(sequence)?)?)?;
        Some((study.composite.volume(FLAIR), moving.volume.clone()))
    }

    /// Takes a sequence to lie where a registration says, or where headers say.
    pub fn place(&mut self, id: StudyId, sequence: usize, motion: Option<Motion>, ids: &mut Ids, host: &mut dyn Host) {
        let Some(study) = self.get(id).filter(|_| sequence != FLAIR) else { return };
        let (chosen, doubt) = (study.chosen, study.flair);
        let (Some(flair), Some(&Some(moving))) = (chosen[FLAIR], chosen.get(sequence)) else { return };
        let before = self.motion(Some(flair), Some(moving));
        if before.is_none() && motion.is_none() {
            return;
        }
        let set = |all: &mut Vec<Placed>, motion: Option<Motion>| {
            all.retain(|placed| (placed.flair, placed.moving) != (flair, moving));
            all.extend(motion.map(|motion| Placed { flair, moving, motion }));
        };
        set(&mut self.placed, motion);
        if !self.recompose(id, chosen, doubt, ids, host) {
            // What is shown is still as it was.
            set(&mut self.placed, before);
        }
    }

    /// How a volume was laid onto a FLAIR, if it was.
    pub(super) fn motion(&self, flair: Option<SeriesId>, moving: Option<SeriesId>) -> Option<Motion> {
        let is_it = |placed: &&Placed| (Some(placed.flair), Some(placed.moving)) == (flair, moving);
        self.placed.iter().find(is_it).map(|placed| placed.motion)
    }
}
