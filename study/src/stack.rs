//! Images of files, in any order, into volumes: sorted along their normal, with everything odd about them said.

use std::collections::HashMap;
use std::sync::Arc;

use crate::dicom::{Instance, Pixels, Plane};
use crate::geometry::{Affine, Geometry, Placement, cross, distance, dot, norm};
use crate::padding;
use crate::role::{Direction, FEWEST_SLICES, direction_of};
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};

/// Distance from which slices lie at two places, in mm.
const SAME_PLACE_MM: f64 = 0.01;
/// Share of the usual step by which another may differ, for rounding in headers.
const UNEVEN: f64 = 0.02;
/// An axial stack counts as the largest of a series if it has this share of the places of the largest.
const NEAR_IN_SIZE: f64 = 0.5;

/// The volumes that some files make, series by series in the order of their first files, with what is odd about them.
///
/// Of a series with several stacks the largest comes first, axial ones preferred; stacks of fewer than four slices
/// beside a larger one are left out.
pub fn stack(instances: Vec<Instance>) -> Vec<(Series, Vec<SeriesWarning>)> {
    let mut groups: Vec<Group> = Vec::new();
    let mut keys: HashMap<String, usize> = HashMap::new();
    for instance in instances {
        let uid = &instance.reference.series;
        let key = if uid.is_empty() { instance.description.clone() } else { uid.clone() };
        let at = *keys.entry(key).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group::default());
        }
        groups[at].add(instance);
    }
    groups.into_iter().flat_map(Group::volumes).collect()
}

/// The images of one series.
#[derive(Default)]
struct Group {
    instances: Vec<Instance>,
    /// Places in `instances` of each SOP Instance UID.
    known: HashMap<String, Vec<usize>>,
    /// Names of files that are there already.
    doubled: Vec<String>,
}

impl Group {
    fn add(&mut self, instance: Instance) {
        let uid = &instance.sop_instance;
        if !uid.is_empty() {
            let known = self.known.entry(uid.clone()).or_default();
            // Programs that hide names may give one identifier to several images: those are no doubles.
            if known.iter().any(|&at| is_same_image(&self.instances[at], &instance)) {
                return self.doubled.push(instance.name);
            }
            known.push(self.instances.len());
        }
        self.instances.push(instance);
    }

    fn volumes(self) -> Vec<(Series, Vec<SeriesWarning>)> {
        let mut volumes = volumes(self.instances.into_iter().flat_map(images).collect());
        if let (Some(first), Some((_, warnings))) = (self.doubled.first(), volumes.first_mut()) {
            warnings.push(SeriesWarning::Doubled { count: self.doubled.len(), first: first.clone() });
        }
        volumes
    }
}

fn is_same_image(a: &Instance, b: &Instance) -> bool {
    let same = |a: &Plane, b: &Plane| a.position == b.position && a.pixels == b.pixels;
    (a.columns, a.rows, a.planes.len()) == (b.columns, b.rows, b.planes.len())
        && a.planes.iter().zip(&b.planes).all(|(a, b)| same(a, b))
}

/// One image of one file.
struct Image {
    instance: Arc<Instance>,
    plane: Plane,
}

impl Image {
    fn normal(&self) -> Option<[f64; 3]> {
        self.plane.orientation.map(|[row, column]| cross(row, column)).filter(|normal| norm(*normal) > 0.5)
    }

    fn size(&self) -> [usize; 2] {
        [self.instance.columns, self.instance.rows]
    }

    /// Whether it can lie in one stack with another.
    fn fits(&self, other: &Self) -> bool {
        let near = |a: &[f64], b: &[f64], tolerance: f64| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance);
        let directions = match (self.plane.orientation, other.plane.orientation) {
            (Some(a), Some(b)) => near(a.as_flattened(), b.as_flattened(), 1e-3),
            (a, b) => a.is_none() && b.is_none(),
        };
        let spacings = match (self.plane.spacing_mm, other.plane.spacing_mm) {
            (Some(a), Some(b)) => near(&a, &b, 1e-3),
            (a, b) => a.is_none() && b.is_none(),
        };
        self.size() == other.size() && directions && spacings
    }

    /// What comes first where no place decides: the number within the series, then within the file.
    fn number(&self) -> (Option<i64>, usize) {
        (self.plane.order.last().copied(), self.plane.frame)
    }
}

