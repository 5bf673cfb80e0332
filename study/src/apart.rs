//! Headers and the files of their numbers: those that belong together find each other, in any order.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::grid::{GridFormat, in_words};

/// Endings that a layer of compression adds.
const LAYERS: [&str; 4] = [".gz", ".bz2", ".xz", ".zst"];

/// Which half of a pair a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairPart {
    /// The header, `.hdr`.
    Header,
    /// The voxels: `.img`, or `.raw` and `.zraw` of other formats.
    Data,
}

/// A header and its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Path of the header file.
    pub name: String,
    /// Its content, compressed or not.
    pub header: Vec<u8>,
    /// The content of the files that the numbers lie in, compressed or not, in the order that the header says.
    pub data: Vec<Vec<u8>>,
    /// The format, where it is not NIfTI or Analyze.
    pub format: Option<GridFormat>,
}

/// What a file waits for that has not come.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Missing {
    /// The other half of a pair.
    #[error("its {0} file is missing; drop both together")]
    Half(String),
    /// Some of several files.
    #[error("{}", lacking(.names, *.of))]
    Files {
        /// Their names, as the header writes them.
        names: Vec<String>,
        /// How many the header names.
        of: usize,
    },
}

fn lacking(names: &[String], of: usize) -> String {
    let (count, are) = (names.len(), if names.len() == 1 { "is" } else { "are" });
    let names = in_words(names);
    format!("{count} of the {of} files that its numbers lie in {are} missing ({names}); drop all of them together")
}

/// What both halves of a pair have in common in their names, and which half this is; nothing if it is none by its name.
pub fn pair_key(name: &str) -> Option<(String, PairPart)> {
    let (stem, ending) = split(name);
    match ending.as_str() {
        "hdr" => Some((stem, PairPart::Header)),
        "img" | "raw" | "zraw" => Some((stem, PairPart::Data)),
        _ => None,
    }
}

/// Whether a file is called as headers are that name the files of their numbers: whoever reads it first knows those for what
/// they are, whatever they are called.
pub fn is_called_a_header(name: &str) -> bool {
    ["nhdr", "mhd"].contains(&split(name).1.as_str())
}

/// A path by which files are compared with what headers call them: in lower case, without layers of compression.
pub fn place(name: &str) -> String {
    let lower = name.to_lowercase().replace('\\', "/");
    LAYERS.iter().find_map(|layer| lower.strip_suffix(layer)).unwrap_or(&lower).to_owned()
}

/// The same up to its last dot, and from there.
fn split(name: &str) -> (String, String) {
    let bare = place(name);
    match bare.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => (stem.to_owned(), ending.to_owned()),
        _ => (bare, String::new()),
    }
}

/// Files that wait for others, in any order.
#[derive(Debug, Default)]
pub struct Pairs {
    halves: Vec<Half>,
    headers: Vec<Header>,
}

/// A half that says by its name alone what it belongs to.
#[derive(Debug)]
struct Half {
    name: String,
    part: PairPart,
    bytes: Vec<u8>,
}

/// A header that names the files of its numbers.
#[derive(Debug)]
struct Header {
    name: String,
    bytes: Vec<u8>,
    format: GridFormat,
    /// Names of the files, as it writes them.
    files: Vec<String>,
    /// Those that have come.
    data: Vec<Option<Vec<u8>>>,
    /// Which of them a file is, by its path in lower case without layers.
    places: BTreeMap<String, usize>,
}

impl Header {
    fn new(name: &str, format: GridFormat, files: Vec<String>, bytes: Vec<u8>) -> Self {
        let places = places(name, &files);
        let name = name.replace('\\', "/");
        let data = vec![None; files.len()];
        Self { name, bytes, format, files, data, places }
    }

    /// Which of its files is called so and has not come.
    fn lacks(&self, name: &str) -> Option<usize> {
        self.places.get(&place(name)).copied().filter(|&at| self.data[at].is_none())
    }

    fn is_whole(&self) -> bool {
        self.data.iter().all(Option::is_some)
    }
}

/// Where the files may lie that a header of this path names: which of them it is for each [`place`].
pub fn places(header: &str, files: &[String]) -> BTreeMap<String, usize> {
    let header = header.replace('\\', "/");
    let folder = header.rsplit_once('/').map_or("", |(folder, _)| folder);
    let written: Vec<String> = files.iter().map(|file| joined(folder, &file.replace('\\', "/"))).collect();
    let mut places: BTreeMap<String, usize> = written.iter().enumerate().map(|(at, path)| (place(path), at)).collect();
    // Files may have been taken out of the folders that the header names.
    let short = |path: &String| place(&joined(folder, path.rsplit('/').next().unwrap_or(path)));
    let beside: BTreeMap<String, usize> = written.iter().enumerate().map(|(at, path)| (short(path), at)).collect();
    if beside.len() == files.len() {
        for (path, at) in beside {
            places.entry(path).or_insert(at);
        }
    }
    places
}

