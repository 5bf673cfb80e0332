//! Bytes of a TIFF file into its directories: for every page a list of tags with their numbers or text.
//!
//! Classic TIFF and BigTIFF, in either byte order. Source: TIFF revision 6.0 (Adobe, 1992), section 2; BigTIFF as its
//! authors describe it (AWare Systems, 2004).

use std::collections::HashSet;

use super::damaged;
use crate::decode::DecodeError;

/// Directories that are read of one file: more pages than any stack has slices.
pub const MOST_DIRECTORIES: usize = 8192;
/// Tags that are looked at of one page: several times as many as programs write.
const MOST_TAGS: usize = 512;

/// Tags that are read.
pub mod tag {
    pub const SUBFILE_TYPE: u16 = 254;
    pub const OLD_SUBFILE_TYPE: u16 = 255;
    pub const WIDTH: u16 = 256;
    pub const HEIGHT: u16 = 257;
    pub const BITS: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const DESCRIPTION: u16 = 270;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_LENGTHS: u16 = 279;
    pub const X_RESOLUTION: u16 = 282;
    pub const Y_RESOLUTION: u16 = 283;
    pub const PLANAR: u16 = 284;
    pub const T4_OPTIONS: u16 = 292;
    pub const RESOLUTION_UNIT: u16 = 296;
    pub const PREDICTOR: u16 = 317;
    pub const COLOUR_MAP: u16 = 320;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_HEIGHT: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_LENGTHS: u16 = 325;
    pub const SUB_DIRECTORIES: u16 = 330;
    pub const EXTRA_SAMPLES: u16 = 338;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const JPEG_TABLES: u16 = 347;
    /// Slices of one page (SGI).
    pub const IMAGE_DEPTH: u16 = 32997;
    pub const DNG_VERSION: u16 = 50706;
}

/// The numbers of a file, in its byte order.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub bytes: &'a [u8],
    pub big_endian: bool,
}

impl<'a> Fields<'a> {
    /// The unsigned number of `width` bytes at a place.
    fn number(self, at: usize, width: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(width)?)?;
        let push = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        Some(if self.big_endian { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) })
    }

    /// What lies at an offset that the file names.
    pub fn range(self, offset: u64, length: u64) -> Option<&'a [u8]> {
        let start = usize::try_from(offset).ok()?;
        let end = usize::try_from(offset.checked_add(length)?).ok()?;
        self.bytes.get(start..end)
    }
}

/// One tag: the type of its values, how many, and where they lie.
struct Entry {
    kind: u16,
    count: u64,
    at: u64,
}

/// The tags of one page. They are looked up where they lie, so a file that claims many takes no memory.
pub struct Directory<'a> {
    pub fields: Fields<'a>,
    widths: Widths,
    first: usize,
    count: usize,
}

/// Bytes of the parts of a directory.
#[derive(Clone, Copy)]
struct Widths {
    count: usize,
    entry: usize,
    offset: usize,
}

const CLASSIC: Widths = Widths { count: 2, entry: 12, offset: 4 };
const BIG: Widths = Widths { count: 8, entry: 20, offset: 8 };

impl<'a> Directory<'a> {
    /// The values of a tag as unsigned numbers; negative ones and fractions are none.
    pub fn numbers(&self, tag: u16) -> Option<Vec<u64>> {
        let (entry, width) = self.entry(tag)?;
        let values =
            (0..entry.count).map(|index| self.fields.number(entry.at as usize + index as usize * width, width));
        matches!(entry.kind, 1 | 3 | 4 | 6..=9 | 13 | 16..=18).then(|| values.collect())?
    }

    /// The first value of a tag.
    pub fn number(&self, tag: u16) -> Option<u64> {
        let (entry, width) = self.entry(tag)?;
        (entry.count > 0 && width <= 8 && !matches!(entry.kind, 5 | 10..=12))
            .then(|| self.fields.number(entry.at as usize, width))?
    }

