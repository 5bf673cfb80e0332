//! nn-UNet's rules in two dimensions: how large images are, how many grids the network has, how many images fit in a batch.

/// Channels of the finest grid.
pub const WIDTH: usize = 32;
/// Channels of a grid at most.
pub const MOST: usize = 512;
/// No grid has a side of fewer pixels than this.
const SHORTEST: usize = 4;
/// Longest side that is thought of.
const LONGEST: usize = 2048;
/// Convolutions on each grid, down and up.
const CONVOLUTIONS: usize = 2;
/// Tumour or not.
const CLASSES: usize = 2;
/// Numbers in the feature maps of one image with which a batch of so many just fits into a card of so many GB.
const REFERENCE: (f64, f64, f64) = (85e6, 12.0, 8.0);
/// Images of a batch at least.
const SMALLEST_BATCH: f64 = 2.0;
/// Share of the data set's pixels that a batch holds at most.
const COVERED: f64 = 0.05;

/// What is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Rows and columns of an image.
    pub patch: [usize; 2],
    /// Grids of the network.
    pub grids: usize,
    /// Images of a batch.
    pub batch: usize,
}

/// The plan for slices of a median shape, of a data set of so many pixels, for a card of so many GB.
///
/// Images begin as large as the slices. As long as two of them do not fit, the side that is longest as a share of the slice is made
/// shorter by one step of the coarsest grid.
pub fn planned(shape: [usize; 2], pixels: f64, memory_gb: f64) -> Plan {
    let (reference, batch, reference_gb) = REFERENCE;
    let budget = reference * batch * memory_gb / reference_gb;
    let mut patch = padded(shape.map(|side| side.clamp(1, LONGEST)));
    while SMALLEST_BATCH * features(patch) > budget && patch.iter().any(|&side| side > SHORTEST) {
        let share = |axis: usize| patch[axis] as f64 / shape[axis] as f64;
        let axis = if share(0) > share(1) { 0 } else { 1 };
        // A shorter side may be halved less often, and so have finer steps: 256 leads to 224 and not to 192.
        let mut shorter = patch;
        shorter[axis] -= step(patch)[axis].min(patch[axis] - 1);
        patch[axis] -= step(shorter)[axis].min(patch[axis] - 1);
        patch = padded(patch);
    }
    let of_memory = (budget / features(patch)).round();
    let of_data = (COVERED * pixels / (patch[0] * patch[1]) as f64).round();
    let batch = of_memory.min(of_data).max(SMALLEST_BATCH) as usize;
    Plan { patch, grids: poolings(patch).into_iter().max().unwrap_or(0) + 1, batch }
}

/// How often each side is halved: as long as halves are not too short. A side that is left over alone is halved only if that leaves
/// it somewhat longer.
fn poolings(mut patch: [usize; 2]) -> [usize; 2] {
    let mut poolings = [0, 0];
    loop {
        let can = patch.map(|side| side >= 2 * SHORTEST);
        let alone = can[0] != can[1];
        let longest = if can[0] { patch[0] } else { patch[1] };
        if can == [false, false] || (alone && longest < 3 * SHORTEST) {
            return poolings;
        }
        for axis in 0..2 {
            if can[axis] {
                (poolings[axis], patch[axis]) = (poolings[axis] + 1, patch[axis].div_ceil(2));
            }
        }
    }
}

/// By what each side has to be divisible.
fn step(patch: [usize; 2]) -> [usize; 2] {
    poolings(patch).map(|count| 1 << count)
}

/// The sides made longer until the coarsest grid divides them.
fn padded(patch: [usize; 2]) -> [usize; 2] {
    let step = step(patch);
    [0, 1].map(|axis| patch[axis].next_multiple_of(step[axis]))
}

/// Numbers in the feature maps of one image: after each convolution down and up, each enlargement, and of the answer.
fn features(patch: [usize; 2]) -> f64 {
    let poolings = poolings(patch);
    let grids = poolings[0].max(poolings[1]) + 1;
    let of_grid = |level: usize| {
        let pixels: usize = (0..2).map(|axis| patch[axis] >> level.min(poolings[axis])).product();
        pixels * MOST.min(WIDTH << level)
    };
    let down: usize = (0..grids).map(|level| CONVOLUTIONS * of_grid(level)).sum();
    let up: usize = (0..grids - 1).map(|level| (CONVOLUTIONS + 1) * of_grid(level)).sum();
    (down + up + CLASSES * patch[0] * patch[1]) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_of_published_data_sets_come_out() {
        // Photographs of the retina, planned by nn-UNet 2 for 8 GB: github.com/MIC-DKFZ/nnUNet, issue 2251.
        let plan = planned([2848, 4288], 2848.0 * 4288.0 * 100.0, 8.0);
        assert_eq!((plan.patch, plan.batch), ([1024, 1536], 2));
        // Aerial photographs, in its documentation of plans (v1, edit_plans_files.md): halved eight times each way.
        let roads = planned([1500, 1500], 1500.0 * 1500.0 * 800.0, 8.0);
        assert_eq!((roads.patch, roads.batch, roads.grids), ([1280, 1024], 2, 9));
        assert_eq!(plan.grids, 9);
    }

    #[test]
    fn grids_end_where_a_side_would_have_fewer_than_four_pixels() {
        assert_eq!(poolings([256, 256]), [6, 6]);
        assert_eq!(poolings([320, 256]), [6, 6]);
        assert_eq!(poolings([7, 7]), [0, 0]);
        // The first side may be halved once more, but alone, and to less than six pixels.
        assert_eq!(poolings([8, 7]), [0, 0]);
        assert_eq!(poolings([64, 12]), [3, 1]);
        assert_eq!(padded([250, 201]), [256, 224]);
    }

    #[test]
    fn a_batch_fills_the_card_or_a_twentieth_of_the_data() {
        let shape = [256, 256];
        let pixels = |slices: f64| slices * 256.0 * 256.0;
        let large = planned(shape, pixels(1e6), 8.0);
        assert_eq!((large.patch, large.grids), (shape, 7));
        // By hand: 64 (1 + 1/2 + 1/4 + 1/8 + 1/16 + 1/64 + 1/256) down, 96 times the same without the last up, and the answer.
        assert_eq!(features(shape) / 65536.0, 125.25 + 187.5 + 2.0);
        assert_eq!(large.batch, (12.0 * 85e6 / features(shape)).round() as usize);
        assert!(planned(shape, pixels(1e6), 16.0).batch.abs_diff(2 * large.batch) <= 1);
        assert_eq!(planned(shape, pixels(200.0), 8.0).batch, 10);
        assert_eq!(planned(shape, pixels(3.0), 8.0).batch, 2);
        // Where two images do not fit, they are made smaller.
        let small = planned(shape, pixels(1e6), 0.2);
        assert!(small.patch[0] < 256 && small.batch == 2, "{small:?}");
    }
}
