//! Small files made by hand. Places and values are those that SimpleITK 2.5.7 and nibabel 5.4.2 read in the same bytes.

mod apart;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

use super::*;
use crate::layers::gzipped;

/// 2 × 3 × 2 voxels, as whole numbers.
const NUMBERS: [i16; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -300];

fn data(big_endian: bool) -> Vec<u8> {
    NUMBERS.iter().flat_map(|n| if big_endian { n.to_be_bytes() } else { n.to_le_bytes() }).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut file = ZlibEncoder::new(Vec::new(), Compression::default());
    file.write_all(bytes).unwrap();
    file.finish().unwrap()
}

fn bzipped(bytes: &[u8]) -> Vec<u8> {
    let mut file = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    file.write_all(bytes).unwrap();
    file.finish().unwrap()
}

fn values(series: &Series) -> Vec<f64> {
    (0..series.volume.values.len()).map(|at| series.volume.values.get(at)).collect()
}

/// The only volume of a file.
fn one(format: GridFormat, header: &[u8], data: &[Vec<u8>]) -> (Series, Vec<SeriesWarning>) {
    let mut volumes = read_grid(format, "a/brain.x", header, data).unwrap();
    assert_eq!(volumes.len(), 1);
    volumes.remove(0)
}

fn expected() -> Vec<f64> {
    NUMBERS.iter().map(|&number| number.into()).collect()
}

fn affine(series: &Series) -> Affine {
    let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("no place") };
    affine
}

/// Whether voxels lie at these places, with the first at the last column.
fn assert_affine(series: &Series, expected: [[f64; 4]; 3]) {
    let found = affine(series);
    for (found, expected) in found.0.as_flattened().iter().zip(expected.as_flattened()) {
        assert!((found - expected).abs() < 1e-5, "{:?}", affine(series));
    }
}

const NRRD: &str = "NRRD0004\n# a comment\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 3 2\n\
                    space directions: (0.5,0,0) (0,0.75,0.1) (0,-0.2,4)\nkinds: domain domain domain\nendian: little\n\
                    encoding: raw\nspace origin: (-10,20.5,-30)\nmodality:=MR: T2\n";

fn nrrd(change: impl Fn(String) -> String, data: &[u8]) -> Vec<u8> {
    [change(NRRD.into()).as_bytes(), b"\n", data].concat()
}

const OBLIQUE: [[f64; 4]; 3] = [[0.5, 0.0, 0.0, -10.0], [0.0, 0.75, -0.2, 20.5], [0.0, 0.1, 4.0, -30.0]];

#[test]
fn an_nrrd_volume_has_its_values_and_its_place_in_every_encoding() {
    let encoded: [(&str, Vec<u8>); 5] = [
        ("raw", data(false)),
        ("gzip", gzipped(&data(false))),
        ("bz2", bzipped(&data(false))),
        ("ascii", NUMBERS.map(|n| n.to_string()).join(" ").into_bytes()),
        ("raw\nbyte skip: -1", [&b"something"[..], &data(false)].concat()),
    ];
    for (encoding, data) in encoded {
        let file = nrrd(|header| header.replace("encoding: raw", &format!("encoding: {encoding}")), &data);
        let (series, warnings) = one(GridFormat::Nrrd, &file, &[]);
        assert_eq!((values(&series), &warnings[..]), (expected(), &[][..]), "{encoding}");
        assert_affine(&series, OBLIQUE);
        assert_eq!(series.name, "brain.x");
    }
    let big = nrrd(|header| header.replace("little", "big"), &data(true));
    assert_eq!(values(&one(GridFormat::Nrrd, &big, &[]).0), expected());
}

#[test]
fn signs_of_an_nrrd_space_are_brought_to_lps() {
    let space = |name: &str| {
        let file = nrrd(|header| header.replace("left-posterior-superior", name), &data(false));
        one(GridFormat::Nrrd, &file, &[])
    };
    let [x, y, z] = OBLIQUE;
    let turned = |row: [f64; 4]| row.map(|v| -v);
    assert_affine(&space("RAS").0, [turned(x), turned(y), z]);
    assert_affine(&space("right-anterior-superior").0, [turned(x), turned(y), z]);
    assert_affine(&space("left-anterior-superior").0, [x, turned(y), z]);
    // Of others it is not known which side is which.
    let (series, warnings) = space("3D-right-handed");
    let Placement::Spaced(spacing) = series.volume.geometry.placement else { panic!("a place") };
    assert!((spacing.x - 0.5).abs() < 1e-9 && (spacing.z - 16.04f64.sqrt()).abs() < 1e-9);
    assert_eq!(warnings, [SeriesWarning::NoPlace]);
}