/// A path that is written in a file of some folder, without steps that lead nowhere.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl Pairs {
    /// Takes a half; gives the pair that it completes. Halves match by folder and stem of their names, or as a header names them.
    pub fn add(&mut self, name: &str, part: PairPart, bytes: Vec<u8>) -> Option<Pair> {
        if part == PairPart::Data
            && let Some((header, file)) =
                self.headers.iter().enumerate().find_map(|(at, header)| Some((at, header.lacks(name)?)))
        {
            self.headers[header].data[file] = Some(bytes);
            return self.whole(header);
        }
        let half = Half { name: name.to_owned(), part, bytes };
        let fits = |other: &Half| {
            let data = if part == PairPart::Data { &half } else { other };
            other.part != part && split(&other.name).0 == split(name).0 && !is_of_others(&data.name)
        };
        let Some(at) = self.halves.iter().position(fits) else {
            self.halves.push(half);
            return None;
        };
        let other = self.halves.swap_remove(at);
        let (header, data) = if part == PairPart::Header { (half, other) } else { (other, half) };
        Some(Pair { name: header.name, header: header.bytes, data: vec![data.bytes], format: None })
    }

    /// Takes a header of another format than NIfTI, which says what the files of its numbers are called; gives the pair if all
    /// have come before.
    pub fn add_header(&mut self, name: &str, format: GridFormat, files: Vec<String>, bytes: Vec<u8>) -> Option<Pair> {
        let mut header = Header::new(name, format, files, bytes);
        for half in std::mem::take(&mut self.halves) {
            match header.lacks(&half.name).filter(|_| half.part == PairPart::Data) {
                Some(file) => header.data[file] = Some(half.bytes),
                None => self.halves.push(half),
            }
        }
        self.headers.push(header);
        self.whole(self.headers.len() - 1)
    }

    /// The header at this place with its numbers, once all have come.
    fn whole(&mut self, at: usize) -> Option<Pair> {
        if !self.headers[at].is_whole() {
            return None;
        }
        let Header { name, bytes, format, data, .. } = self.headers.swap_remove(at);
        Some(Pair { name, header: bytes, data: data.into_iter().flatten().collect(), format: Some(format) })
    }

    /// Whether a header waits for a file of this path.
    pub fn expects(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.lacks(name).is_some())
    }

    /// Names of files whose others have not come, each with what is missing. None waits any longer.
    pub fn unpaired(&mut self) -> Vec<(String, Missing)> {
        let half = |half: Half| {
            let missing = match half.part {
                PairPart::Header => ".img",
                PairPart::Data if is_of_others(&half.name) => ".mhd or .nhdr",
                PairPart::Data => ".hdr",
            };
            (half.name, Missing::Half(missing.into()))
        };
        let header = |Header { name, mut files, data, .. }: Header| {
            let of = files.len();
            let mut come = data.iter().map(Option::is_some);
            files.retain(|_| come.next() == Some(false));
            let missing = if of == 1 { Missing::Half(files.concat()) } else { Missing::Files { names: files, of } };
            (name, missing)
        };
        let halves = std::mem::take(&mut self.halves).into_iter().map(half);
        halves.chain(std::mem::take(&mut self.headers).into_iter().map(header)).collect()
    }
}

