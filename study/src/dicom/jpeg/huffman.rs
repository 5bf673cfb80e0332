//! Bits into the symbols of a Huffman table.

use super::JpegError;
use super::bits::Bits;

/// Bits of the codes that are found at one glance.
const SHORT: u32 = 9;

/// A table of codes of 1 to 16 bits (annex C).
pub(super) struct HuffmanTable {
    /// Length and symbol of the code that so many bits begin with; length 0 where it is longer.
    short: Vec<(u8, u8)>,
    /// For each length, from 1: one more than the last code, in the highest of 16 bits, and what leads from a code to the
    /// place of its symbol.
    long: [(u32, i32); 16],
    symbols: Vec<u8>,
}

impl HuffmanTable {
    /// The table with so many codes of each length, and their symbols; none if there are more than a length can tell apart.
    pub(super) fn new(counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut short = vec![(0, 0); 1 << SHORT];
        let mut long = [(0, 0); 16];
        let (mut code, mut place) = (0u32, 0usize);
        for (length, &count) in (1u32..).zip(counts).take(16) {
            let first = place;
            long[length as usize - 1].1 = first as i32 - code as i32;
            for _ in 0..count {
                let symbol = *symbols.get(place)?;
                if length <= SHORT {
                    let from = (code << (SHORT - length)) as usize;
                    let to = from + (1 << (SHORT - length));
                    short.get_mut(from..to)?.fill((length as u8, symbol));
                }
                code += 1;
                place += 1;
            }
            if code > 1 << length {
                return None;
            }
            long[length as usize - 1].0 = code << (16 - length);
            code <<= 1;
        }
        Some(Self { short, long, symbols: symbols.to_vec() })
    }

    /// The next symbol.
    pub(super) fn symbol(&self, bits: &mut Bits) -> Result<u8, JpegError> {
        let next = u32::from(bits.peek());
        let (length, symbol) = self.short[(next >> (16 - SHORT)) as usize];
        if length > 0 {
            bits.skip(length.into())?;
            return Ok(symbol);
        }
        for (length, &(end, to_place)) in (1u32..).zip(&self.long).skip(SHORT as usize) {
            if next < end {
                bits.skip(length)?;
                let place = (next >> (16 - length)) as i32 + to_place;
                return self.symbols.get(place as usize).copied().ok_or(JpegError::Damaged("a code is none"));
            }
        }
        // With nothing left, what was looked at are the zeros behind the end.
        bits.skip(16)?;
        Err(JpegError::Damaged("a code is none"))
    }
}
