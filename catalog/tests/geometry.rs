//! Where studies lie in each other, where a head's midline is, and the surface around it: what the page gets when it asks.

mod made;

use catalog::Registering;
use made::{Desk, File, SIZE, Series, nifti, nifti_bytes};
use protocol::payload::floats;
use protocol::{FromWorker, Link, Problem, StudyId, ToWorker};

/// Columns, rows and slices of the head, whose voxels are 1 × 1 × 4 mm.
const HEAD: [usize; 3] = [64, 56, 12];

/// A head that is the same on both sides of a column, and darker towards the back.
fn head(name: &str, column: f64) -> File {
    let [width, height, _] = HEAD;
    let value = |at: usize| {
        let [x, y, z] = [at % width, at / width % height, at / width / height].map(|at| at as f64);
        let (beside, ahead, above) = (x - column, y - 27.0, 4.0 * (z - 5.5));
        let share = (beside / 20.0).powi(2) + (ahead / 24.0).powi(2) + (above / 26.0).powi(2);
        if share > 1.0 { 0.0 } else { 400.0 + 12.0 * beside.abs() - 6.0 * ahead + 4.0 * above }
    };
    (name.into(), nifti_bytes(HEAD, 1, true, (0..HEAD.iter().product()).map(|at| value(at) as u16).collect()))
}

/// The same file without distances of voxels.
fn unspaced((name, mut bytes): File) -> File {
    bytes[80..92].fill(0);
    // Nor are there places of voxels.
    bytes[252..256].fill(0);
    (name, bytes)
}

fn link(desk: &mut Desk, fixed: StudyId, moving: StudyId) -> Vec<FromWorker<protocol::Pieces>> {
    desk.say(ToWorker::Link { fixed, moving, register: false }).0
}

/// The two links of one answer, if they are of this pair.
fn linked(heard: &[FromWorker<protocol::Pieces>], pair: (StudyId, StudyId)) -> [Link; 2] {
    let [FromWorker::Linked { fixed, moving, link, back }] = heard else { panic!("{heard:?}") };
    assert_eq!((*fixed, *moving), pair);
    [**link, **back]
}

/// The last reply of a registration, those before it each with a larger share done.
fn end_of(
    mut registering: Registering,
    share: impl Fn(&FromWorker<protocol::Pieces>) -> Option<f64>,
) -> FromWorker<protocol::Pieces> {
    let mut before = 0.0;
    loop {
        let (reply, done) = registering.step();
        if done {
            return reply;
        }
        let share = share(&reply).unwrap_or_else(|| panic!("{reply:?}"));
        assert!((before..=1.0).contains(&share), "{share} after {before}");
        before = share;
    }
}

fn assert_near(found: &[f64], expected: &[f64], within: f64) {
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < within), "{found:?}, not {expected:?}");
}

#[test]
fn headers_say_where_the_slices_of_one_study_lie_in_another() {
    let mut desk = Desk::default();
    let earlier = desk.study(Series::new("A", "1", "AX FLAIR").files()).study;
    let later = desk.study(Series { study: "B", bottom: 8.0, ..Series::new("A", "2", "AX FLAIR") }.files()).study;
    // Slices are 4 mm apart: those of the later study begin two further up.
    let [there, back] = linked(&link(&mut desk, earlier, later), (earlier, later));
    let shifted = |slices: f64| [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, slices];
    assert_near(&there.voxels, &shifted(-2.0), 1e-9);
    assert_near(&back.voxels, &shifted(2.0), 1e-9);
    assert!([there, back].iter().all(|link| link.placed && link.registration.is_none()));

    // A registration is gone on with by whoever has the messages; to the catalog alone it is the same question.
    let heard = desk.say(ToWorker::Link { fixed: earlier, moving: later, register: true }).0;
    assert_eq!(linked(&heard, (earlier, later)), [there, back]);

    desk.close(later);
    assert!(link(&mut desk, earlier, later).is_empty());
    assert!(desk.catalog.registering(earlier, later).is_none());
}

