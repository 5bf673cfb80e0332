//! Two studies of one head: where the slices of one lie in the other, by their headers or by what they show.

use protocol::{FromWorker, Link, Pieces, StudyId};
use study::{Affine, Geometry, Placement, Registered, Registration, Role};

use crate::Catalog;
use crate::reasons::{keyed, why};

/// A registration of two studies on its way, a little at a time.
pub struct Registering {
    pair: (StudyId, StudyId),
    grids: [Geometry; 2],
    registration: Registration,
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
            Ok(registration) => Ok(Registering { pair: (fixed, moving), grids, registration }),
            Err(error) => Err(FromWorker::NotLinked { fixed, moving, why: why(&error) }),
        })
    }

    fn grids(&self, fixed: StudyId, moving: StudyId) -> Option<[Geometry; 2]> {
        Some([self.studies.get(fixed)?.composite.geometry, self.studies.get(moving)?.composite.geometry])
    }
}

impl Registering {
    /// Goes on for some milliseconds: what to tell the page, and whether that is all.
    pub fn step(&mut self) -> (FromWorker<Pieces>, bool) {
        let (fixed, moving) = self.pair;
        match self.registration.step() {
            Ok(None) => (FromWorker::Linking { fixed, moving, share: self.registration.progress() }, false),
            Ok(Some(found)) => (self.linked(&found), true),
            Err(error) => (FromWorker::NotLinked { fixed, moving, why: why(&error) }, true),
        }
    }

    fn linked(&self, found: &Registered) -> FromWorker<Pieces> {
        let ((fixed, moving), [a, b]) = (self.pair, self.grids);
        let there = between(a, b, &found.moving_from_fixed);
        let back = found.moving_from_fixed.inverse().and_then(|motion| between(b, a, &motion));
        let (Some(there), Some(back), Some(shift_mm)) = (there, back, found.shift_mm(&a)) else {
            let why = keyed("link-flat", Vec::new(), "their grids have no volume".to_owned());
            return FromWorker::NotLinked { fixed, moving, why };
        };
        let registration = Some(protocol::Registration {
            sure: found.is_sure(),
            spread_mm: found.spread_mm,
            overlap: found.overlap,
            turn_degrees: found.turn_degrees(),
            shift_mm,
        });
        let placed = a.is_placed();
        FromWorker::Linked {
            fixed,
            moving,
            link: Box::new(Link { voxels: there, placed, registration }),
            back: Box::new(Link { voxels: back, placed, registration }),
        }
    }
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
    rows(&to.in_mm()?.inverse()?.after(motion).after(&from.in_mm()?))
}

/// The numbers of a matrix, row by row; none if one of them is none.
pub(crate) fn rows(affine: &Affine) -> Option<[f64; 12]> {
    let rows: [f64; 12] = affine.0.as_flattened().try_into().ok()?;
    rows.iter().all(|number| number.is_finite()).then_some(rows)
}
