//! What a report refers to and says.

use super::*;
use crate::derived::Secret;
use crate::derived::made::{enhanced, identity, sagittal};
use crate::dicom::text as text_of;
use crate::dicom::{LeftOut, Reading, integer, read_dicom};
use dicom_object::from_reader;
use std::io::Cursor;

const FIGURES: Figures = Figures {
    volume_ml: 12.5,
    area_mm2: Some((2, 345.678)),
    axes_mm: Some((1, [40.25, 30.125])),
    laterality: None,
    is_complete: true,
    since: None,
};

fn parsed(bytes: &[u8]) -> InMemDicomObject {
    from_reader(Cursor::new(bytes)).unwrap().into_inner()
}

fn content(of: &InMemDicomObject) -> Vec<InMemDicomObject> {
    of.get(tags::CONTENT_SEQUENCE).and_then(|element| element.items()).unwrap_or_default().to_vec()
}

/// The items of this concept below another one.
fn named(of: &InMemDicomObject, code: &str) -> Vec<InMemDicomObject> {
    let is = |item: &InMemDicomObject| {
        let name = item.get(tags::CONCEPT_NAME_CODE_SEQUENCE).and_then(|element| element.items()?.first().cloned());
        name.is_some_and(|name| text_of(&name, tags::CODE_VALUE) == code)
    };
    content(of).into_iter().filter(is).collect()
}

fn only(of: &InMemDicomObject, code: &str) -> InMemDicomObject {
    let [item] = &named(of, code)[..] else { panic!("{code} is there more or less than once") };
    item.clone()
}

/// What an image item refers to.
fn reference(item: &InMemDicomObject) -> InMemDicomObject {
    item.get(tags::REFERENCED_SOP_SEQUENCE).unwrap().items().unwrap()[0].clone()
}

fn reported(study: &Composite) -> [InMemDicomObject; 2] {
    reported_of(study, &FIGURES, None)
}

fn reported_of(study: &Composite, figures: &Figures, deidentified: Option<Secret>) -> [InMemDicomObject; 2] {
    let marked: Vec<u8> = (0..study.geometry.voxels()).map(|at| u8::from(at < 20)).collect();
    let first = Identity { deidentified, ..identity() };
    let other = Identity { random: [11, 12, 13, 14], ..first.clone() };
    let Reported { segmentation, report } =
        write_report(study, &marked, figures, Algorithm::Automatic, [&first, &other]).unwrap();
    assert!(
        matches!(read_dicom("a.dcm", &report), Ok(Reading::LeftOut(LeftOut::NoPixels(what))) if what == "a report (SR)")
    );
    [parsed(&segmentation), parsed(&report)]
}

/// A number and its unit.
fn measured(item: &InMemDicomObject) -> (f64, String) {
    let measured = item.get(tags::MEASURED_VALUE_SEQUENCE).unwrap().items().unwrap()[0].clone();
    let unit = measured.get(tags::MEASUREMENT_UNITS_CODE_SEQUENCE).unwrap().items().unwrap()[0].clone();
    (text_of(&measured, tags::NUMERIC_VALUE).parse::<f64>().unwrap(), text_of(&unit, tags::CODE_VALUE))
}

fn group(report: &InMemDicomObject) -> InMemDicomObject {
    only(&only(report, "126010"), "125007")
}

#[test]
fn a_report_says_its_figures_of_the_segment_that_is_written_with_it() {
    let [segmentation, report] = reported(&enhanced());
    let group = group(&report);
    let segment = reference(&only(&group, "121191"));
    assert_eq!(text_of(&segment, tags::REFERENCED_SOP_INSTANCE_UID), text_of(&segmentation, tags::SOP_INSTANCE_UID));
    assert_eq!(integer(&segment, tags::REFERENCED_SEGMENT_NUMBER), Some(1));
    let described = &segmentation.get(tags::SEGMENT_SEQUENCE).unwrap().items().unwrap()[0];
    assert_eq!(text_of(&only(&group, "112040"), tags::UID), text_of(described, tags::TRACKING_UID));
    let figure = |code: &str| measured(&only(&group, code));
    assert_eq!(figure("118565006"), (12.5, "ml".into()));
    assert_eq!(figure("42798000"), (345.678, "mm2".into()));
    assert_eq!(figure("103339001"), (40.25, "mm".into()));
    assert_eq!(figure("103340004"), (30.125, "mm".into()));
    assert_eq!(text_of(&only(&group, "111001"), tags::TEXT_VALUE), "ResUnet++");
    // Slices 0 and 1 are marked, frames 1 and 2.
    let sources = named(&group, "121233");
    let frames: Vec<_> = sources.iter().map(|item| integer(&reference(item), tags::REFERENCED_FRAME_NUMBER)).collect();
    assert_eq!(frames, [Some(1), Some(2)]);
    let of = |code: &str| integer(&reference(&only(&only(&group, code), "121112")), tags::REFERENCED_FRAME_NUMBER);
    assert_eq!([of("42798000"), of("103339001"), of("103340004")], [Some(3), Some(2), Some(2)]);
}

