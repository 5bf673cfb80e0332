//! Bytes of a PNG, JPEG, WebP or TIFF file into a slice or a label.

mod foreign;
mod jpeg;
mod outliers;
mod pages;
mod planes;
mod png;
mod tiff;

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use thiserror::Error;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_jpeg::JpegDecoder;

pub use foreign::name_of as name_of_foreign_picture;
pub use outliers::range_without_outliers;
pub use pages::{Channel, LeftOutPages, Pages};
pub use planes::Numbers;
pub use tiff::{decode_pages, pages_in};

use tiff::{Tiff, is_tiff};

use crate::mask::Mask;
use crate::slice::Slice;

/// Endings of names that mark a label, as data sets have them.
pub const LABEL_ENDINGS: [&str; 5] = ["_mask", "_label", "_seg", "_gt", "-mask"];

/// Longest side of an image that is read, in pixels: telephones take photographs of 8064 × 6048.
const LONGEST_SIDE: u32 = 8192;
/// Longest side of a slice, in pixels: more than any scanner's or a screenshot of one. Larger images are halved.
const LONGEST_SLICE: u32 = 4096;
/// Shortest side of an image that is read, in pixels: below, there is nothing to see.
const SHORTEST_SIDE: u32 = 16;
/// Bytes that an image may take: four 8-bit channels at the longest sides, four 16-bit ones at those of a slice.
const MEMORY: u64 = 4 * (LONGEST_SIDE as u64) * (LONGEST_SIDE as u64);

/// Why a file is no slice.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The first bytes belong to no format that is read.
    #[error("the file is no PNG, JPEG, WebP or TIFF image, whatever its name says; save it as one")]
    UnknownFormat,
    /// The image is of a kind that cannot be a slice.
    #[error("{0}")]
    Unsupported(String),
    /// The header claims more pixels than can be read.
    #[error(
        "the image claims to be {width} × {height} pixels; at most {LONGEST_SIDE} on a side are read, {LONGEST_SLICE} at 16 bit; save it smaller"
    )]
    TooLarge {
        /// Claimed pixels along a row.
        width: u32,
        /// Claimed pixels along a column.
        height: u32,
    },
    /// The image has too few pixels to show anything.
    #[error(
        "the image is only {width} × {height} pixels; at least {SHORTEST_SIDE} on a side are needed, so drop the original"
    )]
    TooSmall {
        /// Pixels along a row.
        width: u32,
        /// Pixels along a column.
        height: u32,
    },
    /// The file lists more pages than are read.
    #[error("the file has more than {pages} pages, more than any stack of slices; save the slices that are meant")]
    TooManyPages {
        /// How many are read at most.
        pages: usize,
    },
    /// The pages together have too many pixels.
    #[error("the pages of the file take {mebibytes} MiB together, more than can be read; save fewer of them in a file")]
    PagesTooLarge {
        /// What they take.
        mebibytes: u64,
    },
    /// The file ends early or contradicts itself.
    #[error("the file is damaged or cut short; download or copy it again ({0})")]
    Damaged(String),
}

/// The slice in `bytes`, whatever the file is called.
///
/// Grey images give one sequence. Of coloured ones red, green and blue are pre-contrast, FLAIR and post-contrast, the
/// data set's own layout; an image whose three channels are equal everywhere is one sequence. Alpha is dropped. A photograph
/// is turned as its Exif data say; an image of more than 4096 pixels on a side is halved, see [`is_halved`].
///
/// Of a TIFF with several pages this is the one that is meant, no thumbnail; [`pages_in`] says whether there are more.
/// Numbers without a full scale of their own (floats, signed and wide integers) are scaled to the range that is there.
///
/// # Errors
///
/// [`DecodeError`] says what is wrong with the file.
pub fn decode(bytes: &[u8]) -> Result<Slice, DecodeError> {
    readable(bytes)?;
    if is_tiff(bytes) {
        return Ok(Tiff::open(bytes)?.picture()?.into_slice());
    }
    let image = read(bytes)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let grey = !image.color().has_color();
    // Sixteen bits hold every integer format without loss.
    let rgb = image.into_rgb16();
    let channel = |index: usize| rgb.pixels().map(|p| f32::from(p.0[index]) / f32::from(u16::MAX)).collect::<Vec<_>>();
    let grey = grey || rgb.pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]);
    let sequences = if grey { vec![channel(0)] } else { (0..3).map(channel).collect() };
    Ok(Slice::new(width, height, sequences))
}

/// Whether the slice in `bytes` has half as many columns and rows as the image.
pub fn is_halved(bytes: &[u8]) -> bool {
    let longest = if is_tiff(bytes) {
        Tiff::open(bytes).map(|file| file.size()).map_or(0, |size| size.width.max(size.height))
    } else {
        imagesize::blob_size(bytes).map_or(0, |size| size.width.max(size.height))
    };
    longest > LONGEST_SLICE as usize
}

