//! Pixels of a frame out of DICOM's run-length encoding (PS3.5, annex G).
//!
//! Written here because the decoder of dicom-rs panics on damaged fragments.

/// Bytes of the header of a fragment: the number of segments and 15 offsets.
const HEADER: usize = 64;

/// Bytes that one byte stands for at most: two of them make a run of 128.
const RATIO: usize = 64;

/// The `pixels` numbers of a frame with so many bytes each, little endian; nothing if the fragment is damaged.
pub fn decode(fragment: &[u8], pixels: usize, bytes_each: usize) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(fragment.get(4 * at..4 * at + 4)?.try_into().ok()?) as usize);
    let segments = number(0)?;
    // Looked at first: a small fragment may claim a large frame.
    let too_few = pixels.checked_mul(bytes_each)? > fragment.len().saturating_mul(RATIO);
    if segments != bytes_each || fragment.len() < HEADER || too_few {
        return None;
    }
    let mut decoded = vec![0; pixels * bytes_each];
    for segment in 0..segments {
        let start = number(1 + segment)?;
        let end = if segment + 1 < segments { number(2 + segment)? } else { fragment.len() };
        // The first segment holds the highest bytes.
        let place = bytes_each - 1 - segment;
        let mut at = place;
        let mut put = |byte: u8| {
            if at < decoded.len() {
                decoded[at] = byte;
                at += bytes_each;
            }
        };
        let mut bytes = fragment.get(start..end)?.iter().copied();
        let mut left = pixels;
        while left > 0 {
            match bytes.next()? as i8 {
                -128 => {}
                length @ 0.. => {
                    for _ in 0..(length as usize + 1).min(left) {
                        put(bytes.next()?);
                        left -= 1;
                    }
                }
                length => {
                    let byte = bytes.next()?;
                    let run = (1 - length as isize) as usize;
                    (0..run.min(left)).for_each(|_| put(byte));
                    left -= run.min(left);
                }
            }
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(segments: &[&[u8]]) -> Vec<u8> {
        let mut bytes = (segments.len() as u32).to_le_bytes().to_vec();
        let mut offset = HEADER;
        for at in 0..15 {
            bytes.extend((if at < segments.len() { offset as u32 } else { 0 }).to_le_bytes());
            offset += segments.get(at).map_or(0, |segment| segment.len());
        }
        segments.iter().for_each(|segment| bytes.extend(*segment));
        bytes
    }

    #[test]
    fn runs_and_literals_alternate() {
        // High bytes: 1 three times, then 2; low bytes: 7, 8, 9, 9, with a byte that says nothing.
        let bytes = fragment(&[&[0xfe, 1, 0, 2], &[1, 7, 8, 0x80, 0xff, 9]]);
        assert_eq!(decode(&bytes, 4, 2), Some(vec![7, 1, 8, 1, 9, 1, 9, 2]));
    }

    #[test]
    fn damage_is_no_panic() {
        let bytes = fragment(&[&[0xfe, 1, 0, 2], &[1, 7, 8, 0x80, 0xff, 9]]);
        (0..bytes.len()).for_each(|length| assert_eq!(decode(&bytes[..length], 4, 2), None));
        for at in 0..bytes.len() {
            for value in 0..=255 {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                decode(&bytes, 4, 2);
            }
        }
        assert_eq!(decode(&bytes, 4, 1), None);
        assert_eq!(decode(&bytes, 1 << 40, 2), None, "nothing is reserved for a frame that cannot be there");
    }
}
