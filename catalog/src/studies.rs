//! Volumes into studies: what belongs to one examination, which volume is which sequence, what a study can choose from.
//!
//! Volumes belong together by patient and Study Instance UID, else by their drop and whose of it they are. A study can choose only from its own. A later
//! drop of the same examination joins the study that is open. When a study closes, the volumes that no other open study can
//! use go with it.

mod joining;
mod placed;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use imaging::{SEQUENCES, SpacingMm, Statistics, Surroundings};
use protocol::{FileId, FromWorker, Numbers, Pieces, Problem, SequenceInfo, SeriesId, StudyId, StudyInfo, Why};
use study::{Composite, Origin, Reference, Role, Series};

use crate::groups::Group;
use crate::head::shows_head;
use crate::linking::affine;
use crate::reasons::{keyed, why};
use crate::subjects::Subject;
use crate::{Host, Ids, OpenSlice, digest, distinct};
use placed::Placed;

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
    placed: Vec<Placed>,
}

/// A volume that was read.
pub(crate) struct VolumeRead {
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
pub(crate) type Reader = Box<dyn Fn(usize) -> Result<Series, Why>>;

impl VolumeRead {
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
    /// Whose it is by its path.
    subject: Subject,
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

impl Flair {
    /// How little speaks for it: one that is doubted less takes its place.
    fn doubt(self) -> (bool, bool) {
        (self.stands_in, self.guessed)
    }

    /// Whoever looked at the menus has seen what is in its place; whoever chose it there has chosen.
    fn by_hand(self, same: bool) -> Self {
        Self { guessed: false, stands_in: self.stands_in && same }
    }
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
    /// Opens a study of volumes that were made of pictures.
    pub fn open_stack(&mut self, volumes: Vec<Series>, ids: &mut Ids, host: &mut dyn Host) {
        let group = Group::Pictures(ids.next());
        let members: Vec<SeriesId> =
            volumes.into_iter().map(|series| self.add(series, None, Subject::default(), group.clone(), ids)).collect();
        self.take_in(group, &members, ids, host);
    }

    fn add(
        &mut self,
        series: Series,
        file: Option<Rc<File>>,
        subject: Subject,
        group: Group,
        ids: &mut Ids,
    ) -> SeriesId {
        let id = SeriesId(ids.next());
        let taken = |name: &str| self.volumes.iter().any(|volume| volume.group == group && volume.name == name);
        let name = distinct(&series.name, taken);
        self.volumes.push(Volume { id, name, group, subject, series: Rc::new(series), file });
        id
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
        let flair = study.flair.by_hand(chosen[FLAIR] == study.chosen[FLAIR]);
        self.recompose(id, chosen, flair, ids, host);
    }

    /// Takes a volume by its number for a study's sequence.
    pub fn take_volume(&mut self, id: StudyId, sequence: usize, number: usize, ids: &mut Ids, host: &mut dyn Host) {
        let Some(study) = self.get(id).filter(|_| sequence < SEQUENCES) else { return };
        let (group, flair, mut chosen) = (study.group.clone(), study.flair, study.chosen);
        let volumes = self.count(&group);
        let Some(index) = number.checked_sub(1).filter(|at| *at < volumes) else {
            return host.reply(FromWorker::Refused(Problem::NoSuchVolume { volumes }));
        };
        let many = self.volumes.iter().find_map(|volume| volume.file.clone().filter(|_| volume.group == group));
        let taken = match many {
            Some(file) => match (file.read)(index) {
                // Whatever was taken of the file before stays on offer while it is a sequence.
                Ok(series) => Some(self.add(series, Some(file), Subject::default(), group, ids)),
                Err(why) => {
                    return host.reply(FromWorker::Refused(Problem::Unreadable { name: file.name.clone(), why }));
                }
            },
            None => self.volumes.iter().filter(|volume| volume.group == group).nth(index).map(|volume| volume.id),
        };
        chosen[sequence] = taken.or(chosen[sequence]);
        let same = self.get(id).is_some_and(|study| study.chosen[FLAIR] == chosen[FLAIR]);
        self.recompose(id, chosen, flair.by_hand(same), ids, host);
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
    fn recompose(&mut self, id: StudyId, chosen: Chosen, flair: Flair, ids: &mut Ids, host: &mut dyn Host) -> bool {
        let Some(at) = self.open.iter().position(|study| study.id == id) else { return false };
        let composite = match self.composite(chosen) {
            Ok(composite) => composite,
            Err(problem) => {
                host.reply(FromWorker::Refused(problem));
                return false;
            }
        };
        let study = &self.open[at];
        // On the same voxels corrections hold whatever is shown there.
        let same_grid = composite.geometry == study.composite.geometry;
        let first = if same_grid { study.first } else { ids.files(composite.slices()) };
        let same_flair = chosen[FLAIR] == study.chosen[FLAIR];
        let name = match chosen[FLAIR].and_then(|id| self.series(id)).filter(|_| !same_flair) {
            Some(series) => distinct(&series.name, |name| self.open.iter().any(|s| s.id != id && s.name == name)),
            None => study.name.clone(),
        };
        let group = study.group.clone();
        let study = Study { id, name, composite, first, group, chosen, flair, statistics: OnceCell::new() };
        self.announce(&study, host);
        self.open[at] = study;
        true
    }

    fn composite(&self, chosen: Chosen) -> Result<Composite, Problem> {
        let [pre, flair, post] = chosen.map(|id| self.series(id?));
        let Some(flair) = flair else {
            let why = keyed("no-flair", Vec::new(), "there is no FLAIR volume".to_owned());
            return Err(Problem::Apart { why });
        };
        let motion = |at: usize| self.motion(chosen[FLAIR], chosen[at]).map(|motion| affine(&motion.moving_from_fixed));
        let others = [(pre.as_deref(), 0), (post.as_deref(), 2)].map(|(series, at)| Some((series?, motion(at))));
        Composite::registered(&flair, others).map_err(|error| Problem::Apart { why: why(&error) })
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
                motion: self.motion(study.chosen[FLAIR], study.chosen[at]),
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
        let known: Vec<(&Group, &Series)> =
            self.volumes.iter().map(|volume| (&volume.group, &*volume.series)).collect();
        let group = Group::of(reference, 0).home(&known);
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
        let statistics = study.statistics.get_or_init(|| composite.statistics());
        let slice = Cow::Owned(composite.slice(place(study)?));
        Some(OpenSlice { slice, surroundings: Surroundings::Volume(*statistics) })
    }

    /// Closes a study and hands its volumes over.
    pub fn take(&mut self, id: StudyId) -> Option<Composite> {
        let at = self.open.iter().position(|study| study.id == id)?;
        let study = self.open.remove(at);
        self.close(id);
        Some(study.composite)
    }

    /// Forgets a study, and the volumes that no other open study can use.
    pub fn close(&mut self, id: StudyId) {
        self.open.retain(|study| study.id != id);
        self.volumes.retain(|volume| self.open.iter().any(|study| study.group == volume.group));
        let is_open = |id: SeriesId| self.volumes.iter().any(|volume| volume.id == id);
        self.placed.retain(|placed| is_open(placed.flair) && is_open(placed.moving));
    }

    /// Number of volumes in memory.
    pub fn volumes(&self) -> usize {
        self.volumes.len()
    }

    fn series(&self, id: SeriesId) -> Option<Rc<Series>> {
        self.volumes.iter().find(|volume| volume.id == id).map(|volume| volume.series.clone())
    }
}