#[test]
fn without_a_place_middles_lie_on_each_other_and_without_a_size_nothing_does() {
    let mut desk = Desk::default();
    let placed = desk.study(Series::new("A", "1", "AX FLAIR").files()).study;
    let spaced = desk.study([nifti("b_flair.nii", false, 1, 0)]).study;
    let [there, back] = linked(&link(&mut desk, placed, spaced), (placed, spaced));
    let middle = SIZE.map(|length| (length as f64 - 1.0) / 2.0);
    for link in [there, back] {
        let rows = link.voxels.chunks_exact(4);
        let at: Vec<f64> = rows.map(|row| row[3] + (0..3).map(|axis| row[axis] * middle[axis]).sum::<f64>()).collect();
        assert_near(&at, &middle, 1e-9);
        assert!(!link.placed);
    }

    // They are not laid onto each other either, which is said in words.
    let refused = desk.catalog.registering(placed, spaced).expect("both are open").err().expect("one has no place");
    assert!(matches!(&refused, FromWorker::NotLinked { why, .. } if why.contains("with their headers")), "{refused:?}");

    let nowhere = desk.study([unspaced(nifti("c_flair.nii", false, 1, 5))]).study;
    let heard = link(&mut desk, placed, nowhere);
    let [FromWorker::NotLinked { fixed, moving, why }] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((*fixed, *moving), (placed, nowhere));
    assert!(why.contains("how far apart"), "{why}");
}

#[test]
fn a_head_that_moved_is_found_where_it_is() {
    let mut desk = Desk::default();
    let [earlier, later] =
        [("a_flair.nii", 30.0), ("b_flair.nii", 34.0)].map(|(name, column)| desk.study([head(name, column)]).study);
    let registering = desk.catalog.registering(earlier, later).expect("both are open").expect("both are heads");
    let end = end_of(registering, |reply| match reply {
        FromWorker::Linking { fixed, moving, share } if (*fixed, *moving) == (earlier, later) => Some(*share),
        _ => None,
    });
    let [there, back] = linked(&[end], (earlier, later));
    // The page's columns may run the other way than the file's: the head moves by four of them.
    let columns = there.voxels[3] + (there.voxels[0] - 1.0) * 31.5;
    assert!((columns.abs() - 4.0).abs() < 1.0, "{:?}", there.voxels);
    assert!(columns * back.voxels[3] < 0.0, "and back");
    let registration = there.registration.expect("it was registered");
    assert!((registration.shift_mm - 4.0).abs() < 1.0 && registration.turn_degrees < 1.0, "{registration:?}");
    assert_eq!(back.registration, Some(registration));
}

