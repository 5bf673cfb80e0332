//! An image of many slices side by side into those slices, where its maker says how many there are and where they lie.
//!
//! Sources: the tags of Siemens' mosaics and of the CSA header, and the place of a mosaic's first slice, are those that
//! NiBabel documents (`doc/source/dicom/dicom_mosaic.rst`, `siemens_csa.rst`); those of United Imaging's `VFRAME` images
//! were read off the files of the public data set `dcm_qa_uih`.

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use super::{DicomFile, Pixels, Plane, attributes};

/// Slices that an image may hold side by side.
const MOST_TILES: usize = 1024;
/// Smallest side of a slice, in pixels.
const SMALLEST_SIDE_PX: usize = 16;

/// Slices side by side on one image, row by row.
pub(super) struct Tiles {
    /// Slices beside each other.
    across: usize,
    /// Slices one below the other.
    down: usize,
    places: Places,
}

/// Where the slices lie.
enum Places {
    /// Middle of each slice's first pixel, in mm (LPS).
    Each(Vec<[f64; 3]>),
    /// So many slices along this unit vector.
    Along(usize, [f64; 3]),
}

/// Whether an image is one slice.
pub(super) enum Tiling {
    /// As far as the header says.
    Single,
    /// It is many, which can be told apart.
    Known(Tiles),
    /// It is many, and the header does not say where they are.
    Unknown,
    /// It is many by its type, which newer programs leave there after they have taken the slices apart.
    Named,
}

/// What the header says of slices side by side.
pub(super) fn tiling(file: &DicomFile, image_type: &str, frames: usize) -> Tiling {
    if frames > 1 {
        return Tiling::Single; // Frames are slices already, whatever the type says.
    }
    let named = image_type.split('\\').any(|part| matches!(part.trim(), "MOSAIC" | "VFRAME"));
    let (count, places) = match united_imaging(file) {
        Some(places) => (places.len(), Some(Places::Each(places))),
        None => match siemens(file) {
            Some((count, normal)) => (count, normal.map(|normal| Places::Along(count, normal))),
            None if named && !is_enhanced(file) => return Tiling::Named,
            None => return Tiling::Single,
        },
    };
    if count < 2 {
        return Tiling::Single;
    }
    let across = (1..=MOST_TILES).find(|across| across * across >= count);
    match (across, places) {
        (Some(across), Some(places)) => {
            // Siemens' mosaics are as many high as wide, whatever is left empty.
            let down = if matches!(places, Places::Each(_)) { count.div_ceil(across) } else { across };
            Tiling::Known(Tiles { across, down, places })
        }
        _ => Tiling::Unknown,
    }
}

fn is_enhanced(file: &DicomFile) -> bool {
    attributes::text(file, tags::SOP_CLASS_UID) != uids::MR_IMAGE_STORAGE
}

impl Tiles {
    /// Columns and rows of a slice of an image of this size, if it can be so divided.
    pub(super) fn size(&self, [columns, rows]: [usize; 2]) -> Option<[usize; 2]> {
        let size = [columns / self.across, rows / self.down];
        let whole = columns.is_multiple_of(self.across) && rows.is_multiple_of(self.down);
        (whole && size.into_iter().all(|side| side >= SMALLEST_SIDE_PX)).then_some(size)
    }

    /// The slices of an image with `columns`; none if it does not say where it lies.
    pub(super) fn split(self, image: &Plane, columns: usize, [width, height]: [usize; 2]) -> Option<Vec<Plane>> {
        let ([row, column], [x_mm, y_mm]) = (image.orientation?, image.spacing_mm?);
        let places = match self.places {
            Places::Each(places) => places,
            Places::Along(count, normal) => {
                // The header has the place that one slice as large as the mosaic would have, with the same middle.
                let corner = image.position?;
                let (right_mm, down_mm) = (
                    (self.across - 1) as f64 * width as f64 / 2.0 * x_mm,
                    (self.down - 1) as f64 * height as f64 / 2.0 * y_mm,
                );
                let step_mm = image.step_mm?;
                let place = |slice: usize| {
                    std::array::from_fn(|axis| {
                        corner[axis]
                            + row[axis] * right_mm
                            + column[axis] * down_mm
                            + normal[axis] * step_mm * slice as f64
                    })
                };
                (0..count).map(place).collect()
            }
        };
        let slice = |(at, place): (usize, [f64; 3])| Plane {
            frame: 1, // The image has one frame.
            kind: image.kind.clone(),
            order: image.order.clone(),
            position: Some(place),
            pixels: tile(&image.pixels, columns, [at % self.across, at / self.across], [width, height]),
            ..*image
        };
        Some(places.into_iter().enumerate().map(slice).collect())
    }
}

