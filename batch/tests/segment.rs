//! The program on the sample study: its mask against the engine's, a bad study beside it, going on, and what is in the way.

mod sample;

use std::fs;
use std::path::{Path, PathBuf};

use imaging::{GridSize, without_small_parts};
use pollster::block_on;
use protocol::FileId;
use sample::desk::{opened, segmenter};
use sample::{cells, labels, left, said, segment};
use study::{Composite, pack};

/// Slices that are kept of the sample: the network takes a while for each.
const SLICES: usize = 6;

fn sample(sequence: &str) -> Vec<u8> {
    sample::sample(sequence, SLICES)
}

fn write_sample(folder: &Path, name: impl Fn(&str) -> String) {
    sample::write_sample(folder, SLICES, name);
}

/// What the catalog, as the page's worker asks it, and the engine say of the sample, slice by slice, as the page puts it
/// together.
fn expected() -> Vec<u8> {
    let (mut catalog, study, first) = opened(SLICES);
    let segmenter = segmenter();
    let slices = (first.0..).map_while(|id| catalog.slice(FileId(id)));
    let mut marked = Vec::new();
    for open in slices {
        let prepared = segmenter.prepare_in(&open.slice, &open.surroundings);
        let encoded = block_on(segmenter.encode(&prepared)).unwrap();
        let (width, height) = (open.slice.width(), open.slice.height());
        let mask = match segmenter.is_empty(encoded.presence()) {
            true => vec![false; width * height],
            false => {
                let map = block_on(segmenter.decode(encoded)).unwrap();
                map.mask(segmenter.manifest().threshold).into_pixels()
            }
        };
        marked.extend(mask);
    }
    let kept = without_small_parts(&marked, GridSize::new(256, 256, SLICES));
    let composite: Composite = catalog.take_study(study).unwrap();
    composite.to_source(&kept.into_iter().map(u8::from).collect::<Vec<_>>())
}

#[test]
fn a_folder_is_segmented_as_the_page_does_and_a_run_goes_on_where_one_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    write_sample(&input.join("p1"), |sequence| format!("a_{sequence}.nii"));
    fs::create_dir_all(input.join("p2")).unwrap();
    fs::write(input.join("p2/b_flair.nii"), &sample("flair")[..5000]).unwrap();
    let run = || segment(&input, &out, &["--jobs", "2", "--write", "nifti,seg"]);

    let first = run();
    assert_eq!(first.status.code(), Some(1), "{}", said(&first));
    assert!(said(&first).contains("not segmented:") && said(&first).contains("p2_b_flair"), "{}", said(&first));
    assert_eq!(cells(&out, "study"), ["p1_a_flair", "p2_b_flair"]);
    assert_eq!(cells(&out, "status"), ["done", "failed"]);
    assert!(cells(&out, "problem")[1].contains("damaged or cut short"), "{:?}", cells(&out, "problem"));
    assert!(cells(&out, "remarks")[0].contains("no DICOM segmentation was written"));
    let mask = out.join("p1_a_flair_mask.nii.gz");
    let found = labels(&mask);
    assert_eq!(found, expected(), "another mask than slice by slice");
    let voxels = found.iter().filter(|&&label| label == 1).count();
    assert_eq!(cells(&out, "voxels")[0], voxels.to_string());
    assert!(voxels > 1000);

    // What is done stays; the bad study is tried again, and is whole this time.
    let written = fs::metadata(&mask).unwrap().modified().unwrap();
    write_sample(&input.join("p2"), |sequence| format!("b_{sequence}.nii"));
    let second = run();
    assert_eq!(second.status.code(), Some(0), "{}", said(&second));
    assert_eq!(fs::metadata(&mask).unwrap().modified().unwrap(), written);
    assert_eq!(cells(&out, "status"), ["done", "done"]);
    assert_eq!(labels(&out.join("p2_b_flair_mask.nii.gz")), found);

    // A mask that somebody corrected is not lost, even where its study is another one now.
    fs::write(&mask, b"corrected").unwrap();
    fs::write(input.join("p1/a_flair.nii"), [sample("flair"), vec![0]].concat()).unwrap();
    let third = run();
    assert_eq!(third.status.code(), Some(1), "{}", said(&third));
    assert!(said(&third).contains("was not written by this program, or was changed since"), "{}", said(&third));
    assert_eq!(fs::read(&mask).unwrap(), b"corrected");
    fs::remove_file(&mask).unwrap();
    assert_eq!(run().status.code(), Some(0));
    assert_eq!(labels(&mask), found);

    let strangers = folder.path().join("strangers");
    fs::create_dir_all(&strangers).unwrap();
    fs::write(strangers.join("studies.csv"), b"mine").unwrap();
    let refused = segment(&input, &strangers, &[]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert_eq!(fs::read(strangers.join("studies.csv")).unwrap(), b"mine");
}

