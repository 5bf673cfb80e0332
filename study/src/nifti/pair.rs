//! A header and the voxels in a file of their own (`.hdr` and `.img`, NIfTI or Analyze) into volumes.

use super::NiftiError;
use super::header::{Form, Header};
use super::read::{Volumes, Wanted, beginning, opened, volumes};
use crate::series::{Series, SeriesWarning};

/// The volumes of a pair; `name` is that of either file. Of too many the first comes alone, as by
/// [`read_nifti`](crate::read_nifti).
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with one of the files.
pub fn read_pair(name: &str, header: &[u8], data: &[u8]) -> Result<Volumes, NiftiError> {
    both(name, header, data, Wanted::All)
}

/// The volume of this index, from 0, in a pair of several.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with one of the files, or that there are not so many.
pub fn read_pair_volume(
    name: &str,
    header: &[u8],
    data: &[u8],
    index: usize,
) -> Result<(Series, Vec<SeriesWarning>), NiftiError> {
    let mut volumes = both(name, header, data, Wanted::One(index))?;
    volumes.pop().ok_or(NiftiError::NoVolume { number: index.saturating_add(1), count: 0 })
}

fn both(name: &str, header: &[u8], data: &[u8], wanted: Wanted) -> Result<Volumes, NiftiError> {
    let start = beginning(opened(header)?)?;
    let header = Header::parse(&start)?;
    // A whole volume that bears the name of a header.
    if header.form == Form::Single {
        return Err(NiftiError::Damaged("its header says that it is no pair; drop the .hdr file as .nii".into()));
    }
    volumes(name, &header, header.data_offset(0), opened(data)?, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Placement;
    use crate::layers::gzipped;

    const DATA: [u8; 8] = [1, 0, 2, 0, 3, 0, 255, 255];

    /// An Analyze header by hand: 2 × 1 × 2 voxels of 16 bit and 1 × 2 × 3 mm; with `magic` that of a NIfTI pair.
    fn header(magic: &[u8], big_endian: bool) -> Vec<u8> {
        let mut bytes = vec![0; 348];
        let mut put = |place: usize, little: &[u8]| {
            let mut value = little.to_vec();
            if big_endian {
                value.reverse();
            }
            bytes[place..place + value.len()].copy_from_slice(&value);
        };
        put(0, &348i32.to_le_bytes());
        for (at, v) in [4i16, 2, 1, 2, 1].iter().enumerate() {
            put(40 + 2 * at, &v.to_le_bytes());
        }
        put(70, &4i16.to_le_bytes());
        for (at, v) in [0f32, -1.0, 2.0, 3.0].iter().enumerate() {
            put(76 + 4 * at, &v.to_le_bytes());
        }
        if magic.is_empty() {
            // The orientation and the origin of SPM, where NIfTI has its forms.
            put(254, &7i16.to_le_bytes());
            put(256, &[0x7f; 4]);
        } else {
            put(254, &1i16.to_le_bytes());
            for (at, v) in [1f32, 0.0, 0.0, 5.0, 0.0, 2.0, 0.0, 6.0, 0.0, 0.0, 3.0, 7.0].iter().enumerate() {
                put(280 + 4 * at, &v.to_le_bytes());
            }
        }
        bytes[344..344 + magic.len()].copy_from_slice(magic);
        bytes
    }

    #[test]
    fn a_pair_is_one_volume_compressed_or_not() {
        for big in [false, true] {
            let data: Vec<u8> =
                if big { DATA.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect() } else { DATA.to_vec() };
            let header = header(b"ni1\0", big);
            for (header, data) in [(header.clone(), data.clone()), (gzipped(&header), gzipped(&data))] {
                let volumes = read_pair("x/ras.hdr", &header, &data).unwrap();
                let [(series, warnings)] = &volumes[..] else { panic!("one volume") };
                assert_eq!((series.name.as_str(), &warnings[..]), ("ras.hdr", &[][..]));
                let values: Vec<f64> = (0..4).map(|at| series.volume.values.get(at)).collect();
                assert_eq!(values, [1.0, 2.0, 3.0, -1.0]);
                let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("no place") };
                assert_eq!(affine.0, [[-1.0, 0.0, 0.0, -5.0], [0.0, -2.0, 0.0, -6.0], [0.0, 0.0, 3.0, 7.0]]);
            }
        }
    }

    #[test]
    fn an_analyze_pair_has_spacing_but_no_sides() {
        for big in [false, true] {
            let data: Vec<u8> =
                if big { DATA.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect() } else { DATA.to_vec() };
            let (series, warnings) = read_pair("a.img", &header(b"", big), &data).unwrap().remove(0);
            assert_eq!(series.volume.geometry.placement, Placement::Spaced([1.0, 2.0, 3.0].into()));
            assert_eq!(warnings, [SeriesWarning::AnalyzeSides]);
        }
        // What SPM keeps in the place of a scale.
        let mut scaled = header(b"", false);
        scaled[112..116].copy_from_slice(&0.5f32.to_le_bytes());
        let (series, _) = read_pair("a.hdr", &scaled, &DATA).unwrap().remove(0);
        assert_eq!(series.volume.values.get(3), -0.5);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let good = header(b"ni1\0", false);
        (0..348).for_each(|length| assert!(read_pair("a.hdr", &good[..length], &DATA).is_err(), "{length}"));
        (0..8).for_each(|length| assert!(read_pair("a.hdr", &good, &DATA[..length]).is_err(), "{length}"));
        assert!(read_pair("a.hdr", &header(b"n+1\0", false), &DATA).is_err());
        assert!(read_pair("a.hdr", &DATA, &good).is_err());
    }
}
