//! Volumes of research programs as they are dropped: in one file or several, in zips, as labels; and discs of a PACS.

mod made;

use made::{Desk, SIZE, examination, nifti, sequence, text, zipped};

/// Numbers of a volume, another for each `offset`.
fn numbers(offset: u16) -> Vec<u8> {
    let count: u16 = SIZE.iter().product::<usize>() as u16;
    (0..count).flat_map(|at| (7 + offset + (u32::from(at).pow(2) % 997) as u16).to_le_bytes()).collect()
}

fn mha(file: &str, data: &[u8]) -> Vec<u8> {
    let [x, y, z] = SIZE;
    let header = format!(
        "ObjectType = Image\nNDims = 3\nDimSize = {x} {y} {z}\nElementSpacing = 1 1 4\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n\
         Offset = -3 -2 0\nElementType = MET_USHORT\nElementDataFile = {file}\n"
    );
    [header.as_bytes(), data].concat()
}

fn nrrd(more: &str, data: &[u8]) -> Vec<u8> {
    let [x, y, z] = SIZE;
    let header = format!(
        "NRRD0004\ntype: ushort\ndimension: 3\nspace: RAS\nsizes: {x} {y} {z}\nspace directions: (-1,0,0) (0,-1,0) (0,0,4)\n\
         space origin: (3,2,0)\nendian: little\nencoding: raw\n{more}\n"
    );
    [header.as_bytes(), data].concat()
}

#[test]
fn the_same_volume_is_the_same_study_in_every_format() {
    let expected = Desk::default().study([nifti("flair.nii", true, 1, 0)]);
    let files = [
        vec![("flair.mha".to_owned(), mha("LOCAL", &numbers(0)))],
        vec![("flair.mhd".into(), mha("flair.raw", b"")), ("flair.raw".into(), numbers(0))],
        vec![("a/x.raw".into(), numbers(0)), ("a/flair.mhd".into(), mha("x.raw", b""))],
        vec![("flair.nrrd".into(), nrrd("", &numbers(0)))],
        vec![("flair.nhdr".into(), nrrd("data file: ./flair.raw\n", b"")), ("flair.raw".into(), numbers(0))],
    ];
    for files in files {
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        for files in [files.clone(), vec![zipped("a.zip", files)]] {
            let mut desk = Desk::default();
            let info = desk.study(files);
            assert_eq!(
                (info.digest, info.size, info.spacing_mm),
                (expected.digest, expected.size, expected.spacing_mm)
            );
            assert!(info.placed && !info.dicom, "{names:?}");
            assert!(sequence(&info, 1).unwrap().starts_with("flair."), "{names:?}");
        }
    }
}

/// The slices of a volume, a file each, in a folder.
fn slices(offset: u16, name: impl Fn(usize) -> String) -> Vec<made::File> {
    let bytes = 2 * SIZE[0] * SIZE[1];
    numbers(offset).chunks(bytes).enumerate().map(|(at, slice)| (name(at + 1), slice.to_vec())).collect()
}

#[test]
fn a_volume_in_several_files_is_one_whatever_comes_first() {
    let expected = Desk::default().study([nifti("flair.nii", true, 1, 0)]);
    let whole = |files: Vec<made::File>| {
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        let mut desk = Desk::default();
        let heard = desk.drop(files);
        let [info] = heard.studies()[..] else { panic!("{names:?}: {}", heard.text()) };
        assert_eq!((info.digest, info.size, info.spacing_mm), (expected.digest, expected.size, expected.spacing_mm));
        assert!(info.placed && sequence(info, 1).unwrap().starts_with("flair."), "{names:?}");
        assert!(heard.remarks().is_empty() && heard.problems().is_empty(), "{names:?}: {}", heard.text());
    };
    let list =
        |file: &str| (1..=SIZE[2]).map(|at| format!("\n{}", file.replace('#', &at.to_string()))).collect::<String>();
    // Numbers that are called so are known for that by themselves.
    let raw = slices(0, |at| format!("a/s/flair {at}.raw"));
    for header in [
        ("a/flair.nhdr".to_owned(), nrrd(&format!("data file: LIST{}", list("s/flair #.raw")), b"")),
        ("a/flair.mhd".into(), mha(&format!("LIST{}", list("s/flair #.raw")), b"")),
        ("a/flair.mhd".into(), mha("s/flair %d.raw 1 4 1", b"")),
        ("a/s/flair.mhd".into(), mha("elsewhere/flair %d.raw 1 4 1", b"")),
    ] {
        for at in 0..=raw.len() {
            let mut files = raw.clone();
            files.reverse();
            files.insert(at, header.clone());
            whole(files);
        }
    }
    // Whatever the others are called, behind their header they are numbers; an archive is read so that it comes first.
    for name in ["I.%03d", "%d.txt", "slice_%d", "x%d.dcm"] {
        let header = ("b/flair.nhdr".to_owned(), nrrd(&format!("data file: {name} 1 4 1 2"), b""));
        let named =
            |at: usize| format!("b/{}", name.replace("%03d", &format!("{at:03}")).replace("%d", &at.to_string()));
        let files = slices(0, named);
        whole([vec![header.clone()], files.clone()].concat());
        // What accompanies scans is left in its archive.
        if !name.ends_with(".txt") {
            whole(vec![zipped("x.zip", [files, vec![header]].concat())]);
        }
    }
}

