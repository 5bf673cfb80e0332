//! What is open but perhaps nothing that the network was made for, and what a person wants segmented all the same.

use leptos::prelude::*;
use protocol::{FileId, StudyInfo};

use super::Documents;
use super::entry::Content;
use crate::language::{Text, text};
use crate::owner::Owner;

/// Why a mask would mean little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The volume in FLAIR's place says that it is something else. It is not segmented before a person wants it.
    NoFlair,
    /// It does not look like axial slices of a head. Its mask is grey and has no figures before a person wants it.
    NoHead,
}

impl Doubt {
    /// That of a study.
    fn of_study(info: &StudyInfo) -> Option<Self> {
        match (info.stands_in, info.axial_head) {
            (true, _) => Some(Self::NoFlair),
            (false, false) => Some(Self::NoHead),
            (false, true) => None,
        }
    }

    /// What a browser test reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoFlair => "no-flair",
            Self::NoHead => "no-head",
        }
    }

    /// What is the matter, and what to do.
    pub fn text(self, study: bool) -> Text {
        match (self, study) {
            (Self::NoFlair, _) => text!("doubt-no-flair"),
            (Self::NoHead, true) => text!("doubt-no-head-study"),
            (Self::NoHead, false) => text!("doubt-no-head"),
        }
    }
}

impl Documents {
    /// What is doubted about the slice or study on screen, unless a person has had it segmented anyway.
    pub fn doubt(self) -> Option<Doubt> {
        self.doubt_of(self.selected.get()?)
    }

    /// What is doubted about a slice.
    pub fn doubt_of(self, file: FileId) -> Option<Doubt> {
        let entry = self.entries.with(|entries| entries.iter().find(|entry| entry.id == file).cloned())?;
        if self.accepted.with(|accepted| accepted.contains(&entry.owner())) {
            return None;
        }
        match entry.content {
            Content::Lone(picture) => (!picture.info.view.axial_head).then_some(Doubt::NoHead),
            Content::Slice { study, .. } => self
                .studies
                .with(|studies| Doubt::of_study(&studies.iter().find(|known| known.info.study == study)?.info)),
        }
    }

    /// A person wants what is on screen segmented although it is doubted.
    pub fn accept(self) {
        if let Some(owner) = untrack(|| self.owner_on_screen()) {
            self.accepted.update(|accepted| {
                accepted.insert(owner);
            });
        }
    }

    /// Closed for good: what comes next is doubted anew.
    pub(super) fn forget_accepted(self, owners: &[Owner]) {
        self.accepted.update(|accepted| accepted.retain(|owner| !owners.contains(owner)));
    }
}

#[cfg(test)]
mod tests {
    use protocol::StudyId;

    use super::*;

    #[test]
    fn another_sequence_weighs_more_than_what_it_shows() {
        let info = |stands_in, axial_head| StudyInfo {
            study: StudyId(1),
            first: FileId(1),
            name: "T1".into(),
            size: [1; 3],
            spacing_mm: None,
            voxel_mm3: None,
            placed: false,
            dicom: false,
            sequences: [None, None, None],
            guessed: true,
            stands_in,
            axial_head,
            choices: Vec::new(),
            volumes: 1,
            patient: Vec::new(),
            digest: 0,
        };
        assert_eq!(Doubt::of_study(&info(false, true)), None);
        assert_eq!(Doubt::of_study(&info(false, false)), Some(Doubt::NoHead));
        assert_eq!(Doubt::of_study(&info(true, true)), Some(Doubt::NoFlair));
        assert_eq!(Doubt::of_study(&info(true, false)), Some(Doubt::NoFlair));
    }
}