/// Whether numbers are called as those of other formats than NIfTI and Analyze are.
fn is_of_others(name: &str) -> bool {
    ["raw", "zraw"].contains(&split(name).1.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is missing, in words, by name.
    fn missing(pairs: &mut Pairs) -> Vec<(String, String)> {
        pairs.unpaired().into_iter().map(|(name, missing)| (name, missing.to_string())).collect()
    }

    #[test]
    fn halves_find_each_other_in_any_order_and_folder() {
        for names in [["a/b.hdr", "a/b.img"], ["a/b.img.gz", "A/B.HDR"]] {
            let mut pairs = Pairs::default();
            let add = |pairs: &mut Pairs, name: &str| pairs.add(name, pair_key(name).unwrap().1, name.into());
            assert_eq!(add(&mut pairs, names[0]), None);
            assert_eq!(add(&mut pairs, "c/b.img"), None, "another folder");
            let pair = add(&mut pairs, names[1]).unwrap();
            assert!(pair.name.to_lowercase().ends_with(".hdr") && pair.header == pair.name.as_bytes());
            let lone = vec![("c/b.img".to_owned(), Missing::Half(".hdr".into()))];
            assert_eq!(pairs.unpaired(), lone);
            assert_eq!(pairs.unpaired(), []);
        }
        let mut pairs = Pairs::default();
        let header = |pairs: &mut Pairs, name: &str| {
            pairs.add_header(name, GridFormat::MetaImage, vec!["Vol.RAW".into()], vec![1])
        };
        assert_eq!(header(&mut pairs, "a/b.mhd"), None);
        assert_eq!(pairs.add("a/b.img", PairPart::Data, vec![2]), None, "the header names another file");
        assert_eq!(pairs.add("c/vol.raw", PairPart::Data, vec![3]), None, "another folder");
        let pair = pairs.add("a/vol.raw.gz", PairPart::Data, vec![4]).unwrap();
        assert_eq!(
            (pair.name.as_str(), pair.data, pair.format),
            ("a/b.mhd", vec![vec![4]], Some(GridFormat::MetaImage))
        );
        assert_eq!(pairs.add("a/vol.raw", PairPart::Data, vec![5]), None);
        assert_eq!(header(&mut pairs, "a/c.mhd").unwrap().data, [[5]]);
        assert_eq!(header(&mut pairs, "d/c.mhd"), None);
        assert_eq!(
            missing(&mut pairs),
            [("a/b.img", "its .hdr"), ("c/vol.raw", "its .mhd or .nhdr"), ("d/c.mhd", "its Vol.RAW")]
                .map(|(name, what)| (name.to_owned(), format!("{what} file is missing; drop both together")))
        );
        assert_eq!(pair_key("a.hdr/readme"), None);
        assert_eq!(pair_key("b.nii"), None);
    }

    #[test]
    fn the_files_of_a_list_find_their_header_in_any_order_and_folder() {
        let names = ["./s/1.RAW", "s/../s/2.dat", "/home/x/3"];
        let files = [("p/S/1.raw.gz", vec![1]), ("p/s/2.dat", vec![2]), ("P/3", vec![3])];
        let list = || names.map(str::to_owned).to_vec();
        for header_at in 0..=3 {
            for first in 0..3 {
                let mut pairs = Pairs::default();
                let mut whole = Vec::new();
                for at in 0..=3 {
                    if at == header_at {
                        whole.extend(pairs.add_header("p/a.nhdr", GridFormat::Nrrd, list(), vec![9]));
                    }
                    if at < 3 {
                        let (name, bytes) = &files[(first + at) % 3];
                        whole.extend(pairs.add(name, PairPart::Data, bytes.clone()));
                    }
                }
                let [pair] = &whole[..] else { panic!("one pair: {whole:?}") };
                assert_eq!((pair.name.as_str(), &pair.data[..]), ("p/a.nhdr", &[vec![1], vec![2], vec![3]][..]));
                assert_eq!(pairs.unpaired(), []);
            }
        }
    }

    #[test]
    fn files_that_were_taken_out_of_their_folders_are_expected_unless_two_are_called_the_same() {
        let expected = |files: &[&str]| {
            let mut pairs = Pairs::default();
            let files = files.iter().map(|&file| file.to_owned()).collect();
            assert_eq!(pairs.add_header("p/a.nhdr", GridFormat::Nrrd, files, Vec::new()), None);
            ["p/s/1.raw", "p/1.raw", "1.raw", "p/a.nhdr"].map(|name| pairs.expects(name))
        };
        assert_eq!(expected(&["s/1.raw", "t/2.raw"]), [true, true, false, false]);
        assert_eq!(expected(&["s/1.raw", "t/1.raw"]), [true, false, false, false]);
    }

    #[test]
    fn what_is_missing_of_a_list_is_named() {
        let mut pairs = Pairs::default();
        let list = |count: usize| (1..=count).map(|at| format!("{at}.raw")).collect::<Vec<_>>();
        assert_eq!(pairs.add_header("a.nhdr", GridFormat::Nrrd, list(3), Vec::new()), None);
        assert_eq!(pairs.add("1.raw", PairPart::Data, vec![1]), None);
        assert_eq!(pairs.add("3.raw", PairPart::Data, vec![3]), None);
        assert_eq!(pairs.add_header("b/b.mhd", GridFormat::MetaImage, list(9), Vec::new()), None);
        let sentence = |what: &str| format!("{what}; drop all of them together");
        assert_eq!(
            missing(&mut pairs),
            [
                ("a.nhdr".to_owned(), sentence("1 of the 3 files that its numbers lie in is missing (2.raw)")),
                (
                    "b/b.mhd".into(),
                    sentence(
                        "9 of the 9 files that its numbers lie in are missing (1.raw, 2.raw, 3.raw, 4.raw, 5.raw and 4 more)"
                    )
                ),
            ]
        );
    }

    #[test]
    fn headers_of_other_files_are_known_by_name() {
        for name in ["a.nhdr", "a/b.MHD", "c.mhd.gz"] {
            assert!(is_called_a_header(name), "{name}");
        }
        for name in ["a.nrrd", "a.mha", "nhdr", "a.nhdr/b.raw"] {
            assert!(!is_called_a_header(name), "{name}");
        }
    }
}
