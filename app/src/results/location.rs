//! Where a tumour lies in the head, by geometry alone: its side, and its distance from the plane that the head is most symmetric about.

use std::collections::HashMap;

use imaging::{Hemisphere, Location, Midline, SpacingMm};
use leptos::prelude::*;
use protocol::{Laterality, StudyId, ToWorker};
use serde::Serialize;

use super::Results;
use super::late::Late;
use super::written;
use crate::language::{Text, text};

/// Symmetry below which the plane is not to be relied on.
const SYMMETRIC: f64 = 0.5;

/// Share of a mask on one side from which it is said to be of that side in codes: what crosses by less may be the plane's error.
const ONE_SIDED: f64 = 0.9;

/// Where a tumour lies as files have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LocationFigures {
    /// The side that holds more of it.
    pub side: &'static str,
    /// How much of it, in per cent.
    pub percent_on_side: f64,
    /// Distance of its middle from the midline.
    pub middle_from_midline_mm: f64,
    /// Distance of its nearest voxel; 0 if it crosses.
    pub nearest_from_midline_mm: f64,
    /// How symmetric the head is about the midline, 0 to 1.
    pub symmetry: f64,
    /// Whether that is enough to rely on.
    pub reliable: bool,
}

/// The midlines of studies, and where their tumours lie. Copies are the same.
#[derive(Clone, Copy)]
pub struct Midlines {
    found: RwSignal<HashMap<StudyId, Known>>,
    /// Whether that of the study on screen is drawn.
    pub shown: RwSignal<bool>,
    /// Where the tumour of the study on screen lies.
    location: Late<Option<Location>>,
}

/// A midline as it was found or moved.
#[derive(Clone, Copy, Debug)]
struct Known {
    midline: Midline,
    /// How symmetric the head is about the one that was found.
    symmetry: f64,
    /// Whether a person moved it.
    moved: bool,
}

impl Midlines {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { found: RwSignal::new(HashMap::new()), shown: RwSignal::new(false), location: Late::new() }
    }

    /// Those that a person moved: the plane's numbers, and how symmetric the head is about the one that was found.
    pub fn moved(self) -> Vec<(StudyId, [f64; 4], f64)> {
        self.found.with(|all| {
            let moved = all.iter().filter(|(_, found)| found.moved);
            moved.map(|(study, found)| (*study, found.midline.numbers(), found.symmetry)).collect()
        })
    }

    /// A person moved a midline elsewhere; whether that is a plane, and nobody moved it here.
    pub fn move_again(self, study: StudyId, plane: [f64; 4], symmetry: f64) -> bool {
        let [x, y, z, offset_mm] = plane;
        let is_plane = x > 0.0 && (x.hypot(y).hypot(z) - 1.0).abs() < 1e-6 && offset_mm.is_finite();
        is_plane && self.take(study, Known { midline: Midline::of_numbers(plane), symmetry, moved: true })
    }

    /// Takes a midline, unless a person moved the one that is known; whether it was taken.
    fn take(self, study: StudyId, found: Known) -> bool {
        let taken = self.found.with_untracked(|all| all.get(&study).is_none_or(|known| !known.moved));
        if taken {
            self.found.update(|all| _ = all.insert(study, found));
        }
        taken
    }
}

impl Results {
    /// Asks the worker for the midline of the study on screen, once for each.
    pub fn ask_for_midline(self) {
        let Some(study) = untrack(|| self.documents.study_on_screen()) else { return };
        let known = self.midlines.found.with_untracked(|all| all.contains_key(&study.info.study));
        if !known && study.info.spacing_mm.is_some() {
            self.documents.send(&ToWorker::FindMidline { study: study.info.study });
        }
    }

    /// The worker has found a midline. One that a person moved meanwhile stays.
    pub fn take_midline(self, study: StudyId, plane: [f64; 4], symmetry: f64) {
        let found = Known { midline: Midline::of_numbers(plane), symmetry, moved: false };
        self.midlines.take(study, found);
    }

    /// Moves the midline of the study on screen to the right of the picture, by mm.
    pub fn move_midline(self, by_mm: f64) {
        let Some(study) = untrack(|| self.documents.study_on_screen()) else { return };
        self.midlines.found.update(|all| {
            if let Some(found) = all.get_mut(&study.info.study) {
                found.midline = found.midline.moved(by_mm);
                found.moved = true;
            }
        });
    }

    /// The ends of the midline on the slice on screen, in its pixels.
    pub fn midline_on_slice(self) -> Option<[imaging::Point<f64>; 2]> {
        let study = self.documents.study_on_screen().filter(|_| self.midlines.shown.get())?;
        let Known { midline, .. } = self.midlines.found.with(|all| all.get(&study.info.study).copied())?;
        let index = self.documents.picture.with(|picture| picture.as_ref().map(|picture| picture.index))?;
        Some(midline.line(index, study.info.size[1], study.info.spacing_mm?.into()))
    }

