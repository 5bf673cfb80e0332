//! Paths of one drop's files into whose they are, as far as folders and the beginnings of names say.
//!
//! NIfTI files and pictures name no patient. Files are taken for those of several subjects only where two of them are the
//! same sequence: nobody's folder has two files that are called FLAIR and differ in what comes before.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{FromWorker, Remark, Why};
use study::role_of;

use crate::Host;
use crate::reasons::{keyed, word};

/// Words of names from which on they say what a file is, not whose.
const KINDS: [&str; 29] = [
    "dwi", "adc", "swi", "pd", "mprage", "spgr", "bravo", "pre", "post", "native", "contrast", "ce", "gd", "dark",
    "tirm", "seg", "mask", "label", "roi", "gt", "ax", "axial", "tra", "sag", "sagittal", "cor", "coronal", "brain",
    "anat",
];

/// Endings of files that come in volumes.
const ENDINGS: [&str; 16] =
    ["nii", "gz", "hdr", "img", "nrrd", "nhdr", "mha", "mhd", "mgh", "mgz", "raw", "tif", "tiff", "bz2", "zst", "xz"];

/// Whose a file is by its path: the same for all files of one subject and visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    /// The folders that it lies in, the archive among them; empty where the data set's own names say enough.
    folder: String,
    /// What its name says before it says what it is.
    prefix: String,
    /// What its name says after that.
    suffix: String,
}

impl Subject {
    /// Whose the file of a path is.
    pub fn of(path: &str) -> Self {
        let path = path.to_lowercase();
        // BIDS names subject and session in folders and files alike.
        let labelled = |key: &str| {
            let mut parts = path.split(['/', '\\', '_', '.']);
            parts.find(|part| part.strip_prefix(key).is_some_and(|label| !label.is_empty())).map(str::to_owned)
        };
        if let Some(subject) = labelled("sub-") {
            let session = labelled("ses-").unwrap_or_default();
            let prefix = format!("{subject} {session}").trim_end().to_owned();
            return Self { prefix, ..Self::default() };
        }
        let (folder, name) = path.rsplit_once(['/', '\\']).unwrap_or(("", &path));
        let words: Vec<&str> =
            name.split(|c: char| !c.is_alphanumeric() && c != '+').filter(|w| !w.is_empty()).collect();
        let is_kind =
            |word: &&str| KINDS.contains(word) || ["t1", "t2", "flair"].iter().any(|kind| word.starts_with(kind));
        let folder = folder.to_owned();
        // What never says what it is says nothing of whose it is.
        let Some(end) = words.iter().position(is_kind) else { return Self { folder, ..Self::default() } };
        // The last words are the ending.
        let behind = words[end..].iter().filter(|word| !is_kind(word) && !ENDINGS.contains(word));
        let suffix = behind.copied().collect::<Vec<_>>().join(" ");
        Self { folder, prefix: words[..end].join(" "), suffix }
    }

    /// A patient that is known by an identifier or a name.
    pub fn of_patient(patient: String) -> Self {
        Self { prefix: patient, ..Self::default() }
    }

    /// The same whatever comes last in the name: a number there is mostly that of a repetition.
    pub fn without_suffix(&self) -> Self {
        Self { suffix: String::new(), ..self.clone() }
    }

    /// Whether both names say whose they are, and the same.
    pub fn is_named_like(&self, other: &Self) -> bool {
        !self.prefix.is_empty() && self.prefix == other.prefix
    }

    /// Whether neither name says whose it is.
    pub fn are_nameless(&self, other: &Self) -> bool {
        self.prefix.is_empty() && other.prefix.is_empty()
    }
}

/// What a file is among those of a subject, if its name says so.
fn kind(name: &str) -> Option<usize> {
    role_of(name).map(|role| role as usize).or_else(|| name.to_lowercase().contains("t2").then_some(usize::MAX))
}

/// Whose each of some files is, by its path and name: all one subject's unless there is a reason for several.
pub(crate) fn told_apart(files: &[(&Subject, &str)]) -> Vec<Subject> {
    let kinds: Vec<Option<usize>> = files.iter().map(|(_, name)| kind(name)).collect();
    let bare: Vec<Subject> = files.iter().map(|(subject, _)| subject.without_suffix()).collect();
    let whole: Vec<Subject> = files.iter().map(|(subject, _)| (*subject).clone()).collect();
    if are_several(&sets(&bare, &kinds)) {
        return bare;
    }
    // A repetition is no set of sequences.
    let sets = sets(&whole, &kinds);
    if are_several(&sets) && sets.values().all(|kinds| kinds.len() > 1) {
        return whole;
    }
    vec![Subject::default(); files.len()]
}

/// Whose each of some files is, by its path: files of one subject have the same words, and all have none where nothing tells
/// them apart.
pub fn subjects(paths: &[&str]) -> Vec<String> {
    let of_paths: Vec<Subject> = paths.iter().map(|path| Subject::of(path)).collect();
    let names = paths.iter().map(|path| path.rsplit(['/', '\\']).next().unwrap_or(path));
    let told = told_apart(&of_paths.iter().zip(names).collect::<Vec<_>>());
    let words = |Subject { folder, prefix, suffix }: &Subject| [folder, prefix, suffix].map(String::as_str).join(" ");
    told.iter().map(|subject| words(subject).trim().to_owned()).collect()
}

