//! Made images in every codec, against the formula that they were made by and the values that other decoders find.
//!
//! `make_codecs.py` wrote the files and had others read them: gdcm, dcmtk, libjpeg, CharLS and OpenJPEG.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use study::{DicomError, Instance, Pixels, Reading, read_dicom};

const COLUMNS: i64 = 24;
const ROWS: i64 = 20;
/// Ends a stream of JPEG, JPEG-LS and JPEG 2000.
const END: [u8; 2] = [0xff, 0xd9];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/codecs")
}

fn list() -> Map<String, Value> {
    serde_json::from_slice(&fs::read(folder().join("codecs.json")).unwrap()).unwrap()
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.dcm"))).unwrap()
}

/// The phantom of `make_codecs.py`.
fn formula(bits: u32, signed: bool, frame: i64) -> Vec<i64> {
    let highest = (1i64 << bits) - 1;
    let value = |x: i64, y: i64| {
        if y < 3 {
            highest / 5
        } else if x > 15 && y > 13 {
            (x * 7919 + y * 104_729 + x * y * 31) % (highest + 1)
        } else if x < 6 && y >= 12 {
            (x + y) % 2 * highest
        } else if (x - 15).pow(2) + (y - 8).pow(2) < 30 {
            highest - x * highest / 96
        } else {
            ((x * 5 + y * 3 + frame * 7) * highest / 240).min(highest)
        }
    };
    let zero = if signed { (highest + 1) / 2 } else { 0 };
    (0..ROWS).flat_map(|y| (0..COLUMNS).map(move |x| value(x, y) - zero)).collect()
}

fn values(pixels: &Pixels) -> Vec<i64> {
    match pixels {
        Pixels::Unsigned(numbers) => numbers.iter().map(|&number| number.into()).collect(),
        Pixels::Signed(numbers) => numbers.iter().map(|&number| ((number ^ 0x8000) as i16).into()).collect(),
        Pixels::Wide(numbers) => numbers.iter().map(|&number| number as i64).collect(),
    }
}

fn image(name: &str, bytes: &[u8]) -> Instance {
    match read_dicom(name, bytes) {
        Ok(Reading::Image(instance)) => *instance,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_codec_gives_what_was_encoded() {
    let list = list();
    assert!(list.len() >= 30);
    for (name, about) in &list {
        let instance = image(name, &file(name));
        assert_eq!(about["frames"], instance.planes.len(), "{name}");
        let (bits, signed) = (about["bits"].as_u64().unwrap() as u32, about["signed"] == true);
        let tolerance = about["tolerance"].as_i64().unwrap();
        for (frame, plane) in instance.planes.iter().enumerate() {
            let expected = match fs::read(folder().join(format!("{name}.bin"))) {
                Ok(kept) => kept.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]).into()).collect(),
                // Shifted down by two bits before it was encoded.
                Err(_) if name.ends_with("point-transform") => {
                    formula(bits, signed, frame as i64).into_iter().map(|value| value & !3).collect()
                }
                Err(_) => formula(bits, signed, frame as i64),
            };
            let values = values(&plane.pixels);
            assert_eq!(values.len(), expected.len(), "{name}");
            let worst = values.iter().zip(&expected).map(|(value, expected)| (value - expected).abs()).max();
            assert!(worst <= Some(tolerance), "{name}, frame {frame}: off by {worst:?}");
        }
    }
}

/// The bytes before the first fragment, and the whole stream of a file of one frame.
fn taken_apart(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    const PIXELS: &[u8] = b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff";
    let at = bytes.windows(PIXELS.len()).position(|window| window == PIXELS).unwrap() + PIXELS.len();
    let mut rest = &bytes[at..];
    let mut fragments = Vec::new();
    while let [0xfe, 0xff, 0x00, 0xe0, a, b, c, d, after @ ..] = rest {
        let (fragment, after) = after.split_at(u32::from_le_bytes([*a, *b, *c, *d]) as usize);
        fragments.push(fragment);
        rest = after;
    }
    (bytes[..at].to_vec(), fragments[1..].concat())
}

fn put_together(before: &[u8], stream: &[u8]) -> Vec<u8> {
    let item = |value: &[u8]| [b"\xfe\xff\0\xe0", &(value.len() as u32).to_le_bytes()[..], value].concat();
    [before, &item(&[]), &item(stream), b"\xfe\xff\xdd\xe0\0\0\0\0"].concat()
}

