//! Volumes into studies: what belongs to one examination, which volume is which sequence, what a study can choose from.
//!
//! Volumes belong together by patient and Study Instance UID, else by their drop and whose of it they are. A study can choose only from its own. A later
//! drop of the same examination joins the study that is open: it fills sequences that are missing and never takes the place
//! of one that is there. When a study closes, the volumes that no other open study can use go with it.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use imaging::{SEQUENCES, SpacingMm, Statistics, Surroundings};
use protocol::{
    FileId, FromWorker, Names, Numbers, Pieces, Problem, Remark, SequenceInfo, SeriesId, StudyId, StudyInfo,
};
use study::{Choice, Composite, Origin, Reference, Role, Series, choose};

use crate::groups::Group;
use crate::head::shows_head;
use crate::subjects::{self, Subject};
use crate::{Host, Ids, OpenSlice, digest, distinct};

/// Entries of a menu of volumes.
pub const MENU: usize = 100;
/// Of a volume's numbers, one in so many makes its digest: all of them would take as long as reading the files.
const DIGESTED: usize = 61;
/// FLAIR among the sequences.
const FLAIR: usize = Role::Flair as usize;

/// Everything that is open as a volume.
#[derive(Default)]
pub(crate) struct Studies {
    open: Vec<Study>,
    volumes: Vec<Volume>,
}

/// A volume that was read.
pub(crate) struct Found {
    /// The volume.
    pub series: Series,
    /// The file that it is the first volume of, where that has too many to open together.
    pub file: Option<File>,
    /// Whose it is by its path.
    pub subject: Subject,
}

/// A file of many volumes.
pub(crate) struct File {
    /// Its name.
    pub name: String,
    /// Reads the volume of this index.
    pub read: Reader,
    /// How many volumes it has.
    pub count: usize,
}

/// Reads a volume of a file by its index, from 0; or says why not.
pub(crate) type Reader = Box<dyn Fn(usize) -> Result<Series, String>>;

impl Found {
    /// A volume, all of whose file is read.
    pub fn one(series: Series, subject: Subject) -> Self {
        Self { series, file: None, subject }
    }
}

/// A volume that a study can take for a sequence.
struct Volume {
    id: SeriesId,
    /// Its name, different from all others of its group.
    name: String,
    group: Group,
    series: Rc<Series>,
    /// Where further volumes are read from.
    file: Option<Rc<File>>,
}

/// Which volumes are a study's sequences.
type Chosen = [Option<SeriesId>; SEQUENCES];

/// How a study came by what is in FLAIR's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Flair {
    /// No name said that it is FLAIR.
    guessed: bool,
    /// Its name says that it is something else.
    stands_in: bool,
}

/// A study on screen.
pub(crate) struct Study {
    /// Names it.
    pub id: StudyId,
    /// Its name, different from all others that are open.
    pub name: String,
    /// Its volumes on one grid.
    pub composite: Composite,
    /// Its slices' ids begin here.
    first: FileId,
    group: Group,
    chosen: Chosen,
    flair: Flair,
    statistics: OnceCell<Statistics>,
}

impl Study {
    /// Whose it is, where that is known by the paths of files.
    pub fn subject(&self) -> Option<&Subject> {
        if let Group::Drop(_, subject) = &self.group { Some(subject) } else { None }
    }
}

