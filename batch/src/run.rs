//! A run: sources are read one after the other while the slices of those before are computed on all cores.

use std::fs;
use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use burn::prelude::Device;
use catalog::Request;
use engine::{LoadError, Segmenter, SelfTestError};
use imaging::SpacingMm;
use protocol::{Export, ExportFormat};
use study::Secret;

use crate::bids;
use crate::clock::now;
use crate::files::{fingerprint, plain, stem};
use crate::measure;
use crate::options::{Options, Written};
use crate::output::{Files, Output, OutputError};
use crate::plan::plan;
use crate::progress::Progress;
use crate::reading::{Reading, random};
use crate::record::{Row, Status};
use crate::segment::{Origin, Queue, Task};
use crate::source::{Naming, Session, Source};
use crate::without_patient;
use crate::words;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every study has its mask.
    All,
    /// Some have none.
    Some,
}

/// Everything that the threads of a run share.
struct Run<'a> {
    options: &'a Options,
    segmenter: Segmenter,
    threshold: f32,
    /// What identifiers are hashed with where patient data is left out; it is kept nowhere.
    secret: Option<Secret>,
    settings: String,
    sources: Vec<Source>,
    output: Output,
    queue: Queue,
    progress: Progress,
    /// Names that were given away.
    names: Mutex<Vec<String>>,
    /// What has no mask, and why.
    problems: Mutex<Vec<String>>,
    full: AtomicBool,
}

/// Segments everything that is asked for.
///
/// # Errors
///
/// Says why nothing was begun.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let segmenter = load(&options.model)?;
    let plan = plan(&options.inputs, &options.out)?;
    plan.notes.iter().for_each(|note| eprintln!("{note}"));
    if plan.sources.is_empty() {
        return Err("there is no study in what was named: no DICOM, no volume, no archive".into());
    }
    let manifest = segmenter.manifest();
    let threshold = options.threshold.unwrap_or(manifest.threshold);
    let name = manifest.name.clone();
    let settings = format!("{} {} {threshold} {:?}", env!("CARGO_PKG_VERSION"), manifest.weights.sha256, options.write);
    let without_patient = options.without_patient_data;
    let output = Output::open(&options.out, without_patient).map_err(|error| error.to_string())?;
    if !plan.data_sets.is_empty() {
        let named = if without_patient { &[] } else { plan.data_sets.as_slice() };
        let top = bids::top(named, &name).into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()));
        output.put("the derived data set", None, &top.collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    }
    let run = Run {
        options,
        threshold,
        secret: without_patient.then(|| Secret::random(random)),
        settings,
        progress: Progress::new(plan.sources.len()),
        sources: plan.sources,
        output,
        segmenter,
        queue: Queue::default(),
        names: Mutex::default(),
        problems: Mutex::default(),
        full: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            run.read();
            run.queue.close();
        });
        for _ in 0..options.jobs() {
            scope.spawn(|| {
                while let Some((task, slice)) = run.queue.next() {
                    run.compute(&task, slice);
                }
            });
        }
    });
    run.end()
}

/// The model in a folder, after its self-test.
fn load(folder: &Path) -> Result<Segmenter, String> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(|error| format!("the model cannot be read: {}: {error}", path.display()))
    };
    pollster::block_on(engine::load(read, Device::flex())).map_err(|error| match error {
        LoadError::SelfTest(why @ (SelfTestError::Mismatch { .. } | SelfTestError::Engine(_))) => {
            format!("the model fails its test here: {why}")
        }
        other => other.to_string(),
    })
}

