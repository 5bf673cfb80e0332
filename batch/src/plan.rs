//! Arguments into what is read together: the files of an examination, of a subject, or of an archive.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog::formats::is_called_a_scan;
use catalog::subjects;
use imaging::Patient;

use crate::apart::headed;
use crate::bids;
use crate::files::{self, Found, Kind, plain, stem};
use crate::source::{Naming, Plan, Source};

/// Sorts what is below some arguments.
///
/// # Errors
///
/// Names the argument that is not there or cannot be listed.
pub fn plan(inputs: &[PathBuf], out: &Path) -> Result<Plan, String> {
    let mut plan = Plan::default();
    let mut alone = Vec::new();
    for input in inputs {
        let root = input.canonicalize().map_err(|error| format!("{}: {error}", input.display()))?;
        if !root.is_dir() {
            let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
            alone.push(files::found(root, name));
        } else if bids::is_data_set(&root) {
            bids::sessions(&root, &mut plan)?;
            plan.data_sets.push(root);
        } else {
            let found = files::below(&root, out)?.into_iter().map(|path| {
                let parts = path.strip_prefix(&root).unwrap_or(&path).components();
                let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
                files::found(path, parts.join("/"))
            });
            let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
            sort(&root, &name, found.collect(), &mut plan);
        }
    }
    let mut by_folder: BTreeMap<PathBuf, Vec<Found>> = BTreeMap::new();
    for found in alone {
        // Somebody named it, so it is no bystander.
        if matches!(found.kind, Kind::Bystander | Kind::Picture) {
            plan.sources.push(failed(&found, "it is no study: drop it on the page if it is a picture".into()));
            continue;
        }
        by_folder.entry(found.path.parent().unwrap_or(Path::new("")).to_owned()).or_default().push(found);
    }
    for (folder, found) in by_folder {
        sort(&folder, "", found, &mut plan);
    }
    let mut seen = Vec::new();
    plan.sources.retain(|source| {
        let fresh = !seen.contains(&source.key);
        seen.push(source.key.clone());
        fresh
    });
    Ok(plan)
}

/// The files below one folder, which is called `name` where it stands for what lies in it.
fn sort(root: &Path, name: &str, found: Vec<Found>, plan: &mut Plan) {
    let mut examinations: BTreeMap<String, Vec<Examination>> = BTreeMap::new();
    let (found, mut parts) = headed(found);
    let (mut lost, mut volumes, mut pictures) = (Vec::new(), Vec::new(), 0);
    for found in found {
        match &found.kind {
            Kind::Dicom(Some((study, patient))) => {
                let (study, patient) = (study.clone(), patient.clone());
                let known = examinations.entry(study).or_default();
                match known.iter_mut().find(|known| patient.fits(&known.patients)) {
                    Some(known) => {
                        patient.join(&mut known.patients);
                        known.files.push(found);
                    }
                    None => known.push(Examination { patients: vec![patient], files: vec![found] }),
                }
            }
            Kind::Dicom(None) => lost.push(found),
            Kind::Volume => volumes.push(found),
            Kind::Archive => {
                let naming = Naming::Fixed(plain(&folder_and(&found.below, stem(short(&found.below)))));
                plan.sources.push(Source { naming, ..Source::of(found.path.display().to_string(), vec![found]) });
            }
            Kind::Picture => pictures += 1,
            Kind::Bystander => {}
            Kind::Unread(why) if name.is_empty() || is_called_a_scan(short(&found.below)) => {
                plan.sources.push(failed(&found, why.clone()));
            }
            Kind::Unread(why) => plan.notes.push(format!("left out: {} ({why})", found.path.display())),
        }
    }
    // Images that do not say whose they are belong to those beside them.
    for found in lost {
        let mut all = examinations.values_mut().flatten();
        match all.find(|known| known.files.iter().any(|other| is_beside(other, &found))) {
            Some(known) => known.files.push(found),
            None => {
                let folder = found.path.parent().unwrap_or(root).display().to_string();
                examinations.entry(folder).or_default().push(Examination { patients: Vec::new(), files: vec![found] });
            }
        }
    }
    let examinations =
        examinations.into_iter().flat_map(|(study, all)| all.into_iter().map(move |one| (study.clone(), one)));
    for (study, Examination { patients, mut files }) in examinations {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let called = common(&files);
        let called = match (called.as_str(), name) {
            ("", "") => stem(short(&files[0].below)).to_owned(),
            ("", name) => name.to_owned(),
            (called, _) => called.to_owned(),
        };
        let patient = patients.first().map(Patient::written).unwrap_or_default();
        let key = format!("{study} {patient}");
        plan.sources.push(Source { naming: Naming::Fixed(plain(&called)), ..Source::of(key, files) });
    }
    let paths: Vec<&str> = volumes.iter().map(|found| found.below.as_str()).collect();
    let mut groups: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for (subject, found) in subjects(&paths).into_iter().zip(volumes.iter()) {
        let group = groups.entry(subject).or_default();
        group.push(found.clone());
        // Behind their header, which says what they are.
        group.extend(parts.remove(&found.path).unwrap_or_default());
    }
    for (subject, files) in groups {
        let key = format!("{} {subject}", root.display());
        plan.sources.push(Source { naming: Naming::ByFile(common(&files)), ..Source::of(key, files) });
    }
    if pictures > 0 {
        plan.notes.push(format!("left out: {pictures} pictures (PNG, JPEG, WebP or TIFF), which the page segments"));
    }
}

