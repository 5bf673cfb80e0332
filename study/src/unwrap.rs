//! A compressed file into the file within, whatever its name says.

use std::borrow::Cow;

use crate::budget::Budget;
use crate::layers::{Opened, UnwrapError, damaged, inner_name};
use crate::sniff::{FileKind, kind_of_start};

/// A file without its layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwrapped<'a> {
    /// Its name without the endings of the layers.
    pub name: String,
    /// Its content.
    pub bytes: Cow<'a, [u8]>,
}

/// The file within layers of compression, up to three and whatever the name says.
///
/// NIfTI files and tar archives keep their layers: their readers take these off piece by piece, so that the whole is
/// never in memory. [`sniff`](crate::sniff()) looks through layers, so it says the same before and after.
///
/// # Errors
///
/// [`UnwrapError`] says which layer does not come off.
pub fn unwrapped<'a>(name: &str, bytes: &'a [u8], budget: &mut Budget) -> Result<Unwrapped<'a>, UnwrapError> {
    let opened = Opened::new(bytes);
    let as_it_is = || Unwrapped { name: name.to_owned(), bytes: Cow::Borrowed(bytes) };
    let Some(&layer) = opened.layers.last() else { return Ok(as_it_is()) };
    let inner = inner_name(name, opened.layers.len());
    let streamed = [FileKind::Nifti, FileKind::Tar, FileKind::PairHeader, FileKind::PairData];
    if kind_of_start(&inner, &opened.start).is_ok_and(|kind| streamed.contains(&kind)) {
        return Ok(as_it_is());
    }
    if let Some(error) = opened.error {
        return Err(error);
    }
    let bytes = budget.read(opened.into_reader()).map_err(|why| damaged(layer, &why))?;
    bytes.map(|bytes| Unwrapped { name: inner, bytes: Cow::Owned(bytes) }).ok_or(UnwrapError::TooLarge)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;
    use crate::layers::gzipped;

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut file = ZlibEncoder::new(Vec::new(), Compression::default());
        file.write_all(bytes).unwrap();
        file.finish().unwrap()
    }

    fn bzipped(bytes: &[u8]) -> Vec<u8> {
        let mut file = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        file.write_all(bytes).unwrap();
        file.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    /// A data set, longer than what is looked at first.
    fn dicom() -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..5000u32).map(|at| (at * at % 251) as u8).collect();
        bytes[128..132].copy_from_slice(b"DICM");
        bytes
    }

    fn off(name: &str, bytes: &[u8]) -> Result<(String, Vec<u8>), UnwrapError> {
        unwrapped(name, bytes, &mut Budget::default()).map(|file| (file.name, file.bytes.into_owned()))
    }

    #[test]
    fn every_layer_comes_off_in_one_piece_or_several() {
        let whole = dicom();
        let (first, second) = whole.split_at(3000);
        let skipped = [&[0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let files = [
            ("IM1.dcm.gz", gzipped(&whole)),
            ("IM1.dcm.gz", [gzipped(first), gzipped(b""), gzipped(second)].concat()),
            ("IM1.dcm.gz", [gzipped(&whole), vec![0; 600]].concat()),
            ("IM1.dcm.z", zlib(&whole)),
            ("IM1.dcm.bz2", bzipped(&whole)),
            ("IM1.dcm.bz2", [bzipped(first), bzipped(second)].concat()),
            ("IM1.dcm.zst", zstd(&whole)),
            ("IM1.dcm.ZST", [skipped.clone(), zstd(first), skipped, zstd(second)].concat()),
            ("IM1.dcm.gz.bz2", bzipped(&gzipped(&whole))),
            ("IM1.dcm", gzipped(&zstd(&bzipped(&whole)))),
            ("IM1.dcm", whole.clone()),
        ];
        for (name, bytes) in files {
            assert_eq!(off(name, &bytes), Ok(("IM1.dcm".into(), whole.clone())), "{name}, {} bytes", bytes.len());
        }
    }

    #[test]
    fn what_is_cut_or_too_much_is_said() {
        for (name, bytes) in [("a.gz", gzipped(&dicom())), ("a.bz2", bzipped(&dicom())), ("a.zst", zstd(&dicom()))] {
            for length in (20..bytes.len() - 1).step_by(131) {
                let found = off(name, &bytes[..length]);
                assert!(matches!(found, Err(UnwrapError::Damaged { .. })), "{name} at {length}: {found:?}");
            }
        }
        let deep = (0..4).fold(dicom(), |bytes, _| gzipped(&bytes));
        assert_eq!(off("deep", &deep), Err(UnwrapError::Nested));
        let mut small = Budget::new(4999, 1);
        assert_eq!(unwrapped("a.gz", &gzipped(&dicom()), &mut small), Err(UnwrapError::TooLarge));
        assert_eq!(small.bytes(), 0);
    }

    #[test]
    fn what_is_read_piece_by_piece_keeps_its_layers() {
        let mut nifti = vec![0; 2000];
        nifti[..4].copy_from_slice(&348i32.to_le_bytes());
        nifti[344..347].copy_from_slice(b"n+1");
        let bytes = gzipped(&nifti);
        assert_eq!(off("a.nii.gz", &bytes), Ok(("a.nii.gz".into(), bytes)));
    }
}