#[test]
fn a_zip_is_a_study_and_the_time_that_is_left_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    let flair = sample::sample("flair", 2);
    for place in ["p1", "p2"] {
        fs::create_dir_all(input.join(place)).unwrap();
    }
    let zip = pack(&[("scans/a_flair.nii", &flair[..]), ("notes.txt", b"nothing")]).unwrap();
    fs::write(input.join("p1/export.zip"), zip).unwrap();
    fs::write(input.join("p2/a_flair.nii"), &flair).unwrap();
    let run = segment(&input, &out, &["--jobs", "1"]);
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    assert_eq!(cells(&out, "study"), ["p1_export", "p2_a_flair"]);
    let [zipped, plain] = ["p1_export", "p2_a_flair"].map(|name| labels(&out.join(format!("{name}_mask.nii.gz"))));
    assert_eq!(zipped, plain, "packed and unpacked files are one study");
    assert!(zipped.contains(&1));
    // After the first of two something is left, after the last nothing.
    let last = said(&run);
    let line = |start: &str| last.lines().find(|line| line.starts_with(start)).unwrap_or_default();
    let first = line("[1/2] ");
    assert!(first.contains("; about ") && first.ends_with(" left"), "{last}");
    assert!(!line("[2/2] ").is_empty() && !line("[2/2] ").contains("left"), "{last}");
}

#[test]
fn a_study_without_flair_is_refused_in_the_page_s_words() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("a_t1_pre.nii"), sample("t1_pre")).unwrap();
    let refused = segment(&input, &out, &[]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(cells(&out, "problem")[0].starts_with("No FLAIR in this study."), "{:?}", cells(&out, "problem"));
    assert_eq!(cells(&out, "status"), ["refused"]);
    let anyway = segment(&input, &out, &["--anyway"]);
    assert_eq!(anyway.status.code(), Some(0), "{}", said(&anyway));
    assert!(out.join("a_t1_pre_mask.nii.gz").is_file());
}

#[test]
fn a_bids_data_set_becomes_a_derived_one() {
    let folder = tempfile::tempdir().unwrap();
    // `batch/tests/independent.py` validates it.
    let (input, out) = (folder.path().join("in"), left("bids/with-patient-data"));
    let names = [("t1_pre", "T1w"), ("flair", "FLAIR"), ("t1_post", "ce-gadolinium_T1w")];
    let of = |sequence: &str| names.iter().find(|(name, _)| *name == sequence).unwrap().1;
    // A name that says "post" must not make a post-contrast of it.
    write_sample(&input.join("sub-post/anat"), |sequence| format!("sub-post_{}.nii", of(sequence)));
    write_sample(&input.join("sub-2/anat"), |sequence| format!("sub-2_run-1_{}.nii", of(sequence)));
    fs::write(input.join("sub-2/anat/sub-2_run-2_FLAIR.nii"), sample("flair")).unwrap();
    fs::create_dir_all(input.join("sub-3/anat")).unwrap();
    fs::write(input.join("sub-3/anat/sub-3_T1w.nii"), sample("t1_pre")).unwrap();
    fs::write(input.join("dataset_description.json"), r#"{"Name": "x", "BIDSVersion": "1.10.0"}"#).unwrap();
    let run = segment(&input, &out, &[]);
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert!(cells(&out, "problem")[0].starts_with("sub-2 has 2 FLAIR volumes"), "{:?}", cells(&out, "problem"));
    assert!(cells(&out, "problem")[1].starts_with("sub-3 has no FLAIR: "), "{:?}", cells(&out, "problem"));
    assert!(said(&run).contains("sub-2 has 2 FLAIR") && said(&run).contains("sub-3 has no FLAIR"), "{}", said(&run));
    assert_eq!(cells(&out, "study"), ["sub-2", "sub-3", "sub-post"]);
    assert_eq!(cells(&out, "status"), ["refused", "refused", "done"]);
    assert_eq!(cells(&out, "pre")[2], "sub-post_T1w.nii");
    assert_eq!(cells(&out, "post")[2], "sub-post_ce-gadolinium_T1w.nii");
    let mask = out.join("sub-post/anat/sub-post_space-orig_label-tumor_mask");
    assert_eq!(labels(&mask.with_extension("nii.gz")), expected());
    let read = |path: PathBuf| -> serde_json::Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    assert_eq!(read(mask.with_extension("json"))["Type"], "Lesion");
    let description = read(out.join("dataset_description.json"));
    assert_eq!(
        (&description["DatasetType"], &description["GeneratedBy"][0]["Name"]),
        (&"derivative".into(), &"Gliolens".into())
    );
}

#[test]
fn wrong_arguments_are_said_before_anything_begins() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let none = segment(Path::new("/nowhere"), &out, &[]);
    assert_eq!(none.status.code(), Some(2), "{}", said(&none));
    assert!(said(&none).contains("/nowhere"));
    let number = segment(folder.path(), &out, &["--threshold", "2"]);
    assert_eq!(number.status.code(), Some(2), "{}", said(&number));
    assert!(!out.exists());
}
