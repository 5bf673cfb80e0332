//! The first bytes of a picture file that is not read into the name of its format: the one list of such formats.

use super::jpeg;

/// What the file is, if it is a picture of a known kind that is not read: "a GIF image".
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
    let known: [(&[u8], &str); 21] = [
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
        (b"\0\0\x01\0\x01\0", "a Windows icon"),
        (b"qoif", "a QOI image"),
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
        .or_else(|| is_netpbm(bytes).then_some("a Netpbm image (PGM, PPM)"))
        .or_else(|| is_pcx(bytes).then_some("a PCX image"))
        .or_else(|| jpeg::rare(bytes))
        .or_else(|| is_drawing(bytes).then_some("an SVG drawing"))
}

/// Whether a file is a Windows bitmap: two letters are no proof, so a known length of its second header is asked for.
fn is_bitmap(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).map(|length| u32::from_le_bytes([length[0], length[1], length[2], length[3]]));
    bytes.starts_with(b"BM") && header.is_some_and(|length| matches!(length, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// Whether a file is of the family of PBM, PGM, PPM and PAM: two letters, then white space and a number or a comment.
fn is_netpbm(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'1'..=b'7', b'\n' | b' ' | b'\t' | b'\r', b'#' | b'0'..=b'9' | b'W', ..])
}

/// Whether a file is a PCX image: maker, version, encoding and one of four numbers of bits, and a row that is filled up.
fn is_pcx(bytes: &[u8]) -> bool {
    matches!(bytes, [10, 0 | 2..=5, 1, 1 | 2 | 4 | 8, ..]) && bytes.get(64) == Some(&0)
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
            (b"P5\n64 64\n255\n", Some("a Netpbm image (PGM, PPM)")),
            (b"P5 is no picture", None),
            (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc3\0\x0b\x10\0\x40", Some("a lossless JPEG of DICOM's kind")),
            (b"\xff\xd8\xff\xf7\0\x0b\x10\0\x40", Some("a JPEG-LS image")),
            (b"\xff\xd8\xff\xc1\0\x0b\x0c\0\x40", Some("a JPEG of 12 bit, DICOM's kind")),
            (b"\xff\xd8\xff\xc0\0\x0b\x08\0\x40", None),
            (b"\xff\xd8\xff\xe0\0\0", None),
            (b"BM is no bitmap by itself", None),
            (&bitmap, None),
            (b"", None),
        ] {
            assert_eq!(name_of(bytes), name, "{}", bytes.escape_ascii());
        }
    }
}
