//! A slider with its name and value above it.

use imaging::{log_odds, probability};
use leptos::prelude::*;

use crate::annotation::tool::BRUSH_PX;
use crate::language::{Text, Value, decimal, text};

/// How far along its way a slider stands at a value, and how the value is written.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    place: fn(f32) -> f32,
    value: fn(f32) -> f32,
    written: fn(f32) -> String,
    low: f32,
    high: f32,
    step: f32,
}

impl Scale {
    /// Values from 0 to 1.
    pub const SHARE: Self = Self {
        place: |value| value,
        value: |place| place,
        written: |value| decimal(value.into(), 2),
        low: 0.0,
        high: 1.0,
        step: 0.01,
    };
    /// Probabilities from 0.007 to 0.993 by their log-odds: a network is sure of most pixels, so the outline moves with
    /// thresholds near 0 and 1 and hardly with those between.
    pub const LOG_ODDS: Self =
        Self { place: log_odds, value: probability, low: -5.0, high: 5.0, step: 0.1, ..Self::SHARE };
    /// Radii of a brush, in pixels of the slice.
    pub const RADIUS: Self = Self {
        written: |value| text!("pixels-of-radius", radius = Value::fixed(value, 1)).written(),
        low: BRUSH_PX.0 as f32,
        high: BRUSH_PX.1 as f32,
        step: 0.5,
        ..Self::SHARE
    };
}

/// Who passes `hidden` may find the bar wrapped anew when it comes; `disabled` keeps its place.
#[component]
pub(super) fn Slider(
    #[prop(into)] name: Text,
    /// What it is called where the name alone says too little.
    #[prop(default = name.clone())]
    label: Text,
    scale: Scale,
    #[prop(into)] value: Signal<f32>,
    set: impl Fn(f32) + 'static,
    #[prop(optional, into)] hidden: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let input = move |event: web_sys::Event| {
        if let Ok(place) = event_target_value(&event).parse() {
            set((scale.value)(place));
        }
    };
    let written = move || (scale.written)(value.get());
    view! {
        <label class="slider" hidden=move || hidden.get()>
            <span>{name}" "<output>{written}</output></span>
            <input
                type="range"
                aria-label=label
                aria-valuetext=written
                min=scale.low
                max=scale.high
                step=scale.step
                disabled=move || disabled.get()
                prop:value=move || (scale.place)(value.get()).to_string()
                on:input=input
            />
        </label>
    }
}
