//! What kind of file some bytes are, by their content and never by their name alone.

/// Kinds of files that a study comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A DICOM data set.
    Dicom,
    /// A NIfTI volume, compressed or not.
    Nifti,
    /// A zip archive.
    Zip,
    /// A picture, or something that is not read.
    Image,
}

/// The kind of a file.
pub fn kind_of(name: &str, bytes: &[u8]) -> FileKind {
    let name = name.to_lowercase();
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let nifti_header = |at: usize| matches!(bytes.get(at..at + 3), Some(b"n+1" | b"ni1" | b"n+2" | b"ni2"));
    if bytes.get(128..132) == Some(b"DICM") {
        FileKind::Dicom
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        FileKind::Zip
    } else if nifti_header(344)
        || nifti_header(4)
        || starts(&[0x1f, 0x8b])
        || name.ends_with(".nii")
        || name.ends_with(".nii.gz")
    {
        FileKind::Nifti
    } else if starts(b"DICM")
        || [[2, 0, 0, 0], [2, 0, 16, 0], [8, 0, 0, 0], [8, 0, 5, 0], [8, 0, 8, 0]].iter().any(|tag| starts(tag))
        || name.ends_with(".dcm")
    {
        // Without its preamble, or without its header as well: the first element is the length of its group, the transfer
        // syntax, the character set or the type of the image.
        FileKind::Dicom
    } else {
        FileKind::Image
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_outranks_the_name() {
        let mut dicom = vec![0; 140];
        dicom[128..132].copy_from_slice(b"DICM");
        assert_eq!(kind_of("picture.png", &dicom), FileKind::Dicom);
        assert_eq!(kind_of("IM0001", &dicom), FileKind::Dicom);
        assert_eq!(kind_of("study.nii", b"PK\x03\x04..."), FileKind::Zip);
        assert_eq!(kind_of("volume.nii.gz", &[0x1f, 0x8b, 8]), FileKind::Nifti);
        assert_eq!(kind_of("notes.txt", b"Dear colleague"), FileKind::Image);
        assert_eq!(kind_of("", b""), FileKind::Image);
    }
}
