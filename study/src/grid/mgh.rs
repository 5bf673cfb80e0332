//! The header of FreeSurfer's volumes (`MGHFileFormat`, FreeSurfer wiki): 284 bytes in big endian.

use super::{Described, Encoding, Numbers, Skip, Unusable, count, placed, size, spaced};
use crate::geometry::Affine;
use crate::raw::{Kind, Layout};

/// Bytes before the numbers.
const HEADER_BYTES: usize = 284;

/// Whether a file begins as one does: version 1, three sides, frames, and one of five types.
pub(crate) fn is_mgh(start: &[u8]) -> bool {
    let number = |at: usize| start.get(4 * at..4 * at + 4).map(|b| i32::from_be_bytes([b[0], b[1], b[2], b[3]]));
    number(0) == Some(1)
        && (1..5).all(|at| number(at).is_some_and(|side| (1..=1 << 20).contains(&side)))
        && number(5).is_some_and(|kind| [0, 1, 3, 4, 10].contains(&kind))
}

pub(super) fn describe(header: &[u8]) -> Result<Described, Unusable> {
    let damaged = |what: &str| Unusable::Damaged(what.into());
    if header.len() < HEADER_BYTES {
        return Err(damaged("it ends within the header"));
    }
    let int = |at: usize| i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let float = |at: usize| f64::from(f32::from_bits(int(at) as u32));
    if int(0) != 1 {
        return Err(damaged("it is of another version than 1"));
    }
    let length = |at: usize| u64::try_from(int(at)).unwrap_or(0);
    let size = size(&[length(4), length(8), length(12)])?;
    let kind = match int(20) {
        0 => Kind::U8,
        1 => Kind::I32,
        3 => Kind::F32,
        4 => Kind::I16,
        10 => Kind::U16,
        other => return Err(Unusable::Values(format!("values of the type {other}"))),
    };
    // Spacing and directions count only where the flag says so.
    let directed = i16::from_be_bytes([header[28], header[29]]) > 0;
    let steps: [[f64; 3]; 3] =
        std::array::from_fn(|axis| std::array::from_fn(|row| float(30 + 4 * axis) * float(42 + 12 * axis + 4 * row)));
    // The place is that of the middle, counted from the first voxel in half sides.
    let half = size.axes().map(|side| side as f64 / 2.0);
    let origin: [f64; 3] =
        std::array::from_fn(|row| float(78 + 4 * row) - (0..3).map(|axis| steps[axis][row] * half[axis]).sum::<f64>());
    let mirrored =
        Affine(std::array::from_fn(|row| [steps[0][row], steps[1][row], steps[2][row], origin[row]])).mirrored();
    let in_lps = placed([0, 1, 2].map(|axis| mirrored.column(axis)), mirrored.column(3)).filter(|_| directed);
    let (placement, warnings) = match in_lps {
        Some(placement) => (placement, Vec::new()),
        None => spaced(if directed { [0, 1, 2].map(|axis| float(30 + 4 * axis)) } else { [0.0; 3] }),
    };
    let layout = Layout {
        size,
        count: count(&[length(16)])?,
        interleaved: false,
        kind,
        big_endian: true,
        slope: 1.0,
        intercept: 0.0,
        placement,
        warnings,
    };
    Ok(Described {
        layout,
        numbers: Numbers::Here(HEADER_BYTES),
        encoding: Encoding::Raw,
        lines: 0,
        skip: Skip::Bytes(0),
    })
}