#[test]
fn a_sequence_that_lies_beside_flair_is_brought_onto_it_and_back() {
    let mut desk = Desk::default();
    let info = desk.study([head("a_flair.nii", 30.0), head("a_t1.nii", 34.0)]);
    let (study, [Some(pre), Some(flair), None]) = (info.study, info.sequences.clone()) else { panic!("{info:?}") };
    assert!(!pre.resampled && pre.motion.is_none() && flair.motion.is_none());
    // FLAIR lies on itself, and there is no other.
    for sequence in [1, 2, 3] {
        assert!(desk.catalog.registering_sequence(study, sequence).is_none());
    }

    let registering = desk.catalog.registering_sequence(study, 0).expect("it is there").expect("both are heads");
    let end = end_of(registering, |reply| match reply {
        FromWorker::RegisteringSequence { study: of, sequence: 0, share } if *of == study => Some(*share),
        _ => None,
    });
    let FromWorker::SequenceRegistered { study: of, sequence: 0, motion } = end else { panic!("{end:?}") };
    assert_eq!(of, study);
    assert!((motion.registration.shift_mm - 4.0).abs() < 0.5, "{motion:?}");

    // How far the sequence's numbers are from FLAIR's, on average.
    let apart = |heard: &[FromWorker<protocol::Pieces>]| {
        let [FromWorker::StudyOpened { info, stored }] = heard else { panic!("{heard:?}") };
        let [pre, flair] = [0, 1].map(|at| made::intensities(info, stored, at).expect("it is there"));
        let sum: f64 = pre.iter().zip(&flair).map(|(a, b)| (a - b).abs()).sum();
        ((**info).clone(), sum / flair.len() as f64)
    };
    let place = |desk: &mut Desk, motion| desk.say(ToWorker::PlaceSequence { study, sequence: 0, motion }).0;
    let (placed, near) = apart(&place(&mut desk, Some(motion.clone())));
    let sequence = placed.sequences[0].clone().expect("it is there");
    assert!(sequence.resampled && sequence.motion == Some(*motion), "{sequence:?}");
    assert_eq!((placed.study, placed.first, placed.size), (study, info.first, info.size), "corrections hold");

    // Chosen anew it lies where it was found; FLAIR of its own is not moved.
    let chosen = |info: &protocol::StudyInfo| info.sequences.clone().map(|sequence| Some(sequence?.series));
    let (again, _) = apart(&desk.compose(study, chosen(&placed)).0);
    assert_eq!(again.sequences[0].as_ref().and_then(|sequence| sequence.motion), Some(*motion));

    let (back, far) = apart(&place(&mut desk, None));
    assert!(near < 0.5 * far, "{near} from FLAIR where it was found, {far} by its header");
    assert_eq!(back.sequences, info.sequences);
    assert!(place(&mut desk, None).is_empty(), "nothing is left to take back");
    desk.close(study);
    assert!(place(&mut desk, Some(motion)).is_empty());
}

#[test]
fn the_midline_is_where_a_head_is_its_own_mirror_image() {
    let mut desk = Desk::default();
    let study = desk.study([head("a_flair.nii", 29.0)]).study;
    let heard = desk.say(ToWorker::FindMidline { study }).0;
    let [FromWorker::Midline { study: of, plane: [x, y, z, offset_mm], symmetry }] = heard[..] else {
        panic!("{heard:?}")
    };
    assert_eq!(of, study);
    assert!(x > 0.99 && y.abs() < 0.05 && z.abs() < 0.05, "{x} {y} {z}");
    // From either side of the file.
    let from = |side: f64| (offset_mm - side).abs();
    assert!(from(29.0).min(from(63.0 - 29.0)) < 1.0, "{offset_mm} mm");
    assert!(symmetry > 0.9, "{symmetry}");

    let unknown = desk.study([unspaced(head("b_flair.nii", 29.0))]).study;
    assert!(desk.say(ToWorker::FindMidline { study: unknown }).0.is_empty(), "nobody knows how long anything is");
    desk.close(study);
    assert!(desk.say(ToWorker::FindMidline { study }).0.is_empty());
}

#[test]
fn a_heads_surface_comes_where_it_is_asked_for_and_none_around_an_empty_mask() {
    let mut desk = Desk::default();
    let study = desk.study([head("a_flair.nii", 32.0)]).study;
    let ask = |marks: Vec<u8>| ToWorker::Surfaces { study, marks: marks.into(), head: true, onto: None };
    let heard = desk.say(ask(vec![0; HEAD.iter().product()])).0;
    let [FromWorker::Surfaces { tumor: None, head: Some(head), .. }] = &heard[..] else { panic!("{heard:?}") };
    let numbers = floats(&head.positions_mm.buffer.to_vec());
    let width = |axis: usize| {
        let along = || numbers.iter().skip(axis).step_by(3).copied();
        along().fold(f32::NEG_INFINITY, f32::max) - along().fold(f32::INFINITY, f32::min)
    };
    // 40 × 48 mm, and 48 mm of slices, to a step of its surface.
    assert!(
        [(0, 40.0), (1, 48.0), (2, 48.0)].iter().all(|&(axis, mm)| (width(axis) - mm).abs() < 6.0),
        "{:?}",
        [0, 1, 2].map(width)
    );

    let heard = desk.say(ask(vec![1; 5]));
    assert!(matches!(heard.problems()[..], [Problem::MaskSize]), "{heard:?}");
}
