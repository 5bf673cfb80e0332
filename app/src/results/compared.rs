//! Another time point beside the study on screen: linked by place in the patient, sampled on the slice on screen.

use std::collections::HashMap;

use imaging::{Contour, Mask, contour};
use leptos::prelude::*;
use protocol::{Link, StudyId, ToWorker};

use super::Results;
use crate::documents::oblique::{met, place, sampled};
use crate::documents::study::Study;
use crate::language::Text;

/// What is known of pairs of studies. Copies are the same.
#[derive(Clone, Copy)]
pub struct Compared {
    /// The study that a person wants beside the one on screen.
    wanted: RwSignal<Option<StudyId>>,
    /// By the study on screen and the other one.
    links: RwSignal<HashMap<(StudyId, StudyId), Link>>,
    /// The pair that is being registered, and how far that is, 0..=1.
    pub registering: RwSignal<Option<((StudyId, StudyId), f64)>>,
    /// Why a pair could not be registered.
    pub failed: RwSignal<Option<((StudyId, StudyId), Text)>>,
}

impl Compared {
    /// Nothing is compared.
    pub fn new() -> Self {
        Self {
            wanted: RwSignal::new(None),
            links: RwSignal::new(HashMap::new()),
            registering: RwSignal::new(None),
            failed: RwSignal::new(None),
        }
    }
}

impl Results {
    /// The study to show beside the one on screen: the one that was chosen, else the one before it, else the one after it.
    pub fn other(self) -> Option<StudyId> {
        let here = self.documents.study_on_screen()?.info.study;
        let timeline = self.timeline.get()?;
        let at = timeline.visits.iter().position(|visit| visit.study == here)?;
        let chosen = self.compared.wanted.get().filter(|&study| study != here);
        let chosen = chosen.filter(|&study| timeline.visits.iter().any(|visit| visit.study == study));
        let beside = || timeline.visits.get(at.checked_sub(1).unwrap_or(at + 1)).map(|visit| visit.study);
        chosen.or_else(beside)
    }

    /// Shows a study beside the one on screen.
    pub fn compare_with(self, study: StudyId) {
        self.compared.wanted.set(Some(study));
    }

    /// The outline of the mask to show of the slice on screen.
    pub fn shown_contour(self) -> Option<Contour> {
        self.annotation.shown_contour()
    }

    /// The pair on screen, the study first that the slice is of.
    pub fn pair(self) -> Option<(StudyId, StudyId)> {
        Some((self.documents.study_on_screen()?.info.study, self.other()?))
    }

    /// How the pair on screen is linked; none as long as the worker has not said.
    pub fn link(self) -> Option<Link> {
        let pair = self.pair()?;
        self.compared.links.with(|links| links.get(&pair).cloned())
    }

    /// Asks how the pair on screen is linked, by headers, or by registration if that is wanted.
    pub fn ask_for_link(self, register: bool) {
        let Some((fixed, moving)) = untrack(|| self.pair()) else { return };
        if register {
            self.compared.registering.set(Some(((fixed, moving), 0.0)));
            self.compared.failed.set(None);
        }
        self.documents.send(&ToWorker::Link { fixed, moving, register });
    }

    /// Calls a registration off, or takes it back: headers link the pair again.
    pub fn part_ways(self) {
        self.compared.registering.set(None);
        self.ask_for_link(false);
    }

    /// The worker goes on registering a pair.
    pub fn linking(self, pair: (StudyId, StudyId), share: f64) {
        let mine = |of: &((StudyId, StudyId), f64)| of.0 == pair;
        if self.compared.registering.with_untracked(|now| now.as_ref().is_some_and(mine)) {
            self.compared.registering.set(Some((pair, share)));
        }
    }

    /// The worker has linked a pair, by registration or by headers.
    pub fn linked(self, (fixed, moving): (StudyId, StudyId), link: Link, back: Link) {
        self.compared.links.update(|links| {
            links.insert((fixed, moving), link);
            links.insert((moving, fixed), back);
        });
        self.compared.registering.set(None);
    }

    /// The worker could not register a pair; the link that was there stays.
    pub fn not_linked(self, pair: (StudyId, StudyId), why: Text) {
        self.compared.registering.set(None);
        self.compared.failed.set(Some((pair, why)));
    }

    /// Studies have other numbers or are closed.
    pub fn unlink(self, study: StudyId) {
        self.compared.links.update(|links| links.retain(|(a, b), _| *a != study && *b != study));
    }

    /// What the other study shows on the slice on screen, in a sequence; none if the slice passes it by.
    pub fn other_slice(self, sequence: usize) -> Option<Vec<u16>> {
        let (other, link, (width, height), index) = self.place_of_other()?;
        let slices = met(&link.voxels, width, height, index, other.slices())?;
        let numbers: Vec<f32> =
            (slices.0..slices.1).flat_map(|at| other.slice_of(sequence, at)).map(f32::from).collect();
        let values = sampled(&numbers, other.info.size, slices, &link.voxels, (width, height), index);
        Some(values.into_iter().map(|value| value.round() as u16).collect())
    }

    /// The outline of the other study's mask on the slice on screen.
    pub fn other_contour(self) -> Option<Contour> {
        let (other, link, (width, height), index) = self.place_of_other()?;
        let slices = met(&link.voxels, width, height, index, other.slices())?;
        let area = other.info.size[0] * other.info.size[1];
        let mut marks = vec![0.0; area * (slices.1 - slices.0)];
        self.annotation.masks.with(|masks| {
            for (slice, at) in marks.chunks_exact_mut(area).zip(slices.0..slices.1) {
                if let Some(found) = masks.get(&other.slice_id(at)) {
                    slice
                        .iter_mut()
                        .zip(found.mask.pixels())
                        .for_each(|(to, &marked)| *to = f32::from(u8::from(marked)));
                }
            }
        });
        let values = sampled(&marks, other.info.size, slices, &link.voxels, (width, height), index);
        let marked = values.into_iter().map(|share| share >= 0.5).collect();
        Some(contour(&Mask::new(width, height, marked), None))
    }

    /// Puts the other study on screen, at the same place, and this one beside it.
    pub fn swap_time_points(self) {
        let (Some((here, _)), Some((other, link, (width, height), index))) =
            untrack(|| (self.pair(), self.place_of_other()))
        else {
            return;
        };
        let middle = [width as f64 / 2.0, height as f64 / 2.0, index as f64];
        let [_, _, slice] = place(&link.voxels, middle);
        let slice = slice.round().clamp(0.0, other.slices() as f64 - 1.0) as usize;
        self.compare_with(here);
        self.documents.select(other.slice_id(slice));
    }

    fn place_of_other(self) -> Option<(Study, Link, (usize, usize), usize)> {
        let other = self.documents.study(self.other()?)?;
        let link = self.link()?;
        self.documents.picture.with(|picture| {
            let picture = picture.as_ref()?;
            Some((other, link, picture.size(), picture.index))
        })
    }
}
