//! Images of files, in any order, into volumes: sorted along their normal, with everything odd about them said.

use std::sync::Arc;

use thiserror::Error;

use crate::dicom::{Instance, PatientData, Pixels, Plane, Reference};
use crate::geometry::{Affine, Geometry, Placement, cross, distance, dot, norm};
use crate::pages;
use crate::volume::{Stored, Values, Volume};

/// Distance from which slices lie at two places, in mm.
const SAME_PLACE_MM: f64 = 0.01;
/// Share of the usual step by which another may differ, for rounding in headers.
const UNEVEN: f64 = 0.02;

/// Where a volume comes from, for files derived from it.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A DICOM series: SOP Class, and SOP Instance with frame of each slice.
    Dicom {
        /// Study, series and patient.
        reference: Box<Reference>,
        /// SOP Class UID of the images.
        sop_class: String,
        /// SOP Instance UID of each slice, and its frame, from 1, in a file with several.
        slices: Vec<(String, Option<usize>)>,
    },
    /// A file without references.
    File,
}

/// A volume and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Description of the series or name of the file.
    pub name: String,
    /// The intensities.
    pub volume: Volume,
    /// Whether low values are bright.
    pub inverted: bool,
    /// Centre and width of the window that the file asks for.
    pub window: Option<[f64; 2]>,
    /// Where it comes from.
    pub origin: Origin,
    /// Who was examined; never shown unasked.
    pub patient: PatientData,
}

/// Something odd about a series, which is opened all the same.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SeriesWarning {
    /// One series, several stacks.
    #[error("its images differ in size, direction or spacing; they are opened as {0} volumes")]
    Mixed(usize),
    /// Several images at every place.
    #[error("it has {0} images at every place (echoes or times); each set is opened as a volume of its own")]
    Repeated(usize),
    /// Several images at some places.
    #[error("{count} of its images lie where another lies already ({first} is the first); they are left out")]
    Duplicates {
        /// How many.
        count: usize,
        /// Name of the first file.
        first: String,
    },
    /// A slice is missing, or slices are unevenly spaced.
    #[error(
        "between {after} and {before} lie {gap_mm:.1} mm where {step_mm:.1} mm are usual; slices are missing there, so \
         volumes and reformats are only approximate"
    )]
    Gap {
        /// File before the gap.
        after: String,
        /// File behind it.
        before: String,
        /// Its width.
        gap_mm: f64,
        /// The usual step.
        step_mm: f64,
    },
    /// The files do not say where in the patient they are.
    #[error("its files do not say where in the patient they lie; sides are unknown and slices are in the files' order")]
    NoPlace,
    /// The files do not say how large a pixel is.
    #[error("its files name no usable pixel spacing; measures are in pixels")]
    NoSpacing,
    /// Pages of a file that belong to no stack of its slices.
    #[error("{}", pages::left_out(&[(*thumbnails, "thumbnail"), (*masks, "mask"), (*other_sizes, "of another size")]))]
    PagesLeftOut {
        /// Smaller versions of other pages.
        thumbnails: usize,
        /// Masks of other pages.
        masks: usize,
        /// Pages of another size or kind.
        other_sizes: usize,
    },
    /// Slices are missing, by the numbers in the names of pictures.
    #[error("{}; volumes and reformats are only approximate", pages::missing_numbers(*count, first))]
    MissingNumbers {
        /// How many.
        count: u64,
        /// The first of them.
        first: Vec<u64>,
    },
    /// Numbers that are none.
    #[error("{0} of its values are not numbers; they are taken for the darkest")]
    NotFinite(usize),
}

/// The volumes that some files make, in the order of the first file of each, with what is odd about them.
pub fn stack(instances: Vec<Instance>) -> Vec<(Series, Vec<SeriesWarning>)> {
    let mut groups: Vec<Vec<Image>> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    for instance in instances {
        let uid = &instance.reference.series;
        let key = if uid.is_empty() { instance.description.clone() } else { uid.clone() };
        let at = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            keys.push(key);
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].extend(images(instance));
    }
    groups.into_iter().flat_map(volumes).collect()
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

    /// Whether it can lie in one stack with another.
    fn fits(&self, other: &Self) -> bool {
        let size = |image: &Self| (image.instance.columns, image.instance.rows);
        let near = |a: &[f64], b: &[f64], tolerance: f64| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance);
        let directions = match (self.plane.orientation, other.plane.orientation) {
            (Some(a), Some(b)) => near(a.as_flattened(), b.as_flattened(), 1e-3),
            (a, b) => a.is_none() && b.is_none(),
        };
        let spacings = match (self.plane.spacing_mm, other.plane.spacing_mm) {
            (Some(a), Some(b)) => near(&a, &b, 1e-3),
            (a, b) => a.is_none() && b.is_none(),
        };
        size(self) == size(other) && directions && spacings
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
    let mixed = (stacks.len() > 1).then_some(SeriesWarning::Mixed(stacks.len()));
    let mut volumes: Vec<_> = stacks.into_iter().flat_map(sorted).collect();
    if let (Some(mixed), Some((_, warnings))) = (mixed, volumes.first_mut()) {
        warnings.insert(0, mixed);
    }
    volumes
}

