//! The bytes of a row into numbers: byte order, predictors, bits and kinds of number.

use crate::decode::Numbers;

/// What the bits of a number mean (tag SampleFormat).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Unsigned,
    Signed,
    Float,
}

/// Numbers of `bits` bits each, as they lie in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub bits: usize,
    pub format: Format,
}

impl Layout {
    /// Room for so many numbers, all zero.
    pub fn zeros(self, count: usize) -> Numbers {
        match (self.format, self.bits) {
            (Format::Unsigned, ..=16) => Numbers::Unsigned(vec![0; count]),
            (Format::Signed, ..=16) => Numbers::Signed(vec![0; count]),
            (Format::Float, ..=32) => Numbers::Floats(vec![0.0; count]),
            _ => Numbers::Wide(vec![0.0; count]),
        }
    }

    /// Bytes that a number takes once it is read.
    pub fn bytes_in_memory(self) -> u64 {
        match (self.format, self.bits) {
            (Format::Unsigned | Format::Signed, ..=16) => 2,
            (Format::Float, ..=32) => 4,
            _ => 8,
        }
    }

    /// Brings a row into little endian and undoes what a predictor did to it. `stride` numbers make a pixel.
    pub fn restore(self, row: &mut [u8], stride: usize, predictor: Predictor, big_endian: bool) {
        let width = self.bits / 8;
        if predictor == Predictor::Floating {
            return floats_of_bytes(row, stride, width);
        }
        let whole = matches!(self.bits, 16 | 24 | 32 | 64);
        if big_endian && whole {
            row.chunks_exact_mut(width).for_each(<[u8]>::reverse);
        }
        if predictor == Predictor::Differences {
            match width {
                1 => (stride..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - stride])),
                _ => {
                    for at in (stride * width..row.len()).step_by(width) {
                        let Some(sum) = add(row, at, at - stride * width, width) else { break };
                        row[at..at + width].copy_from_slice(&sum.to_le_bytes()[..width]);
                    }
                }
            }
        }
    }

    /// Reads every `stride`-th number of a row from `first` on into a part of a plane.
    pub fn read(self, row: &[u8], first: usize, stride: usize, plane: &mut Numbers, at: usize, count: usize) {
        let places = (0..count).map(|index| first + index * stride);
        let range = at..at + count;
        let bits = self.bits;
        match plane {
            Numbers::Unsigned(plane) => {
                let out = plane[range].iter_mut().zip(places);
                match bits {
                    8 => out.for_each(|(out, at)| *out = row[at].into()),
                    16 => out.for_each(|(out, at)| *out = u16::from_le_bytes(bytes(row, at))),
                    _ => out.for_each(|(out, at)| *out = packed(row, at, bits) as u16),
                }
            }
            Numbers::Signed(plane) => {
                let out = plane[range].iter_mut().zip(places);
                match bits {
                    8 => out.for_each(|(out, at)| *out = i16::from(row[at] as i8)),
                    16 => out.for_each(|(out, at)| *out = i16::from_le_bytes(bytes(row, at))),
                    _ => out.for_each(|(out, at)| *out = extended(packed(row, at, bits), bits) as i16),
                }
            }
            Numbers::Floats(plane) => {
                let out = plane[range].iter_mut().zip(places);
                match bits {
                    16 => out.for_each(|(out, at)| *out = half(u16::from_le_bytes(bytes(row, at)))),
                    _ => out.for_each(|(out, at)| *out = f32::from_le_bytes(bytes(row, at))),
                }
            }
            Numbers::Wide(plane) => {
                let out = plane[range].iter_mut().zip(places);
                match (self.format, bits) {
                    (Format::Unsigned, 32) => {
                        out.for_each(|(out, at)| *out = u32::from_le_bytes(bytes(row, at)).into())
                    }
                    (Format::Signed, 32) => out.for_each(|(out, at)| *out = i32::from_le_bytes(bytes(row, at)).into()),
                    (Format::Unsigned, 64) => {
                        out.for_each(|(out, at)| *out = u64::from_le_bytes(bytes(row, at)) as f64)
                    }
                    (Format::Signed, 64) => out.for_each(|(out, at)| *out = i64::from_le_bytes(bytes(row, at)) as f64),
                    (Format::Float, _) => out.for_each(|(out, at)| *out = f64::from_le_bytes(bytes(row, at))),
                    (Format::Unsigned, _) => out.for_each(|(out, at)| *out = wide(row, at, bits) as f64),
                    (Format::Signed, _) => out.for_each(|(out, at)| *out = extended(wide(row, at, bits), bits) as f64),
                }
            }
        }
    }
}

