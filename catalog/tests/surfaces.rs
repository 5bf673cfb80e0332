//! What the page gets when it asks for surfaces: where they lie, also laid onto another study.

mod made;

use made::{Desk, SIZE, Series, nifti};
use protocol::payload::floats;
use protocol::{FromWorker, Onto, Pieces, Problem, StudyId, ToWorker};

/// A block in the middle of a study's slices.
fn marks() -> Vec<u8> {
    let [width, height, _] = SIZE;
    let inside = |at: usize| (2..4).contains(&(at % width)) && (1..4).contains(&(at / width % height));
    (0..SIZE.iter().product::<usize>())
        .map(|at| u8::from(inside(at) && (1..3).contains(&(at / width / height))))
        .collect()
}

fn ask(study: StudyId, onto: Option<Onto>) -> ToWorker<Vec<u8>> {
    ToWorker::Surfaces { study, marks: marks().into(), head: false, onto }
}

/// The middle of the tumour's surface and what is said with it.
fn middle(heard: &[FromWorker<Pieces>]) -> ([f64; 3], StudyId, Option<StudyId>, [f64; 12]) {
    let [FromWorker::Surfaces { study, onto, grid, tumor: Some(tumor), head: None }] = heard else {
        panic!("{heard:?}")
    };
    let numbers = floats(&tumor.positions_mm.buffer.to_vec());
    let ends = |axis: usize| numbers.iter().skip(axis).step_by(3).copied();
    let middle = std::array::from_fn(|axis| {
        let (low, high) = (ends(axis).fold(f32::INFINITY, f32::min), ends(axis).fold(f32::NEG_INFINITY, f32::max));
        f64::from(low + high) / 2.0
    });
    (middle, *study, *onto, *grid)
}

fn near(a: [f64; 3], b: [f64; 3], within_mm: f64) -> bool {
    (0..3).all(|axis| (a[axis] - b[axis]).abs() < within_mm)
}

#[test]
fn a_surface_lies_where_its_study_does_or_where_it_is_laid() {
    let mut desk = Desk::default();
    let earlier = desk.study(Series::new("A", "1", "AX FLAIR").files()).study;
    let later = desk.study(Series { study: "B", bottom: 100.0, ..Series::new("A", "2", "AX FLAIR") }.files()).study;
    // Voxels 2 to 3, 1 to 3 and 1 to 2, in mm from the first voxel at (-3, -2, 0).
    let (own, study, onto, own_grid) = middle(&desk.say(ask(earlier, None)).0);
    assert!(near(own, [-0.5, 0.0, 6.0], 0.5), "{own:?}");
    assert_eq!((study, onto), (earlier, None));

    // Registered: a voxel lies one column further in the later study, whose slices begin 100 mm higher.
    let voxels = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let (at, study, onto, grid) = middle(&desk.say(ask(earlier, Some(Onto { study: later, voxels }))).0);
    assert!(near(at, [own[0] + 1.0, own[1], own[2] + 100.0], 0.001), "{own:?} {at:?}");
    assert_eq!((study, onto), (earlier, Some(later)));
    assert_eq!((own_grid[11], grid[11]), (0.0, 100.0), "the grid is that of the study it is laid onto");

    desk.close(later);
    assert!(desk.say(ask(earlier, Some(Onto { study: later, voxels }))).0.is_empty());
}

#[test]
fn laid_onto_a_study_without_a_place_it_lies_around_that_grids_middle_and_without_a_size_nowhere() {
    let voxels = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let mut desk = Desk::default();
    let study = desk.study(Series::new("A", "1", "AX FLAIR").files()).study;
    let spaced = desk.study([nifti("b_flair.nii", false, 1, 0)]).study;
    let (at, ..) = middle(&desk.say(ask(study, Some(Onto { study: spaced, voxels }))).0);
    assert!(near(at, [0.0; 3], 0.5), "the block is in the middle: {at:?}");

    let (name, mut bytes) = nifti("c_flair.nii", false, 1, 5);
    // Distances of voxels.
    bytes[80..92].fill(0);
    let unspaced = desk.study([(name, bytes)]);
    assert_eq!(unspaced.spacing_mm, None);
    let heard = desk.say(ask(study, Some(Onto { study: unspaced.study, voxels })));
    assert!(matches!(heard.problems()[..], [Problem::NoSurface { .. }]), "{heard:?}");
}
