//! The fragments of encapsulated pixel data into one stream a frame (PS3.5, A.4).

use std::borrow::Cow;

use dicom_core::DicomValue;
use dicom_dictionary_std::tags;

use super::{DicomError, DicomFile};

/// Bytes before each fragment: tag and length of its item, which offsets count.
const ITEM_HEADER: u64 = 8;
/// What the streams of codecs begin with: JPEG and JPEG-LS, JPEG 2000, and the latter in a file of its own.
const STARTS: [&[u8]; 3] = [&[0xff, 0xd8, 0xff], &[0xff, 0x4f, 0xff, 0x51], b"\0\0\0\x0cjP  "];

/// The stream of every frame.
///
/// Where a frame begins is said by an offset table, if it is right; else there is one fragment a frame, or one frame; else
/// streams begin where fragments look like it.
///
/// # Errors
///
/// [`DicomError::Damaged`] where none of these leads to the stated number of frames.
pub(super) fn streams(file: &DicomFile, frames: usize) -> Result<Vec<Cow<'_, [u8]>>, DicomError> {
    let Some(DicomValue::PixelSequence(pixels)) = file.get(tags::PIXEL_DATA).map(|element| element.value()) else {
        return Err(DicomError::Damaged("its pixels are not encapsulated, as its transfer syntax says".into()));
    };
    let fragments = pixels.fragments();
    let begins = extended_offsets(file)
        .and_then(|offsets| by_offsets(fragments, frames, &offsets))
        .or_else(|| {
            let offsets: Vec<u64> = pixels.offset_table().iter().map(|&offset| offset.into()).collect();
            by_offsets(fragments, frames, &offsets)
        })
        .or_else(|| match frames {
            1 => Some(vec![0]),
            _ if fragments.len() == frames => Some((0..frames).collect()),
            _ => by_starts(fragments, frames),
        });
    let begins = begins.filter(|_| fragments.len() >= frames).ok_or_else(|| {
        DicomError::Damaged(format!("its {} fragments are not those of {frames} images", fragments.len()))
    })?;
    let ends = begins.iter().skip(1).copied().chain([fragments.len()]);
    let streams = begins.iter().zip(ends).map(|(&begin, end)| match &fragments[begin..end] {
        [whole] => Cow::Borrowed(&whole[..]),
        parts => Cow::Owned(parts.concat()),
    });
    Ok(streams.collect())
}

/// Offsets of 64 bit, in an element of their own.
fn extended_offsets(file: &DicomFile) -> Option<Vec<u64>> {
    let bytes = file.get(tags::EXTENDED_OFFSET_TABLE)?.to_bytes().ok()?;
    let offsets = bytes.chunks_exact(8).map(|b| b.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)));
    Some(offsets.collect())
}

/// The fragments that frames begin with; none if an offset is that of no fragment.
fn by_offsets(fragments: &[Vec<u8>], frames: usize, offsets: &[u64]) -> Option<Vec<usize>> {
    if offsets.len() != frames || offsets.first() != Some(&0) {
        return None;
    }
    let places = fragments.iter().scan(0, |place, fragment| {
        let own = *place;
        *place += ITEM_HEADER + fragment.len() as u64;
        Some(own)
    });
    let places: Vec<u64> = places.collect();
    let rising = offsets.windows(2).all(|pair| pair[0] < pair[1]);
    let begins = offsets.iter().map(|offset| places.binary_search(offset).ok());
    begins.collect::<Option<Vec<usize>>>().filter(|_| rising)
}

/// The fragments that a stream begins in.
fn by_starts(fragments: &[Vec<u8>], frames: usize) -> Option<Vec<usize>> {
    let starts = |fragment: &Vec<u8>| STARTS.iter().any(|start| fragment.starts_with(start));
    let begins: Vec<usize> = (0..fragments.len()).filter(|&at| starts(&fragments[at])).collect();
    (begins.len() == frames && begins.first() == Some(&0)).then_some(begins)
}

#[cfg(test)]
mod tests {
    use dicom_core::value::PixelFragmentSequence;
    use dicom_core::{DataElement, PrimitiveValue, VR};
    use dicom_dictionary_std::uids;
    use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

    use super::*;

    fn file(fragments: &[&[u8]], basic: &[u32], extended: &[u64]) -> DicomFile {
        let fragments: Vec<Vec<u8>> = fragments.iter().map(|fragment| fragment.to_vec()).collect();
        let pixels = PixelFragmentSequence::new(basic.to_vec(), fragments);
        let mut object = InMemDicomObject::new_empty();
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, DicomValue::PixelSequence(pixels)));
        if !extended.is_empty() {
            let bytes: Vec<u8> = extended.iter().flat_map(|offset| offset.to_le_bytes()).collect();
            object.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, PrimitiveValue::U8(bytes.into())));
        }
        object.with_meta(FileMetaTableBuilder::new().transfer_syntax(uids::JPEG_LOSSLESS)).unwrap()
    }

    fn owned(streams: &[Vec<u8>]) -> Vec<Cow<'static, [u8]>> {
        streams.iter().cloned().map(Cow::Owned).collect()
    }

    const A: &[u8] = &[0xff, 0xd8, 0xff, 1];
    const B: &[u8] = &[2, 3];
    const C: &[u8] = &[0xff, 0xd8, 0xff, 4];
    const D: &[u8] = &[5, 6];

    #[test]
    fn frames_are_the_same_with_and_without_a_table() {
        let expected = vec![[A, B].concat(), [C, D].concat()];
        let fragments = [A, B, C, D];
        for (basic, extended) in [
            (&[][..], &[][..]),
            (&[0, 22][..], &[]),
            (&[], &[0, 22]),
            // A table that is wrong, or that of something else, is none.
            (&[0, 23], &[]),
            (&[22, 0], &[]),
            (&[0], &[0, 1 << 40]),
        ] {
            assert_eq!(streams(&file(&fragments, basic, extended), 2), Ok(owned(&expected)), "{basic:?} {extended:?}");
        }
    }

    #[test]
    fn a_table_outranks_what_fragments_look_like() {
        assert_eq!(streams(&file(&[A, C, B], &[0, 24], &[]), 2), Ok(owned(&[[A, C].concat(), B.to_vec()])));
        assert_eq!(streams(&file(&[A, B], &[], &[]), 1), Ok(owned(&[[A, B].concat()])));
        assert_eq!(streams(&file(&[B, D], &[], &[]), 2), Ok(owned(&[B.to_vec(), D.to_vec()])));
    }

    #[test]
    fn fragments_that_are_no_frames_are_an_error() {
        for (fragments, frames) in [(&[B, C, D][..], 2), (&[A, C, A], 2), (&[A], 2), (&[], 1)] {
            assert!(matches!(streams(&file(fragments, &[], &[]), frames), Err(DicomError::Damaged(_))));
        }
    }
}
