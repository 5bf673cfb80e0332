//! The JSON of DICOM's attributes (PS3.18 F) into their values.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::words::person_name;

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

/// A person's name, as the page writes it.
pub fn name(object: &JsValue, tag: &str) -> String {
    person_name(&get(&values(object, tag).get(0), "Alphabetic").as_string().unwrap_or_default())
}
