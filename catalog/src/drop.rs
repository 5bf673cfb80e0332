//! One drop: files are read as they come, and what they are parts of is put together when all are there.

use std::borrow::Cow;

use protocol::{FileId, FromWorker, Names, Pieces, Problem, Remark, StudyId};
use study::{
    Budget, Foreign, Instance, Pairs, Part, SeriesWarning, Session, is_bystander, is_session, stack, stack_of_pictures,
    unpack, unwrapped,
};

use crate::formats::{self, Content, Input, Unread, numbered};
use crate::labels::Label;
use crate::sessions;
use crate::studies::{File, VolumeRead};
use crate::subjects::Subject;
use crate::{Catalog, Host};

/// What a file is called that has no name.
const NAMELESS: &str = "a file without a name";
/// Pictures from which they can be one volume.
const FEWEST_SLICES: usize = 4;

/// What waits for the rest of its drop.
#[derive(Default)]
pub(crate) struct Drop {
    number: u32,
    /// Files that were handed over.
    handed: usize,
    /// Files that are no bystanders.
    worthwhile: usize,
    instances: Vec<Instance>,
    volumes: Vec<(VolumeRead, Vec<SeriesWarning>)>,
    pairs: Pairs,
    labels: Vec<(Label, Subject)>,
    /// Session files, by name.
    sessions: Vec<(String, Session)>,
    /// Why files were rejected, each reason once.
    rejected: Vec<String>,
    /// Names of files, with why they have no place in a volume.
    left_out: Vec<(String, String)>,
    /// What accompanies scans, by name, with what it is.
    bystanders: Vec<(String, String)>,
    /// Pictures that are no labels, by name.
    pictures: Vec<(FileId, String)>,
    /// What archives of this drop may still unpack to.
    budget: Budget,
}

impl Catalog {
    /// Reads a file that the page names `file`.
    pub(crate) fn open(&mut self, file: FileId, name: &str, bytes: &[u8], host: &mut dyn Host) {
        let name = named(name);
        self.drop.handed += 1;
        match self.read_layers(file, name, bytes, host) {
            Ok(true) => {}
            Ok(false) => host.reply(FromWorker::Kept { file }),
            Err(Unread::Foreign(foreign)) if accompanies(name, foreign) => {
                self.drop.bystanders.push((name.to_owned(), foreign.to_string()));
                host.reply(FromWorker::Kept { file });
            }
            Err(unread) => {
                self.drop.worthwhile += 1;
                let (name, why) = (short(name).to_owned(), unread.why());
                // A folder of them is one message at once, and one at its end.
                if self.drop.rejected.contains(&why) {
                    self.drop.left_out.push((name, why));
                    return host.reply(FromWorker::Kept { file });
                }
                self.drop.rejected.push(why.clone());
                host.reply(FromWorker::Rejected { file, problem: Problem::Unreadable { name, why } });
            }
        }
    }

    /// As [`Self::read`], layers of compression taken off.
    fn read_layers(&mut self, file: FileId, path: &str, bytes: &[u8], host: &mut dyn Host) -> Result<bool, Unread> {
        // The header of these numbers says how they are compressed.
        if self.drop.pairs.expects(path) {
            return self.read(file, path, bytes, true, host);
        }
        let inner = unwrapped(path, bytes, &mut self.drop.budget);
        let inner = inner.map_err(|error| Unread::Damaged(error.to_string()))?;
        self.read(file, named(&inner.name), &inner.bytes, true, host)
    }

    /// Whether the file is a slice by itself; why it cannot be read. The page knows a file that it handed over itself.
    fn read(
        &mut self,
        file: FileId,
        path: &str,
        bytes: &[u8],
        known: bool,
        host: &mut dyn Host,
    ) -> Result<bool, Unread> {
        let name = short(path);
        let content = formats::read(&Input { path, name, bytes, now_ms: &|| host.now_ms() }, &mut self.drop.pairs)?;
        let (path, content) = match content {
            Content::Headed { header, content } => (Cow::Owned(header), *content),
            content => (Cow::Borrowed(path), content),
        };
        let drop = &mut self.drop;
        drop.worthwhile += usize::from(!matches!(content, Content::Archive));
        match content {
            Content::Picture(decoded) => {
                // The page hears of a picture within a file only once it is one.
                if !known {
                    host.reply(FromWorker::Unpacked { file, name: name.to_owned() });
                }
                if !self.pictures.open(file, name, decoded, host) {
                    drop.pictures.push((file, name.to_owned()));
                }
                return Ok(true);
            }
            Content::Images(instance) => drop.instances.push(*instance),
            Content::Volumes(volumes) => {
                let found = volumes.into_iter().map(|(series, odd)| (VolumeRead::one(series, Subject::of(&path)), odd));
                drop.volumes.extend(found);
            }
            Content::Many { name, first, count, read } => {
                let (series, mut odd) = *first;
                odd.retain(|warning| !matches!(warning, SeriesWarning::FirstOf(_)));
                host.reply(FromWorker::Noted(Remark::Many { name: name.clone(), volumes: count }));
                let file = File { name, read, count };
                drop.volumes.push((VolumeRead { series, file: Some(file), subject: Subject::of(&path) }, odd));
            }
            Content::Label(label) => drop.labels.push((label, Subject::of(&path))),
            Content::LeftOut(why) => drop.left_out.push((name.to_owned(), why.to_string())),
            Content::Half | Content::Headed { .. } => {}
            Content::Archive if is_session(bytes) => {
                let session = Session::read(bytes, &mut drop.budget);
                let session = session.map_err(|error| Unread::Damaged(error.to_string()))?;
                drop.worthwhile += 1;
                drop.sessions.push((name.to_owned(), session));
            }
            Content::Archive => {
                let mut budget = std::mem::take(&mut self.drop.budget);
                let unpacked = unpack(bytes, &mut budget, |part| self.read_part(name, part, host));
                self.drop.budget = budget;
                unpacked.map_err(|error| Unread::Damaged(error.to_string()))?;
            }
        }
        Ok(false)
    }

