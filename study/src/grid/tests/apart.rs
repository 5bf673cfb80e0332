//! Headers whose numbers lie in several files. SimpleITK 2.5.7 reads the same numbers in the same bytes, but for what it does not
//! read: bzip2, an empty line in a list, files that are compressed where the header says that they are raw. pynrrd reads none.

use super::*;

/// The numbers in so many files, each written by `encode`.
fn parted(count: usize, encode: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Vec<u8>> {
    data(false).chunks(24 / count).map(encode).collect()
}

/// Whole numbers in digits.
fn digits(bytes: &[u8]) -> Vec<u8> {
    let numbers = bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]).to_string());
    numbers.collect::<Vec<_>>().join("\n").into_bytes()
}

#[test]
fn the_numbers_of_an_nrrd_header_lie_in_several_files_in_every_encoding() {
    let behind = |before: &'static [u8]| move |bytes: &[u8]| [before, bytes].concat();
    type Encode = Box<dyn Fn(&[u8]) -> Vec<u8>>;
    let encodings: [(&str, Encode); 9] = [
        ("raw", Box::new(|bytes| bytes.to_vec())),
        // As a whole, which the header does not say.
        ("raw", Box::new(gzipped)),
        ("gzip", Box::new(gzipped)),
        ("bzip2", Box::new(bzipped)),
        ("ascii", Box::new(digits)),
        ("raw\nbyte skip: 3", Box::new(behind(b"abc"))),
        ("raw\nbyte skip: -1", Box::new(behind(b"whatever"))),
        ("raw\nline skip: 2\nbyte skip: 1", Box::new(behind(b"one\ntwo\nx"))),
        ("gzip\nline skip: 1", Box::new(|bytes| [&b"one\n"[..], &gzipped(bytes)].concat())),
    ];
    for (encoding, encode) in encodings {
        for (line, count) in [
            ("LIST\nb.raw\na/c.raw", 2),
            ("LIST 1\na\nb\nc\nd\ne\nf\n\n", 6),
            ("LIST 3\na\nb", 2),
            ("I.%03d 9 10 1", 2),
            ("I.%d 10 0 -2 1", 6),
        ] {
            let header = |header: String| {
                let header = header.replace("encoding: raw", &format!("encoding: {encoding}"));
                format!("{header}data file: {line}")
            };
            let header = header(NRRD.into()).into_bytes();
            let files = data_files(GridFormat::Nrrd, &header).unwrap();
            assert_eq!(files.len(), count, "{line}");
            let (series, warnings) = one(GridFormat::Nrrd, &header, &parted(count, &encode));
            assert_eq!((values(&series), &warnings[..]), (expected(), &[][..]), "{encoding}, {line}");
            assert_affine(&series, OBLIQUE);
        }
    }
}

#[test]
fn the_numbers_of_a_meta_image_lie_in_several_files() {
    let plain = |header: String| header;
    let packed = |header: String| header.replace("CompressedData = False", "CompressedData = True");
    let skipped = |header: String| format!("{header}HeaderSize = 2\n");
    for (line, count, names) in [
        ("LIST\nb.raw\nsub/a 1.raw\n", 2, ["b.raw", "sub/a 1.raw"]),
        ("LIST 2\nb.raw\na.raw\nwhat follows", 2, ["b.raw", "a.raw"]),
        ("LIST 1\na\nb\nc\nd\ne\nf", 6, ["a", "f"]),
        ("s%02d.raw 1 3 2", 2, ["s01.raw", "s03.raw"]),
        ("s%02d.raw", 2, ["s01.raw", "s02.raw"]),
        ("s%d.raw 7", 2, ["s7.raw", "s8.raw"]),
        ("my slice %d.raw 1 2 1", 2, ["my slice 1.raw", "my slice 2.raw"]),
    ] {
        let files = data_files(GridFormat::MetaImage, &meta(plain, line, b"")).unwrap();
        assert_eq!(
            (files.len(), [files.first(), files.last()]),
            (count, names.map(str::to_owned).each_ref().map(Some))
        );
        for (header, data) in [
            (meta(plain, line, b""), parted(count, <[u8]>::to_vec)),
            (meta(plain, line, b""), parted(count, gzipped)),
            (meta(packed, line, b""), parted(count, zlib)),
            (meta(skipped, line, b""), parted(count, |bytes| [&b"ab"[..], bytes].concat())),
        ] {
            assert_eq!(values(&one(GridFormat::MetaImage, &header, &data).0), expected(), "{line}");
        }
    }
}

#[test]
fn what_is_wrong_with_several_files_is_said() {
    let said = |format, header: &[u8], data: &[Vec<u8>]| read_grid(format, "a", header, data).unwrap_err().to_string();
    let header = |line: &str| format!("{NRRD}data file: {line}").into_bytes();
    let list = header("LIST\na.raw\nb.raw");
    assert!(said(GridFormat::Nrrd, &list, &[]).contains("lie in 2 files (a.raw, b.raw); drop all of them together"));
    let mut files = parted(2, <[u8]>::to_vec);
    files[1].pop();
    assert!(said(GridFormat::Nrrd, &list, &files).contains("(b.raw: it has 11 of 12 bytes of data)"));
    let gzip = String::from_utf8(list).unwrap().replace("encoding: raw", "encoding: gzip").into_bytes();
    for cut in [0, 1] {
        let mut files = parted(2, gzipped);
        files[cut].truncate(18);
        let said = said(GridFormat::Nrrd, &gzip, &files);
        assert!(said.contains(["(a.raw: ", "(b.raw: "][cut]), "{said}");
    }
    for (line, why) in [
        ("LIST\na\nb\nc", "3 files where its sides make 2"),
        ("LIST 3\na\nb\nc", "3 files where"),
        ("LIST", "0 files"),
        ("LIST 4\na", "of 4 dimensions"),
        ("LIST 0\na", "of 0 dimensions"),
        ("LIST -1\na", "of 0 dimensions"),
        ("LIST\na\na", "a twice"),
        ("LIST x\na", "does not say which files"),
        ("I.%d 1 2", "does not say which files"),
        ("I.%d 1 3 1", "3 files where"),
        ("I.%d 1 2 0", "by steps of 0"),
        ("I.%d 1 9999999999 1", "numbered from 1"),
    ] {
        let said = said(GridFormat::Nrrd, &header(line), &[]);
        assert!(said.contains(why) && said.contains("; download or copy it again"), "{line}: {said}");
    }
    for (line, why) in [("LIST\na", "1 files where"), ("s%d %d 1 2 1", "no place for one"), ("s%d 1 x 1", "no number")]
    {
        let said = said(GridFormat::MetaImage, &meta(|header| header, line, b""), &[]);
        assert!(said.contains(why), "{line}: {said}");
    }
    // A name with a sign that is no pattern.
    assert_eq!(data_files(GridFormat::Nrrd, &header("100%.raw")), Ok(vec!["100%.raw".into()]));
}
