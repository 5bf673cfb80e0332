//! The program on a DICOM series: a segmentation and the report that refers to it.

mod sample;

use dicom_dictionary_std::tags;
use dicom_object::{InMemDicomObject, open_file};
use sample::series::{WHOSE, content, items, leave, named, text, write_series};
use sample::{cells, said, segment};

#[test]
fn a_report_lies_beside_the_segmentation_that_it_refers_to() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    write_series(&input, "", 1, &WHOSE);
    let run = segment(&input, &out, &["--write", "report,seg"]);
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));

    let [mask] = &named(&out, "_mask.dcm")[..] else { panic!("{:?}", named(&out, "")) };
    let [report] = &named(&out, "_report.dcm")[..] else { panic!("{:?}", named(&out, "")) };
    let uid = text(&open_file(mask).unwrap(), tags::SOP_INSTANCE_UID);
    let report = open_file(report).unwrap();
    let content = content(&report);
    let mut references = content.iter().flat_map(|item| items(item, tags::REFERENCED_SOP_SEQUENCE));
    let referenced = references.any(|of| text(&of, tags::REFERENCED_SOP_INSTANCE_UID) == uid);
    assert!(referenced, "the report refers to the segmentation beside it");

    let measured = |code: &str| -> f64 {
        let of = |item: &&InMemDicomObject| {
            items(item, tags::CONCEPT_NAME_CODE_SEQUENCE).iter().any(|name| text(name, tags::CODE_VALUE) == code)
        };
        let item = content.iter().find(of).unwrap();
        let value = &items(item, tags::MEASURED_VALUE_SEQUENCE)[0];
        value.element(tags::NUMERIC_VALUE).unwrap().to_float64().unwrap()
    };
    let volume: f64 = cells(&out, "volume_ml")[0].parse().unwrap();
    assert!(volume > 1.0 && (measured("118565006") - volume).abs() < 0.01, "{volume}");
    assert!(measured("42798000") > measured("103339001"), "an area and its long axis");
    assert!(measured("103339001") >= measured("103340004"));
    leave("with-patient-data", &input, &out, &cells(&out, "study")[0]);
}
