//! A header and the voxels in a file of their own (`.hdr` and `.img`, NIfTI or Analyze) into volumes; halves of other formats
//! find each other here as well.

use super::NiftiError;
use super::header::{Form, Header};
use super::read::{Volumes, Wanted, beginning, opened, volumes};
use crate::grid::GridFormat;
use crate::series::{Series, SeriesWarning};

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

/// Two halves that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Name of the header file.
    pub name: String,
    /// Its content, compressed or not.
    pub header: Vec<u8>,
    /// The content of the other file, compressed or not.
    pub data: Vec<u8>,
    /// The format, where it is not NIfTI or Analyze.
    pub format: Option<GridFormat>,
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

/// A name in lower case, without layers.
fn bare(name: &str) -> String {
    let lower = name.to_lowercase();
    LAYERS.iter().find_map(|layer| lower.strip_suffix(layer)).unwrap_or(&lower).to_owned()
}

/// The same up to its last dot, and from there.
fn split(name: &str) -> (String, String) {
    let bare = bare(name);
    match bare.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains(['/', '\\']) => (stem.to_owned(), ending.to_owned()),
        _ => (bare, String::new()),
    }
}

/// Halves that wait for their others, in any order.
#[derive(Debug, Default)]
pub struct Pairs {
    waiting: Vec<Half>,
}

#[derive(Debug)]
struct Half {
    name: String,
    part: PairPart,
    bytes: Vec<u8>,
    /// Of a header that names the file of its numbers: its format, and that name.
    names: Option<(GridFormat, String)>,
}

impl Half {
    /// Whether a header and a file of numbers belong together: by the name that the header says, else by folder and stem.
    fn heads(&self, data: &Self) -> bool {
        let (folder, _) = self.name.rsplit_once(['/', '\\']).unwrap_or_default();
        let own = match &self.names {
            Some((_, file)) if folder.is_empty() => return bare(file) == bare(&data.name),
            Some((_, file)) => format!("{folder}/{file}"),
            None => return split(&self.name).0 == split(&data.name).0 && !is_of_others(&data.name),
        };
        bare(&own) == bare(&data.name.replace('\\', "/"))
    }
}

/// Whether numbers are called as those of other formats than NIfTI and Analyze are.
fn is_of_others(name: &str) -> bool {
    ["raw", "zraw"].contains(&split(name).1.as_str())
}

impl Pairs {
    /// Takes a half; gives the pair that it completes. Halves match by folder and stem of their names.
    pub fn add(&mut self, name: &str, part: PairPart, bytes: Vec<u8>) -> Option<Pair> {
        self.take(Half { name: name.to_owned(), part, bytes, names: None })
    }

    /// Takes a header of another format than NIfTI, which says what the file of its numbers is called.
    pub fn add_header(&mut self, name: &str, format: GridFormat, file: &str, bytes: Vec<u8>) -> Option<Pair> {
        let file = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        let name = name.replace('\\', "/");
        self.take(Half { name, part: PairPart::Header, bytes, names: Some((format, file)) })
    }

    fn take(&mut self, half: Half) -> Option<Pair> {
        let fits = |other: &Half| match (half.part, other.part) {
            (PairPart::Header, PairPart::Data) => half.heads(other),
            (PairPart::Data, PairPart::Header) => other.heads(&half),
            _ => false,
        };
        let Some(at) = self.waiting.iter().position(fits) else {
            self.waiting.push(half);
            return None;
        };
        let other = self.waiting.swap_remove(at);
        let (header, data) = if half.part == PairPart::Header { (half, other) } else { (other, half) };
        let format = header.names.map(|(format, _)| format);
        Some(Pair { name: header.name, header: header.bytes, data: data.bytes, format })
    }

