//! TIFF files of every kind that other programs write, against the formulas that `make_tiff.py` filled them with.

use std::fs;
use std::path::PathBuf;

use imaging::{DecodeError, LeftOutPages, Numbers, Pages, decode, decode_label, decode_pages, pages_in};

/// Number of a page, row and column.
type Formula<'a> = &'a dyn Fn(usize, usize, usize) -> f64;
/// The same of a colour.
type Colour<'a> = &'a dyn Fn(usize, usize, usize, f64) -> f64;

const ROWS: usize = 16;
const COLUMNS: usize = 20;

fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.tif"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn pages(name: &str) -> Pages {
    decode_pages(&file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn small(page: usize, row: usize, column: usize) -> f64 {
    ((page * 40 + row * 7 + column * 5) % 256) as f64
}

fn large(page: usize, row: usize, column: usize) -> f64 {
    (page * 1000 + row * 613 + column * 97) as f64
}

/// A page of a formula, row by row.
fn page(number: usize, formula: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
    (0..ROWS * COLUMNS).map(|at| formula(number, at / COLUMNS, at % COLUMNS)).collect()
}

fn numbers(numbers: &Numbers) -> Vec<f64> {
    numbers.map(|v| v)
}

#[test]
fn every_kind_of_number_and_lossless_compression_is_exact() {
    let unsigned = |p, y, x| large(p, y, x);
    let signed = |p, y, x| large(p, y, x) - 5000.0;
    for name in ["big_little_u16", "zstd_predictor_u16", "lzw_predictor_big_u16", "tiles_u16"] {
        let pages = pages(name);
        assert_eq!((pages.width, pages.height, pages.channels.len()), (COLUMNS, ROWS, 1), "{name}");
        assert!(matches!(pages.channels[0].pages[..], [Numbers::Unsigned(_)]), "{name}");
        assert_eq!(numbers(&pages.channels[0].pages[0]), page(0, unsigned), "{name}");
    }
    let formulas: [(&[&str], Formula); 7] = [
        (&["big_big_i16", "zstd_i16"], &signed),
        (&["lzw_strips_u8", "packbits_u8", "white_u8", "grey_alpha"], &small),
        (&["deflate_i8"], &|p, y, x| small(p, y, x) - 128.0),
        (&["deflate_predictor_big_u32", "deflate_u64"], &|p, y, x| large(p, y, x) * 60000.0),
        (&["i32", "deflate_i64"], &|p, y, x| signed(p, y, x) * 60000.0),
        (&["f16", "deflate_floating_f16"], &|p, y, x| small(p, y, x) / 4.0),
        (&["big_endian_f32", "deflate_floating_f32", "lzw_floating_f64"], &|p, y, x| signed(p, y, x) / 8.0),
    ];
    for (names, formula) in formulas {
        for name in names {
            assert_eq!(numbers(&pages(name).channels[0].pages[0]), page(0, formula), "{name}");
            assert_eq!(pages_in(&file(name)), 1, "{name}");
        }
    }
    for name in ["fax3", "fax4", "bits"] {
        // Pillow writes faxes with white as nought: what is shown is the same.
        let slice = decode(&file(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let shown: Vec<f64> = slice.sequence(0).iter().map(|&v| v.into()).collect();
        assert_eq!(shown, page(0, |p, y, x| f64::from(u8::from(small(p, y, x) > 99.0))), "{name}");
    }
}

#[test]
fn intensities_are_shares_of_the_full_scale_or_of_the_range() {
    let share = |name: &str, formula: &dyn Fn(f64, f64) -> f64| {
        let slice = decode(&file(name)).unwrap();
        for (at, &value) in slice.sequence(0).iter().enumerate() {
            let (row, column) = (at / COLUMNS, at % COLUMNS);
            let expected = formula(small(0, row, column), large(0, row, column));
            assert!((f64::from(value) - expected).abs() < 1e-6, "{name}: {value} for {expected}");
        }
    };
    let largest = large(0, ROWS - 1, COLUMNS - 1);
    share("lzw_strips_u8", &|small, _| small / 255.0);
    share("white_u8", &|small, _| 1.0 - small / 255.0);
    share("big_little_u16", &|_, large| large / 65535.0);
    share("deflate_predictor_big_u32", &|_, large| large / largest);
    for name in ["big_big_i16", "i32", "deflate_i64", "big_endian_f32", "lzw_floating_f64"] {
        share(name, &|_, large| large / largest);
    }
    let below = page(0, small).into_iter().fold(0.0, f64::max);
    share("f16", &|small, _| small / below);
}

#[test]
fn colours_are_three_channels_however_they_are_stored() {
    let colour8 = |p, y, x, band: f64| (small(p, y, x) + band * 60.0) % 256.0;
    let colour16 = |p, y, x, band: f64| (large(p, y, x) + band * 60.0 * 257.0) % (256.0 * 257.0);
    let files: [(&str, Colour); 4] =
        [("webp_rgb", &colour8), ("planar_tiles_rgb", &colour8), ("rgba", &colour8), ("planar_rgb16", &colour16)];
    for (name, colour) in files {
        let pages = pages(name);
        let labels: Vec<&str> = pages.channels.iter().map(|channel| channel.label.as_str()).collect();
        assert_eq!(labels, ["red", "green", "blue"], "{name}");
        for (band, channel) in pages.channels.iter().enumerate() {
            assert_eq!(numbers(&channel.pages[0]), page(0, |p, y, x| colour(p, y, x, band as f64)), "{name}, {band}");
        }
    }
    let slice = decode(&file("rgba")).unwrap();
    assert_eq!((slice.planes(), slice.sequence(2)[0]), (3, 120.0 / 255.0));
}

#[test]
fn lossy_compression_comes_close() {
    let grey = decode(&file("jpeg_u8")).unwrap();
    // The ramp falls from 255 to 0 at no pixel of the first rows, where the codec is at its best.
    for at in 0..COLUMNS * 8 {
        let expected = small(0, at / COLUMNS, at % COLUMNS) / 255.0;
        assert!((f64::from(grey.sequence(0)[at]) - expected).abs() < 0.03, "{at}");
    }
    // Red, green and blue all lie between 0 and 255 there, without a jump.
    for (name, tolerance) in [("jpeg_unconverted_rgb", 0.03), ("jpeg_subsampled_tiles_rgb", 0.08)] {
        let slice = decode(&file(name)).unwrap();
        for band in 0..3 {
            for at in (0..8).flat_map(|row| (0..8).map(move |column| row * COLUMNS + column)) {
                let expected = (small(0, at / COLUMNS, at % COLUMNS) + band as f64 * 60.0) / 255.0;
                let value = f64::from(slice.sequence(band)[at]);
                assert!((value - expected).abs() < tolerance, "{name}, {band}, {at}: {value} for {expected}");
            }
        }
    }
}

#[test]
fn a_palette_gives_colours_and_an_orientation_turns() {
    let slice = decode(&file("palette")).unwrap();
    let [red, green, blue] = [0, 1, 2].map(|band| slice.sequence(band)[COLUMNS + 3] * 255.0);
    assert_eq!([red.round(), green.round(), blue], [22.0, 233.0, 0.0]);
    let turned = pages("turned");
    assert_eq!((turned.width, turned.height), (ROWS, COLUMNS));
    // The first row is at the right, the first column on top.
    let turned = numbers(&turned.channels[0].pages[0]);
    assert_eq!([turned[0], turned[ROWS - 1], turned[ROWS]], [small(0, 15, 0), small(0, 0, 0), small(0, 15, 1)]);
}

#[test]
fn all_pages_are_a_stack_in_their_order() {
    for (name, count) in [("pages_u8", 3), ("truncated_u8", 4), ("four_bands", 4)] {
        assert_eq!(pages_in(&file(name)), count, "{name}");
        let pages = pages(name);
        assert_eq!((pages.channels.len(), pages.spacing_mm), (1, None), "{name}");
        for (number, plane) in pages.channels[0].pages.iter().enumerate() {
            assert_eq!(numbers(plane), page(number, small), "{name}, {number}");
        }
        assert_eq!(pages.channels[0].pages.len(), count, "{name}");
    }
}

#[test]
fn imagejs_stacks_have_one_directory_and_a_spacing() {
    let stack = pages("imagej_u16");
    assert_eq!((pages_in(&file("imagej_u16")), stack.channels[0].pages.len()), (2, 2));
    assert_eq!(numbers(&stack.channels[0].pages[1]), page(1, large));
    let spacing = stack.spacing_mm.unwrap();
    assert!(spacing.axes().iter().zip([0.5, 0.75, 5.5]).all(|(a, b)| (a - b).abs() < 1e-6), "{spacing:?}");
    let hyper = pages("imagej_hyperstack");
    assert_eq!(
        hyper.channels.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(),
        ["channel 1 of 2", "channel 2 of 2"]
    );
    assert_eq!(numbers(&hyper.channels[1].pages[0]), page(1, small));
    assert_eq!(numbers(&hyper.channels[0].pages[1]), page(2, small));
}

#[test]
fn ome_names_channels_and_spacing() {
    let ome = pages("ome_u8.ome");
    assert_eq!(ome.channels.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["T1", "FLAIR"]);
    assert_eq!(numbers(&ome.channels[1].pages[0]), page(2, small));
    let spacing = ome.spacing_mm.unwrap();
    assert!(spacing.axes().iter().zip([0.9, 0.9, 5.5]).all(|(a, b)| (a - b).abs() < 1e-6), "{spacing:?}");
}

#[test]
fn thumbnails_masks_and_other_sizes_are_left_out_and_counted() {
    let bytes = file("thumbnail_mask");
    assert_eq!(pages_in(&bytes), 3, "two slices and one of another size");
    let pages = decode_pages(&bytes).unwrap();
    assert_eq!(pages.left_out, LeftOutPages { thumbnails: 1, masks: 1, other_sizes: 1 });
    assert_eq!(pages.channels[0].pages.iter().map(numbers).collect::<Vec<_>>(), [page(0, small), page(1, small)]);
    let slice = decode(&bytes).unwrap();
    assert_eq!((slice.width(), slice.sequence(0)[1]), (COLUMNS, 5.0 / 255.0), "not the thumbnail");
}

#[test]
fn a_stack_that_is_cut_short_is_refused() {
    let bytes = file("imagej_u16");
    let page = ROWS * COLUMNS * 2;
    let error = decode_pages(&bytes[..bytes.len() - page / 4]).unwrap_err();
    assert!(error.to_string().contains("2 slices"), "{error}");
    let alone = decode_pages(&bytes[..bytes.len() - page]).unwrap();
    assert_eq!(alone.channels[0].pages.len(), 1, "a slice saved alone with the description of all");
    let bytes = file("pages_u8");
    assert!(matches!(decode(&bytes[..bytes.len() / 2]), Err(DecodeError::Damaged(_))));
}

#[test]
fn labels_of_any_kind_of_number_are_marked_above_half() {
    let area = |name| decode_label(&file(name)).unwrap().area_px();
    let above = page(0, |p, y, x| f64::from(u8::from(small(p, y, x) > 99.0))).into_iter().sum::<f64>() as usize;
    assert_eq!([area("bits"), area("fax4")], [above; 2]);
    let half = large(0, ROWS - 1, COLUMNS - 1) / 2.0;
    let above = page(0, large).into_iter().filter(|&v| v > half).count();
    assert_eq!([area("big_little_u16"), area("big_endian_f32")], [above; 2]);
}

/// A page of 16 × 16 pixels in little endian with these short tags beside its size, and its pixels.
fn made(tags: &[(u16, u16)], pixels: &[u8]) -> Vec<u8> {
    let mut tags: Vec<(u16, u32)> = tags.iter().map(|&(tag, value)| (tag, value.into())).collect();
    let offset = 8 + 2 + 12 * (tags.len() as u32 + 4) + 4;
    tags.extend([(256, 16), (257, 16), (273, offset), (279, pixels.len() as u32)]);
    tags.sort();
    let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
    bytes.extend((tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        let kind = if [273, 279].contains(&tag) { 4u16 } else { 3 };
        bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        bytes.extend([1u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    bytes.extend([0; 4]);
    bytes.extend(pixels);
    bytes
}

#[test]
fn numbers_across_bytes_are_read() {
    // 12 bit: 0xABC and 0x123 in turn.
    let row = [0xAB, 0xC1, 0x23].repeat(8 * 16);
    let bytes = made(&[(258, 12), (262, 1)], &row);
    let page = decode_pages(&bytes).unwrap().channels.remove(0).pages.remove(0);
    assert_eq!(numbers(&page)[..3], [f64::from(0xABC), f64::from(0x123), f64::from(0xABC)]);
    let slice = decode(&bytes).unwrap();
    assert_eq!(slice.sequence(0)[0], 0xABC as f32 / 4095.0);
    // 4 bit, low bits first within a byte, 8 bit without a word on what they show.
    let four = decode_pages(&made(&[(258, 4), (262, 1), (266, 2)], &[0b1000_0100; 128])).unwrap();
    assert_eq!(numbers(&four.channels[0].pages[0])[..2], [2.0, 1.0]);
    assert_eq!(decode(&made(&[(258, 8)], &[51; 256])).unwrap().sequence(0)[0], 0.2);
}

#[test]
fn what_is_no_number_is_dark() {
    let floats: Vec<u8> =
        (0..256u16).flat_map(|at| (if at == 7 { f32::NAN } else { 100.0 + f32::from(at) }).to_le_bytes()).collect();
    let slice = decode(&made(&[(258, 32), (262, 1), (339, 3)], &floats)).unwrap();
    assert_eq!([slice.sequence(0)[7], slice.sequence(0)[255]], [100.0 / 355.0, 1.0]);
}

#[test]
fn what_is_not_read_is_refused_by_its_name() {
    for (tags, name) in [
        (&[(259u16, 34925u16), (262, 1), (258, 8)][..], "LZMA"),
        (&[(259, 34712), (262, 1), (258, 8)], "JPEG 2000"),
        (&[(259, 52546), (262, 1), (258, 8)], "JPEG XL"),
        (&[(259, 34933), (262, 1), (258, 8)], "PNG compression"),
        (&[(259, 6), (262, 1), (258, 8)], "JPEG of the old kind"),
        (&[(259, 12345), (262, 1), (258, 8)], "compression 12345"),
        (&[(262, 5), (258, 8), (277, 4)], "CMYK"),
        (&[(262, 8), (258, 8), (277, 3)], "Lab"),
        (&[(262, 32803), (258, 8)], "raw data of a camera"),
        (&[(262, 1), (258, 32), (339, 6)], "complex"),
        (&[(262, 1), (258, 33)], "33 bit"),
    ] {
        let error = decode(&made(tags, &[0; 1024])).unwrap_err();
        assert!(matches!(error, DecodeError::Unsupported(_)), "{name}: {error}");
        assert!(
            error.to_string().contains(name)
                && [" save ", " export "].iter().any(|what| error.to_string().contains(what)),
            "{name}: {error}"
        );
    }
}

#[test]
fn claims_are_checked_before_memory_is_taken() {
    let wide = made(&[(258, 8), (262, 1)], &[0; 16]);
    assert!(matches!(decode(&wide), Err(DecodeError::Damaged(_))));
    let mut large = made(&[(258, 64), (262, 1), (339, 3)], &[0; 16]);
    let width = large.windows(4).position(|tag| tag == [0, 1, 3, 0]).unwrap() + 8;
    large[width..width + 2].copy_from_slice(&60_000u16.to_le_bytes());
    assert_eq!(decode(&large), Err(DecodeError::TooLarge { width: 60_000, height: 16 }));
    // Found by the fuzzer: no columns and several slices behind the page.
    let mut deep = made(&[(258, 8), (262, 1), (32997, 3)], &[0; 16]);
    let width = deep.windows(4).position(|tag| tag == [0, 1, 3, 0]).unwrap() + 8;
    deep[width] = 0;
    assert_eq!(decode(&deep), Err(DecodeError::TooSmall { width: 0, height: 16 }));
    let mut many = made(&[(258, 8), (262, 1)], &[0; 256]);
    // No samples at all count as one; the next directory is this one.
    let next = 8 + 2 + 12 * 6;
    many[next..next + 4].copy_from_slice(&8u32.to_le_bytes());
    assert_eq!(pages_in(&many), 1);
    assert!(decode(&made(&[(258, 8), (262, 1), (277, 0)], &[0; 256])).is_ok());
    let bands = made(&[(258, 8), (262, 1), (277, 3), (338, 0)], &[0; 768]);
    assert_eq!(decode_pages(&bands).unwrap().channels[0].pages.len(), 2);
}

#[test]
fn every_truncation_of_every_file_is_no_panic() {
    for entry in fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for length in (0..bytes.len()).step_by(11) {
            drop((decode(&bytes[..length]), decode_pages(&bytes[..length]), pages_in(&bytes[..length])));
        }
        for at in (0..bytes.len().min(300)).step_by(2) {
            let mut odd = bytes.clone();
            odd[at] ^= 0x55;
            drop((decode(&odd), decode_pages(&odd), decode_label(&odd)));
        }
    }
}
