//! Up to three volumes into the stack of axial slices that is shown and that the network reads.

use imaging::{SEQUENCES, Size, Slice, Statistics};
use thiserror::Error;

use crate::geometry::{Affine, Geometry, Reorientation};
use crate::role::Role;
use crate::series::{Origin, Series};
use crate::volume::{Stored, Values, Volume};

/// Share of the voxels that are darker and brighter than the window that is shown at first.
const TAILS: f64 = 0.005;

/// A window that the file asks for is used from this share of the width of the usual one.
const NARROW: f64 = 0.02;

/// Why two volumes do not go together.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CompositeError {
    /// They have different sizes and at least one does not say where it lies.
    #[error("{0} and {1} have different grids, and not both say where in the patient they lie; leave one out")]
    Unplaced(String, String),
}

/// One sequence on the stack's grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Stored numbers, slice by slice, row by row.
    pub stored: Stored,
    /// Intensity of a stored number: `intercept + slope · stored`.
    pub slope: f64,
    /// See `slope`.
    pub intercept: f64,
    /// Smallest and largest stored number.
    pub range: (u16, u16),
    /// Stored numbers that are shown black and white at first; the first is the larger where low values are bright.
    pub window: (f64, f64),
    /// Whether it was computed anew on this grid.
    pub resampled: bool,
}

impl Sequence {
    fn new(series: &Series, values: Values, pixels: usize, resampled: bool) -> Self {
        let Values::Integers { stored, zero, slope, intercept } = values.into_integers(pixels).rising() else {
            unreachable!("integers were asked for");
        };
        let intercept = intercept - slope * f64::from(zero);
        let mut counts = vec![0u32; 1 << 16];
        stored.iter().for_each(|v| counts[usize::from(v)] += 1);
        let lowest = counts.iter().position(|&n| n > 0).unwrap_or(0);
        let highest = counts.iter().rposition(|&n| n > 0).unwrap_or(0);
        let asked = series.window.map(|[center, width]| {
            let at = |value: f64| (value - intercept) / slope;
            (at(center - width / 2.0), at(center + width / 2.0))
        });
        let usual = percentiles(counts, stored.len(), series.inverted);
        // One that lies beside the numbers, or is much narrower than they are, shows nothing but black and white.
        let useful = |window: &(f64, f64)| {
            window.1 > lowest as f64 && window.0 < highest as f64 && window.1 - window.0 >= NARROW * (usual.1 - usual.0)
        };
        let (low, high) = asked.filter(useful).unwrap_or(usual);
        let window = if series.inverted { (high, low) } else { (low, high) };
        Self { stored, slope, intercept, range: (lowest as u16, highest as u16), window, resampled }
    }

    /// Intensities of a slice as the network wants them, 0..=1 of the volume's range.
    fn plane(&self, slice: usize) -> Vec<f32> {
        let (low, high) = self.range;
        let scale = 1.0 / f32::from(high - low).max(1.0);
        let inverted = self.window.0 > self.window.1;
        let bright = |v: u16| if inverted { high - v } else { v - low };
        self.stored.slice(slice).iter().map(|&v| f32::from(bright(v)) * scale).collect()
    }
}

/// The window from the darkest number to the one that a share of the voxels exceed in brightness; the first is the smaller.
fn percentiles(mut counts: Vec<u32>, voxels: usize, inverted: bool) -> (f64, f64) {
    if inverted {
        counts.reverse();
    }
    let darkest = counts.iter().position(|&n| n > 0).unwrap_or(0);
    // The most frequent number among the darkest is air, which would hide the rest.
    let air = counts[darkest] as usize;
    let inside = if 2 * air > voxels { voxels - air } else { voxels };
    let tail = (inside as f64 * TAILS) as usize;
    let mut seen = 0;
    let brightest = (darkest..counts.len()).rev().find(|&at| {
        seen += counts[at] as usize;
        seen > tail
    });
    let brightest = brightest.filter(|&at| at > darkest).unwrap_or(darkest + 1) as f64;
    let last = (counts.len() - 1) as f64;
    if inverted { (last - brightest, last - darkest as f64) } else { (darkest as f64, brightest) }
}

/// A stack of slices with up to three sequences, columns running to the patient's left, rows to the back, slices to the
/// head as far as that is known.
#[derive(Clone, Debug)]
pub struct Composite {
    /// The grid of the slices.
    pub geometry: Geometry,
    /// Pre-contrast, FLAIR and post-contrast; FLAIR is always there.
    pub sequences: [Option<Sequence>; SEQUENCES],
    /// Where FLAIR comes from.
    pub origin: Origin,
    /// Grid of the file that FLAIR comes from.
    pub source: Geometry,
    turn: Reorientation,
}

