//! An answer of several files (multipart/related, RFC 2387), chunk by chunk as it comes, into where in it each file lies.

use std::ops::Range;

/// Bytes that the headers of a part may have.
const LONGEST_HEADER: usize = 1 << 14;
/// The end of a line, as if one stood before the answer: what divides two parts begins with it.
const BEFORE: &[u8] = b"\r\n";

/// The answer is not of several parts, or their headers have no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// An answer that is coming in.
pub struct Parts {
    /// What stands between two parts.
    delimiter: Vec<u8>,
    /// The end of what came, in which something may have begun.
    held: Vec<u8>,
    /// Where that begins, counted from [`BEFORE`].
    at: usize,
    state: State,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first delimiter.
    Preamble,
    /// What stands behind a delimiter.
    Delimited,
    /// Headers of a part.
    Header,
    /// A part that begins here.
    Body(usize),
    /// Nothing that means anything.
    Ended,
}

impl Parts {
    /// Of an answer with this Content-Type; none if that is not of several parts.
    pub fn of(content_type: &str) -> Option<Self> {
        let mut parameters = content_type.split(';').map(str::trim);
        let kind = parameters.next()?;
        if !kind.eq_ignore_ascii_case("multipart/related") {
            return None;
        }
        let named = |parameter: &str| {
            let (name, value) = parameter.split_once('=')?;
            name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"').to_owned())
        };
        let boundary = parameters.find_map(named).filter(|boundary| !boundary.is_empty())?;
        let delimiter = [BEFORE, b"--", boundary.as_bytes()].concat();
        Some(Self { delimiter, held: BEFORE.to_vec(), at: 0, state: State::Preamble })
    }

    /// Takes the next chunk; where in the answer those parts lie that end in it.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if this is no answer of several parts.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<Vec<Range<usize>>, Malformed> {
        self.held.extend_from_slice(chunk);
        let mut ended = Vec::new();
        let mut used = 0;
        loop {
            let rest = &self.held[used..];
            match self.state {
                State::Preamble | State::Body(_) => {
                    let Some(found) = find(rest, &self.delimiter) else {
                        // A delimiter may have begun.
                        used += rest.len().saturating_sub(self.delimiter.len() - 1);
                        break;
                    };
                    if let State::Body(start) = self.state {
                        ended.push(start..self.at + used + found - BEFORE.len());
                    }
                    used += found + self.delimiter.len();
                    self.state = State::Delimited;
                }
                State::Delimited => match rest {
                    [b'-', b'-', ..] => self.state = State::Ended,
                    // The line's end stays: a part without headers begins with an empty line.
                    [b'\r', b'\n', ..] => self.state = State::Header,
                    [b' ' | b'\t', ..] => used += 1,
                    [] | [b'-' | b'\r'] => break,
                    _ => return Err(Malformed),
                },
                State::Header => match find(rest, b"\r\n\r\n") {
                    Some(found) => {
                        used += found + 4;
                        self.state = State::Body(self.at + used - BEFORE.len());
                    }
                    None if rest.len() > LONGEST_HEADER => return Err(Malformed),
                    None => break,
                },
                State::Ended => {
                    used = self.held.len();
                    break;
                }
            }
        }
        self.held.drain(..used);
        self.at += used;
        Ok(ended)
    }

    /// Whether all of it has come.
    pub fn is_complete(&self) -> bool {
        self.state == State::Ended
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(step) = bytes[from..].iter().position(|byte| *byte == wanted[0]) {
        from += step;
        if bytes[from..].starts_with(wanted) {
            return Some(from);
        }
        from += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = r#"multipart/related; type="application/dicom"; boundary=b1"#;
    /// Bytes that look like what divides parts, up to its last letter.
    const FILES: [&[u8]; 3] = [b"one\r\n--b", b"\r\n--b\r\n\r\n--", b""];

    fn answer(preamble: &str) -> Vec<u8> {
        let mut bytes = preamble.as_bytes().to_vec();
        for file in FILES {
            bytes.extend_from_slice(b"--b1 \r\nContent-Type: application/dicom\r\nContent-Length: 7\r\n\r\n");
            bytes.extend_from_slice(file);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"--b1--\r\nthe end");
        bytes
    }

    fn read(bytes: &[u8], chunk: usize) -> (Vec<Vec<u8>>, bool) {
        let mut parts = Parts::of(TYPE).unwrap();
        let chunks = bytes.chunks(chunk).flat_map(|chunk| parts.feed(chunk).unwrap());
        let files = chunks.map(|range| bytes[range].to_vec()).collect();
        (files, parts.is_complete())
    }

    #[test]
    fn files_are_found_wherever_chunks_end() {
        for bytes in [answer(""), answer("hello\r\n")] {
            for chunk in 1..bytes.len() {
                assert_eq!(read(&bytes, chunk), (FILES.map(<[u8]>::to_vec).to_vec(), true), "in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn an_answer_that_breaks_off_is_not_complete() {
        let bytes = answer("");
        let end = bytes.len() - "--\r\nthe end".len();
        for length in 0..end {
            let (files, is_complete) = read(&bytes[..length], 64);
            assert!(!is_complete && files.iter().zip(FILES).all(|(file, whole)| file == whole), "{length}");
        }
        assert!(read(&bytes[..end + 2], 64).1);
    }

    #[test]
    fn a_part_may_have_no_headers() {
        let bytes = b"--b1\r\n\r\nbare\r\n--b1--";
        assert_eq!(read(bytes, 5), (vec![b"bare".to_vec()], true));
    }

    #[test]
    fn what_is_not_of_several_parts_is_told() {
        for kind in ["text/html", "application/dicom+json", "multipart/related", "multipart/related; boundary=", ""] {
            assert!(Parts::of(kind).is_none(), "{kind}");
        }
        for kind in ["Multipart/Related; Boundary=\"b1\"; type=x", "multipart/related;boundary=b1"] {
            assert_eq!(Parts::of(kind).unwrap().delimiter, b"\r\n--b1", "{kind}");
        }
        let fed = |bytes: &[u8]| Parts::of(TYPE).unwrap().feed(bytes);
        assert_eq!(fed(b"--b1x"), Err(Malformed));
        assert_eq!(fed(&[b"--b1\r\n".as_slice(), &[b'h'; LONGEST_HEADER]].concat()), Err(Malformed));
        assert_eq!(fed(b"<html>"), Ok(Vec::new()), "what stands before the first part means nothing");
    }
}
