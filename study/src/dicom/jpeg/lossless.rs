//! Differences to the neighbours into numbers (annex H).

use super::JpegError;
use super::bits::Bits;
use super::huffman::HuffmanTable;

/// What is to be known of a lossless scan.
pub(super) struct Scan {
    pub columns: usize,
    pub rows: usize,
    pub precision: u32,
    /// Which neighbours predict a number (table H.1).
    pub predictor: u8,
    /// Bits that numbers were shifted down by.
    pub point_transform: u32,
    pub restart_interval: usize,
}

impl Scan {
    pub(super) fn decode(&self, bits: &mut Bits, table: &HuffmanTable) -> Result<Vec<u16>, JpegError> {
        let &Self { columns, rows, precision, predictor, point_transform, restart_interval } = self;
        if !(1..=7).contains(&predictor) || point_transform >= precision {
            return Err(JpegError::Damaged("its scan is none of a lossless image"));
        }
        // H.1.1: the interval is of whole rows.
        if columns == 0 || restart_interval % columns != 0 {
            return Err(JpegError::Damaged("its restart interval is none of whole rows"));
        }
        let rows_between = restart_interval / columns;
        let first = 1 << (precision - point_transform - 1);
        // Beyond this a difference was read in the wrong place.
        let highest = (1u32 << (precision - point_transform)) - 1;
        let mut numbers: Vec<u16> = Vec::new();
        for row in 0..rows {
            let restarts = rows_between > 0 && row % rows_between == 0;
            if restarts && row > 0 {
                bits.restart()?;
            }
            let one_dimensional = row == 0 || restarts;
            let begins = row * columns;
            for column in 0..columns {
                let at = begins + column;
                let left = |numbers: &[u16]| i32::from(numbers[at - 1]);
                let above = |numbers: &[u16]| i32::from(numbers[at - columns]);
                // H.1.2.1
                let predicted = match (one_dimensional, column) {
                    (true, 0) => first,
                    (true, _) => left(&numbers),
                    (false, 0) => above(&numbers),
                    (false, _) => {
                        let (a, b) = (left(&numbers), above(&numbers));
                        let c = i32::from(numbers[at - columns - 1]);
                        match predictor {
                            1 => a,
                            2 => b,
                            3 => c,
                            4 => a + b - c,
                            5 => a + ((b - c) >> 1),
                            6 => b + ((a - c) >> 1),
                            _ => (a + b) >> 1,
                        }
                    }
                };
                // H.1.2.2: 16 says 32,768 without further bits; sums are modulo 65,536.
                let difference = match table.symbol(bits)? {
                    category @ 0..=15 => bits.signed(category.into())?,
                    16 => 32_768,
                    _ => return Err(JpegError::Damaged("a difference is none")),
                };
                let number = (predicted + difference) as u16;
                if u32::from(number) > highest {
                    return Err(JpegError::Damaged("a number has more bits than it states"));
                }
                numbers.push(number);
            }
        }
        if point_transform > 0 {
            numbers.iter_mut().for_each(|number| *number <<= point_transform);
        }
        Ok(numbers)
    }
}
