//! A study of the PACS into files, as if a person had dropped them (WADO-RS, PS3.18 10.4).

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File, ReadableStreamDefaultReader};

use super::call::{Call, done, kind};
use super::multipart::Parts;
use super::series::series_of;
use crate::documents::files::Own;
use crate::language::{Text, text};

/// Files as the PACS has them: it need not decompress them.
const IMAGES: &str = r#"multipart/related; type="application/dicom"; transfer-syntax=*"#;

/// What came of a study.
pub struct Retrieved {
    /// Its files.
    pub files: Vec<Own>,
    /// Modalities of series that the page cannot use, where nobody chose.
    pub left_out: Vec<String>,
}

/// Asks for the chosen series of a study, or for all that the page can use; `came` is told how many images of how many have come.
///
/// # Errors
///
/// What to tell the person.
pub async fn retrieve(
    call: &Call,
    study: &str,
    chosen: Option<&[String]>,
    came: &dyn Fn(usize, usize),
) -> Result<Retrieved, Text> {
    let (used, others): (Vec<_>, Vec<_>) =
        series_of(call, study).await?.into_iter().partition(|series| series.is_used());
    let mut left_out: Vec<String> = others.into_iter().map(|series| series.modality).collect();
    let is_wanted = |uid: &String| chosen.is_none_or(|chosen| chosen.contains(uid));
    let used: Vec<_> = used.into_iter().filter(|series| is_wanted(&series.uid)).collect();
    if used.is_empty() {
        return Err(text!("pacs-no-mr", kinds = left_out.join(", ")));
    }
    if chosen.is_some() {
        left_out.clear();
    }
    let total: usize = used.iter().map(|series| series.images).sum();
    let mut files = Vec::new();
    for series in used {
        came(files.len(), total.max(files.len()));
        let path = format!("studies/{study}/series/{}", series.uid);
        add_series(call, &path, &mut files, &|count| came(count, total.max(count))).await?;
    }
    Ok(Retrieved { files, left_out })
}

/// Adds the files of a series.
async fn add_series(call: &Call, path: &str, files: &mut Vec<Own>, came: &dyn Fn(usize)) -> Result<(), Text> {
    let answer = call.ask(path, IMAGES, None).await?;
    let kind = kind(&answer);
    let other = || text!("pacs-other-answer", kind = &kind);
    let (Some(mut parts), Some(body)) = (Parts::of(&kind), answer.body()) else { return Err(other()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let chunks = Array::new();
    let mut ranges = Vec::new();
    loop {
        let read = done(reader.read()).await.map_err(|error| call.why(&error))?;
        let value = Reflect::get(&read, &"value".into()).unwrap_or(JsValue::UNDEFINED);
        let Ok(chunk) = value.dyn_into::<Uint8Array>() else { break };
        call.heard();
        ranges.extend(parts.feed(&chunk.to_vec()).map_err(|_| other())?);
        chunks.push(&chunk);
        came(files.len() + ranges.len());
    }
    if !parts.is_complete() {
        return Err(text!("pacs-broken-off", count = files.len() + ranges.len()));
    }
    // The browser may lay the bytes aside, on a disk too, until they are read.
    let whole = Blob::new_with_u8_array_sequence(&chunks).expect("bytes make a file");
    for range in ranges {
        let part = whole.slice_with_f64_and_f64(range.start as f64, range.end as f64).expect("it lies in the answer");
        let name = format!("{}.dcm", files.len() + 1);
        let file = File::new_with_blob_sequence(&Array::of1(&part), &name).expect("a part makes a file");
        files.push(Own { file, path: name });
    }
    Ok(())
}
