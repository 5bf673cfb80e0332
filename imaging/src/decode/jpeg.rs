//! The markers of a JPEG into what kind it is, and whether it is all there (ISO 10918-1, B.1; ISO 14495-1, C.2).

/// What a JPEG is that only DICOM files hold.
pub fn rare(jpeg: &[u8]) -> Option<&'static str> {
    match frame(jpeg)? {
        (0xc3 | 0xc7 | 0xcb | 0xcf, _) => Some("a lossless JPEG of DICOM's kind"),
        (0xf7, _) => Some("a JPEG-LS image"),
        (0xc0..=0xc2, precision) if precision != 8 => Some("a JPEG of 12 bit, DICOM's kind"),
        _ => None,
    }
}

/// Whether the stream ends where it says so: decoders fill what is missing with grey.
pub fn is_whole(jpeg: &[u8]) -> bool {
    const END: [u8; 2] = [0xff, 0xd9];
    // A thumbnail before the scan has an end of its own; within a scan no number looks like one.
    let scan = segments(jpeg).find(|(code, _)| *code == 0xda).map(|(_, rest)| rest);
    scan.is_some_and(|rest| rest.windows(END.len()).any(|bytes| bytes == END))
}

/// Code and bits of a number of the first frame.
fn frame(jpeg: &[u8]) -> Option<(u8, u8)> {
    let is_frame = |code: u8| matches!(code, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xf7);
    let (code, content) = segments(jpeg).find(|(code, _)| is_frame(*code))?;
    Some((code, *content.get(2)?))
}

/// Code of each segment up to the first scan, and everything from its length on.
fn segments(jpeg: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = jpeg.strip_prefix(&[0xff, 0xd8]);
    std::iter::from_fn(move || {
        let mut from = rest?;
        // Any number of them may stand before a code.
        while let [0xff, 0xff, ..] = from {
            from = &from[1..];
        }
        let [0xff, code, content @ ..] = from else { return None };
        let length = content.first_chunk().map_or(usize::MAX, |&length| usize::from(u16::from_be_bytes(length)));
        rest = content.get(length.max(2)..).filter(|_| *code != 0xda);
        Some((*code, content))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A segment that says nothing, a frame of a kind, and a scan.
    fn stream(code: u8, precision: u8) -> Vec<u8> {
        [
            &b"\xff\xd8\xff\xe0\0\x06ab\xff\xd9\xff"[..],
            &[0xff, code, 0, 5, precision, 0, 16],
            b"\xff\xda\0\x03\x01ab\xff\0c",
        ]
        .concat()
    }

    #[test]
    fn kinds_that_dicom_files_hold_are_named() {
        assert_eq!(rare(&stream(0xc3, 16)), Some("a lossless JPEG of DICOM's kind"));
        assert_eq!(rare(&stream(0xf7, 16)), Some("a JPEG-LS image"));
        assert_eq!(rare(&stream(0xc1, 12)), Some("a JPEG of 12 bit, DICOM's kind"));
        for (code, precision) in [(0xc0, 8), (0xc2, 8), (0xe1, 12)] {
            assert_eq!(rare(&stream(code, precision)), None);
        }
        let whole = stream(0xc3, 16);
        (0..whole.len()).for_each(|length| assert!(rare(&whole[..length]).is_none_or(|name| !name.is_empty())));
    }

    #[test]
    fn an_end_behind_the_scan_counts() {
        let cut = stream(0xc0, 8);
        assert!(!is_whole(&cut), "that of a thumbnail is not its own");
        assert!(is_whole(&[&cut[..], b"\xff\xd9"].concat()));
        assert!(is_whole(&[&cut[..], b"\xff\xd9 and what a telephone adds"].concat()));
        assert!(!is_whole(b"") && !is_whole(b"\xff\xd8\xff\xd9"));
    }
}
