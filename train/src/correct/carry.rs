//! How far one corrected slice helps the rest of its volume: its mask carried through, as the page does.

use engine::{EngineError, Prepared, Segmenter};
use imaging::{Guidance, Mask, Onward, Overlap, ProbabilityMap, Way, carried, trust};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::patient::Patient;
use crate::measure::score::Context;
use crate::measure::statistics::{mean, median_of_sorted};

/// Volumes whose slice with the most tumour was made right, small parts of the masks counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carrying {
    /// Volumes.
    pub patients: usize,
    /// Mean and median volume Dice of the network's own masks.
    pub automatic: [f64; 2],
    /// The same once that slice is right.
    pub one_right: [f64; 2],
    /// The same once its mask is carried through the others too.
    pub carried: [f64; 2],
    /// Volumes that carrying makes no worse.
    pub no_worse: usize,
    /// Slices that the mask is carried to, a volume.
    pub slices: f64,
}

impl Carrying {
    /// The figures in words.
    pub fn sentences(&self) -> String {
        let Self { patients, no_worse, slices, .. } = self;
        let [automatic, one_right, carried] =
            [self.automatic, self.one_right, self.carried].map(|[mean, median]| format!("{mean:.3} ({median:.3})"));
        format!(
            "In each of {patients} volumes the slice with the most tumour is made right, and its mask carried through the \
             others (`train evaluate --carry`), {slices:.1} a volume. Mean and median Dice of the volumes, small parts \
             counted: {automatic} before, {one_right} with that slice right, {carried} with its mask carried, which makes \
             {no_worse} of {patients} volumes better or leaves them as they are."
        )
    }
}

/// What one volume comes to.
struct Course {
    automatic: f64,
    one_right: f64,
    carried: f64,
    slices: usize,
}

/// Makes a slice of every volume right and carries its mask, on every core.
///
/// # Errors
///
/// The first [`EngineError`].
pub fn carry(segmenter: &Segmenter, patients: &[Patient], context: Context) -> Result<Carrying, EngineError> {
    let courses: Result<Vec<_>, _> = patients.par_iter().map(|patient| course(segmenter, patient, context)).collect();
    Ok(summary(&courses?))
}

/// A volume with the network's own look at each of its slices, through which masks are handed.
pub(super) struct Looks<'a> {
    segmenter: &'a Segmenter,
    patient: &'a Patient,
    context: Context,
    own: Vec<ProbabilityMap>,
}

impl<'a> Looks<'a> {
    /// Looks at every slice.
    pub fn at(segmenter: &'a Segmenter, patient: &'a Patient, context: Context) -> Result<Self, EngineError> {
        let mut looks = Self { segmenter, patient, context, own: Vec::new() };
        for index in 0..patient.slices.len() {
            looks.own.push(pollster::block_on(segmenter.segment_prepared(&looks.prepared(index)))?.1);
        }
        Ok(looks)
    }

    /// The network's own mask of a slice.
    pub fn own_mask(&self, index: usize) -> Mask {
        self.own[index].mask(self.threshold())
    }

    /// The probabilities of a slice that the mask of another one is carried to.
    pub fn carried(&self, mask: &Mask, from: usize, to: usize) -> Result<ProbabilityMap, EngineError> {
        let guidance = Guidance { prompts: Vec::new(), previous: Some(mask.clone()) };
        let answer = pollster::block_on(self.segmenter.refine(&self.prepared(to), &guidance))?;
        let trust = trust(&self.own_mask(from), mask);
        Ok(carried(&self.own[to], &answer, trust, self.threshold()))
    }

    /// The threshold of the masks.
    pub fn threshold(&self) -> f32 {
        self.segmenter.manifest().threshold
    }

    fn prepared(&self, index: usize) -> Prepared {
        let slice = &self.patient.slices[index].slice;
        self.segmenter.prepare_in(slice, &self.context.surroundings(self.patient, slice))
    }
}

fn course(segmenter: &Segmenter, patient: &Patient, context: Context) -> Result<Course, EngineError> {
    let looks = Looks::at(segmenter, patient, context)?;
    let labels: Vec<&Mask> = patient.slices.iter().map(|slice| &slice.label).collect();
    let mut masks: Vec<Mask> = (0..labels.len()).map(|index| looks.own_mask(index)).collect();
    let automatic = volume_dice(&masks, &labels);
    let (origin, _) = labels.iter().enumerate().max_by_key(|(_, label)| label.area_px()).expect("a patient has slices");
    masks[origin] = labels[origin].clone();
    let one_right = volume_dice(&masks, &labels);
    let (mut way, mut from, mut slices) = (Way::Down, origin, 0);
    loop {
        let next = from.checked_add_signed(way.step()).filter(|&to| to < masks.len());
        let next = next.filter(|&to| same_size(&masks[from], &masks[to]));
        match way.onward(masks[from].area_px() > 0, next) {
            Onward::To(to) => {
                masks[to] = looks.carried(&masks[from], from, to)?.mask(looks.threshold());
                (from, slices) = (to, slices + 1);
            }
            Onward::Turn => (way, from) = (Way::Up, origin),
            Onward::Done => break,
        }
    }
    Ok(Course { automatic, one_right, carried: volume_dice(&masks, &labels), slices })
}

fn same_size(a: &Mask, b: &Mask) -> bool {
    (a.width(), a.height()) == (b.width(), b.height())
}

fn volume_dice(masks: &[Mask], labels: &[&Mask]) -> f64 {
    let mut volume = Overlap::default();
    for (mask, label) in masks.iter().zip(labels) {
        volume += Overlap::between(mask, label).expect("labels lie on their slice's grid");
    }
    volume.dice().unwrap_or(1.0)
}

fn summary(courses: &[Course]) -> Carrying {
    let figures = |of: fn(&Course) -> f64| {
        let mut dices: Vec<f64> = courses.iter().map(of).collect();
        dices.sort_by(f64::total_cmp);
        [mean(&dices), median_of_sorted(&dices)]
    };
    Carrying {
        patients: courses.len(),
        automatic: figures(|course| course.automatic),
        one_right: figures(|course| course.one_right),
        carried: figures(|course| course.carried),
        no_worse: courses.iter().filter(|course| course.carried >= course.one_right).count(),
        slices: courses.iter().map(|course| course.slices).sum::<usize>() as f64 / courses.len().max(1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_by_hand() {
        let course = |automatic, one_right, carried| Course { automatic, one_right, carried, slices: 3 };
        let carrying = summary(&[course(0.5, 0.6, 0.9), course(0.9, 0.95, 0.9), course(0.7, 0.7, 0.7)]);
        let rounded = |figures: [f64; 2]| figures.map(|figure| (figure * 1000.0).round());
        assert_eq!(rounded(carrying.automatic), [700.0, 700.0]);
        assert_eq!(rounded(carrying.one_right), [750.0, 700.0]);
        assert_eq!(rounded(carrying.carried), [833.0, 900.0]);
        assert_eq!((carrying.no_worse, carrying.slices), (2, 3.0));
        assert!(carrying.sentences().contains("0.833 (0.900)"), "{}", carrying.sentences());
    }
}