fn images(mut instance: Instance) -> Vec<Image> {
    let planes = std::mem::take(&mut instance.planes);
    let instance = Arc::new(instance);
    planes.into_iter().map(|plane| Image { instance: instance.clone(), plane }).collect()
}

fn volumes(images: Vec<Image>) -> Vec<(Series, Vec<SeriesWarning>)> {
    let mut stacks: Vec<Vec<Image>> = Vec::new();
    for image in images {
        match stacks.iter_mut().find(|stack| stack[0].fits(&image)) {
            Some(stack) => stack.push(image),
            None => stacks.push(vec![image]),
        }
    }
    let single = stacks.iter().all(|stack| stack.len() == 1 && stack[0].size() == stacks[0][0].size());
    if single && stacks.len() >= FEWEST_SLICES {
        let turning = SeriesWarning::Turning(stacks.len());
        return vec![flat(stacks.into_iter().flatten().collect(), turning)];
    }
    let Some(largest) = largest(&stacks) else { return Vec::new() };
    let main = stacks.remove(largest);
    let few = |stack: &Vec<Image>| stack.len() < FEWEST_SLICES && places(stack) < places(&main);
    let (localisers, others): (Vec<_>, Vec<_>) = stacks.into_iter().partition(few);
    let mut names: Vec<String> = Vec::new();
    for image in localisers.iter().flatten() {
        if !names.contains(&image.instance.name) {
            names.push(image.instance.name.clone());
        }
    }
    let mixed = (!others.is_empty()).then_some(SeriesWarning::Mixed(others.len() + 1));
    let localisers = (!names.is_empty()).then_some(SeriesWarning::Localisers(names));
    let mut volumes = sorted(main);
    if let Some((_, warnings)) = volumes.first_mut() {
        warnings.splice(0..0, localisers.into_iter().chain(mixed));
    }
    for (number, stack) in others.into_iter().enumerate() {
        let mut further = sorted(stack);
        let direction = further.first().and_then(|(series, _)| direction_of(&series.volume.geometry));
        let differs = direction != volumes.first().and_then(|(series, _)| direction_of(&series.volume.geometry));
        let suffix = match direction.filter(|_| differs) {
            Some(Direction::Axial) => "axial".to_owned(),
            Some(Direction::Sagittal) => "sagittal".to_owned(),
            Some(Direction::Coronal) => "coronal".to_owned(),
            None => format!("stack {}", number + 2),
        };
        further.iter_mut().for_each(|(series, _)| series.name = format!("{} ({suffix})", series.name));
        volumes.append(&mut further);
    }
    volumes
}

/// The stack that a series is about: of the axial ones that are about as large as the largest, else of all, the largest.
fn largest(stacks: &[Vec<Image>]) -> Option<usize> {
    let sizes: Vec<usize> = stacks.iter().map(|stack| places(stack)).collect();
    let most = sizes.iter().copied().max()? as f64;
    let is_axial = |stack: &[Image]| {
        // The normal is nearer to the body's axis than to any other.
        let normal = stack[0].normal().map(|normal| normal.map(f64::abs));
        normal.is_some_and(|[x, y, z]| z >= x.max(y))
    };
    let near = |at: usize| sizes[at] as f64 >= NEAR_IN_SIZE * most;
    let rank = |at: &usize| (is_axial(&stacks[*at]) && near(*at), sizes[*at], stacks[*at].len());
    // Of equals the first.
    (0..stacks.len()).rev().max_by_key(rank)
}

/// Number of places along the normal at which a stack has images, or of images where that is not known.
fn places(stack: &[Image]) -> usize {
    let Some(mut along) = along(stack) else { return stack.len() };
    along.sort_by(f64::total_cmp);
    1 + along.windows(2).filter(|pair| pair[1] - pair[0] > SAME_PLACE_MM).count()
}

/// Where each image of a stack lies along the normal, in mm, if all say so.
fn along(stack: &[Image]) -> Option<Vec<f64>> {
    let normal = stack.first()?.normal()?;
    stack.iter().map(|image| image.plane.position.map(|at| dot(at, normal))).collect()
}

