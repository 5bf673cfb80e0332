//! A header and the voxels in a file of their own (`.hdr` and `.img`, NIfTI or Analyze) into volumes.

use super::NiftiError;
use super::header::{Form, Header};
use super::read::{Volumes, Wanted, beginning, opened, volumes};

/// Endings that a layer of compression adds.
const LAYERS: [&str; 4] = [".gz", ".bz2", ".xz", ".zst"];

/// Which half of a pair a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairPart {
    /// The header, `.hdr`.
    Header,
    /// The voxels, `.img`.
    Data,
}

/// Two halves that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Name of the header file.
    pub name: String,
    /// Its content, compressed or not.
    pub header: Vec<u8>,
    /// The content of the other file, compressed or not.
    pub data: Vec<u8>,
}

/// What both halves of a pair have in common in their names, and which half this is; nothing if it is none by its name.
pub fn pair_key(name: &str) -> Option<(String, PairPart)> {
    let (stem, ending) = split(name);
    match ending.as_str() {
        "hdr" => Some((stem, PairPart::Header)),
        "img" => Some((stem, PairPart::Data)),
        _ => None,
    }
}

/// A name in lower case, without layers: up to its last dot, and from there.
fn split(name: &str) -> (String, String) {
    let lower = name.to_lowercase();
    let bare = LAYERS.iter().find_map(|layer| lower.strip_suffix(layer)).unwrap_or(&lower);
    match bare.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains(['/', '\\']) => (stem.to_owned(), ending.to_owned()),
        _ => (bare.to_owned(), String::new()),
    }
}

/// Halves that wait for their others, in any order.
#[derive(Debug, Default)]
pub struct Pairs {
    waiting: Vec<Half>,
}

#[derive(Debug)]
struct Half {
    key: String,
    name: String,
    part: PairPart,
    bytes: Vec<u8>,
}

impl Pairs {
    /// Takes a half; gives the pair that it completes. Halves match by folder and stem of their names.
    pub fn add(&mut self, name: &str, part: PairPart, bytes: Vec<u8>) -> Option<Pair> {
        let half = Half { key: split(name).0, name: name.to_owned(), part, bytes };
        let Some(at) = self.waiting.iter().position(|other| other.key == half.key && other.part != half.part) else {
            self.waiting.push(half);
            return None;
        };
        let other = self.waiting.swap_remove(at);
        let (header, data) = if half.part == PairPart::Header { (half, other) } else { (other, half) };
        Some(Pair { name: header.name, header: header.bytes, data: data.bytes })
    }

    /// Names of halves whose others have not come, each with what is missing. None waits any longer.
    pub fn unpaired(&mut self) -> Vec<(String, NiftiError)> {
        let lone = |half: Half| {
            let missing = if half.part == PairPart::Header { ".img" } else { ".hdr" };
            (half.name, NiftiError::Unpaired(missing))
        };
        std::mem::take(&mut self.waiting).into_iter().map(lone).collect()
    }
}

/// The volumes of a pair; `name` is that of either file. Of too many the first comes alone, as by
/// [`read_nifti`](crate::read_nifti).
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with one of the files.
pub fn read_pair(name: &str, header: &[u8], data: &[u8]) -> Result<Volumes, NiftiError> {
    let start = beginning(opened(header)?)?;
    let header = Header::parse(&start)?;
    // A whole volume that bears the name of a header.
    if header.form == Form::Single {
        return Err(NiftiError::Damaged("its header says that it is no pair; drop the .hdr file as .nii".into()));
    }
    volumes(name, &header, header.data_offset(0), opened(data)?, Wanted::All)
}
