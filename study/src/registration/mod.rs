//! Two volumes into the rigid motion that lays one onto the other, by the information that they have in common: two
//! examinations of one head, or two sequences.
//!
//! Nothing is moved here: who undoes a registration leaves its [`Registered`] out. Volumes of a tumour are measured on the
//! grid that they were drawn on, not on one that they were brought onto.
//!
//! # Source
//!
//! Mutual information: Maes et al. 1997, doi 10.1109/42.563664; normalised: Studholme et al. 1999,
//! doi 10.1016/S0031-3203(98)00091-0.

mod head;
mod information;
mod places;
mod powell;
mod rigid;
mod search;

use std::ops::ControlFlow;

use thiserror::Error;

use crate::geometry::{Affine, Geometry, Placement, distance};
use crate::reduced::Reduced;
use crate::volume::{Values, Volume};
use search::{Found, Search};

/// Share of the fixed head that has to be in the other volume.
const LEAST_OVERLAP: f64 = 0.4;
/// Searches from places apart that end further from each other than this found nothing, in mm.
const MOST_SPREAD_MM: f64 = 4.0;
/// Up to this they agree.
const SURE_MM: f64 = 1.0;
/// Volumes that have less in common than this show different things.
const LEAST_INFORMATION: f64 = 0.03;

/// Why two volumes were not laid onto each other.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum RegistrationError {
    /// A volume does not say how large it is.
    #[error(
        "a file does not say how far apart its voxels are, so that sizes cannot be compared; open it with its header"
    )]
    Unspaced,
    /// One says where in the patient it lies, the other only how far apart its voxels are.
    #[error("only one of both says where in the patient it lies; open both with their headers")]
    Unplaced,
    /// A volume shows nothing.
    #[error("all voxels of a volume are alike; choose another sequence")]
    Empty,
    /// Too little of one is in the other.
    #[error("only {:.0} % of the head is in both; choose series that show the same part of it", 100.0 * .0)]
    Overlap(f64),
    /// Searches that began apart ended apart.
    #[error(
        "searches from different places end {0:.1} mm apart, so that none is to be trusted; choose another sequence"
    )]
    Unsure(f64),
    /// They tell nothing of each other.
    #[error("both have nothing in common; look whether they show the same head")]
    Unlike,
    /// It was called off.
    #[error("it was called off")]
    Cancelled,
}

/// A rigid motion between two volumes, and how far it is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Registered {
    /// From places in the fixed volume to the same places of the head in the moving one: millimetres in LPS, or, where headers
    /// give distances alone, along the axes of the grids from their middles.
    pub moving_from_fixed: Affine,
    /// How far three searches, each by places of its own, put any corner of the head from their mean, in mm.
    pub spread_mm: f64,
    /// Share of the fixed volume's head that the moving one has.
    pub overlap: f64,
    /// Normalised mutual information less 1: 0 of volumes that tell nothing of each other, 1 of the same twice.
    pub information: f64,
}

impl Registered {
    /// Whether the searches agree to a millimetre.
    pub fn is_sure(&self) -> bool {
        self.spread_mm <= SURE_MM
    }

    /// The angle of the turn, in degrees.
    pub fn turn_degrees(&self) -> f64 {
        rigid::angle(&self.moving_from_fixed).to_degrees()
    }

    /// How far the middle of the fixed volume moves, in mm; none if its distances are not known.
    pub fn shift_mm(&self, fixed: &Geometry) -> Option<f64> {
        let middle = fixed.size.axes().map(|length| (length as f64 - 1.0) / 2.0);
        let middle = fixed.in_mm()?.apply(middle);
        Some(distance(middle, self.moving_from_fixed.apply(middle)))
    }

    /// Where the moving volume lies in the patient of the fixed one: the same voxels, another place. None if it has none.
    pub fn placed(&self, moving: &Geometry) -> Option<Geometry> {
        let Placement::Patient(affine) = moving.placement else { return None };
        let placement = Placement::Patient(self.moving_from_fixed.inverse()?.after(&affine));
        Some(Geometry { placement, ..*moving })
    }

