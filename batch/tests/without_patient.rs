//! Runs that leave patient data out: nothing that they write tells whose a study is, and files of one study still belong together.

mod sample;

use std::fs;
use std::path::{Path, PathBuf};

use dicom_dictionary_std::tags;
use dicom_object::open_file;
use sample::series::{UID_ROOT, WHOSE, content, items, leave, text, write_series};
use sample::{cells, left, said, sample, segment, unpacked};

const WITHOUT: &str = "--without-patient-data";
/// What names of files and folders are made of, dates as tables write them, and words of longer values.
const NAMES: [&str; 6] = ["Doe", "Jane", "JANE", "Rita", "2024-03-17", UID_ROOT];

/// Every file below a folder: its path from there on, and its bytes, unpacked.
fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mut bytes = fs::read(&path).unwrap();
            if path.extension().is_some_and(|ending| ending == "gz") {
                // The header of the packed file could hold a name too.
                bytes.extend(unpacked(&path));
            }
            found.push((path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), bytes));
        }
    }
    found
}

/// What of these values stands in a file below a folder, or in its path.
fn found(root: &Path, values: &[String]) -> Vec<String> {
    let holds = |bytes: &[u8], value: &str| bytes.windows(value.len()).any(|window| window == value.as_bytes());
    let in_file = |(path, bytes): &(String, Vec<u8>)| {
        let held = values.iter().filter(|value| path.contains(value.as_str()) || holds(bytes, value));
        held.map(|value| format!("{value} in {path}")).collect::<Vec<_>>()
    };
    files(root).iter().flat_map(in_file).collect()
}

/// Everything that tells whose the studies in a folder are, the folder's own path included.
fn identifying(input: &Path) -> Vec<String> {
    let values = WHOSE.iter().map(|(_, _, value)| *value).chain(NAMES).map(str::to_owned);
    values.chain([input.display().to_string()]).collect()
}

/// Slices of the sample as NIfTI whose header names the patient.
fn named_nifti() -> Vec<u8> {
    let mut bytes = sample("flair", 2);
    bytes[14..22].copy_from_slice(b"Doe^Jane");
    bytes[148..161].copy_from_slice(b"Jane 19571103");
    bytes
}

