//! Marked voxels into the largest part of them that hangs together.

/// The largest part of some voxels, in which each touches another by a side, an edge or a corner; none if nothing is
/// marked. Of two equally large ones, the first.
///
/// # Panics
///
/// If there are not as many voxels as `size` says.
pub fn largest_component(marked: &[bool], size: [usize; 3]) -> Option<Vec<bool>> {
    let [width, height, depth] = size;
    assert_eq!(marked.len(), width * height * depth, "one mark a voxel");
    let mut seen = vec![false; marked.len()];
    let mut largest: Vec<usize> = Vec::new();
    for start in 0..marked.len() {
        if !marked[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        let mut part = vec![start];
        let mut next = 0;
        while next < part.len() {
            let at = part[next];
            next += 1;
            let near = |along: usize, length: usize| along.saturating_sub(1)..(along + 2).min(length);
            let (x, y, z) = (at % width, at / width % height, at / width / height);
            for z in near(z, depth) {
                for y in near(y, height) {
                    for x in near(x, width) {
                        let neighbour = (z * height + y) * width + x;
                        if marked[neighbour] && !seen[neighbour] {
                            seen[neighbour] = true;
                            part.push(neighbour);
                        }
                    }
                }
            }
        }
        if part.len() > largest.len() {
            largest = part;
        }
    }
    if largest.is_empty() {
        return None;
    }
    let mut kept = vec![false; marked.len()];
    largest.into_iter().for_each(|at| kept[at] = true);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hang_together_across_slices_and_corners() {
        // 3 × 2 × 2: a pair joined across slices by a corner, and a lone voxel.
        let mut marked = vec![false; 12];
        for at in [0, 6 + 4, 5] {
            marked[at] = true;
        }
        let kept = largest_component(&marked, [3, 2, 2]).unwrap();
        assert_eq!((0..12).filter(|&at| kept[at]).collect::<Vec<_>>(), [0, 5, 10]);
        let apart = largest_component(&[true, false, true, true], [4, 1, 1]).unwrap();
        assert_eq!(apart, [false, false, true, true]);
        assert_eq!(largest_component(&[false; 4], [4, 1, 1]), None);
    }
}