#[test]
fn a_report_says_the_side_in_codes_where_it_is_known() {
    let side = |laterality| {
        let [_, report] = reported_of(&enhanced(), &Figures { laterality, ..FIGURES }, None);
        let site = only(&group(&report), "363698007");
        let sides = named(&site, "272741003");
        let code = |item: &InMemDicomObject| item.get(tags::CONCEPT_CODE_SEQUENCE).unwrap().items().unwrap()[0].clone();
        sides.iter().map(|item| text_of(&code(item), tags::CODE_VALUE)).collect::<Vec<_>>()
    };
    assert_eq!(side(None), Vec::<String>::new());
    assert_eq!(side(Some(Laterality::Left)), ["7771000"]);
    assert_eq!(side(Some(Laterality::Right)), ["24028007"]);
    assert_eq!(side(Some(Laterality::Both)), ["51440002"]);
}

fn followed() -> Figures {
    let since = Since {
        date: Some("20240201".into()),
        days: Some(365),
        ml: 2.5,
        percent: Some(25.0),
        mean_diameter_mm: 2.25,
        mm_per_year: Some((2.5, [-1.5, 6.5])),
        product_percent: Some(12.5),
        new_lesions: Some((1, 0.75)),
        response: "stable disease".into(),
    };
    Figures { since: Some(since.into()), ..FIGURES }
}

#[test]
fn a_report_says_what_changed_since_the_study_before() {
    let [_, report] = reported_of(&enhanced(), &followed(), None);
    let group = group(&report);
    let figure = |code: &str| measured(&only(&group, code));
    for (code, value, unit) in [
        ("128740", 365.0, "d"),
        ("volume-change", 2.5, "ml"),
        ("volume-change-pc", 25.0, "%"),
        ("diameter-change", 2.25, "mm"),
        ("vde", 2.5, "mm/a"),
        ("product-change", 12.5, "%"),
        ("new-lesions", 1.0, "1"),
        ("new-lesions-ml", 0.75, "ml"),
    ] {
        assert_eq!(figure(code), (value, unit.to_owned()), "{code}");
    }
    let velocity = only(&group, "vde");
    assert_eq!(measured(&only(&velocity, "vde-low")).0, -1.5);
    assert_eq!(measured(&only(&velocity, "vde-high")).0, 6.5);
    assert_eq!(text_of(&only(&group, "earlier-date"), tags::DATE), "20240201");
    assert_eq!(text_of(&only(&group, "rano-lgg-2011"), tags::TEXT_VALUE), "stable disease");
    let schemes = report.get(tags::CODING_SCHEME_IDENTIFICATION_SEQUENCE).unwrap().items().unwrap();
    assert_eq!(text_of(&schemes[0], tags::CODING_SCHEME_DESIGNATOR), "99GLIOLENS");
}

#[test]
fn without_patient_data_a_report_has_days_and_no_date() {
    let [_, report] = reported_of(&enhanced(), &followed(), Some(Secret([7; 32])));
    let group = group(&report);
    assert_eq!(named(&group, "earlier-date").len(), 0);
    assert_eq!(measured(&only(&group, "128740")).0, 365.0);
}

#[test]
fn what_is_not_known_is_not_in_a_report() {
    let bare = Since {
        date: None,
        days: None,
        ml: 1.0,
        percent: None,
        mean_diameter_mm: 5.0,
        mm_per_year: None,
        product_percent: None,
        new_lesions: None,
        response: "none".into(),
    };
    let [_, report] = reported_of(&enhanced(), &Figures { since: Some(bare.into()), ..FIGURES }, None);
    let group = group(&report);
    for code in ["128740", "earlier-date", "volume-change-pc", "vde", "product-change", "new-lesions"] {
        assert_eq!(named(&group, code).len(), 0, "{code}");
    }
    assert_eq!(measured(&only(&group, "volume-change")).0, 1.0);
    let [_, alone] = reported(&enhanced());
    assert!(alone.get(tags::CODING_SCHEME_IDENTIFICATION_SEQUENCE).is_none(), "it has no code of our own");
}

#[test]
fn every_file_that_is_referred_to_is_evidence() {
    for study in [enhanced(), sagittal()] {
        let [segmentation, report] = reported(&study);
        let evidence = report.get(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE).unwrap().items().unwrap();
        assert_eq!(text_of(&evidence[0], tags::STUDY_INSTANCE_UID), text_of(&segmentation, tags::STUDY_INSTANCE_UID));
        let series = evidence[0].get(tags::REFERENCED_SERIES_SEQUENCE).unwrap().items().unwrap();
        assert_eq!(text_of(&series[1], tags::SERIES_INSTANCE_UID), text_of(&segmentation, tags::SERIES_INSTANCE_UID));
        let files =
            series.iter().flat_map(|series| series.get(tags::REFERENCED_SOP_SEQUENCE).unwrap().items().unwrap());
        let files: Vec<String> = files.map(|file| text_of(file, tags::REFERENCED_SOP_INSTANCE_UID)).collect();
        let group = group(&report);
        for item in named(&group, "121233").iter().chain(&named(&group, "121191")) {
            assert!(files.contains(&text_of(&reference(item), tags::REFERENCED_SOP_INSTANCE_UID)));
        }
    }
}

#[test]
fn a_slice_that_crosses_the_files_images_names_none() {
    let [_, report] = reported(&sagittal());
    assert_eq!(named(&only(&group(&report), "103339001"), "121112").len(), 0);
}

#[test]
fn of_nothing_marked_there_is_no_report() {
    let (study, identity) = (enhanced(), identity());
    let empty = vec![0; study.geometry.voxels()];
    let written = write_report(&study, &empty, &FIGURES, Algorithm::Automatic, [&identity, &identity]);
    assert_eq!(written, Err(WriteError::Empty));
}