    /// The first value of a tag as a fraction or decimal number.
    pub fn decimal(&self, tag: u16) -> Option<f64> {
        let (entry, _) = self.entry(tag)?;
        let at = entry.at as usize;
        match entry.kind {
            5 | 10 => Some(self.fields.number(at, 4)? as f64 / self.fields.number(at + 4, 4)? as f64),
            11 => Some(f32::from_bits(self.fields.number(at, 4)? as u32).into()),
            12 => Some(f64::from_bits(self.fields.number(at, 8)?)),
            _ => self.number(tag).map(|number| number as f64),
        }
    }

    /// The bytes of a tag.
    pub fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let (entry, width) = self.entry(tag)?;
        self.fields.range(entry.at, entry.count * width as u64)
    }

    /// The text of a tag up to its end, as far as it is UTF-8.
    pub fn text(&self, tag: u16) -> Option<String> {
        let bytes = self.bytes(tag)?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        Some(String::from_utf8_lossy(&bytes[..end]).into_owned())
    }

    /// Whether there is such a tag.
    pub fn has(&self, tag: u16) -> bool {
        self.place(tag).is_some()
    }

    fn place(&self, tag: u16) -> Option<usize> {
        let places = (0..self.count).map(|index| self.first + index * self.widths.entry);
        places.into_iter().find(|&at| self.fields.number(at, 2) == Some(tag.into()))
    }

    /// A tag whose values all lie in the file, and the bytes of each.
    fn entry(&self, tag: u16) -> Option<(Entry, usize)> {
        let (at, offset_width) = (self.place(tag)?, self.widths.offset);
        let (kind, count) = (self.fields.number(at + 2, 2)? as u16, self.fields.number(at + 4, offset_width)?);
        let width = width_of(kind)?;
        let length = count.checked_mul(width as u64)?;
        let value = at + 4 + offset_width;
        let inline = length <= offset_width as u64;
        let at = if inline { value as u64 } else { self.fields.number(value, offset_width)? };
        self.fields.range(at, length)?;
        Some((Entry { kind, count, at }, width))
    }
}

/// Bytes of a value of a type (TIFF 6.0, section 2; BigTIFF adds the last three).
fn width_of(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

/// Whether a file is a TIFF, by its first bytes.
pub fn is_tiff(bytes: &[u8]) -> bool {
    matches!(bytes.get(..4), Some(b"II\x2a\0" | b"MM\0\x2a" | b"II\x2b\0" | b"MM\0\x2b"))
}

/// The directories of a file, in its order.
///
/// # Errors
///
/// If the first cannot be read, a later one lies beyond the end of the file, or there are too many.
pub fn directories(bytes: &[u8]) -> Result<Vec<Directory<'_>>, DecodeError> {
    let fields = Fields { bytes, big_endian: bytes.starts_with(b"MM") };
    let widths = if fields.number(2, 2) == Some(43) { BIG } else { CLASSIC };
    // BigTIFF says between, in four bytes, how long its offsets are.
    let mut next = fields.number(widths.offset, widths.offset).ok_or_else(|| damaged("it ends within its header"))?;
    let mut seen = HashSet::new();
    let mut directories = Vec::new();
    while next != 0 && seen.insert(next) {
        if directories.len() == MOST_DIRECTORIES {
            return Err(DecodeError::TooManyPages { pages: MOST_DIRECTORIES });
        }
        if next >= bytes.len() as u64 {
            return Err(damaged("a page that it lists lies behind its end"));
        }
        match directory(fields, next, widths) {
            Some((directory, behind)) => {
                directories.push(directory);
                next = behind;
            }
            // Some old programs leave rubbish where the offset of a second page would be.
            None if directories.len() == 1 => break,
            None => return Err(damaged("the list of its pages breaks off")),
        }
    }
    Ok(directories)
}

/// The directory at an offset, and the offset of the next.
fn directory(fields: Fields<'_>, offset: u64, widths: Widths) -> Option<(Directory<'_>, u64)> {
    let start = usize::try_from(offset).ok()?;
    let count = usize::try_from(fields.number(start, widths.count)?).ok()?;
    let first = start + widths.count;
    let end = first.checked_add(count.checked_mul(widths.entry)?)?;
    fields.bytes.get(first..end)?;
    // A file that ends here has no next page.
    let next = fields.number(end, widths.offset).unwrap_or(0);
    Some((Directory { fields, widths, first, count: count.min(MOST_TAGS) }, next))
}
