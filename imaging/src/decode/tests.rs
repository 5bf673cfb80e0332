//! Pictures of every format that is read, and some that are not.

use image::{GrayImage, ImageBuffer, Luma, LumaA, Rgb, RgbImage};

use super::*;

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn ramp() -> RgbImage {
    RgbImage::from_fn(24, 16, |x, y| Rgb([(x * 10) as u8, (y * 15) as u8, 7]))
}

#[test]
fn printing_colours_are_refused() {
    let error = decode(include_bytes!("../../../e2e/fixtures/cmyk.jpg")).unwrap_err();
    assert!(error.to_string().contains("CMYK"), "{error}");
}

#[test]
fn colours_are_the_three_sequences() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        let slice = decode(&encoded(ramp(), format)).unwrap();
        assert_eq!((slice.width(), slice.height(), slice.is_single_sequence()), (24, 16, false));
        let at = 5 * 24 + 20;
        assert_eq!(slice.sequence(0)[at], 200.0 / 255.0, "{format:?}");
        assert_eq!(slice.sequence(1)[at], 75.0 / 255.0);
        assert_eq!(slice.sequence(2)[at], 7.0 / 255.0);
    }
}

#[test]
fn grey_fills_all_three_sequences_at_8_and_16_bit() {
    let grey8 = GrayImage::from_fn(20, 16, |x, _| Luma([x as u8]));
    let grey16 = ImageBuffer::from_fn(20, 16, |x, _| Luma([x as u16 * 257]));
    let alpha = ImageBuffer::from_fn(20, 16, |x, _| LumaA([x as u8, 9]));
    let equal = RgbImage::from_fn(20, 16, |x, _| Rgb([x as u8; 3]));
    let images = [DynamicImage::from(grey8), DynamicImage::from(grey16), alpha.into(), equal.into()];
    for image in images {
        let slice = decode(&encoded(image, ImageFormat::Png)).unwrap();
        assert!(slice.is_single_sequence());
        for sequence in 0..3 {
            assert_eq!(slice.sequence(sequence)[20 + 13], 13.0 / 255.0);
        }
    }
}

#[test]
fn jpeg_comes_close() {
    let slice = decode(&encoded(ramp(), ImageFormat::Jpeg)).unwrap();
    assert!((slice.sequence(1)[5 * 24 + 20] - 75.0 / 255.0).abs() < 0.1);
}

#[test]
fn a_photograph_stands_as_it_was_taken() {
    let mut jpeg = encoded(ramp(), ImageFormat::Jpeg);
    // An Exif segment (APP1) behind the start of the image: big-endian TIFF with one entry, tag 0x0112, a short of value 6,
    // turn by 90 degrees to the right.
    let exif = *b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    jpeg.splice(2..2, [0xFF, 0xE1].into_iter().chain(length).chain(exif));
    let slice = decode(&jpeg).unwrap();
    assert_eq!((slice.width(), slice.height()), (16, 24));
    // What lies in column 20 and row 5 of the file is in row 20 and, from the right, in column 5.
    assert!((slice.sequence(0)[20 * 16 + 10] - 200.0 / 255.0).abs() < 0.1);
    assert!((slice.sequence(1)[20 * 16 + 10] - 75.0 / 255.0).abs() < 0.1);
}

#[test]
fn what_is_larger_than_a_slice_is_halved() {
    let image = GrayImage::from_fn(5000, 40, |x, _| Luma([(x / 20) as u8]));
    let bytes = encoded(image, ImageFormat::Png);
    let slice = decode(&bytes).unwrap();
    assert_eq!((slice.width(), slice.height(), is_halved(&bytes)), (2500, 20, true));
    assert!((slice.sequence(0)[2500 * 9 + 1500] - 150.0 / 255.0).abs() < 1e-2);
    assert!(!is_halved(&encoded(GrayImage::new(4096, 16), ImageFormat::Png)));
    let deep = encoded(ImageBuffer::<image::Rgba<u16>, _>::new(8000, 6000), ImageFormat::Png);
    assert_eq!(decode(&deep), Err(DecodeError::TooLarge { width: 8000, height: 6000 }));
}

#[test]
fn a_label_is_binary_whatever_its_scale() {
    for top in [1, 255] {
        let image = GrayImage::from_fn(20, 16, |x, y| Luma([if x < 3 && y < 4 { top } else { 0 }]));
        assert_eq!(decode_label(&encoded(image, ImageFormat::Png)).unwrap().area_px(), 12);
    }
    assert_eq!(decode_label(&encoded(GrayImage::new(20, 16), ImageFormat::Png)).unwrap().area_px(), 0);
}

#[test]
fn every_truncation_is_an_error_and_never_a_panic() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        let bytes = encoded(ramp(), format);
        assert_eq!(decode(&bytes[..0]), Err(DecodeError::Empty));
        for length in 1..bytes.len() * 3 / 4 {
            assert!(decode(&bytes[..length]).is_err(), "{format:?} at {length}");
        }
    }
    let jpeg = encoded(ramp(), ImageFormat::Jpeg);
    (1..jpeg.len()).for_each(|length| assert!(decode(&jpeg[..length]).is_err(), "{length}"));
}

#[test]
fn half_a_colour_in_a_palette_is_no_panic() {
    // Found by the fuzzer: a palette of 49 bytes.
    let mut bytes = include_bytes!("../../../e2e/fixtures/palette_64x96.png").to_vec();
    let palette = bytes.windows(4).position(|kind| kind == b"PLTE").unwrap();
    let length = u32::from_be_bytes(bytes[palette - 4..palette].try_into().unwrap()) as usize;
    bytes[palette - 4..palette].copy_from_slice(&(length as u32 + 1).to_be_bytes());
    bytes.insert(palette + 4 + length, 7);
    let crc = crc32(&bytes[palette..palette + 5 + length]);
    bytes[palette + 5 + length..palette + 9 + length].copy_from_slice(&crc.to_be_bytes());
    assert!(matches!(decode(&bytes), Err(DecodeError::Damaged(_))));
}

#[test]
fn text_is_refused_under_any_name() {
    assert_eq!(decode(b"patient,age\n1,40\n"), Err(DecodeError::UnknownFormat));
    assert!(decode(b"GIF89a\x01\x00\x01\x00").unwrap_err().to_string().contains("a GIF image"));
}

#[test]
fn a_telephones_own_format_is_refused_with_what_to_do() {
    let error = decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap_err();
    assert!(error.to_string().contains("PNG or JPEG"), "{error}");
}

#[test]
fn an_animation_is_refused() {
    let mut bytes = encoded(ramp(), ImageFormat::Png);
    // Behind the signature and the first chunk, as APNG has it.
    bytes.splice(33..33, *b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\0\0\0\0");
    assert!(decode(&bytes).unwrap_err().to_string().contains("animation"));
}

#[test]
fn one_pixel_is_refused_with_its_size() {
    let bytes = encoded(RgbImage::new(1, 1), ImageFormat::Png);
    assert_eq!(decode(&bytes), Err(DecodeError::TooSmall { width: 1, height: 1 }));
}

#[test]
fn a_header_that_claims_too_much_is_refused_before_memory_is_taken() {
    let mut bytes = encoded(RgbImage::new(20, 20), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(decode(&bytes), Err(DecodeError::TooLarge { width: 60_000, height: 60_000 }));
}

/// The checksum of a PNG chunk (PNG specification, annex D), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}
