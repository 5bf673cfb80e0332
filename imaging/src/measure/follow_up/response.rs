//! Products of diameters into the classes of RANO-LGG 2011, as figures with their criteria and never as a diagnosis.
//!
//! The product is the sum of those of the lesions that count ([`TimePoint::product_mm2`]).
//!
//! # Source
//!
//! van den Bent et al. 2011, doi 10.1016/S1470-2045(11)70057-2; as in table 1 of doi 10.1093/noajnl/vdad118.

use super::time_point::TimePoint;

/// Fall of the product, in per cent, from which a response is partial.
pub const PARTIAL_PERCENT: f64 = 50.0;
/// Fall of the product, in per cent, from which a response is minor.
pub const MINOR_PERCENT: f64 = 25.0;
/// Rise of the product, in per cent, from which a disease progresses.
pub const PROGRESSION_PERCENT: f64 = 25.0;

/// A class of RANO-LGG 2011, by products of diameters on T2 or FLAIR alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseClass {
    /// No lesion is left.
    Complete,
    /// The product fell by [`PARTIAL_PERCENT`] or more since the first study.
    Partial,
    /// It fell by [`MINOR_PERCENT`] or more, but by less than that.
    Minor,
    /// It changed by less in either direction.
    Stable,
    /// It rose by [`PROGRESSION_PERCENT`] or more since it was smallest, or there is a new lesion.
    Progressive,
}

/// What no product of diameters tells, and a class still depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAssessed {
    /// Whether enhancement is new or stronger: none may be for a response or stable disease.
    Enhancement,
    /// Whether a response holds for four weeks.
    Confirmation,
    /// How the patient is, and the dose of corticosteroids.
    ClinicalState,
}

/// What the class of every study depends on besides its products.
pub const NOT_ASSESSED: [NotAssessed; 3] =
    [NotAssessed::Enhancement, NotAssessed::Confirmation, NotAssessed::ClinicalState];

/// The figures that a class follows from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// The class; none where the first study has no lesion that could be compared with and no new one was found.
    pub class: Option<ResponseClass>,
    /// The class that the products alone give.
    pub by_product: Option<ResponseClass>,
    /// Change of the product since the first study, in per cent.
    pub since_first_percent: Option<f64>,
    /// Change of the product since the earlier study where it was smallest, in per cent; none if that was empty.
    pub since_least_percent: Option<f64>,
    /// That study's place among the earlier ones.
    pub least: usize,
    /// Lesions that the study before has not, if that was looked at.
    pub new_lesions: Option<usize>,
    /// Whether the lesion of the first study and that of this one are measurable. A class of a lesion that is not is no more
    /// than arithmetic.
    pub is_measurable: [bool; 2],
}

