//! Bytes of a NIfTI file into volumes, and a label map into the bytes of one.
//!
//! Written here because the one kept crate reads NIfTI-1 only. Offsets and meanings are those of `nifti1.h` and
//! `nifti2.h` (NIfTI Data Format Working Group, 2003 and 2011).

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use thiserror::Error;

use crate::geometry::{Affine, Geometry, Placement};
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};

/// Bytes that the data of a file may have, unpacked.
const DATA_BYTES: u64 = 1 << 30;
/// What marks a mask that this program wrote.
const OWN_MASK: &str = "ResUnet++ tumour mask";
/// The intent code of labels (`NIFTI_INTENT_LABEL`).
const INTENT_LABEL: i32 = 1002;
/// Endings of names that data sets give to labels.
const LABEL_WORDS: [&str; 5] = ["mask", "label", "seg", "_gt", "roi"];

/// Why a NIfTI file cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NiftiError {
    /// The file ends early, is no NIfTI, or contradicts itself.
    #[error("the NIfTI file is damaged or cut short ({0})")]
    Damaged(String),
    /// The header points to a file of its own for the data.
    #[error("this is the header of a pair (.hdr, .img); save the volume as one .nii file")]
    Pair,
    /// The data is of a kind that is no intensity.
    #[error("the NIfTI file holds data of type {0}, which is no intensity; save it as numbers")]
    DataType(i16),
    /// The header claims more than can be read.
    #[error("the NIfTI header claims {0} bytes of data, more than can be read")]
    TooLarge(u64),
}

/// The fields of a header that matter.
struct Header {
    dim: [i64; 8],
    datatype: i16,
    pixdim: [f64; 8],
    offset: f64,
    slope: f64,
    intercept: f64,
    units: u8,
    qform: i32,
    sform: i32,
    quaternion: [f64; 3],
    shift: [f64; 3],
    rows: [[f64; 4]; 3],
    big_endian: bool,
}

/// Reads numbers at places, in either byte order.
struct Fields<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Fields<'_> {
    fn at<const N: usize>(&self, place: usize) -> [u8; N] {
        let mut bytes: [u8; N] = self.bytes[place..place + N].try_into().expect("the slice has this length");
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    fn short(&self, place: usize) -> i16 {
        i16::from_le_bytes(self.at(place))
    }

    fn int(&self, place: usize) -> i32 {
        i32::from_le_bytes(self.at(place))
    }

    fn long(&self, place: usize) -> i64 {
        i64::from_le_bytes(self.at(place))
    }

    fn float(&self, place: usize) -> f64 {
        f32::from_le_bytes(self.at(place)).into()
    }

    fn double(&self, place: usize) -> f64 {
        f64::from_le_bytes(self.at(place))
    }
}

impl Header {
    /// Length of the longer header.
    const LONGEST: usize = 540;

    fn parse(bytes: &[u8]) -> Result<Self, NiftiError> {
        let damaged = |what: &str| NiftiError::Damaged(what.into());
        let length = |big_endian| {
            let fields = Fields { bytes, big_endian };
            (bytes.len() >= 348).then(|| fields.int(0)).filter(|length| [348, 540].contains(length))
        };
        let (length, big_endian) = match (length(false), length(true)) {
            (Some(length), _) => (length, false),
            (_, Some(length)) => (length, true),
            _ => return Err(damaged("its first number is not the length of a header")),
        };
        let fields = Fields { bytes, big_endian };
        let second = length == 540;
        if bytes.len() < length as usize {
            return Err(damaged("it ends within the header"));
        }
        let magic = if second { &bytes[4..7] } else { &bytes[344..347] };
        match magic {
            b"n+1" | b"n+2" => {}
            b"ni1" | b"ni2" => return Err(NiftiError::Pair),
            _ => return Err(damaged("it is no NIfTI header")),
        }
        use std::array::from_fn;
        Ok(if second {
            Self {
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
                big_endian,
            }
        } else {
            Self {
                dim: from_fn(|at| fields.short(40 + 2 * at).into()),
                datatype: fields.short(70),
                pixdim: from_fn(|at| fields.float(76 + 4 * at)),
                offset: fields.float(108),
                slope: fields.float(112),
                intercept: fields.float(116),
                units: bytes[123],
                qform: fields.short(252).into(),
                sform: fields.short(254).into(),
                quaternion: from_fn(|at| fields.float(256 + 4 * at)),
                shift: from_fn(|at| fields.float(268 + 4 * at)),
                rows: from_fn(|row| from_fn(|at| fields.float(280 + 16 * row + 4 * at))),
                big_endian,
            }
        })
    }

