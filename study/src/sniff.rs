//! The first bytes of a file, and its name where they leave it open, into the kind of file that it is.

use crate::apart::{PairPart, pair_key};
use crate::foreign::Foreign;
use crate::grid::{is_meta_image, is_mgh, is_nrrd};
use crate::layers::{Opened, UnwrapError, inner_name};
use crate::nifti::{Form, form_of};

/// Kinds of files that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A picture: PNG, JPEG, WebP or TIFF.
    Image,
    /// A DICOM data set.
    Dicom,
    /// A NIfTI volume in one file, compressed or not.
    Nifti,
    /// The header of a NIfTI or Analyze pair.
    PairHeader,
    /// The voxels of a pair, by the name alone.
    PairData,
    /// A volume of Teem or 3D Slicer, or its header.
    Nrrd,
    /// A volume of ITK, or its header.
    MetaImage,
    /// A volume of FreeSurfer.
    Mgh,
    /// A zip archive.
    Zip,
    /// A tar archive, compressed or not.
    Tar,
}

/// The kind of a file, seen through layers of compression.
///
/// # Errors
///
/// [`Foreign`] says what the file is that is not read, and what to do.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<FileKind, Foreign> {
    if bytes.is_empty() {
        return Err(Foreign::Empty);
    }
    let opened = Opened::new(bytes);
    let Some(&layer) = opened.layers.last() else {
        return kind_of_start(name, &opened.start).map_err(|foreign| foreign.looked_at_whole(bytes));
    };
    match (kind_of_start(&inner_name(name, opened.layers.len()), &opened.start), opened.error) {
        (Ok(kind), _) => Ok(kind),
        (_, Some(UnwrapError::Nested)) => Err(Foreign::Nested),
        (Err(Foreign::Empty | Foreign::Unknown), Some(_)) => Err(Foreign::CutCompressed(layer)),
        (Err(foreign), _) => Err(foreign),
    }
}

/// The kind of a file without layers, by its first bytes.
pub(crate) fn kind_of_start(name: &str, start: &[u8]) -> Result<FileKind, Foreign> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
    let starts = |magic: &[u8]| start.starts_with(magic);
    if start.get(128..132) == Some(b"DICM") {
        return if is_dicomdir(start) { Err(Foreign::DicomDir) } else { Ok(FileKind::Dicom) };
    }
    if starts(b"PK\x07\x08") && is_piece(&name) {
        return Err(Foreign::PieceOfZip);
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") || starts(b"PK\x07\x08PK\x03\x04") {
        return Foreign::of_zip(start).map_or(Ok(FileKind::Zip), Err);
    }
    match form_of(start) {
        Some(Form::Surface) => return Err(Foreign::Cifti),
        Some(Form::Single) => return Ok(FileKind::Nifti),
        Some(Form::Pair | Form::Analyze) => return Ok(FileKind::PairHeader),
        None => {}
    }
    let webp = starts(b"RIFF") && start.get(8..12) == Some(b"WEBP");
    let tiff = [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0", b"MM\0\x2b"].iter().any(|magic| starts(*magic));
    if starts(b"\x89PNG\r\n\x1a\n") || starts(&[0xff, 0xd8, 0xff]) || webp || tiff {
        return Ok(FileKind::Image);
    }
    if is_tar(start) {
        return Ok(FileKind::Tar);
    }
    if starts(b"DICM") || begins_with_element(start) {
        return Ok(FileKind::Dicom);
    }
    for (is_kind, kind) in
        [(is_nrrd as fn(&[u8]) -> bool, FileKind::Nrrd), (is_meta_image, FileKind::MetaImage), (is_mgh, FileKind::Mgh)]
    {
        if is_kind(start) {
            return Ok(kind);
        }
    }
    let foreign = Foreign::of(&name, start);
    let is_data = matches!(pair_key(&name), Some((_, PairPart::Data)));
    if foreign != Foreign::Unknown && !foreign.is_text() && !(is_data && Foreign::is_by_few_bytes(start)) {
        return Err(foreign);
    }
    // What says nothing of itself is what its name says.
    if is_data {
        Ok(FileKind::PairData)
    } else if foreign.is_text() {
        Err(foreign)
    } else if name.ends_with(".nii") || name.ends_with(".nii.gz") {
        Ok(FileKind::Nifti)
    } else if name.ends_with(".dcm") || name.ends_with(".dicom") || name.ends_with(".ima") {
        Ok(FileKind::Dicom)
    } else if matches!(pair_key(&name), Some((_, PairPart::Header))) {
        Ok(FileKind::PairHeader)
    } else if name.ends_with(".nrrd") || name.ends_with(".nhdr") {
        Ok(FileKind::Nrrd)
    } else if name.ends_with(".mha") || name.ends_with(".mhd") {
        Ok(FileKind::MetaImage)
    } else if name.ends_with(".mgh") || name.ends_with(".mgz") {
        Ok(FileKind::Mgh)
    } else {
        Err(foreign)
    }
}

