//! Floats of a file into intensities: what is no number is dark, and a few far beyond all others hide nothing.

use imaging::range_without_outliers;

use crate::series::SeriesWarning;

/// Makes what is no number as dark as the darkest, and confines outliers; says how many there were.
pub(crate) fn settle(values: &mut [f32]) -> Vec<SeriesWarning> {
    let mut said = Vec::new();
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let (darkest, brightest) = (finite().reduce(f32::min).unwrap_or(0.0), finite().reduce(f32::max).unwrap_or(0.0));
    let range = [darkest, brightest].map(f64::from);
    let confined = range_without_outliers(values.iter().map(|&v| v.into()), range);
    let [low, high] = confined.map_or([darkest, brightest], |range| range.map(|end| end as f32));
    let (mut none, mut outliers) = (0, 0);
    for value in values {
        if !value.is_finite() {
            none += 1;
            *value = darkest.max(low);
        } else if !(low..=high).contains(value) {
            outliers += 1;
            *value = value.clamp(low, high);
        }
    }
    if none > 0 {
        said.push(SeriesWarning::NotFinite(none));
    }
    if outliers > 0 {
        said.push(SeriesWarning::Outliers(outliers));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_dark_and_outliers_are_confined() {
        let mut values: Vec<f32> = (0..1000).map(|at| at as f32).collect();
        assert_eq!(settle(&mut values.clone()), []);
        (values[3], values[4]) = (f32::NAN, 1e30);
        assert_eq!(settle(&mut values), [SeriesWarning::NotFinite(1), SeriesWarning::Outliers(1)]);
        assert_eq!((values[3], values[5], values[999]), (0.0, 5.0, 999.0));
        assert!((1000.0..10_000.0).contains(&values[4]), "{}", values[4]);
        let mut none = [f32::NAN; 4];
        assert_eq!((settle(&mut none), none), (vec![SeriesWarning::NotFinite(4)], [0.0; 4]));
    }
}