/// The label in `bytes`: every pixel brighter than half of the image's brightest is tumour.
///
/// A label that is black all over marks nothing.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_label(bytes: &[u8]) -> Result<Mask, DecodeError> {
    readable(bytes)?;
    if is_tiff(bytes) {
        let slice = Tiff::open(bytes)?.picture()?.into_slice();
        let (width, height) = (slice.width(), slice.height());
        // The weights by which `image` sees colours as grey (ITU-R BT.709).
        let grey = |at: usize| {
            let [red, green, blue] = [0, 1, 2].map(|index| slice.sequence(index)[at]);
            if slice.is_single_sequence() { red } else { 0.2126 * red + 0.7152 * green + 0.0722 * blue }
        };
        let brightest = (0..width * height).map(grey).fold(0.0, f32::max);
        return Ok(Mask::new(width, height, (0..width * height).map(|at| grey(at) > brightest / 2.0).collect()));
    }
    let image = read(bytes)?.into_luma16();
    let brightest = image.pixels().map(|p| p.0[0]).max().unwrap_or(0);
    let pixels = image.pixels().map(|p| p.0[0] > brightest / 2).collect();
    Ok(Mask::new(image.width() as usize, image.height() as usize, pixels))
}

/// Refuses what is no picture that is read, by its first bytes.
fn readable(bytes: &[u8]) -> Result<(), DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if let Some(name) = foreign::name_of(bytes) {
        return Err(DecodeError::Unsupported(format!("the file is {name}, which is not read; save it as PNG or JPEG")));
    }
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
    let read = is_tiff(bytes) || image::guess_format(bytes).is_ok_and(|format| known.contains(&format));
    if read { Ok(()) } else { Err(DecodeError::UnknownFormat) }
}

/// Columns or rows of a picture that is halved.
fn halved(side: u32) -> u32 {
    side.div_ceil(2).max(SHORTEST_SIDE)
}

/// The image of a PNG, JPEG or WebP file.
fn read(bytes: &[u8]) -> Result<DynamicImage, DecodeError> {
    let format = image::guess_format(bytes).map_err(|_| DecodeError::UnknownFormat)?;
    if let Ok(claimed) = imagesize::blob_size(bytes) {
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        check_sides(side(claimed.width), side(claimed.height))?;
    }
    if format == ImageFormat::Png && !png::has_whole_palette(bytes) {
        return Err(DecodeError::Damaged("its palette does not hold whole colours".into()));
    }
    let animated = match format {
        ImageFormat::Png => png::is_animated(bytes),
        ImageFormat::WebP => WebPDecoder::new(Cursor::new(bytes)).map_err(refused)?.has_animation(),
        _ => false,
    };
    if animated {
        return Err(DecodeError::Unsupported(
            "the image is an animation; save the frame that is meant as a still image".into(),
        ));
    }

    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    check_sides(width, height)?;
    if decoder.total_bytes() > MEMORY {
        return Err(DecodeError::TooLarge { width, height });
    }
    if format == ImageFormat::Jpeg && !jpeg::is_whole(bytes) {
        return Err(DecodeError::Damaged("it ends within its pixels".into()));
    }
    if format == ImageFormat::Jpeg && is_in_printing_colours(bytes) {
        return Err(DecodeError::Unsupported(
            "the image is in CMYK printing colours, which hold no MR intensities; export it as grey or RGB".into(),
        ));
    }
    decoder.set_limits(Limits::no_limits()).map_err(refused)?;
    // Who cannot be asked which side is up shows the image as it lies in the file.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if width.max(height) > LONGEST_SLICE {
        image = image.thumbnail_exact(halved(width), halved(height));
    }
    image.apply_orientation(orientation);
    Ok(image)
}

/// Whether a JPEG holds cyan, magenta, yellow and black; `image` converts those silently.
fn is_in_printing_colours(jpeg: &[u8]) -> bool {
    let mut decoder = JpegDecoder::new(ZCursor::new(jpeg));
    decoder.decode_headers().is_ok() && matches!(decoder.input_colorspace(), Some(ColorSpace::CMYK | ColorSpace::YCCK))
}

fn check_sides(width: u32, height: u32) -> Result<(), DecodeError> {
    if width > LONGEST_SIDE || height > LONGEST_SIDE {
        Err(DecodeError::TooLarge { width, height })
    } else if width < SHORTEST_SIDE || height < SHORTEST_SIDE {
        Err(DecodeError::TooSmall { width, height })
    } else {
        Ok(())
    }
}

fn refused(error: ImageError) -> DecodeError {
    match error {
        ImageError::Unsupported(error) => DecodeError::Unsupported(format!(
            "the image is stored in a way that is not read; save it as an ordinary PNG or JPEG ({error})"
        )),
        error => DecodeError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