/// The sequences of each subject; what says nothing of itself is one more.
type Sets<'a> = BTreeMap<&'a Subject, BTreeSet<Option<usize>>>;

fn sets<'a>(subjects: &'a [Subject], kinds: &[Option<usize>]) -> Sets<'a> {
    let mut sets = Sets::new();
    for (subject, kind) in subjects.iter().zip(kinds) {
        sets.entry(subject).or_default().insert(*kind);
    }
    sets
}

/// Whether two subjects have the same sequence.
fn are_several(sets: &Sets) -> bool {
    let mut seen = BTreeSet::new();
    sets.values().flatten().flatten().any(|kind| !seen.insert(*kind))
}

/// Says what may be wrong about files that are taken for those of one subject: names that begin differently, or are the same.
pub(crate) fn doubt(files: &[(&Subject, &str)], host: &mut dyn Host) {
    let mut prefixes: Vec<&str> = files.iter().map(|(subject, _)| subject.prefix.as_str()).collect();
    prefixes.retain(|prefix| !prefix.is_empty());
    prefixes.sort_unstable();
    prefixes.dedup();
    let mut say =
        |name: &str, what: Why| host.reply(FromWorker::Noted(Remark::Assumed { name: name.to_owned(), what }));
    if let ([first, second, ..], Some((_, name))) = (&prefixes[..], files.first()) {
        let what = "is taken for the same patient as the files beside it, whose names begin differently";
        let english =
            format!("it {what} ({first}, {second}); if that is wrong, drop each patient's files by themselves");
        say(name, keyed("same-patient", vec![word("first", first), word("second", second)], english));
    }
    let mut said: Vec<&str> = Vec::new();
    for (at, (_, name)) in files.iter().enumerate() {
        if files[..at].iter().any(|(_, other)| other == name) && !said.contains(name) {
            said.push(name);
            let what =
                "several files are called so; if they are of several patients, drop each patient's folder by itself";
            say(name, keyed("same-names", Vec::new(), what.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each file the first that is of the same subject.
    fn apart(paths: &[&str]) -> Vec<usize> {
        let told = subjects(paths);
        told.iter().map(|subject| told.iter().position(|other| other == subject).unwrap()).collect()
    }

    #[test]
    fn files_of_one_subject_and_visit_have_one_key() {
        for (a, b) in [
            ("a_flair.nii", "a_t1.nii"),
            ("BraTS-GLI-00001-000-t2f.nii.gz", "BraTS-GLI-00001-000-seg.nii.gz"),
            ("sub-01/anat/sub-01_FLAIR.nii.gz", "derivatives/sub-01/sub-01_ce-gd_T1w.nii.gz"),
            ("FLAIR.nii", "T1 post.nii"),
            ("p/AX_FLAIR.nii", "p/COR_T1.nii"),
        ] {
            assert_eq!(Subject::of(a).without_suffix(), Subject::of(b).without_suffix(), "{a} {b}");
        }
        for (a, b) in [
            ("a_flair.nii", "b_flair.nii"),
            ("sub-01/ses-1/sub-01_ses-1_FLAIR.nii", "sub-01/ses-2/sub-01_ses-2_FLAIR.nii"),
            ("a.zip/flair.nii", "b.zip/flair.nii"),
        ] {
            assert_ne!(Subject::of(a), Subject::of(b), "{a} {b}");
        }
    }

    #[test]
    fn the_same_sequence_twice_is_that_of_two_subjects() {
        assert_eq!(apart(&["a_flair.nii", "a_t1.nii", "b_flair.nii", "b_t1.nii"]), [0, 0, 2, 2]);
        assert_eq!(apart(&["1/flair.nii", "1/t1.nii", "2/flair.nii"]), [0, 0, 2]);
        assert_eq!(apart(&["a_t2.nii", "b_t2.nii"]), [0, 1]);
        assert_eq!(apart(&["a_flair_1.nii", "a_flair_2.nii", "b_flair_1.nii"]), [0, 0, 2]);
        for one in [
            &["p/flair/a.nii", "p/t1/a.nii"][..],
            &["FLAIR.nii", "FLAIR_2.nii", "T1.nii"],
            &["flair_1.nii", "flair_2.nii", "flair_3.nii"],
            // Which is doubted.
            &["a_flair.nii", "b_t1.nii"],
            &["scan1.nii", "scan2.nii"],
        ] {
            assert_eq!(apart(one), vec![0; one.len()], "{one:?}");
        }
    }

    #[test]
    fn what_comes_last_tells_subjects_apart_where_each_has_a_set() {
        assert_eq!(apart(&["flair_p1.nii", "t1_p1.nii", "flair_p2.nii", "t1_post_p2.nii.gz"]), [0, 0, 2, 2]);
        assert_eq!(apart(&["flair_p1.nii", "t1_p1.nii", "flair_p2.nii"]), [0; 3]);
    }
}