fn tile(pixels: &Pixels, columns: usize, place: [usize; 2], size: [usize; 2]) -> Pixels {
    match pixels {
        Pixels::Unsigned(numbers) => Pixels::Unsigned(cut(numbers, columns, place, size)),
        Pixels::Signed(numbers) => Pixels::Signed(cut(numbers, columns, place, size)),
        Pixels::Wide(numbers) => Pixels::Wide(cut(numbers, columns, place, size)),
    }
}

fn cut<T: Copy>(numbers: &[T], columns: usize, [x, y]: [usize; 2], [width, height]: [usize; 2]) -> Vec<T> {
    let row = |row: usize| &numbers[(y * height + row) * columns + x * width..][..width];
    (0..height).flat_map(row).copied().collect()
}

/// A private element: its group, who reserved its block, and its place in the block.
fn private<'a>(
    object: &'a InMemDicomObject,
    group: u16,
    creator: &str,
    element: u16,
) -> Option<&'a dicom_object::mem::InMemElement> {
    let block = (0x10..=0xff).find(|&block| attributes::text(object, Tag(group, block)) == creator)?;
    object.get(Tag(group, block << 8 | element))
}

/// Places of the slices on an image of United Imaging's.
fn united_imaging(file: &DicomFile) -> Option<Vec<[f64; 3]>> {
    let items = private(file, 0x0065, "Image Private Header", 0x51)?.items()?;
    let place =
        |item: &InMemDicomObject| <[f64; 3]>::try_from(attributes::numbers(item, tags::IMAGE_POSITION_PATIENT)?).ok();
    items.iter().take(MOST_TILES).map(place).collect()
}

/// Number of slices on a mosaic of Siemens', and the direction in which they follow each other if it says so.
fn siemens(file: &DicomFile) -> Option<(usize, Option<[f64; 3]>)> {
    let header = private(file, 0x0029, "SIEMENS CSA HEADER", 0x10).and_then(|element| element.to_bytes().ok());
    let values = |name| csa(header.as_deref()?, name);
    let count = private(file, 0x0019, "SIEMENS MR HEADER", 0x0a).and_then(|element| match element.to_int::<i64>() {
        Ok(count) => Some(count as f64),
        // Of unknown type where the file leaves types out.
        Err(_) => element.to_bytes().ok()?.get(..2).map(|two| f64::from(u16::from_le_bytes([two[0], two[1]]))),
    });
    let count = count.or_else(|| values("NumberOfImagesInMosaic")?.first().copied())?;
    let count = if (0.0..=MOST_TILES as f64).contains(&count) { count as usize } else { return None };
    let normal = values("SliceNormalVector").and_then(|values| <[f64; 3]>::try_from(values).ok());
    let length = |v: &[f64; 3]| v.iter().map(|v| v * v).sum::<f64>();
    Some((count, normal.filter(|normal| (length(normal) - 1.0).abs() < 0.01)))
}

/// The numbers of one entry of a CSA header, of either version.
fn csa(header: &[u8], wanted: &str) -> Option<Vec<f64>> {
    let number = |at: usize| Some(u32::from_le_bytes(header.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize);
    let second = header.starts_with(b"SV10");
    let start = if second { 8 } else { 0 };
    let entries = number(start)?.min(1024);
    let mut at = start + 8;
    let mut first_count = 0;
    for entry in 0..entries {
        /// Bytes of an entry's head: name, number of values, type, its code, number of items, a mark.
        const HEAD: usize = 84;
        let name = header.get(at..at + 64)?;
        let name = &name[..name.iter().position(|&byte| byte == 0).unwrap_or(name.len())];
        let (values, items) = (number(at + 64)?, number(at + 76)?.min(4096));
        first_count = if entry == 0 { items } else { first_count };
        at += HEAD;
        let mut found = Vec::new();
        for _ in 0..items {
            // The first version counts from the number of the first entry's items.
            let length = if second { number(at + 4)? } else { number(at)?.checked_sub(first_count)? };
            let value = header.get(at + 16..(at + 16).checked_add(length)?)?;
            let text = String::from_utf8_lossy(value);
            found.extend(text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).parse::<f64>().ok());
            at = (at + 16 + length).next_multiple_of(4).max(at + 16);
        }
        if name == wanted.as_bytes() {
            found.truncate(if values > 0 { values } else { found.len() });
            return Some(found);
        }
    }
    None
}