impl Response {
    /// The class of the last study, of studies in the order of their days; none if there are fewer than two.
    ///
    /// `new_lesions` counts those that the study before has not, if that was looked at ([`new_lesions`](super::new_lesions())).
    pub fn of(points: &[TimePoint], new_lesions: Option<usize>) -> Option<Self> {
        let (last, earlier) = points.split_last()?;
        let first = earlier.first()?;
        let product = last.product_mm2();
        // Of equals the first.
        let smaller = |a: &usize, b: &usize| earlier[*a].product_mm2().total_cmp(&earlier[*b].product_mm2());
        let least = (0..earlier.len()).min_by(smaller)?;
        let since = |before: f64| (before > 0.0).then(|| 100.0 * (product - before) / before);
        let [since_first, since_least] = [since(first.product_mm2()), since(earlier[least].product_mm2())];
        let came_back = since_least.is_none() && product > 0.0;
        let rose = since_least.is_some_and(|percent| percent >= PROGRESSION_PERCENT);
        let by_product = since_first.map(|percent| match percent {
            _ if came_back || rose => ResponseClass::Progressive,
            _ if product == 0.0 => ResponseClass::Complete,
            percent if percent <= -PARTIAL_PERCENT => ResponseClass::Partial,
            percent if percent <= -MINOR_PERCENT => ResponseClass::Minor,
            _ => ResponseClass::Stable,
        });
        let is_new = new_lesions.is_some_and(|count| count > 0);
        let class = if is_new { Some(ResponseClass::Progressive) } else { by_product };
        Some(Self {
            class,
            by_product,
            since_first_percent: since_first,
            since_least_percent: since_least,
            least,
            new_lesions,
            is_measurable: [first, last].map(TimePoint::is_measurable),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::time_point::tests::study;
    use super::*;

    /// Studies with these products, of measurable lesions.
    fn studies(products: &[f64]) -> Vec<TimePoint> {
        products.iter().map(|&product| study(&[(product, true)])).collect()
    }

    fn class(products: &[f64]) -> Option<ResponseClass> {
        Response::of(&studies(products), None)?.class
    }

    #[test]
    fn classes_begin_where_the_criteria_say() {
        use ResponseClass::{Complete, Minor, Partial, Progressive, Stable};
        let cases = [
            (0.0, Complete),
            (400.0, Partial),
            (500.0, Partial),
            (501.0, Minor),
            (750.0, Minor),
            (751.0, Stable),
            (1000.0, Stable),
            (1249.0, Stable),
            (1250.0, Progressive),
            (4000.0, Progressive),
        ];
        for (product, expected) in cases {
            assert_eq!(class(&[1000.0, product]), Some(expected), "{product}");
        }
    }

    #[test]
    fn progression_counts_from_the_smallest_product() {
        assert_eq!(class(&[1000.0, 400.0, 480.0]), Some(ResponseClass::Partial));
        assert_eq!(class(&[1000.0, 400.0, 500.0]), Some(ResponseClass::Progressive));
        let response = Response::of(&studies(&[1000.0, 400.0, 600.0, 500.0]), None).unwrap();
        assert_eq!((response.least, response.since_first_percent), (1, Some(-50.0)));
        assert_eq!(response.since_least_percent, Some(25.0));
        assert_eq!(class(&[1000.0, 0.0, 300.0]), Some(ResponseClass::Progressive), "it came back");
    }

    #[test]
    fn all_lesions_that_count_decide_and_not_the_largest_alone() {
        let of = |studies: &[&[(f64, bool)]]| {
            let mut points: Vec<TimePoint> = studies.iter().map(|products| study(products)).collect();
            TimePoint::count_alike(&mut points);
            Response::of(&points, None).unwrap().class
        };
        // The largest stays as it is, the second grows or shrinks.
        assert_eq!(
            of(&[&[(1000.0, true), (400.0, true)], &[(1000.0, true), (800.0, true)]]),
            Some(ResponseClass::Progressive)
        );
        assert_eq!(
            of(&[&[(1000.0, true), (900.0, true)], &[(1000.0, true), (200.0, true)]]),
            Some(ResponseClass::Minor)
        );
        assert_eq!(of(&[&[(1000.0, true), (900.0, true)], &[(900.0, true)]]), Some(ResponseClass::Partial));
    }

    #[test]
    fn a_new_lesion_is_progression_whatever_the_product() {
        let of = |count| Response::of(&studies(&[1000.0, 300.0]), count).unwrap();
        assert_eq!(of(Some(1)).class, Some(ResponseClass::Progressive));
        assert_eq!(of(Some(1)).by_product, Some(ResponseClass::Partial));
        for looked in [Some(0), None] {
            assert_eq!(of(looked).class, Some(ResponseClass::Partial));
        }
        let first = Response::of(&studies(&[0.0, 300.0]), Some(1)).unwrap();
        assert_eq!((first.class, first.by_product), (Some(ResponseClass::Progressive), None), "the first one ever");
    }

    #[test]
    fn without_a_first_lesion_there_is_no_class() {
        assert_eq!(class(&[0.0, 500.0]), None);
        assert!(Response::of(&studies(&[500.0]), None).is_none() && Response::of(&[], None).is_none());
        let mut two = studies(&[500.0, 500.0]);
        two[0].lesions[0].measurable_slices = 1;
        assert_eq!(Response::of(&two, None).unwrap().is_measurable, [false, true]);
    }
}