#[test]
fn several_volumes_of_an_nrrd_lie_side_by_side_or_one_behind_the_other() {
    let behind = nrrd(
        |header| {
            let header = header.replace("dimension: 3", "dimension: 4").replace("sizes: 2 3 2", "sizes: 2 3 1 2");
            header
                .replace("(0,-0.2,4)", "(0,-0.2,4) none")
                .replace("kinds: domain domain domain", "kinds: domain domain domain list")
        },
        &data(false),
    );
    let beside = nrrd(
        |header| {
            let header = header.replace("dimension: 3", "dimension: 4").replace("sizes: 2 3 2", "sizes: 2 2 3 1");
            header.replace("(0.5,0,0)", "none (0.5,0,0)").replace("kinds: domain", "kinds: list domain")
        },
        &data(false),
    );
    let numbers = |file: &[u8]| -> Vec<Vec<f64>> {
        let volumes = read_grid(GridFormat::Nrrd, "a.nrrd", file, &[]).unwrap();
        volumes.iter().for_each(|(series, _)| assert_affine(series, OBLIQUE));
        volumes.iter().map(|(series, _)| values(series)).collect()
    };
    assert_eq!(numbers(&behind), [expected()[..6].to_vec(), expected()[6..].to_vec()]);
    let even = |first: usize| expected().into_iter().skip(first).step_by(2).collect::<Vec<_>>();
    assert_eq!(numbers(&beside), [even(0), even(1)]);
    for (file, second) in [(&behind, expected()[6..].to_vec()), (&beside, even(1))] {
        let (series, _) = read_grid_volume(GridFormat::Nrrd, "a.nrrd", file, &[], 1).unwrap();
        assert_eq!((series.name.as_str(), values(&series)), ("a.nrrd, volume 2 of 2", second));
        let none = read_grid_volume(GridFormat::Nrrd, "a.nrrd", file, &[], 2).unwrap_err();
        assert_eq!(none.to_string(), "it holds 2 volumes, so none has the number 3");
    }
}

#[test]
fn an_nrrd_header_names_the_file_of_its_numbers() {
    let header =
        nrrd(|header| format!("{header}data file: Vol.RAW.gz\n").replace("encoding: raw", "encoding: gzip"), b"");
    assert_eq!(data_files(GridFormat::Nrrd, &header), Ok(vec!["Vol.RAW.gz".into()]));
    // Whoever unpacked it on the way did no harm.
    for data in [gzipped(&data(false)), data(false)] {
        let (series, _) = one(GridFormat::Nrrd, &header, &[data]);
        assert_eq!(values(&series), expected());
    }
    let lone = read_grid(GridFormat::Nrrd, "a.nhdr", &header, &[]).unwrap_err().to_string();
    assert!(lone.contains("lie in the file Vol.RAW.gz; drop both together"), "{lone}");
}

const META: &str = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\n\
                    TransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = -10 20.5 -30\nCenterOfRotation = 0 0 0\n\
                    AnatomicalOrientation = RAI\nElementSpacing = 0.5 0.75 4\nDimSize = 2 3 2\nElementType = MET_SHORT\n";

fn meta(change: impl Fn(String) -> String, file: &str, data: &[u8]) -> Vec<u8> {
    [format!("{}ElementDataFile = {file}\n", change(META.into())).as_bytes(), data].concat()
}

#[test]
fn a_meta_image_has_its_values_and_its_place() {
    // The first axis runs along y, the second against x.
    let place = [[0.0, -0.75, 0.0, -10.0], [0.5, 0.0, 0.0, 20.5], [0.0, 0.0, 4.0, -30.0]];
    let plain = |header: String| header;
    let packed = |header: String| header.replace("CompressedData = False", "CompressedData = True");
    let files = [
        meta(plain, "LOCAL", &data(false)),
        meta(packed, "LOCAL", &zlib(&data(false))),
        meta(|header| header.replace("OrderMSB = False", "OrderMSB = True"), "LOCAL", &data(true)),
        meta(
            |header| header.replace("BinaryData = True", "BinaryData = False"),
            "LOCAL",
            NUMBERS.map(|n| n.to_string()).join("\n").as_bytes(),
        ),
    ];
    for file in files {
        let (series, warnings) = one(GridFormat::MetaImage, &file, &[]);
        assert_eq!((values(&series), &warnings[..]), (expected(), &[][..]));
        assert_affine(&series, place);
    }
    // The numbers in a file of their own, packed by itself or not.
    for (header, data) in [
        (meta(plain, "brain.raw", b""), data(false)),
        (meta(plain, "brain.raw", b""), gzipped(&data(false))),
        (meta(packed, "brain.zraw", b""), zlib(&data(false))),
        (meta(|header| format!("{header}HeaderSize = 3\n"), "brain.raw", b""), [&b"abc"[..], &data(false)].concat()),
        (meta(|header| format!("{header}HeaderSize = -1\n"), "brain.raw", b""), [&b"abc"[..], &data(false)].concat()),
    ] {
        let (series, _) = one(GridFormat::MetaImage, &header, &[data]);
        assert_eq!(values(&series), expected());
        assert_affine(&series, place);
    }
}

