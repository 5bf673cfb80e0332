//! Bytes of a NIfTI file into its volumes.

use std::io::{self, Cursor, Read};

use super::header::{Fields, Form, Header};
use super::placement::placement;
use super::{DATA_BYTES, INTENT_LABEL, NiftiError, OWN_MASK};
use crate::geometry::Geometry;
use crate::layers::Opened;
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};

/// Volumes of a file that are opened together: more make no menu that anyone reads.
pub const MOST_VOLUMES: usize = 100;
/// Endings of names that data sets give to labels.
const LABEL_WORDS: [&str; 5] = ["mask", "label", "seg", "_gt", "roi"];

/// Volumes, each with what is odd about it.
pub(super) type Volumes = Vec<(Series, Vec<SeriesWarning>)>;

/// Which volumes of a file are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All, or the first where they are too many.
    All,
    /// The one of this index, from 0.
    One(usize),
}

/// The volumes of a NIfTI file of this name: one, or one for each time of a file in four dimensions.
///
/// Of a file with more than [`MOST_VOLUMES`], or with more than fits, the first comes alone, with a warning that says
/// how many there are; [`read_nifti_volume`] reads another. Layers of compression come off piece by piece.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with the file.
pub fn read_nifti(name: &str, bytes: &[u8]) -> Result<Volumes, NiftiError> {
    single(name, bytes, Wanted::All)
}

/// The volume of this index, from 0, in a NIfTI file of several.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with the file, or that there are not so many.
pub fn read_nifti_volume(name: &str, bytes: &[u8], index: usize) -> Result<(Series, Vec<SeriesWarning>), NiftiError> {
    let mut volumes = single(name, bytes, Wanted::One(index))?;
    volumes.pop().ok_or(NiftiError::NoVolume { number: index.saturating_add(1), count: 0 })
}

fn single(name: &str, bytes: &[u8], wanted: Wanted) -> Result<Volumes, NiftiError> {
    let mut source = opened(bytes)?;
    let start = beginning(&mut source)?;
    let header = Header::parse(&start)?;
    if header.form != Form::Single {
        return Err(NiftiError::Pair);
    }
    let offset = header.data_offset(Header::length(&start));
    volumes(name, &header, offset, Cursor::new(start).chain(source), wanted)
}

/// A file without its layers.
pub(super) fn opened(bytes: &[u8]) -> Result<impl Read + '_, NiftiError> {
    let opened = Opened::new(bytes);
    match opened.error {
        Some(error) => Err(NiftiError::Damaged(error.to_string())),
        None => Ok(opened.into_reader()),
    }
}

/// As much of a file as a header may take.
pub(super) fn beginning(source: impl Read) -> Result<Vec<u8>, NiftiError> {
    let mut start = Vec::new();
    source.take(Header::LONGEST as u64).read_to_end(&mut start).map_err(damaged)?;
    Ok(start)
}

fn damaged(error: io::Error) -> NiftiError {
    NiftiError::Damaged(error.to_string())
}

