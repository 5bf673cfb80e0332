//! Attributes of a data set as numbers and text, and the place of each frame.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::{DicomFile, Pixels, Plane};
use crate::geometry::norm;

pub(super) fn plane(file: &DicomFile, frame: usize, pixels: Pixels) -> Plane {
    let groups = Groups::of(file, frame);
    let numbers = |sequence, tag| groups.numbers(sequence, tag);
    let vector = |values: &[f64]| <[f64; 3]>::try_from(values).ok();
    let orientation = numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT)
        .and_then(|v| Some([unit(vector(v.get(..3)?)?), unit(vector(v.get(3..6)?)?)]));
    let spacing = numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
    let positive = |v: &f64| v.is_finite() && *v > 0.0;
    let first = |sequence, tag| numbers(sequence, tag).and_then(|v| v.first().copied());
    let step = first(tags::PIXEL_MEASURES_SEQUENCE, tags::SPACING_BETWEEN_SLICES)
        .or_else(|| first(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS));
    let slope = first(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE);
    let intercept = first(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_INTERCEPT);
    Plane {
        frame: frame + 1,
        kind: kind(file, &groups),
        order: order(file, &groups),
        position: numbers(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT).as_deref().and_then(vector),
        orientation,
        // The first number is the distance of rows.
        spacing_mm: spacing.filter(|v| v.len() == 2 && v.iter().all(positive)).map(|v| [v[1], v[0]]),
        step_mm: step.filter(positive),
        rescale: (slope.filter(|slope| *slope != 0.0).unwrap_or(1.0), intercept.unwrap_or(0.0)),
        pixels,
    }
}

/// A direction of length one; what rounding in the header leaves stays as it is.
fn unit(direction: [f64; 3]) -> [f64; 3] {
    /// By how much a direction's length may differ from one.
    const ROUNDED: f64 = 0.01;
    let length = norm(direction);
    if length > 0.0 && (length - 1.0).abs() > ROUNDED { direction.map(|v| v / length) } else { direction }
}

/// What makes an image another one than its neighbours in the same series, from the outermost on: part of the complex signal,
/// time, echo, inversion, flip angle, diffusion weight and acquisition. Files of one image say it at the top, files of
/// several in the functional groups of each (PS3.3 C.8.13.4 and C.8.13.5).
fn kind(file: &DicomFile, groups: &Groups) -> Vec<i64> {
    let number = |sequence, tag| groups.numbers(sequence, tag).and_then(|values| values.first().copied());
    // In hundredths, since times are written with as few digits as that.
    let hundredths = |value: Option<f64>| value.map_or(0, |value| (value * 100.0).round() as i64);
    let content = tags::FRAME_CONTENT_SEQUENCE;
    let time = number(content, tags::TEMPORAL_POSITION_INDEX);
    let time = time.map(|time| time as i64).or_else(|| integer(file, tags::TEMPORAL_POSITION_IDENTIFIER));
    let echo = number(tags::MR_ECHO_SEQUENCE, tags::EFFECTIVE_ECHO_TIME);
    let acquisition = number(content, tags::FRAME_ACQUISITION_NUMBER);
    let acquisition = acquisition.map(|number| number as i64).or_else(|| integer(file, tags::ACQUISITION_NUMBER));
    vec![
        component(file, groups),
        time.unwrap_or(0),
        integer(file, tags::ECHO_NUMBERS).unwrap_or(0),
        hundredths(echo.or_else(|| number(tags::MR_ECHO_SEQUENCE, tags::ECHO_TIME))),
        hundredths(number(tags::MR_MODIFIER_SEQUENCE, tags::INVERSION_TIME)),
        hundredths(number(tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE, tags::FLIP_ANGLE)),
        hundredths(number(tags::MR_DIFFUSION_SEQUENCE, tags::DIFFUSION_B_VALUE)),
        acquisition.unwrap_or(0),
    ]
}

/// Which part of the complex signal an image is: magnitude comes first.
fn component(file: &DicomFile, groups: &Groups) -> i64 {
    let frame = |tag| groups.text(tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, tag);
    let named = frame(tags::COMPLEX_IMAGE_COMPONENT);
    let types = if named.is_empty() { frame(tags::FRAME_TYPE) } else { named };
    let types = if types.is_empty() { text(file, tags::IMAGE_TYPE) } else { types };
    let rank = |part: &str| match part.trim() {
        "P" | "PHASE" | "PHASE MAP" => Some(1),
        "R" | "REAL" => Some(2),
        "I" | "IMAGINARY" => Some(3),
        _ => None,
    };
    types.split('\\').find_map(rank).unwrap_or(0)
}

/// What images of one kind at one place are sorted by: time, what the file calls its dimensions, and number, which is the last.
fn order(file: &DicomFile, groups: &Groups) -> Vec<i64> {
    let content = tags::FRAME_CONTENT_SEQUENCE;
    let at = groups.text(content, tags::FRAME_ACQUISITION_DATE_TIME);
    let at = if at.is_empty() { text(file, tags::ACQUISITION_TIME) } else { at };
    let dimensions = groups.numbers(content, tags::DIMENSION_INDEX_VALUES).unwrap_or_default();
    let dimensions = dimensions.into_iter().map(|index| index as i64);
    let number = integer(file, tags::INSTANCE_NUMBER).unwrap_or(0);
    [milliseconds(&at)].into_iter().chain(dimensions).chain([number]).collect()
}

/// A time, or a date and time, as a number that grows with it.
fn milliseconds(time: &str) -> i64 {
    let (whole, part) = time.split_once('.').unwrap_or((time, ""));
    let digits = |text: &str, most: usize| text.chars().filter(char::is_ascii_digit).take(most).collect::<String>();
    format!("{}{:0<3}", digits(whole, 14), digits(part, 3)).parse().unwrap_or(0)
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

    /// Text of the groups alone; empty where they have none.
    fn text(&self, sequence: Tag, tag: Tag) -> String {
        let found = self.places.iter().find_map(|group| Some(text(group.get(sequence)?.items()?.first()?, tag)));
        found.unwrap_or_default()
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
