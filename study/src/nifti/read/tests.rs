//! NIfTI files made by hand: every type of number, layers of compression, and headers that are wrong.

use super::*;
use crate::geometry::Placement;
use crate::layers::gzipped;
use crate::volume::Values;

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

#[test]
fn the_check_sum_behind_the_last_value_counts() {
    let good = gzipped(&file(2, &[2, 0, 7, 100], false));
    assert!(read_nifti("v.nii.gz", &good).is_ok());
    for at in 1..=8 {
        let mut bad = good.clone();
        let place = bad.len() - at;
        bad[place] ^= 1;
        assert!(matches!(read_nifti("v.nii.gz", &bad), Err(NiftiError::Damaged(_))), "byte {at} from the end");
        assert!(read_nifti("v.nii.gz", &good[..place]).is_err(), "{at} bytes are missing");
    }
}

#[test]
fn doubles_beyond_single_precision_are_numbers() {
    let data: Vec<u8> = [1e300, 0.0, -1e300, 2.0].iter().flat_map(|v: &f64| v.to_le_bytes()).collect();
    let volumes = read_nifti("v.nii", &file(64, &data, false)).unwrap();
    assert_eq!(volumes[0].0.volume.values, Values::Floats(vec![f32::MAX, -1.0, -f32::MAX, 0.0]));
    assert!(!volumes[0].1.iter().any(|warning| matches!(warning, SeriesWarning::NotFinite(_))));
}
