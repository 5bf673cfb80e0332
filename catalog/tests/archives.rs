//! Zips, and zips within zips.

mod made;

use made::{Desk, examination, label, nifti, png, text, zipped};
use protocol::{FIRST_FOUND, FromWorker, Problem};

#[test]
fn a_zipped_study_opens_as_the_study_does() {
    let loose = Desk::default().study(examination("A"));
    let zipped = Desk::default().study([zipped("a.zip", examination("A"))]);
    assert_eq!((zipped.digest, &zipped.name, zipped.size), (loose.digest, &loose.name, loose.size));
}

#[test]
fn a_picture_within_a_zip_is_announced_by_a_name_before_it_opens() {
    let heard = Desk::default().drop([zipped("a.zip", [png("folder/s.png", 20, 16, 1)])]);
    let [FromWorker::Unpacked { file, name }, FromWorker::Opened { file: opened, .. }, ..] = &heard.0[..] else {
        panic!("{heard:?}");
    };
    assert!(file == opened && file.0 > FIRST_FOUND && name == "s.png");
}

#[test]
fn studies_of_two_zips_stay_apart_and_those_of_one_examination_come_together() {
    let heard = Desk::default().drop([zipped("a.zip", examination("A")), zipped("b.zip", examination("B"))]);
    assert_eq!(heard.studies().len(), 2);
    let files = examination("A");
    let (half, rest) = files.split_at(4);
    let heard = Desk::default().drop([zipped("1.zip", half.to_vec()), zipped("2.zip", rest.to_vec())]);
    let [study] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!(study.choices.len(), 3);
}

#[test]
fn a_zip_in_a_zip_opens() {
    let inner = zipped("inner.zip", examination("A"));
    assert_eq!(Desk::default().study([zipped("outer.zip", [inner])]).choices.len(), 3);
}

#[test]
fn zips_within_zips_stop_at_a_depth() {
    let mut file = zipped("0.zip", examination("A"));
    for depth in 1..12 {
        file = zipped(&format!("{depth}.zip"), [file]);
    }
    let heard = Desk::default().drop([file]);
    assert!(heard.studies().is_empty());
    assert!(heard.text().contains("one within the other"), "{}", heard.text());
}

#[test]
fn a_label_within_a_zip_goes_to_the_study_within() {
    let heard = Desk::default().drop([zipped("a.zip", [nifti("flair.nii", true, 1, 0), label("seg.nii", true, &[2])])]);
    assert_eq!(heard.labels()[0].study, heard.studies()[0].study);
}

#[test]
fn the_same_images_in_two_zips_are_doubles() {
    let heard = Desk::default().drop([zipped("a.zip", examination("A")), zipped("b.zip", examination("A"))]);
    let [study] = &heard.studies()[..] else { panic!("{heard:?}") };
    assert_eq!((study.choices.len(), study.size), (3, made::SIZE));
    assert!(heard.text().to_lowercase().contains("another file holds too"), "{}", heard.text());
}

#[test]
fn an_empty_archive_says_so() {
    for file in [zipped("a.zip", []), zipped("b.zip", [zipped("a.zip", [])])] {
        let heard = Desk::default().drop([file]);
        assert!(heard.text().contains("archive is empty"), "{heard:?}");
    }
}

#[test]
fn a_cut_zip_is_refused_by_name() {
    let (name, mut bytes) = zipped("a.zip", examination("A"));
    bytes.truncate(bytes.len() / 2);
    let heard = Desk::default().drop([(name, bytes)]);
    let [Problem::Unreadable { name, why }] = heard.problems()[..] else { panic!("{heard:?}") };
    assert!(name == "a.zip" && why.contains("damaged"), "{why}");
}

#[test]
fn what_cannot_be_read_within_a_zip_is_said_and_the_rest_opens() {
    let mut files = examination("A");
    files[3].1.truncate(600);
    files.push(text("IM_letter", "Dear colleague, dear colleague"));
    files.push(text("T1.mif", "mrtrix image\ndim: 3"));
    let heard = Desk::default().drop([zipped("a.zip", files)]);
    assert_eq!(heard.studies().len(), 1);
    for name in ["A_1_3.dcm", "T1.mif", "IM_letter"] {
        assert!(heard.text().contains(name), "{}", heard.text());
    }
}