    /// The moving volume's intensities at the voxels of the fixed grid, linear between the nearest; beyond its edge they are
    /// `outside`. None if distances are not known.
    pub fn onto(&self, moving: &Volume, fixed: &Geometry, outside: f32) -> Option<Vec<f32>> {
        moving.moved(&self.moving_from_fixed, fixed, outside)
    }

    /// A mask of the moving volume on the fixed grid: voxels of which at least half is marked. None if distances are not known.
    ///
    /// # Panics
    ///
    /// If there is not one mark a voxel.
    pub fn mask_onto(&self, marked: &[bool], moving: &Geometry, fixed: &Geometry) -> Option<Vec<bool>> {
        assert_eq!(marked.len(), moving.voxels(), "one mark a voxel");
        let values = marked.iter().map(|&marked| f32::from(u8::from(marked))).collect();
        let mask = Volume { geometry: *moving, values: Values::Floats(values) };
        Some(self.onto(&mask, fixed, 0.0)?.into_iter().map(|share| share >= 0.5).collect())
    }
}

/// A registration on its way, a little at a time, so that a program can answer between; to call it off is to drop it.
pub struct Registration {
    search: Search,
}

impl Registration {
    /// Begins to lay the moving volume onto the fixed one.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] if distances are not known or a volume shows nothing.
    pub fn new(fixed: &Volume, moving: &Volume) -> Result<Self, RegistrationError> {
        let is_placed = [fixed, moving].map(|volume| volume.geometry.is_placed());
        let place =
            |volume: &Volume| volume.geometry.in_mm().filter(Affine::is_usable).ok_or(RegistrationError::Unspaced);
        let places = [place(fixed)?, place(moving)?];
        if is_placed[0] != is_placed[1] {
            return Err(RegistrationError::Unplaced);
        }
        let [fixed, moving] = [(fixed, places[0]), (moving, places[1])]
            .map(|(volume, place)| Reduced::new(volume, place, Search::FINEST_MM));
        let search = Search::new([fixed, moving], is_placed[0]).ok_or(RegistrationError::Empty)?;
        Ok(Self { search })
    }

    /// Goes on for some milliseconds; the motion once it is found.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] if what was found is not to be trusted.
    pub fn step(&mut self) -> Result<Option<Registered>, RegistrationError> {
        let Some(Found { moving_from_fixed, spread_mm, common }) = self.search.step() else { return Ok(None) };
        if common.overlap < LEAST_OVERLAP {
            return Err(RegistrationError::Overlap(common.overlap));
        }
        if common.information < LEAST_INFORMATION {
            return Err(RegistrationError::Unlike);
        }
        if spread_mm > MOST_SPREAD_MM {
            return Err(RegistrationError::Unsure(spread_mm));
        }
        let (overlap, information) = (common.overlap, common.information);
        Ok(Some(Registered { moving_from_fixed, spread_mm, overlap, information }))
    }

    /// How much is done, 0..=1.
    pub fn progress(&self) -> f64 {
        self.search.progress()
    }
}

/// Lays the moving volume onto the fixed one. `progress` hears how much is done, 0..=1, and may call it off.
///
/// # Errors
///
/// [`RegistrationError`] if they cannot be compared, or what was found is not to be trusted.
pub fn register(
    fixed: &Volume,
    moving: &Volume,
    mut progress: impl FnMut(f64) -> ControlFlow<()>,
) -> Result<Registered, RegistrationError> {
    let mut registration = Registration::new(fixed, moving)?;
    loop {
        if let Some(registered) = registration.step()? {
            return Ok(registered);
        }
        if progress(registration.progress()).is_break() {
            return Err(RegistrationError::Cancelled);
        }
    }
}
