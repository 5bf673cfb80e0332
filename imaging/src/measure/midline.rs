//! A head into the plane that it is most symmetric about, and a mask into the side of it that it lies on.
//!
//! Geometry alone: a plane, not the falx, which a tumour may push aside.

use crate::grid::{GridSize, Point, SpacingMm, is_on_grid};

/// Distance of the places that are compared with their mirror images, in mm.
const CELL_MM: f64 = 4.0;
/// Places that are compared at most.
const PLACES: usize = 6000;
/// Share of the cells that may be brighter than white: vessels and fat say little about symmetry.
const BRIGHTEST: f64 = 0.03;
/// Share of white from which a cell is of the head.
const HEAD: f32 = 0.15;
/// Turns of the head about its axis that are tried, in degrees, and shifts from its middle, in mm.
const TURNS: [f64; 13] = [-30.0, -25.0, -20.0, -15.0, -10.0, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0];
const SHIFTS_MM: [f64; 9] = [-12.0, -9.0, -6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0];
/// Steps of the refinement, first and last: turn and tilt in degrees, shift in mm.
const FIRST_STEP: f64 = 2.5;
const LAST_STEP: f64 = 0.05;

/// A plane between the two sides of a head, in mm along the axes of the grid of its slices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Midline {
    /// Perpendicular to the plane, of length one; its first number is above zero.
    normal: [f64; 3],
    /// Distance of the plane from the middle of the first voxel, in mm along the normal.
    offset_mm: f64,
}

impl Midline {
    /// The plane across a volume of `size` that its values, 0 being air, are most symmetric about, and how symmetric they are:
    /// 1 of a mirror image, 0 of what has nothing in common. None if there is nothing in it.
    ///
    /// Columns have to run from one side of the head to the other, within 30°.
    ///
    /// # Panics
    ///
    /// If there is not one value a voxel.
    pub fn find(values: &[f32], size: GridSize, spacing: SpacingMm) -> Option<(Self, f64)> {
        let head = Head::new(values, size, spacing)?;
        let at_turn = |turn: f64| SHIFTS_MM.map(|shift| [turn, 0.0, shift]);
        let tried = TURNS.into_iter().flat_map(at_turn).map(|plane| (head.symmetry(plane), plane));
        let (mut best, mut plane) = tried.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let mut step = FIRST_STEP;
        while step >= LAST_STEP {
            let before = best;
            for axis in 0..3 {
                for by in [-step, step] {
                    let mut next = plane;
                    next[axis] += by;
                    let symmetry = head.symmetry(next);
                    if symmetry > best {
                        (best, plane) = (symmetry, next);
                    }
                }
            }
            if best <= before {
                step /= 2.0;
            }
        }
        Some((head.plane(plane), best))
    }

    /// The plane of its normal and its offset, as [`Self::numbers`] gives them.
    pub fn of_numbers([x, y, z, offset_mm]: [f64; 4]) -> Self {
        Self { normal: [x, y, z], offset_mm }
    }

    /// Its normal, of length one, and its distance from the middle of the first voxel along that, in mm.
    pub fn numbers(&self) -> [f64; 4] {
        let [x, y, z] = self.normal;
        [x, y, z, self.offset_mm]
    }

    /// The plane moved along the columns.
    pub fn moved(self, by_mm: f64) -> Self {
        Self { offset_mm: self.offset_mm + by_mm * self.normal[0], ..self }
    }

    /// Distance of a place, in voxels of the grid, from the plane: above zero towards larger columns. In mm.
    pub fn distance_mm(&self, at: [f64; 3], spacing: SpacingMm) -> f64 {
        let spacing = spacing.axes();
        (0..3).map(|axis| at[axis] * spacing[axis] * self.normal[axis]).sum::<f64>() - self.offset_mm
    }

    /// The line in which the plane cuts a slice, at its first and last of `rows`; whole numbers are the middles of pixels.
    pub fn line(&self, slice: usize, rows: usize, spacing: SpacingMm) -> [Point<f64>; 2] {
        [0.0, rows.saturating_sub(1) as f64].map(|y| {
            let off = self.distance_mm([0.0, y, slice as f64], spacing);
            Point::new(-off / self.normal[0] / spacing.x, y)
        })
    }

