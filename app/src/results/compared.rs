//! Another time point beside the study on screen: linked by place in the patient, sampled on the slice on screen.

use std::ops::Range;
use std::sync::Arc;

use imaging::{Contour, Mask, Size, contour};
use leptos::prelude::*;
use protocol::{Link, StudyId, ToWorker};

use super::Results;
use super::follow_up::Timeline;
use super::late::Late;
use super::links::Links;
use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::documents::oblique::{VoxelMotion, met, place, sampled};
use crate::documents::registering::Of;
use crate::documents::study::Study;

/// What is known of pairs of studies. Copies are the same.
#[derive(Clone, Copy)]
pub struct Compared {
    documents: Documents,
    annotation: Annotation,
    /// The study that a person wants beside the one on screen.
    wanted: RwSignal<Option<StudyId>>,
    /// The one that is there.
    other: Late<Option<StudyId>>,
    /// The outline of its mask on the slice on screen.
    contour: Late<Option<Arc<Contour>>>,
    links: Links,
}

/// The other study where the slice on screen meets it.
struct Met {
    study: Study,
    voxels: VoxelMotion,
    /// The slice on screen: its size and its number.
    size: Size,
    index: usize,
    /// Slices of the other study that are needed for it.
    slices: Range<usize>,
}

impl Compared {
    /// Nothing is compared.
    pub fn new(documents: Documents, annotation: Annotation, links: Links) -> Self {
        Self { documents, annotation, wanted: RwSignal::new(None), other: Late::new(), contour: Late::new(), links }
    }

    /// The study to show beside the one on screen: the one that was chosen, else the one before it, else the one after it; none
    /// until the part of the program that compares is there.
    pub fn other(self) -> Option<StudyId> {
        self.other.get()?
    }

    /// The outline of the other study's mask on the slice on screen.
    pub fn other_contour(self) -> Option<Arc<Contour>> {
        self.contour.get()?
    }

    /// The one of a timeline to show beside the study on screen.
    fn beside(self, timeline: &Timeline) -> Option<StudyId> {
        let here = self.documents.study_on_screen()?.info.study;
        let at = timeline.visits.iter().position(|visit| visit.study == here)?;
        let chosen = self.wanted.get().filter(|&study| study != here);
        let chosen = chosen.filter(|&study| timeline.visits.iter().any(|visit| visit.study == study));
        let beside = || timeline.visits.get(at.checked_sub(1).unwrap_or(at + 1)).map(|visit| visit.study);
        chosen.or_else(beside)
    }

    /// Shows a study beside the one on screen.
    pub fn compare_with(self, study: StudyId) {
        self.wanted.set(Some(study));
    }

    /// The pair on screen, the study first that the slice is of.
    pub fn pair(self) -> Option<(StudyId, StudyId)> {
        Some((self.documents.study_on_screen()?.info.study, self.other()?))
    }

    /// How the pair on screen is linked; none as long as the worker has not said.
    pub fn link(self) -> Option<Link> {
        let (here, other) = self.pair()?;
        self.links.between(here, other)
    }

    /// The study on screen and the other one, if they are registered, with the way from the voxels of the other one back.
    pub fn registered_back(self) -> Option<(StudyId, StudyId, VoxelMotion)> {
        let (here, other) = self.pair()?;
        let back = self.link_back().filter(|link| link.registration.is_some())?;
        Some((here, other, back.voxels))
    }

    /// A pair was registered elsewhere; whether it was not here.
    pub fn register_again(self, (fixed, moving): (StudyId, StudyId), link: Link, back: Link) -> bool {
        let known = self.links.between(fixed, moving).is_some_and(|known| known.registration.is_some());
        let taken = !known && link.registration.is_some() && back.registration.is_some();
        if taken {
            self.links.take((fixed, moving), link, back);
        }
        taken
    }

    /// How the other study is linked to the one on screen; none as long as the worker has not said.
    pub fn link_back(self) -> Option<Link> {
        let (here, other) = self.pair()?;
        self.links.between(other, here)
    }