    /// Reads a file of the archive of this name.
    fn read_part(&mut self, archive: &str, part: Part, host: &mut dyn Host) {
        match part {
            Part::Bystander { name } => self.drop.bystanders.push((name, String::new())),
            Part::Refused { name, why } => {
                self.drop.worthwhile += 1;
                self.drop.left_out.push((format!("{} in {archive}", short(&name)), why.to_string()));
            }
            Part::File { name, bytes } => {
                let found = self.ids.file();
                let path = format!("{archive}/{}", named(&name));
                match self.read(found, &path, &bytes, false, host) {
                    Ok(_) => {}
                    Err(Unread::Foreign(foreign)) if accompanies(&name, foreign) => {
                        self.drop.bystanders.push((name, foreign.to_string()));
                    }
                    Err(unread) => {
                        self.drop.worthwhile += 1;
                        self.drop.left_out.push((short(&name).to_owned(), unread.why()));
                    }
                }
            }
        }
    }

    /// Puts together what has been waiting for the rest of its drop.
    pub(crate) fn settle(&mut self, on_screen: Option<StudyId>, host: &mut dyn Host) {
        let mut drop = std::mem::take(&mut self.drop);
        self.drop.number = drop.number + 1;
        let mut left_out = std::mem::take(&mut drop.left_out);
        left_out
            .extend(drop.pairs.unpaired().into_iter().map(|(name, why)| (short(&name).to_owned(), why.to_string())));
        let mut volumes = std::mem::take(&mut drop.volumes);
        let stacked = stack(self.without_open_ones(std::mem::take(&mut drop.instances), host));
        volumes.extend(stacked.into_iter().map(|(series, odd)| (VolumeRead::one(series, Subject::default()), odd)));
        tell_odd(volumes.iter().map(|(found, odd)| (&found.series.name, odd)), host);
        let volumes = volumes.into_iter().map(|(found, _)| found).collect();
        let together = self.studies.settle(volumes, drop.number, on_screen, &mut self.ids, host);
        for (label, subject) in std::mem::take(&mut drop.labels) {
            label.give(&subject, &self.studies, &together, on_screen, host);
        }
        for (name, session) in std::mem::take(&mut drop.sessions) {
            host.reply(sessions::opened(name, session));
        }
        for (files, name) in self.stacks(std::mem::take(&mut drop.pictures)) {
            host.reply(FromWorker::Stackable { files, name });
        }
        for (why, names) in grouped(left_out) {
            host.reply(FromWorker::Noted(Remark::LeftOut { names, why }));
        }
        if let Some(message) = drop.told_of_bystanders() {
            host.reply(message);
        }
    }

    /// The images that no open study holds already.
    fn without_open_ones(&self, instances: Vec<Instance>, host: &mut dyn Host) -> Vec<Instance> {
        let mut open: Vec<(String, usize)> = Vec::new();
        let fresh = instances.into_iter().filter(|instance| {
            let known = self.studies.holding(&instance.reference, &instance.sop_instance);
            let Some(study) = known.filter(|_| !instance.sop_instance.is_empty()) else { return true };
            match open.iter_mut().find(|(name, _)| *name == study.name) {
                Some((_, count)) => *count += 1,
                None => open.push((study.name.clone(), 1)),
            }
            false
        });
        let fresh = fresh.collect();
        for (study, count) in open {
            host.reply(FromWorker::Noted(Remark::AlreadyOpen { count, study }));
        }
        fresh
    }

