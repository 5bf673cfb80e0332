//! How much the intensities of two volumes tell of each other, at places that both have.
//!
//! # Source
//!
//! Normalised mutual information: Studholme et al. 1999, doi 10.1016/S0031-3203(98)00091-0.

use rayon::prelude::*;

use super::head::Head;
use crate::geometry::Affine;
use crate::reduced::Reduced;

/// Places that one thread counts at a time.
const CHUNK: usize = 4096;

/// Intensities as levels of grey.
#[derive(Clone, Copy, Debug)]
struct Grey {
    black: f32,
    /// Levels for one unit of intensity, and the last level.
    levels: f32,
    last: f32,
}

impl Grey {
    /// Levels between the values that 0.5 % of the voxels of a head's box lie below and above.
    fn of(image: &Reduced, head: &Head, bins: usize) -> Option<Self> {
        let mut inside: Vec<f32> = head.places(image, 0, 20_000).filter_map(|place| image.at(place)).collect();
        if inside.is_empty() {
            return None;
        }
        inside.sort_unstable_by(f32::total_cmp);
        let at = |share: f64| inside[((inside.len() - 1) as f64 * share) as usize];
        let (black, white) = (at(0.005), at(0.995));
        let last = (bins - 1) as f32;
        (white > black).then(|| Self { black, levels: last / (white - black), last })
    }

    #[inline]
    fn level(self, value: f32) -> f32 {
        ((value - self.black) * self.levels).clamp(0.0, self.last)
    }
}

/// What of two volumes is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    /// Places.
    pub count: usize,
    /// Which places.
    pub seed: u32,
    /// Levels of grey that are told apart: with few places, more would find likeness in chance.
    pub bins: usize,
}

/// Places of a fixed volume and its grey there, beside which a moving volume is laid.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    places_mm: Vec<[f32; 3]>,
    grey: Vec<u8>,
    moving_grey: Grey,
    moving_from_mm: Affine,
    bins: usize,
}

/// What two volumes have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Common {
    /// Normalised mutual information less 1: 0 of two volumes that tell nothing of each other, 1 of the same twice.
    pub information: f64,
    /// Share of the fixed head's places that the moving volume has.
    pub overlap: f64,
}

impl Pair {
    /// Places within the head of the fixed volume. None if either has no grey.
    pub fn new(
        [fixed, moving]: [&Reduced; 2],
        [fixed_head, moving_head]: [&Head; 2],
        Sampling { count, seed, bins }: Sampling,
    ) -> Option<Self> {
        let (fixed_grey, moving_grey) = (Grey::of(fixed, fixed_head, bins)?, Grey::of(moving, moving_head, bins)?);
        let (mut places_mm, mut grey) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for place in fixed_head.places(fixed, seed, count) {
            if let Some(value) = fixed.at(place) {
                places_mm.push(fixed.affine.apply(place.map(f64::from)).map(|mm| mm as f32));
                grey.push(fixed_grey.level(value).round() as u8);
            }
        }
        Some(Self { places_mm, grey, moving_grey, moving_from_mm: moving.affine.inverse()?, bins })
    }

    /// What both have in common if a motion leads from the fixed to the moving one, which is that of [`Self::new`].
    pub fn common(&self, moving: &Reduced, moving_from_fixed: &Affine) -> Common {
        let rows = self.moving_from_mm.after(moving_from_fixed).0.map(|row| row.map(|v| v as f32));
        // A column more, for what lies on the last level.
        let columns = self.bins + 1;
        let count = |(places, grey): (&[[f32; 3]], &[u8])| {
            let mut joint = vec![0f32; self.bins * columns];
            for ([x, y, z], &fixed) in places.iter().zip(grey) {
                let place = rows.map(|row| row[0] * x + row[1] * y + row[2] * z + row[3]);
                if let Some(value) = moving.at(place) {
                    let level = self.moving_grey.level(value);
                    let low = level as usize;
                    let part = level - low as f32;
                    let at = usize::from(fixed) * columns + low;
                    joint[at] += 1.0 - part;
                    joint[at + 1] += part;
                }
            }
            joint
        };
        let chunks = self.places_mm.par_chunks(CHUNK).zip(self.grey.par_chunks(CHUNK));
        // Collected first: sums in a fixed order are the same on any number of threads.
        let counted: Vec<Vec<f32>> = chunks.map(count).collect();
        let mut joint = vec![0f64; self.bins * columns];
        for part in &counted {
            joint.iter_mut().zip(part).for_each(|(sum, &count)| *sum += f64::from(count));
        }
        self.told(&joint)
    }

    fn told(&self, joint: &[f64]) -> Common {
        let total: f64 = joint.iter().sum();
        let overlap = total / self.places_mm.len().max(1) as f64;
        if total <= 0.0 {
            return Common { information: 0.0, overlap: 0.0 };
        }
        let entropy = |counts: &mut dyn Iterator<Item = f64>| -> f64 {
            counts.filter(|&count| count > 0.0).map(|count| -(count / total) * (count / total).ln()).sum()
        };
        let columns = self.bins + 1;
        let fixed = entropy(&mut joint.chunks_exact(columns).map(|row| row.iter().sum()));
        let moving = entropy(&mut (0..columns).map(|at| joint.iter().skip(at).step_by(columns).sum()));
        let both = entropy(&mut joint.iter().copied());
        let information = if both > 0.0 { (fixed + moving) / both - 1.0 } else { 0.0 };
        Common { information, overlap }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Affine = Affine([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);

    const SAMPLING: Sampling = Sampling { count: 8000, seed: 0, bins: 32 };

    fn image(value: impl Fn(f64, f64, f64) -> f64) -> Reduced {
        let size = [24, 20, 16];
        let at = |at: usize| value((at % 24) as f64, (at / 24 % 20) as f64, (at / 480) as f64) as f32;
        Reduced { values: (0..24 * 20 * 16).map(at).collect(), size, affine: UNIT }
    }

    #[test]
    fn a_volume_tells_all_of_itself_in_any_contrast_and_nothing_of_noise() {
        let wavy = |x: f64, y: f64, z: f64| (x / 3.0).sin() + (y / 4.0).cos() + (z / 5.0).sin();
        let fixed = image(wavy);
        let inverted = image(|x, y, z| -(wavy(x, y, z) * 2.0 - 7.0));
        let noise = image(|x, y, z| ((x * 12.9898 + y * 78.233 + z * 37.719).sin() * 43758.5453).fract());
        let head = Head::whole(&fixed);
        let to = |moving: &Reduced, shift: f64| {
            let pair = Pair::new([&fixed, moving], [&head; 2], SAMPLING).unwrap();
            pair.common(moving, &Affine([[1.0, 0.0, 0.0, shift], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]))
        };
        let [same, other, moved, unlike] = [to(&fixed, 0.0), to(&inverted, 0.0), to(&fixed, 3.0), to(&noise, 0.0)];
        assert!(same.information > 0.6, "{same:?}");
        assert!((same.information - other.information).abs() < 0.05, "{same:?} {other:?}");
        assert!(moved.information < 0.6 * same.information && unlike.information < 0.05, "{moved:?} {unlike:?}");
        assert!((moved.overlap - 21.0 / 24.0).abs() < 0.01 && (same.overlap - 1.0).abs() < 1e-6, "{moved:?}");
        assert_eq!(to(&fixed, 90.0), Common { information: 0.0, overlap: 0.0 });
        assert!(Pair::new([&fixed, &image(|_, _, _| 3.0)], [&head; 2], SAMPLING).is_none(), "no grey");
    }
}
