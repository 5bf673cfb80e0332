//! Measures as people read them: one way for panel, plot, report and pictures.

use crate::language::{Text, Value, decimal, text};

/// mm² in a cm²; areas from there on are written in cm².
const CM2: f64 = 100.0;

/// A marked area: in mm² or cm² where it is known how large a pixel is, in pixels elsewhere.
pub fn area(px: usize, mm2: Option<f64>) -> Text {
    mm2.map_or_else(|| text!("amount", value = px, unit = "px"), |mm2| with_unit(mm2, "mm²"))
}

/// A marked volume: in ml where it is known how large a voxel is.
pub fn volume(voxels: usize, ml: Option<f64>) -> Text {
    ml.map_or_else(|| text!("counted-voxels", count = voxels), |ml| with_unit(ml, "ml"))
}

/// Two diameters in mm or px, perpendicular to each other: "82.4 × 73.4 mm".
pub fn diameters(longest: f64, perpendicular: f64, unit: &str) -> Text {
    let [longest, across] = [longest, perpendicular].map(|length| Value::fixed(length, 1));
    text!("two-lengths", longest, across, unit)
}

/// The product of two diameters in mm or px, an area.
pub fn product(product: f64, unit: &str) -> Text {
    match unit {
        "mm" => with_unit(product, "mm²"),
        _ => text!("amount", value = product.round() as usize, unit = "px²"),
    }
}

/// A length in mm or px.
pub fn length(length: f64, unit: &str) -> Text {
    text!("amount", value = Value::fixed(length, 1), unit)
}

/// A number with its sign, as changes have.
pub fn signed(value: f64, digits: usize) -> String {
    let written = decimal(value, digits);
    let is_zero = written.chars().all(|digit| !digit.is_ascii_digit() || digit == '0');
    if value > 0.0 && !is_zero { format!("+{written}") } else { written }
}

/// A change with its unit.
pub fn change(value: f64, digits: usize, unit: &str) -> Text {
    text!("amount", value = signed(value, digits), unit)
}

/// A number in as few digits as tell it from its neighbours.
pub fn exact(number: f32) -> Value {
    let digits = number.to_string().split_once('.').map_or(0, |(_, behind)| behind.len());
    Value::fixed(number, digits)
}

/// An area or a volume with its unit: areas from 1 cm² on in cm², and as many digits as anybody reads.
fn with_unit(value: f64, unit: &str) -> Text {
    let digits = match (unit, value) {
        ("mm²", area) if area >= CM2 => return with_unit(area / CM2, "cm²"),
        ("ml", volume) if volume > 0.0 && volume < 1.0 => 2,
        (_, value) if value >= 100.0 => 0,
        _ => 1,
    };
    text!("amount", value = Value::fixed(value, digits), unit)
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
            assert_eq!(area(7, Some(mm2)).written(), written);
        }
        assert_eq!(area(3320, None).written(), "3320 px");
    }

    #[test]
    fn volumes_are_read_in_ml() {
        for (ml, written) in [(0.0, "0.0 ml"), (0.04, "0.04 ml"), (14.62, "14.6 ml"), (142.3, "142 ml")] {
            assert_eq!(volume(7, Some(ml)).written(), written);
        }
        assert_eq!([1, 7409].map(|voxels| volume(voxels, None).written()), ["1 voxel", "7409 voxels"]);
    }

    #[test]
    fn lengths_and_their_products_have_units_that_fit() {
        assert_eq!(diameters(82.41, 73.38, "mm").written(), "82.4 × 73.4 mm");
        assert_eq!(product(6047.0, "mm").written(), "60.5 cm²");
        assert_eq!(product(42.0, "mm").written(), "42.0 mm²");
        assert_eq!(length(7.25, "px").written(), "7.2 px");
        assert_eq!(product(6768.4, "px").written(), "6768 px²");
    }
}
