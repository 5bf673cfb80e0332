//! Made series: how they become volumes.

use super::*;

fn instance(number: i64, z: f64) -> Instance {
    Instance {
        name: format!("IM{number}"),
        reference: Reference { series: "1.2".into(), ..Reference::default() },
        sop_class: "c".into(),
        sop_instance: format!("1.2.{number}"),
        description: "FLAIR".into(),
        patient: Vec::new(),
        columns: 3,
        rows: 2,
        inverted: false,
        window: None,
        padding: None,
        planes: vec![Plane {
            frame: 1,
            kind: Vec::new(),
            order: vec![number],
            position: Some([-10.0, -20.0, z]),
            orientation: Some([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
            spacing_mm: Some([0.5, 0.75]),
            step_mm: Some(4.0),
            rescale: (2.0, -1.0),
            pixels: Pixels::Unsigned(vec![number as u16; 6]),
        }],
    }
}

fn only(instances: Vec<Instance>) -> (Series, Vec<SeriesWarning>) {
    let mut all = stack(instances);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn slices_are_sorted_by_place_and_not_by_number() {
    let (series, warnings) = only(vec![instance(1, 8.0), instance(2, 0.0), instance(3, 4.0)]);
    assert_eq!(warnings, []);
    let values: Vec<f64> = (0..3).map(|slice| series.volume.values.get(slice * 6)).collect();
    assert_eq!(values, [3.0, 5.0, 1.0], "slope 2, intercept −1");
    let Placement::Patient(affine) = series.volume.geometry.placement else { panic!("no place") };
    assert_eq!(affine.0, [[0.5, 0.0, 0.0, -10.0], [0.0, 0.75, 0.0, -20.0], [0.0, 0.0, 4.0, 0.0]]);
    let Origin::Dicom { slices, .. } = series.origin else { panic!("no origin") };
    assert_eq!(slices[0], ("1.2.2".into(), None));
}

#[test]
fn a_missing_slice_is_said_with_its_place() {
    let (_, warnings) = only([0.0, 4.0, 12.0, 16.0].iter().zip(1..).map(|(&z, n)| instance(n, z)).collect());
    let [SeriesWarning::Gap { after, before, gap_mm, step_mm }] = &warnings[..] else { panic!("{warnings:?}") };
    assert_eq!((after.as_str(), before.as_str(), *gap_mm, *step_mm), ("IM2", "IM3", 8.0, 4.0));
}

#[test]
fn uneven_slices_are_said_without_one_that_is_missing() {
    let (_, warnings) = only([0.0, 4.0, 7.0, 11.0].iter().zip(1..).map(|(&z, n)| instance(n, z)).collect());
    let words = warnings[0].to_string();
    assert!(words.contains("unevenly") && !words.contains("missing"), "{words}");
}

#[test]
fn a_second_image_at_a_place_is_left_out_and_said() {
    let (series, warnings) = only(vec![instance(1, 0.0), instance(2, 4.0), instance(3, 4.0), instance(4, 8.0)]);
    assert_eq!(series.volume.geometry.size.axes(), [3, 2, 3]);
    assert_eq!(warnings, [SeriesWarning::Duplicates { count: 1, first: "IM3".into() }]);
}

#[test]
fn two_echoes_are_two_volumes() {
    let all = stack([(1, 0.0), (2, 4.0), (3, 0.0), (4, 4.0)].map(|(n, z)| instance(n, z)).to_vec());
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].1, [SeriesWarning::Repeated(2)]);
    assert_eq!(all[1].0.name, "FLAIR (2 of 2)");
    assert_eq!(all[1].0.volume.values.get(0), 5.0);
}

fn turned(number: i64, place: f64) -> Instance {
    let mut sagittal = instance(number, place);
    sagittal.planes[0].orientation = Some([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]);
    sagittal.planes[0].position = Some([place, 0.0, 0.0]);
    sagittal
}

#[test]
fn localisers_are_left_out_by_name_wherever_they_come() {
    for order in [[0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0], [1, 0, 3, 2, 5, 4, 6]] {
        let images = order.map(|at| match at {
            0 | 4 => turned(at, at as f64),
            at => instance(at, 4.0 * at as f64),
        });
        let (series, warnings) = only(images.to_vec());
        assert_eq!(series.volume.geometry.size.axes(), [3, 2, 5]);
        let [SeriesWarning::Localisers(names), SeriesWarning::Gap { .. }] = &warnings[..] else {
            panic!("{warnings:?}")
        };
        assert!(names.len() == 2 && names.contains(&"IM0".into()) && names.contains(&"IM4".into()));
    }
}

#[test]
fn the_largest_stack_comes_first_and_an_axial_one_before_one_of_its_size() {
    let axial = |count: i64| (0..count).map(|at| instance(at, 4.0 * at as f64));
    let sagittal = |count: i64| (50..50 + count).map(|at| turned(at, 4.0 * at as f64));
    let direction = |all: &[(Series, Vec<SeriesWarning>)], at: usize| direction_of(&all[at].0.volume.geometry);
    for (few, many, first) in [(5, 8, Direction::Axial), (4, 20, Direction::Sagittal)] {
        let all = stack(sagittal(many).chain(axial(few)).collect());
        assert_eq!(all.len(), 2);
        assert_eq!(direction(&all, 0), Some(first));
        assert_eq!(all[0].1, [SeriesWarning::Mixed(2)]);
        assert_eq!(all[0].0.name, "FLAIR");
        assert!(["FLAIR (axial)", "FLAIR (sagittal)"].contains(&all[1].0.name.as_str()));
    }
}

#[test]
fn nothing_is_left_out_where_all_stacks_are_small() {
    let all = stack(vec![instance(1, 0.0), turned(2, 0.0)]);
    assert_eq!((all.len(), direction_of(&all[0].0.volume.geometry)), (2, Some(Direction::Axial)));
    // Forty times of one place are no localiser, although they are one place.
    let times = (10..50).map(|number| turned(number, 0.0));
    let all = stack([instance(1, 0.0), instance(2, 4.0), instance(3, 8.0)].into_iter().chain(times).collect());
    let sizes: Vec<usize> = all.iter().map(|(series, _)| series.volume.geometry.size.depth).collect();
    assert_eq!(sizes, [3, 40]);
}

#[test]
fn images_of_one_place_are_a_stack_in_the_order_of_their_numbers() {
    let (series, warnings) = only([3, 1, 4, 2].map(|number| instance(number, 8.0)).to_vec());
    assert_eq!(warnings, [SeriesWarning::OnePlace(4)]);
    assert_eq!(series.volume.geometry, Geometry { size: [3, 2, 4].into(), placement: Placement::Unknown });
    let values: Vec<f64> = (0..4).map(|slice| series.volume.values.get(slice * 6)).collect();
    assert_eq!(values, [1.0, 3.0, 5.0, 7.0]);
}

#[test]
fn images_without_a_place_are_a_stack_in_the_order_of_their_numbers() {
    let images = [3, 1, 2].map(|number| {
        let mut lost = instance(number, 0.0);
        // The order of echoes, which says nothing about places.
        lost.planes[0] = Plane { order: vec![-number, number], position: None, ..lost.planes[0].clone() };
        lost
    });
    let (series, warnings) = only(images.to_vec());
    assert_eq!(warnings, [SeriesWarning::NoPlace]);
    let values: Vec<f64> = (0..3).map(|slice| series.volume.values.get(slice * 6)).collect();
    assert_eq!(values, [1.0, 3.0, 5.0]);
}

#[test]
fn images_that_turn_around_an_axis_are_one_stack() {
    let images = (0..6).map(|number| {
        let mut turning = instance(number, 0.0);
        let (sin, cos) = (0.3 * number as f64).sin_cos();
        turning.planes[0].orientation = Some([[cos, sin, 0.0], [0.0, 0.0, -1.0]]);
        turning
    });
    let (series, warnings) = only(images.rev().collect());
    assert_eq!(warnings, [SeriesWarning::Turning(6)]);
    assert_eq!(series.volume.values.get(0), -1.0, "number 0 comes first");
}

#[test]
fn a_doubled_folder_is_one_volume() {
    let folder = || (1..6).map(|number| instance(number, 4.0 * number as f64));
    let (once, _) = only(folder().collect());
    let renamed = folder().map(|instance| Instance { name: format!("copy of {}", instance.name), ..instance });
    let (twice, warnings) = only(folder().chain(renamed).collect());
    assert_eq!(twice, once);
    assert_eq!(warnings, [SeriesWarning::Doubled { count: 5, first: "copy of IM1".into() }]);
    let said = warnings[0].to_string();
    assert_eq!(
        said,
        "5 files hold a slice that another file holds too (the first is copy of IM1); the first of each was used"
    );
    let one = SeriesWarning::Doubled { count: 1, first: "copy".into() }.to_string();
    assert_eq!(one, "copy holds a slice that another file holds too; it was not used");
}

#[test]
fn one_identifier_for_different_images_loses_none() {
    let images = (1..6).map(|number| Instance { sop_instance: "1".into(), ..instance(number, 4.0 * number as f64) });
    let (series, warnings) = only(images.collect());
    assert_eq!((series.volume.geometry.size.depth, warnings), (5, Vec::new()));
}

#[test]
fn padding_is_no_intensity() {
    let images = (1..6).map(|number| {
        let mut image = instance(number, 4.0 * number as f64);
        image.planes[0].pixels = Pixels::Signed([-2000i16, 5, 6, 7, 8, 900].map(|v| (v as u16) ^ 0x8000).to_vec());
        Instance { padding: Some([-2000, -2000]), ..image }
    });
    let (series, _) = only(images.collect());
    let values: Vec<f64> = (0..6).map(|at| series.volume.values.get(at)).collect();
    assert_eq!(values, [9.0, 9.0, 11.0, 13.0, 15.0, 1799.0], "slope 2, intercept −1");
}

#[test]
fn without_spacing_nothing_is_in_millimetres() {
    let mut bare = instance(1, 0.0);
    bare.planes[0].spacing_mm = None;
    let (series, warnings) = only(vec![bare]);
    assert_eq!(series.volume.geometry.spacing_mm(), None);
    assert_eq!(warnings, [SeriesWarning::NoSpacing]);
}

#[test]
fn differing_scales_are_applied_slice_by_slice() {
    let mut other = instance(2, 4.0);
    other.planes[0].rescale = (0.5, 10.0);
    let (series, _) = only(vec![instance(1, 0.0), other]);
    assert_eq!([series.volume.values.get(0), series.volume.values.get(6)], [1.0, 11.0]);
}

/// An image of a kind, as [`Plane::kind`] numbers them.
fn of_kind(kind: i64, number: i64, z: f64) -> Instance {
    let mut image = instance(number, z);
    image.planes[0].kind = vec![0, kind, 0];
    image.planes[0].pixels = Pixels::Unsigned(vec![kind as u16; 6]);
    image
}

/// The kinds of the images of each volume.
fn kinds(all: &[(Series, Vec<SeriesWarning>)]) -> Vec<Vec<f64>> {
    let kind = |series: &Series, at: usize| (series.volume.values.get(at * 6) + 1.0) / 2.0;
    all.iter().map(|(series, _)| (0..series.volume.geometry.size.depth).map(|at| kind(series, at)).collect()).collect()
}

#[test]
fn echoes_are_volumes_whatever_the_order_of_their_numbers() {
    // Number 2n or 2n + 1, the late echo first at every other place.
    let images = (0..10).map(|at| of_kind((at + at / 2) % 2 * 60 + 10, at, 4.0 * (at / 2) as f64));
    let all = stack(images.collect());
    assert_eq!(kinds(&all), [[10.0; 5], [70.0; 5]]);
    assert_eq!(all[0].1, [SeriesWarning::Repeated(2)]);
    assert_eq!(all[1].1, []);
}

#[test]
fn an_echo_that_lacks_a_slice_takes_none_of_another() {
    let images = (0..10).filter(|at| *at != 4).map(|at| of_kind(at % 2 + 1, at, 4.0 * (at / 2) as f64));
    let all = stack(images.collect());
    assert_eq!(kinds(&all), [vec![1.0; 4], vec![2.0; 5]]);
    assert!(matches!(all[0].1[..], [SeriesWarning::Repeated(2), SeriesWarning::Gap { .. }]));
}

#[test]
fn acquisitions_that_lie_a_little_apart_are_no_slices_between_each_other() {
    let images = (0..10).map(|at| of_kind(at % 2, at, 4.0 * (at / 2) as f64 + 0.3 * (at % 2) as f64));
    let all = stack(images.collect());
    assert_eq!(kinds(&all), [[0.0; 5], [1.0; 5]]);
    // Slices of one stack that was measured in two passes.
    let images = (0..10).map(|at| of_kind(at % 2, at, 4.0 * at as f64));
    assert_eq!(stack(images.collect()).len(), 1);
}

#[test]
fn a_number_of_its_own_for_every_slice_makes_no_volumes() {
    let mut images: Vec<Instance> = (0..10).map(|at| instance(at, 4.0 * (at / 2) as f64)).collect();
    images.iter_mut().zip(0..).for_each(|(image, at)| image.planes[0].kind = vec![0, at]);
    let all = stack(images);
    let sizes: Vec<usize> = all.iter().map(|(series, _)| series.volume.geometry.size.depth).collect();
    assert_eq!(sizes, [5, 5]);
}

#[test]
fn images_without_a_place_are_left_out_where_the_others_have_one() {
    let mut images: Vec<Instance> = (0..5).map(|at| instance(at, 4.0 * at as f64)).collect();
    images[4].planes[0].position = None;
    let (series, warnings) = only(images.clone());
    assert_eq!(series.volume.geometry.size.depth, 4);
    assert!(matches!(series.volume.geometry.placement, Placement::Patient(_)));
    assert_eq!(warnings, [SeriesWarning::Lost { count: 1, first: "IM4".into() }]);
    // The place of one says nothing of four others.
    images[..4].iter_mut().for_each(|image| image.planes[0].position = None);
    images[4].planes[0].position = Some([0.0; 3]);
    let (series, warnings) = only(images);
    assert_eq!((series.volume.geometry.size.depth, warnings), (5, vec![SeriesWarning::NoPlace]));
    assert!(!matches!(series.volume.geometry.placement, Placement::Patient(_)));
}

#[test]
fn patients_stay_apart_whatever_their_identifiers() {
    let of = |patient: &str, number: i64| {
        let mut image = instance(number, 4.0 * number as f64);
        image.sop_instance += patient;
        image.reference.study_attributes = vec![(dicom_dictionary_std::tags::PATIENT_ID, patient.into())];
        image
    };
    let all = stack((0..5).flat_map(|number| ["A", "B"].map(|patient| of(patient, number))).collect());
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|(series, warnings)| series.volume.geometry.size.depth == 5 && warnings.is_empty()));
}
