//! Measures as people read them: one way for panel, plot, report and pictures.

/// mm² in a cm²; areas from there on are written in cm².
const CM2: f64 = 100.0;

/// A marked area: in mm² or cm² where it is known how large a pixel is, in pixels elsewhere.
pub fn area(px: usize, mm2: Option<f64>) -> String {
    mm2.map_or_else(|| format!("{px} px"), |mm2| with_unit(mm2, "mm²"))
}

/// A marked volume: in ml where it is known how large a voxel is.
pub fn volume(voxels: usize, ml: Option<f64>) -> String {
    let counted = || crate::words::counted(voxels, "voxel");
    ml.map_or_else(counted, |ml| with_unit(ml, "ml"))
}

/// Two diameters in mm or px, perpendicular to each other: "82.4 × 73.4 mm".
pub fn diameters(longest: f64, perpendicular: f64, unit: &str) -> String {
    format!("{longest:.1} × {perpendicular:.1} {unit}")
}

/// The product of two diameters in mm or px, an area.
pub fn product(product: f64, unit: &str) -> String {
    match unit {
        "mm" => with_unit(product, "mm²"),
        _ => area(product.round() as usize, None),
    }
}

/// An area, a volume or a length with its unit: areas from 1 cm² on in cm², and as many digits as anybody reads.
pub fn with_unit(value: f64, unit: &str) -> String {
    match (unit, value) {
        ("mm²", area) if area >= CM2 => with_unit(area / CM2, "cm²"),
        ("ml", volume) if volume > 0.0 && volume < 1.0 => format!("{volume:.2} ml"),
        (_, value) if value >= 100.0 => format!("{value:.0} {unit}"),
        _ => format!("{value:.1} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_read_in_cm2_from_one_on() {
        for (mm2, written) in [
            (0.0, "0.0 mm²"),
            (3.26, "3.3 mm²"),
            (99.9, "99.9 mm²"),
            (100.0, "1.0 cm²"),
            (1913.4, "19.1 cm²"),
            (12_345.0, "123 cm²"),
        ] {
            assert_eq!(area(7, Some(mm2)), written);
        }
        assert_eq!(area(3320, None), "3320 px");
    }

    #[test]
    fn volumes_are_read_in_ml() {
        for (ml, written) in [(0.0, "0.0 ml"), (0.04, "0.04 ml"), (14.62, "14.6 ml"), (142.3, "142 ml")] {
            assert_eq!(volume(7, Some(ml)), written);
        }
        assert_eq!([1, 7409].map(|voxels| volume(voxels, None)), ["1 voxel", "7409 voxels"]);
    }

    #[test]
    fn lengths_and_their_products_have_units_that_fit() {
        assert_eq!(diameters(82.41, 73.38, "mm"), "82.4 × 73.4 mm");
        assert_eq!(product(6047.0, "mm"), "60.5 cm²");
        assert_eq!(product(42.0, "mm"), "42.0 mm²");
        assert_eq!(product(6768.4, "px"), "6768 px");
    }
}
