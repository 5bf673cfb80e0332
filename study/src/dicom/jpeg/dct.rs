//! Coefficients of blocks of 8 × 8 into numbers (annexes A.3 and F).

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use super::JpegError;
use super::bits::Bits;
use super::huffman::HuffmanTable;

/// Side of a block.
const SIDE: usize = 8;

/// Where the coefficients of a stream lie in a block, row by row (figure A.6).
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// What is to be known of a sequential scan.
pub(super) struct Scan<'a> {
    pub columns: usize,
    pub rows: usize,
    pub precision: u32,
    /// In the order of the stream.
    pub quantization: &'a [u16; 64],
    pub restart_interval: usize,
}

impl Scan<'_> {
    pub(super) fn decode(&self, bits: &mut Bits, dc: &HuffmanTable, ac: &HuffmanTable) -> Result<Vec<u16>, JpegError> {
        let &Self { columns, rows, precision, quantization, restart_interval } = self;
        let cosines = cosines();
        let [middle, highest] = [1 << (precision - 1), (1 << precision) - 1].map(|value: i32| value as f32);
        let mut numbers: Vec<u16> = Vec::new();
        let (mut predicted, mut count) = (0, 0);
        for top in (0..rows).step_by(SIDE) {
            // A row of blocks at a time, once there is something to read for it.
            numbers.resize((top + SIDE).min(rows) * columns, 0);
            for left in (0..columns).step_by(SIDE) {
                if restart_interval > 0 && count > 0 && count % restart_interval == 0 {
                    bits.restart()?;
                    predicted = 0;
                }
                count += 1;
                let block = coefficients(bits, dc, ac, quantization, precision, &mut predicted)?;
                let block = transformed(&block, &cosines);
                for (row, values) in block.chunks_exact(SIDE).enumerate().take(rows - top) {
                    let from = (top + row) * columns + left;
                    let width = SIDE.min(columns - left);
                    for (number, value) in numbers[from..from + width].iter_mut().zip(values) {
                        *number = (value + middle).round().clamp(0.0, highest) as u16;
                    }
                }
            }
        }
        Ok(numbers)
    }
}

/// The coefficients of the next block, row by row (F.2.2).
fn coefficients(
    bits: &mut Bits,
    dc: &HuffmanTable,
    ac: &HuffmanTable,
    quantization: &[u16; 64],
    precision: u32,
    predicted: &mut i32,
) -> Result<[f32; 64], JpegError> {
    const WRONG: JpegError = JpegError::Damaged("a coefficient is none");
    // Tables F.1, F.2, F.6 and F.7: at most 11 bits of a difference and 10 of others, four more each for 12 bit.
    let most = if precision == 8 { 11 } else { 15 };
    let mut block = [0.0; 64];
    let category = dc.symbol(bits)?;
    if category > most {
        return Err(WRONG);
    }
    *predicted += bits.signed(category.into())?;
    if predicted.abs() > 1 << most {
        return Err(WRONG);
    }
    block[0] = *predicted as f32 * f32::from(quantization[0]);
    let mut at = 1;
    while at < 64 {
        let symbol = ac.symbol(bits)?;
        let (run, category) = (usize::from(symbol >> 4), symbol & 15);
        match (run, category) {
            (0, 0) => break,
            (15, 0) => at += 16,
            (_, 0) => return Err(WRONG),
            _ => {
                at += run;
                if at > 63 || category >= most {
                    return Err(WRONG);
                }
                block[ZIGZAG[at]] = bits.signed(category.into())? as f32 * f32::from(quantization[at]);
                at += 1;
            }
        }
    }
    // A run of 16 zeros may end a block, but not lead out of it.
    if at > 64 { Err(WRONG) } else { Ok(block) }
}

/// Weight of each coefficient at each place of a row.
fn cosines() -> [[f32; SIDE]; SIDE] {
    std::array::from_fn(|place| {
        std::array::from_fn(|frequency| {
            let scale = if frequency == 0 { FRAC_1_SQRT_2 } else { 1.0 } / 2.0;
            let angle = (2 * place + 1) as f32 * frequency as f32 * PI / 16.0;
            scale * angle.cos()
        })
    })
}

/// The inverse transform (A.3.3): along the rows, then along the columns.
fn transformed(block: &[f32; 64], cosines: &[[f32; SIDE]; SIDE]) -> [f32; 64] {
    let mut along_rows = [0.0; 64];
    for (row, values) in block.chunks_exact(SIDE).enumerate() {
        for (place, weights) in cosines.iter().enumerate() {
            along_rows[row * SIDE + place] = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        }
    }
    let mut result = [0.0; 64];
    for (place, weights) in cosines.iter().enumerate() {
        for column in 0..SIDE {
            let sum = weights.iter().enumerate().map(|(row, weight)| along_rows[row * SIDE + column] * weight).sum();
            result[place * SIDE + column] = sum;
        }
    }
    result
}
