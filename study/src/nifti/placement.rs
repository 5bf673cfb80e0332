//! The forms of a NIfTI header into where voxels lie: the matrix (sform), else the quaternion (qform), else spacing.

use imaging::GridSize;

use super::header::{Form, Header};
use crate::geometry::{Affine, Placement, cross, distance, dot};
use crate::series::SeriesWarning;

/// Share of the smallest spacing by which a corner may lie apart in two forms: below half a voxel nothing is moved.
const SAME_FORM: f64 = 0.5;
/// By how much squares of a quaternion may add up to more than one: what rounding of 32-bit numbers leaves, generously.
const QUATERNION_EXCESS: f64 = 0.01;

/// Where the voxels of a volume lie, and what is odd about it.
pub(super) fn placement(header: &Header, size: GridSize) -> (Placement, Vec<SeriesWarning>) {
    let millimetres = match header.units & 7 {
        1 => 1000.0,
        3 => 0.001,
        _ => 1.0,
    };
    let in_lps = |ras: Affine| Affine(ras.0.map(|row| row.map(|v| v * millimetres))).mirrored();
    let usable = |affine: &Affine| affine.is_usable();
    let sform = (header.sform > 0).then(|| in_lps(Affine(header.rows)));
    let qform = (header.qform > 0).then(|| rotated(header, size)).flatten().map(in_lps).filter(usable);
    let matrix = sform.filter(usable);
    let mut warnings = Vec::new();
    match (matrix, qform) {
        (Some(sform), Some(qform)) => warnings.extend(disagreement(&sform, &qform, size)),
        (None, Some(_)) if sform.is_some() => warnings.push(SeriesWarning::SformUnusable),
        _ => {}
    }
    if let Some(affine) = matrix.or(qform) {
        return (Placement::Patient(affine), warnings);
    }
    let spacing = [0, 1, 2].map(|axis| spacing(header, size, axis) * millimetres);
    if !spacing.iter().all(|v| v.is_normal()) {
        return (Placement::Unknown, vec![SeriesWarning::NoSpacing]);
    }
    let warning = if header.form == Form::Analyze { SeriesWarning::AnalyzeSides } else { SeriesWarning::NoPlace };
    (Placement::Spaced(spacing.into()), vec![warning])
}

/// The size of a voxel along an axis; one where there is a single voxel and nothing is said.
fn spacing(header: &Header, size: GridSize, axis: usize) -> f64 {
    let stated = header.pixdim[axis + 1].abs();
    if !stated.is_normal() && size.axes()[axis] == 1 { 1.0 } else { stated }
}

/// The quaternion as a matrix (`nifti1.h`, METHOD 2). Only the sign of `pixdim[0]` counts, and 0 counts as 1.
fn rotated(header: &Header, size: GridSize) -> Option<Affine> {
    let mut quaternion = header.quaternion;
    let squares = dot(quaternion, quaternion);
    // Of no number nothing can be said.
    if squares.is_nan() || squares > 1.0 + QUATERNION_EXCESS {
        return None;
    }
    if squares > 1.0 {
        quaternion = quaternion.map(|v| v / squares.sqrt());
    }
    let [b, c, d] = quaternion;
    let a = (1.0 - dot(quaternion, quaternion)).max(0.0).sqrt();
    let turn = [
        [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), 2.0 * (b * d + a * c)],
        [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d - a * b)],
        [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ];
    let handed = if header.pixdim[0] < 0.0 { -1.0 } else { 1.0 };
    let [x, y, z] = [0, 1, 2].map(|axis| spacing(header, size, axis));
    let steps = [x, y, z * handed];
    Some(Affine(std::array::from_fn(|row| {
        let [i, j, k] = std::array::from_fn(|axis| turn[row][axis] * steps[axis]);
        [i, j, k, header.shift[row]]
    })))
}

