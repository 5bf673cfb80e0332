//! Attributes of a data set from numbers, text and codes.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, DicomValue, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

pub(crate) type Element = DataElement<InMemDicomObject>;

pub(crate) fn string(tag: Tag, vr: VR, value: impl Into<String>) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::from(value.into()))
}

pub(crate) fn short(tag: Tag, value: u16) -> Element {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

pub(crate) fn decimals(tag: Tag, values: &[f64]) -> Element {
    let strings = values.iter().map(|&value| decimal(value)).collect::<Vec<_>>();
    DataElement::new(tag, VR::DS, PrimitiveValue::Strs(strings.into()))
}

pub(crate) fn pointer(tag: Tag, value: Tag) -> Element {
    DataElement::new(tag, VR::AT, PrimitiveValue::Tags([value][..].into()))
}

pub(crate) fn items(tag: Tag, items: Vec<InMemDicomObject>) -> Element {
    DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items)))
}

pub(crate) fn item<const N: usize>(elements: [Element; N]) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(elements)
}

pub(crate) fn texts(tag: Tag, values: &[&str]) -> Element {
    let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
    DataElement::new(tag, VR::CS, PrimitiveValue::Strs(values.into()))
}

/// A code's value, its scheme and its meaning.
pub(crate) type Code = (&'static str, &'static str, &'static str);

pub(crate) fn code(tag: Tag, code: Code) -> Element {
    items(tag, vec![coded(code)])
}

pub(crate) fn coded((value, scheme, meaning): Code) -> InMemDicomObject {
    item([
        string(tags::CODE_VALUE, VR::SH, value),
        string(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme),
        string(tags::CODE_MEANING, VR::LO, meaning),
    ])
}

/// An even number of bytes, as DICOM wants (PS3.5, 8.1.1).
pub(crate) fn bytes(tag: Tag, mut bytes: Vec<u8>) -> Element {
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    DataElement::new(tag, VR::OB, PrimitiveValue::U8(bytes.into()))
}

/// A number in the 16 characters that a decimal string has.
pub(crate) fn decimal(value: f64) -> String {
    (0..=14)
        .rev()
        .map(|digits| format!("{value:.digits$}"))
        .find(|text| text.len() <= 16)
        .unwrap_or_else(|| format!("{value:.8e}"))
}

/// An identifier from random or hashed bits, as a UUID of version 8 (RFC 9562), which is one number below 2.25 (PS3.5 B.2).
pub(crate) fn uid(bits: u128) -> String {
    let versioned = bits & !(0xf << 76) | 8 << 76;
    format!("2.25.{}", versioned & !(3 << 62) | 2 << 62)
}
