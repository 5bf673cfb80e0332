//! What the page gets when it asks for files of a mask.

mod made;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::{InMemDicomObject, from_reader};
use made::{Desk, examination};
use protocol::{Export, ExportFormat, Figures, FromWorker, Problem, StudyId};
use study::{Budget, Part, unpack};

const FIGURES: Figures = Figures {
    volume_ml: 0.48,
    area_mm2: Some((1, 30.0)),
    axes_mm: Some((1, [5.0, 4.0])),
    laterality: None,
    is_complete: true,
    since: None,
};

fn marks() -> Vec<u8> {
    (0..120).map(|at| u8::from(at % 3 == 0)).collect()
}

fn report() -> Export<Vec<u8>> {
    Export::DicomReport { marks: marks().into(), figures: FIGURES }
}

fn files(
    desk: &mut Desk,
    study: StudyId,
    export: Export<Vec<u8>>,
    deidentified: bool,
) -> Vec<(ExportFormat, InMemDicomObject)> {
    let heard = desk.export(study, export, deidentified);
    let [FromWorker::Exported { format, bytes, .. }] = &heard.0[..] else { panic!("{heard:?}") };
    let bytes = bytes.buffer.to_vec();
    let read = |bytes: &[u8]| from_reader(bytes).unwrap().into_inner();
    if *format != ExportFormat::DicomReport {
        return vec![(*format, read(&bytes))];
    }
    let mut files = Vec::new();
    let took = unpack(&bytes, &mut Budget::default(), |part| {
        let Part::File { name, bytes } = part else { panic!("{part:?}") };
        let format = if name == "report.dcm" { ExportFormat::DicomReport } else { ExportFormat::DicomSeg };
        files.push((format, read(&bytes)));
    });
    took.unwrap();
    files
}

fn text(of: &InMemDicomObject, tag: Tag) -> String {
    of.get(tag).map(|element| element.to_str().unwrap().trim_end_matches('\0').to_owned()).unwrap_or_default()
}

#[test]
fn a_report_comes_with_the_segmentation_that_it_is_about() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A")).study;
    let [(first, segmentation), (second, report)] = &files(&mut desk, study, report(), false)[..] else {
        panic!("not two files")
    };
    assert_eq!([*first, *second], [ExportFormat::DicomSeg, ExportFormat::DicomReport]);
    let evidence = report.get(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE).unwrap().items().unwrap();
    let series = evidence[0].get(tags::REFERENCED_SERIES_SEQUENCE).unwrap().items().unwrap();
    assert_eq!(text(&series[1], tags::SERIES_INSTANCE_UID), text(segmentation, tags::SERIES_INSTANCE_UID));
    assert_ne!(text(report, tags::SOP_INSTANCE_UID), text(segmentation, tags::SOP_INSTANCE_UID));
}

#[test]
fn a_picture_loses_its_opacity_and_says_whether_it_is_named() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A")).study;
    for (named, said) in [(true, "YES"), (false, "NO")] {
        let rgba = vec![1, 2, 3, 255, 4, 5, 6, 255];
        let picture = Export::DicomPicture { size: [2, 1], rgba: rgba.into(), named };
        let files = files(&mut desk, study, picture, false);
        let [(ExportFormat::DicomPicture, file)] = &files[..] else { panic!("no picture") };
        assert_eq!(file.get(tags::PIXEL_DATA).unwrap().to_bytes().unwrap()[..], [1, 2, 3, 4, 5, 6]);
        assert_eq!(text(file, tags::BURNED_IN_ANNOTATION), said);
    }
}

#[test]
fn without_patient_data_files_of_one_session_belong_together_and_those_of_two_do_not() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A")).study;
    let of = |desk: &mut Desk, export| {
        let files = files(desk, study, export, true);
        files.iter().map(|(_, file)| text(file, tags::STUDY_INSTANCE_UID)).collect::<Vec<_>>()
    };
    let reported = of(&mut desk, report());
    let marked = of(&mut desk, Export::DicomLabelMap(marks().into()));
    assert_eq!([&reported[0], &reported[1]], [&marked[0], &marked[0]]);
    assert!(!reported[0].starts_with("1.2."), "{reported:?}");
    // Chance is another one.
    let mut other = Desk::default();
    other.chance(1000);
    let study = other.study(examination("A")).study;
    let files = files(&mut other, study, report(), true);
    assert_ne!(text(&files[0].1, tags::STUDY_INSTANCE_UID), reported[0]);
}

#[test]
fn a_picture_of_another_size_and_probabilities_of_another_study_are_refused() {
    let mut desk = Desk::default();
    let study = desk.study(examination("A")).study;
    let picture = Export::DicomPicture { size: [2, 2], rgba: vec![0; 4].into(), named: false };
    assert!(matches!(desk.export(study, picture, false).problems()[..], [Problem::NotWritten { .. }]));
    let levels = Export::DicomProbabilities(vec![9; 7].into());
    assert_eq!(desk.export(study, levels, false).problems(), [&Problem::MaskSize]);
}