    /// Size of a volume, and how many there are.
    fn size(&self) -> Result<([usize; 3], usize), NiftiError> {
        let count = self.dim[0];
        if !(1..=7).contains(&count) {
            return Err(NiftiError::Damaged(format!("it claims {count} dimensions")));
        }
        let length = |axis: usize| if axis as i64 <= count { self.dim[axis] } else { 1 };
        if let Some(axis) = (1..8).find(|&axis| !(1..=1 << 31).contains(&length(axis))) {
            return Err(NiftiError::Damaged(format!("it claims {} voxels along axis {axis}", length(axis))));
        }
        let times = (4..8).try_fold(1usize, |product, axis| product.checked_mul(length(axis) as usize));
        Ok((std::array::from_fn(|axis| length(axis + 1) as usize), times.unwrap_or(usize::MAX)))
    }

    fn bytes_per_value(&self) -> Result<usize, NiftiError> {
        match self.datatype {
            2 | 256 => Ok(1),
            4 | 512 => Ok(2),
            8 | 16 | 768 => Ok(4),
            64 | 1024 | 1280 => Ok(8),
            other => Err(NiftiError::DataType(other)),
        }
    }

    /// Where voxels lie: by the matrix, else by the quaternion, as `nifti1.h` prefers.
    fn placement(&self) -> Placement {
        let millimetres = match self.units & 7 {
            1 => 1000.0,
            3 => 0.001,
            _ => 1.0,
        };
        let ras = if self.sform > 0 {
            Some(Affine(self.rows))
        } else if self.qform > 0 {
            Some(self.rotated())
        } else {
            None
        };
        let scaled = ras.map(|affine| Affine(affine.0.map(|row| row.map(|v| v * millimetres))).mirrored());
        let spacing = [1, 2, 3].map(|axis| self.pixdim[axis].abs() * millimetres);
        match scaled.filter(Affine::is_usable) {
            Some(affine) => Placement::Patient(affine),
            None if spacing.iter().all(|v| v.is_normal()) => Placement::Spaced(spacing),
            None => Placement::Unknown,
        }
    }

    fn rotated(&self) -> Affine {
        let [b, c, d] = self.quaternion;
        let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
        let turn = [
            [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), 2.0 * (b * d + a * c)],
            [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d - a * b)],
            [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ];
        let handed = if self.pixdim[0] < 0.0 { -1.0 } else { 1.0 };
        let spacing = [self.pixdim[1], self.pixdim[2], self.pixdim[3] * handed];
        let row = |row: usize| [0, 1, 2].map(|axis| turn[row][axis] * spacing[axis]);
        Affine(std::array::from_fn(|at| {
            let [x, y, z] = row(at);
            [x, y, z, self.shift[at]]
        }))
    }
}

/// The volumes of a NIfTI file of this name: one, or one for each time of a file in four dimensions.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with the file.
pub fn read_nifti(name: &str, bytes: &[u8]) -> Result<Vec<(Series, Vec<SeriesWarning>)>, NiftiError> {
    if bytes.starts_with(&[0x1f, 0x8b]) { read(name, GzDecoder::new(bytes)) } else { read(name, bytes) }
}

