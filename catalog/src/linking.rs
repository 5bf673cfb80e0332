//! Two studies of one head, or two sequences of one study: where the slices of one lie in the other, by their headers or by what
//! they show.

use protocol::{FromWorker, Link, Motion, Pieces, StudyId, Why};
use study::{Affine, Geometry, Placement, Registered, Registration, Role};

use crate::Catalog;
use crate::reasons::{keyed, why};

/// A registration on its way, a little at a time.
pub struct Registering {
    of: Of,
    registration: Registration,
}

/// What is registered.
enum Of {
    /// Two studies, the second to the first.
    Studies { pair: (StudyId, StudyId), grids: [Geometry; 2] },
    /// A sequence, to the FLAIR of its study, which has this grid.
    Sequence { study: StudyId, sequence: usize, fixed: Geometry },
}

impl Catalog {
    /// Where the slices of a study lie in another, by their headers: the reply to the page; none if one is closed.
    pub fn link(&self, fixed: StudyId, moving: StudyId) -> Option<FromWorker<Pieces>> {
        let [a, b] = self.grids(fixed, moving)?;
        let linked = by_headers(a, b).zip(by_headers(b, a));
        Some(match linked {
            Some((link, back)) => FromWorker::Linked { fixed, moving, link: Box::new(link), back: Box::new(back) },
            None => {
                let english = "the files do not say how far apart the voxels are".to_owned();
                FromWorker::NotLinked { fixed, moving, why: keyed("link-unspaced", Vec::new(), english) }
            }
        })
    }

    /// Begins to register a study with another; none if one is closed.
    ///
    /// # Errors
    ///
    /// The reply to the page if they cannot be compared.
    pub fn registering(&self, fixed: StudyId, moving: StudyId) -> Option<Result<Registering, FromWorker<Pieces>>> {
        let grids = self.grids(fixed, moving)?;
        let volume = |study: StudyId| Some(self.studies.get(study)?.composite.volume(Role::Flair as usize));
        let registration = Registration::new(&volume(fixed)?, &volume(moving)?);
        Some(match registration {
            Ok(registration) => Ok(Registering { of: Of::Studies { pair: (fixed, moving), grids }, registration }),
            Err(error) => Err(FromWorker::NotLinked { fixed, moving, why: why(&error) }),
        })
    }

    /// Begins to register a sequence to the FLAIR of its study; none if it is not there.
    ///
    /// # Errors
    ///
    /// The reply to the page if they cannot be compared.
    pub fn registering_sequence(
        &self,
        study: StudyId,
        sequence: usize,
    ) -> Option<Result<Registering, FromWorker<Pieces>>> {
        let (flair, moving) = self.studies.flair_and(study, sequence)?;
        let of = Of::Sequence { study, sequence, fixed: flair.geometry };
        Some(match Registration::new(&flair, &moving) {
            Ok(registration) => Ok(Registering { of, registration }),
            Err(error) => Err(FromWorker::SequenceNotRegistered { study, sequence, why: why(&error) }),
        })
    }

    fn grids(&self, fixed: StudyId, moving: StudyId) -> Option<[Geometry; 2]> {
        Some([self.studies.get(fixed)?.composite.geometry, self.studies.get(moving)?.composite.geometry])
    }
}

impl Registering {
    /// Goes on for some milliseconds: what to tell the page, and whether that is all.
    pub fn step(&mut self) -> (FromWorker<Pieces>, bool) {
        match self.registration.step() {
            Ok(None) => (self.of.on_its_way(self.registration.progress()), false),
            Ok(Some(found)) => (self.of.found(&found).unwrap_or_else(|why| self.of.not_found(why)), true),
            Err(error) => (self.of.not_found(why(&error)), true),
        }
    }
}

impl Of {
    fn on_its_way(&self, share: f64) -> FromWorker<Pieces> {
        match *self {
            Self::Studies { pair: (fixed, moving), .. } => FromWorker::Linking { fixed, moving, share },
            Self::Sequence { study, sequence, .. } => FromWorker::RegisteringSequence { study, sequence, share },
        }
    }

    fn not_found(&self, why: Why) -> FromWorker<Pieces> {
        match *self {
            Self::Studies { pair: (fixed, moving), .. } => FromWorker::NotLinked { fixed, moving, why },
            Self::Sequence { study, sequence, .. } => FromWorker::SequenceNotRegistered { study, sequence, why },
        }
    }

    fn found(&self, found: &Registered) -> Result<FromWorker<Pieces>, Why> {
        let flat = || keyed("link-flat", Vec::new(), "their grids have no volume".to_owned());
        let motion = &found.moving_from_fixed;
        match *self {
            Self::Studies { pair: (fixed, moving), grids: [a, b] } => {
                let registration = Some(figures(found, &a).ok_or_else(flat)?);
                let placed = a.is_placed();
                let link = |voxels| Box::new(Link { voxels, placed, registration });
                let there = between(a, b, motion).ok_or_else(flat)?;
                let back = motion.inverse().and_then(|motion| between(b, a, &motion)).ok_or_else(flat)?;
                Ok(FromWorker::Linked { fixed, moving, link: link(there), back: link(back) })
            }
            Self::Sequence { study, sequence, fixed } => {
                let registration = figures(found, &fixed).ok_or_else(flat)?;
                let moving_from_fixed = rows(motion).ok_or_else(flat)?;
                let motion = Box::new(Motion { moving_from_fixed, registration });
                Ok(FromWorker::SequenceRegistered { study, sequence, motion })
            }
        }
    }
}

/// What the page is told of a registration to a fixed grid; none if its distances are not known.
fn figures(found: &Registered, fixed: &Geometry) -> Option<protocol::Registration> {
    Some(protocol::Registration {
        sure: found.is_sure(),
        spread_mm: found.spread_mm,
        overlap: found.overlap,
        turn_degrees: found.turn_degrees(),
        shift_mm: found.shift_mm(fixed)?,
    })
}

/// The link of two grids where headers place both in the patient; otherwise their middles lie on each other.
fn by_headers(from: Geometry, to: Geometry) -> Option<Link> {
    let placed = from.is_placed() && to.is_placed();
    let spaced = |grid: Geometry| match placed {
        true => Some(grid),
        false => Some(Geometry { placement: Placement::Spaced(grid.spacing_mm()?), ..grid }),
    };
    let unmoved = Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
    Some(Link { voxels: between(spaced(from)?, spaced(to)?, &unmoved)?, placed, registration: None })
}

/// From voxels of one grid to those of another, if a motion leads from the one's millimetres to the other's.
fn between(from: Geometry, to: Geometry, motion: &Affine) -> Option<[f64; 12]> {
    rows(&to.voxels_from(&from, motion)?)
}

/// The numbers of a matrix, row by row; none if one of them is none.
pub(crate) fn rows(affine: &Affine) -> Option<[f64; 12]> {
    let rows: [f64; 12] = affine.0.as_flattened().try_into().ok()?;
    rows.iter().all(|number| number.is_finite()).then_some(rows)
}

/// The matrix of these rows.
pub(crate) fn affine(rows: &[f64; 12]) -> Affine {
    Affine(std::array::from_fn(|row| std::array::from_fn(|column| rows[4 * row + column])))
}
