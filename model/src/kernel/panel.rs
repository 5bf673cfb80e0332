//! The inner product of the fast convolutions: a few output channels times a vector of pixels or tiles.

/// Pixels or tiles that are computed side by side.
pub const LANES: usize = 8;
/// Output channels that share one pass over the inputs.
pub const ROWS: usize = 4;

/// One number for each lane.
pub type Vector = [f32; LANES];

/// Rows of weights after padding to whole groups of [`ROWS`].
pub fn padded_rows(outputs: usize) -> usize {
    outputs.next_multiple_of(ROWS)
}

/// Where the weight of an output and an input channel lies, so that [`multiply`] reads straight through.
pub fn packed_index(output: usize, input: usize, inputs: usize) -> usize {
    (output / ROWS * inputs + input) * ROWS + output % ROWS
}

/// The weights `[outputs, inputs, kernel, kernel]` as one panel for each tap of the kernel.
pub fn pack(weight: &[f32], outputs: usize, inputs: usize) -> Vec<f32> {
    let taps = weight.len() / (outputs * inputs);
    let panel = padded_rows(outputs) * inputs;
    let mut packed = vec![0.0; taps * panel];
    for (index, kernel) in weight.chunks_exact(taps).enumerate() {
        for (tap, &value) in kernel.iter().enumerate() {
            packed[tap * panel + packed_index(index / inputs, index % inputs, inputs)] = value;
        }
    }
    packed
}

/// Products of all output channels with one column of inputs, summed over the input channels.
///
/// # Shapes
///
/// - `weights`: `[outputs / ROWS, inputs, ROWS]`
/// - `inputs`: `[inputs]`
/// - `outputs`: `[outputs]`, padded to a multiple of [`ROWS`]
#[inline]
pub fn multiply(weights: &[f32], inputs: &[Vector], outputs: &mut [Vector]) {
    for (weights, outputs) in weights.chunks_exact(ROWS * inputs.len()).zip(outputs.chunks_exact_mut(ROWS)) {
        let mut sums = [[0.0; LANES]; ROWS];
        for (weights, input) in weights.chunks_exact(ROWS).zip(inputs) {
            for row in 0..ROWS {
                for lane in 0..LANES {
                    sums[row][lane] += weights[row] * input[lane];
                }
            }
        }
        outputs.copy_from_slice(&sums);
    }
}