#[test]
fn a_meta_image_of_four_dimensions_is_several_volumes() {
    let four = |header: String| {
        let header = header.replace("NDims = 3", "NDims = 4").replace("DimSize = 2 3 2", "DimSize = 2 3 1 2");
        let header = header.replace("0 1 0 -1 0 0 0 0 1", "0 1 0 0 -1 0 0 0 0 0 1 0 0 0 0 1");
        header.replace("-10 20.5 -30", "-10 20.5 -30 0").replace("0.5 0.75 4", "0.5 0.75 4 1")
    };
    let volumes = read_grid(GridFormat::MetaImage, "a.mha", &meta(four, "LOCAL", &data(false)), &[]).unwrap();
    assert_eq!(
        volumes.iter().map(|(series, _)| values(series)).collect::<Vec<_>>(),
        [expected()[..6].to_vec(), expected()[6..].to_vec()]
    );
    assert_affine(&volumes[1].0, [[0.0, -0.75, 0.0, -10.0], [0.5, 0.0, 0.0, 20.5], [0.0, 0.0, 4.0, -30.0]]);
}

#[test]
fn what_says_nothing_of_sides_has_none() {
    let bare = |header: String| header.replace("TransformMatrix", "X").replace("Offset", "Y");
    let (series, warnings) = one(GridFormat::MetaImage, &meta(bare, "LOCAL", &data(false)), &[]);
    assert_eq!(series.volume.geometry.placement, Placement::Spaced([0.5, 0.75, 4.0].into()));
    assert_eq!(warnings, [SeriesWarning::NoPlace]);
    let nothing = |header: String| bare(header).replace("ElementSpacing", "Z");
    let (series, warnings) = one(GridFormat::MetaImage, &meta(nothing, "LOCAL", &data(false)), &[]);
    assert_eq!((series.volume.geometry.placement, warnings), (Placement::Unknown, vec![SeriesWarning::NoSpacing]));
    let bare =
        |header: String| header.replace("space directions: (0.5,0,0) (0,0.75,0.1) (0,-0.2,4)", "spacings: 0.5 0.75 4");
    let (series, _) = one(GridFormat::Nrrd, &nrrd(bare, &data(false)), &[]);
    assert_eq!(series.volume.geometry.placement, Placement::Spaced([0.5, 0.75, 4.0].into()));
}

/// Columns to the left, rows to the feet, slices to the front, as FreeSurfer's `orig.mgz` lie.
fn mgh(kind: i32, frames: i32, directed: bool, data: &[u8]) -> Vec<u8> {
    let mut header: Vec<u8> = [1, 2, 3, 2, frames, kind, 0].iter().flat_map(|v: &i32| v.to_be_bytes()).collect();
    header.extend(i16::from(directed).to_be_bytes());
    let floats = [0.5f32, 0.75, 4.0, -1.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0, 3.0, -7.5, 12.25];
    header.extend(floats.iter().flat_map(|v| v.to_be_bytes()));
    header.resize(284, 0);
    [header, data.to_vec()].concat()
}

