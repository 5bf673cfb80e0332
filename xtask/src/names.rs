//! A program for browsers without the names of its functions, which are nearly half of its bytes and of use to nobody who visits.
//!
//! Before they go, they tell whether the linker wrapped the program's entries: a wrapper registers the shader compiler's parts
//! anew at each call, which takes WebGPU three seconds a slice.

use std::fs;
use std::path::Path;

use crate::shell::Problem;

/// What the linker appends to the name of an entry that it has wrapped.
const WRAPPED: &[u8] = b".command_export";
/// Bytes before the first section: magic number and version.
const HEADER: usize = 8;
/// The section of the names, as the specification calls it (WebAssembly core specification, appendix "Custom Sections").
const NAMES: &[u8] = b"name";

/// Takes the names out of a program.
///
/// # Errors
///
/// Names the program if it has wrapped entries or is none.
pub fn strip(path: &Path) -> Result<(), Problem> {
    let problem = |what: &str| format!("{}: {what}", path.display());
    let bytes = fs::read(path).map_err(|error| problem(&error.to_string()))?;
    let (program, names) = without_names(&bytes).ok_or_else(|| problem("is no WebAssembly program"))?;
    if names.is_empty() {
        return Err(problem("has no names, so nobody can tell whether its entries are wrapped"));
    }
    if names.windows(WRAPPED.len()).any(|name| name == WRAPPED) {
        return Err(problem("the linker wrapped its entries; its `main` has to call `__wasm_call_ctors` itself"));
    }
    fs::write(path, program).map_err(|error| problem(&error.to_string()))
}

/// A program without its names, and the names; nothing if it is no program.
fn without_names(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut program = bytes.get(..HEADER)?.to_vec();
    let mut names = Vec::new();
    let mut rest = &bytes[HEADER..];
    if !program.starts_with(b"\0asm") {
        return None;
    }
    while let Some((&kind, after)) = rest.split_first() {
        let (length, content) = number(after)?;
        let (content, next) = content.split_at_checked(length)?;
        let is_names = kind == 0 && number(content).and_then(|(length, name)| name.get(..length)) == Some(NAMES);
        if is_names {
            names.extend(content);
        } else {
            program.extend(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Some((program, names))
}

/// An unsigned number of seven bits a byte (LEB128), and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: u8, content: &[u8]) -> Vec<u8> {
        // A length in two bytes, as linkers write it.
        [&[kind, content.len() as u8 | 0x80, 0][..], content].concat()
    }

    #[test]
    fn all_sections_but_the_names_stay() {
        let header = b"\0asm\x01\0\0\0".to_vec();
        let (code, names, other) = (section(10, b"code"), section(0, b"\x04namef"), section(0, b"\x09producersx"));
        let program = [header.clone(), code.clone(), names, other.clone()].concat();
        let (stripped, names) = without_names(&program).unwrap();
        assert_eq!(stripped, [header, code, other].concat());
        assert_eq!(names, b"\x04namef");
        assert_eq!(without_names(&stripped), Some((stripped.clone(), Vec::new())));
    }

    #[test]
    fn what_is_cut_or_no_program_is_not_taken_for_one() {
        assert_eq!(without_names(b"GIF89a..."), None);
        assert_eq!(without_names(b"\0asm\x01\0\0\0\x0a\x05co"), None);
        assert_eq!(without_names(b""), None);
    }
}