    /// Pictures of one drop that look like slices of one volume: of one size, numbered, and called the same otherwise.
    fn stacks(&self, pictures: Vec<(FileId, String)>) -> Vec<(Vec<FileId>, String)> {
        type Key = (String, String, [usize; 3]);
        let mut groups: Vec<(Key, Vec<(u64, FileId)>)> = Vec::new();
        for (file, name) in &pictures {
            let Some((before, number, after)) = numbered(name) else { continue };
            let Some(slice) = self.pictures.get(*file).map(|picture| &picture.slice) else { continue };
            let key = (before.to_owned(), after.to_owned(), [slice.width(), slice.height(), slice.planes()]);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, members)) => members.push((number, *file)),
                None => groups.push((key, vec![(number, *file)])),
            }
        }
        let stacks = groups.into_iter().filter_map(|((before, after, _), mut members)| {
            members.sort_unstable();
            members.dedup_by_key(|(number, _)| *number);
            let name = format!("{before}{after}");
            let name = name.trim_matches(|c: char| c.is_whitespace() || "_-.".contains(c));
            let name = if name.is_empty() { "Pictures" } else { name };
            let files: Vec<FileId> = members.into_iter().map(|(_, file)| file).collect();
            (files.len() >= FEWEST_SLICES).then(|| (files, name.to_owned()))
        });
        stacks.collect()
    }

    /// Makes one volume of pictures, or one of each colour.
    pub(crate) fn stack(&mut self, files: &[FileId], name: &str, host: &mut dyn Host) {
        let pictures = files.iter().filter_map(|file| self.pictures.get(*file));
        let slices = pictures.map(|picture| (picture.name.clone(), picture.slice.clone())).collect();
        match stack_of_pictures(named(name), slices) {
            Ok(volumes) => {
                tell_odd(volumes.iter().map(|(series, odd)| (&series.name, odd)), host);
                let volumes = volumes.into_iter().map(|(series, _)| series).collect();
                self.studies.open_stack(volumes, &mut self.ids, host);
            }
            Err(error) => host.reply(FromWorker::Refused(Problem::NoStack { why: error.to_string() })),
        }
    }
}

impl Drop {
    /// What is said of files that accompany scans: one quiet line, unless there was nothing else.
    fn told_of_bystanders(&self) -> Option<FromWorker<Pieces>> {
        let (name, why) = self.bystanders.first()?;
        let mut kinds: Vec<(String, usize)> = Vec::new();
        // The table of a disc says nothing that its images do not say.
        let is_told = |name: &str| self.worthwhile == 0 || !short(name).eq_ignore_ascii_case("dicomdir");
        for (name, _) in self.bystanders.iter().filter(|(name, _)| is_told(name)) {
            let kind = kind_of(name);
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((kind, 1)),
            }
        }
        Some(match (self.worthwhile, self.handed, self.bystanders.len()) {
            (0, 1, 1) if !why.is_empty() => {
                FromWorker::Refused(Problem::Unreadable { name: short(name).to_owned(), why: why.clone() })
            }
            (0, _, files) => FromWorker::Refused(Problem::NothingToOpen { files, kinds }),
            _ if kinds.is_empty() => return None,
            _ => FromWorker::Noted(Remark::Bystanders { kinds }),
        })
    }
}

/// Whether a file that is not read lies beside scans, and is no loss. What is called a scan and is none was meant to be one.
pub fn accompanies(path: &str, foreign: Foreign) -> bool {
    use Foreign::{DicomDir, Html, Json, Pdf, Program, Table, Text, Xml};
    let other = matches!(foreign, DicomDir | Html | Json | Pdf | Program(_) | Table | Text | Xml);
    is_bystander(path) || other && !formats::is_called_a_scan(short(path))
}

/// What a bystander is called among others: its ending, or its name where it has none.
fn kind_of(path: &str) -> String {
    match short(path).rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && !ending.is_empty() => ending.to_uppercase(),
        _ => short(path).to_owned(),
    }
}

/// Says what is odd about volumes, those of one oddity together.
fn tell_odd<'a>(volumes: impl Iterator<Item = (&'a String, &'a Vec<SeriesWarning>)>, host: &mut dyn Host) {
    let odd = volumes.flat_map(|(name, odd)| odd.iter().map(|warning| (name.clone(), warning.to_string())));
    for (what, names) in grouped(odd.collect::<Vec<_>>()) {
        host.reply(FromWorker::Noted(Remark::Odd { names, what }));
    }
}

/// A file's name without the folders and archives that it lies in; never empty.
fn short(path: &str) -> &str {
    named(path.rsplit(['/', '\\']).next().unwrap_or(path))
}

/// A name that is never empty.
fn named(name: &str) -> &str {
    if name.trim().is_empty() { NAMELESS } else { name }
}

/// What several files have in common, each once, with their names.
fn grouped(said: impl IntoIterator<Item = (String, String)>) -> Vec<(String, Names)> {
    let mut groups: Vec<(String, Names)> = Vec::new();
    for (name, what) in said {
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, names)) => names.push(name),
            None => groups.push((what, [name].into_iter().collect())),
        }
    }
    groups
}
