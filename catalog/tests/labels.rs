//! Which study a label goes to.

mod made;

use made::{Desk, Heard, Label, examination, label, nifti};
use protocol::{Export, FromWorker, Problem, StudyId};

fn only(heard: &Heard) -> Label {
    let mut labels = heard.labels();
    assert_eq!(labels.len(), 1, "{heard:?}");
    labels.remove(0)
}

/// Exports a mask of a study; the bytes of the file.
fn exported(desk: &mut Desk, study: StudyId, export: Export<Vec<u8>>) -> Vec<u8> {
    let heard = desk.export(study, export, false);
    let Some(FromWorker::Exported { bytes, .. }) = heard.0.first() else { panic!("{heard:?}") };
    bytes.buffer.to_vec()
}

/// A DICOM segmentation of everything.
fn whole() -> Export<Vec<u8>> {
    Export::DicomSeg(vec![1; 120].into())
}

#[test]
fn a_label_goes_to_the_study_that_it_is_dropped_with() {
    let mut desk = Desk::default();
    let a = desk.study([nifti("a_flair.nii", false, 1, 0)]);
    desk.on_screen = Some(a.study);
    let heard = desk.drop([nifti("b_flair.nii", false, 1, 0), label("b_seg.nii", false, &[3])]);
    let given = only(&heard);
    assert_eq!((given.study, given.also_fits), (heard.studies()[0].study, 1));
}

#[test]
fn labels_of_two_patients_go_to_their_own_studies() {
    let files = |order: [&str; 2]| {
        let volumes = order.map(|patient| nifti(&format!("{patient}_flair.nii"), true, 1, 0));
        let labels = ["a", "b"].map(|patient| label(&format!("{patient}_seg.nii"), true, &[3]));
        [volumes, labels].concat()
    };
    for order in [["a", "b"], ["b", "a"]] {
        let heard = Desk::default().drop(files(order));
        let of = |patient: &str| heard.studies().iter().find(|study| study.name.starts_with(patient)).unwrap().study;
        let given: Vec<StudyId> = heard.labels().iter().map(|label| label.study).collect();
        assert_eq!(given, [of("a"), of("b")]);
    }
}

#[test]
fn a_label_of_no_place_goes_to_the_study_on_screen() {
    let mut desk = Desk::default();
    let a = desk.study([nifti("a_flair.nii", false, 1, 0)]);
    let b = desk.study([nifti("b_flair.nii", false, 1, 0)]);
    for study in [a.study, b.study, a.study] {
        desk.on_screen = Some(study);
        let given = only(&desk.drop([label("seg.nii", false, &[3])]));
        assert_eq!((given.study, given.also_fits), (study, 1));
    }
}

#[test]
fn with_nothing_on_screen_the_newest_that_fits_is_taken_and_said() {
    let mut desk = Desk::default();
    desk.study([nifti("a_flair.nii", false, 1, 0)]);
    let b = desk.study([nifti("b_flair.nii", false, 1, 0)]);
    assert_eq!(only(&desk.drop([label("seg.nii", false, &[3])])).study, b.study);
}

#[test]
fn a_label_with_a_place_passes_over_a_study_of_another_place() {
    let mut desk = Desk::default();
    let placed = desk.study([nifti("a_flair.nii", true, 1, 0)]);
    let other = desk.study([nifti("b_flair.nii", false, 1, 0)]);
    desk.on_screen = Some(other.study);
    let given = only(&desk.drop([label("seg.nii", true, &[3])]));
    assert_eq!((given.study, given.also_fits), (placed.study, 0));
}

#[test]
fn the_marks_lie_on_the_slices_of_the_study() {
    let mut desk = Desk::default();
    desk.study([nifti("flair.nii", true, 1, 0)]);
    let given = only(&desk.drop([label("seg.nii", true, &[0, 31, 119])]));
    let marked: Vec<usize> = (0..120).filter(|&at| given.marks[at] == 1).collect();
    assert_eq!(marked, [0, 31, 119]);
    assert!(!given.own);
}

