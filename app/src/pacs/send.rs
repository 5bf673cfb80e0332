//! Files of a mask into the PACS (STOW-RS, PS3.18 10.5).

use js_sys::{Array, Math, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ReadableWritablePair, Response};

use super::call::{Call, JSON, done};
use super::dicom_json::{count, get, values};
use super::zipped;
use crate::documents::fetched::describe;
use crate::language::{Text, text};

/// What a file of the worker's says before its Study Instance UID: the tag, and that a short text follows.
const STUDY_UID: &[u8] = b"\x20\x00\x0d\x00UI";
/// What a file in the message says of itself.
const DICOM: &str = "Content-Type: application/dicom\r\n\r\n";

#[wasm_bindgen]
extern "C" {
    /// The browser's own, which `web-sys` does not have yet.
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Sends what the files worker wrote, a file or a zip of some; how many were stored.
///
/// # Errors
///
/// What to tell the person.
pub async fn send(call: &Call, written: &Uint8Array, is_zip: bool) -> Result<usize, Text> {
    let files = if is_zip { unpacked(written).await.map_err(|error| describe(&error))? } else { Array::of1(written) };
    let first = Uint8Array::new(&files.get(0)).to_vec();
    let study = study_of(&first).ok_or_else(|| text!("pacs-study-unknown"))?;
    // Of a study that is not there the mask would become a study by itself.
    let there = call.ask(&format!("studies?limit=1&StudyInstanceUID={study}"), JSON, None).await?;
    if get(&call.json(&there).await?, "length").as_f64().is_none_or(|count| count < 1.0) {
        return Err(text!("pacs-study-unknown"));
    }
    let boundary = format!("gliolens{}", (Math::random() * 1e15) as u64);
    let message = Array::new();
    for file in files.iter() {
        message.push(&format!("--{boundary}\r\n{DICOM}").into());
        message.push(&file);
        message.push(&"\r\n".into());
    }
    message.push(&format!("--{boundary}--\r\n").into());
    let message = Blob::new_with_blob_sequence(&message).expect("bytes and words make a message");
    let kind = format!(r#"multipart/related; type="application/dicom"; boundary={boundary}"#);
    let answer = call.ask(&format!("studies/{study}"), JSON, Some((&message, &kind))).await?;
    let said = call.json(&answer).await?;
    // PS3.18, table 10.5.3-1: what failed, and what was stored.
    let (failed, stored) = (values(&said, "00081198"), values(&said, "00081199").length() as usize);
    let total = files.length() as usize;
    if stored == total && failed.length() == 0 {
        return Ok(stored);
    }
    let reason = format!("{:04X}", count(&failed.get(0), "00081197"));
    Err(text!("pacs-not-stored", stored, total, reason))
}

/// The files of a zip archive.
async fn unpacked(zip: &Uint8Array) -> Result<Array, JsValue> {
    let files = Array::new();
    for (deflated, range) in zipped::files(&zip.to_vec()) {
        let bytes = zip.subarray(range.start as u32, range.end as u32);
        if !deflated {
            files.push(&bytes);
            continue;
        }
        let stream = Blob::new_with_u8_array_sequence(&Array::of1(&bytes))?.stream();
        let inflater: ReadableWritablePair = DecompressionStream::new("deflate-raw")?.unchecked_into();
        let inflated = Response::new_with_opt_readable_stream(Some(&stream.pipe_through(&inflater)))?;
        files.push(&done(inflated.array_buffer()?).await?);
    }
    Ok(files)
}

/// The study that a file of the worker's belongs to.
fn study_of(file: &[u8]) -> Option<&str> {
    let at = file.windows(STUDY_UID.len()).position(|bytes| bytes == STUDY_UID)? + STUDY_UID.len();
    let length = usize::from(u16::from_le_bytes([*file.get(at)?, *file.get(at + 1)?]));
    let uid = str::from_utf8(file.get(at + 2..at + 2 + length)?).ok()?.trim_end_matches('\0');
    (!uid.is_empty() && uid.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')).then_some(uid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_which_study_it_belongs_to() {
        let file =
            [b"\x10\x00\x20\x00LO\x02\x0042", STUDY_UID, b"\x06\x001.2.3\0", b"\x20\x00\x0e\x00UI\x02\x001\0"].concat();
        assert_eq!(study_of(&file), Some("1.2.3"));
        assert_eq!(study_of(&file[..16]), None, "cut short");
        assert_eq!(study_of(&[STUDY_UID, b"\x04\x00a/..".as_slice()].concat()), None, "no identifier");
    }
}