    /// The plane through a line that was drawn on a slice, with the tilt across slices that it has; none if the line runs
    /// more along a row than along a column, or has no length.
    pub fn through(self, slice: usize, [a, b]: [Point<f64>; 2], spacing: SpacingMm) -> Option<Self> {
        let (x, y) = ((b.x - a.x) * spacing.x, (b.y - a.y) * spacing.y);
        let length = x.hypot(y);
        if !length.is_normal() || x.abs() > y.abs() {
            return None;
        }
        let flat = self.normal[0].hypot(self.normal[1]);
        let along = y.signum() * flat / length;
        let normal = [y * along, -x * along, self.normal[2]];
        let plane = Self { normal, offset_mm: 0.0 };
        Some(Self { normal, offset_mm: plane.distance_mm([a.x, a.y, slice as f64], spacing) })
    }
}

/// A side of the head, by the header where that says which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hemisphere {
    /// The patient's right.
    Right,
    /// The patient's left.
    Left,
    /// The left of the picture, whichever side of the patient that is.
    PictureLeft,
    /// The right of the picture, whichever side of the patient that is.
    PictureRight,
}

/// Where a mask lies beside a midline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// The side that holds more of it.
    pub hemisphere: Hemisphere,
    /// The share of it on that side, 0.5..=1.
    pub share: f64,
    /// Distance of its middle from the midline, in mm.
    pub middle_mm: f64,
    /// Distance of its nearest voxel from the midline, in mm; 0 if it crosses.
    pub nearest_mm: f64,
}

impl Location {
    /// Of marked voxels, by their columns, rows and slices in a grid whose columns run to the patient's left if it `is_placed`; none
    /// if nothing is marked.
    pub fn of(
        marked: impl IntoIterator<Item = [usize; 3]>,
        spacing: SpacingMm,
        midline: &Midline,
        is_placed: bool,
    ) -> Option<Self> {
        let place = |at: [usize; 3]| at.map(|index| index as f64);
        let distances = marked.into_iter().map(|at| midline.distance_mm(place(at), spacing));
        let (mut count, mut beyond, mut sum) = (0.0, 0.0, 0.0);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for distance in distances {
            count += 1.0;
            sum += distance;
            // A voxel in the plane is of both sides.
            beyond += if distance == 0.0 { 0.5 } else { f64::from(u8::from(distance > 0.0)) };
            (low, high) = (low.min(distance), high.max(distance));
        }
        if count == 0.0 {
            return None;
        }
        let is_beyond = 2.0 * beyond > count || (2.0 * beyond == count && sum > 0.0);
        let hemisphere = match (is_placed, is_beyond) {
            (true, true) => Hemisphere::Left,
            (true, false) => Hemisphere::Right,
            (false, true) => Hemisphere::PictureRight,
            (false, false) => Hemisphere::PictureLeft,
        };
        Some(Self {
            hemisphere,
            share: if is_beyond { beyond } else { count - beyond } / count,
            middle_mm: (sum / count).abs(),
            nearest_mm: if low > 0.0 { low } else { (-high).max(0.0) },
        })
    }

    /// Whether the mask lies on both sides.
    pub fn crosses(&self) -> bool {
        self.share < 1.0
    }
}

/// A head in cells of about [`CELL_MM`], a slice's each.
struct Head {
    cells: Vec<f32>,
    size: [usize; 3],
    /// Distance of cells in mm, and of the first one's middle from that of the first voxel.
    step_mm: [f64; 3],
    origin_mm: [f64; 3],
    /// Cells that are compared with their mirror images.
    compared: Vec<usize>,
    /// The middle of the head, in mm.
    middle_mm: [f64; 3],
}

