//! The wheel goes through the slices, wherever it is turned.

use leptos::prelude::*;
use web_sys::WheelEvent;

use crate::documents::Documents;
use crate::viewport::wheel::{Wheel, notches};

/// What a view does with a turn of the wheel over it.
pub fn scrolls(documents: Documents) -> impl Fn(WheelEvent) + Copy {
    let wheel = StoredValue::new(Wheel::default());
    move |event| {
        event.prevent_default();
        let turn = |wheel: &mut Wheel| wheel.turn(notches(&event), event.time_stamp());
        documents.scroll(wheel.try_update_value(turn).unwrap_or_default());
    }
}
