//! An asymmetric phantom through every format, in and out, oblique and flipped grids included.
//!
//! The phantom is a formula of the place in the patient, so that a wrong axis, side or step shows. What is written is
//! left in `target/exports/`, where `independent.py` reads it with other people's programs.

mod phantom;

use std::fs;
use std::path::{Path, PathBuf};

use imaging::{Diameters, Mask, SpacingMm};
use phantom::{
    dicom, enhanced, from_dicom, from_nifti, grids, identity, intensity, is_tumor, nifti, places, probabilities, tumor,
};
use study::{
    Affine, Algorithm, Capture, Composite, Content, Figures, LabelMap, Laterality, Placement, Reading, Reported, Since,
    is_own_mask, read_dicom, read_nifti, read_segmentation, write_capture, write_nifti, write_report,
    write_segmentation,
};

/// Every voxel shows what is at its place in the patient, and axes run to the left, to the back and to the head.
fn check_places(name: &str, composite: &Composite) {
    let Placement::Patient(affine) = composite.geometry.placement else { panic!("{name}: no place") };
    assert!((0..3).all(|axis| affine.column(axis)[axis] > 0.0), "{name}: {affine:?}");
    let flair = composite.sequence(1);
    for (at, place) in places(composite.geometry.size.axes(), affine).enumerate() {
        let shown = flair.intercept + flair.slope * f64::from(flair.stored.get(at));
        // Headers round places.
        assert!((shown - f64::from(intensity(place))).abs() <= 1.0, "{name}: {shown} at {place:?}");
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/exports").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What this program measures, for others to measure too.
fn measured(composite: &Composite, marked: &[u8]) -> serde_json::Value {
    let [width, height, depth] = composite.geometry.size.axes();
    let [x_mm, y_mm, _] = composite.geometry.spacing_mm().unwrap().axes();
    let slices = (0..depth).map(|at| {
        let pixels = &marked[at * width * height..(at + 1) * width * height];
        let mask = Mask::new(width, height, pixels.iter().map(|&mark| mark == 1).collect());
        let diameters = Diameters::of(&mask, [x_mm, y_mm]);
        serde_json::json!({
            "area_mm2": mask.area_px() as f64 * x_mm * y_mm,
            "longest_mm": diameters.map(|d| d.longest.length([x_mm, y_mm])),
            "perpendicular_mm": diameters.map(|d| d.perpendicular.length([x_mm, y_mm])),
        })
    });
    let voxels = marked.iter().filter(|&&mark| mark == 1).count() as f64;
    serde_json::json!({
        "spacing_mm": composite.geometry.spacing_mm().map(SpacingMm::axes),
        "volume_ml": voxels * composite.geometry.voxel_mm3().unwrap() / 1000.0,
        "slices": slices.collect::<Vec<_>>(),
    })
}

/// The figures that a report is written of.
fn figures(measures: &serde_json::Value) -> Figures {
    let slices = measures["slices"].as_array().unwrap();
    let largest = |key: &str| {
        let of = |slice: &serde_json::Value| slice[key].as_f64().unwrap_or(-1.0);
        (0..slices.len()).rev().max_by(|&a, &b| of(&slices[a]).total_cmp(&of(&slices[b]))).unwrap()
    };
    let (at, longest) = (largest("area_mm2"), largest("longest_mm"));
    let axis = |key: &str| slices[longest][key].as_f64().unwrap();
    Figures {
        volume_ml: measures["volume_ml"].as_f64().unwrap(),
        area_mm2: Some((at, slices[at]["area_mm2"].as_f64().unwrap())),
        axes_mm: Some((longest, [axis("longest_mm"), axis("perpendicular_mm")])),
        laterality: None,
        is_complete: true,
        since: None,
    }
}

/// What changed since an earlier study, for others to read too.
fn since() -> serde_json::Value {
    serde_json::json!({
        "date": "20240201", "days": 365, "ml": 2.5, "percent": 21.25, "mean_diameter_mm": 1.75,
        "mm_per_year": 1.751, "interval": [-2.5, 6.002], "product_percent": -3.5, "new_lesions": 2,
        "new_lesions_ml": 0.75, "response": "progressive disease by new lesions",
    })
}

fn since_of(said: &serde_json::Value) -> Since {
    let number = |key: &str| said[key].as_f64().unwrap();
    let word = |key: &str| said[key].as_str().unwrap().to_owned();
    let end = |at: usize| said["interval"][at].as_f64().unwrap();
    Since {
        date: Some(word("date")),
        days: said["days"].as_i64(),
        ml: number("ml"),
        percent: Some(number("percent")),
        mean_diameter_mm: number("mean_diameter_mm"),
        mm_per_year: Some((number("mm_per_year"), [end(0), end(1)])),
        product_percent: Some(number("product_percent")),
        new_lesions: Some((number("new_lesions") as usize, number("new_lesions_ml"))),
        response: word("response"),
    }
}

/// Writes all DICOM files of a study's tumour, without patient data where a secret is given.
fn write_all(folder: &Path, composite: &Composite, figures: &Figures, secret: Option<[u8; 32]>) {
    let (marked, levels) = (tumor(composite), probabilities(composite));
    let contents = [
        ("mask", Content::Binary(&marked)),
        ("labelmap", Content::LabelMap(&marked)),
        ("probabilities", Content::Probabilities(&levels)),
    ];
    for (number, (name, content)) in (1..).zip(contents) {
        let identity = identity(number, secret);
        let bytes = write_segmentation(composite, content, Algorithm::Automatic, &identity).unwrap();
        fs::write(folder.join(format!("{name}.dcm")), &bytes).unwrap();
        if secret.is_none() {
            let Ok(Reading::Segmentation(file)) = read_dicom("mask.dcm", &bytes) else { panic!("{name}: no SEG") };
            let read = read_segmentation(&file, composite).unwrap();
            assert!(read.on(composite).unwrap() == marked, "{folder:?}, {name}: the mask moved");
        }
    }
    let identities = [&identity(4, secret), &identity(5, secret)];
    let Reported { segmentation, report } =
        write_report(composite, &marked, figures, Algorithm::SemiAutomatic, identities).unwrap();
    fs::write(folder.join("reported.dcm"), segmentation).unwrap();
    fs::write(folder.join("report.dcm"), report).unwrap();
    // An odd number of bytes.
    let capture = Capture { size: [13, 11], rgb: (0..13 * 11 * 3).map(|at| at as u8).collect(), is_named: false };
    fs::write(folder.join("picture.dcm"), write_capture(composite, &capture, &identity(6, secret)).unwrap()).unwrap();
}

#[test]
fn the_phantom_is_where_it_is_in_every_format_and_its_mask_comes_back() {
    for (name, size, affine) in grids() {
        let files = dicom(size, affine, name == "sagittal");
        let mut studies =
            vec![("dicom", files.clone(), from_dicom(&files)), ("nifti", Vec::new(), from_nifti(&nifti(size, affine)))];
        if name == "oblique" {
            studies.push(("follow-up", files.clone(), from_dicom(&files)));
            let files = vec![enhanced(size, affine)];
            studies.push(("enhanced", files.clone(), from_dicom(&files)));
        }
        for (format, files, composite) in &studies {
            let name = format!("{name}-{format}");
            check_places(&name, composite);
            let marked = tumor(composite);
            let folder = folder(&name);

            let bytes = write_nifti(&composite.source, &composite.to_source(&marked));
            assert!(is_own_mask(&bytes));
            let (series, _) = read_nifti("mask.nii.gz", &bytes).unwrap().remove(0);
            assert!(LabelMap::of(&series).on(composite).unwrap() == marked, "{name}: the NIfTI mask moved");
            fs::write(folder.join("mask.nii.gz"), bytes).unwrap();
            let mut measures = measured(composite, &marked);
            if *format == "follow-up" {
                measures["since"] = since();
            }
            fs::write(folder.join("measures.json"), measures.to_string()).unwrap();

            if *format == "nifti" {
                let refused =
                    write_segmentation(composite, Content::Binary(&marked), Algorithm::Automatic, &identity(0, None));
                assert!(refused.is_err(), "{name}: there are no images to refer to");
                continue;
            }
            let since = measures.get("since").map(|said| Box::new(since_of(said)));
            let laterality = since.is_some().then_some(Laterality::Right);
            let figures = Figures { laterality, since, ..figures(&measures) };
            write_all(&folder, composite, &figures, None);
            let without = folder.join("without-patient-data");
            fs::create_dir_all(&without).unwrap();
            write_all(&without, composite, &figures, Some([7; 32]));
            for (at, file) in files.iter().enumerate() {
                fs::write(folder.join(format!("source-{at:02}.dcm")), file).unwrap();
            }
            let inside: Vec<bool> = places(size, affine).map(is_tumor).collect();
            let count = |slice: &[bool]| slice.iter().filter(|&&is_inside| is_inside).count();
            let counts: Vec<usize> = inside.chunks(size[0] * size[1]).map(count).collect();
            fs::write(folder.join("marked-pixels.json"), serde_json::json!(counts).to_string()).unwrap();
        }
    }
}

#[test]
fn a_mask_of_another_grid_is_refused() {
    let [(_, size, axial), (_, _, flipped), ..] = grids();
    let study = from_nifti(&nifti(size, axial));
    let shifted = Affine([[1.0, 0.0, 0.0, -30.0], [0.0, 1.25, 0.0, -40.0], [0.0, 0.0, 4.0, -20.0]]);
    let other = from_nifti(&nifti(size, shifted));
    let bytes = write_nifti(&other.source, &tumor(&other));
    let (series, _) = read_nifti("seg.nii.gz", &bytes).unwrap().remove(0);
    assert!(LabelMap::of(&series).on(&study).is_err());
    // The same voxels in another order are the same grid.
    let turned = from_nifti(&nifti(size, flipped));
    let Placement::Patient(affine) = turned.source.placement else { panic!("no place") };
    assert_eq!(affine.column(0), [-1.0, 0.0, 0.0]);
}