#[test]
fn what_is_missing_of_several_files_is_named_and_the_rest_opens() {
    let header = ("flair.nhdr".to_owned(), nrrd("data file: flair_%02d.raw 1 4 1", b""));
    let mut files = slices(0, |at| format!("flair_{at:02}.raw"));
    let third = files.remove(2);
    files.extend([header.clone(), nifti("other.nii", true, 1, 5)]);
    let heard = Desk::default().drop(files.clone());
    assert_eq!(heard.studies().len(), 1, "{}", heard.text());
    let said = "1 of the 4 files that its numbers lie in is missing (flair_03.raw); drop all of them together";
    assert!(heard.text().contains(said), "{}", heard.text());
    // One that is cut short is named as well.
    files.push((third.0, third.1[..40].to_vec()));
    let heard = Desk::default().drop(files);
    assert!(heard.text().contains("flair_03.raw: it has 40 of 60 bytes of data"), "{}", heard.text());
}

#[test]
fn sequences_in_several_files_each_are_one_study() {
    let of = |name: &str, offset: u16| {
        let header = (format!("p/{name}.nhdr"), nrrd(&format!("data file: {name}_%d.raw 1 4 1"), b""));
        [vec![header], slices(offset, |at| format!("p/{name}_{at}.raw"))].concat()
    };
    let info = Desk::default().study([of("flair", 0), of("t1_post", 3), of("t1", 5)].concat());
    let names = [0, 1, 2].map(|at| sequence(&info, at).map(str::to_owned));
    assert_eq!(names, ["t1.nhdr", "flair.nhdr", "t1_post.nhdr"].map(|name| Some(name.to_owned())));
}

#[test]
fn sequences_of_several_formats_are_one_study_and_a_label_is_its_label() {
    let mut marks = numbers(0);
    marks
        .chunks_exact_mut(2)
        .enumerate()
        .for_each(|(at, mark)| mark.copy_from_slice(&u16::from(at == 5).to_le_bytes()));
    let heard = Desk::default().drop([
        ("a_flair.nrrd".into(), nrrd("", &numbers(0))),
        ("a_t1_post.mha".into(), mha("LOCAL", &numbers(3))),
        nifti("a_t1.nii", true, 1, 5),
        ("a_flair.seg.nrrd".into(), nrrd("", &marks)),
    ]);
    let [info] = heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!(sequence(info, 2), Some("a_t1_post.mha"));
    assert_eq!(sequence(info, 0), Some("a_t1.nii"));
    let [label] = &heard.labels()[..] else { panic!("{heard:?}") };
    assert_eq!((label.marks.iter().map(|&mark| usize::from(mark)).sum::<usize>(), label.marks[5]), (1, 1));
}

#[test]
fn half_of_a_pair_says_what_is_missing() {
    let heard = Desk::default().drop([("flair.mhd".into(), mha("other.raw", b""))]);
    assert!(heard.text().contains("its other.raw file is missing; drop both together"), "{}", heard.text());
    let heard = Desk::default().drop([("flair.raw".into(), numbers(0))]);
    assert!(heard.text().contains("its .mhd or .nhdr file is missing"), "{}", heard.text());
    let heard = Desk::default().drop([("flair.nrrd".into(), nrrd("", &numbers(0)[..9]))]);
    assert!(heard.text().contains("NRRD file is damaged or cut short"), "{}", heard.text());
}

#[test]
fn a_file_of_many_volumes_opens_by_number() {
    use protocol::ToWorker;
    let [x, y, z] = SIZE;
    let header = format!(
        "ObjectType = Image\nNDims = 4\nDimSize = {x} {y} {z} 101\nElementSpacing = 1 1 4 1\nElementType = MET_USHORT\n\
         ElementDataFile = LOCAL\n"
    );
    let data = (0..101u16).flat_map(numbers);
    let file = header.bytes().chain(data).collect();
    let mut desk = Desk::default();
    let info = desk.study([("bold.mha".to_owned(), file)]);
    assert_eq!(info.volumes, 101);
    let heard = desk.say(ToWorker::TakeVolume { study: info.study, sequence: 1, number: 101 });
    assert_eq!(sequence(heard.studies()[0], 1), Some("bold.mha, volume 101 of 101"));
}

#[test]
fn compressed_images_are_images() {
    let packed = examination("A").into_iter().map(|(name, bytes)| (format!("{name}.gz"), made::gzipped(&bytes)));
    let info = Desk::default().study(packed);
    assert_eq!((info.size, info.choices.len(), info.dicom), (SIZE, 3, true));
}

#[test]
fn the_table_of_a_disc_is_no_word_worth_beside_its_images() {
    let mut dicomdir = vec![0; 128];
    dicomdir.extend(b"DICM\x02\0\0\0UL\x04\0....\x02\0\x02\0UI\x14\x001.2.840.10008.1.3.10");
    let disc = |more: &[made::File]| {
        let images = examination("A").into_iter().map(|(name, bytes)| (format!("DICOM/{name}"), bytes));
        let files = [("DICOMDIR".to_owned(), dicomdir.clone())].into_iter().chain(images).chain(more.iter().cloned());
        files.collect::<Vec<_>>()
    };
    for files in [disc(&[]), vec![zipped("export.zip", disc(&[]))]] {
        let heard = Desk::default().drop(files);
        assert_eq!(heard.studies().len(), 1);
        assert!(heard.remarks().is_empty() && heard.problems().is_empty(), "{}", heard.text());
    }
    let heard = Desk::default().drop(disc(&[text("viewer/readme.txt", "how to view")]));
    assert!(heard.text().contains("TXT") && !heard.text().contains("DICOMDIR"), "{}", heard.text());
    // By itself it is worth one.
    let heard = Desk::default().drop([("DICOMDIR".to_owned(), dicomdir)]);
    assert!(heard.text().contains("table of contents of a disc"), "{}", heard.text());
}
