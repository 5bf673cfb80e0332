//! One drop: files are read as they come, and what they are parts of is put together when all are there.

use protocol::{FileId, FromWorker, Names, Problem, Remark, StudyId};
use study::{Instance, Series, SeriesWarning, stack, unpack};

use crate::formats::{self, Content, numbered};
use crate::labels::Label;
use crate::{Catalog, Host};

/// What a file is called that has no name.
const NAMELESS: &str = "a file without a name";
/// Pictures from which they can be one volume.
const FEWEST_SLICES: usize = 4;

/// What waits for the rest of its drop.
#[derive(Default)]
pub(crate) struct Drop {
    number: u32,
    instances: Vec<Instance>,
    volumes: Vec<(Series, Vec<SeriesWarning>)>,
    labels: Vec<Label>,
    /// Names of files, with why they have no place in a volume.
    left_out: Vec<(String, String)>,
    /// Pictures that are no labels, by name.
    pictures: Vec<(FileId, String)>,
}

impl Catalog {
    /// Reads a file that the page names `file`.
    pub(crate) fn open(&mut self, file: FileId, name: &str, bytes: &[u8], host: &mut dyn Host) {
        let name = named(name);
        match self.read(file, name, bytes, true, host) {
            Ok(true) => {}
            Ok(false) => host.reply(FromWorker::Kept { file }),
            Err(why) => {
                let problem = Problem::Unreadable { name: name.to_owned(), why };
                host.reply(FromWorker::Rejected { file, problem });
            }
        }
    }

    /// Whether the file is a slice by itself; why it cannot be read. The page knows a file that it handed over itself.
    fn read(
        &mut self,
        file: FileId,
        name: &str,
        bytes: &[u8],
        known: bool,
        host: &mut dyn Host,
    ) -> Result<bool, String> {
        let content = formats::read(name, bytes, &|| host.now_ms())?;
        let drop = &mut self.drop;
        match content {
            Content::Picture(decoded) => {
                // The page hears of a picture within a file only once it is one.
                if !known {
                    host.reply(FromWorker::Found { file, name: name.to_owned() });
                }
                if !self.pictures.open(file, name, decoded, host) {
                    drop.pictures.push((file, name.to_owned()));
                }
                return Ok(true);
            }
            Content::Images(instance) => drop.instances.push(*instance),
            Content::Volumes(volumes) => drop.volumes.extend(volumes),
            Content::Label(label) => drop.labels.push(label),
            Content::LeftOut(why) => drop.left_out.push((name.to_owned(), why.to_string())),
            Content::Archive => {
                let unpacked = unpack(bytes, |part| {
                    let short = named(part.name.rsplit('/').next().unwrap_or(&part.name));
                    let found = self.ids.file();
                    if let Err(why) = self.read(found, short, &part.bytes, false, host) {
                        self.drop.left_out.push((short.to_owned(), why));
                    }
                });
                unpacked.map_err(|error| error.to_string())?;
            }
        }
        Ok(false)
    }

    /// Puts together what has been waiting for the rest of its drop.
    pub(crate) fn settle(&mut self, on_screen: Option<StudyId>, host: &mut dyn Host) {
        let Drop { number, instances, mut volumes, labels, left_out, pictures } = std::mem::take(&mut self.drop);
        self.drop.number = number + 1;
        volumes.extend(stack(self.without_open_ones(instances, host)));
        let odd = volumes.iter().flat_map(|(series, warnings)| warnings.iter().map(|warning| (&series.name, warning)));
        for (what, names) in grouped(odd.map(|(name, warning)| (name.clone(), warning.to_string()))) {
            host.reply(FromWorker::Noted(Remark::Odd { names, what }));
        }
        let volumes = volumes.into_iter().map(|(series, _)| series).collect();
        let together = self.studies.settle(volumes, number, &mut self.ids, host);
        for label in labels {
            label.give(&self.studies, &together, on_screen, host);
        }
        for (files, name) in self.stacks(pictures) {
            host.reply(FromWorker::Stackable { files, name });
        }
        for (why, names) in grouped(left_out) {
            host.reply(FromWorker::Noted(Remark::LeftOut { names, why }));
        }
    }

    /// The images that no open study holds already.
    fn without_open_ones(&self, instances: Vec<Instance>, host: &mut dyn Host) -> Vec<Instance> {
        let mut open: Vec<(String, usize)> = Vec::new();
        let fresh = instances.into_iter().filter(|instance| {
            let known = self.studies.holding(&instance.reference.study, &instance.sop_instance);
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

    /// Makes one volume of pictures.
    pub(crate) fn stack(&mut self, _files: &[FileId], _name: &str, _host: &mut dyn Host) {}
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
