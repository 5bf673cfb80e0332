//! Files of the page into slices and studies, and the slices that questions are about.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use imaging::{Frame, Heads, SEQUENCES, Slice, Statistics, Surroundings, click_scale, decode, is_halved};
use protocol::{
    ExportFormat, FIRST_FOUND, FileId, FromWorker, SequenceInfo, SeriesId, SliceInfo, StudyId, StudyInfo, View,
};
use sha2::{Digest, Sha256};
use study::{
    Algorithm, Budget, Composite, DicomFile, FileKind, Identity, Instance, LabelMap, Origin, PairPart, Pairs, Part,
    Reading, Role, Series, SeriesWarning, assign, is_label_map, read_dicom, read_nifti, read_pair, read_segmentation,
    sniff, stack, unpack, unwrapped, write_nifti, write_segmentation,
};

use worker::Page;
use worker::post::{now_ms, post, post_pieces, post_with};

/// Of a volume's numbers, one in so many makes its digest: all of them would take as long as reading the files.
const DIGESTED: usize = 61;
/// Names that a message spells out.
const NAMED: usize = 3;

/// Everything that is open, and what waits for the rest of its drop.
#[derive(Default)]
pub struct Library {
    /// Pictures, and what of each the network looks at.
    pictures: HashMap<FileId, (Slice, Frame)>,
    studies: Vec<Study>,
    series: Vec<(SeriesId, Rc<Series>)>,
    waiting: Waiting,
    ids: u32,
}

/// A study on screen.
struct Study {
    id: StudyId,
    name: String,
    /// Its slices' ids begin here.
    first: u32,
    composite: Composite,
    chosen: [Option<SeriesId>; SEQUENCES],
    guessed: bool,
    statistics: OnceCell<Statistics>,
}

/// Parts of studies of which not all files have been read.
#[derive(Default)]
struct Waiting {
    instances: Vec<Instance>,
    volumes: Vec<(Series, Vec<SeriesWarning>)>,
    label_maps: Vec<(String, LabelMap, bool)>,
    segmentations: Vec<(String, Box<DicomFile>)>,
    pairs: Pairs,
    left_out: Vec<(String, String)>,
    bystanders: usize,
    budget: Budget,
}

/// A picture as it was read.
struct Decoded {
    slice: Slice,
    digest: u64,
    decode_us: u32,
    halved: bool,
}

impl Decoded {
    fn new(bytes: &[u8]) -> Result<Self, String> {
        let started = now_ms();
        let slice = decode(bytes).map_err(|error| error.to_string())?;
        let decode_us = ((now_ms() - started) * 1000.0) as u32;
        Ok(Self { slice, digest: digest(bytes.iter().copied()), decode_us, halved: is_halved(bytes) })
    }
}

impl Library {
    /// Reads a file that the page names `file`.
    pub fn open(&mut self, file: FileId, name: &str, bytes: Vec<u8>) {
        match self.read(file, name, bytes) {
            Ok(true) => {}
            Ok(false) => post(&FromWorker::Kept { file }),
            Err(why) => post(&FromWorker::Rejected { file, why }),
        }
    }

    /// Whether the file is a slice by itself; why it cannot be read.
    fn read(&mut self, file: FileId, name: &str, bytes: Vec<u8>) -> Result<bool, String> {
        let inner = unwrapped(name, &bytes, &mut self.waiting.budget).map_err(|error| error.to_string())?;
        let (name, inner) = (inner.name, inner.bytes);
        let kind = sniff(&name, &inner).map_err(|foreign| foreign.to_string())?;
        let waiting = &mut self.waiting;
        let mut volumes = Vec::new();
        let mut header = Cow::Borrowed(&inner[..]);
        match kind {
            FileKind::Image => {
                self.open_slice(file, &name, Decoded::new(&inner)?);
                return Ok(true);
            }
            FileKind::Dicom => match read_dicom(&name, &inner).map_err(|error| error.to_string())? {
                Reading::Image(instance) => waiting.instances.push(*instance),
                Reading::Segmentation(file) => waiting.segmentations.push((name.clone(), file)),
                Reading::LeftOut(why) => waiting.left_out.push((name.clone(), why.to_string())),
            },
            FileKind::Nifti => volumes = read_nifti(&name, &inner).map_err(|error| error.to_string())?,
            FileKind::PairHeader | FileKind::PairData => {
                let part = if kind == FileKind::PairHeader { PairPart::Header } else { PairPart::Data };
                if let Some(pair) = waiting.pairs.add(&name, part, inner.to_vec()) {
                    volumes = read_pair(&pair.name, &pair.header, &pair.data).map_err(|error| error.to_string())?;
                    header = Cow::Owned(pair.header);
                }
            }
            FileKind::Zip | FileKind::Tar => {
                let mut budget = std::mem::take(&mut waiting.budget);
                let unpacked = unpack(&inner, &mut budget, |part| self.read_part(part));
                self.waiting.budget = budget;
                unpacked.map_err(|error| error.to_string())?;
                return Ok(false);
            }
        }
        let waiting = &mut self.waiting;
        match &volumes[..] {
            [(series, _)] if is_label_map(series, &header) => {
                let own = study::is_own_mask(&header);
                waiting.label_maps.push((name, LabelMap::of(series), own));
            }
            _ => waiting.volumes.append(&mut volumes),
        }
        Ok(false)
    }

