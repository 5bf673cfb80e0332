//! What studies and slices are called in files: by their own names, or by numbers where patient data is left out.

use leptos::prelude::*;
use protocol::{FIRST_FOUND, StudyId};

use super::Results;
use crate::owner::Owner;

impl Results {
    /// What a study is called.
    pub fn study_name(self, id: StudyId) -> String {
        match self.without_patient.get() {
            true => format!("study-{}", id.0),
            false => self.documents.study(id).map(|study| study.info.name.clone()).unwrap_or_default(),
        }
    }

    /// What the slice on screen is called.
    pub fn slice_name(self) -> String {
        if !self.without_patient.get() {
            return self.documents.name().unwrap_or_default();
        }
        match self.documents.study_on_screen() {
            Some(study) => {
                let index = self.documents.picture.with(|picture| picture.as_ref().map_or(0, |picture| picture.index));
                format!("{}_{}", self.study_name(study.info.study), numbered(index + 1))
            }
            None => self.documents.selected.get().map(|id| self.owner_name(Owner::File(id))).unwrap_or_default(),
        }
    }

    /// What a study, or a slice that is open alone, is called while patient data is left out.
    pub fn owner_name(self, owner: Owner) -> String {
        match owner {
            Owner::Study(id) => self.study_name(id),
            Owner::File(id) => numbered((id.0 % FIRST_FOUND) as usize),
        }
    }
}

/// What a slice is called by its number.
pub(super) fn numbered(number: usize) -> String {
    format!("slice-{number}")
}