/// Whether a name, in lower case, is that of one of the first pieces of a zip archive: `.z01` and on.
fn is_piece(name: &str) -> bool {
    let ending = name.rsplit_once(".z").map_or("", |(_, number)| number);
    ending.len() >= 2 && ending.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a data set begins without its preamble, or without its header as well: with an element of the header or of the
/// identification, of a known representation or of a length that such an element has.
fn begins_with_element(start: &[u8]) -> bool {
    /// Longest first element that is met, in bytes.
    const LONGEST: u32 = 256;
    let &[2 | 8, 0, _, high, a, b, c, d] = start.first_chunk().unwrap_or(&[0; 8]) else { return false };
    const REPRESENTATIONS: [[u8; 2]; 10] =
        [*b"UL", *b"UI", *b"CS", *b"DA", *b"TM", *b"LO", *b"SH", *b"OB", *b"ST", *b"LT"];
    let length = u32::from_le_bytes([a, b, c, d]);
    high < 0x20 && (REPRESENTATIONS.contains(&[a, b]) || length.is_multiple_of(2) && length <= LONGEST)
}

/// Whether the header names the class of a Basic Directory (PS3.3 F.3): as Media Storage SOP Class UID.
fn is_dicomdir(start: &[u8]) -> bool {
    const DIRECTORY: &[u8] = b"1.2.840.10008.1.3.10";
    start.windows(DIRECTORY.len()).take(400).any(|at| at == DIRECTORY)
}

/// Whether the first record is a header whose check sum is right (POSIX.1-1988, `ustar`).
fn is_tar(start: &[u8]) -> bool {
    let Some(record) = start.get(..512) else { return false };
    let digits: String = record[148..156].iter().map(|&byte| char::from(byte)).collect();
    let promised = u32::from_str_radix(digits.trim_matches([' ', '\0']), 8);
    let sum: u32 = record.iter().map(|&byte| u32::from(byte)).sum();
    let field: u32 = record[148..156].iter().map(|&byte| u32::from(byte)).sum();
    // The sum is taken with spaces in its own field.
    promised == Ok(sum - field + 8 * u32::from(b' ')) && record[0] != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Layer, gzipped};

    fn dicom() -> Vec<u8> {
        let mut bytes = vec![0; 140];
        bytes[128..132].copy_from_slice(b"DICM");
        bytes
    }

    #[test]
    fn content_outranks_the_name() {
        assert_eq!(sniff("picture.png", &dicom()), Ok(FileKind::Dicom));
        assert_eq!(sniff("IM0001", &dicom()), Ok(FileKind::Dicom));
        assert_eq!(sniff("slice.img", &dicom()), Ok(FileKind::Dicom));
        assert_eq!(sniff("study.nii", b"PK\x03\x04..."), Ok(FileKind::Zip));
        assert_eq!(sniff("slice.dcm", b"\x89PNG\r\n\x1a\n"), Ok(FileKind::Image));
        assert_eq!(sniff("notes.dcm", b"Dear colleague,\n"), Err(Foreign::Text));
        assert_eq!(sniff("", b""), Err(Foreign::Empty));
    }

    #[test]
    fn data_sets_without_a_preamble_are_known_by_their_first_element() {
        for start in [
            &b"DICM\x02\0\0\0UL\x04\0"[..],
            b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0",
            b"\x08\0\x16\0UI\x1a\x001.2.840.10008.5.1.4.1.1.4\0",
            b"\x08\0\x16\0\x1a\0\0\x001.2.840.10008.5.1.4.1.1.4\0",
            b"\x08\0\0\0\x04\0\0\0....",
        ] {
            assert_eq!(sniff("IM1", start), Ok(FileKind::Dicom), "{}", start.escape_ascii());
        }
        assert_eq!(sniff("IM1", b"\x08\0\x16\0\xff\xff\0\0...."), Err(Foreign::Unknown));
        assert_eq!(sniff("IM1", b"\x08\0"), Err(Foreign::Unknown));
    }

    #[test]
    fn layers_are_looked_through() {
        assert_eq!(sniff("volume.nii.gz", &gzipped(&dicom())), Ok(FileKind::Dicom));
        assert_eq!(sniff("IM1.gz.gz", &gzipped(&gzipped(&dicom()))), Ok(FileKind::Dicom));
        let deep = (0..5).fold(dicom(), |bytes, _| gzipped(&bytes));
        assert_eq!(sniff("deep.gz", &deep), Err(Foreign::Nested));
        assert_eq!(sniff("notes.gz", &gzipped(b"some text\n")), Err(Foreign::Text));
        // The layer's header is whole, nothing of the file within is there.
        let cut = &gzipped(&dicom())[..11];
        assert_eq!(sniff("volume.nii.gz", cut), Err(Foreign::CutCompressed(Layer::Gzip)));
    }

    #[test]
    fn a_pair_is_known_by_its_name_where_the_bytes_say_nothing() {
        assert_eq!(sniff("brain.img", &[7; 500]), Ok(FileKind::PairData));
        assert_eq!(sniff("BRAIN.IMG.gz", &gzipped(&[7; 500])), Ok(FileKind::PairData));
        assert_eq!(sniff("brain.hdr", &[7; 500]), Ok(FileKind::PairHeader), "its reader says what is wrong");
        assert_eq!(sniff("brain.raw", &[7; 500]), Ok(FileKind::PairData));
        assert_eq!(sniff("brain.zraw", &gzipped(&[7; 500])), Ok(FileKind::PairData));
        assert_eq!(sniff("sky.hdr", b"#?RADIANCE\n"), Err(Foreign::Picture("a Radiance HDR image")));
    }

    #[test]
    fn volumes_of_research_programs_are_known_compressed_or_not() {
        let mgh = [1i32, 256, 256, 256, 1, 0, 0].map(i32::to_be_bytes).concat();
        let nrrd = &b"NRRD0004\ntype: short\n"[..];
        let meta = &b"ObjectType = Image\nNDims = 3\n"[..];
        for (bytes, name, kind) in
            [(&mgh[..], "a.mgh", FileKind::Mgh), (nrrd, "a.nhdr", FileKind::Nrrd), (meta, "a.mhd", FileKind::MetaImage)]
        {
            assert_eq!(sniff("a", bytes), Ok(kind), "by content");
            assert_eq!(sniff("a.gz", &gzipped(bytes)), Ok(kind));
            assert_eq!(sniff(name, &[0xff, 3, 200, 9]), Ok(kind), "by name: its reader says what is wrong");
        }
        assert_eq!(sniff("orig.mgz", &gzipped(&mgh)), Ok(FileKind::Mgh));
        assert_eq!(sniff("notes.mhd", b"Dear colleague,\n"), Err(Foreign::Text));
    }

    #[test]
    fn a_tar_is_known_by_its_check_sum() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_old();
        header.set_size(3);
        header.set_cksum();
        tar.append_data(&mut header, "a.dcm", &b"abc"[..]).unwrap();
        let mut bytes = tar.into_inner().unwrap();
        assert_eq!(sniff("a", &bytes), Ok(FileKind::Tar));
        assert_eq!(sniff("a.tgz", &gzipped(&bytes)), Ok(FileKind::Tar));
        bytes[1] ^= 1;
        assert_ne!(sniff("a", &bytes), Ok(FileKind::Tar));
    }

    #[test]
    fn a_disc_s_table_is_no_data_set() {
        let mut bytes = dicom();
        bytes.extend(b"\x02\0\0\0UL\x04\0....\x02\0\x02\0UI\x14\x001.2.840.10008.1.3.10");
        assert_eq!(sniff("DICOMDIR", &bytes), Err(Foreign::DicomDir));
    }
}
