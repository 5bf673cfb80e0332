//! How two studies lie in each other.

use serde::{Deserialize, Serialize};

/// Where the slices of one study lie in another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// From the one's voxels to the other's, both of the slices on screen: the rows of a 3 × 4 matrix.
    pub voxels: [f64; 12],
    /// Whether headers say where both lie in the patient; otherwise their middles are put on each other.
    pub placed: bool,
    /// How they were laid onto each other by what they show; none where headers alone link them.
    pub registration: Option<Registration>,
}

/// How a sequence is laid onto the FLAIR of its study by what both show.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    /// From places in FLAIR to the same places of the head in the sequence, in mm: the rows of a 3 × 4 matrix.
    pub moving_from_fixed: [f64; 12],
    /// Its figures.
    pub registration: Registration,
}

/// A registration's figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// Whether repeated searches agree to a millimetre.
    pub sure: bool,
    /// How far they are apart at any corner of the head.
    pub spread_mm: f64,
    /// Share of the one's head that the other shows.
    pub overlap: f64,
    /// Angle of the turn.
    pub turn_degrees: f64,
    /// How far the middle moves.
    pub shift_mm: f64,
}
