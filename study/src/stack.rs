//! Images of files, in any order, into volumes: sorted along their normal, with everything odd about them said.

mod images;

use std::collections::HashMap;
use std::sync::Arc;

use imaging::{GridSize, Patient};

use crate::dicom::{Instance, Pixels, Plane, Reference};
use crate::geometry::{Affine, Geometry, Placement, distance, dot, norm};
use crate::padding;
use crate::role::{Direction, FEWEST_SLICES, direction_of};
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};
use images::{Image, SAME_PLACE_MM, Set, by_kind, by_place, of_one_kind, uneven, usual};

/// An axial stack counts as the largest of a series if it has this share of the places of the largest.
const NEAR_IN_SIZE: f64 = 0.5;

/// The volumes that some files make, series by series in the order of their first files, with what is odd about them.
///
/// Of a series with several stacks the largest comes first, axial ones preferred; stacks of fewer than four slices
/// beside a larger one are left out.
pub fn stack(instances: Vec<Instance>) -> Vec<(Series, Vec<SeriesWarning>)> {
    let mut groups: Vec<Group> = Vec::new();
    let mut keys: HashMap<[String; 2], Vec<usize>> = HashMap::new();
    for instance in instances {
        let Reference { study, series, .. } = &instance.reference;
        // Programs that hide names may give one identifier to the series of several patients.
        let series = if series.is_empty() { &instance.description } else { series };
        let patient = instance.reference.patient();
        let known = keys.entry([study.clone(), series.clone()]).or_default();
        let at = known.iter().copied().find(|&at| patient.fits(&groups[at].patients)).unwrap_or(groups.len());
        if at == groups.len() {
            groups.push(Group::default());
            known.push(at);
        }
        groups[at].add(instance, patient);
    }
    groups.into_iter().flat_map(Group::volumes).collect()
}

/// The images of one series.
#[derive(Default)]
struct Group {
    instances: Vec<Instance>,
    /// What the images say of the patient, each way once.
    patients: Vec<Patient>,
    /// Places in `instances` of each SOP Instance UID.
    known: HashMap<String, Vec<usize>>,
    /// Names of files that are there already.
    doubled: Vec<String>,
}

impl Group {
    fn add(&mut self, instance: Instance, patient: Patient) {
        patient.join(&mut self.patients);
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
        return vec![flat(stacks.into_iter().flatten().collect(), vec![turning])];
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
    let lost = stack.iter().filter(|image| image.plane.position.is_none()).count();
    let mut warnings = Vec::new();
    if 0 < lost && 2 * lost < stack.len() {
        let (placed, others): (Vec<_>, Vec<_>) = stack.into_iter().partition(|image| image.plane.position.is_some());
        stack = placed;
        warnings.push(SeriesWarning::Lost { count: lost, first: others[0].instance.name.clone() });
    }
    let Some(along) = along(&stack) else {
        // What a few say of their places holds for no others.
        stack.iter_mut().for_each(|image| image.plane.position = None);
        stack.sort_by_key(Image::number);
        warnings.push(SeriesWarning::NoPlace);
        let placement = placement(&stack, &mut warnings);
        return vec![(finished(stack, placement, None), warnings)];
    };
    let places = by_place(along.into_iter().zip(stack).collect());
    if let [(_, images)] = &places[..]
        && images.len() > 1
    {
        let count = images.len();
        warnings.push(SeriesWarning::OnePlace(count));
        let stack = places.into_iter().flat_map(|(_, images)| images).collect();
        return vec![flat(stack, warnings)];
    }
    let sets: Vec<Set> = by_kind(places).into_iter().flat_map(of_one_kind).collect();
    let many = sets.len();
    if many > 1 {
        warnings.push(SeriesWarning::Repeated(many));
    }
    let volume = |(at, Set { images, spare }): (usize, Set)| {
        let mut warnings = if at == 0 { std::mem::take(&mut warnings) } else { Vec::new() };
        if let Some(first) = spare.first() {
            warnings.push(SeriesWarning::Duplicates { count: spare.len(), first: first.clone() });
        }
        let placement = placement(&images, &mut warnings);
        (finished(images, placement, (many > 1).then_some([at + 1, many])), warnings)
    };
    sets.into_iter().enumerate().map(volume).collect()
}

/// Images in the order of their numbers, without a depth.
fn flat(mut stack: Vec<Image>, why: Vec<SeriesWarning>) -> (Series, Vec<SeriesWarning>) {
    stack.sort_by_key(Image::number);
    (finished(stack, Placement::Unknown, None), why)
}

/// A volume of sorted images; `set` is its number and how many are alike.
fn finished(stack: Vec<Image>, placement: Placement, set: Option<[usize; 2]>) -> Series {
    let first = &stack[0];
    let size = GridSize::new(first.instance.columns, first.instance.rows, stack.len());
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
        return first.step_mm.map_or(Placement::Unknown, |step| Placement::Spaced([x_mm, y_mm, step].into()));
    };
    let positions: Vec<[f64; 3]> = stack.iter().filter_map(|image| image.plane.position).collect();
    let gaps: Vec<f64> = positions.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    let step = match (gaps.len(), positions.last()) {
        (0, _) | (_, None) => normal.map(|v| v * first.step_mm.unwrap_or(x_mm)),
        (count, Some(last)) => {
            let usual = usual(&gaps);
            let whole: [f64; 3] = std::array::from_fn(|axis| last[axis] - origin[axis]);
            if let Some(at) = uneven(&gaps) {
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
mod tests;