impl Composite {
    /// The stack of these volumes, the others brought onto the grid of FLAIR where they are not on it.
    ///
    /// # Errors
    ///
    /// [`CompositeError`] if a volume cannot be brought there.
    pub fn new(flair: &Series, pre: Option<&Series>, post: Option<&Series>) -> Result<Self, CompositeError> {
        Self::registered(flair, [pre, post].map(|series| Some((series?, None))))
    }

    /// The same of pre-contrast and post-contrast volumes that a registration may have laid onto FLAIR: with the motion from places
    /// in FLAIR to the same places of the head in the volume, in mm ([`Registered::moving_from_fixed`]).
    ///
    /// # Errors
    ///
    /// As [`Self::new`].
    ///
    /// [`Registered::moving_from_fixed`]: crate::Registered::moving_from_fixed
    pub fn registered(
        flair: &Series,
        [pre, post]: [Option<(&Series, Option<Affine>)>; 2],
    ) -> Result<Self, CompositeError> {
        let source = flair.volume.geometry;
        let turn = source.to_lps();
        let geometry = source.turned(&turn);
        let pixels = geometry.slice_pixels();
        let turned = |series: &Series| {
            let volume = &series.volume;
            Sequence::new(series, volume.values.clone().turned(&turn, volume.geometry.size), pixels, false)
        };
        let onto = |other: Option<(&Series, Option<Affine>)>| -> Result<Option<Sequence>, CompositeError> {
            let Some((series, motion)) = other else { return Ok(None) };
            if motion.is_none() && series.volume.geometry.same_grid(&source) {
                return Ok(Some(turned(series)));
            }
            // Beyond its edge a sequence shows nothing, which is as dark as it gets.
            let values = &series.volume.values;
            let intensities = (0..values.len()).map(|at| values.get(at));
            let darkest = match series.inverted {
                true => intensities.fold(f64::NEG_INFINITY, f64::max),
                false => intensities.fold(f64::INFINITY, f64::min),
            };
            let values = match motion {
                Some(motion) => series.volume.moved(&motion, &geometry, darkest as f32),
                None => series.volume.resampled(&geometry, darkest as f32),
            };
            match values {
                Some(values) => Ok(Some(Sequence::new(series, Values::Floats(values), pixels, true))),
                None => Err(CompositeError::Unplaced(series.name.clone(), flair.name.clone())),
            }
        };
        let sequences = [onto(pre)?, Some(turned(flair)), onto(post)?];
        Ok(Self { geometry, sequences, origin: flair.origin.clone(), source, turn })
    }

    /// Number of slices.
    pub fn slices(&self) -> usize {
        self.geometry.size.depth
    }

    /// A sequence, or FLAIR where it is missing.
    ///
    /// # Panics
    ///
    /// If `index` is 3 or more.
    pub fn sequence(&self, index: usize) -> &Sequence {
        let flair = Role::Flair as usize;
        let sequence = self.sequences[index].as_ref().or(self.sequences[flair].as_ref());
        sequence.expect("FLAIR is always there")
    }

    /// A sequence, or FLAIR where it is missing, on the slices' grid.
    ///
    /// # Panics
    ///
    /// If `index` is 3 or more.
    pub fn volume(&self, index: usize) -> Volume {
        let Sequence { stored, slope, intercept, .. } = self.sequence(index);
        let values = Values::Integers { stored: stored.clone(), zero: 0, slope: *slope, intercept: *intercept };
        Volume { geometry: self.geometry, values }
    }

    /// A slice as the network reads it, missing sequences filled with FLAIR as the data set does.
    ///
    /// # Panics
    ///
    /// If there are not so many slices.
    pub fn slice(&self, index: usize) -> Slice {
        let Size { width, height } = self.geometry.size.slice();
        let alone = self.sequences.iter().flatten().count() == 1;
        let planes = if alone { 1..2 } else { 0..SEQUENCES };
        let planes = planes.map(|at| self.sequence(at).plane(index));
        Slice::new(width, height, planes.collect())
    }

    /// How bright all slices together are, by which the network's input is standardised.
    pub fn statistics(&self) -> Statistics {
        Statistics::of((0..self.slices()).map(|at| self.slice(at)))
    }