    /// Asks how the pair on screen is linked, by headers, or by registration if that is wanted.
    pub fn ask_for_link(self, register: bool) {
        let Some((fixed, moving)) = untrack(|| self.pair()) else { return };
        match register {
            true => self.documents.registering.begin(Of::Studies(fixed, moving)),
            // The worker takes it in the place of whatever it registers.
            false => self.documents.registering.end_all(),
        }
        self.documents.send(&ToWorker::Link { fixed, moving, register });
    }

    /// Calls a registration off, or takes it back: headers link the pair again.
    pub fn part_ways(self) {
        self.ask_for_link(false);
    }

    /// The worker has linked a pair, by registration or by headers.
    pub fn linked(self, pair: (StudyId, StudyId), link: Link, back: Link) {
        self.links.take(pair, link, back);
        self.documents.registering.end(Of::Studies(pair.0, pair.1));
    }

    /// Studies have other numbers or are closed.
    pub fn unlink(self, study: StudyId) {
        self.links.forget(study);
    }

    /// What the other study shows on the slice on screen, in a sequence; none if the slice passes it by.
    pub fn other_slice(self, sequence: usize) -> Option<Vec<u16>> {
        let met = self.met()?;
        let numbers = met.slices.clone().flat_map(|at| met.study.slice_of(sequence, at)).map(f32::from);
        Some(met.sampled(&numbers.collect::<Vec<f32>>()).into_iter().map(|value| value.round() as u16).collect())
    }

    fn contour_of_other(self) -> Option<Contour> {
        let met = self.met()?;
        let area = met.study.info.size[0] * met.study.info.size[1];
        let mut marks = vec![0.0; area * met.slices.len()];
        self.annotation.masks.with(|masks| {
            for (slice, at) in marks.chunks_exact_mut(area).zip(met.slices.clone()) {
                if let Some(found) = masks.get(&met.study.slice_id(at)) {
                    let marked = found.mask.pixels().iter().map(|&marked| f32::from(u8::from(marked)));
                    slice.iter_mut().zip(marked).for_each(|(to, mark)| *to = mark);
                }
            }
        });
        let marked = met.sampled(&marks).into_iter().map(|share| share >= 0.5).collect();
        Some(contour(&Mask::new(met.size.width, met.size.height, marked), None))
    }

    /// Puts the other study on screen, at the same place, and this one beside it.
    pub fn swap(self) {
        let Some((here, study, link)) = untrack(|| {
            let (here, other) = self.pair()?;
            Some((here, self.documents.study(other)?, self.link()?))
        }) else {
            return;
        };
        let Some((Size { width, height }, index)) = untrack(|| self.slice_on_screen()) else { return };
        let middle = [width as f64 / 2.0, height as f64 / 2.0, index as f64];
        let [_, _, slice] = place(&link.voxels, middle);
        let slice = slice.round().clamp(0.0, study.slices() as f64 - 1.0) as usize;
        self.compare_with(here);
        self.documents.select(study.slice_id(slice));
    }

    fn slice_on_screen(self) -> Option<(Size, usize)> {
        self.documents.picture.with(|picture| picture.as_ref().map(|picture| (picture.size(), picture.index)))
    }

    fn met(self) -> Option<Met> {
        let (study, voxels) = (self.documents.study(self.other()?)?, self.link()?.voxels);
        let (size, index) = self.slice_on_screen()?;
        let slices = met(&voxels, size, index, study.slices())?;
        Some(Met { study, voxels, size, index, slices })
    }
}

impl Results {
    /// Begins to compare the studies of the patient on screen, as soon as there are several.
    pub fn compare(self) {
        let compared = self.compared;
        compared.other.or_make(|| Memo::new(move |_| compared.beside(&*self.timeline()?)));
        compared.contour.or_make(|| Memo::new(move |_| compared.contour_of_other().map(Arc::new)));
    }
}

impl Met {
    /// What numbers of the slices that are met come to on the slice on screen.
    fn sampled(&self, numbers: &[f32]) -> Vec<f32> {
        sampled(numbers, self.study.info.size, &self.slices, &self.voxels, self.size, self.index)
    }
}
