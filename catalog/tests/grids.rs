//! Volumes of research programs as they are dropped: in one file or two, in zips, as labels; and discs of a PACS.

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