    /// Reads a file of an archive.
    fn read_part(&mut self, part: Part) {
        let found = FileId(FIRST_FOUND + self.next());
        let short = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        match part {
            Part::Bystander { .. } => self.waiting.bystanders += 1,
            Part::Refused { name, why } => self.waiting.left_out.push((short(&name), why.to_string())),
            Part::File { name, bytes } if sniff(&name, &bytes) == Ok(FileKind::Image) => {
                // The page hears of a picture only once it is one.
                match Decoded::new(&bytes) {
                    Ok(decoded) => {
                        post(&FromWorker::Found { file: found, name: short(&name) });
                        self.open_slice(found, &short(&name), decoded);
                    }
                    Err(why) => self.waiting.left_out.push((short(&name), why)),
                }
            }
            Part::File { name, bytes } => {
                if let Err(why) = self.read(found, &name, bytes) {
                    self.waiting.left_out.push((short(&name), why));
                }
            }
        }
    }

    fn next(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    fn open_slice(&mut self, file: FileId, name: &str, decoded: Decoded) {
        let Decoded { slice, digest, decode_us, halved } = decoded;
        let brightest = slice.sequence(0).iter().copied().fold(0.0, f32::max);
        let two_levels = slice.sequence(0).iter().all(|&v| v == 0.0 || v == brightest);
        let Heads { frame, others } = Heads::of(&slice);
        let info = SliceInfo {
            width: slice.width(),
            height: slice.height(),
            single_sequence: slice.is_single_sequence(),
            binary: slice.is_single_sequence() && brightest > 0.0 && two_levels,
            digest,
            view: view(&slice, frame),
            decode_us,
        };
        // What `decode_label` would say of the same pixels.
        let marked: Vec<u8> = slice.sequence(0).iter().map(|&v| u8::from(v > brightest / 2.0)).collect();
        post_with(&FromWorker::Opened { file, info, others }, &[&for_display(&slice), &marked]);
        self.pictures.insert(file, (slice, frame));
        if halved {
            note(
                format!("{name} is very large: it is shown, and its mask saved, at half its width and height."),
                false,
            );
        }
    }

    /// Lets the network look at the head at a place of a picture.
    pub fn look_at(&mut self, file: FileId, at: (f32, f32)) {
        let Some((slice, frame)) = self.pictures.get_mut(&file) else { return };
        match Frame::around_head_at(slice, at).filter(|found| found != frame) {
            Some(found) => {
                *frame = found;
                post(&FromWorker::Framed { file, view: view(slice, found) });
            }
            None => {
                note("There is no other head at that place. The network looks at the part in the frame.".into(), false)
            }
        }
    }

    /// Puts together what has been waiting for the rest of its drop.
    pub fn settle(&mut self) {
        let Waiting { instances, mut volumes, label_maps, segmentations, mut pairs, mut left_out, bystanders, .. } =
            std::mem::take(&mut self.waiting);
        left_out.extend(pairs.unpaired().into_iter().map(|(name, why)| (name, why.to_string())));
        if bystanders > 0 {
            note(format!("Passed over: {bystanders} files that accompany scans."), false);
        }
        volumes.extend(stack(instances));
        let odd = volumes.iter().flat_map(|(series, warnings)| warnings.iter().map(|warning| (&series.name, warning)));
        for (warning, names) in grouped(odd.map(|(name, warning)| (name.clone(), warning.to_string()))) {
            note(format!("{}: {warning}.", listed(&names)), false);
        }
        // One study for each examination; files that name none belong together.
        let mut studies: Vec<(String, Vec<SeriesId>)> = Vec::new();
        for (series, _) in volumes {
            let key = match &series.origin {
                Origin::Dicom { reference, .. } => reference.study.clone(),
                Origin::File => String::new(),
            };
            let id = SeriesId(self.next());
            self.series.push((id, Rc::new(series)));
            match studies.iter_mut().find(|(known, _)| *known == key) {
                Some((_, members)) => members.push(id),
                None => studies.push((key, vec![id])),
            }
        }
        for (_, members) in studies {
            self.found(&members);
        }
        for (name, map, own) in label_maps {
            self.mark(&name, own, |composite| map.on(composite).map_err(|error| error.to_string()));
        }
        for (name, file) in segmentations {
            let own = study::is_own_segmentation(&file);
            self.mark(&name, own, |composite| {
                let map = read_segmentation(&file, composite).map_err(|error| error.to_string())?;
                map.on(composite).map_err(|error| error.to_string())
            });
        }
        tell_left_out(left_out);
    }

    /// Opens the study that some volumes make.
    fn found(&mut self, members: &[SeriesId]) {
        let names: Vec<String> = members.iter().filter_map(|id| Some(self.volume(*id)?.name.clone())).collect();
        let named = assign(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let [pre, flair, post_contrast] = named.map(|at| at.map(|at| members[at]));
        // Without a name that says so, what is no T1 is taken.
        let free = members.iter().copied().find(|id| ![pre, post_contrast].contains(&Some(*id)));
        let guess = free.or(pre).or(post_contrast);
        let without = |series: Option<SeriesId>| series.filter(|_| flair.is_some() || series != guess);
        let chosen = [without(pre), flair.or(guess), without(post_contrast)];
        let id = StudyId(self.next());
        self.put_together(id, chosen, flair.is_none(), None);
    }

    /// Takes other volumes for a study's sequences.
    pub fn compose(&mut self, id: StudyId, mut chosen: [Option<SeriesId>; SEQUENCES]) {
        let Some(at) = self.studies.iter().position(|study| study.id == id) else { return };
        let flair = Role::Flair as usize;
        chosen[flair] = chosen[flair].or(self.studies[at].chosen[flair]);
        let same_grid = chosen[flair] == self.studies[at].chosen[flair];
        let first = same_grid.then_some(self.studies[at].first);
        self.put_together(id, chosen, false, first);
    }

    fn put_together(&mut self, id: StudyId, chosen: [Option<SeriesId>; SEQUENCES], guessed: bool, first: Option<u32>) {
        let [pre, flair, post_contrast] = chosen.map(|id| self.volume(id?));
        let Some(flair) = flair else { return };
        let composite = match Composite::new(&flair, pre.as_deref(), post_contrast.as_deref()) {
            Ok(composite) => composite,
            Err(error) => {
                note(format!("{error}."), true);
                // FLAIR alone can always be shown.
                let alone = [None, chosen[Role::Flair as usize], None];
                if self.studies.iter().all(|study| study.id != id) {
                    self.put_together(id, alone, guessed, first);
                }
                return;
            }
        };
        let first = first.unwrap_or_else(|| {
            let first = FIRST_FOUND + self.ids + 1;
            self.ids += composite.slices() as u32;
            first
        });
        let study =
            Study { id, name: flair.name.clone(), first, composite, chosen, guessed, statistics: OnceCell::new() };
        self.announce(&study, &flair);
        match self.studies.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = study,
            None => self.studies.push(study),
        }
    }

    fn announce(&self, study: &Study, flair: &Series) {
        let composite = &study.composite;
        let sequences = std::array::from_fn(|at| {
            let (series, sequence) = (study.chosen[at]?, composite.sequences[at].as_ref()?);
            Some(SequenceInfo {
                series,
                slope: sequence.slope,
                intercept: sequence.intercept,
                window: sequence.window,
                range: sequence.range,
                resampled: sequence.resampled,
            })
        });
        let numbers = &composite.sequence(Role::Flair as usize).stored;
        let info = StudyInfo {
            study: study.id,
            first: FileId(study.first),
            name: study.name.clone(),
            size: composite.geometry.size,
            spacing_mm: composite.geometry.spacing_mm(),
            voxel_mm3: composite.geometry.voxel_mm3(),
            placed: composite.is_placed(),
            dicom: matches!(composite.origin, Origin::Dicom { .. }) && composite.is_placed(),
            sequences,
            guessed: study.guessed,
            choices: self.series.iter().map(|(id, series)| (*id, series.name.clone())).collect(),
            patient: flair.patient.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            digest: digest(numbers.iter().step_by(DIGESTED).flat_map(|v| v.to_le_bytes())),
        };
        let sequences = composite.sequences.iter().flatten();
        let buffers: Vec<Vec<&[u8]>> =
            sequences.map(|sequence| sequence.stored.slices().map(study::bytes_of).collect()).collect();
        post_pieces(&FromWorker::StudyOpened(Box::new(info)), &buffers);
    }

    /// Gives what a file marks to the study that it fits, the newest first.
    fn mark(&self, name: &str, own: bool, on: impl Fn(&Composite) -> Result<Vec<u8>, String>) {
        let mut why = "open its study first, then drop it again".to_owned();
        for study in self.studies.iter().rev() {
            match on(&study.composite) {
                Ok(marked) => {
                    let message = FromWorker::Marked { study: study.id, name: name.to_owned(), own };
                    return post_with(&message, &[&marked]);
                }
                Err(error) => why = error,
            }
        }
        note(format!("{name}: {why}."), true);
    }

    /// Writes a file of a study's mask.
    pub fn export(
        &self,
        id: StudyId,
        format: ExportFormat,
        corrected: bool,
        [date, time]: [String; 2],
        model: String,
        marked: &[u8],
    ) {
        let Some(study) = self.studies.iter().find(|study| study.id == id) else { return };
        let composite = &study.composite;
        if marked.len() != composite.geometry.voxels() {
            return note("The mask does not have the study's size. Reload the page.".into(), true);
        }
        let written = match format {
            ExportFormat::Nifti => Ok(write_nifti(&composite.source, &composite.to_source(marked))),
            ExportFormat::DicomSeg => {
                let algorithm = if corrected { Algorithm::SemiAutomatic } else { Algorithm::Automatic };
                let identity = Identity { random: std::array::from_fn(|_| random()), date, time, model };
                write_segmentation(composite, marked, algorithm, &identity)
            }
        };
        match written {
            Ok(bytes) => post_with(&FromWorker::Exported { study: id, format }, &[&bytes]),
            Err(error) => note(format!("{}: {error}.", study.name), true),
        }
    }

    /// The slice of this id.
    pub fn page(&self, file: FileId) -> Option<Page<'_>> {
        if let Some((slice, frame)) = self.pictures.get(&file) {
            return Some(Page { slice: Cow::Borrowed(slice), surroundings: Surroundings::Picture(*frame) });
        }
        let within = |study: &&Study| (study.first..study.first + study.composite.slices() as u32).contains(&file.0);
        let study = self.studies.iter().find(within)?;
        let composite = &study.composite;
        let statistics =
            study.statistics.get_or_init(|| Statistics::of((0..composite.slices()).map(|at| composite.slice(at))));
        let slice = Cow::Owned(composite.slice((file.0 - study.first) as usize));
        Some(Page { slice, surroundings: Surroundings::Volume(*statistics) })
    }

