//! The first bytes of a NIfTI-1, NIfTI-2 or Analyze 7.5 file into the fields that matter.

use std::array::from_fn;

use imaging::GridSize;

use super::NiftiError;
use crate::raw::Kind;

/// Intent codes of CIFTI-2 (`NIFTI_INTENT_CONNECTIVITY_UNKNOWN` and on; CIFTI-2, 4.2).
const CIFTI: std::ops::RangeInclusive<i32> = 3000..=3099;

/// How a file with such a header is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Header and data in one file.
    Single,
    /// The data is in a file of its own.
    Pair,
    /// Likewise, by the older header without sides.
    Analyze,
    /// Values on surfaces.
    Surface,
}

/// The fields of a header that matter.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub form: Form,
    pub dim: [i64; 8],
    pub datatype: i16,
    pub pixdim: [f64; 8],
    pub offset: f64,
    pub slope: f64,
    pub intercept: f64,
    pub units: u8,
    pub qform: i32,
    pub sform: i32,
    pub quaternion: [f64; 3],
    pub shift: [f64; 3],
    pub rows: [[f64; 4]; 3],
    pub big_endian: bool,
}

/// Reads numbers at places, in either byte order.
pub(super) struct Fields<'a> {
    pub bytes: &'a [u8],
    pub big_endian: bool,
}

impl Fields<'_> {
    pub fn at<const N: usize>(&self, place: usize) -> [u8; N] {
        let mut bytes: [u8; N] = self.bytes[place..place + N].try_into().expect("the slice has this length");
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    pub fn short(&self, place: usize) -> i16 {
        i16::from_le_bytes(self.at(place))
    }

    pub fn int(&self, place: usize) -> i32 {
        i32::from_le_bytes(self.at(place))
    }

    pub fn long(&self, place: usize) -> i64 {
        i64::from_le_bytes(self.at(place))
    }

    pub fn float(&self, place: usize) -> f64 {
        f32::from_le_bytes(self.at(place)).into()
    }

    pub fn double(&self, place: usize) -> f64 {
        f64::from_le_bytes(self.at(place))
    }
}

/// The length that a header states in its first number, and whether it does so in big endian.
fn length(bytes: &[u8]) -> Option<(usize, bool)> {
    let first: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    match (i32::from_le_bytes(first), i32::from_be_bytes(first)) {
        (348, _) => Some((348, false)),
        (540, _) => Some((540, false)),
        (_, 348) => Some((348, true)),
        (_, 540) => Some((540, true)),
        _ => None,
    }
}

/// What kind of NIfTI or Analyze file begins so, if it is one.
pub(crate) fn form_of(start: &[u8]) -> Option<Form> {
    let by_magic = match (start.get(4..7), start.get(344..347)) {
        (Some(b"n+2"), _) | (_, Some(b"n+1")) => Form::Single,
        (Some(b"ni2"), _) | (_, Some(b"ni1")) => Form::Pair,
        _ => return is_analyze(start).then_some(Form::Analyze),
    };
    let intent = length(start).and_then(|(length, big_endian)| {
        let fields = Fields { bytes: start.get(..length)?, big_endian };
        Some(if length == 540 { fields.int(504) } else { fields.short(68).into() })
    });
    Some(if intent.is_some_and(|code| CIFTI.contains(&code)) { Form::Surface } else { by_magic })
}

/// The older header has no mark but its length: its numbers of dimensions and of the type have to be right as well.
fn is_analyze(start: &[u8]) -> bool {
    let (Some((348, big_endian)), Some(bytes)) = (length(start), start.get(..348)) else { return false };
    let fields = Fields { bytes, big_endian };
    let types = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 768];
    (1..=7).contains(&fields.short(40)) && fields.short(42) > 0 && types.contains(&fields.short(70))
}

impl Header {
    /// Length of the longer header.
    pub const LONGEST: usize = 540;

    pub fn parse(bytes: &[u8]) -> Result<Self, NiftiError> {
        let damaged = |what: &str| Err(NiftiError::Damaged(what.into()));
        let Some((length, big_endian)) = length(bytes) else {
            return damaged("its first number is not the length of a header");
        };
        if bytes.len() < length {
            return damaged("it ends within the header");
        }
        let form = match form_of(bytes) {
            None => return damaged("it is no NIfTI header"),
            Some(Form::Surface) => return Err(NiftiError::Surface),
            Some(form) => form,
        };
        let fields = Fields { bytes, big_endian };
        Ok(match (form, length) {
            (Form::Analyze, _) => Self::analyze(&fields),
            (_, 540) => Self::second(form, &fields),
            _ => Self::first(form, &fields),
        })
    }