    /// Values on the slices' grid, in the order of the file that FLAIR comes from.
    pub fn to_source(&self, values: &[u8]) -> Vec<u8> {
        self.turn.turn_back(values, self.source.size)
    }

    /// Values of that file's grid, on the slices'.
    pub fn from_source(&self, values: &[u8]) -> Vec<u8> {
        self.turn.turn(values, self.source.size)
    }

    /// Whether sides are known.
    pub fn is_placed(&self) -> bool {
        self.geometry.is_placed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Affine, Placement};
    use crate::volume::Volume;

    /// A volume whose number at a place is a formula of where it is in the patient.
    fn phantom(name: &str, size: [usize; 3], affine: Affine) -> Series {
        let geometry = Geometry { size: size.into(), placement: Placement::Patient(affine) };
        let values = (0..geometry.voxels()).map(|at| {
            let [x, y, z] =
                affine.apply([at % size[0], at / size[0] % size[1], at / size[0] / size[1]].map(|v| v as f64));
            (1000.0 + 10.0 * x + 3.0 * y + z) as f32
        });
        Series {
            name: name.into(),
            volume: Volume { geometry, values: Values::Floats(values.collect()) },
            inverted: false,
            window: None,
            origin: Origin::File,
            patient: Vec::new(),
        }
    }

    const AXIAL: Affine = Affine([[1.0, 0.0, 0.0, -2.0], [0.0, 1.0, 0.0, -3.0], [0.0, 0.0, 5.0, 0.0]]);
    /// Columns to the right, rows to the front, as NIfTI files mostly lie.
    const MIRRORED: Affine = Affine([[-1.0, 0.0, 0.0, 2.0], [0.0, -1.0, 0.0, 4.0], [0.0, 0.0, 5.0, 0.0]]);

    #[test]
    fn the_patients_right_is_on_the_left_and_the_front_on_top_whatever_the_file() {
        let sagittal = Affine([[0.0, 0.0, 1.0, -2.0], [1.0, 0.0, 0.0, -3.0], [0.0, -5.0, 0.0, 10.0]]);
        let intensity = |composite: &Composite, at: usize| {
            let flair = composite.sequence(1);
            flair.intercept + flair.slope * f64::from(flair.stored.get(at))
        };
        for (affine, size) in [(AXIAL, [5, 8, 3]), (MIRRORED, [5, 8, 3]), (sagittal, [8, 3, 5])] {
            let composite = Composite::new(&phantom("flair", size, affine), None, None).unwrap();
            assert_eq!(composite.geometry.size.axes(), [5, 8, 3]);
            // x = −2, y = −3, z = 0: right, front, foot.
            assert!((intensity(&composite, 0) - 971.0).abs() < 1e-2, "{affine:?}");
            assert!((intensity(&composite, 4) - 1011.0).abs() < 1e-2, "to the left, x grows");
            let labels: Vec<u8> = (0..120).map(|at| (at % 7) as u8).collect();
            assert_eq!(composite.from_source(&composite.to_source(&labels)), labels);
        }
    }

    #[test]
    fn a_sequence_on_another_grid_is_brought_onto_flairs() {
        let flair = phantom("flair", [5, 8, 3], AXIAL);
        let fine = Affine([[0.5, 0.0, 0.0, -4.0], [0.0, 0.5, 0.0, -5.0], [0.0, 0.0, 2.5, -2.5]]);
        let post = phantom("post", [20, 24, 8], fine);
        let composite = Composite::new(&flair, Some(&phantom("pre", [5, 8, 3], MIRRORED)), Some(&post)).unwrap();
        assert!(composite.sequence(2).resampled && composite.sequence(0).resampled && !composite.sequence(1).resampled);
        let slices: Vec<Slice> = (0..3).map(|at| composite.slice(at)).collect();
        let values = |index: usize, at: usize| {
            let sequence = composite.sequence(index);
            sequence.intercept + sequence.slope * f64::from(sequence.stored.get(at))
        };
        for at in 0..120 {
            assert!((values(2, at) - values(1, at)).abs() < 0.02, "post at {at}");
        }
        assert!(!slices[0].is_single_sequence());
    }

