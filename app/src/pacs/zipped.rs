//! The zip archive that the files worker writes of a report and its segmentation, into where in it each file lies.

use std::ops::Range;

/// What a file in an archive begins with (APPNOTE.TXT 6.3.10, 4.3.7).
const SIGNATURE: &[u8] = b"PK\x03\x04";
/// Bytes of that, without the name.
const HEADER: usize = 30;

/// The files in order: whether each is deflated, and where it lies; none of what was not written so.
pub fn files(zip: &[u8]) -> Vec<(bool, Range<usize>)> {
    let mut files = Vec::new();
    let mut at = 0;
    while let Some(header) = zip.get(at..at + HEADER).filter(|header| header.starts_with(SIGNATURE)) {
        let short = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let start = at + HEADER + short(26) + short(28);
        let end = start + short(18) + (short(20) << 16);
        if end > zip.len() {
            break;
        }
        files.push((short(8) == 8, start..end));
        at = end;
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, method: u8, bytes: &[u8]) -> Vec<u8> {
        let mut file = [SIGNATURE, &[0; HEADER - 4]].concat();
        (file[8], file[18], file[26]) = (method, bytes.len() as u8, name.len() as u8);
        [&file, name.as_bytes(), bytes].concat()
    }

    #[test]
    fn files_lie_behind_their_names() {
        let zip = [file("mask.dcm", 8, b"one"), file("report.dcm", 0, b"three"), b"PK\x01\x02".to_vec()].concat();
        let found: Vec<_> = files(&zip).into_iter().map(|(deflated, range)| (deflated, &zip[range])).collect();
        assert_eq!(found, [(true, b"one".as_slice()), (false, b"three")]);
    }

    #[test]
    fn what_is_cut_short_is_left_out() {
        let zip = file("mask.dcm", 8, b"one");
        for length in 0..zip.len() {
            assert_eq!(files(&zip[..length]), []);
        }
    }
}
