//! Headers among what was found, and the files of their numbers: these are read with their header, whatever they are called.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use study::{FileKind, GridFormat, data_files, is_called_a_header, place, places, sniff};

use crate::files::{Found, Kind};

/// Bytes that a header with a list of files may have.
const HEADER_BYTES: u64 = 1 << 23;

/// What was found less the files that a header names, and these by the path of their header.
pub fn headed(found: Vec<Found>) -> (Vec<Found>, BTreeMap<PathBuf, Vec<Found>>) {
    let mut owners: BTreeMap<String, PathBuf> = BTreeMap::new();
    for header in &found {
        for place in places(&header.below, &names(header)).into_keys() {
            owners.entry(place).or_insert_with(|| header.path.clone());
        }
    }
    let mut parts: BTreeMap<PathBuf, Vec<Found>> = BTreeMap::new();
    let mut others = Vec::new();
    for found in found {
        match owners.get(&place(&found.below)) {
            Some(header) if *header != found.path => parts.entry(header.clone()).or_default().push(found),
            _ => others.push(found),
        }
    }
    (others, parts)
}

/// The files that a header names; none where it is no header. What is wrong with it is said once it is read.
fn names(found: &Found) -> Vec<String> {
    let mut bytes = Vec::new();
    if found.kind != Kind::Volume
        || !is_called_a_header(&found.below)
        || File::open(&found.path).and_then(|file| file.take(HEADER_BYTES).read_to_end(&mut bytes)).is_err()
    {
        return Vec::new();
    }
    let format = match sniff(&found.below, &bytes) {
        Ok(FileKind::Nrrd) => GridFormat::Nrrd,
        Ok(FileKind::MetaImage) => GridFormat::MetaImage,
        _ => return Vec::new(),
    };
    data_files(format, &bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::files;

    #[test]
    fn files_go_where_their_header_goes() {
        let folder = tempfile::tempdir().unwrap();
        let header = |files: &str| {
            format!("NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: {files}\n")
        };
        for (name, content) in [
            ("a/flair.nhdr", header("s/I.%03d 1 2 1")),
            ("a/s/I.001", "abcd".into()),
            ("a/s/I.002", "abcd".into()),
            ("b/t1.nhdr", header("LIST\n/elsewhere/1.txt\n2.txt")),
            ("b/1.txt", "1 2 3 4".into()),
            ("b/3.txt", "1 2 3 4".into()),
            ("b/t2.nhdr", header("LIST\n1.txt")),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let found = files::below(folder.path(), &folder.path().join("out")).unwrap();
        let below = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        let found = found.into_iter().map(|path| files::found(path.clone(), below(&path))).collect();
        let (others, parts) = headed(found);
        let named = |found: &[Found]| found.iter().map(|found| found.below.clone()).collect::<Vec<_>>();
        assert_eq!(named(&others), ["a/flair.nhdr", "b/3.txt", "b/t1.nhdr", "b/t2.nhdr"]);
        let parts: Vec<_> = parts.iter().map(|(header, parts)| (below(header), named(parts))).collect();
        assert_eq!(
            parts,
            [
                ("a/flair.nhdr".to_owned(), vec!["a/s/I.001".to_owned(), "a/s/I.002".into()]),
                ("b/t1.nhdr".into(), vec!["b/1.txt".into()])
            ]
        );
    }
}