    /// Where the tumour on screen lies, and how symmetric its head is.
    fn located(self) -> Option<(Location, f64)> {
        let location = self.midlines.location.or_make(|| of_study(self)).get()?;
        let study = self.documents.study_on_screen()?.info.study;
        let Known { symmetry, .. } = self.midlines.found.with(|all| all.get(&study).copied())?;
        Some((location, symmetry))
    }

    /// Where the tumour lies, as files have it.
    pub(super) fn location_figures(self) -> Option<LocationFigures> {
        self.located().map(|(location, symmetry)| figures(&location, symmetry))
    }

    /// The side that the tumour is on, as a structured report has it; none where it is not known or the midline not reliable.
    pub(super) fn laterality(self) -> Option<Laterality> {
        self.located().and_then(|(location, symmetry)| side(&location, symmetry))
    }

    /// Where the tumour lies, for people.
    pub fn location_written(self) -> Option<Text> {
        let (location, symmetry) = self.located()?;
        let side = match location.hemisphere {
            Hemisphere::Left => text!("side-left"),
            Hemisphere::Right => text!("side-right"),
            Hemisphere::PictureLeft => text!("side-picture-left"),
            Hemisphere::PictureRight => text!("side-picture-right"),
        };
        let middle = written::length(location.middle_mm, "mm");
        let said = match location.crosses() {
            true => text!("location-crosses", side, percent = (100.0 * location.share).round() as usize, middle),
            false => text!("location", side, middle, nearest = written::length(location.nearest_mm, "mm")),
        };
        Some(match symmetry < SYMMETRIC {
            true => text!("two-sentences", first = said, second = text!("location-unsure")),
            false => said,
        })
    }
}

/// Where the tumour of the study on screen lies; none as long as its midline is not known.
fn of_study(results: Results) -> Memo<Option<Location>> {
    let Results { documents, annotation, midlines, .. } = results;
    Memo::new(move |_| {
        let study = documents.study_on_screen()?;
        let Known { midline, .. } = midlines.found.with(|all| all.get(&study.info.study).copied())?;
        let spacing = SpacingMm::from(study.info.spacing_mm?);
        annotation.masks.with(|masks| {
            let slices = study.slice_ids().enumerate().filter_map(|(slice, id)| Some((slice, masks.get(&id)?)));
            let marked = slices.filter(|(_, found)| found.area_px > 0).flat_map(|(slice, found)| {
                let (width, pixels) = (found.mask.width(), found.mask.pixels());
                let marked = pixels.iter().enumerate().filter(|(_, marked)| **marked);
                marked.map(move |(at, _)| [at % width, at / width, slice])
            });
            Location::of(marked, spacing, &midline, study.info.placed)
        })
    })
}

fn figures(location: &Location, symmetry: f64) -> LocationFigures {
    LocationFigures {
        side: match location.hemisphere {
            Hemisphere::Left => "left hemisphere",
            Hemisphere::Right => "right hemisphere",
            Hemisphere::PictureLeft => "left of the picture, side of the patient unknown",
            Hemisphere::PictureRight => "right of the picture, side of the patient unknown",
        },
        percent_on_side: 100.0 * location.share,
        middle_from_midline_mm: location.middle_mm,
        nearest_from_midline_mm: location.nearest_mm,
        symmetry,
        reliable: symmetry >= SYMMETRIC,
    }
}

fn side(location: &Location, symmetry: f64) -> Option<Laterality> {
    let side = match location.hemisphere {
        Hemisphere::Left => Laterality::Left,
        Hemisphere::Right => Laterality::Right,
        Hemisphere::PictureLeft | Hemisphere::PictureRight => return None,
    };
    let found = if location.share >= ONE_SIDED { side } else { Laterality::Both };
    (symmetry >= SYMMETRIC).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_coded_only_where_it_is_known_and_one_is_meant() {
        let location = |hemisphere, share| Location { hemisphere, share, middle_mm: 20.0, nearest_mm: 0.0 };
        assert_eq!(side(&location(Hemisphere::Left, 1.0), 0.8), Some(Laterality::Left));
        assert_eq!(side(&location(Hemisphere::Right, 0.95), 0.8), Some(Laterality::Right), "it touches the other side");
        assert_eq!(side(&location(Hemisphere::Right, 0.6), 0.8), Some(Laterality::Both));
        assert_eq!(side(&location(Hemisphere::Right, 1.0), 0.3), None, "the head is not symmetric enough");
        assert_eq!(side(&location(Hemisphere::PictureLeft, 1.0), 0.8), None, "nobody knows which side that is");
        let unknown = figures(&location(Hemisphere::PictureLeft, 1.0), 0.3);
        assert!(unknown.side.contains("unknown") && !unknown.reliable, "{unknown:?}");
    }
}