#[test]
fn a_label_of_another_size_fits_none_and_the_reason_is_that_of_the_study_on_screen() {
    let mut desk = Desk::default();
    let a = desk.study([nifti("flair.nii", false, 1, 0)]);
    desk.on_screen = Some(a.study);
    let seg = (
        "seg.nii".to_owned(),
        made::nifti_bytes([3, 3, 2], 1, false, vec![0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    );
    let heard = desk.drop([seg]);
    let [Problem::LabelFitsNone { name, why }] = &heard.problems()[..] else { panic!("{heard:?}") };
    assert!(name == "seg.nii" && why.contains("6 × 5 × 4"), "{why}");
}

#[test]
fn a_label_of_the_same_size_at_another_place_fits_none() {
    let (name, mut shifted) = label("seg.nii", true, &[3]);
    shifted[292..296].copy_from_slice(&9f32.to_le_bytes());
    let heard = Desk::default().drop([nifti("flair.nii", true, 1, 0), (name, shifted)]);
    assert!(heard.labels().is_empty() && heard.text().contains("lies elsewhere"), "{}", heard.text());
}

#[test]
fn a_label_by_itself_asks_for_its_study() {
    let heard = Desk::default().drop([label("seg.nii", true, &[3])]);
    assert_eq!(heard.problems(), [&Problem::LabelWithoutStudy { name: "seg.nii".into() }]);
}

#[test]
fn a_label_before_its_study_waits_for_the_end_of_the_drop() {
    let heard = Desk::default().drop([label("a_seg.nii", true, &[3]), nifti("flair.nii", true, 1, 0)]);
    assert_eq!(only(&heard).study, heard.studies()[0].study);
}

#[test]
fn the_label_of_a_closed_study_finds_no_study() {
    let mut desk = Desk::default();
    let a = desk.study([nifti("flair.nii", true, 1, 0)]);
    desk.close(a.study);
    assert!(matches!(desk.drop([label("seg.nii", true, &[3])]).problems()[..], [Problem::LabelWithoutStudy { .. }]));
}

#[test]
fn an_exported_mask_comes_back_as_a_mask_in_every_format() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A"));
    let mut marks = vec![0; 120];
    [1, 40, 41, 119].iter().for_each(|&at: &usize| marks[at] = 1);
    let numbers = || marks.clone().into();
    let levels = marks.iter().map(|mark| mark * 13).collect::<Vec<u8>>().into();
    for export in [
        Export::Nifti(numbers()),
        Export::DicomSeg(numbers()),
        Export::DicomLabelMap(numbers()),
        // The threshold is 0.03, and 13 / 255 is more.
        Export::DicomProbabilities(levels),
    ] {
        let name = if matches!(export, Export::Nifti(_)) { "mask.nii.gz" } else { "mask.dcm" };
        let bytes = exported(&mut desk, study.study, export);
        let given = only(&desk.drop([(name.to_owned(), bytes)]));
        assert_eq!(given, Label { study: study.study, own: true, also_fits: 0, marks: marks.clone() });
    }
}

#[test]
fn a_segmentation_never_goes_to_another_patient() {
    let mut desk = Desk::default();
    let a = desk.study(examination("A"));
    let b = desk.study(examination("B"));
    desk.on_screen = Some(b.study);
    let seg = exported(&mut desk, a.study, whole());
    assert_eq!(only(&desk.drop([("mask.dcm".to_owned(), seg.clone())])).study, a.study);
    desk.close(a.study);
    let heard = desk.drop([("mask.dcm".to_owned(), seg)]);
    assert!(matches!(heard.problems()[..], [Problem::LabelFitsNone { .. }]), "{heard:?}");
}

#[test]
fn a_segmentation_says_at_which_threshold_it_was_drawn() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A"));
    let seg = exported(&mut desk, study.study, whole());
    let words = b"Probability threshold 0.03";
    assert!(seg.windows(words.len()).any(|bytes| bytes == words));
}

#[test]
fn two_exports_have_identifiers_of_their_own() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A"));
    let mut write = || exported(&mut desk, study.study, whole());
    assert_ne!(write(), write());
}

#[test]
fn masks_of_another_size_and_studies_without_dicom_are_refused() {
    let mut desk = Desk::default();
    let study = desk.study([nifti("flair.nii", true, 1, 0)]);
    assert_eq!(desk.export(study.study, Export::Nifti(vec![1; 7].into()), false).problems(), [&Problem::MaskSize]);
    let heard = desk.export(study.study, whole(), false);
    assert!(matches!(heard.problems()[..], [Problem::NotWritten { .. }]), "{heard:?}");
    assert!(desk.export(StudyId(99), Export::Nifti(vec![].into()), false).0.is_empty());
}