/// The quaternion of a matrix without shear, and whether its third axis is mirrored: what [`rotated`] undoes.
pub(super) fn quaternion(affine: &Affine) -> Option<([f64; 3], bool)> {
    /// Cosine between axes up to which they count as perpendicular.
    const SHEAR: f64 = 1e-4;
    let spacing = affine.spacing_mm().axes();
    let mut axes: [[f64; 3]; 3] = std::array::from_fn(|axis| affine.column(axis).map(|v| v / spacing[axis]));
    // Axes without length give no numbers, which are not within either.
    if ![(0, 1), (0, 2), (1, 2)].iter().all(|&(a, b)| dot(axes[a], axes[b]).abs() <= SHEAR) {
        return None;
    }
    let mirrored = dot(axes[0], cross(axes[1], axes[2])) < 0.0;
    if mirrored {
        axes[2] = axes[2].map(|v| -v);
    }
    // Row and column of the rotation.
    let r = |row: usize, column: usize| axes[column][row];
    // Four times the products of the largest part with all parts.
    let candidates = [
        [1.0 + r(0, 0) + r(1, 1) + r(2, 2), r(2, 1) - r(1, 2), r(0, 2) - r(2, 0), r(1, 0) - r(0, 1)],
        [r(2, 1) - r(1, 2), 1.0 + r(0, 0) - r(1, 1) - r(2, 2), r(0, 1) + r(1, 0), r(0, 2) + r(2, 0)],
        [r(0, 2) - r(2, 0), r(0, 1) + r(1, 0), 1.0 - r(0, 0) + r(1, 1) - r(2, 2), r(1, 2) + r(2, 1)],
        [r(1, 0) - r(0, 1), r(0, 2) + r(2, 0), r(1, 2) + r(2, 1), 1.0 - r(0, 0) - r(1, 1) + r(2, 2)],
    ];
    let largest = (0..4).max_by(|&a, &b| candidates[a][a].total_cmp(&candidates[b][b]))?;
    let parts = candidates[largest];
    let length = parts.iter().map(|v| v * v).sum::<f64>().sqrt();
    // The first part is not stored, and taken for positive.
    let sign = if parts[0] < 0.0 { -1.0 } else { 1.0 };
    Some(([parts[1], parts[2], parts[3]].map(|v| sign * v / length), mirrored))
}

