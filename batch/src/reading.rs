//! The files of a source into studies, by the catalog that the page reads with.

use std::fs;
use std::time::Instant;

use catalog::{Catalog, Host};
use protocol::{FileId, FromWorker, Pieces, SeriesId, StudyInfo, ToWorker};
use study::Composite;

use crate::source::Source;
use crate::words;

/// A study that is read.
pub struct Study {
    /// What is known of it.
    pub info: StudyInfo,
    /// Its volumes on one grid.
    pub composite: Composite,
}

impl Study {
    /// Names of the series that stand for pre-contrast, FLAIR and post-contrast.
    pub fn series(&self) -> [Option<String>; 3] {
        self.info.sequences.each_ref().map(|sequence| name_of(&self.info, sequence.as_ref()?.series))
    }

    /// The day of the examination, as `YYYY-MM-DD`, where the files say so.
    pub fn date(&self) -> Option<String> {
        let (_, date) = self.info.patient.iter().find(|(name, _)| name == "Study date")?;
        let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
        is_date.then(|| format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]))
    }

    /// Why a mask would mean little, in the page's words.
    pub fn doubt(&self) -> Option<&'static str> {
        match (self.info.stands_in, self.info.axial_head) {
            (true, _) => Some(words::of_page("doubt-no-flair")),
            (false, false) => Some(words::of_page("doubt-no-head-study")),
            (false, true) => None,
        }
    }
}

/// A source whose files are read.
pub struct Reading {
    catalog: Catalog,
    studies: Vec<StudyInfo>,
    /// What was noted on the way.
    pub remarks: Vec<String>,
}

/// What the catalog says, as far as it matters without a page.
struct Desk {
    started: Instant,
    studies: Vec<StudyInfo>,
    remarks: Vec<String>,
    problems: Vec<String>,
}

impl Host for Desk {
    fn now_ms(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1e3
    }

    fn random(&mut self) -> u128 {
        random()
    }

    fn reply(&mut self, message: FromWorker<Pieces>) {
        match message {
            FromWorker::StudyOpened { info, .. } => {
                self.studies.retain(|known| known.study != info.study);
                self.studies.push(*info);
            }
            FromWorker::Noted(remark) => self.remarks.extend(words::remark(&remark)),
            FromWorker::Refused(problem) | FromWorker::Rejected { problem, .. } => {
                self.problems.extend(words::problem(&problem));
            }
            _ => {}
        }
    }
}

/// A random number.
pub fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("every system has a source of random numbers");
    u128::from_le_bytes(bytes)
}

impl Reading {
    /// Reads the files of a source.
    ///
    /// # Errors
    ///
    /// Says why there is no study in them.
    pub fn of(source: &Source) -> Result<Self, String> {
        if let Some(problem) = &source.problem {
            return Err(problem.clone());
        }
        let mut catalog = Catalog::default();
        let mut desk = Desk { started: Instant::now(), studies: Vec::new(), remarks: Vec::new(), problems: Vec::new() };
        for (at, found) in source.files.iter().enumerate() {
            let bytes = fs::read(&found.path).map_err(|error| format!("{}: {error}", found.path.display()))?;
            let (file, name) = (FileId(at as u32 + 1), found.below.clone());
            catalog.handle(ToWorker::Open { file, name, bytes: bytes.into() }, &mut desk);
        }
        catalog.handle(ToWorker::Settle { on_screen: None }, &mut desk);
        if let (Some(session), [info]) = (&source.session, &desk.studies[..]) {
            let wanted = session.sequences.each_ref().map(|name| series(info, name.as_deref()?));
            let chosen = info.sequences.each_ref().map(|sequence| Some(sequence.as_ref()?.series));
            if wanted != chosen && wanted[1].is_some() {
                catalog.handle(ToWorker::Compose { study: info.study, series: wanted }, &mut desk);
            }
        }
        let mut studies = std::mem::take(&mut desk.studies);
        studies.reverse();
        let mut remarks = std::mem::take(&mut desk.remarks);
        let mut problems = std::mem::take(&mut desk.problems);
        if studies.is_empty() {
            if problems.is_empty() {
                problems.append(&mut remarks);
            }
            let why = problems.join("; ");
            return Err(if why.is_empty() { "there is no volume in it".into() } else { why });
        }
        remarks.append(&mut problems);
        remarks.extend(source.session.iter().flat_map(|session| session.notes.clone()));
        Ok(Self { catalog, studies, remarks })
    }

    /// How many studies are left.
    pub fn left(&self) -> usize {
        self.studies.len()
    }

    /// The next study.
    pub fn next_study(&mut self) -> Option<Study> {
        let info = self.studies.pop()?;
        let composite = self.catalog.take_study(info.study)?;
        Some(Study { info, composite })
    }
}

fn series(info: &StudyInfo, name: &str) -> Option<SeriesId> {
    info.choices.iter().find(|(_, known)| known == name).map(|(id, _)| *id)
}

fn name_of(info: &StudyInfo, series: SeriesId) -> Option<String> {
    info.choices.iter().find(|(id, _)| *id == series).map(|(_, name)| name.clone())
}
