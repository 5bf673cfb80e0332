//! Pictures: a slice each, or pages that are a volume; and by the numbers in their names perhaps slices of one.

use imaging::{LABEL_ENDINGS, Slice, decode, is_halved, pages_in};
use study::{FileKind, LabelMap, Pairs, is_label_map, read_pages};

use super::{Content, Format, Holds, Input};
use crate::digest;
use crate::labels::Label;

pub(super) const PNG: Format = picture("PNG", &["png"]);
pub(super) const JPEG: Format = picture("JPEG", &["jpg", "jpeg"]);
pub(super) const WEBP: Format = picture("WebP", &["webp"]);
pub(super) const TIFF: Format = picture("TIFF", &["tif", "tiff"]);

const fn picture(name: &'static str, extensions: &'static [&'static str]) -> Format {
    Format {
        name,
        extensions,
        holds: Holds::Slice,
        labels: true,
        fuzz_target: "image",
        kinds: &[FileKind::Image],
        read,
    }
}

fn read(&Input { name, bytes, now_ms, .. }: &Input, _: &mut Pairs) -> Result<Content, String> {
    if pages_in(bytes) < 2 {
        return Decoded::new(bytes, now_ms).map(Content::Picture);
    }
    let volumes = read_pages(name, bytes).map_err(|error| error.to_string())?;
    Ok(match &volumes[..] {
        // Nothing but its name and its few values says so.
        [(series, _)] if is_label_map(series, &[]) => Content::Label(Label::map(name, LabelMap::of(series), false)),
        _ => Content::Volumes(volumes),
    })
}

/// A picture as it was read.
pub(crate) struct Decoded {
    pub slice: Slice,
    pub digest: u64,
    pub decode_us: u32,
    pub halved: bool,
}

impl Decoded {
    fn new(bytes: &[u8], now_ms: &dyn Fn() -> f64) -> Result<Self, String> {
        let started = now_ms();
        let slice = decode(bytes).map_err(|error| error.to_string())?;
        let decode_us = ((now_ms() - started) * 1000.0) as u32;
        Ok(Self { slice, digest: digest(bytes), decode_us, halved: is_halved(bytes) })
    }
}

/// A file's name around its last number, and the number, unless it is the name of a label.
pub(crate) fn numbered(name: &str) -> Option<(&str, u64, &str)> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if LABEL_ENDINGS.iter().any(|ending| stem.ends_with(ending)) {
        return None;
    }
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + stem[at..].chars().next().map_or(1, char::len_utf8));
    Some((&stem[..start], stem[start..end].parse().ok()?, &stem[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_counts() {
        assert_eq!(numbered("TCGA_CS_4941_12.tif"), Some(("TCGA_CS_4941_", 12, "")));
        assert_eq!(numbered("slice 007 (axial).png"), Some(("slice ", 7, " (axial)")));
        assert_eq!(numbered("größe9.png"), Some(("größe", 9, "")));
        assert_eq!(numbered("3.png"), Some(("", 3, "")));
        assert_eq!(numbered("TCGA_12_mask.tif"), None);
        assert_eq!(numbered("brain.png"), None);
        assert_eq!(numbered("99999999999999999999999.png"), None);
        assert_eq!(numbered(""), None);
    }
}