/// How numbers were changed before they were compressed (tag Predictor; the third by Adobe's note of 2005).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predictor {
    None,
    Differences,
    Floating,
}

fn bytes<const N: usize>(row: &[u8], index: usize) -> [u8; N] {
    std::array::from_fn(|at| row[index * N + at])
}

/// A number of up to 32 bits that begins within a byte, its highest bit first.
fn packed(row: &[u8], index: usize, bits: usize) -> u32 {
    let start = index * bits;
    (start..start + bits).fold(0, |number, bit| number << 1 | u32::from(row[bit / 8] >> (7 - bit % 8) & 1))
}

/// A number of 17 to 31 bits; one of three bytes is in little endian by now.
fn wide(row: &[u8], index: usize, bits: usize) -> u32 {
    if bits == 24 {
        let [a, b, c] = bytes(row, index);
        return u32::from_le_bytes([a, b, c, 0]);
    }
    packed(row, index, bits)
}

/// A signed number from its lowest bits.
fn extended(number: u32, bits: usize) -> i32 {
    let unused = 32 - bits as u32;
    ((number << unused) as i32) >> unused
}

/// A number of half precision (IEEE 754-2019, binary16).
fn half(number: u16) -> f32 {
    let (exponent, fraction) = (i32::from(number >> 10 & 31), f32::from(number & 1023));
    let size = match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction > 0.0 => f32::NAN,
        31 => f32::INFINITY,
        _ => (1024.0 + fraction) * 2f32.powi(exponent - 25),
    };
    if number >> 15 == 1 { -size } else { size }
}

/// The sum of two numbers of a row, none at its end.
fn add(row: &[u8], at: usize, before: usize, width: usize) -> Option<u64> {
    let number = |at: usize| {
        let bytes = row.get(at..at + width)?;
        Some(bytes.iter().rev().fold(0u64, |number, &byte| number << 8 | u64::from(byte)))
    };
    Some(number(at)?.wrapping_add(number(before)?))
}

/// Undoes the predictor of floats: differences of bytes, of which the highest of all numbers come first.
fn floats_of_bytes(row: &mut [u8], stride: usize, width: usize) {
    (stride..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - stride]));
    let planes = row.to_vec();
    let count = row.len() / width;
    for (index, number) in row.chunks_exact_mut(width).enumerate() {
        for (at, byte) in number.iter_mut().enumerate() {
            *byte = planes[(width - 1 - at) * count + index];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_their_bits_say() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7BFF, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0xFC00, f32::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7E00).is_nan());
    }

    #[test]
    fn twelve_bits_cross_bytes() {
        let row = [0xAB, 0xCD, 0xEF];
        assert_eq!([packed(&row, 0, 12), packed(&row, 1, 12)], [0xABC, 0xDEF]);
        assert_eq!([extended(0xABC, 12), extended(0x7FF, 12)], [0xABC - 0x1000, 0x7FF]);
    }

    #[test]
    fn differences_of_two_bytes_carry() {
        let layout = Layout { bits: 16, format: Format::Unsigned };
        let mut row = [0x00, 0xFF, 0x00, 0x01, 0xFF, 0xFF]; // Big endian: 255, 1, −1.
        layout.restore(&mut row, 1, Predictor::Differences, true);
        assert_eq!(row, [0xFF, 0, 0, 1, 0xFF, 0]);
    }
}
