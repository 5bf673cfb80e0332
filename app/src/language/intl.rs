//! The browser's `Intl` as the conventions of a language.

use std::cell::RefCell;

use js_sys::Intl::{DateTimeFormat, NumberFormat, PluralRules};
use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::JsValue;

use super::conventions::Conventions;

/// `Intl` for one language and region.
pub struct Intl {
    locale: Array,
    /// Writers of numbers, by the digits behind the point.
    numbers: RefCell<Vec<Option<Function>>>,
    plurals: PluralRules,
    dates: Function,
}

impl Intl {
    /// For a locale that the browser named, such as "de-CH".
    pub fn of(locale: &str) -> Self {
        let locale = Array::of1(&locale.into());
        // A day has no zone: the browser's own would turn some into the day before.
        let date = options(&[("dateStyle", "medium".into()), ("timeZone", "UTC".into())]);
        Self {
            numbers: RefCell::default(),
            plurals: PluralRules::new(&locale, &Object::new()),
            dates: DateTimeFormat::new(&locale, &date).format(),
            locale,
        }
    }

    fn writer(&self, digits: usize) -> Function {
        let mut writers = self.numbers.borrow_mut();
        if writers.len() <= digits {
            writers.resize(digits + 1, None);
        }
        let new = || {
            let digits = JsValue::from(digits as f64);
            // Numbers of pixels are read next to those of files, which have no marks between thousands.
            let grouping = ("useGrouping", JsValue::FALSE);
            let options =
                options(&[("minimumFractionDigits", digits.clone()), ("maximumFractionDigits", digits), grouping]);
            NumberFormat::new(&self.locale, &options).format()
        };
        writers[digits].get_or_insert_with(new).clone()
    }
}

impl Conventions for Intl {
    fn number(&self, value: f64, digits: usize) -> String {
        let written = self.writer(digits).call1(&JsValue::NULL, &value.into()).ok();
        written.and_then(|written| written.as_string()).unwrap_or_else(|| format!("{value:.digits$}"))
    }

    fn plural(&self, count: f64) -> String {
        self.plurals.select(count).into()
    }

    fn date(&self, iso: &str) -> Option<String> {
        // Days alone: the browser reads much else for one.
        let is_day = iso.len() == 10 && iso.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let time = Date::new(&iso.into()).get_time();
        if !is_day || time.is_nan() {
            return None;
        }
        self.dates.call1(&JsValue::NULL, &time.into()).ok()?.as_string()
    }
}

fn options(named: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in named {
        drop(Reflect::set(&options, &(*name).into(), value));
    }
    options
}
