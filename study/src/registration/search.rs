//! Two volumes into the motion between them: tried coarsely from many places, then ever finer, then three times apart.

use super::head::Head;
use super::information::{Common, Pair, Sampling};
use super::powell::Powell;
use super::rigid::{self, Parameters};
use crate::geometry::{Affine, distance, norm};
use crate::reduced::Reduced;

/// The last of the levels.
const LAST: usize = 2;
/// Voxels of each level, in mm.
const STEPS_MM: [f64; 3] = [8.0, 4.0, 2.0];
/// Places that are compared on each level.
const PLACES: [usize; 3] = [6000, 12_000, 24_000];
/// Levels of grey on each level.
const BINS: [usize; 3] = [16, 24, 32];
/// First and last step of the search on each level, in mm.
const SEARCH_MM: [[f64; 2]; 3] = [[4.0, 0.5], [2.0, 0.2], [1.0, 0.03]];
/// Searches on each level.
const SEARCHES: [usize; 3] = [6, 2, 3];
/// Turns about each axis, in degrees, and shifts along the slices' normal, in mm, from which the search begins.
const TURNS: [f64; 5] = [-24.0, -12.0, 0.0, 12.0, 24.0];
const SHIFTS_MM: [f64; 5] = [-24.0, -12.0, 0.0, 12.0, 24.0];
/// Beginnings that are nearer to a better one than this are not searched from, in mm.
const APART_MM: f64 = 10.0;
/// Beginnings that are tried at a time.
const BATCH: usize = 64;
/// How far from the best of the level before each of the last searches begins, in mm.
const OFF_MM: f64 = 1.5;
/// A motion that leaves less of the head in the other volume is none: little information is easily had in a small part.
const LEAST_OVERLAP: f64 = 0.3;

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// From the fixed volume's millimetres to the moving one's.
    pub moving_from_fixed: Affine,
    /// How far apart the last searches put any corner of the head, in mm.
    pub spread_mm: f64,
    /// What the volumes have in common there.
    pub common: Common,
}

/// A search, a little at a time.
pub(super) struct Search {
    /// Both volumes on each level.
    levels: [[Reduced; 2]; 3],
    /// The places that are compared on each level; on the last each search has its own.
    pairs: Vec<Pair>,
    fixed_head: Head,
    beginnings: Vec<Parameters>,
    tried: Vec<(f64, Parameters)>,
    level: usize,
    searches: Vec<Powell>,
    /// The search that runs, and the lines gone on this level.
    at: usize,
    lines: usize,
}

impl Search {
    /// The voxels in which [`Self::new`] takes volumes, in mm.
    pub const FINEST_MM: f64 = STEPS_MM[LAST];

    /// A search between a fixed and a moving volume; none if either shows nothing. Whether they are placed, so that headers say
    /// where to begin.
    pub fn new(volumes: [Reduced; 2], is_placed: bool) -> Option<Self> {
        let reduced = |volumes: &[Reduced; 2], step| [volumes[0].reduced(step), volumes[1].reduced(step)];
        let middle = reduced(&volumes, STEPS_MM[1]);
        let coarse = reduced(&middle, STEPS_MM[0]);
        let [fixed_head, moving_head] = [Head::find(&coarse[0])?, Head::find(&coarse[1])?];
        let beginnings = beginnings(&coarse, &[&fixed_head, &moving_head], is_placed);
        let levels = [coarse, middle, volumes];
        let pair = |(level, seed): (usize, u32)| {
            let sampling = Sampling { count: PLACES[level], seed, bins: BINS[level] };
            Pair::new(levels[level].each_ref(), [&fixed_head, &moving_head], sampling)
        };
        let pairs = [(0, 0), (1, 0), (LAST, 0), (LAST, 1), (LAST, 2)].into_iter().map(pair).collect::<Option<_>>()?;
        let (tried, searches) = (Vec::new(), Vec::new());
        Some(Self { levels, pairs, fixed_head, beginnings, tried, level: 0, searches, at: 0, lines: 0 })
    }

    /// How much is done, 0..=1, by the time that it takes.
    pub fn progress(&self) -> f64 {
        /// Lines that a search usually takes.
        const LINES: f64 = 40.0;
        /// The share of the time that goes before each level, and before the end.
        const BEFORE: [f64; 4] = [0.1, 0.2, 0.4, 1.0];
        if self.searches.is_empty() {
            return BEFORE[0] * self.tried.len() as f64 / self.beginnings.len() as f64;
        }
        let part = (self.lines as f64 / (LINES * self.searches.len() as f64)).min(1.0);
        BEFORE[self.level] + part * (BEFORE[self.level + 1] - BEFORE[self.level])
    }

    /// Goes on for some milliseconds; what was found once it is.
    pub fn step(&mut self) -> Option<Found> {
        if self.searches.is_empty() {
            let from = self.tried.len();
            let batch =
                self.beginnings[from..].iter().take(BATCH).map(|beginning| (self.value(0, beginning), *beginning));
            let batch: Vec<_> = batch.collect();
            self.tried.extend(batch);
            if self.tried.len() == self.beginnings.len() {
                self.begin(0, apart(&self.tried, SEARCHES[0]));
            }
            return None;
        }
        if self.at == self.searches.len() {
            // It is asked again what was found.
            return Some(self.found());
        }
        self.lines += 1;
        let mut search = self.searches[self.at].clone();
        let is_done = search.line(|parameters| self.value(self.at, parameters));
        self.searches[self.at] = search;
        self.at += usize::from(is_done);
        if self.at < self.searches.len() {
            return None;
        }
        if self.level == LAST {
            return Some(self.found());
        }
        let found: Vec<(f64, Parameters)> = self.searches.iter().map(|search| (search.value, search.point)).collect();
        match self.level + 1 {
            LAST => self.begin(LAST, around(apart(&found, 1)[0])),
            level => self.begin(level, apart(&found, SEARCHES[level])),
        }
        None
    }