/// The volumes of images that all fit each other.
fn sorted(mut stack: Vec<Image>) -> Vec<(Series, Vec<SeriesWarning>)> {
    let Some(along) = along(&stack) else {
        stack.sort_by_key(Image::number);
        let mut warnings = vec![SeriesWarning::NoPlace];
        let placement = placement(&stack, &mut warnings);
        return vec![(finished(stack, placement, None), warnings)];
    };
    let mut placed: Vec<(f64, Image)> = along.into_iter().zip(stack).collect();
    let order = |image: &Image| (image.plane.order.clone(), image.plane.frame);
    placed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut places: Vec<(f64, Vec<Image>)> = Vec::new();
    for (at, image) in placed {
        match places.last_mut() {
            Some((place, images)) if at - *place <= SAME_PLACE_MM => images.push(image),
            _ => places.push((at, vec![image])),
        }
    }
    // Only now: places that differ by a rounding are one.
    places.iter_mut().for_each(|(_, images)| images.sort_by_key(order));
    let repeats = places[0].1.len();
    if let ([_], 2..) = (&places[..], repeats) {
        return vec![flat(places.remove(0).1, SeriesWarning::OnePlace(repeats))];
    }
    if repeats > 1 && places.iter().all(|(_, images)| images.len() == repeats) {
        let mut sets: Vec<Vec<Image>> = (0..repeats).map(|_| Vec::new()).collect();
        for (_, images) in places {
            images.into_iter().zip(&mut sets).for_each(|(image, set)| set.push(image));
        }
        let volume = |(at, set): (usize, Vec<Image>)| {
            let mut warnings = if at == 0 { vec![SeriesWarning::Repeated(repeats)] } else { Vec::new() };
            let placement = placement(&set, &mut warnings);
            (finished(set, placement, Some([at + 1, repeats])), warnings)
        };
        return sets.into_iter().enumerate().map(volume).collect();
    }
    let mut warnings = Vec::new();
    let duplicates = places.iter().flat_map(|(_, images)| &images[1..]);
    if let Some(first) = duplicates.clone().next() {
        let first = first.instance.name.clone();
        warnings.push(SeriesWarning::Duplicates { count: duplicates.count(), first });
    }
    let single: Vec<Image> = places.into_iter().map(|(_, mut images)| images.swap_remove(0)).collect();
    let placement = placement(&single, &mut warnings);
    vec![(finished(single, placement, None), warnings)]
}

/// Images in the order of their numbers, without a depth.
fn flat(mut stack: Vec<Image>, why: SeriesWarning) -> (Series, Vec<SeriesWarning>) {
    stack.sort_by_key(Image::number);
    (finished(stack, Placement::Unknown, None), vec![why])
}

/// A volume of sorted images; `set` is its number and how many are alike.
fn finished(stack: Vec<Image>, placement: Placement, set: Option<[usize; 2]>) -> Series {
    let first = &stack[0];
    let size = [first.instance.columns, first.instance.rows, stack.len()];
    let instance = first.instance.clone();
    let numbered = stack.iter().any(|image| image.plane.frame > 1);
    let slices = stack
        .iter()
        .map(|image| (image.instance.sop_instance.clone(), numbered.then_some(image.plane.frame)))
        .collect();
    let name = if instance.description.is_empty() { instance.name.clone() } else { instance.description.clone() };
    Series {
        name: set.map_or(name.clone(), |[number, of]| format!("{name} ({number} of {of})")),
        inverted: instance.inverted,
        window: instance.window,
        origin: Origin::Dicom {
            reference: Box::new(instance.reference.clone()),
            sop_class: instance.sop_class.clone(),
            slices,
        },
        patient: instance.patient.clone(),
        volume: Volume { geometry: Geometry { size, placement }, values: values(stack) },
    }
}