fn read(name: &str, mut source: impl Read) -> Result<Vec<(Series, Vec<SeriesWarning>)>, NiftiError> {
    let damaged = |error: std::io::Error| NiftiError::Damaged(error.to_string());
    let mut start = Vec::new();
    source.by_ref().take(Header::LONGEST as u64).read_to_end(&mut start).map_err(damaged)?;
    let header = Header::parse(&start)?;
    let (size, times) = header.size()?;
    let width = header.bytes_per_value()?;
    let voxels = size.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
    let total =
        voxels.and_then(|n| n.checked_mul(times)).and_then(|n| n.checked_mul(width)).map_or(u64::MAX, |n| n as u64);
    if total > DATA_BYTES {
        return Err(NiftiError::TooLarge(total));
    }
    let offset = header.offset.clamp(0.0, 1e9) as u64;
    // What was read along with a short header belongs to the data.
    let early = start.get(offset as usize..).unwrap_or_default().to_vec();
    let skip = offset.saturating_sub(start.len() as u64);
    std::io::copy(&mut source.by_ref().take(skip), &mut std::io::sink()).map_err(damaged)?;
    let mut data = early;
    data.truncate(total as usize);
    let missing = total - data.len() as u64;
    source.take(missing).read_to_end(&mut data).map_err(damaged)?;
    if (data.len() as u64) < total {
        return Err(NiftiError::Damaged(format!("it has {} of {total} bytes of data", data.len())));
    }
    let geometry = Geometry { size, placement: header.placement() };
    let per_volume = geometry.voxels() * width;
    let short = name.rsplit('/').next().unwrap_or(name);
    let volumes = data.chunks_exact(per_volume).enumerate().map(|(time, data)| {
        let (values, odd) = values(&header, data, geometry.slice_pixels());
        let mut warnings = Vec::new();
        if odd > 0 {
            warnings.push(SeriesWarning::NotFinite(odd));
        }
        match geometry.placement {
            Placement::Patient(_) => {}
            Placement::Spaced(_) => warnings.push(SeriesWarning::NoPlace),
            Placement::Unknown => warnings.push(SeriesWarning::NoSpacing),
        }
        let series = Series {
            name: if times > 1 { format!("{short}, volume {} of {times}", time + 1) } else { short.into() },
            volume: Volume { geometry, values },
            inverted: false,
            window: None,
            origin: Origin::File,
            patient: Vec::new(),
        };
        (series, if time == 0 { warnings } else { Vec::new() })
    });
    Ok(volumes.collect())
}

/// The intensities in `data`, and how many of them are no numbers.
fn values(header: &Header, data: &[u8], pixels: usize) -> (Values, usize) {
    // A slope of zero means that there is none.
    let scaled = header.slope != 0.0 && header.slope.is_finite() && header.intercept.is_finite();
    let (slope, intercept) = if scaled { (header.slope, header.intercept) } else { (1.0, 0.0) };
    let fields = Fields { bytes: data, big_endian: header.big_endian };
    let integers = |width: usize, zero: u16, number: &dyn Fn(usize) -> u16| {
        let slice = |at: usize| (0..pixels).map(|pixel| number((at * pixels + pixel) * width)).collect();
        let stored = Stored::new((0..data.len() / width / pixels).map(slice));
        (Values::Integers { stored, zero, slope, intercept }, 0)
    };
    let short = |at: usize| u16::from_le_bytes(fields.at(at));
    match header.datatype {
        2 => integers(1, 0, &|at| data[at].into()),
        256 => integers(1, 0x8000, &|at| (i16::from(data[at] as i8) as u16) ^ 0x8000),
        4 => integers(2, 0x8000, &|at| short(at) ^ 0x8000),
        512 => integers(2, 0, &short),
        kind => {
            let width = if matches!(kind, 8 | 16 | 768) { 4 } else { 8 };
            let value = |at: usize| match kind {
                8 => f64::from(fields.int(at)),
                768 => f64::from(u32::from_le_bytes(fields.at(at))),
                16 => fields.float(at),
                64 => fields.double(at),
                1024 => fields.long(at) as f64,
                _ => u64::from_le_bytes(fields.at(at)) as f64,
            };
            let mut floats: Vec<f32> =
                (0..data.len()).step_by(width).map(|at| (intercept + slope * value(at)) as f32).collect();
            let odd = floats.iter().filter(|v| !v.is_finite()).count();
            if odd > 0 {
                let finite = floats.iter().copied().filter(|v| v.is_finite());
                let darkest = finite.fold(f32::INFINITY, f32::min);
                let darkest = if darkest.is_finite() { darkest } else { 0.0 };
                floats.iter_mut().filter(|v| !v.is_finite()).for_each(|v| *v = darkest);
            }
            (Values::Floats(floats), odd)
        }
    }
}

/// Whether this program wrote the file, as a mask.
pub fn is_own_mask(bytes: &[u8]) -> bool {
    header_of(bytes).is_some_and(|header| header[148..].starts_with(OWN_MASK.as_bytes()))
}

/// The first 348 bytes, unpacked.
fn header_of(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut header = vec![0; 348];
        GzDecoder::new(bytes).read_exact(&mut header).ok()?;
        return Some(header);
    }
    bytes.get(..348).map(<[u8]>::to_vec)
}

/// Whether a volume is a label map rather than an image: few whole values, and named so or of a program like this one.
pub fn is_label_map(series: &Series, bytes: &[u8]) -> bool {
    let start = header_of(bytes).unwrap_or_else(|| vec![0; 348]);
    let intent = |big_endian| i32::from(Fields { bytes: &start, big_endian }.short(68));
    let labelled = [false, true].iter().any(|&order| intent(order) == INTENT_LABEL);
    let name = series.name.to_lowercase();
    let named = LABEL_WORDS.iter().any(|word| name.contains(word));
    let values = &series.volume.values;
    let mut found = Vec::new();
    (labelled || named)
        && (0..values.len()).all(|at| {
            let value = values.get(at);
            if !found.contains(&value) {
                found.push(value);
            }
            value.fract() == 0.0 && (0.0..=255.0).contains(&value) && found.len() <= 16
        })
}

