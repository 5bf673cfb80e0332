//! What changed since an earlier study into content items of a report, by private codes where there is no standard one.
//!
//! DICOM PS3.16 TID 1502 (time point context), then measures of the same finding beside its others (TID 1419).

use dicom_core::VR;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::content::{Relation, coded, date, number, numeric, text};
use super::{MILLILITRE, MILLIMETRE};
use crate::derived::VERSION;
use crate::derived::elements::{Code, Element, item, items, string};

/// Concepts of our own.
const SCHEME: &str = "99GLIOLENS";
const EARLIER_STUDY: Code = ("earlier-study", SCHEME, "Earlier study of the same patient");
const EARLIER_DATE: Code = ("earlier-date", SCHEME, "Date of the earlier study");
const VOLUME_CHANGE: Code = ("volume-change", SCHEME, "Change of volume since the earlier study");
const VOLUME_SHARE: Code = ("volume-change-pc", SCHEME, "Change of volume since the earlier study, relative");
const DIAMETER_CHANGE: Code = ("diameter-change", SCHEME, "Change of mean diameter since the earlier study");
const VELOCITY: Code = ("vde", SCHEME, "Velocity of diametric expansion");
const VELOCITY_ENDS: [Code; 2] =
    [("vde-low", SCHEME, "Lower end of the 95 % interval"), ("vde-high", SCHEME, "Upper end of the 95 % interval")];
const PRODUCT_CHANGE: Code = ("product-change", SCHEME, "Change of sum of products of diameters since earlier study");
const NEW_LESIONS: Code = ("new-lesions", SCHEME, "Number of new lesions since the earlier study");
const NEW_LESIONS_VOLUME: Code = ("new-lesions-ml", SCHEME, "Volume of new lesions since the earlier study");
const RESPONSE: Code = ("rano-lgg-2011", SCHEME, "Class by RANO-LGG 2011, computed, with its criteria");

const DAY: Code = ("d", "UCUM", "day");
const PERCENT: Code = ("%", "UCUM", "percent");
const MILLIMETRE_A_YEAR: Code = ("mm/a", "UCUM", "millimeter per year");
const ONE: Code = ("1", "UCUM", "no units");

/// What changed since the study before.
#[derive(Clone, Debug, PartialEq)]
pub struct Since {
    /// When that study's images were made, as `YYYYMMDD`, where it is known and may be said.
    pub date: Option<String>,
    /// Days from then to this study, where both have a date.
    pub days: Option<i64>,
    /// Change of the volume.
    pub ml: f64,
    /// The same in per cent; none where there was nothing.
    pub percent: Option<f64>,
    /// Change of the diameter of the sphere of equal volume.
    pub mean_diameter_mm: f64,
    /// How fast that grows, in mm a year, and the 95 % interval of it; none without two dates.
    pub mm_per_year: Option<(f64, [f64; 2])>,
    /// Change of the sum of products of two diameters, in per cent; none where there was nothing.
    pub product_percent: Option<f64>,
    /// New lesions and their volume in ml, where they were looked for.
    pub new_lesions: Option<(usize, f64)>,
    /// The class of response, in words, with what it goes by.
    pub response: String,
}

/// When the finding is seen, beside the study before.
pub(super) fn context(since: &Since, without_patient: bool) -> Vec<InMemDicomObject> {
    let context = Relation::HasObservationContext;
    let mut items = vec![text(context, ("C2348792", "UMLS", "Time Point"), "Follow-up")];
    items.extend(since.days.map(|days| {
        let name = ("128741", "DCM", "Longitudinal Temporal Event Type");
        let event = coded(Relation::HasConceptModifier, name, EARLIER_STUDY);
        let name = ("128740", "DCM", "Longitudinal Temporal Offset from Event");
        numeric(context, name, days as f64, DAY, vec![event])
    }));
    let day = since.date.as_deref().filter(|_| !without_patient);
    items.extend(day.map(|day| date(context, EARLIER_DATE, day)));
    items
}

/// The changes.
pub(super) fn changes(since: &Since) -> Vec<InMemDicomObject> {
    let plain = |name, value, unit| number(name, value, unit, Vec::new());
    let mut items = vec![plain(VOLUME_CHANGE, since.ml, MILLILITRE)];
    items.extend(since.percent.map(|percent| plain(VOLUME_SHARE, percent, PERCENT)));
    items.push(plain(DIAMETER_CHANGE, since.mean_diameter_mm, MILLIMETRE));
    items.extend(since.mm_per_year.map(|(rate, ends)| {
        let end = |(name, end)| numeric(Relation::HasProperties, name, end, MILLIMETRE_A_YEAR, Vec::new());
        number(VELOCITY, rate, MILLIMETRE_A_YEAR, VELOCITY_ENDS.into_iter().zip(ends).map(end).collect())
    }));
    items.extend(since.product_percent.map(|percent| plain(PRODUCT_CHANGE, percent, PERCENT)));
    if let Some((count, ml)) = since.new_lesions {
        items.push(plain(NEW_LESIONS, count as f64, ONE));
        items.push(plain(NEW_LESIONS_VOLUME, ml, MILLILITRE));
    }
    items.push(text(Relation::Contains, RESPONSE, &since.response));
    items
}

/// Says whose codes those of our own are (PS3.3 C.12.1.1.7).
pub(super) fn scheme() -> Element {
    let described = item([
        string(tags::CODING_SCHEME_DESIGNATOR, VR::SH, SCHEME),
        string(tags::CODING_SCHEME_NAME, VR::ST, "Concepts of Gliolens for the follow-up of a tumour"),
        string(tags::CODING_SCHEME_VERSION, VR::SH, VERSION),
        string(tags::CODING_SCHEME_RESPONSIBLE_ORGANIZATION, VR::ST, "Gliolens"),
    ]);
    items(tags::CODING_SCHEME_IDENTIFICATION_SEQUENCE, vec![described])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_enough_and_each_is_one_of_its_own() {
        let all = [
            EARLIER_STUDY,
            EARLIER_DATE,
            VOLUME_CHANGE,
            VOLUME_SHARE,
            DIAMETER_CHANGE,
            VELOCITY,
            VELOCITY_ENDS[0],
            VELOCITY_ENDS[1],
            PRODUCT_CHANGE,
            NEW_LESIONS,
            NEW_LESIONS_VOLUME,
            RESPONSE,
        ];
        for (at, (value, scheme, meaning)) in all.into_iter().enumerate() {
            // SH and LO.
            assert!(value.len() <= 16 && scheme.len() <= 16 && meaning.len() <= 64, "{value}");
            assert!(all[..at].iter().all(|other| other.0 != value), "{value} is there twice");
        }
    }
}