fn placement(stack: &[Image], warnings: &mut Vec<SeriesWarning>) -> Placement {
    let first = &stack[0].plane;
    let Some([x_mm, y_mm]) = first.spacing_mm else {
        warnings.push(SeriesWarning::NoSpacing);
        return Placement::Unknown;
    };
    let (Some([row, column]), Some(normal), Some(origin)) = (first.orientation, stack[0].normal(), first.position)
    else {
        return first.step_mm.map_or(Placement::Unknown, |step| Placement::Spaced([x_mm, y_mm, step]));
    };
    let positions: Vec<[f64; 3]> = stack.iter().filter_map(|image| image.plane.position).collect();
    let gaps: Vec<f64> = positions.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    let step = match (gaps.len(), positions.last()) {
        (0, _) | (_, None) => normal.map(|v| v * first.step_mm.unwrap_or(x_mm)),
        (count, Some(last)) => {
            let mut ordered = gaps.clone();
            ordered.sort_by(f64::total_cmp);
            let usual = ordered[count / 2];
            let uneven = gaps.iter().position(|gap| (gap - usual).abs() > UNEVEN * usual + SAME_PLACE_MM);
            let whole: [f64; 3] = std::array::from_fn(|axis| last[axis] - origin[axis]);
            if let Some(at) = uneven {
                let name = |at: usize| stack[at].instance.name.clone();
                let (gap_mm, after, before) = (gaps[at], name(at), name(at + 1));
                warnings.push(SeriesWarning::Gap { after, before, gap_mm, step_mm: usual });
                whole.map(|v| v / norm(whole) * usual)
            } else {
                whole.map(|v| v / count as f64)
            }
        }
    };
    let row_of = |axis: usize| [row[axis] * x_mm, column[axis] * y_mm, step[axis], origin[axis]];
    let affine = Affine([row_of(0), row_of(1), row_of(2)]);
    if affine.is_usable() { Placement::Patient(affine) } else { Placement::Unknown }
}

fn values(mut stack: Vec<Image>) -> Values {
    let inverted = stack[0].instance.inverted;
    let planes = stack.iter_mut().map(|image| padding::Padded {
        columns: image.instance.columns,
        padding: image.instance.padding,
        plane: &mut image.plane,
    });
    padding::darken(planes.collect(), inverted);
    let (slope, intercept) = stack[0].plane.rescale;
    let alike = stack.iter().all(|image| {
        image.plane.rescale == (slope, intercept)
            && matches!(
                (&image.plane.pixels, &stack[0].plane.pixels),
                (Pixels::Unsigned(_), Pixels::Unsigned(_)) | (Pixels::Signed(_), Pixels::Signed(_))
            )
    });
    let zero_of = |pixels: &Pixels| if matches!(pixels, Pixels::Signed(_)) { 0x8000 } else { 0 };
    if alike {
        let zero = zero_of(&stack[0].plane.pixels);
        let numbers = stack.into_iter().filter_map(|image| match image.plane.pixels {
            Pixels::Unsigned(numbers) | Pixels::Signed(numbers) => Some(numbers),
            Pixels::Wide(_) => None,
        });
        return Values::Integers { stored: Stored::new(numbers), zero, slope, intercept };
    }
    let floats = stack.iter().flat_map(|Image { plane, .. }| {
        let (slope, intercept) = plane.rescale;
        let zero = f64::from(zero_of(&plane.pixels));
        let value = move |stored: f64| (intercept + slope * (stored - zero)) as f32;
        match &plane.pixels {
            Pixels::Unsigned(pixels) | Pixels::Signed(pixels) => {
                pixels.iter().map(|&v| value(v.into())).collect::<Vec<_>>()
            }
            Pixels::Wide(pixels) => pixels.iter().map(|&v| value(v.into())).collect(),
        }
    });
    Values::Floats(floats.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::Reference;

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
    fn a_second_image_at_a_place_is_left_out_and_said() {
        let (series, warnings) = only(vec![instance(1, 0.0), instance(2, 4.0), instance(3, 4.0), instance(4, 8.0)]);
        assert_eq!(series.volume.geometry.size, [3, 2, 3]);
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
            assert_eq!(series.volume.geometry.size, [3, 2, 5]);
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
        let sizes: Vec<usize> = all.iter().map(|(series, _)| series.volume.geometry.size[2]).collect();
        assert_eq!(sizes, [3, 40]);
    }

    #[test]
    fn images_of_one_place_are_a_stack_in_the_order_of_their_numbers() {
        let (series, warnings) = only([3, 1, 4, 2].map(|number| instance(number, 8.0)).to_vec());
        assert_eq!(warnings, [SeriesWarning::OnePlace(4)]);
        assert_eq!(series.volume.geometry, Geometry { size: [3, 2, 4], placement: Placement::Unknown });
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
        assert!(warnings[0].to_string().contains("doubled files left out"));
    }

    #[test]
    fn one_identifier_for_different_images_loses_none() {
        let images =
            (1..6).map(|number| Instance { sop_instance: "1".into(), ..instance(number, 4.0 * number as f64) });
        let (series, warnings) = only(images.collect());
        assert_eq!((series.volume.geometry.size[2], warnings), (5, Vec::new()));
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
}