/// A JPEG 2000 stream in a file of its own (ISO 15444-1, I): signature, type, header and stream.
fn boxed(stream: &[u8], bits: u8) -> Vec<u8> {
    let a_box =
        |kind: &[u8; 4], content: &[u8]| [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat();
    let size = [ROWS as u32, COLUMNS as u32].map(u32::to_be_bytes).concat();
    let header = a_box(b"ihdr", &[&size[..], &[0, 1, bits - 1, 7, 0, 0]].concat());
    let colour = a_box(b"colr", &[1, 0, 0, 0, 0, 0, 17]);
    let kinds = a_box(b"ftyp", b"jp2 \0\0\0\0jp2 ");
    [a_box(b"jP  ", b"\r\n\x87\n"), kinds, a_box(b"jp2h", &[header, colour].concat()), a_box(b"jp2c", stream)].concat()
}

#[test]
fn jpeg_2000_in_a_file_of_its_own_opens_with_and_without_padding() {
    let (before, stream) = taken_apart(&file("jpeg-2000-12"));
    for padding in [&[][..], &[0]] {
        let bytes = put_together(&before, &[&boxed(&stream, 12)[..], padding].concat());
        assert_eq!(values(&image("boxed", &bytes).planes[0].pixels), formula(12, false, 0));
    }
}

fn single_frames() -> impl Iterator<Item = (String, Vec<u8>, Vec<u8>)> {
    list().into_iter().filter(|(_, about)| about["frames"] == 1).map(|(name, _)| {
        let (before, stream) = taken_apart(&file(&name));
        (name, before, stream)
    })
}

#[test]
fn every_truncation_of_a_stream_is_an_error() {
    for (name, before, stream) in single_frames().filter(|(name, ..)| !name.starts_with("rle")) {
        let end = stream.windows(2).rposition(|bytes| bytes == END).unwrap() + 2;
        image(&name, &put_together(&before, &stream[..end]));
        // The slowest decoder is cut at fewer places.
        let step = if name.starts_with("jpeg-2000") { 13 } else { 1 };
        for length in (0..end).rev().step_by(step) {
            let result = read_dicom(&name, &put_together(&before, &stream[..length]));
            assert!(matches!(result, Err(DicomError::Damaged(_))), "{name} at {length}: {result:?}");
            // With its end put back, what was lost is still missed.
            if name.starts_with("jpeg-lossless") || name.starts_with("jpeg-extended") {
                let ended = [&stream[..length.min(end - 3)], &END].concat();
                assert!(read_dicom(&name, &put_together(&before, &ended)).is_err(), "{name} at {length}, ended");
            }
        }
    }
}

#[test]
fn a_flipped_bit_is_never_a_panic() {
    for (name, before, stream) in single_frames() {
        let step = if name.starts_with("jpeg-2000") { 41 } else { 3 };
        for at in (0..stream.len() * 8).step_by(step) {
            let mut stream = stream.clone();
            stream[at / 8] ^= 1 << (at % 8);
            drop(read_dicom(&name, &put_together(&before, &stream)));
        }
    }
}

#[test]
fn restart_markers_out_of_order_or_missing_are_an_error() {
    let (before, stream) = taken_apart(&file("jpeg-lossless-12-predictor-1-restart-4"));
    let markers: Vec<usize> =
        (0..stream.len() - 1).filter(|&at| stream[at] == 0xff && (0xd0..0xd8).contains(&stream[at + 1])).collect();
    assert_eq!(markers.len(), 4);
    for at in markers {
        for code in [stream[at + 1] ^ 1, 0xd9, 0x00] {
            let mut stream = stream.clone();
            stream[at + 1] = code;
            assert!(read_dicom("", &put_together(&before, &stream)).is_err());
        }
        let without = [&stream[..at], &stream[at + 2..]].concat();
        assert!(read_dicom("", &put_together(&before, &without)).is_err());
    }
}

#[test]
fn kinds_of_jpeg_that_are_not_read_are_named() {
    let (before, stream) = taken_apart(&file("jpeg-extended-12-restart-1"));
    let frame = stream.windows(2).position(|bytes| bytes == [0xff, 0xc1]).unwrap();
    for (code, name) in [(0xc2, "progressive"), (0xc9, "arithmetic"), (0xcb, "arithmetic"), (0xc5, "hierarchical")] {
        let mut stream = stream.clone();
        stream[frame + 1] = code;
        let error = read_dicom("", &put_together(&before, &stream)).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}

/// A file with another value of 16 bit, or one more, which goes before the pixel data.
fn stating(bytes: &[u8], values: &[(u16, i16)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for &(element, value) in values {
        let tag = [&[0x28, 0][..], &element.to_le_bytes()].concat();
        let whole = [&tag[..], b"US\x02\0", &value.to_le_bytes()].concat();
        match bytes.windows(6).position(|window| window[..4] == tag && (&window[4..] == b"US" || &window[4..] == b"SS"))
        {
            Some(at) => bytes[at + 8..at + 10].copy_from_slice(&value.to_le_bytes()),
            None => {
                let at = bytes.windows(6).position(|window| window == b"\xe0\x7f\x10\0OB").unwrap();
                bytes.splice(at..at, whole);
            }
        }
    }
    bytes
}

const BITS_ALLOCATED: u16 = 0x100;
const BITS_STORED: u16 = 0x101;
const HIGH_BIT: u16 = 0x102;
const SIGNED: u16 = 0x103;
const SMALLEST: u16 = 0x106;
const LARGEST: u16 = 0x107;
const PADDING: u16 = 0x120;

#[test]
fn values_that_contradict_the_header_are_refused() {
    for name in ["jpeg-lossless-12-predictor-1", "jpeg-ls-12", "jpeg-2000-12", "rle-12"] {
        let bytes = file(name);
        let read = |values: &[(u16, i16)]| read_dicom(name, &stating(&bytes, values));
        let ok = |values: &[(u16, i16)]| assert!(matches!(read(values), Ok(Reading::Image(_))), "{name}: {values:?}");
        ok(&[(SMALLEST, 0), (LARGEST, 4095)]);
        assert_eq!(read(&[(SMALLEST, 0), (LARGEST, 4000)]).unwrap_err(), DicomError::Values, "{name}");
        assert_eq!(read(&[(SMALLEST, 5), (LARGEST, 4095)]).unwrap_err(), DicomError::Values, "{name}");
        // Padding is none of the values, and numbers that make no sense say nothing.
        ok(&[(SMALLEST, 5), (LARGEST, 4095), (PADDING, 0)]);
        ok(&[(SMALLEST, 0), (LARGEST, 0)]);
        ok(&[(LARGEST, 5)]);
        assert_eq!(read(&[(BITS_STORED, 10), (HIGH_BIT, 9)]).unwrap_err(), DicomError::Values, "{name}");
    }
}

#[test]
fn a_stream_of_other_bits_or_size_is_refused() {
    let refused = |name: &str, values: &[(u16, i16)]| {
        let result = read_dicom(name, &stating(&file(name), values));
        assert!(matches!(result, Err(DicomError::Damaged(_))), "{name}: {values:?} {result:?}");
    };
    for name in ["jpeg-lossless-12-predictor-1", "jpeg-ls-12", "jpeg-2000-12", "jpeg-extended-12-fine"] {
        refused(name, &[(BITS_ALLOCATED, 8), (BITS_STORED, 8), (HIGH_BIT, 7)]);
        refused(name, &[(0x10, 21)]);
        refused(name, &[(0x11, 23)]);
        // Twelve bits without a sign cannot be sixteen with one.
        refused(name, &[(BITS_STORED, 16), (HIGH_BIT, 15), (SIGNED, 1)]);
    }
}

#[test]
fn lossy_values_do_not_leave_the_stored_bits() {
    let name = "jpeg-extended-12-fine";
    let instance = image(name, &stating(&file(name), &[(BITS_STORED, 11), (HIGH_BIT, 10)]));
    let highest = values(&instance.planes[0].pixels).into_iter().max();
    assert_eq!(highest, Some(2047));
}

#[test]
fn twelve_bits_are_signed_where_the_header_says_so() {
    let name = "jpeg-lossless-12-predictor-1";
    let instance = image(name, &stating(&file(name), &[(SIGNED, 1)]));
    let expected: Vec<i64> =
        formula(12, false, 0).into_iter().map(|value| if value < 2048 { value } else { value - 4096 }).collect();
    assert_eq!(values(&instance.planes[0].pixels), expected);
}