/// The volumes that begin so many bytes into a source.
pub(super) fn volumes(
    name: &str,
    header: &Header,
    offset: u64,
    mut source: impl Read,
    wanted: Wanted,
) -> Result<Volumes, NiftiError> {
    let (size, count) = header.size()?;
    let width = header.bytes_per_value()?;
    // In 64 bit everywhere: what overflows there is too large anywhere.
    let product = |factors: &[usize]| factors.iter().try_fold(1u64, |product, &n| product.checked_mul(n as u64));
    let per_volume = product(&[size.width, size.height, size.depth, width]).unwrap_or(u64::MAX);
    if per_volume > DATA_BYTES {
        return Err(NiftiError::TooLarge(per_volume));
    }
    let fits = per_volume.checked_mul(count as u64).is_some_and(|total| total <= DATA_BYTES);
    let (first, shown) = match wanted {
        Wanted::All if fits && count <= MOST_VOLUMES => (0, count),
        Wanted::All => (0, 1),
        Wanted::One(index) if index < count => (index, 1),
        Wanted::One(index) => return Err(NiftiError::NoVolume { number: index.saturating_add(1), count }),
    };
    let skipped = offset.saturating_add(per_volume.saturating_mul(first as u64));
    io::copy(&mut source.by_ref().take(skipped), &mut io::sink()).map_err(damaged)?;
    let total = per_volume * shown as u64;
    let mut data = Vec::new();
    source.take(total).read_to_end(&mut data).map_err(damaged)?;
    if (data.len() as u64) < total {
        return Err(NiftiError::Damaged(format!("it has {} of {total} bytes of data", data.len())));
    }
    let (placement, mut warnings) = placement(header, size);
    if wanted == Wanted::All && shown < count {
        warnings.push(SeriesWarning::FirstOf(count));
    }
    let geometry = Geometry { size, placement };
    let short = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let volumes = data.chunks_exact(per_volume as usize).enumerate().map(|(at, data)| {
        let (values, odd) = values(header, data, geometry.slice_pixels());
        // What is odd about all of them is said once.
        let mut warnings = if at == 0 { std::mem::take(&mut warnings) } else { Vec::new() };
        if odd > 0 {
            warnings.insert(0, SeriesWarning::NotFinite(odd));
        }
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

/// The first 348 bytes, without layers.
fn header_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = Opened::new(bytes).start;
    start.get(..348).map(<[u8]>::to_vec)
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::geometry::Placement;

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
        assert_eq!(with(68, &3007i16.to_le_bytes()), NiftiError::Surface);
        assert_eq!(with(44, &0i16.to_le_bytes()), NiftiError::Damaged("it claims 0 voxels along axis 2".into()));
        assert_eq!(with(46, &1i16.to_le_bytes()), NiftiError::NoImage([2, 1, 1].into()));
        let huge = [3i16, 32767, 32767, 32767].map(i16::to_le_bytes).concat();
        assert!(matches!(with(40, &huge), NiftiError::TooLarge(_)));
        assert!(matches!(with(42, &(-2i16).to_le_bytes()), NiftiError::Damaged(_)));
        assert!(matches!(with(40, &99i16.to_le_bytes()), NiftiError::Damaged(_)));
    }

    #[test]
    fn sides_of_zero_beyond_the_second_mean_one() {
        let mut bytes = file(2, &[1, 2, 3, 4], false);
        let dim = [4i16, 2, 1, 2, 0, 0, 0, 0].map(i16::to_le_bytes).concat();
        bytes[40..56].copy_from_slice(&dim);
        let volumes = read_nifti("v.nii", &bytes).unwrap();
        assert_eq!((volumes.len(), volumes[0].0.volume.geometry.size.axes()), (1, [2, 1, 2]));
        assert_eq!(volumes[0].0.name, "v.nii");
        bytes[40..48].copy_from_slice(&[3i16, 2, 2, 0].map(i16::to_le_bytes).concat());
        assert_eq!(read_nifti("v.nii", &bytes).unwrap()[0].0.volume.geometry.size.axes(), [2, 2, 1]);
    }

    #[test]
    fn of_many_volumes_the_first_comes_alone_and_another_by_its_number() {
        let series = |count: u16| {
            let data: Vec<u8> = (0..count).flat_map(|at| [at as u8; 4]).collect();
            let mut bytes = file(2, &data, false);
            bytes[112..120].fill(0);
            bytes[40..50].copy_from_slice(&[4i16, 2, 1, 2, count as i16].map(i16::to_le_bytes).concat());
            bytes
        };
        let hundred = read_nifti("bold.nii", &series(100)).unwrap();
        assert_eq!((hundred.len(), hundred[99].0.volume.values.get(0)), (100, 99.0));
        let more = series(101);
        let [(first, warnings)] = &read_nifti("bold.nii", &more).unwrap()[..] else { panic!("more than one") };
        assert_eq!(first.name, "bold.nii, volume 1 of 101");
        assert!(warnings.contains(&SeriesWarning::FirstOf(101)));
        let (other, warnings) = read_nifti_volume("bold.nii", &more, 57).unwrap();
        assert_eq!((other.name.as_str(), other.volume.values.get(3)), ("bold.nii, volume 58 of 101", 57.0));
        assert_eq!(warnings, [SeriesWarning::NoPlace]);
        let error = read_nifti_volume("bold.nii", &more, 101).unwrap_err();
        assert_eq!(error, NiftiError::NoVolume { number: 102, count: 101 });
        // What is not asked for need not be there.
        assert!(read_nifti("bold.nii", &more[..360]).is_ok());
        assert!(read_nifti_volume("bold.nii", &more[..360], 57).is_err());
    }

    #[test]
    fn layers_come_off_and_the_data_begins_where_the_header_says() {
        let gzipped = |bytes: &[u8]| {
            let mut file = GzEncoder::new(Vec::new(), Compression::fast());
            file.write_all(bytes).unwrap();
            file.finish().unwrap()
        };
        let plain = file(2, &[2, 0, 7, 100], false);
        let (first, second) = plain.split_at(300);
        let zstd = ruzstd::encoding::compress_to_vec(&plain[..], ruzstd::encoding::CompressionLevel::Fastest);
        let files = [gzipped(&plain), [gzipped(first), gzipped(second)].concat(), gzipped(&gzipped(&plain)), zstd];
        for bytes in files {
            assert_eq!(read_values(&bytes), [0.0, -1.0, 2.5, 49.0]);
            assert!(read_nifti("v.nii.gz", &bytes[..bytes.len() / 2]).is_err());
        }
        // An extension of 16 bytes lies between; and an offset of zero means right behind the header.
        let mut extended = plain.clone();
        extended.splice(352..352, [9; 16]);
        extended[108..112].copy_from_slice(&368f32.to_le_bytes());
        assert_eq!(read_values(&extended), [0.0, -1.0, 2.5, 49.0]);
        let mut unsaid = plain;
        unsaid[108..112].fill(0);
        assert_eq!(read_values(&unsaid), [0.0, -1.0, 2.5, 49.0]);
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