    #[test]
    fn a_sequence_is_taken_where_a_registration_found_it() {
        let flair = phantom("flair", [5, 8, 3], AXIAL);
        // Its header is wrong by two columns: what it shows at x lies at x − 2 of the patient.
        let mut post = phantom("post", [5, 8, 3], AXIAL);
        let wrong = Affine([[1.0, 0.0, 0.0, -4.0], [0.0, 1.0, 0.0, -3.0], [0.0, 0.0, 5.0, 0.0]]);
        post.volume.geometry.placement = Placement::Patient(wrong);
        let found = Affine([[1.0, 0.0, 0.0, -2.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        let taken = |motion| {
            let composite = Composite::registered(&flair, [None, Some((&post, motion))]).unwrap();
            assert!(composite.sequence(2).resampled);
            let value = |index: usize, at: usize| {
                let sequence = composite.sequence(index);
                sequence.intercept + sequence.slope * f64::from(sequence.stored.get(at))
            };
            (0..120).map(|at| (value(2, at) - value(1, at)).abs()).fold(0.0, f64::max)
        };
        assert!(taken(None) > 10.0, "by its header it is elsewhere");
        assert!(taken(Some(found)) < 0.02);
        // Beside FLAIR on its grid it is computed anew as well.
        let unmoved = Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        let same = Composite::registered(&flair, [Some((&flair, Some(unmoved))), None]).unwrap();
        assert!(same.sequence(0).resampled);
    }

    #[test]
    fn grids_that_cannot_be_matched_are_said() {
        let flair = phantom("flair", [5, 8, 3], AXIAL);
        let mut lost = phantom("t1", [4, 8, 3], AXIAL);
        lost.volume.geometry.placement = Placement::Unknown;
        let error = Composite::new(&flair, Some(&lost), None).unwrap_err();
        assert_eq!(error, CompositeError::Unplaced("t1".into(), "flair".into()));
    }

    #[test]
    fn what_is_bright_is_bright_for_the_network_too() {
        let mut series = phantom("flair", [5, 8, 3], AXIAL);
        let straight = Composite::new(&series, None, None).unwrap().slice(0);
        series.inverted = true;
        let inverted = Composite::new(&series, None, None).unwrap().slice(0);
        for (a, b) in straight.sequence(1).iter().zip(inverted.sequence(1)) {
            assert!((a + b - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn a_window_that_shows_nothing_is_not_used() {
        let window = |asked| {
            let series = Series { window: asked, ..phantom("flair", [5, 8, 3], AXIAL) };
            let composite = Composite::new(&series, None, None).unwrap();
            let flair = composite.sequence(1);
            [flair.window.0, flair.window.1].map(|stored| flair.intercept + flair.slope * stored)
        };
        let usual = window(None);
        assert_eq!(window(Some([0.0, 1.0])), usual, "beside all numbers");
        assert_eq!(window(Some([1000.0, 1.0])), usual, "among them, and narrow");
        let [low, high] = window(Some([1000.0, 30.0]));
        assert!((low - 985.0).abs() < 0.1 && (high - 1015.0).abs() < 0.1);
    }

    #[test]
    fn a_falling_scale_and_an_inverted_one_show_the_same_picture() {
        let size = [5, 8, 3];
        let straight = phantom("flair", size, AXIAL);
        let Values::Floats(values) = &straight.volume.values else { unreachable!() };
        let lowest = values.iter().copied().fold(f32::INFINITY, f32::min);
        let falling: Vec<u16> = values.iter().map(|v| 4095 - (v - lowest) as u16).collect();
        let slices = || Stored::new(falling.chunks(40).map(<[u16]>::to_vec));
        let integers = |slope, intercept| Values::Integers { stored: slices(), zero: 0, slope, intercept };
        let with = |values, inverted| {
            let volume = Volume { values, ..straight.volume.clone() };
            Composite::new(&Series { volume, inverted, ..straight.clone() }, None, None).unwrap()
        };
        let expected = Composite::new(&straight, None, None).unwrap();
        let falling = with(integers(-1.0, 4095.0 + f64::from(lowest)), false);
        let inverted = with(integers(1.0, 0.0), true);
        for composite in [&falling, &inverted] {
            let grey = |composite: &Composite, at: usize| {
                let sequence = composite.sequence(1);
                let (black, white) = sequence.window;
                (f64::from(sequence.stored.get(at)) - black) / (white - black)
            };
            for at in 0..120 {
                assert!((grey(composite, at) - grey(&expected, at)).abs() < 1e-9);
            }
            assert_eq!(composite.slice(1).sequence(1), expected.slice(1).sequence(1));
        }
        let flair = falling.sequence(1);
        let intensity = |at| flair.intercept + flair.slope * f64::from(flair.stored.get(at));
        assert!((0..120).all(|at| (intensity(at) - f64::from(values[at])).abs() < 1e-9));
    }
}
