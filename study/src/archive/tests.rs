//! Made archives, whole, damaged and deep.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;
use crate::layers::gzipped;

/// What the archives of other methods hold: without a run that Deflate64 encodes in another way.
const CONTENT: &[u8] = b"slices slices slices slices slices slices slices slices slices slices \
    slices slices slices slices slices slices slices slices slices slices ";

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, name, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

/// A zip archive of one file whose compressed bytes are given.
fn zip_by(method: u16, compressed: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(CONTENT);
    let mut common = vec![63, 0, 0, 0];
    common.extend(method.to_le_bytes());
    common.extend([0; 4]);
    common.extend(sum.sum().to_le_bytes());
    common.extend((compressed.len() as u32).to_le_bytes());
    common.extend((CONTENT.len() as u32).to_le_bytes());
    common.extend([5, 0, 0, 0]);
    let local = [b"PK\x03\x04", &common[..], b"a.dcm", compressed].concat();
    let central = [b"PK\x01\x02\x3f\0", &common[..], &[0; 14], b"a.dcm"].concat();
    let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    end.extend((central.len() as u32).to_le_bytes());
    end.extend((local.len() as u32).to_le_bytes());
    end.extend([0, 0]);
    [local, central, end].concat()
}

fn parts(bytes: &[u8]) -> Result<Vec<Part>, ArchiveError> {
    let mut parts = Vec::new();
    unpack(bytes, &mut Budget::default(), |part| parts.push(part)).map(|()| parts)
}

fn file(name: &str, bytes: &[u8]) -> Part {
    Part::File { name: name.into(), bytes: bytes.to_vec() }
}