    /// Forgets a slice.
    pub fn close(&mut self, file: FileId) {
        self.pictures.remove(&file);
    }

    /// Forgets a study, and volumes that no other study uses.
    pub fn close_study(&mut self, id: StudyId) {
        self.studies.retain(|study| study.id != id);
        if self.studies.is_empty() {
            self.series.clear();
        }
    }

    fn volume(&self, id: SeriesId) -> Option<Rc<Series>> {
        self.series.iter().find(|(known, _)| *known == id).map(|(_, series)| series.clone())
    }
}

fn view(slice: &Slice, frame: Frame) -> View {
    let (width, height) = frame.size();
    let (columns, rows) = frame.visible();
    let part = [columns.start, rows.start, columns.len(), rows.len()];
    let all = part == [0, 0, slice.width(), slice.height()];
    View { part: (!all).then_some(part), click_scale: click_scale(width, height) }
}

fn note(text: String, failed: bool) {
    post(&FromWorker::Noted { text, failed });
}

/// Says which files have no place in a volume, those of one reason together.
fn tell_left_out(left_out: Vec<(String, String)>) {
    for (why, names) in grouped(left_out) {
        note(format!("Left out: {} ({why}).", listed(&names)), false);
    }
}

/// What is said of several names, each once, with the names it is said of.
fn grouped(said: impl IntoIterator<Item = (String, String)>) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (name, what) in said {
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, names)) => names.push(name),
            None => groups.push((what, vec![name])),
        }
    }
    groups
}

/// The first few names, and how many there are besides.
fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names[..names.len() - more].join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

/// Three planes of grey levels, each stretched to its brightest pixel.
fn for_display(slice: &Slice) -> Vec<u8> {
    let planes = (0..SEQUENCES).flat_map(|index| {
        let plane = slice.sequence(index);
        let brightest = plane.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        plane.iter().map(move |v| (v / brightest * 255.0 + 0.5) as u8)
    });
    planes.collect()
}

fn digest(bytes: impl Iterator<Item = u8>) -> u64 {
    let bytes: Vec<u8> = bytes.collect();
    let hash = Sha256::digest(&bytes);
    u64::from_le_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("every browser has a source of random numbers");
    u128::from_le_bytes(bytes)
}
