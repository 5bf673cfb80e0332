//! The volumes of one drop into studies of their own, or into the open studies that they belong to.
//!
//! A later drop fills the sequences that an open study lacks and never takes the place of one that is there. Only FLAIR
//! takes the place of what was shown for want of it: of a series that is another sequence, or that no name calls FLAIR.

use std::rc::Rc;

use protocol::{FromWorker, Names, Remark, SeriesId, StudyId};
use study::{Choice, Origin, Role, choose, role_of};

use super::{Chosen, FLAIR, Flair, Studies, Study, Volume, VolumeRead};
use crate::groups::Group;
use crate::subjects::{self, Subject};
use crate::{Host, Ids};

impl Studies {
    /// Takes volumes in; the studies that they made or joined.
    pub fn settle(
        &mut self,
        volumes: Vec<VolumeRead>,
        drop: u32,
        on_screen: Option<StudyId>,
        ids: &mut Ids,
        host: &mut dyn Host,
    ) -> Vec<StudyId> {
        let files = volumes.iter().filter(|found| found.series.origin == Origin::File);
        let files: Vec<(&Subject, &str)> = files.map(|found| (&found.subject, found.series.name.as_str())).collect();
        let told = subjects::told_apart(&files);
        let of_one = told.iter().all(|subject| *subject == Subject::default());
        if of_one {
            subjects::doubt(&files, host);
        }
        let mut told = told.into_iter();
        let mut groups: Vec<(Group, Vec<VolumeRead>)> = Vec::new();
        for found in volumes {
            let group = match &found.series.origin {
                Origin::Dicom { reference, .. } => {
                    let open = self.volumes.iter().map(|volume| (&volume.group, &*volume.series));
                    let new =
                        groups.iter().flat_map(|(group, found)| found.iter().map(move |one| (group, &one.series)));
                    Group::of(reference, drop).home(&open.chain(new).collect::<Vec<_>>())
                }
                Origin::File => Group::Drop(drop, told.next().unwrap_or_default()),
            };
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.push(found),
                None => groups.push((group, vec![found])),
            }
        }
        let mut together = Vec::new();
        for (group, members) in groups {
            let awaiting = self.awaiting(&group, &members, on_screen.filter(|_| of_one), host);
            let group = awaiting.unwrap_or(group);
            let members: Vec<SeriesId> = members
                .into_iter()
                .map(|VolumeRead { series, file, subject }| {
                    self.add(series, file.map(Rc::new), subject.without_suffix(), group.clone(), ids)
                })
                .collect();
            together.extend(self.take_in(group, &members, ids, host));
        }
        together
    }

    /// The group of an open study without FLAIR that the files of a later drop belong to: by what their names say of whose
    /// they are, or, where those say nothing, since they bring FLAIR while it is on screen, which is said.
    fn awaiting(
        &self,
        group: &Group,
        files: &[VolumeRead],
        on_screen: Option<StudyId>,
        host: &mut dyn Host,
    ) -> Option<Group> {
        let Group::Drop(..) = group else { return None };
        if files.iter().any(|found| found.file.is_some() || found.series.origin != Origin::File) {
            return None;
        }
        let of_files = |study: &&Study| matches!(study.group, Group::Drop(..)) && study.flair.stands_in;
        let same = |study: &Study, what: fn(&Subject, &Subject) -> bool| {
            let mut own = self.volumes.iter().filter(|volume| volume.group == study.group);
            own.all(|volume| files.iter().all(|found| what(&volume.subject, &found.subject)))
        };
        let mut lacking: Vec<&Study> = self.open.iter().rev().filter(of_files).collect();
        lacking.sort_by_key(|study| Some(study.id) != on_screen); // Stable: the newest first.
        if let Some(study) = lacking.iter().find(|study| same(study, Subject::is_named_like)) {
            return Some(study.group.clone());
        }
        let study = lacking.into_iter().find(|study| Some(study.id) == on_screen)?;
        let flair = files.iter().find(|found| role_of(&found.series.name) == Some(Role::Flair))?;
        same(study, Subject::are_nameless).then(|| {
            let name = flair.series.name.clone();
            let what = "it is taken for the same patient as the study on screen, which had no FLAIR; if that is wrong, \
                        close that study and open each patient's files by themselves";
            host.reply(FromWorker::Noted(Remark::Assumed { name, what: what.into() }));
            study.group.clone()
        })
    }

    /// Opens the study that some volumes of one group make, or lets them join it.
    pub(super) fn take_in(
        &mut self,
        group: Group,
        members: &[SeriesId],
        ids: &mut Ids,
        host: &mut dyn Host,
    ) -> Option<StudyId> {
        // With those that came before, since what is no FLAIR among a few may be one among all, and the other way round.
        let own: Vec<&Volume> = self.volumes.iter().filter(|volume| volume.group == group).collect();
        let Choice { pre, flair, post, guessed, stands_in } =
            choose(&own.iter().map(|v| &*v.series).collect::<Vec<_>>());
        let chosen = [pre, flair, post].map(|at| at.map(|at| own[at].id));
        let found = Flair { guessed, stands_in };
        let Some(known) = self.open.iter().find(|study| study.group == group) else {
            let study = ids.study();
            return self.compose_new(study, group, chosen, found, ids, host).then_some(study);
        };
        let (id, study) = (known.id, known.name.clone());
        let (before, flair) = (known.chosen, known.flair);
        let wanted = joined(before, flair, chosen, found);
        let flair = if wanted[FLAIR] == before[FLAIR] { flair } else { found };
        let names = self.volumes.iter().filter(|volume| members.contains(&volume.id)).map(|volume| volume.name.clone());
        let names: Names = names.collect();
        // FLAIR alone can always be shown.
        let alone = [None, wanted[FLAIR], None];
        let ways = [Some(wanted), Some(alone).filter(|alone| alone[FLAIR] != before[FLAIR])];
        let taken = ways.into_iter().flatten().find(|way| *way != before && self.recompose(id, *way, flair, ids, host));
        let filled =
            (0..before.len()).filter(|&at| taken.is_some_and(|now| now[at].is_some() && now[at] != before[at]));
        let filled = filled.collect();
        // Other studies of the group, and this one where nothing of it changed, have more to choose from.
        for study in self.open.iter().filter(|study| study.group == group) {
            let (choices, volumes) = self.choices(study);
            host.reply(FromWorker::Choices { study: study.id, choices, volumes });
        }
        host.reply(FromWorker::Noted(Remark::Joined { study, names, filled }));
        Some(id)
    }
}

/// The sequences of an open study once more of it came, of which all would be `chosen` if none were open.
fn joined(before: Chosen, flair: Flair, chosen: Chosen, found: Flair) -> Chosen {
    let replaced = found.doubt() < flair.doubt();
    let mut wanted = before;
    if replaced {
        wanted[FLAIR] = chosen[FLAIR];
    }
    // What is taken for FLAIR, since nothing else was there, is no other sequence as well.
    for at in (0..wanted.len()).filter(|at| *at != FLAIR) {
        let new = chosen[at].filter(|id| !wanted.contains(&Some(*id)));
        wanted[at] = wanted[at].filter(|id| Some(*id) != wanted[FLAIR]).or(new);
    }
    wanted
}
