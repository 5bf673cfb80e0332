//! Plain numbers of a file, one behind the other, into volumes: what NIfTI, NRRD, MetaImage and MGH have in common.

use std::borrow::Cow;
use std::io::{self, Read};

use imaging::GridSize;
use thiserror::Error;

use crate::floats::settle;
use crate::geometry::{Geometry, Placement};
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};

/// Volumes of a file that are opened together: more make no menu that anyone reads.
pub const MOST_VOLUMES: usize = 100;
/// Bytes that the data of a file may have, unpacked.
pub(crate) const DATA_BYTES: u64 = 1 << 30;
/// Bytes behind the last value that are read to get to the check sums of the layers.
pub(crate) const BEHIND: u64 = 1 << 20;

/// Volumes, each with what is odd about it.
pub type Volumes = Vec<(Series, Vec<SeriesWarning>)>;

/// Which volumes of a file are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All, or the first where they are too many.
    All,
    /// The one of this index, from 0.
    One(usize),
}

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
}

impl Kind {
    /// Bytes of a number.
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

/// How the numbers of a file lie.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    /// Voxels of a volume.
    pub size: GridSize,
    /// Volumes.
    pub count: usize,
    /// Whether the numbers of all volumes at a voxel lie side by side.
    pub interleaved: bool,
    /// Their type.
    pub kind: Kind,
    /// Whether they begin with their highest byte.
    pub big_endian: bool,
    /// The intensity of a number is `intercept + slope · number`.
    pub slope: f64,
    /// See `slope`.
    pub intercept: f64,
    /// Where the voxels lie.
    pub placement: Placement,
    /// What is odd about that.
    pub warnings: Vec<SeriesWarning>,
}