    /// Names of halves whose others have not come, each with what is missing. None waits any longer.
    pub fn unpaired(&mut self) -> Vec<(String, NiftiError)> {
        let lone = |half: Half| {
            let missing = match (half.part, half.names) {
                (_, Some((_, file))) => file,
                (PairPart::Header, None) => ".img".into(),
                (PairPart::Data, None) if is_of_others(&half.name) => ".mhd or .nhdr".into(),
                (PairPart::Data, None) => ".hdr".into(),
            };
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
    both(name, header, data, Wanted::All)
}

/// The volume of this index, from 0, in a pair of several.
///
/// # Errors
///
/// [`NiftiError`] says what is wrong with one of the files, or that there are not so many.
pub fn read_pair_volume(
    name: &str,
    header: &[u8],
    data: &[u8],
    index: usize,
) -> Result<(Series, Vec<SeriesWarning>), NiftiError> {
    let mut volumes = both(name, header, data, Wanted::One(index))?;
    volumes.pop().ok_or(NiftiError::NoVolume { number: index.saturating_add(1), count: 0 })
}

fn both(name: &str, header: &[u8], data: &[u8], wanted: Wanted) -> Result<Volumes, NiftiError> {
    let start = beginning(opened(header)?)?;
    let header = Header::parse(&start)?;
    // A whole volume that bears the name of a header.
    if header.form == Form::Single {
        return Err(NiftiError::Damaged("its header says that it is no pair; drop the .hdr file as .nii".into()));
    }
    volumes(name, &header, header.data_offset(0), opened(data)?, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Placement;
    use crate::layers::gzipped;

    const DATA: [u8; 8] = [1, 0, 2, 0, 3, 0, 255, 255];

    /// An Analyze header by hand: 2 × 1 × 2 voxels of 16 bit and 1 × 2 × 3 mm; with `magic` that of a NIfTI pair.
    fn header(magic: &[u8], big_endian: bool) -> Vec<u8> {
        let mut bytes = vec![0; 348];
        let mut put = |place: usize, little: &[u8]| {
            let mut value = little.to_vec();
            if big_endian {
                value.reverse();
            }
            bytes[place..place + value.len()].copy_from_slice(&value);
        };
        put(0, &348i32.to_le_bytes());
        for (at, v) in [4i16, 2, 1, 2, 1].iter().enumerate() {
            put(40 + 2 * at, &v.to_le_bytes());
        }
        put(70, &4i16.to_le_bytes());
        for (at, v) in [0f32, -1.0, 2.0, 3.0].iter().enumerate() {
            put(76 + 4 * at, &v.to_le_bytes());
        }
        if magic.is_empty() {
            // The orientation and the origin of SPM, where NIfTI has its forms.
            put(254, &7i16.to_le_bytes());
            put(256, &[0x7f; 4]);
        } else {
            put(254, &1i16.to_le_bytes());
            for (at, v) in [1f32, 0.0, 0.0, 5.0, 0.0, 2.0, 0.0, 6.0, 0.0, 0.0, 3.0, 7.0].iter().enumerate() {
                put(280 + 4 * at, &v.to_le_bytes());
            }
        }
        bytes[344..344 + magic.len()].copy_from_slice(magic);
        bytes
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
            let lone = vec![("c/b.img".to_owned(), NiftiError::Unpaired(".hdr".into()))];
            assert_eq!(pairs.unpaired(), lone);
            assert_eq!(pairs.unpaired(), []);
        }
        let mut pairs = Pairs::default();
        let header = |pairs: &mut Pairs, name: &str| pairs.add_header(name, GridFormat::MetaImage, "Vol.RAW", vec![1]);
        assert_eq!(header(&mut pairs, "a/b.mhd"), None);
        assert_eq!(pairs.add("a/b.img", PairPart::Data, vec![2]), None, "the header names another file");
        assert_eq!(pairs.add("c/vol.raw", PairPart::Data, vec![3]), None, "another folder");
        let pair = pairs.add("a/vol.raw.gz", PairPart::Data, vec![4]).unwrap();
        assert_eq!((pair.name.as_str(), pair.data, pair.format), ("a/b.mhd", vec![4], Some(GridFormat::MetaImage)));
        assert_eq!(pairs.add("a/vol.raw", PairPart::Data, vec![5]), None);
        assert_eq!(header(&mut pairs, "a/c.mhd").unwrap().data, [5]);
        let mut missing: Vec<String> = pairs.unpaired().into_iter().map(|(_, error)| error.to_string()).collect();
        missing.sort_unstable();
        assert_eq!(
            missing,
            ["its .hdr", "its .mhd or .nhdr"].map(|what| format!("{what} file is missing; drop both together"))
        );
        assert_eq!(pair_key("a.hdr/readme"), None);
        assert_eq!(pair_key("b.nii"), None);
    }

    #[test]
    fn a_pair_is_one_volume_compressed_or_not() {
        for big in [false, true] {
            let data: Vec<u8> =
                if big { DATA.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect() } else { DATA.to_vec() };
            let header = header(b"ni1\0", big);
            for (header, data) in [(header.clone(), data.clone()), (gzipped(&header), gzipped(&data))] {
                let volumes = read_pair("x/ras.hdr", &header, &data).unwrap();
                let [(series, warnings)] = &volumes[..] else { panic!("one volume") };
                assert_eq!((series.name.as_str(), &warnings[..]), ("ras.hdr", &[][..]));
                let values: Vec<f64> = (0..4).map(|at| series.volume.values.get(at)).collect();
                assert_eq!(values, [1.0, 2.0, 3.0, -1.0]);
                let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("no place") };
                assert_eq!(affine.0, [[-1.0, 0.0, 0.0, -5.0], [0.0, -2.0, 0.0, -6.0], [0.0, 0.0, 3.0, 7.0]]);
            }
        }
    }

    #[test]
    fn an_analyze_pair_has_spacing_but_no_sides() {
        for big in [false, true] {
            let data: Vec<u8> =
                if big { DATA.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect() } else { DATA.to_vec() };
            let (series, warnings) = read_pair("a.img", &header(b"", big), &data).unwrap().remove(0);
            assert_eq!(series.volume.geometry.placement, Placement::Spaced([1.0, 2.0, 3.0].into()));
            assert_eq!(warnings, [SeriesWarning::AnalyzeSides]);
        }
        // What SPM keeps in the place of a scale.
        let mut scaled = header(b"", false);
        scaled[112..116].copy_from_slice(&0.5f32.to_le_bytes());
        let (series, _) = read_pair("a.hdr", &scaled, &DATA).unwrap().remove(0);
        assert_eq!(series.volume.values.get(3), -0.5);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let good = header(b"ni1\0", false);
        (0..348).for_each(|length| assert!(read_pair("a.hdr", &good[..length], &DATA).is_err(), "{length}"));
        (0..8).for_each(|length| assert!(read_pair("a.hdr", &good, &DATA[..length]).is_err(), "{length}"));
        assert!(read_pair("a.hdr", &header(b"n+1\0", false), &DATA).is_err());
        assert!(read_pair("a.hdr", &DATA, &good).is_err());
    }
}