impl Run<'_> {
    /// Reads one source after the other, as far as there is room.
    fn read(&self) {
        for (at, source) in self.sources.iter().enumerate() {
            let inputs = fingerprint(source.files.iter().map(|found| found.path.as_path()));
            if self.output.is_done(&source.key, &inputs, &self.settings) {
                self.progress.skipped();
                if self.secret.is_some() {
                    eprintln!(
                        "{} ({}): done by an earlier run",
                        self.output.names(&source.key).join(", "),
                        source.shown
                    );
                }
                continue;
            }
            self.queue.make_room();
            if self.full.load(Ordering::Relaxed) {
                return self.queue.leave();
            }
            let reading = catch_unwind(AssertUnwindSafe(|| Reading::of(source)));
            match reading.unwrap_or_else(|_| Err("the reader of its files failed; please report this".into())) {
                Ok(reading) => self.read_studies(at, &inputs, reading),
                Err(why) => {
                    self.output.begin(&source.key, &inputs, &self.settings, 1);
                    let refused = source.session.is_some() && source.problem.is_some();
                    let status = if refused { Status::Refused } else { Status::Failed };
                    let row = self.row(source, 1, &self.name(source, ""));
                    self.progress.advance(1.0, &row.study, None);
                    self.put(source, Row { status, problem: why, ..row }, &[], 1);
                    self.queue.leave();
                }
            }
        }
    }

    /// Hands the studies of a source on; there is room for the first.
    fn read_studies(&self, at: usize, inputs: &str, mut reading: Reading) {
        let source = &self.sources[at];
        let of = reading.left();
        self.output.begin(&source.key, inputs, &self.settings, of);
        for part in 1.. {
            let Some(study) = reading.next_study() else { return self.queue.leave() };
            let name = self.name(source, &study.info.name);
            let mut row = self.row(source, part, &name);
            row.date = study.date();
            row.series = study.series();
            row.size = Some(study.info.size);
            row.spacing_mm = study.composite.geometry.spacing_mm().map(SpacingMm::axes);
            row.remarks = reading.remarks.clone();
            if study.info.guessed && !study.info.stands_in {
                row.remarks.push(words::of_page("sequence-guessed").into());
            }
            match study.doubt().filter(|_| !self.options.anyway) {
                Some(doubt) => {
                    let problem = format!("{doubt} (--anyway segments it all the same)");
                    self.progress.advance(1.0 / of as f64, &row.study, None);
                    self.put(source, Row { status: Status::Refused, problem, ..row }, &[], of);
                }
                None => {
                    self.queue.push(Arc::new(Task::new(study, Origin { source: at, row, of })));
                    // The next one waits until there is room for it.
                    self.queue.make_room();
                }
            }
        }
    }

    /// Computes a slice, and the study's files after its last one.
    fn compute(&self, task: &Task, slice: usize) {
        let &Origin { source, ref row, of } = &task.origin;
        let slices = task.study.composite.slices();
        let last = task.compute(slice, &self.segmenter, self.threshold);
        self.progress.advance(1.0 / (slices * of) as f64, &row.study, Some((slice + 1, slices)));
        if !last {
            return;
        }
        let source = &self.sources[source];
        let made = catch_unwind(AssertUnwindSafe(|| self.made(source, task, row.clone())));
        match made.unwrap_or_else(|_| Err("its mask could not be made; please report this".into())) {
            Ok((row, files)) => self.put(source, row, &files, of),
            Err(problem) => self.put(source, Row { problem, ..row.clone() }, &[], of),
        }
        self.queue.leave();
    }

    /// The row and the files of a study whose slices have all been computed.
    fn made(&self, source: &Source, task: &Task, mut row: Row) -> Result<(Row, Files), String> {
        let answers = task.answers()?;
        let composite = &task.study.composite;
        let marked = measure::mask(&answers, composite.geometry.size);
        let found = measure::measures(&marked, &answers, &composite.geometry);
        let marks: Vec<u8> = marked.into_iter().map(u8::from).collect();
        let mut files = Files::new();
        let asked = &self.options.write;
        // A report comes with the segmentation that it refers to.
        let once = |written: &&Written| **written != Written::Seg || !asked.contains(&Written::Report);
        for written in asked.iter().filter(once) {
            let marks = marks.clone().into();
            let request = Request {
                export: match written {
                    Written::Nifti => Export::Nifti(marks),
                    Written::Seg => Export::DicomSeg(marks),
                    Written::Report => Export::DicomReport { marks, figures: found.figures(&composite.geometry) },
                },
                corrected: false,
                threshold: Some(self.threshold),
                now: now(),
                model: self.segmenter.manifest().name.clone(),
                deidentified: self.secret.clone(),
            };
            match request.files(composite, &mut random) {
                Ok(made) => {
                    files
                        .extend(made.into_iter().map(|(format, bytes)| (self.path(source, &row.study, format), bytes)));
                }
                Err(error) if *written == Written::Report => {
                    row.remarks.push(format!("no DICOM report was written: {error}"));
                }
                Err(error) => row.remarks.push(format!("no DICOM segmentation was written: {error}")),
            }
        }
        if files.is_empty() && found.voxels > 0 {
            return Err(row.remarks.pop().unwrap_or_else(|| "nothing was asked to be written".into()));
        }
        if let Some(session) = source.session.as_ref().filter(|_| self.options.write.contains(&Written::Nifti)) {
            let named = Some(session).filter(|_| self.secret.is_none());
            let sidecar = bids::sidecar(named, self.threshold, &self.segmenter.manifest().name);
            files.push((format!("{}.json", self.mask(session, &row.study)), format!("{sidecar:#}\n").into_bytes()));
        }
        row.voxels = Some(found.voxels);
        row.volume_ml = found.volume_ml;
        row.slices_marked = Some(found.slices_marked);
        row.diameters = found.largest.map(|largest| [largest.longest, largest.perpendicular, largest.product]);
        row.diameters_slice = found.largest.map(|largest| largest.slice);
        row.presence = Some(found.presence);
        row.files = files.iter().map(|(path, _)| path.clone()).collect();
        row.status = Status::Done;
        row.seconds = Some(task.seconds());
        Ok((row, files))
    }

    /// Keeps a row with its files and says what became of it.
    fn put(&self, source: &Source, row: Row, files: &[(String, Vec<u8>)], of: usize) {
        let mut row = row;
        if let Err(error) = self.output.put(&source.key, Some(self.kept(row.clone())), files) {
            self.full.fetch_or(matches!(error, OutputError::Full(_)), Ordering::Relaxed);
            let problem = error.to_string();
            row = Row { status: Status::Failed, problem, files: Vec::new(), ..row };
            // Where there is no room for a row either, the end of the run names it.
            drop(self.output.put(&source.key, Some(self.kept(row.clone())), &[]));
        }
        if row.status != Status::Done {
            let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
            problems.push(format!("{} ({}): {}", row.study, row.source, row.problem));
        }
        let said = match (row.status, row.volume_ml, row.voxels) {
            (Status::Done, Some(ml), _) => format!("{ml:.1} ml"),
            (Status::Done, None, voxels) => format!("{} voxels", voxels.unwrap_or(0)),
            _ => format!("not segmented: {}", row.problem),
        };
        let time = row.seconds.map_or(String::new(), |seconds| format!(", {seconds:.0} s"));
        // Without patient data nothing else says which study is which.
        let name = match self.secret {
            Some(_) => format!("{} ({})", row.study, row.source),
            None => row.study.clone(),
        };
        for remark in row.remarks.iter().filter(|remark| self.secret.is_some() && without_patient::may_name(remark)) {
            eprintln!("{}: {remark}", row.study);
        }
        self.progress.say_end(&format!("{name}: {said}{time}"), row.part == of);
    }

    /// The row as it is kept.
    fn kept(&self, row: Row) -> Row {
        if self.secret.is_some() { without_patient::row(row) } else { row }
    }

    fn row(&self, source: &Source, part: usize, name: &str) -> Row {
        Row {
            study: name.to_owned(),
            source: source.shown.clone(),
            part,
            threshold: self.threshold,
            model: self.segmenter.manifest().name.clone(),
            ..Row::default()
        }
    }

    /// What a study is called whose FLAIR is called so.
    fn name(&self, source: &Source, flair: &str) -> String {
        let mut given = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let name = if self.secret.is_some() {
            // A data set has subjects.
            let what = if source.session.is_some() { "sub" } else { "study" };
            self.output.name(&source.key, (1..).map(|number| format!("{what}-{number}")), &given)
        } else {
            let wanted = wanted(source, flair);
            let numbered = (2..).map(|number| format!("{wanted}-{number}"));
            self.output.name(&source.key, iter::once(wanted.clone()).chain(numbered), &given)
        };
        given.push(name.clone());
        name
    }

    /// Where a file goes, below the output folder.
    fn path(&self, source: &Source, study: &str, format: ExportFormat) -> String {
        match (&source.session, format) {
            (Some(session), ExportFormat::Nifti) => format!("{}.nii.gz", self.mask(session, study)),
            (_, ExportFormat::Nifti) => format!("{study}_mask.nii.gz"),
            (_, ExportFormat::DicomReport) => format!("{study}_report.dcm"),
            (_, _) => format!("{study}_mask.dcm"),
        }
    }

    /// Where a session's mask goes, without its ending.
    fn mask(&self, session: &Session, study: &str) -> String {
        if self.secret.is_some() { bids::numbered_mask(study) } else { session.mask.clone() }
    }

    /// What is said at the end.
    fn end(self) -> Result<Outcome, String> {
        if let Err(error) = self.output.finish() {
            self.full.fetch_or(matches!(error, OutputError::Full(_)), Ordering::Relaxed);
            eprintln!("{error}");
        }
        let skipped = self.progress.skipped_sources();
        if skipped > 0 {
            eprintln!("{skipped} of {} were done by an earlier run", self.sources.len());
        }
        let problems = self.problems.into_inner().unwrap_or_else(PoisonError::into_inner);
        if self.full.load(Ordering::Relaxed) {
            eprintln!("the disk is full, so the run stopped; make room and run the same command again");
        }
        if problems.is_empty() && !self.full.load(Ordering::Relaxed) {
            return Ok(Outcome::All);
        }
        eprintln!("not segmented:");
        problems.iter().for_each(|problem| eprintln!("  {problem}"));
        Ok(Outcome::Some)
    }
}

/// What a study is called if no other one is, by the name of its FLAIR.
fn wanted(source: &Source, flair: &str) -> String {
    match &source.naming {
        Naming::Fixed(name) => name.clone(),
        Naming::ByFile(folder) => {
            let first = source.files.first().map(|found| found.below.rsplit('/').next().unwrap_or_default());
            let file = stem(if flair.is_empty() { first.unwrap_or_default() } else { flair });
            plain(&if folder.is_empty() { file.to_owned() } else { format!("{folder}_{file}") })
        }
    }
}