    fn first(form: Form, fields: &Fields) -> Self {
        Self {
            form,
            dim: from_fn(|at| fields.short(40 + 2 * at).into()),
            datatype: fields.short(70),
            pixdim: from_fn(|at| fields.float(76 + 4 * at)),
            offset: fields.float(108),
            slope: fields.float(112),
            intercept: fields.float(116),
            units: fields.bytes[123],
            qform: fields.short(252).into(),
            sform: fields.short(254).into(),
            quaternion: from_fn(|at| fields.float(256 + 4 * at)),
            shift: from_fn(|at| fields.float(268 + 4 * at)),
            rows: from_fn(|row| from_fn(|at| fields.float(280 + 16 * row + 4 * at))),
            big_endian: fields.big_endian,
        }
    }

    fn second(form: Form, fields: &Fields) -> Self {
        Self {
            form,
            dim: from_fn(|at| fields.long(16 + 8 * at)),
            datatype: fields.short(12),
            pixdim: from_fn(|at| fields.double(104 + 8 * at)),
            offset: fields.long(168) as f64,
            slope: fields.double(176),
            intercept: fields.double(184),
            units: fields.int(500) as u8,
            qform: fields.int(344),
            sform: fields.int(348),
            quaternion: from_fn(|at| fields.double(352 + 8 * at)),
            shift: from_fn(|at| fields.double(376 + 8 * at)),
            rows: from_fn(|row| from_fn(|at| fields.double(400 + 32 * row + 8 * at))),
            big_endian: fields.big_endian,
        }
    }

    /// The older header has the same fields up to the scale, which SPM keeps in places that were unused, in mm, and
    /// other things where the forms lie.
    fn analyze(fields: &Fields) -> Self {
        let first = Self::first(Form::Analyze, fields);
        let intercept = if first.intercept.is_finite() { first.intercept } else { 0.0 };
        Self { units: 2, qform: 0, sform: 0, intercept, ..first }
    }

    /// Size of a volume, and how many there are. Sides of zero beyond the second are met in files of old converters, and
    /// mean one.
    pub fn size(&self) -> Result<(GridSize, usize), NiftiError> {
        let count = self.dim[0];
        if !(1..=7).contains(&count) {
            return Err(NiftiError::Damaged(format!("it claims {count} dimensions")));
        }
        let length = |axis: usize| match self.dim[axis] {
            _ if axis as i64 > count => 1,
            0 if axis > 2 => 1,
            length => length,
        };
        if let Some(axis) = (1..8).find(|&axis| !(1..1 << 31).contains(&length(axis))) {
            return Err(NiftiError::Damaged(format!("it claims {} voxels along axis {axis}", length(axis))));
        }
        let size: GridSize = [1, 2, 3].map(|axis| length(axis) as usize).into();
        if size.axes().iter().filter(|&&side| side > 1).count() < 2 {
            return Err(NiftiError::NoImage(size));
        }
        let times = (4..8).try_fold(1usize, |product, axis| product.checked_mul(length(axis) as usize));
        Ok((size, times.unwrap_or(usize::MAX)))
    }

    /// Where the data begins in its file. Within one file it never lies in the header, whatever that says.
    pub fn data_offset(&self, header_bytes: u64) -> u64 {
        let stated = self.offset.clamp(0.0, 1e9) as u64;
        if self.form == Form::Single && stated < header_bytes { header_bytes + 4 } else { stated }
    }

    /// The type of the numbers (`nifti1.h`, `DT_…`).
    pub fn kind(&self) -> Result<Kind, NiftiError> {
        Ok(match self.datatype {
            2 => Kind::U8,
            256 => Kind::I8,
            4 => Kind::I16,
            512 => Kind::U16,
            8 => Kind::I32,
            768 => Kind::U32,
            16 => Kind::F32,
            64 => Kind::F64,
            1024 => Kind::I64,
            1280 => Kind::U64,
            other => return Err(NiftiError::DataType(other)),
        })
    }

    /// Bytes of the header itself.
    pub fn length(bytes: &[u8]) -> u64 {
        length(bytes).map_or(348, |(length, _)| length as u64)
    }
}
