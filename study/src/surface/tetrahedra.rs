//! Numbers on a grid into the closed surface where they pass a level: marching tetrahedra.
//!
//! # Source
//!
//! Payne and Toga 1990, doi 10.1109/38.62693; the six tetrahedra of a cube share its long diagonal, so that neighbouring cubes
//! cut their common face alike.

use super::Surface;
use crate::geometry::Affine;

/// Orders of the axes along which a tetrahedron's edges go from the first to the last corner of its cube, and whether it is
/// turned like the axes.
const WAYS: [([usize; 3], bool); 6] = [
    ([0, 1, 2], true),
    ([1, 2, 0], true),
    ([2, 0, 1], true),
    ([0, 2, 1], false),
    ([2, 1, 0], false),
    ([1, 0, 2], false),
];

/// A corner keeps this distance from both ends of its edge, as a share of it: no two become one in a file.
const APART: f32 = 0.01;

/// Numbers on a grid, of which those at its edge are below the level of any surface.
pub(super) struct Field {
    /// One a place, the first axis fastest.
    pub values: Vec<f32>,
    /// Places along each axis.
    pub size: [usize; 3],
    /// From indices of places to mm.
    pub affine: Affine,
}

impl Field {
    /// The surface around the places whose number is above a level.
    pub fn surface(&self, level: f32, is_placed: bool) -> Surface {
        let [width, height, depth] = self.size;
        let strides = [1, width, width * height];
        // Places of the eight corners of a cube, by bits of their axes.
        let corner: [usize; 8] =
            std::array::from_fn(|bits| (0..3).filter(|axis| bits >> axis & 1 == 1).map(|axis| strides[axis]).sum());
        let mut builder = Builder {
            field: self,
            level,
            slice: 0,
            known: [0, 1].map(|_| vec![u32::MAX; 7 * strides[2]]),
            surface: Surface { is_placed, ..Surface::default() },
        };
        let mirrored = self.affine.is_mirrored();
        for k in 0..depth.saturating_sub(1) {
            builder.reach(k);
            for j in 0..height.saturating_sub(1) {
                for i in 0..width.saturating_sub(1) {
                    let first = i + strides[1] * j + strides[2] * k;
                    let inside = (0..8).filter(|&bits| self.values[first + corner[bits]] > level).count();
                    if inside == 0 || inside == 8 {
                        continue;
                    }
                    for (axes, is_even) in WAYS {
                        let second = 1 << axes[0];
                        let third = second | 1 << axes[1];
                        builder.cut(first, [0, second, third, 7].map(|bits| (bits, corner[bits])), is_even != mirrored);
                    }
                }
            }
        }
        builder.surface
    }
}

struct Builder<'a> {
    field: &'a Field,
    level: f32,
    /// The slice that cubes begin on now, and of each place of it and of the next the surface's corners on the seven edges that
    /// begin there.
    slice: usize,
    known: [Vec<u32>; 2],
    surface: Surface,
}

impl Builder<'_> {
    /// Goes on to the next slice, or begins with the first.
    fn reach(&mut self, slice: usize) {
        if slice > self.slice {
            self.slice = slice;
            self.known.swap(0, 1);
            self.known[1].fill(u32::MAX);
        }
    }

    /// Adds the triangles of one tetrahedron: the bits of its corners and how far they are from the cube's first place.
    fn cut(&mut self, first: usize, corners: [(usize, usize); 4], is_even: bool) {
        let is_inside = corners.map(|(_, at)| self.field.values[first + at] > self.level);
        let mut on = |a: usize, b: usize| self.between(first, corners[a.min(b)], corners[a.max(b)]);
        // The corners in an order that is an even permutation, those inside first.
        let (order, count) = match is_inside {
            [true, false, false, false] => ([0, 1, 2, 3], 1),
            [false, true, false, false] => ([1, 0, 3, 2], 1),
            [false, false, true, false] => ([2, 3, 0, 1], 1),
            [false, false, false, true] => ([3, 2, 1, 0], 1),
            [false, true, true, true] => ([0, 1, 2, 3], 3),
            [true, false, true, true] => ([1, 0, 3, 2], 3),
            [true, true, false, true] => ([2, 3, 0, 1], 3),
            [true, true, true, false] => ([3, 2, 1, 0], 3),
            [true, true, false, false] => ([0, 1, 2, 3], 2),
            [true, false, true, false] => ([0, 2, 3, 1], 2),
            [true, false, false, true] => ([0, 3, 1, 2], 2),
            [false, true, true, false] => ([1, 2, 0, 3], 2),
            [false, true, false, true] => ([1, 3, 2, 0], 2),
            [false, false, true, true] => ([2, 3, 0, 1], 2),
            [false, false, false, false] | [true, true, true, true] => return,
        };
        let [a, b, c, d] = order;
        let found: &[[u32; 3]] = match count {
            2 => {
                let (ac, ad, bd, bc) = (on(a, c), on(a, d), on(b, d), on(b, c));
                &[[ac, ad, bd], [ac, bd, bc]]
            }
            // The first corner is alone: inside with one, outside with three.
            1 => &[[on(a, b), on(a, c), on(a, d)]],
            _ => &[[on(a, b), on(a, d), on(a, c)]],
        };
        let turned = |&[a, b, c]: &[u32; 3]| if is_even { [a, b, c] } else { [a, c, b] };
        self.surface.triangles.extend(found.iter().map(turned));
    }

    /// The surface's corner on an edge from a cube's corner to one whose bits hold its own.
    fn between(&mut self, first: usize, (from_bits, from): (usize, usize), (to_bits, to): (usize, usize)) -> u32 {
        let (low, high) = (first + from, first + to);
        let [width, height, _] = self.field.size;
        let area = width * height;
        let (layer, edge) = (low / area - self.slice, 7 * (low % area) + (to_bits ^ from_bits) - 1);
        if self.known[layer][edge] != u32::MAX {
            return self.known[layer][edge];
        }
        let [a, b] = [low, high].map(|at| self.field.values[at]);
        let part = f64::from(((self.level - a) / (b - a)).clamp(APART, 1.0 - APART));
        let index = |at: usize| [at % width, at / width % height, at / area].map(|v| v as f64);
        let (a, b) = (index(low), index(high));
        let place = self.field.affine.apply(std::array::from_fn(|axis| a[axis] + part * (b[axis] - a[axis])));
        let corner = self.surface.positions_mm.len() as u32;
        self.surface.positions_mm.push(place.map(|mm| mm as f32));
        self.known[layer][edge] = corner;
        corner
    }
}