/// The bytes of a compressed NIfTI-1 file with these labels on this grid.
///
/// # Panics
///
/// If there is not one label a voxel, or a side is longer than 32767.
pub fn write_nifti(geometry: &Geometry, labels: &[u8]) -> Vec<u8> {
    assert_eq!(labels.len(), geometry.voxels(), "one label a voxel");
    let mut header = vec![0u8; 352];
    let mut put = |place: usize, bytes: &[u8]| header[place..place + bytes.len()].copy_from_slice(bytes);
    let side = |axis: usize| i16::try_from(geometry.size[axis]).expect("a side fits 16 bit");
    let dim = [3, side(0), side(1), side(2), 1, 1, 1, 1];
    put(0, &348i32.to_le_bytes());
    dim.iter().enumerate().for_each(|(at, v)| put(40 + 2 * at, &v.to_le_bytes()));
    put(68, &(INTENT_LABEL as i16).to_le_bytes());
    put(70, &2i16.to_le_bytes());
    put(72, &8i16.to_le_bytes());
    let spacing = geometry.spacing_mm();
    let [x, y, z] = spacing.unwrap_or([1.0; 3]);
    [1.0, x, y, z].iter().enumerate().for_each(|(at, &v)| put(76 + 4 * at, &(v as f32).to_le_bytes()));
    put(108, &352f32.to_le_bytes());
    put(112, &1f32.to_le_bytes());
    put(123, &[if spacing.is_some() { 2 } else { 0 }]);
    put(148, OWN_MASK.as_bytes());
    if let Placement::Patient(affine) = geometry.placement {
        put(254, &1i16.to_le_bytes());
        let values = affine.mirrored().0;
        values.as_flattened().iter().enumerate().for_each(|(at, &v)| put(280 + 4 * at, &(v as f32).to_le_bytes()));
    }
    put(344, b"n+1\0");
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    let written = file.write_all(&header).and_then(|()| file.write_all(labels)).and_then(|()| file.finish());
    written.expect("memory takes everything")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of a number, in little endian.
    type Encode<'a> = &'a dyn Fn(f64) -> Vec<u8>;

    /// A NIfTI-1 file by hand: 2 × 1 × 2 voxels, in either byte order.
    fn file(datatype: i16, data: &[u8], big_endian: bool) -> Vec<u8> {
        let mut bytes = vec![0; 352];
        let mut put = |place: usize, little: &[u8]| {
            let mut value = little.to_vec();
            if big_endian {
                value.reverse();
            }
            bytes[place..place + value.len()].copy_from_slice(&value);
        };
        put(0, &348i32.to_le_bytes());
        for (at, v) in [3i16, 2, 1, 2].iter().enumerate() {
            put(40 + 2 * at, &v.to_le_bytes());
        }
        put(70, &datatype.to_le_bytes());
        for (at, v) in [1.0f32, 2.0, 3.0, 4.0].iter().enumerate() {
            put(76 + 4 * at, &v.to_le_bytes());
        }
        put(108, &352f32.to_le_bytes());
        put(112, &0.5f32.to_le_bytes());
        put(116, &(-1f32).to_le_bytes());
        bytes[344..347].copy_from_slice(b"n+1");
        bytes.extend(data);
        bytes
    }

    fn read_values(bytes: &[u8]) -> Vec<f64> {
        let volumes = read_nifti("v.nii", bytes).unwrap();
        let values = &volumes[0].0.volume.values;
        (0..values.len()).map(|at| values.get(at)).collect()
    }

    #[test]
    fn every_number_type_is_read_in_either_order_and_scaled() {
        let numbers = [2.0f64, 0.0, 7.0, 100.0];
        let encoded = |encode: Encode, big: bool| -> Vec<u8> {
            let flip = |mut v: Vec<u8>| {
                if big {
                    v.reverse();
                }
                v
            };
            numbers.iter().flat_map(|&v| flip(encode(v))).collect()
        };
        let kinds: [(i16, Encode); 10] = [
            (2, &|v| vec![v as u8]),
            (256, &|v| vec![v as i8 as u8]),
            (4, &|v| (v as i16).to_le_bytes().into()),
            (512, &|v| (v as u16).to_le_bytes().into()),
            (8, &|v| (v as i32).to_le_bytes().into()),
            (768, &|v| (v as u32).to_le_bytes().into()),
            (16, &|v| (v as f32).to_le_bytes().into()),
            (64, &|v| v.to_le_bytes().into()),
            (1024, &|v| (v as i64).to_le_bytes().into()),
            (1280, &|v| (v as u64).to_le_bytes().into()),
        ];
        for (kind, encode) in kinds {
            for big in [false, true] {
                let values = read_values(&file(kind, &encoded(encode, big), big));
                assert_eq!(values, [0.0, -1.0, 2.5, 49.0], "type {kind}, big endian {big}");
            }
        }
        let negative = file(4, &[0xff, 0xff, 0, 0, 1, 0, 0, 0x80], false);
        assert_eq!(read_values(&negative), [-1.5, -1.0, -0.5, -16385.0]);
    }

    #[test]
    fn nan_and_infinity_become_the_darkest_and_are_counted() {
        let data: Vec<u8> = [f32::NAN, 4.0, f32::INFINITY, 6.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let volumes = read_nifti("v.nii", &file(16, &data, false)).unwrap();
        assert!(volumes[0].1.contains(&SeriesWarning::NotFinite(2)));
        assert_eq!(volumes[0].0.volume.values, Values::Floats(vec![1.0, 1.0, 1.0, 2.0]));
    }

    #[test]
    fn bad_headers_are_said() {
        let good = file(2, &[1, 2, 3, 4], false);
        for length in 0..good.len() {
            assert!(read_nifti("v.nii", &good[..length]).is_err(), "{length} bytes");
        }
        let with = |place: usize, value: &[u8]| {
            let mut bytes = good.clone();
            bytes[place..place + value.len()].copy_from_slice(value);
            read_nifti("v.nii", &bytes).unwrap_err()
        };
        assert_eq!(with(70, &128i16.to_le_bytes()), NiftiError::DataType(128));
        assert_eq!(with(344, b"ni1"), NiftiError::Pair);
        let huge = [3i16, 32767, 32767, 32767].map(i16::to_le_bytes).concat();
        assert!(matches!(with(40, &huge), NiftiError::TooLarge(_)));
        assert!(matches!(with(42, &(-2i16).to_le_bytes()), NiftiError::Damaged(_)));
        assert!(matches!(with(40, &99i16.to_le_bytes()), NiftiError::Damaged(_)));
    }

    #[test]
    fn a_label_map_comes_back_to_the_bit_on_any_grid() {
        let oblique = Affine([[0.9, -0.2, 0.0, 12.0], [0.25, 1.1, 0.5, -7.5], [0.0, -0.5, -4.0, 3.25]]);
        for placement in [Placement::Patient(oblique), Placement::Spaced([0.5, 2.0, 3.0]), Placement::Unknown] {
            let geometry = Geometry { size: [3, 4, 2], placement };
            let labels: Vec<u8> = (0..24).map(|at| u8::from(at % 5 == 0)).collect();
            let bytes = write_nifti(&geometry, &labels);
            let (series, _) = read_nifti("out.nii.gz", &bytes).unwrap().remove(0);
            assert!(series.volume.geometry.same_grid(&geometry), "{:?}", series.volume.geometry);
            let read: Vec<u8> = (0..24).map(|at| series.volume.values.get(at) as u8).collect();
            assert_eq!(read, labels);
            assert!(is_label_map(&series, &bytes));
        }
    }

    #[test]
    fn a_quaternion_places_voxels_as_the_matrix_does() {
        // A quarter turn about z, left-handed: x to y, y to −x, z downwards.
        let mut bytes = file(2, &[1, 2, 3, 4], false);
        bytes[252..254].copy_from_slice(&1i16.to_le_bytes());
        bytes[76..80].copy_from_slice(&(-1f32).to_le_bytes());
        bytes[264..268].copy_from_slice(&std::f32::consts::FRAC_1_SQRT_2.to_le_bytes());
        let (series, _) = read_nifti("q.nii", &bytes).unwrap().remove(0);
        let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("no place") };
        let ras = affine.mirrored().0;
        let expected = [[0.0, -3.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0], [0.0, 0.0, -4.0, 0.0]];
        for (a, b) in ras.as_flattened().iter().zip(expected.as_flattened()) {
            assert!((a - b).abs() < 1e-5, "{ras:?}");
        }
    }
}
