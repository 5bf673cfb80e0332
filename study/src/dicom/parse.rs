//! Bytes of a DICOM file into its data set: with preamble and header, or without either.

use std::io::Read;

use dicom_dictionary_std::{tags, uids};
use dicom_object::FileMetaTableBuilder;
use flate2::read::DeflateDecoder;

use super::attributes::text;
use super::data_set::{self, Encoding};
use super::{DicomError, DicomFile, Reference};

/// Bytes that a deflated data set may inflate to.
const INFLATED_BYTES: u64 = 1 << 30;
/// The transfer syntax of numbers that begin with their highest byte, retired and still met.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// The word before the header (PS3.10, 7.1).
const MAGIC: &[u8] = b"DICM";
/// Where it lies.
const PREAMBLE: usize = 128;
/// Groups that a data set without preamble begins with: header, the retired length to the end, and identification.
const FIRST_GROUPS: [u8; 3] = [2, 4, 8];

pub(super) fn damaged(error: impl std::error::Error) -> DicomError {
    // The cause at the end of the chain says most.
    let mut deepest: &dyn std::error::Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    DicomError::Damaged(deepest.to_string())
}

/// The examination that a file belongs to, out of its first bytes: a hundred thousand hold it in nearly every file. Nothing if
/// they are none of DICOM, or name no study.
pub fn examination(start: &[u8]) -> Option<Reference> {
    /// The last group with something about the examination.
    const LAST: u16 = 0x0020;
    let magic_at = [PREAMBLE, 0].into_iter().find(|&at| start.get(at..at + MAGIC.len()) == Some(MAGIC));
    let (header, length) = data_set::header(start.get(magic_at.map_or(0, |at| at + MAGIC.len())..)?).ok()?;
    let syntax = text(&header, tags::TRANSFER_SYNTAX_UID);
    let mut data_set = start.get(magic_at.map_or(0, |at| at + MAGIC.len()) + length..)?;
    let mut inflated = Vec::new();
    if syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
        // It ends within the stream, which is no error here.
        let _cut = DeflateDecoder::new(data_set).take(INFLATED_BYTES).read_to_end(&mut inflated);
        data_set = &inflated;
    }
    let encoding = Encoding { explicit: syntax != uids::IMPLICIT_VR_LITTLE_ENDIAN, big_endian: syntax == BIG_ENDIAN };
    let object = data_set::beginning(data_set, encoding, LAST);
    let file = object.with_meta(FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)).ok()?;
    Some(super::reference(&file)).filter(|reference| !reference.study.is_empty())
}

pub(super) fn parse(bytes: &[u8]) -> Result<DicomFile, DicomError> {
    let magic_at = [PREAMBLE, 0].into_iter().find(|&at| bytes.get(at..at + MAGIC.len()) == Some(MAGIC));
    // Old archives leave preamble and header out.
    let start = magic_at.map_or(0, |at| at + MAGIC.len());
    let first = bytes.get(start..start + 2);
    let begins = first.is_some_and(|group| FIRST_GROUPS.contains(&group[0].max(group[1])) && group.contains(&0));
    if magic_at.is_none() && !begins {
        return Err(DicomError::Damaged("it does not begin as a data set does".into()));
    }
    let (header, length) = data_set::header(&bytes[start..]).map_err(damaged)?;
    let syntax = text(&header, tags::TRANSFER_SYNTAX_UID);
    let mut data_set = &bytes[start + length..];
    let inflated;
    if syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
        inflated = inflate(data_set)?;
        data_set = &inflated;
    }
    let encoding = Encoding { explicit: syntax != uids::IMPLICIT_VR_LITTLE_ENDIAN, big_endian: syntax == BIG_ENDIAN };
    let object = data_set::read(data_set, encoding).map_err(damaged)?;
    if object.iter().next().is_none() {
        return Err(DicomError::Damaged("it holds nothing behind its header".into()));
    }
    // Once inflated it is a data set like others; without a header it is one of the plain ones.
    let plain = syntax.is_empty() || syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
    let syntax = if plain { uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned() } else { syntax };
    object.with_meta(FileMetaTableBuilder::new().transfer_syntax(syntax)).map_err(damaged)
}

/// A deflated data set, inflated up to a limit.
fn inflate(deflated: &[u8]) -> Result<Vec<u8>, DicomError> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(deflated).take(INFLATED_BYTES + 1).read_to_end(&mut bytes).map_err(damaged)?;
    if bytes.len() as u64 > INFLATED_BYTES {
        return Err(DicomError::Damaged(format!("it inflates to more than {} MiB", INFLATED_BYTES >> 20)));
    }
    Ok(bytes)
}