fn refusal(part: &Part) -> &ArchiveError {
    match part {
        Part::Refused { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_come_out_and_bystanders_are_only_named() {
    let files: [(&str, &[u8]); 4] =
        [("study/1.dcm", b"one"), ("__MACOSX/study/._1.dcm", b"x"), ("DICOMDIR", b"y"), ("study/a\\2.dcm", b"two")];
    let bystander = |name: &str| Part::Bystander { name: name.into() };
    let expected = vec![
        file("study/1.dcm", b"one"),
        bystander("__MACOSX/study/._1.dcm"),
        bystander("DICOMDIR"),
        file("study/a/2.dcm", b"two"),
    ];
    assert_eq!(parts(&zipped(&files)), Ok(expected));
    let expected = vec![file("1.dcm", b"one"), bystander("README"), file("b/2.dcm", b"two")];
    let tar = tarred(&[("1.dcm", b"one"), ("README", b"x"), ("b/2.dcm", b"two")]);
    assert_eq!(parts(&tar).as_ref(), Ok(&expected));
    assert_eq!(parts(&gzipped(&tar)).as_ref(), Ok(&expected));
    assert_eq!(parts(&compress_to_vec(&tar[..], CompressionLevel::Fastest)).as_ref(), Ok(&expected));
}

#[test]
fn every_method_with_a_decoder_is_read() {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    // In pieces, so that no match is of 258 bytes, which Deflate64 spells otherwise.
    for piece in CONTENT.chunks(64) {
        deflated.write_all(piece).unwrap();
        deflated.flush().unwrap();
    }
    let deflated = deflated.finish().unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(CONTENT).unwrap();
    let bzip2 = bzip2.finish().unwrap();
    let zstd = compress_to_vec(CONTENT, CompressionLevel::Fastest);
    // By Python's lzma of the same content; the header in front names version, length and properties.
    let lzma = [&b"\x09\x14\x05\0\x5d\0\x10\0\0"[..], LZMA].concat();
    for (method, compressed) in
        [(8, &deflated), (9, &deflated), (12, &bzip2), (14, &lzma), (93, &zstd), (95, &XZ.to_vec())]
    {
        assert_eq!(parts(&zip_by(method, compressed)), Ok(vec![file("a.dcm", CONTENT)]), "method {method}");
        let mut damaged = compressed.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0x10;
        let found = parts(&zip_by(method, &damaged)).unwrap();
        assert!(matches!(refusal(&found[0]), ArchiveError::Damaged(_)), "method {method}: {found:?}");
    }
    for (method, name) in [(1, "Shrink"), (6, "Implode"), (98, "PPMd"), (1234, "an unknown method")] {
        let found = parts(&zip_by(method, CONTENT)).unwrap();
        assert_eq!(refusal(&found[0]), &ArchiveError::Method(name));
    }
    // A window of 4 GiB is not reserved.
    let claim = [&b"\x09\x14\x05\0\x5d\xff\xff\xff\xff"[..], LZMA].concat();
    assert_eq!(parts(&zip_by(14, &claim)), Err(ArchiveError::TooLarge));
}

const LZMA: &[u8] = b"\x00\x39\x9b\x09\x60\xc4\xa5\xb5\xb0\x33\x18\x92\x84\xa3\xff\xff\xdc\x55\x00\x00";
const XZ: &[u8] = b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00\x8b\x00\x0e\x5d\x00\x39\x9b\x09\x60\xc4\xa5\xb5\xb0\x33\x18\x46\xa8\x00\x00\x00\x00\x00\xa5\xa1\x9e\xb5\x1c\x24\xfe\xb9\x00\x01\x2a\x8c\x01\x00\x00\x00\x7b\xc8\xc8\xa9\xb1\xc4\x67\xfb\x02\x00\x00\x00\x00\x04\x59\x5a";

#[test]
fn archives_within_are_walked_to_a_stated_depth() {
    let inner = zipped(&[("1.dcm", b"one"), ("2.dcm.gz", &gzipped(b"two"))]);
    let middle = gzipped(&tarred(&[("in.zip", &inner)]));
    let outer = zipped(&[("mid.tgz", &middle), ("3.dcm", b"three")]);
    let expected =
        vec![file("mid.tgz/in.zip/1.dcm", b"one"), file("mid.tgz/in.zip/2.dcm", b"two"), file("3.dcm", b"three")];
    assert_eq!(parts(&outer), Ok(expected));
    let deeper = zipped(&[("outer.zip", &outer)]);
    let found = parts(&deeper).unwrap();
    let refused = Part::Refused { name: "outer.zip/mid.tgz/in.zip".into(), why: ArchiveError::Nested };
    assert_eq!(found, [refused, file("outer.zip/3.dcm", b"three")]);
    // However often it holds another, it ends.
    let endless = (0..200).fold(inner, |bytes, _| zipped(&[("again.zip", &bytes)]));
    let name = "again.zip/again.zip/again.zip".to_owned();
    assert_eq!(parts(&endless), Ok(vec![Part::Refused { name, why: ArchiveError::Nested }]));
}

#[test]
fn a_bomb_stops_at_the_limit() {
    // 4 MiB of zeros in a few kilobytes.
    let bomb = zipped(&[("zeros", &vec![0; 1 << 22])]);
    assert!(bomb.len() < 1 << 14);
    assert_eq!(unpack(&bomb, &mut Budget::new(1 << 20, 10), drop), Err(ArchiveError::TooLarge));
}

#[test]
fn one_budget_goes_through_all_archives() {
    let inner = zipped(&[("1.dcm", &[1; 400])]);
    let outer = zipped(&[("a.zip", &inner), ("b.zip", &inner), ("c.zip", &inner)]);
    let left = |bytes: u64, files: usize| {
        let mut count = 0;
        let mut budget = Budget::new(bytes, files);
        let first = unpack(&outer, &mut budget, |part| count += usize::from(matches!(part, Part::File { .. })));
        (first, count)
    };
    let of_one = inner.len() as u64 + 400;
    assert_eq!(left(3 * of_one, 6), (Ok(()), 3));
    assert_eq!(left(3 * of_one - 1, 6), (Err(ArchiveError::TooLarge), 2));
    assert_eq!(left(3 * of_one, 5), (Err(ArchiveError::TooLarge), 2));
    // The next archive of the drop goes on where this one ended.
    let mut budget = Budget::new(4 * of_one, 100);
    assert_eq!(unpack(&outer, &mut budget, drop), Ok(()));
    assert_eq!(unpack(&outer, &mut budget, drop), Err(ArchiveError::TooLarge));
}

#[test]
fn every_truncation_is_an_error_and_never_a_panic() {
    let bytes = zipped(&[("a.dcm", &[7; 300]), ("b.dcm", b"two")]);
    (0..bytes.len()).for_each(|length| assert!(parts(&bytes[..length]).is_err(), "{length}"));
    let bytes = tarred(&[("a.dcm", &[7; 300]), ("b.dcm", &[8; 300])]);
    for length in (0..bytes.len()).step_by(7) {
        let whole = parts(&bytes[..length]).is_ok_and(|parts| parts.len() == 2);
        assert!(!whole || length >= 512 * 3 + 300, "{length}");
    }
}

#[test]
fn files_of_one_name_are_counted() {
    let mut bytes = zipped(&[("a.dcm", b"first"), ("b.dcm", b"second"), ("c.dcm", b"third")]);
    for at in 0..bytes.len() - 5 {
        if bytes[at + 1..].starts_with(b".dcm") {
            bytes[at] = b'a';
        }
    }
    let parts = parts(&bytes).unwrap();
    let [Part::Refused { name, why: ArchiveError::SameNames }, Part::File { .. }] = &parts[..] else {
        panic!("{parts:?}")
    };
    assert_eq!(name, "2 more files");
}

#[test]
fn a_password_is_said() {
    let mut bytes = zipped(&[("secret.dcm", b"hidden")]);
    // The lowest bit of the flags, in the local and in the central header, says that a file is encrypted.
    bytes[6] |= 1;
    let central = bytes.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    bytes[central + 8] |= 1;
    assert_eq!(refusal(&parts(&bytes).unwrap()[0]), &ArchiveError::Password);
}

#[test]
fn one_damaged_file_does_not_take_the_others_along() {
    let mut bytes = zipped(&[("a.dcm", b"one"), ("b.dcm", b"two")]);
    let at = bytes.windows(5).position(|at| at == b"a.dcm").unwrap() + 5;
    bytes[at] ^= 0xff;
    let found = parts(&bytes).unwrap();
    assert!(matches!(refusal(&found[0]), ArchiveError::Damaged(_)));
    assert_eq!(found[1], file("b.dcm", b"two"));
}
