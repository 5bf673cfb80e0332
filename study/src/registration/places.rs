//! A count and a seed into places that fill a cube evenly, the same each time.

/// Steps of a sequence that fills a cube evenly, the powers of the inverse of 1.2207: no grid of voxels repeats it.
///
/// # Source
///
/// M. Roberts 2018, "The unreasonable effectiveness of quasirandom sequences": R₃.
const EVEN: [f64; 3] = [0.819_172_513_396_164_5, 0.671_043_606_703_789_3, 0.549_700_477_901_970_3];

/// Places of a cube of side one, evenly spread; the seed shifts them.
pub(super) fn even_places(seed: u32, count: usize) -> impl Iterator<Item = [f64; 3]> {
    // Any shift by parts of the cube's side that are not themselves of the sequence.
    let shift =
        [0.618_033_988_749_895, 0.414_213_562_373_095, 0.732_050_807_568_877].map(|part| part * f64::from(seed));
    (0..count).map(move |at| std::array::from_fn(|axis| (0.5 + shift[axis] + EVEN[axis] * (at + 1) as f64).fract()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_fill_the_cube_evenly() {
        for seed in [0, 1, 7] {
            let mut counts = [0; 27];
            for place in even_places(seed, 2700) {
                let [x, y, z] = place.map(|v| (3.0 * v) as usize);
                counts[x + 3 * y + 9 * z] += 1;
            }
            assert!(counts.iter().all(|&count| (90..=110).contains(&count)), "{counts:?}");
        }
    }
}