#[test]
fn nothing_that_is_written_tells_whose_a_study_is() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("Doe"), folder.path().join("out"));
    // Two examinations of one patient.
    write_series(&input.join("Jane_2024-03-17/a"), "IM_Doe_", 1, &WHOSE);
    write_series(&input.join("Jane_2024-03-17/b"), "IM_Doe_", 2, &WHOSE);
    fs::create_dir_all(input.join("volumes")).unwrap();
    fs::write(input.join("volumes/Jane_flair.nii"), named_nifti()).unwrap();
    fs::create_dir_all(input.join("cut")).unwrap();
    fs::write(input.join("cut/Rita_flair.nii"), &sample("flair", 2)[..5000]).unwrap();

    let run = |more: &[&str]| segment(&input, &out, &[&["--write", "nifti,report"][..], more].concat());
    let first = run(&[WITHOUT]);
    assert_eq!(first.status.code(), Some(1), "{}", said(&first));
    assert_eq!(found(&out, &identifying(&input)), [""; 0]);
    assert_eq!(cells(&out, "study"), ["study-1", "study-2", "study-3", "study-4"]);
    let mut statuses = cells(&out, "status");
    statuses.sort();
    assert_eq!(statuses, ["done", "done", "done", "failed"]);
    assert!(cells(&out, "flair").iter().all(|flair| ["FLAIR", ""].contains(&flair.as_str())));
    assert!(cells(&out, "source").iter().chain(&cells(&out, "date")).all(String::is_empty));

    // Only the run itself says which is which, and why one has no mask.
    let last = said(&first);
    for (study, problem) in cells(&out, "study").into_iter().zip(cells(&out, "problem")) {
        let path = input.display().to_string();
        assert!(last.contains(&format!("{study} ({path}")), "{study}: {last}");
        assert!(problem.is_empty() || problem.contains("the run said why"), "{problem}");
    }
    assert!(last.contains("damaged or cut short"), "{last}");

    // Of a patient everything belongs together.
    let of_dicom: Vec<String> = (1..=4).map(|at| format!("study-{at}")).filter(|name| is_dicom(&out, name)).collect();
    let [one, other] = &of_dicom[..] else { panic!("{of_dicom:?}") };
    let of = |name: &str| {
        let [mask, report] = ["mask", "report"].map(|what| open_file(out.join(format!("{name}_{what}.dcm"))).unwrap());
        let uid = text(&mask, tags::SOP_INSTANCE_UID);
        let content = content(&report);
        let mut references = content.iter().flat_map(|item| items(item, tags::REFERENCED_SOP_SEQUENCE));
        assert!(references.any(|of| text(&of, tags::REFERENCED_SOP_INSTANCE_UID) == uid));
        for tag in [tags::STUDY_INSTANCE_UID, tags::PATIENT_ID] {
            assert_eq!(text(&mask, tag), text(&report, tag));
        }
        assert_eq!(text(&mask, tags::PATIENT_IDENTITY_REMOVED), "YES");
        [text(&mask, tags::PATIENT_ID), text(&mask, tags::STUDY_INSTANCE_UID)]
    };
    let (one, other) = ((one, of(one)), (other, of(other)));
    assert_eq!(one.1[0], other.1[0], "one patient");
    assert_ne!(one.1[1], other.1[1], "two examinations");
    leave("without-patient-data", &input.join("Jane_2024-03-17/a"), &out, one.0);

    // A run that goes on says it again, and one with patient data has no place here.
    let before = files(&out);
    let again = run(&[WITHOUT]);
    assert!(said(&again).contains(&format!("{} (", one.0)) && said(&again).contains("done by an earlier run"));
    assert_eq!(found(&out, &identifying(&input)), [""; 0]);
    let named = run(&[]);
    assert_eq!(named.status.code(), Some(2), "{}", said(&named));
    assert!(said(&named).contains("without patient data; give"), "{}", said(&named));
    assert_eq!(files(&out).len(), before.len());

    // With patient data it is all there, so the above proves something.
    let elsewhere = folder.path().join("elsewhere");
    let named = segment(&input.join("Jane_2024-03-17/a"), &elsewhere, &["--write", "seg"]);
    assert_eq!(named.status.code(), Some(0), "{}", said(&named));
    let held = found(&elsewhere, &identifying(&input));
    for value in WHOSE.iter().map(|(_, _, value)| *value).chain([UID_ROOT, "2024-03-17"]) {
        assert!(held.iter().any(|held| held.starts_with(value)), "{value} is not in {held:?}");
    }
}

/// Whether a study has files of DICOM.
fn is_dicom(out: &Path, study: &str) -> bool {
    out.join(format!("{study}_report.dcm")).is_file()
}

#[test]
fn a_derived_data_set_has_numbers_for_subjects() {
    let folder = tempfile::tempdir().unwrap();
    // `batch/tests/independent.py` validates it.
    let (input, out) = (folder.path().join("Doe"), left("bids/without-patient-data"));
    let at = |path: &str| -> PathBuf {
        let path = input.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    };
    let flair = "sub-Jane/ses-20240317/anat/sub-Jane_ses-20240317_FLAIR.nii";
    fs::write(at(flair), named_nifti()).unwrap();
    fs::write(at("sub-Doe/anat/sub-Doe_T1w.nii"), named_nifti()).unwrap();
    fs::write(at("dataset_description.json"), r#"{"Name": "Doe", "BIDSVersion": "1.10.0"}"#).unwrap();
    let run = segment(&input, &out, &[WITHOUT]);
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert!(said(&run).contains("sub-Doe has no FLAIR"), "{}", said(&run));
    assert_eq!(found(&out, &identifying(&input)), [""; 0]);
    assert_eq!(cells(&out, "study"), ["sub-1", "sub-2"]);
    assert_eq!(cells(&out, "status"), ["refused", "done"]);
    assert!(out.join("sub-2/anat/sub-2_space-orig_label-tumor_mask.nii.gz").is_file());
    assert!(out.join("sub-2/anat/sub-2_space-orig_label-tumor_mask.json").is_file());
    assert!(out.join("dataset_description.json").is_file());
}