    /// Begins the searches of a level.
    fn begin(&mut self, level: usize, from: Vec<Parameters>) {
        (self.level, self.at, self.lines) = (level, 0, 0);
        let [step, least] = SEARCH_MM[level];
        let search = |(at, from): (usize, &Parameters)| Powell::new(*from, step, least, |tried| self.value(at, tried));
        self.searches = from.iter().enumerate().map(search).collect();
    }

    /// How good a motion is for one of the searches of this level.
    fn value(&self, search: usize, parameters: &Parameters) -> f64 {
        let Common { information, overlap } = self.common(search, &self.motion(parameters));
        // So that a search that began with too little overlap finds its way back.
        if overlap < LEAST_OVERLAP { overlap - LEAST_OVERLAP } else { information }
    }

    fn common(&self, search: usize, moving_from_fixed: &Affine) -> Common {
        let pair = &self.pairs[self.level + if self.level == LAST { search } else { 0 }];
        pair.common(&self.levels[self.level][1], moving_from_fixed)
    }

    fn motion(&self, parameters: &Parameters) -> Affine {
        rigid::motion(parameters, self.fixed_head.middle_mm)
    }

    /// The mean of the last searches, and how far they are apart.
    fn found(&self) -> Found {
        let count = self.searches.len() as f64;
        let mean: Parameters =
            std::array::from_fn(|at| self.searches.iter().map(|search| search.point[at]).sum::<f64>() / count);
        let moving_from_fixed = self.motion(&mean);
        let apart = |search: &Powell| {
            let motion = self.motion(&search.point);
            let corners = self.fixed_head.corners_mm().into_iter();
            corners.map(|corner| distance(motion.apply(corner), moving_from_fixed.apply(corner))).fold(0.0, f64::max)
        };
        let spread_mm = self.searches.iter().map(apart).fold(0.0, f64::max);
        Found { moving_from_fixed, spread_mm, common: self.common(0, &moving_from_fixed) }
    }
}

/// Where to begin: as headers place the volumes, with the middles of both heads, and with those of both grids on each other;
/// turned about all axes and shifted along the slices' normal, since slices may leave out a part of the head.
fn beginnings(
    [fixed, moving]: &[Reduced; 2],
    [fixed_head, moving_head]: &[&Head; 2],
    is_placed: bool,
) -> Vec<Parameters> {
    let between = |a: [f64; 3], b: [f64; 3]| -> [f64; 3] { std::array::from_fn(|axis| b[axis] - a[axis]) };
    let middle = |image: &Reduced| image.affine.apply(image.size.map(|length| (length as f64 - 1.0) / 2.0));
    let by_header = is_placed.then_some([0.0; 3]);
    let by_heads = between(fixed_head.middle_mm, moving_head.middle_mm);
    let by_grids = between(middle(fixed), middle(moving));
    let step = norm(fixed.affine.column(2));
    let normal = fixed.affine.column(2).map(|v| v / step);
    let turns = TURNS.into_iter().flat_map(|x| TURNS.into_iter().flat_map(move |y| TURNS.map(|z| [x, y, z])));
    let turns: Vec<[f64; 3]> = turns.map(|turn| turn.map(f64::to_radians)).collect();
    let mut all = Vec::new();
    for from in by_header.into_iter().chain([by_heads, by_grids]) {
        for by in SHIFTS_MM {
            let shift: [f64; 3] = std::array::from_fn(|axis| from[axis] + by * normal[axis]);
            all.extend(turns.iter().map(|&turn| rigid::parameters(turn, shift)));
        }
    }
    all
}

/// The best of some places, none of which is near a better one.
fn apart(found: &[(f64, Parameters)], count: usize) -> Vec<Parameters> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| found[b].0.total_cmp(&found[a].0));
    let mut chosen: Vec<Parameters> = Vec::new();
    for (_, place) in order.into_iter().map(|at| found[at]) {
        let is_apart =
            |other: &Parameters| other.iter().zip(place).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt() >= APART_MM;
        if chosen.iter().all(is_apart) {
            chosen.push(place);
        }
        if chosen.len() == count {
            break;
        }
    }
    chosen
}

/// Places around one, each off it along other parameters.
fn around(place: Parameters) -> Vec<Parameters> {
    let off = |search: usize| {
        std::array::from_fn(|at| {
            let sign = if at % SEARCHES[LAST] == search { -1.0 } else { 1.0 };
            place[at] + sign * OFF_MM / 6f64.sqrt()
        })
    };
    (0..SEARCHES[LAST]).map(off).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_chosen_and_none_beside_a_better_one() {
        let at = |value: f64, x: f64| (value, [x, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let found = [at(0.1, 0.0), at(0.5, 30.0), at(0.4, 35.0), at(0.3, 60.0), at(0.2, 90.0)];
        let chosen: Vec<f64> = apart(&found, 3).iter().map(|place| place[0]).collect();
        assert_eq!(chosen, [30.0, 60.0, 90.0]);
        assert_eq!(apart(&found, 9).len(), 4);
    }
}
