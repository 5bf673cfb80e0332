//! The first bytes of a picture file that is not read into the name of its format.

/// What the file is, if it is a picture of a known kind that is not read.
pub fn name_of(bytes: &[u8]) -> Option<&'static str> {
    let starts = |signature: &[u8]| bytes.starts_with(signature);
    // ISO/IEC 14496-12: the brand of a file in boxes.
    if bytes.get(4..8) == Some(b"ftyp") {
        return match bytes.get(8..12)? {
            b"heic" | b"heix" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Some("an HEIC photograph"),
            b"avif" | b"avis" => Some("an AVIF image"),
            b"crx " => Some("a camera's raw image"),
            _ => None,
        };
    }
    let known: [(&[u8], &str); 20] = [
        (b"GIF87a", "a GIF image"),
        (b"GIF89a", "a GIF image"),
        (b"8BPS", "a Photoshop document"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
        (b"\xFF\x4F\xFF\x51", "a JPEG 2000 image"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL image"),
        (b"\xFF\x0A", "a JPEG XL image"),
        (b"II\xBC\x01", "a JPEG XR image"),
        (b"\x76\x2F\x31\x01", "an OpenEXR image"),
        (b"#?RADIANCE", "a Radiance HDR image"),
        (b"gimp xcf", "a GIMP document"),
        (b"DDS ", "a DDS texture"),
        (b"\0\0\x01\0", "a Windows icon"),
        (b"FUJIFILMCCD-RAW", "a camera's raw image"),
        (b"IIRO", "a camera's raw image"),
        (b"IIRS", "a camera's raw image"),
        (b"IIU\0", "a camera's raw image"),
        (b"FOVb", "a camera's raw image"),
        (b"AT&TFORM", "a DjVu document"),
        (b"SIMPLE  =", "a FITS image"),
    ];
    let by_signature = known.into_iter().find(|(signature, _)| starts(signature)).map(|(_, name)| name);
    by_signature
        .or_else(|| is_bitmap(bytes).then_some("a BMP image"))
        .or_else(|| is_drawing(bytes).then_some("an SVG drawing"))
}

/// Whether a file is a Windows bitmap: two letters are no proof, so a known length of its second header is asked for.
fn is_bitmap(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).map(|length| u32::from_le_bytes([length[0], length[1], length[2], length[3]]));
    bytes.starts_with(b"BM") && header.is_some_and(|length| matches!(length, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// Whether a text is a drawing: its element follows a declaration and comments at most.
fn is_drawing(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let text = start.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<svg") || (text.starts_with("<?xml") || text.starts_with("<!")) && text.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_pictures_are_named() {
        let mut bitmap = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        assert_eq!(name_of(&bitmap), Some("a BMP image"));
        bitmap[14] = 7;
        for (bytes, name) in [
            (&b"GIF89a\x01\0"[..], Some("a GIF image")),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Some("an HEIC photograph")),
            (b"\0\0\0\x18ftypavif", Some("an AVIF image")),
            (b"\0\0\0\x18ftypisom", None),
            (b"\0\0\0\x18ftyp", None),
            (b"<?xml version=\"1.0\"?>\n<!-- x -->\n<svg xmlns=\"\">", Some("an SVG drawing")),
            (b"<?xml version=\"1.0\"?><note/>", None),
            (b"BM is no bitmap by itself", None),
            (&bitmap, None),
            (b"", None),
        ] {
            assert_eq!(name_of(bytes), name, "{}", bytes.escape_ascii());
        }
    }
}