/// Why there are no volumes.
#[derive(Debug, Error)]
pub(crate) enum RawError {
    /// They have so many bytes.
    #[error("{0} bytes")]
    TooLarge(u64),
    /// The data ends early.
    #[error("it has {found} of {total} bytes of data")]
    Short { found: usize, total: u64 },
    /// There is no volume of this number.
    #[error("volume {number} of {count}")]
    NoVolume { number: usize, count: usize },
    /// A layer does not come off.
    #[error(transparent)]
    Read(#[from] io::Error),
}

/// The volumes that begin so many bytes into a source.
///
/// Of more than [`MOST_VOLUMES`], or of more than fits, the first comes alone, with a warning that says how many there are.
pub(crate) fn volumes(
    name: &str,
    layout: Layout,
    offset: u64,
    mut source: impl Read,
    wanted: Wanted,
) -> Result<Volumes, RawError> {
    let Layout { size, count, interleaved, .. } = layout;
    let width = layout.kind.bytes();
    // In 64 bit everywhere: what overflows there is too large anywhere.
    let product = |factors: &[usize]| factors.iter().try_fold(1u64, |product, &n| product.checked_mul(n as u64));
    let per_volume = product(&[size.width, size.height, size.depth, width]).unwrap_or(u64::MAX);
    let all = per_volume.saturating_mul(count as u64);
    let claimed = if interleaved { all } else { per_volume };
    if claimed > DATA_BYTES {
        return Err(RawError::TooLarge(claimed));
    }
    let (first, shown) = match wanted {
        Wanted::All if all <= DATA_BYTES && count <= MOST_VOLUMES => (0, count),
        Wanted::All => (0, 1),
        Wanted::One(index) if index < count => (index, 1),
        Wanted::One(index) => return Err(RawError::NoVolume { number: index.saturating_add(1), count }),
    };
    let before = if interleaved { 0 } else { per_volume.saturating_mul(first as u64) };
    io::copy(&mut source.by_ref().take(offset.saturating_add(before)), &mut io::sink())?;
    let total = if interleaved { all } else { per_volume * shown as u64 };
    let mut data = Vec::new();
    source.by_ref().take(total).read_to_end(&mut data)?;
    if (data.len() as u64) < total {
        return Err(RawError::Short { found: data.len(), total });
    }
    // Behind the last value lie the check sums of the layers.
    if interleaved || first + shown == count {
        io::copy(&mut source.take(BEHIND), &mut io::sink())?;
    }
    let Layout { placement, mut warnings, .. } = layout.clone();
    if wanted == Wanted::All && shown < count {
        warnings.push(SeriesWarning::FirstOf(count));
    }
    let geometry = Geometry { size, placement };
    let short = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let volumes = (0..shown).map(|at| {
        let of_volume: Cow<[u8]> = match interleaved {
            true => Cow::Owned(gathered(&data, width, count, first + at)),
            false => Cow::Borrowed(&data[at * per_volume as usize..][..per_volume as usize]),
        };
        let (values, odd) = values(&layout, &of_volume, geometry.slice_pixels());
        // What is odd about all of them is said once.
        let mut warnings = if at == 0 { std::mem::take(&mut warnings) } else { Vec::new() };
        warnings.splice(0..0, odd);
        let number = first + at + 1;
        let series = Series {
            name: if count > 1 { format!("{short}, volume {number} of {count}") } else { short.into() },
            volume: Volume { geometry, values },
            inverted: false,
            window: None,
            origin: Origin::File,
            patient: Vec::new(),
        };
        (series, warnings)
    });
    Ok(volumes.collect())
}

/// The numbers of one of several volumes whose numbers lie side by side.
fn gathered(data: &[u8], width: usize, count: usize, index: usize) -> Vec<u8> {
    data.chunks_exact(width * count).flat_map(|voxel| &voxel[index * width..][..width]).copied().collect()
}

/// The intensities in `data`, and what is odd about them.
fn values(layout: &Layout, data: &[u8], pixels: usize) -> (Values, Vec<SeriesWarning>) {
    let &Layout { kind, big_endian, slope, intercept, .. } = layout;
    let integers = |width: usize, zero: u16, number: &dyn Fn(usize) -> u16| {
        let slice = |at: usize| (0..pixels).map(|pixel| number((at * pixels + pixel) * width)).collect();
        let stored = Stored::new((0..data.len() / width / pixels).map(slice));
        (Values::Integers { stored, zero, slope, intercept }, Vec::new())
    };
    let short = |at: usize| u16::from_le_bytes(number(data, big_endian, at));
    let long = |at: usize| number(data, big_endian, at);
    let wide = |at: usize| number(data, big_endian, at);
    let floats = |value: &dyn Fn(usize) -> f64| {
        let places = (0..data.len()).step_by(kind.bytes());
        let mut floats: Vec<f32> = places.map(|at| in_single(intercept + slope * value(at))).collect();
        let odd = settle(&mut floats);
        (Values::Floats(floats), odd)
    };
    match kind {
        Kind::U8 => integers(1, 0, &|at| data[at].into()),
        Kind::I8 => integers(1, 0x8000, &|at| (i16::from(data[at] as i8) as u16) ^ 0x8000),
        Kind::I16 => integers(2, 0x8000, &|at| short(at) ^ 0x8000),
        Kind::U16 => integers(2, 0, &short),
        Kind::I32 => floats(&|at| i32::from_le_bytes(long(at)).into()),
        Kind::U32 => floats(&|at| u32::from_le_bytes(long(at)).into()),
        Kind::F32 => floats(&|at| f32::from_le_bytes(long(at)).into()),
        Kind::F64 => floats(&|at| f64::from_le_bytes(wide(at))),
        Kind::I64 => floats(&|at| i64::from_le_bytes(wide(at)) as f64),
        Kind::U64 => floats(&|at| u64::from_le_bytes(wide(at)) as f64),
    }
}

/// The bytes of a number, the lowest first.
fn number<const N: usize>(data: &[u8], big_endian: bool, at: usize) -> [u8; N] {
    let mut bytes: [u8; N] = data[at..at + N].try_into().expect("the slice has this length");
    if big_endian {
        bytes.reverse();
    }
    bytes
}

/// A number in single precision: beyond that it is as large as can be, not infinite.
fn in_single(number: f64) -> f32 {
    let largest = f64::from(f32::MAX);
    (if number.is_finite() { number.clamp(-largest, largest) } else { number }) as f32
}