/// Files of one examination of one patient.
struct Examination {
    /// What they say of the patient, each way once.
    patients: Vec<Patient>,
    files: Vec<Found>,
}

fn failed(found: &Found, why: String) -> Source {
    let naming = Naming::Fixed(plain(&folder_and(&found.below, stem(short(&found.below)))));
    Source { naming, problem: Some(why), ..Source::of(found.path.display().to_string(), vec![found.clone()]) }
}

/// The folders that all files lie in, below the argument.
fn common(files: &[Found]) -> String {
    let folders = files.iter().map(|found| folders(&found.below));
    let shared =
        folders.reduce(|a, b| a.into_iter().zip(b).take_while(|(a, b)| a == b).map(|(part, _)| part).collect());
    shared.unwrap_or_default().join("_")
}

fn folders(below: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = below.split('/').collect();
    parts.pop();
    parts
}

fn folder_and(below: &str, name: &str) -> String {
    let mut parts = folders(below);
    parts.push(name);
    parts.join("_")
}

fn short(below: &str) -> &str {
    below.rsplit('/').next().unwrap_or(below)
}

fn is_beside(a: &Found, b: &Found) -> bool {
    a.path.parent() == b.path.parent()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(below: &str, kind: Kind) -> Found {
        Found { path: Path::new("/data").join(below), below: below.into(), kind }
    }

    fn sorted(found: Vec<Found>) -> Plan {
        let mut plan = Plan::default();
        sort(Path::new("/data"), "data", found, &mut plan);
        plan
    }

    fn image(below: &str, study: &str) -> Found {
        image_of(below, study, Patient::new("42", "Doe^Jane", ""))
    }

    fn image_of(below: &str, study: &str, patient: Patient) -> Found {
        found(below, Kind::Dicom(Some((study.into(), patient))))
    }

    #[test]
    fn two_people_under_one_examination_are_two_sources() {
        let of = |below: &str, name: &str, born: &str| image_of(below, "1", Patient::new("42", name, born));
        let plan = sorted(vec![
            of("a/1.dcm", "Doe^Jane", "19700203"),
            of("a/2.dcm", "DOE^JANE", ""),
            of("b/1.dcm", "Roe^Richard", ""),
            of("b/2.dcm", "", "19700203"),
        ]);
        // What says nothing that contradicts goes with the first.
        assert_eq!(plan.sources.iter().map(|source| source.files.len()).collect::<Vec<_>>(), [3, 1]);
        assert_ne!(plan.sources[0].key, plan.sources[1].key);
    }

    #[test]
    fn series_of_one_examination_are_read_together_wherever_they_lie() {
        let plan = sorted(vec![
            image("p1/flair/1.dcm", "1"),
            image("p1/t1/1.dcm", "1"),
            image("p2/1.dcm", "2"),
            found("p2/2.dcm", Kind::Dicom(None)),
        ]);
        let named: Vec<_> = plan.sources.iter().map(|source| (source.naming.clone(), source.files.len())).collect();
        assert_eq!(named, [(Naming::Fixed("p1".into()), 2), (Naming::Fixed("p2".into()), 2)]);
        assert_eq!(plan.sources[0].shown, "/data/p1");
    }

    #[test]
    fn volumes_are_sorted_by_whose_they_are() {
        let volume = |below: &str| found(below, Kind::Volume);
        let plan = sorted(["a_flair.nii", "a_t1.nii", "b_flair.nii"].map(volume).into());
        assert_eq!(plan.sources.iter().map(|source| source.files.len()).collect::<Vec<_>>(), [2, 1]);
        let plan = sorted(["p1/flair.nii", "p2/flair.nii"].map(volume).into());
        let named: Vec<_> = plan.sources.iter().map(|source| source.naming.clone()).collect();
        assert_eq!(named, [Naming::ByFile("p1".into()), Naming::ByFile("p2".into())]);
    }

    #[test]
    fn what_is_no_study_is_a_note_or_a_problem_by_its_name() {
        let unread = |below: &str| found(below, Kind::Unread("an unknown kind".into()));
        let plan = sorted(vec![unread("x.nii"), unread("x.bin"), found("a.png", Kind::Picture)]);
        assert_eq!(plan.sources.len(), 1);
        assert_eq!(plan.sources[0].problem.as_deref(), Some("an unknown kind"));
        assert_eq!(plan.notes.len(), 2, "{:?}", plan.notes);
    }
}