impl Head {
    fn new(values: &[f32], size: GridSize, spacing: SpacingMm) -> Option<Self> {
        assert_eq!(values.len(), size.voxels(), "one value a voxel");
        let block = [spacing.x, spacing.y].map(|step| ((CELL_MM / step).round() as usize).max(1));
        let (width, height) = (size.width / block[0], size.height / block[1]);
        let mut cells = Vec::with_capacity(width * height * size.depth);
        for slice in values.chunks_exact(size.slice().area_px().max(1)) {
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                let row = |y: usize| &slice[y * size.width + x * block[0]..][..block[0]];
                let sum: f32 = (y * block[1]..(y + 1) * block[1]).flat_map(row).sum();
                cells.push(sum / (block[0] * block[1]) as f32);
            }
        }
        let mut sorted: Vec<f32> = cells.iter().copied().filter(|value| *value > 0.0).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let white = *sorted.get(((1.0 - BRIGHTEST) * sorted.len() as f64) as usize)?;
        cells.iter_mut().for_each(|value| *value = (*value / white).clamp(0.0, 1.0));
        let head: Vec<usize> = (0..cells.len()).filter(|&at| cells[at] >= HEAD).collect();
        let middle = |block: usize, step: f64| (block as f64 - 1.0) / 2.0 * step;
        let mut new = Self {
            cells,
            size: [width, height, size.depth],
            step_mm: [block[0] as f64 * spacing.x, block[1] as f64 * spacing.y, spacing.z],
            origin_mm: [middle(block[0], spacing.x), middle(block[1], spacing.y), 0.0],
            compared: head.iter().copied().step_by(head.len().div_ceil(PLACES).max(1)).collect(),
            middle_mm: [0.0; 3],
        };
        let count = new.compared.len() as f64;
        new.middle_mm =
            std::array::from_fn(|axis| new.compared.iter().map(|&at| new.place_mm(at)[axis]).sum::<f64>() / count);
        (count > 0.0).then_some(new)
    }

    fn place_mm(&self, at: usize) -> [f64; 3] {
        let [width, height, _] = self.size;
        let index = [at % width, at / width % height, at / width / height];
        std::array::from_fn(|axis| self.origin_mm[axis] + index[axis] as f64 * self.step_mm[axis])
    }

    /// The plane of a turn and a tilt, in degrees, and a shift from the middle in mm.
    fn plane(&self, [turn, tilt, shift]: [f64; 3]) -> Midline {
        let (turn, tilt) = (turn.to_radians(), tilt.to_radians());
        let normal = [turn.cos() * tilt.cos(), turn.sin() * tilt.cos(), tilt.sin()];
        let through: f64 = normal.iter().zip(self.middle_mm).map(|(a, b)| a * b).sum();
        Midline { normal, offset_mm: through + shift }
    }

    /// How much cells and their mirror images have in common, by the sum of absolute differences, in which a tumour counts
    /// for little.
    fn symmetry(&self, plane: [f64; 3]) -> f64 {
        let Midline { normal, offset_mm } = self.plane(plane);
        let (mut apart, mut total) = (0.0, 0.0);
        for &at in &self.compared {
            let place = self.place_mm(at);
            let off: f64 = normal.iter().zip(place).map(|(a, b)| a * b).sum::<f64>() - offset_mm;
            let mirrored = std::array::from_fn(|axis| {
                (place[axis] - 2.0 * off * normal[axis] - self.origin_mm[axis]) / self.step_mm[axis]
            });
            // Where a tilted head ends at the last slice there is nothing to compare with.
            if !is_on_grid(mirrored[2], self.size[2] as f64) {
                continue;
            }
            let (here, there) = (f64::from(self.cells[at]), self.between(mirrored));
            apart += (here - there).abs();
            total += here + there;
        }
        if total > 0.0 { 1.0 - apart / total } else { 0.0 }
    }

    /// The value between cells; beyond the edge is air.
    fn between(&self, at: [f64; 3]) -> f64 {
        let low = at.map(f64::floor);
        let mut sum = 0.0;
        for corner in 0..8 {
            let (mut weight, mut index) = (1.0, [0; 3]);
            for axis in 0..3 {
                let high = f64::from(corner >> axis & 1_u8);
                let part = at[axis] - low[axis];
                weight *= if high > 0.0 { part } else { 1.0 - part };
                // Between the last slice and what is beyond it there is the last slice.
                let place = low[axis] + high;
                let last = self.size[axis] as f64 - 1.0;
                let place = if axis == 2 { place.clamp(0.0, last) } else { place };
                weight *= f64::from(u8::from((0.0..=last).contains(&place)));
                index[axis] = place.max(0.0) as usize;
            }
            if weight > 0.0 {
                sum += weight * f64::from(self.cells[(index[2] * self.size[1] + index[1]) * self.size[0] + index[0]]);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests;
