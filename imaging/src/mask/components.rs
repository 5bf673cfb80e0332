//! Marked voxels, and pixels, into the parts of them that are connected.

use std::mem::replace;

use crate::grid::GridSize;

/// Parts with fewer voxels than this share of the largest are false far more often than not: on 35 patients of the LGG
/// data set, none of them for validation, the mean Dice of a volume rises by 0.010 without them. At twice the share it rose
/// by 0.012, at three times and more by 0.004: there true second parts begin to go, from which this keeps its distance.
const SMALL: f64 = 0.1;

/// The largest part of some voxels, in which each touches another by a side, an edge or a corner; none if nothing is
/// marked. Of two equally large ones, the first.
///
/// # Panics
///
/// If there are not as many voxels as `size` says.
pub fn largest_component(marked: &[bool], size: GridSize) -> Option<Vec<bool>> {
    // Of equals, `max_by_key` takes the last.
    let largest = parts(marked, size).into_iter().rev().max_by_key(Vec::len)?;
    Some(kept(marked.len(), [largest]))
}

/// The voxels of the mask of a whole volume less the parts that are small beside the largest.
///
/// # Panics
///
/// As [`largest_component`].
pub fn without_small_parts(marked: &[bool], size: GridSize) -> Vec<bool> {
    let parts = parts(marked, size);
    let least = SMALL * parts.iter().map(Vec::len).max().unwrap_or(0) as f64;
    kept(marked.len(), parts.into_iter().filter(|part| part.len() as f64 >= least))
}

/// Pixels that are `wanted` and connected with a seed that is, by their sides or corners.
pub fn connected(
    width: usize,
    height: usize,
    seeds: impl Iterator<Item = usize>,
    wanted: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut region = vec![false; width * height];
    let mut reached: Vec<usize> = seeds.filter(|&at| wanted(at)).collect();
    reached.iter().for_each(|&at| region[at] = true);
    grow(&mut reached, GridSize { width, height, depth: 1 }, |at| wanted(at) && !replace(&mut region[at], true));
    region
}

fn kept(voxels: usize, parts: impl IntoIterator<Item = Vec<usize>>) -> Vec<bool> {
    let mut kept = vec![false; voxels];
    parts.into_iter().flatten().for_each(|at| kept[at] = true);
    kept
}

/// Places of the voxels of every connected part, the first voxel's part first; those of a part in no order.
///
/// # Panics
///
/// As [`largest_component`].
pub fn parts(marked: &[bool], size: GridSize) -> Vec<Vec<usize>> {
    assert_eq!(marked.len(), size.voxels(), "one mark a voxel");
    let mut seen = vec![false; marked.len()];
    let mut parts = Vec::new();
    for start in 0..marked.len() {
        if !marked[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        let mut part = vec![start];
        grow(&mut part, size, |at| marked[at] && !replace(&mut seen[at], true));
        parts.push(part);
    }
    parts
}

/// Adds to a part every neighbour that is taken, and theirs: a voxel has 26, by its sides, edges and corners. `take` says of
/// no voxel twice that it is.
fn grow(part: &mut Vec<usize>, GridSize { width, height, depth }: GridSize, mut take: impl FnMut(usize) -> bool) {
    let near = |along: usize, length: usize| along.saturating_sub(1)..(along + 2).min(length);
    let mut next = 0;
    while next < part.len() {
        let at = part[next];
        next += 1;
        let (x, y, z) = (at % width, at / width % height, at / width / height);
        for z in near(z, depth) {
            for y in near(y, height) {
                for x in near(x, width) {
                    let neighbour = (z * height + y) * width + x;
                    if take(neighbour) {
                        part.push(neighbour);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_connected_across_slices_and_corners() {
        // 3 × 2 × 2: a pair joined across slices by a corner, and a lone voxel.
        let mut marked = vec![false; 12];
        for at in [0, 6 + 4, 5] {
            marked[at] = true;
        }
        let kept = largest_component(&marked, [3, 2, 2].into()).unwrap();
        assert_eq!((0..12).filter(|&at| kept[at]).collect::<Vec<_>>(), [0, 5, 10]);
        let apart = largest_component(&[true, false, true, true], [4, 1, 1].into()).unwrap();
        assert_eq!(apart, [false, false, true, true]);
        assert_eq!(largest_component(&[false; 4], [4, 1, 1].into()), None);
    }

    #[test]
    fn only_parts_that_are_small_beside_the_largest_go() {
        // In a row: 20 voxels, 2, 1.
        let marked: Vec<bool> = (0..40).map(|at| at < 20 || at == 25 || at == 26 || at == 30).collect();
        let kept = without_small_parts(&marked, [40, 1, 1].into());
        assert_eq!(kept, (0..40).map(|at| at < 20 || at == 25 || at == 26).collect::<Vec<_>>());
        assert_eq!(without_small_parts(&[false; 4], [4, 1, 1].into()), [false; 4]);
    }
}
