//! Content items of a structured report (DICOM PS3.3 C.17.3), each with its relationship to the one above.

use dicom_core::VR;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::derived::elements::{Code, Element, code, decimals, item, items, string};

/// How an item belongs to the one above.
#[derive(Clone, Copy)]
pub(super) enum Relation {
    Contains,
    HasConceptModifier,
    HasObservationContext,
    HasProperties,
    InferredFrom,
}

impl Relation {
    fn written(self) -> &'static str {
        match self {
            Self::Contains => "CONTAINS",
            Self::HasConceptModifier => "HAS CONCEPT MOD",
            Self::HasObservationContext => "HAS OBS CONTEXT",
            Self::HasProperties => "HAS PROPERTIES",
            Self::InferredFrom => "INFERRED FROM",
        }
    }
}

/// What a container holds, by the template that says so (PS3.16).
pub(super) fn container(name: Code, template: Option<&str>, content: Vec<InMemDicomObject>) -> Vec<Element> {
    let mut elements = vec![
        string(tags::VALUE_TYPE, VR::CS, "CONTAINER"),
        code(tags::CONCEPT_NAME_CODE_SEQUENCE, name),
        string(tags::CONTINUITY_OF_CONTENT, VR::CS, "SEPARATE"),
        items(tags::CONTENT_SEQUENCE, content),
    ];
    elements.extend(template.map(|template| {
        items(
            tags::CONTENT_TEMPLATE_SEQUENCE,
            vec![item([
                string(tags::MAPPING_RESOURCE, VR::CS, "DCMR"),
                string(tags::TEMPLATE_IDENTIFIER, VR::CS, template),
            ])],
        )
    }));
    elements
}

/// An item of these elements.
pub(super) fn related(relation: Relation, elements: Vec<Element>) -> InMemDicomObject {
    let relation = string(tags::RELATIONSHIP_TYPE, VR::CS, relation.written());
    InMemDicomObject::from_element_iter([relation].into_iter().chain(elements))
}

pub(super) fn coded(relation: Relation, name: Code, value: Code) -> InMemDicomObject {
    related(relation, valued("CODE", name, code(tags::CONCEPT_CODE_SEQUENCE, value)))
}

pub(super) fn text(relation: Relation, name: Code, value: &str) -> InMemDicomObject {
    related(relation, valued("TEXT", name, string(tags::TEXT_VALUE, VR::UT, value)))
}

/// A day, as `YYYYMMDD`.
pub(super) fn date(relation: Relation, name: Code, day: &str) -> InMemDicomObject {
    related(relation, valued("DATE", name, string(tags::DATE, VR::DA, day)))
}

pub(super) fn identifier(relation: Relation, name: Code, value: String) -> InMemDicomObject {
    related(relation, valued("UIDREF", name, string(tags::UID, VR::UI, value)))
}

pub(super) fn image(relation: Relation, name: Code, reference: InMemDicomObject) -> InMemDicomObject {
    related(relation, valued("IMAGE", name, items(tags::REFERENCED_SOP_SEQUENCE, vec![reference])))
}

/// A measure, with what says more of it.
pub(super) fn number(name: Code, value: f64, unit: Code, more: Vec<InMemDicomObject>) -> InMemDicomObject {
    numeric(Relation::Contains, name, value, unit, more)
}

/// A number with its unit, with what says more of it.
pub(super) fn numeric(
    relation: Relation,
    name: Code,
    value: f64,
    unit: Code,
    more: Vec<InMemDicomObject>,
) -> InMemDicomObject {
    let measured = item([decimals(tags::NUMERIC_VALUE, &[value]), code(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, unit)]);
    let mut elements = valued("NUM", name, items(tags::MEASURED_VALUE_SEQUENCE, vec![measured]));
    if !more.is_empty() {
        elements.push(items(tags::CONTENT_SEQUENCE, more));
    }
    related(relation, elements)
}

fn valued(kind: &str, name: Code, value: Element) -> Vec<Element> {
    vec![string(tags::VALUE_TYPE, VR::CS, kind), code(tags::CONCEPT_NAME_CODE_SEQUENCE, name), value]
}
