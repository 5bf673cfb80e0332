//! A BIDS data set into the sessions to segment, and the names and texts of the data set that is derived from it.
//!
//! Names: BIDS 1.10, "Anatomy imaging data" and "Imaging data types: segmentations and masks" of its derivatives.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::files::{self, Found, plain};
use crate::source::{Naming, Plan, Session, Source};

/// The file that says of a folder that it is a data set.
pub const DESCRIPTION: &str = "dataset_description.json";
/// The version of BIDS that is written.
const VERSION: &str = "1.10.0";
/// What a mask is, behind the entities of the images that it belongs to.
const MASK: &str = "space-orig_label-tumor_mask";

/// Whether a folder is the top of a data set.
pub fn is_data_set(folder: &Path) -> bool {
    folder.join(DESCRIPTION).is_file()
}

/// Adds the sessions of a data set to what is read.
///
/// # Errors
///
/// Names the folder that cannot be listed.
pub fn sessions(root: &Path, plan: &mut Plan) -> Result<(), String> {
    for subject in folders(root, "sub-")? {
        let sessions = folders(&subject, "ses-")?;
        let places = if sessions.is_empty() { vec![subject] } else { sessions };
        for place in places {
            let anat = place.join("anat");
            if anat.is_dir() {
                plan.sources.push(session(root, &place, files::below(&anat, Path::new(""))?));
            }
        }
    }
    Ok(())
}

fn folders(folder: &Path, start: &str) -> Result<Vec<PathBuf>, String> {
    let problem = |error: std::io::Error| format!("{} cannot be listed: {error}", folder.display());
    let entries = folder.read_dir().map_err(problem)?.flatten();
    let mut folders: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(start))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    Ok(folders)
}

/// One session out of the files of its anatomy.
fn session(root: &Path, place: &Path, paths: Vec<PathBuf>) -> Source {
    let within = |path: &Path| {
        let parts = path.strip_prefix(root).unwrap_or(path).components();
        parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let label = within(place).join("_");
    let mut of_role: [Vec<PathBuf>; 3] = Default::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(role) = role(&name) {
            of_role[role].push(path);
        }
    }
    let names = |paths: &[PathBuf]| {
        let names = paths.iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        names.collect::<Vec<_>>().join(", ")
    };
    let problem = match &of_role[1][..] {
        [_] => None,
        [] => Some(format!("{label} has no FLAIR: no file in its folder anat ends with _FLAIR.nii or _FLAIR.nii.gz")),
        several => Some(format!(
            "{label} has {} FLAIR volumes ({}), and a study is made of one: move the others out of the data set",
            several.len(),
            names(several)
        )),
    };
    let mut notes = Vec::new();
    for (paths, what) in [(&of_role[0], "T1w"), (&of_role[2], "T1w after contrast")] {
        if paths.len() > 1 {
            notes.push(format!("of {} {what} volumes ({}), the first was used", paths.len(), names(paths)));
        }
    }
    let chosen: Vec<&PathBuf> = of_role.iter().filter_map(|paths| paths.first()).collect();
    let found: Vec<Found> = chosen.iter().map(|path| files::found((*path).clone(), within(path).join("/"))).collect();
    let name_of = |paths: &Vec<PathBuf>| Some(paths.first()?.file_name()?.to_string_lossy().into_owned());
    let flair = name_of(&of_role[1]);
    let folder = within(place).join("/");
    let mask = flair.as_deref().map(|flair| format!("{folder}/anat/{}", mask_of(flair))).unwrap_or_default();
    let sources = chosen.iter().map(|path| within(path).join("/")).collect();
    let session = Session { sequences: of_role.each_ref().map(name_of), mask, sources, notes };
    let key = place.display().to_string();
    let files = if problem.is_some() { Vec::new() } else { found };
    Source {
        naming: Naming::Fixed(plain(&label)),
        shown: key.clone(),
        problem,
        session: Some(session),
        ..Source::of(key, files)
    }
}

/// Which sequence a file is by its name: pre-contrast (0), FLAIR (1) or post-contrast (2).
fn role(name: &str) -> Option<usize> {
    let stem = name.strip_suffix(".nii.gz").or_else(|| name.strip_suffix(".nii"))?;
    let mut parts = stem.split('_');
    let has = |wanted: &str| stem.split('_').any(|part| part == wanted);
    let enhanced = parts.any(|part| part == "ce" || part.starts_with("ce-"));
    match (has("FLAIR"), has("T1w"), enhanced) {
        (true, false, _) => Some(1),
        (false, true, false) => Some(0),
        (false, true, true) => Some(2),
        _ => None,
    }
}

/// The name of the mask on the grid of a FLAIR file, without its ending: its entities, and what the mask is.
fn mask_of(flair: &str) -> String {
    let stem = files::stem(flair);
    let own = ["space-", "label-", "desc-", "res-", "den-"];
    let entities = stem.split('_').filter(|part| part.contains('-') && !own.iter().any(|key| part.starts_with(key)));
    let entities: Vec<&str> = entities.collect();
    format!("{}_{MASK}", entities.join("_"))
}