#[test]
fn an_mgh_volume_has_its_values_and_its_place() {
    let place = [[0.5, 0.0, 0.0, -3.5], [0.0, 0.0, -4.0, 11.5], [0.0, -0.75, 0.0, 13.375]];
    let (series, warnings) = one(GridFormat::Mgh, &mgh(4, 1, true, &data(true)), &[]);
    assert_eq!((values(&series), &warnings[..]), (expected(), &[][..]));
    assert_affine(&series, place);
    let floats: Vec<u8> = NUMBERS.iter().flat_map(|&n| f32::from(n).to_be_bytes()).collect();
    assert_eq!(values(&one(GridFormat::Mgh, &mgh(3, 1, true, &floats), &[]).0), expected());
    let whole: Vec<u8> = NUMBERS.iter().flat_map(|&n| i32::from(n).to_be_bytes()).collect();
    assert_eq!(values(&one(GridFormat::Mgh, &mgh(1, 1, true, &whole), &[]).0), expected());
    // Tags may follow the numbers.
    let twice = [data(true), data(true), b"tags".to_vec()].concat();
    assert_eq!(read_grid(GridFormat::Mgh, "a.mgh", &mgh(4, 2, true, &twice), &[]).unwrap().len(), 2);
    let (series, warnings) = one(GridFormat::Mgh, &mgh(4, 1, false, &data(true)), &[]);
    assert_eq!((series.volume.geometry.placement, warnings), (Placement::Unknown, vec![SeriesWarning::NoSpacing]));
}

#[test]
fn what_is_cut_is_said_at_every_length() {
    let files = [
        (GridFormat::Nrrd, nrrd(|header| header, &data(false))),
        (GridFormat::MetaImage, meta(|header| header, "LOCAL", &data(false))),
        (GridFormat::Mgh, mgh(4, 1, true, &data(true))),
    ];
    for (format, whole) in files {
        for length in 0..whole.len() {
            let error = read_grid(format, "a", &whole[..length], &[]).expect_err("a part of a file");
            let said = error.to_string();
            assert!(said.contains("; ") || said.contains(", which"), "{said}");
        }
    }
}

#[test]
fn claims_are_not_believed() {
    let said = |format, file: &[u8]| read_grid(format, "a", file, &[]).unwrap_err().to_string();
    let sizes = |sizes: &str| nrrd(|header| header.replace("sizes: 2 3 2", &format!("sizes: {sizes}")), &data(false));
    assert!(said(GridFormat::Nrrd, &sizes("2000000 2000000 2000000")).contains("more than can be read"));
    assert!(said(GridFormat::Nrrd, &sizes("30000 30000 2")).contains("more than can be read"));
    assert!(said(GridFormat::Nrrd, &sizes("99999999999 3 2")).contains("voxels along an axis"));
    assert!(said(GridFormat::Nrrd, &sizes("0 3 2")).contains("0 voxels along an axis"));
    assert!(said(GridFormat::Nrrd, &sizes("12 1 1")).contains("is no image"));
    assert!(said(GridFormat::Nrrd, &sizes("2 3")).contains("another dimension"));
    assert!(said(GridFormat::Nrrd, &sizes("2 3 3")).contains("24 of 36 bytes"));
    let kind = |kind: &str| nrrd(|header| header.replace("short", kind), &data(false));
    assert!(said(GridFormat::Nrrd, &kind("block")).contains("no intensities"));
    let hex = nrrd(|header| header.replace("encoding: raw", "encoding: hex"), b"00");
    assert!(said(GridFormat::Nrrd, &hex).contains("written as hex"));
    let colour = nrrd(
        |header| {
            let header = header.replace("dimension: 3", "dimension: 4").replace("sizes: 2 3 2", "sizes: 3 2 2 1");
            header.replace("(0.5,0,0)", "none (0.5,0,0)").replace("kinds: domain", "kinds: RGB-color domain")
        },
        &data(false),
    );
    assert!(said(GridFormat::Nrrd, &colour).contains("belong together"), "{}", said(GridFormat::Nrrd, &colour));
    let meta = |from: &str, to: &str| meta(|header| header.replace(from, to), "LOCAL", &data(false));
    assert!(
        said(GridFormat::MetaImage, &meta("DimSize = 2 3 2", "DimSize = 200000 200000 2"))
            .contains("more than can be read")
    );
    assert!(said(GridFormat::MetaImage, &meta("MET_SHORT", "MET_STRING")).contains("no intensities"));
    assert!(said(GridFormat::MetaImage, &meta("NDims = 3", "NDims = 2")).contains("2 dimensions and 3 sides"));
    assert!(said(GridFormat::MetaImage, &meta("NDims", "ElementNumberOfChannels = 3\nNDims")).contains("colours"));
    let mut huge = mgh(4, 1, true, &data(true));
    huge[4..8].copy_from_slice(&i32::MAX.to_be_bytes());
    assert!(said(GridFormat::Mgh, &huge).contains("more than can be read"));
    huge[4..8].copy_from_slice(&(-1i32).to_be_bytes());
    assert!(said(GridFormat::Mgh, &huge).contains("0 voxels along an axis"));
}