/// The volumes of images that all fit each other.
fn sorted(mut stack: Vec<Image>) -> Vec<(Series, Vec<SeriesWarning>)> {
    stack.sort_by(|a, b| a.plane.order.cmp(&b.plane.order).then(a.plane.frame.cmp(&b.plane.frame)));
    let along = stack[0].normal().and_then(|normal| {
        stack.iter().map(|image| image.plane.position.map(|at| dot(at, normal))).collect::<Option<Vec<f64>>>()
    });
    let Some(along) = along else {
        let warnings = vec![SeriesWarning::NoPlace];
        return vec![finished(stack, 0, 1, warnings)];
    };
    let mut placed: Vec<(f64, Image)> = along.into_iter().zip(stack).collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0)); // Stable: at one place the order of time stays.
    let mut places: Vec<(f64, Vec<Image>)> = Vec::new();
    for (at, image) in placed {
        match places.last_mut() {
            Some((place, images)) if at - *place <= SAME_PLACE_MM => images.push(image),
            _ => places.push((at, vec![image])),
        }
    }
    let repeats = places[0].1.len();
    if repeats > 1 && places.iter().all(|(_, images)| images.len() == repeats) && places.len() > 1 {
        let mut sets: Vec<Vec<Image>> = (0..repeats).map(|_| Vec::new()).collect();
        for (_, images) in places {
            images.into_iter().zip(&mut sets).for_each(|(image, set)| set.push(image));
        }
        let repeated = |set| if set == 0 { vec![SeriesWarning::Repeated(repeats)] } else { Vec::new() };
        return sets.into_iter().enumerate().map(|(at, set)| finished(set, at, repeats, repeated(at))).collect();
    }
    let mut warnings = Vec::new();
    let duplicates = places.iter().flat_map(|(_, images)| &images[1..]);
    if let Some(first) = duplicates.clone().next() {
        let first = first.instance.name.clone();
        warnings.push(SeriesWarning::Duplicates { count: duplicates.count(), first });
    }
    let single = places.into_iter().map(|(_, mut images)| images.swap_remove(0)).collect();
    vec![finished(single, 0, 1, warnings)]
}

/// A volume of sorted images, one of `sets` alike.
fn finished(
    stack: Vec<Image>,
    set: usize,
    sets: usize,
    mut warnings: Vec<SeriesWarning>,
) -> (Series, Vec<SeriesWarning>) {
    let first = &stack[0];
    let size = [first.instance.columns, first.instance.rows, stack.len()];
    let placement = placement(&stack, &mut warnings);
    let instance = first.instance.clone();
    let numbered = stack.iter().any(|image| image.plane.frame > 1);
    let slices = stack
        .iter()
        .map(|image| (image.instance.sop_instance.clone(), numbered.then_some(image.plane.frame)))
        .collect();
    let name = if instance.description.is_empty() { instance.name.clone() } else { instance.description.clone() };
    let series = Series {
        name: if sets > 1 { format!("{name} ({} of {sets})", set + 1) } else { name },
        inverted: instance.inverted,
        window: instance.window,
        origin: Origin::Dicom {
            reference: Box::new(instance.reference.clone()),
            sop_class: instance.sop_class.clone(),
            slices,
        },
        patient: instance.patient.clone(),
        volume: Volume { geometry: Geometry { size, placement }, values: values(stack) },
    };
    (series, warnings)
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

fn values(stack: Vec<Image>) -> Values {
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

    #[test]
    fn directions_do_not_mix() {
        let mut sagittal = instance(9, 0.0);
        sagittal.planes[0].orientation = Some([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]);
        let all = stack(vec![instance(1, 0.0), sagittal, instance(2, 4.0)]);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].1, [SeriesWarning::Mixed(2)]);
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
