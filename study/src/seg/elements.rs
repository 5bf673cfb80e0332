//! Attributes of a data set from numbers, text and codes.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, DicomValue, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

pub(super) type Element = DataElement<InMemDicomObject>;

pub(super) fn string(tag: Tag, vr: VR, value: impl Into<String>) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::from(value.into()))
}

pub(super) fn short(tag: Tag, value: u16) -> Element {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

pub(super) fn decimals(tag: Tag, values: &[f64]) -> Element {
    let strings = values.iter().map(|&value| decimal(value)).collect::<Vec<_>>();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(strings.into()))
}

pub(super) fn pointer(tag: Tag, value: Tag) -> Element {
    DataElement::new(tag, VR::AT, PrimitiveValue::Tags([value][..].into()))
}

pub(super) fn items(tag: Tag, items: Vec<InMemDicomObject>) -> Element {
    DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items)))
}

pub(super) fn item<const N: usize>(elements: [Element; N]) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(elements)
}

pub(super) fn code(tag: Tag, value: &str, scheme: &str, meaning: &str) -> Element {
    items(
        tag,
        vec![item([
            string(tags::CODE_VALUE, VR::SH, value),
            string(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme),
            string(tags::CODE_MEANING, VR::LO, meaning),
        ])],
    )
}

/// A number in the 16 characters that a decimal string has.
pub(super) fn decimal(value: f64) -> String {
    (0..=14)
        .rev()
        .map(|digits| format!("{value:.digits$}"))
        .find(|text| text.len() <= 16)
        .unwrap_or_else(|| format!("{value:.8e}"))
}

pub(super) fn uid(random: u128) -> String {
    // PS3.5 B.2: a UUID as one number below 2.25.
    format!("2.25.{random}")
}