/// Whether an image without a header that says so shows many heads in rows and columns: dark lines between all of them,
/// in both directions, and signal in most of the parts.
pub(super) fn is_grid(pixels: &Pixels, [columns, rows]: [usize; 2], inverted: bool) -> bool {
    /// Slices beside each other that are looked for.
    const MOST_ACROSS: usize = 16;
    /// Signal of a dark line, as a share of the image's mean.
    const DARK: f64 = 0.1;
    /// Signal of a part that shows something, as a share of the image's mean.
    const LIT: f64 = 0.3;
    let mut levels: Vec<f32> = match pixels {
        Pixels::Unsigned(numbers) | Pixels::Signed(numbers) => numbers.iter().map(|&v| v.into()).collect(),
        Pixels::Wide(numbers) => numbers.clone(),
    };
    if inverted {
        levels.iter_mut().for_each(|v| *v = -*v);
    }
    let mut ordered = levels.clone();
    let tenth = ordered.len() / 10;
    let floor = *ordered.select_nth_unstable_by(tenth, f32::total_cmp).1;
    // Sums over all pixels above and to the left, so that any part's mean is four look-ups.
    let mut sums = vec![0.0f64; (columns + 1) * (rows + 1)];
    for y in 0..rows {
        let mut row = 0.0;
        for x in 0..columns {
            row += f64::from((levels[y * columns + x] - floor).max(0.0));
            sums[(y + 1) * (columns + 1) + x + 1] = sums[y * (columns + 1) + x + 1] + row;
        }
    }
    let mean = |x: usize, y: usize, width: usize, height: usize| {
        let at = |x: usize, y: usize| sums[y * (columns + 1) + x];
        (at(x + width, y + height) - at(x, y + height) - at(x + width, y) + at(x, y)) / (width * height) as f64
    };
    let whole = mean(0, 0, columns, rows);
    let divisions =
        |side: usize| (2..=MOST_ACROSS).filter(move |n| side.is_multiple_of(*n) && side / n >= SMALLEST_SIDE_PX);
    let dark_across = |n: &usize| (1..*n).all(|line| mean(line * columns / n - 1, 0, 2, rows) <= DARK * whole);
    let dark_down = |n: &usize| (1..*n).all(|line| mean(0, line * rows / n - 1, columns, 2) <= DARK * whole);
    let down: Vec<usize> = divisions(rows).filter(dark_down).collect();
    whole > 0.0
        && divisions(columns).filter(dark_across).any(|across| {
            down.iter().any(|&down| {
                let (width, height) = (columns / across, rows / down);
                let lit = |x: usize, y: usize| mean(x * width, y * height, width, height) >= LIT * whole;
                let parts = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
                let lit = parts.filter(|&(x, y)| lit(x, y)).count();
                lit >= 3 && 2 * lit >= across * down
            })
        })
}

/// Whether an image that its type calls a mosaic still is one: as many parts across as down, and neighbours that look alike
/// as neighbouring slices do. Parts of one head do not.
pub(super) fn repeats(pixels: &Pixels, [columns, rows]: [usize; 2]) -> bool {
    /// Parts beside each other that are looked for.
    const MOST_ACROSS: usize = 16;
    /// Correlation of neighbouring slices, on average.
    const ALIKE: f64 = 0.5;
    let level = |x: usize, y: usize| match pixels {
        Pixels::Unsigned(numbers) | Pixels::Signed(numbers) => f64::from(numbers[y * columns + x]),
        Pixels::Wide(numbers) => f64::from(numbers[y * columns + x]),
    };
    let alike = |across: usize| {
        let (width, height) = (columns / across, rows / across);
        let part = |at: usize| {
            let (left, top) = (at % across * width, at / across * height);
            (0..height).flat_map(move |y| (0..width).map(move |x| level(left + x, top + y)))
        };
        // Parts behind the last slice are empty, and are alike without meaning anything.
        let pairs = (1..across * across).filter_map(|at| correlation(part(at - 1), part(at)));
        let (sum, count) = pairs.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
        count > 0 && sum >= ALIKE * f64::from(count)
    };
    (2..=MOST_ACROSS)
        .filter(|n| columns.is_multiple_of(*n) && rows.is_multiple_of(*n) && columns.min(rows) / n >= SMALLEST_SIDE_PX)
        .any(alike)
}

/// How alike two rows of numbers are, from −1 to 1; nothing where one is all the same.
fn correlation(a: impl Iterator<Item = f64> + Clone, b: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let mean = |of: &dyn Fn(f64, f64) -> f64| {
        let (sum, count) = a.clone().zip(b.clone()).fold((0.0, 0.0), |(sum, n), (a, b)| (sum + of(a, b), n + 1.0));
        sum / count
    };
    let (mean_a, mean_b) = (mean(&|a, _| a), mean(&|_, b| b));
    let spread = mean(&|a, _| (a - mean_a).powi(2)) * mean(&|_, b| (b - mean_b).powi(2));
    (spread > 0.0).then(|| mean(&|a, b| (a - mean_a) * (b - mean_b)) / spread.sqrt())
}