impl Studies {
    /// Takes volumes in; the studies that they made or joined.
    pub fn settle(&mut self, volumes: Vec<Found>, drop: u32, ids: &mut Ids, host: &mut dyn Host) -> Vec<StudyId> {
        let files = volumes.iter().filter(|found| found.series.origin == Origin::File);
        let files: Vec<(&Subject, &str)> = files.map(|found| (&found.subject, found.series.name.as_str())).collect();
        let told = subjects::told_apart(&files);
        if told.iter().all(|subject| *subject == Subject::default()) {
            subjects::doubt(&files, host);
        }
        let mut told = told.into_iter();
        let mut groups: Vec<(Group, Vec<SeriesId>)> = Vec::new();
        for Found { series, file, .. } in volumes {
            let group = match &series.origin {
                Origin::Dicom { reference, .. } => Group::of(reference, drop),
                Origin::File => Group::Drop(drop, told.next().unwrap_or_default()),
            };
            let id = self.add(series, file.map(Rc::new), group.clone(), ids);
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.push(id),
                None => groups.push((group, vec![id])),
            }
        }
        groups.into_iter().filter_map(|(group, members)| self.take_in(group, &members, ids, host)).collect()
    }

    /// Opens a study of volumes that were made of pictures.
    pub fn open_stack(&mut self, volumes: Vec<Series>, ids: &mut Ids, host: &mut dyn Host) {
        let group = Group::Pictures(ids.next());
        let members: Vec<SeriesId> =
            volumes.into_iter().map(|series| self.add(series, None, group.clone(), ids)).collect();
        self.take_in(group, &members, ids, host);
    }

    fn add(&mut self, series: Series, file: Option<Rc<File>>, group: Group, ids: &mut Ids) -> SeriesId {
        let id = SeriesId(ids.next());
        let taken = |name: &str| self.volumes.iter().any(|volume| volume.group == group && volume.name == name);
        let name = distinct(&series.name, taken);
        self.volumes.push(Volume { id, name, group, series: Rc::new(series), file });
        id
    }

    /// Opens the study that some volumes of one group make, or lets them join it.
    fn take_in(&mut self, group: Group, members: &[SeriesId], ids: &mut Ids, host: &mut dyn Host) -> Option<StudyId> {
        // With those that came before, since what is no FLAIR among a few may be one among all, and the other way round.
        let own: Vec<&Volume> = self.volumes.iter().filter(|volume| volume.group == group).collect();
        let Choice { pre, flair, post, guessed, stands_in } =
            choose(&own.iter().map(|v| &*v.series).collect::<Vec<_>>());
        let chosen = [pre, flair, post].map(|at| at.map(|at| own[at].id));
        let Some(known) = self.open.iter().find(|study| study.group == group) else {
            let study = ids.study();
            return self.compose_new(study, group, chosen, Flair { guessed, stands_in }, ids, host).then_some(study);
        };
        let (id, study) = (known.id, known.name.clone());
        let before = known.chosen;
        // What is taken for FLAIR, since nothing else was there, is no other sequence as well.
        let named = |at: usize| chosen[at].filter(|id| before[at].is_none() && !before.contains(&Some(*id)));
        let wanted: Chosen = std::array::from_fn(|at| before[at].or(named(at)));
        let names = self.volumes.iter().filter(|volume| members.contains(&volume.id)).map(|volume| volume.name.clone());
        let names: Names = names.collect();
        let filled = wanted != before && self.recompose(id, wanted, false, ids, host);
        let filled = (0..SEQUENCES).filter(|&at| filled && wanted[at] != before[at]).collect();
        // Other studies of the group, and this one where nothing of it changed, have more to choose from.
        for study in self.open.iter().filter(|study| study.group == group) {
            let (choices, volumes) = self.choices(study);
            host.reply(FromWorker::Choices { study: study.id, choices, volumes });
        }
        host.reply(FromWorker::Noted(Remark::Joined { study, names, filled }));
        Some(id)
    }

    /// Whether the study could be opened.
    fn compose_new(
        &mut self,
        id: StudyId,
        group: Group,
        chosen: Chosen,
        flair: Flair,
        ids: &mut Ids,
        host: &mut dyn Host,
    ) -> bool {
        let (chosen, composite) = match self.composite(chosen) {
            Ok(composite) => (chosen, composite),
            Err(problem) => {
                host.reply(FromWorker::Refused(problem));
                // FLAIR alone can always be shown.
                let alone = [None, chosen[FLAIR], None];
                let Ok(composite) = self.composite(alone) else { return false };
                (alone, composite)
            }
        };
        let Some(series) = chosen[FLAIR].and_then(|id| self.series(id)) else { return false };
        let name = distinct(&series.name, |name| self.open.iter().any(|study| study.name == name));
        let first = ids.files(composite.slices());
        let statistics = OnceCell::new();
        let study = Study { id, name, composite, first, group, chosen, flair, statistics };
        self.announce(&study, host);
        self.open.push(study);
        true
    }

    /// Takes other volumes for a study's sequences.
    pub fn compose(&mut self, id: StudyId, chosen: Chosen, ids: &mut Ids, host: &mut dyn Host) {
        let Some(study) = self.get(id) else { return };
        // Of another study, or of none that is open.
        let is_own = |id: &SeriesId| self.volumes.iter().any(|v| v.id == *id && v.group == study.group);
        let mut chosen = chosen.map(|id| id.filter(is_own));
        chosen[FLAIR] = chosen[FLAIR].or(study.chosen[FLAIR]);
        self.recompose(id, chosen, true, ids, host);
    }

    /// Takes a volume by its number for a study's sequence.
    pub fn take_volume(&mut self, id: StudyId, sequence: usize, number: usize, ids: &mut Ids, host: &mut dyn Host) {
        let Some(study) = self.get(id).filter(|_| sequence < SEQUENCES) else { return };
        let (group, mut chosen) = (study.group.clone(), study.chosen);
        let volumes = self.count(&group);
        let Some(index) = number.checked_sub(1).filter(|at| *at < volumes) else {
            return host.reply(FromWorker::Refused(Problem::NoSuchVolume { volumes }));
        };
        let many = self.volumes.iter().find_map(|volume| volume.file.clone().filter(|_| volume.group == group));
        let taken = match many {
            Some(file) => match (file.read)(index) {
                // Whatever was taken of the file before stays on offer while it is a sequence.
                Ok(series) => Some(self.add(series, Some(file), group, ids)),
                Err(why) => {
                    return host.reply(FromWorker::Refused(Problem::Unreadable { name: file.name.clone(), why }));
                }
            },
            None => self.volumes.iter().filter(|volume| volume.group == group).nth(index).map(|volume| volume.id),
        };
        chosen[sequence] = taken.or(chosen[sequence]);
        self.recompose(id, chosen, true, ids, host);
        self.forget_spares(id);
    }

    /// Of a file of many volumes, those that are no sequence are read again when they are asked for.
    fn forget_spares(&mut self, id: StudyId) {
        let Some(Study { group, chosen, .. }) = self.open.iter().find(|study| study.id == id) else { return };
        let is_spare = |v: &Volume| v.group == *group && v.file.is_some() && !chosen.contains(&Some(v.id));
        let any_left = self.volumes.iter().any(|v| v.group == *group && v.file.is_some() && !is_spare(v));
        if any_left {
            self.volumes.retain(|volume| !is_spare(volume));
        }
    }

    /// Volumes that the studies of a group can take, in files that are not read whole as well.
    fn count(&self, group: &Group) -> usize {
        let own = || self.volumes.iter().filter(|volume| volume.group == *group);
        own().find_map(|volume| Some(volume.file.as_ref()?.count)).unwrap_or_else(|| own().count())
    }

    /// Puts a study together anew; whether that could be done.
    fn recompose(&mut self, id: StudyId, chosen: Chosen, by_hand: bool, ids: &mut Ids, host: &mut dyn Host) -> bool {
        let Some(at) = self.open.iter().position(|study| study.id == id) else { return false };
        let composite = match self.composite(chosen) {
            Ok(composite) => composite,
            Err(problem) => {
                host.reply(FromWorker::Refused(problem));
                return false;
            }
        };
        let study = &self.open[at];
        let same_grid = chosen[FLAIR] == study.chosen[FLAIR];
        let first = if same_grid { study.first } else { ids.files(composite.slices()) };
        let name = match chosen[FLAIR].and_then(|id| self.series(id)).filter(|_| !same_grid) {
            Some(series) => distinct(&series.name, |name| self.open.iter().any(|s| s.id != id && s.name == name)),
            None => study.name.clone(),
        };
        // Whoever looked at the menus has seen what is in FLAIR's place; whoever chose it there has chosen.
        let guessed = study.flair.guessed && !by_hand;
        let stands_in = study.flair.stands_in && (!by_hand || same_grid);
        let (group, flair) = (study.group.clone(), Flair { guessed, stands_in });
        let study = Study { id, name, composite, first, group, chosen, flair, statistics: OnceCell::new() };
        self.announce(&study, host);
        self.open[at] = study;
        true
    }

    fn composite(&self, chosen: Chosen) -> Result<Composite, Problem> {
        let [pre, flair, post] = chosen.map(|id| self.series(id?));
        let Some(flair) = flair else { return Err(Problem::Apart { why: "there is no FLAIR volume".into() }) };
        Composite::new(&flair, pre.as_deref(), post.as_deref())
            .map_err(|error| Problem::Apart { why: error.to_string() })
    }

    fn announce(&self, study: &Study, host: &mut dyn Host) {
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
        let numbers = &composite.sequence(FLAIR).stored;
        let sampled: Vec<u8> = numbers.iter().step_by(DIGESTED).flat_map(u16::to_le_bytes).collect();
        let patient = study.chosen[FLAIR].and_then(|id| self.series(id)).map(|flair| flair.patient.clone());
        let (choices, volumes) = self.choices(study);
        let info = StudyInfo {
            study: study.id,
            first: study.first,
            name: study.name.clone(),
            size: composite.geometry.size.axes(),
            spacing_mm: composite.geometry.spacing_mm().map(SpacingMm::axes),
            voxel_mm3: composite.geometry.voxel_mm3(),
            placed: composite.is_placed(),
            dicom: matches!(composite.origin, Origin::Dicom { .. }) && composite.is_placed(),
            sequences,
            guessed: study.flair.guessed,
            stands_in: study.flair.stands_in,
            axial_head: shows_head(composite),
            choices,
            volumes,
            patient: patient.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect(),
            digest: digest(&sampled),
        };
        let stored = std::array::from_fn(|at| {
            let sequence = composite.sequences[at].as_ref()?;
            Some(Numbers::new(Pieces::shared(sequence.stored.shared())))
        });
        host.reply(FromWorker::StudyOpened { info: Box::new(info), stored });
    }

    /// The volumes that a study's menus offer, those that are chosen first among them where there is no room for all, and
    /// how many there are.
    fn choices(&self, study: &Study) -> (Vec<(SeriesId, String)>, usize) {
        let own = || self.volumes.iter().filter(|volume| volume.group == study.group);
        let count = self.count(&study.group);
        let is_chosen = |volume: &&Volume| study.chosen.contains(&Some(volume.id));
        let mut room = MENU.saturating_sub(own().filter(is_chosen).count());
        let offered = own().filter(|volume| {
            let fits = is_chosen(volume) || room > 0;
            room = room.saturating_sub(usize::from(fits && !is_chosen(volume)));
            fits
        });
        (offered.map(|volume| (volume.id, volume.name.clone())).collect(), count)
    }

    /// A study that is open.
    pub fn get(&self, id: StudyId) -> Option<&Study> {
        self.open.iter().find(|study| study.id == id)
    }

    /// The studies that are open, the oldest first.
    pub fn open(&self) -> &[Study] {
        &self.open
    }

    /// The open study that an image belongs to already, by its references and its SOP Instance UID.
    pub fn holding(&self, reference: &Reference, sop_instance: &str) -> Option<&Study> {
        let group = Group::of(reference, 0);
        let study = self.open.iter().find(|study| study.group == group)?;
        let is_slice = |volume: &Volume| match &volume.series.origin {
            Origin::Dicom { slices, .. } => slices.iter().any(|(instance, _)| instance == sop_instance),
            Origin::File => false,
        };
        self.volumes.iter().any(|volume| volume.group == group && is_slice(volume)).then_some(study)
    }

    /// A slice of a study.
    pub fn slice(&self, file: FileId) -> Option<OpenSlice<'_>> {
        let place = |study: &Study| file.0.checked_sub(study.first.0).map(|at| at as usize);
        let within = |study: &&Study| place(study).is_some_and(|at| at < study.composite.slices());
        let study = self.open.iter().find(within)?;
        let composite = &study.composite;
        let statistics =
            study.statistics.get_or_init(|| Statistics::of((0..composite.slices()).map(|at| composite.slice(at))));
        let slice = Cow::Owned(composite.slice(place(study)?));
        Some(OpenSlice { slice, surroundings: Surroundings::Volume(*statistics) })
    }

    /// Forgets a study, and the volumes that no other open study can use.
    pub fn close(&mut self, id: StudyId) {
        self.open.retain(|study| study.id != id);
        self.volumes.retain(|volume| self.open.iter().any(|study| study.group == volume.group));
    }

    /// Number of volumes in memory.
    pub fn volumes(&self) -> usize {
        self.volumes.len()
    }

    fn series(&self, id: SeriesId) -> Option<Rc<Series>> {
        self.volumes.iter().find(|volume| volume.id == id).map(|volume| volume.series.clone())
    }
}