/// What is said of two forms that put a corner of the volume at different places.
fn disagreement(sform: &Affine, qform: &Affine, size: GridSize) -> Option<SeriesWarning> {
    let corners = (0..8).map(|bits| {
        let corner =
            std::array::from_fn(|axis| if bits >> axis & 1 == 1 { size.axes()[axis] as f64 - 1.0 } else { 0.0 });
        distance(sform.apply(corner), qform.apply(corner))
    });
    let apart_mm = corners.fold(0.0, f64::max);
    let smallest = sform.spacing_mm().smallest();
    let hand = |affine: &Affine| dot(affine.column(0), cross(affine.column(1), affine.column(2))) > 0.0;
    let mirrored = hand(sform) != hand(qform);
    (mirrored || apart_mm > SAME_FORM * smallest).then_some(SeriesWarning::FormsDisagree { apart_mm, mirrored })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4 × 3 × 2 voxels of 1 × 2 × 3 mm, turned by some degrees about a tilted axis.
    fn header() -> Header {
        let mut header = Header {
            form: Form::Single,
            dim: [3, 4, 3, 2, 1, 1, 1, 1],
            datatype: 2,
            pixdim: [1.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0],
            offset: 352.0,
            slope: 0.0,
            intercept: 0.0,
            units: 2,
            qform: 1,
            sform: 1,
            quaternion: [0.1, -0.2, 0.3],
            shift: [-40.0, 12.5, 7.0],
            rows: [[0.0; 4]; 3],
            big_endian: false,
        };
        header.rows = rotated(&header, SIZE).unwrap().0;
        header
    }

    const SIZE: GridSize = GridSize::new(4, 3, 2);

    fn affine(header: &Header) -> (Affine, Vec<SeriesWarning>) {
        match placement(header, SIZE) {
            (Placement::Patient(affine), warnings) => (affine, warnings),
            other => panic!("{other:?}"),
        }
    }

    fn near(a: &Affine, b: &Affine) -> bool {
        a.0.as_flattened().iter().zip(b.0.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-6)
    }

    #[test]
    fn an_unusable_matrix_gives_way_to_the_quaternion_and_that_to_the_spacing() {
        let good = header();
        let (expected, warnings) = affine(&good);
        assert_eq!(warnings, []);
        let singular = [[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]];
        let mut infinite = good.rows;
        infinite[1][3] = f64::INFINITY;
        for rows in [[[0.0; 4]; 3], [[f64::NAN; 4]; 3], singular, infinite] {
            let (found, warnings) = affine(&Header { rows, ..good.clone() });
            assert!(near(&found, &expected), "{rows:?}");
            assert_eq!(warnings, [SeriesWarning::SformUnusable]);
            for quaternion in [[f64::NAN, 0.0, 0.0], [2.0, 0.0, 0.0]] {
                let both = Header { rows, quaternion, ..good.clone() };
                let spaced = (Placement::Spaced([1.0, 2.0, 3.0].into()), vec![SeriesWarning::NoPlace]);
                assert_eq!(placement(&both, SIZE), spaced);
                let pixdim = [1.0, 0.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0];
                let nothing = (Placement::Unknown, vec![SeriesWarning::NoSpacing]);
                assert_eq!(placement(&Header { pixdim, ..both }, SIZE), nothing);
            }
        }
        // The codes decide what is looked at.
        let coded = Header { sform: 0, rows: [[0.0; 4]; 3], ..good.clone() };
        assert_eq!(affine(&coded).1, []);
        assert_eq!(placement(&Header { qform: 0, ..coded }, SIZE).1, [SeriesWarning::NoPlace]);
    }

    #[test]
    fn two_forms_that_differ_are_said_and_the_matrix_is_used() {
        let mut moved = header();
        moved.rows[0][3] += 0.4;
        assert_eq!(affine(&moved).1, [], "less than half a voxel");
        moved.rows[0][3] += 9.6;
        let (found, warnings) = affine(&moved);
        assert_eq!(found.0[0][3], 30.0, "10 mm from −40, seen from the other side");
        let [SeriesWarning::FormsDisagree { apart_mm, mirrored: false }] = warnings[..] else { panic!("{warnings:?}") };
        assert!((apart_mm - 10.0).abs() < 1e-9);
        let mut mirrored = header();
        mirrored.rows[0] = mirrored.rows[0].map(|v| -v);
        assert!(matches!(affine(&mirrored).1[..], [SeriesWarning::FormsDisagree { mirrored: true, .. }]));
    }

    #[test]
    fn signs_and_zeros_of_spacing_are_read_as_the_standard_says() {
        let matrix_less = Header { sform: 0, ..header() };
        let (plain, _) = affine(&matrix_less);
        let with = |at: usize, value: f64| {
            let mut header = matrix_less.clone();
            header.pixdim[at] = value;
            header
        };
        assert!(near(&affine(&with(0, 0.0)).0, &plain), "no factor counts as one");
        assert!(near(&affine(&with(1, -1.0)).0, &plain), "spacing has no sign");
        let (flipped, _) = affine(&with(0, -1.0));
        assert_eq!(flipped.column(2), plain.column(2).map(|v| -v));
        assert_eq!(flipped.column(0), plain.column(0));
        // A single slice needs no thickness.
        let flat = placement(&with(3, 0.0), [4, 3, 1].into());
        assert!(matches!(flat, (Placement::Patient(affine), _) if (affine.spacing_mm().z - 1.0).abs() < 1e-9));
        // Rounding may leave a quaternion a little too long.
        let long = Header { quaternion: [1.000_001, 0.0, 0.0], ..matrix_less.clone() };
        let (turned, _) = affine(&long);
        assert!(turned.spacing_mm().axes().iter().zip([1.0, 2.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn a_quaternion_undoes_its_matrix() {
        for parts in
            [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.1, -0.2, 0.3], [-0.7, 0.1, 0.7]]
        {
            for hand in [1.0, -1.0] {
                let mut header = Header { quaternion: parts, ..header() };
                header.pixdim[0] = hand;
                let there = rotated(&header, SIZE).unwrap();
                let (found, mirrored) = quaternion(&there).unwrap();
                assert_eq!(mirrored, hand < 0.0);
                let back = rotated(&Header { quaternion: found, ..header }, SIZE).unwrap();
                assert!(near(&there, &back), "{parts:?} {found:?}");
            }
        }
        let sheared = Affine([[1.0, 0.2, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        assert_eq!(quaternion(&sheared), None);
        assert_eq!(quaternion(&Affine([[0.0; 4]; 3])), None);
    }
}
