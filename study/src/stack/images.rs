//! Images of one grid into sets with one image at a place: echoes, times and parts of a signal each by themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dicom::{Instance, Plane};
use crate::geometry::{cross, norm};
use crate::role::FEWEST_SLICES;

/// Distance from which slices lie at two places, in mm.
pub(super) const SAME_PLACE_MM: f64 = 0.01;
/// Share of the usual step by which another may differ, for rounding in headers.
const UNEVEN: f64 = 0.02;

/// One image of one file.
pub(super) struct Image {
    pub instance: Arc<Instance>,
    pub plane: Plane,
}

impl Image {
    pub fn normal(&self) -> Option<[f64; 3]> {
        self.plane.orientation.map(|[row, column]| cross(row, column)).filter(|normal| norm(*normal) > 0.5)
    }

    pub fn size(&self) -> [usize; 2] {
        [self.instance.columns, self.instance.rows]
    }

    /// Whether it can lie in one stack with another.
    pub fn fits(&self, other: &Self) -> bool {
        let near = |a: &[f64], b: &[f64], tolerance: f64| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance);
        let directions = match (self.plane.orientation, other.plane.orientation) {
            (Some(a), Some(b)) => near(a.as_flattened(), b.as_flattened(), 1e-3),
            (a, b) => a.is_none() && b.is_none(),
        };
        let spacings = match (self.plane.spacing_mm, other.plane.spacing_mm) {
            (Some(a), Some(b)) => near(&a, &b, 1e-3),
            (a, b) => a.is_none() && b.is_none(),
        };
        self.size() == other.size() && directions && spacings
    }

    /// What comes first where no place decides: the number within the series, then within the file.
    pub fn number(&self) -> (Option<i64>, usize) {
        (self.plane.order.last().copied(), self.plane.frame)
    }
}

/// Images of one grid by where they lie along its normal, in mm.
pub(super) type Places = Vec<(f64, Vec<Image>)>;

/// One image at each place, and the names of files that there is no room for.
pub(super) struct Set {
    pub images: Vec<Image>,
    pub spare: Vec<String>,
}

/// The images at each place, in their order.
pub(super) fn by_place(mut placed: Vec<(f64, Image)>) -> Places {
    placed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut places: Places = Vec::new();
    for (at, image) in placed {
        match places.last_mut() {
            Some((place, images)) if at - *place <= SAME_PLACE_MM => images.push(image),
            _ => places.push((at, vec![image])),
        }
    }
    // Only now: places that differ by a rounding are one.
    let order = |image: &Image| (image.plane.kind.clone(), image.plane.order.clone(), image.plane.frame);
    places.iter_mut().for_each(|(_, images)| images.sort_by_cached_key(order));
    places
}

/// The images of each kind by themselves, where they cover the same body: echoes, times and parts of a signal come in any
/// order, and one may lack a slice. What is one even stack stays one, whatever its kinds.
pub(super) fn by_kind(places: Places) -> Vec<Places> {
    let repeated = places.iter().any(|(_, images)| images.len() > 1);
    let even = |along: &[f64]| along.len() >= FEWEST_SLICES && uneven(&gaps(along)).is_none();
    if !repeated && even(&places.iter().map(|(at, _)| *at).collect::<Vec<_>>()) {
        return vec![places];
    }
    // Some programs number every slice as an acquisition of its own, which is the last part of a kind.
    let whole = places.iter().flat_map(|(_, images)| images).map(|image| image.plane.kind.len()).min().unwrap_or(0);
    for length in [whole, whole.saturating_sub(1)] {
        let mut kinds: BTreeMap<&[i64], Vec<f64>> = BTreeMap::new();
        for (at, images) in &places {
            for image in images {
                let own = kinds.entry(&image.plane.kind[..length]).or_default();
                if own.last() != Some(at) {
                    own.push(*at);
                }
            }
        }
        let apart = |own: &Vec<f64>| 2 * own.len() >= places.len() && (repeated || even(own));
        if kinds.len() > 1 && kinds.values().all(apart) {
            let mut split: BTreeMap<Vec<i64>, Places> = BTreeMap::new();
            for (at, images) in places {
                for image in images {
                    let own = split.entry(image.plane.kind[..length].to_vec()).or_default();
                    match own.last_mut() {
                        Some((place, images)) if *place == at => images.push(image),
                        _ => own.push((at, vec![image])),
                    }
                }
            }
            return split.into_values().collect();
        }
    }
    vec![places]
}

/// The sets of images of one kind: as many as there are images at every place, else one.
pub(super) fn of_one_kind(places: Places) -> Vec<Set> {
    let repeats = places[0].1.len();
    let even = places.iter().all(|(_, images)| images.len() == repeats);
    let mut sets: Vec<Set> =
        (0..if even { repeats } else { 1 }).map(|_| Set { images: Vec::new(), spare: Vec::new() }).collect();
    for (_, images) in places {
        for (at, image) in images.into_iter().enumerate() {
            match sets.get_mut(at) {
                Some(set) => set.images.push(image),
                None => sets[0].spare.push(image.instance.name.clone()),
            }
        }
    }
    sets
}

/// The steps between neighbours.
fn gaps(along: &[f64]) -> Vec<f64> {
    along.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The first of some steps that is not as wide as most.
pub(super) fn uneven(gaps: &[f64]) -> Option<usize> {
    let usual = usual(gaps);
    gaps.iter().position(|gap| (gap - usual).abs() > UNEVEN * usual + SAME_PLACE_MM)
}

/// The step in the middle of all, by width.
pub(super) fn usual(gaps: &[f64]) -> f64 {
    let mut ordered = gaps.to_vec();
    ordered.sort_by(f64::total_cmp);
    ordered.get(gaps.len() / 2).copied().unwrap_or(0.0)
}
