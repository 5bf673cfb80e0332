//! First bytes of many formats.

use super::*;
use crate::sniff::sniff;

fn is(name: &str, bytes: &[u8], expected: Foreign) {
    assert_eq!(sniff(name, bytes), Err(expected), "{name}");
}

#[test]
fn a_file_is_called_what_its_first_bytes_say() {
    is("a.json", b"{\"EchoTime\": 0.09}", Foreign::Json);
    is("a.txt", "Bericht: unauffällig\n".as_bytes(), Foreign::Text);
    is("latin1.txt", b"Bericht: unauff\xe4llig, Kontrolle empfohlen\n", Foreign::Text);
    is("utf16.txt", b"\xff\xfeB\0e\0r\0i\0c\0h\0t\0", Foreign::Text);
    is("a", b"id,age\n1,40\n2,50\n", Foreign::Table);
    is("t1.nii.gz", b"<!DOCTYPE html><html><body>Log in</body>", Foreign::Html);
    is("a.xml", b"<?xml version=\"1.0\"?><a/>", Foreign::Xml);
    is("a.surf.gii", b"<?xml version=\"1.0\"?><!DOCTYPE GIFTI><GIFTI Version=\"1.0\">", Foreign::Gifti);
    is("a.pdf", b"%PDF-1.7\n", Foreign::Pdf);
    is("a.dcm", b"MZ\x90\0\x03", Foreign::Program("a Windows"));
    is("a", b"\x7fELF\x02", Foreign::Program("a Linux"));
    is("a.npy", b"\x93NUMPY\x01\0v\0{'descr'", Foreign::NumPy);
    is("a.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64", Foreign::Matlab);
    is("a.h5", b"\x89HDF\r\n\x1a\n\0", Foreign::Hdf5);
    is("a.mnc", b"\x89HDF\r\n\x1a\n\0", Foreign::Minc);
    is("a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0", Foreign::Video("an MP4 or QuickTime"));
    is("a.avi", b"RIFF\0\0\0\0AVI LIST", Foreign::Video("an AVI"));
    is("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Foreign::Picture("an HEIC photograph"));
    is("a.gif", b"GIF89a\x01\0", Foreign::Picture("a GIF image"));
    is("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", Foreign::Archive("a 7z"));
    is("a.rar", b"Rar!\x1a\x07\x01\0", Foreign::Archive("a RAR"));
    is("a.par", b"# === DATA DESCRIPTION FILE ======\n#\n", Foreign::ParRec);
    is(
        "a.docx",
        b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml",
        Foreign::Office,
    );
    is("a.svg", b"<?xml version=\"1.0\"?><svg xmlns=\"\"/>", Foreign::Picture("an SVG drawing"));
    is("old.mat", &[0, 0, 0, 0, 64, 0, 0, 0, 1, 0xff], Foreign::Matlab);
    is("meas.dat", &[0, 0, 0, 0, 2, 0, 0, 0, 1, 0xff], Foreign::RawData);
    is("a.trk", b"TRACK\0\x01\0", Foreign::Tracts);
    is("a.zip", &[0x80, 0x13, 0, 0xff, 0x90], Foreign::PieceOfZip);
    is("a.z01", b"PK\x07\x08PK\x03\x04\x14\0", Foreign::PieceOfZip);
    is("a", &[0x80, 0x13, 0, 0xff, 0x90], Foreign::Unknown);
}

#[test]
fn a_pointer_to_a_file_that_is_not_there_is_none_of_its_kind() {
    is("T1w.nii.gz", b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n", Foreign::Pointer);
    is("T1w.nii.gz", b"../../.git/annex/objects/Gq/4j/MD5E-s5--a.nii.gz/MD5E-s5--a.nii.gz", Foreign::Pointer);
    is("T1w.nii", b"/annex/objects/MD5E-s5--a.nii\n", Foreign::Pointer);
}

#[test]
fn voxels_that_begin_like_something_else_are_voxels_where_the_name_says_so() {
    for start in [&b"MZ\x90\0\x03"[..], b"\x80\x03ab", b"\x60\xeaab", b"\xff\x0aab", b"#!\0\x01"] {
        assert_eq!(sniff("t1.img", start), Ok(crate::sniff::FileKind::PairData), "{}", start.escape_ascii());
        assert!(sniff("t1", start).is_err());
    }
    is("disc.img", b"%PDF-1.7\n", Foreign::Pdf);
}

#[test]
fn a_disc_is_known_by_its_descriptor() {
    let mut disc = vec![0; 40_000];
    disc[32_769..32_774].copy_from_slice(b"CD001");
    is("scans.bin", &disc, Foreign::Disc);
}

#[test]
fn every_kind_has_words_that_say_what_to_do_or_that_there_is_nothing_to_do() {
    for (_, _, foreign) in MARKS {
        let words = foreign.to_string();
        assert!(words.starts_with("a ") || words.starts_with("an "), "{words}");
        assert!(words.contains("; ") || words.contains("holds no") || words.contains(", which"), "{words}");
    }
}