/// The path of a mask whose study is called by a number, as subjects are (`sub-3`), without its ending.
pub fn numbered_mask(subject: &str) -> String {
    format!("{subject}/anat/{subject}_{MASK}")
}

/// What is said of a mask in the file beside it; the images that it comes from where their session is named.
pub fn sidecar(session: Option<&Session>, threshold: f32, model: &str) -> Value {
    let mut said = json!({
        "Type": "Lesion",
        "Description": format!("Tumour by {model}, probability from {threshold}; research use, not a medical device"),
        "SpatialReference": "orig",
    });
    if let Some(session) = session {
        said["Sources"] = session.sources.iter().map(|path| format!("bids:raw:{path}")).collect();
    }
    said
}

/// The description of the data set that is derived from these, if they are named, and the other files at its top: name and content.
pub fn top(data_sets: &[PathBuf], model: &str) -> Vec<(&'static str, String)> {
    let address = |path: &PathBuf| format!("file://{}", path.display().to_string().replace(' ', "%20"));
    let mut description = json!({
        "Name": "Tumour masks by Gliolens",
        "BIDSVersion": VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [{
            "Name": "Gliolens",
            "Version": env!("CARGO_PKG_VERSION"),
            "Description": format!("{model}, every axial slice by itself, small parts left out"),
        }],
    });
    if let Some(first) = data_sets.first() {
        description["SourceDatasets"] = data_sets.iter().map(|path| json!({ "URL": address(path) })).collect();
        description["DatasetLinks"] = json!({ "raw": address(first) });
    }
    let readme = format!(
        "# Tumour masks by Gliolens\n\nMasks of {model} on the grid of each session's FLAIR, 1 where there is tumour. \
         `studies.csv` lists volumes, largest diameters and what was not segmented.\n\nResearch use, not a medical \
         device.\n"
    );
    vec![
        (DESCRIPTION, format!("{description:#}\n")),
        ("README.md", readme),
        (".bidsignore", "studies.csv\n.gliolens/\n".into()),
    ]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn data_set(files: &[&str]) -> (tempfile::TempDir, Plan) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
        let mut plan = Plan::default();
        sessions(folder.path(), &mut plan).unwrap();
        (folder, plan)
    }

    #[test]
    fn sequences_are_known_by_suffix_and_contrast() {
        for (name, expected) in [
            ("sub-1_FLAIR.nii.gz", Some(1)),
            ("sub-1_acq-3d_run-2_FLAIR.nii", Some(1)),
            ("sub-1_T1w.nii.gz", Some(0)),
            ("sub-1_ce-gadolinium_T1w.nii.gz", Some(2)),
            ("sub-1_T1w_ce.nii.gz", Some(2)),
            ("sub-1_T2w.nii.gz", None),
            ("sub-1_FLAIR.json", None),
            ("sub-once_T1w.nii.gz", Some(0)),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
    }

    #[test]
    fn each_session_is_a_study_and_its_mask_is_named_after_flair() {
        let (_folder, plan) = data_set(&[
            "sub-1/anat/sub-1_acq-3d_FLAIR.nii.gz",
            "sub-1/anat/sub-1_T1w.nii.gz",
            "sub-2/ses-a/anat/sub-2_ses-a_FLAIR.nii.gz",
            "sub-2/ses-a/anat/sub-2_ses-a_ce-gd_run-1_T1w.nii.gz",
            "sub-2/ses-a/anat/sub-2_ses-a_ce-gd_run-2_T1w.nii.gz",
            "sub-2/ses-b/dwi/sub-2_ses-b_dwi.nii.gz",
        ]);
        let sessions: Vec<&Session> = plan.sources.iter().filter_map(|source| source.session.as_ref()).collect();
        let masks: Vec<&str> = sessions.iter().map(|session| session.mask.as_str()).collect();
        assert_eq!(
            masks,
            [
                "sub-1/anat/sub-1_acq-3d_space-orig_label-tumor_mask",
                "sub-2/ses-a/anat/sub-2_ses-a_space-orig_label-tumor_mask"
            ]
        );
        assert_eq!(sessions[0].sequences[2], None);
        assert_eq!(sessions[1].sequences[2].as_deref(), Some("sub-2_ses-a_ce-gd_run-1_T1w.nii.gz"));
        assert!(sessions[1].notes[0].contains("the first was used"), "{:?}", sessions[1].notes);
        assert_eq!(plan.sources[1].naming, Naming::Fixed("sub-2_ses-a".into()));
    }

    #[test]
    fn a_session_with_two_flair_volumes_or_none_is_named() {
        let (_folder, plan) = data_set(&[
            "sub-1/anat/sub-1_run-1_FLAIR.nii.gz",
            "sub-1/anat/sub-1_run-2_FLAIR.nii.gz",
            "sub-2/anat/sub-2_T1w.nii.gz",
        ]);
        let problems: Vec<&str> = plan.sources.iter().filter_map(|source| source.problem.as_deref()).collect();
        assert!(problems[0].starts_with("sub-1 has 2 FLAIR volumes (sub-1_run-1_FLAIR.nii.gz, "), "{problems:?}");
        assert!(problems[1].starts_with("sub-2 has no FLAIR"), "{problems:?}");
    }
}
