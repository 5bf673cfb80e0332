//! Attributes of a data set as numbers and text, and the place of each frame.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::{DicomFile, Pixels, Plane};

pub(super) fn plane(file: &DicomFile, frame: usize, pixels: Pixels) -> Plane {
    let groups = Groups::of(file, frame);
    let numbers = |sequence, tag| groups.numbers(sequence, tag);
    let vector = |values: &[f64]| <[f64; 3]>::try_from(values).ok();
    let orientation = numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT)
        .and_then(|v| Some([vector(v.get(..3)?)?, vector(v.get(3..6)?)?]));
    let spacing = numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
    let positive = |v: &f64| v.is_finite() && *v > 0.0;
    let first = |sequence, tag| numbers(sequence, tag).and_then(|v| v.first().copied());
    let step = first(tags::PIXEL_MEASURES_SEQUENCE, tags::SPACING_BETWEEN_SLICES)
        .or_else(|| first(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS));
    let order =
        [tags::TEMPORAL_POSITION_IDENTIFIER, tags::ECHO_NUMBERS, tags::ACQUISITION_NUMBER, tags::INSTANCE_NUMBER];
    let slope = first(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE);
    let intercept = first(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_INTERCEPT);
    Plane {
        frame: frame + 1,
        order: order.into_iter().map(|tag| integer(file, tag).unwrap_or(0)).collect(),
        position: numbers(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT).as_deref().and_then(vector),
        orientation,
        // The first number is the distance of rows.
        spacing_mm: spacing.filter(|v| v.len() == 2 && v.iter().all(positive)).map(|v| [v[1], v[0]]),
        step_mm: step.filter(positive),
        rescale: (slope.filter(|slope| *slope != 0.0).unwrap_or(1.0), intercept.unwrap_or(0.0)),
        pixels,
    }
}

/// The stored numbers, from the first to the last, that are padding (DICOM PS3.3 C.7.5.1.1.2).
pub(super) fn padding(file: &DicomFile) -> Option<[i64; 2]> {
    let bits = integer(file, tags::BITS_ALLOCATED).filter(|bits| (1..=32).contains(bits))? as u32;
    let bits =
        integer(file, tags::BITS_STORED).filter(|stored| (1..=bits.into()).contains(stored)).map_or(bits, |v| v as u32);
    let signed = integer(file, tags::PIXEL_REPRESENTATION) == Some(1);
    let stored = |tag| {
        let element = file.get(tag)?;
        let number = element.to_int::<i64>().ok().or_else(|| {
            // Of unknown type where the file leaves types out.
            let bytes = element.to_bytes().ok()?;
            Some(i64::from(u16::from_le_bytes(bytes.get(..2)?.try_into().ok()?)))
        })?;
        // Programs write −2000 as 63536 and the other way round; the pixels' own bits decide.
        let raw = number.rem_euclid(1 << bits);
        Some(if signed && raw >= 1 << (bits - 1) { raw - (1 << bits) } else { raw })
    };
    let value = stored(tags::PIXEL_PADDING_VALUE)?;
    let limit = stored(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some([value.min(limit), value.max(limit)])
}

/// Where an attribute of a frame stands: in its functional groups, in the shared ones, or at the top.
pub(crate) struct Groups<'a> {
    places: Vec<&'a InMemDicomObject>,
    top: &'a DicomFile,
}

impl<'a> Groups<'a> {
    pub(crate) fn of(file: &'a DicomFile, frame: usize) -> Self {
        let item = |tag, at: usize| file.get(tag).and_then(|element| element.items()?.get(at));
        let own = item(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frame);
        let shared = item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0);
        Self { places: own.into_iter().chain(shared).collect(), top: file }
    }

    pub(crate) fn numbers(&self, sequence: Tag, tag: Tag) -> Option<Vec<f64>> {
        let inside = self.places.iter().find_map(|group| {
            let item = group.get(sequence)?.items()?.first()?;
            numbers(item, tag)
        });
        inside.or_else(|| numbers(self.top, tag))
    }
}

pub(crate) fn numbers(object: &InMemDicomObject, tag: Tag) -> Option<Vec<f64>> {
    let values = object.get(tag)?.to_multi_float64().ok()?;
    (!values.is_empty() && values.iter().all(|v| v.is_finite())).then_some(values)
}

pub(crate) fn integer(object: &InMemDicomObject, tag: Tag) -> Option<i64> {
    object.get(tag)?.to_int().ok()
}

pub(crate) fn text(object: &InMemDicomObject, tag: Tag) -> String {
    let value = object.get(tag).and_then(|element| element.to_str().ok().map(|text| text.into_owned()));
    value.unwrap_or_default().trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
}
