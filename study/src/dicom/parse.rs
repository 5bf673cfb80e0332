//! Bytes of a DICOM file into its data set, once what it claims has been checked.

use std::io::{Cursor, Read};

use dicom_dictionary_std::uids;
use dicom_object::{FileMetaTable, FileMetaTableBuilder, InMemDicomObject, OpenFileOptions};
use dicom_transfer_syntax_registry::entries::{EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN};
use flate2::read::DeflateDecoder;

use super::{DicomError, DicomFile};
use crate::lengths::{self, Encoding};

/// Bytes that a deflated data set may inflate to.
const INFLATED_BYTES: u64 = 1 << 30;
/// The transfer syntax of numbers that begin with their highest byte, retired and still met.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

pub(super) fn damaged(error: impl std::error::Error) -> DicomError {
    // The cause at the end of the chain says most.
    let mut deepest: &dyn std::error::Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    DicomError::Damaged(deepest.to_string())
}

fn too_long() -> DicomError {
    DicomError::Damaged("an element claims to be longer than the file".into())
}

pub(super) fn parse(bytes: &[u8]) -> Result<DicomFile, DicomError> {
    /// Bytes before the header's first element: the preamble and the magic word.
    const START: usize = 132;
    if bytes.get(START - 4..START) == Some(b"DICM") {
        let header = lengths::header_length(&bytes[START..]).ok_or_else(too_long)?;
        let meta = FileMetaTable::from_reader(Cursor::new(&bytes[START - 4..])).map_err(damaged)?;
        let dataset = &bytes[START + header..];
        if meta.transfer_syntax() == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
            return inflated(meta, dataset);
        }
        let encoding = Encoding {
            explicit: meta.transfer_syntax() != uids::IMPLICIT_VR_LITTLE_ENDIAN,
            big_endian: meta.transfer_syntax() == BIG_ENDIAN,
        };
        if !lengths::fit(dataset, encoding) {
            return Err(too_long());
        }
        return OpenFileOptions::new().from_reader(Cursor::new(bytes)).map_err(damaged);
    }
    // Old archives leave the header out: the data set begins at once, implicit or not.
    let explicit = bytes.get(4..6).is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    let syntax = if explicit { EXPLICIT_VR_LITTLE_ENDIAN.erased() } else { IMPLICIT_VR_LITTLE_ENDIAN.erased() };
    if !lengths::fit(bytes, Encoding { explicit, big_endian: false }) {
        return Err(too_long());
    }
    let dataset = InMemDicomObject::read_dataset_with_ts(Cursor::new(bytes), &syntax).map_err(damaged)?;
    dataset.with_meta(FileMetaTableBuilder::new().transfer_syntax(syntax.uid())).map_err(damaged)
}

/// A deflated data set, inflated up to a limit.
fn inflated(mut meta: FileMetaTable, deflated: &[u8]) -> Result<DicomFile, DicomError> {
    let mut dataset = Vec::new();
    DeflateDecoder::new(deflated).take(INFLATED_BYTES + 1).read_to_end(&mut dataset).map_err(damaged)?;
    if dataset.len() as u64 > INFLATED_BYTES {
        return Err(DicomError::Damaged(format!("it inflates to more than {} MiB", INFLATED_BYTES >> 20)));
    }
    if !lengths::fit(&dataset, Encoding { explicit: true, big_endian: false }) {
        return Err(too_long());
    }
    let syntax = EXPLICIT_VR_LITTLE_ENDIAN.erased();
    let dataset = InMemDicomObject::read_dataset_with_ts(Cursor::new(dataset), &syntax).map_err(damaged)?;
    meta.set_transfer_syntax(&syntax);
    Ok(dataset.with_exact_meta(meta))
}
