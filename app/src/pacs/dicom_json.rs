//! The JSON of DICOM's attributes (PS3.18 F) into their values.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What an object has by a name.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// The values of an attribute, by its tag as eight digits.
pub fn values(object: &JsValue, tag: &str) -> Array {
    get(&get(object, tag), "Value").dyn_into().unwrap_or_default()
}

/// The first value as text, where it is one.
pub fn text(object: &JsValue, tag: &str) -> String {
    values(object, tag).get(0).as_string().unwrap_or_default()
}

/// The first value as a count; some archives write it as text.
pub fn count(object: &JsValue, tag: &str) -> usize {
    values(object, tag).get(0).unchecked_into_f64() as usize
}

/// A name, as lists have it: "Doe, Jane".
pub fn name(object: &JsValue, tag: &str) -> String {
    in_order(&get(&values(object, tag).get(0), "Alphabetic").as_string().unwrap_or_default())
}

/// The day of a date as others write it: "2024-02-01"; what is no date as it is.
pub fn day(date: &str) -> String {
    match date.len() == 8 && date.is_ascii() {
        true => format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        false => date.into(),
    }
}

fn in_order(name: &str) -> String {
    name.split('^').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_days_are_written_as_people_do() {
        assert_eq!(in_order("Doe^Jane^^Dr"), "Doe, Jane, Dr");
        assert_eq!(in_order(""), "");
        assert_eq!(day("20240201"), "2024-02-01");
        for odd in ["", "2024", "2024äää"] {
            assert_eq!(day(odd), odd);
        }
    }
}
