//! A slider with its name and value above it, and a tick where it stands at first.

use imaging::{log_odds, probability};
use leptos::prelude::*;

use crate::annotation::Annotation;
use crate::annotation::tool::BRUSH_PX;
use crate::language::{Text, Value, decimal, text};
use crate::results::written;

/// Log-odds of the thresholds at both ends of a sensitivity, 0.993 and 0.0009: a network is sure of most pixels, so the
/// outline moves with thresholds near 0 and 1 and hardly with those between.
const STRICT: f32 = 5.0;
const SENSITIVE: f32 = -7.0;

/// How far along its way a slider stands at a value, and how the value is written; both may depend on where it stands at
/// first.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    place: fn(f32, f32) -> f32,
    value: fn(f32, f32) -> f32,
    written: fn(f32, f32) -> String,
    low: f32,
    high: f32,
    step: f32,
}

impl Scale {
    /// Values from 0 to 1.
    pub const SHARE: Self = Self {
        place: |value, _| value,
        value: |place, _| place,
        written: |value, _| decimal(value.into(), 2),
        low: 0.0,
        high: 1.0,
        step: 0.01,
    };
    /// The same in per cent.
    pub const PERCENT: Self = Self {
        written: |value, _| text!("share-exactly", percent = Value::fixed(100.0 * value, 0)).written(),
        ..Self::SHARE
    };
    /// Thresholds, the lower the farther to the right: the model's own is in the middle, and each half reaches to its end in
    /// even steps of the log-odds.
    pub const SENSITIVITY: Self = Self {
        place: sensitivity,
        value: threshold,
        written: |threshold, own| match sensitivity(threshold, own) {
            0.0 => text!("sensitivity-default").written(),
            place => format!("{place:+.0}").replace('-', "−"),
        },
        low: -100.0,
        high: 100.0,
        step: 1.0,
    };
    /// Radii of a brush, in pixels of the slice.
    pub const RADIUS: Self = Self {
        written: |value, _| text!("pixels-of-radius", radius = Value::fixed(value, 1)).written(),
        low: BRUSH_PX.0 as f32,
        high: BRUSH_PX.1 as f32,
        step: 0.5,
        ..Self::SHARE
    };
}

/// What is said of the sensitivity under the pointer: the number behind it.
pub(super) fn sensitivity_title(annotation: Annotation) -> Signal<String> {
    Signal::derive(move || {
        let threshold = annotation.threshold.get();
        text!("sensitivity-title", threshold = written::exact(threshold)).written()
    })
}

/// Where a threshold stands among more and less sensitive ones: -100 to 100, 0 for the model's own.
fn sensitivity(threshold: f32, own: f32) -> f32 {
    let (at, own) = (log_odds(threshold), log_odds(own));
    let end = if at > own { STRICT } else { SENSITIVE };
    let share = if at == own { 0.0 } else { ((at - own) / (end - own)).clamp(0.0, 1.0) };
    let place = (100.0 * share).round();
    if at > own { -place } else { place }
}

/// The threshold of a sensitivity.
fn threshold(place: f32, own: f32) -> f32 {
    if place == 0.0 {
        return own;
    }
    let middle = log_odds(own);
    let end = if place < 0.0 { STRICT } else { SENSITIVE };
    probability(middle + (end - middle) * place.abs() / 100.0)
}

/// Who passes `hidden` may find the bar wrapped anew when it comes; `disabled` keeps its place.
#[component]
pub(super) fn Slider(
    #[prop(into)] name: Text,
    /// What it is called where the name alone says too little.
    #[prop(default = name.clone())]
    label: Text,
    /// What tests know it by.
    #[prop(optional)]
    key: &'static str,
    scale: Scale,
    #[prop(into)] value: Signal<f32>,
    /// Where it stands at first: a tick is there, and a double click goes there.
    #[prop(optional, into)]
    default: Option<Signal<f32>>,
    /// What is said of it under the pointer.
    #[prop(optional, into)]
    title: Option<Signal<String>>,
    set: impl Fn(f32) + Clone + 'static,
    #[prop(optional, into)] hidden: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let first = move || default.map_or(0.0, |default| default.get());
    let first_now = move || default.map_or(0.0, |default| default.get_untracked());
    let back = {
        let set = set.clone();
        move |_| {
            if default.is_some() {
                set(first_now());
            }
        }
    };
    let input = move |event: web_sys::Event| {
        if let Ok(place) = event_target_value(&event).parse() {
            set((scale.value)(place, first_now()));
        }
    };
    let place = move || (scale.place)(value.get(), first());
    let written = move || (scale.written)(value.get(), first());
    let spoken = move || match title {
        Some(title) => format!("{}. {}", written(), title.get()),
        None => written(),
    };
    // The thumb's middle never reaches the ends of its way: half of it has to stay inside.
    let tick = move || {
        let share = ((scale.place)(first(), first()) - scale.low) / (scale.high - scale.low);
        format!("calc({:.2}% + {:.3}rem)", 100.0 * share, 0.5 - share)
    };
    view! {
        <label class="slider" hidden=move || hidden.get() title=move || title.map(|title| title.get())>
            <span>{name}" "<output>{written}</output></span>
            <span class="way">
                {default.is_some().then(|| view! { <i class="tick" data-tick="" style:left=tick></i> })}
                <input
                    type="range"
                    aria-label=label
                    aria-valuetext=spoken
                    data-slider=key
                    data-value=move || value.get().to_string()
                    min=scale.low
                    max=scale.high
                    step=scale.step
                    disabled=move || disabled.get()
                    prop:value=move || place().to_string()
                    on:input=input
                    on:dblclick=back
                />
            </span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [f32; 3] = [0.03, 0.5, 0.25];

    #[test]
    fn the_default_is_the_middle_and_more_sensitive_is_to_the_right() {
        for own in OWN {
            assert_eq!((sensitivity(own, own), threshold(0.0, own)), (0.0, own));
            let thresholds: Vec<f32> = (-100..=100).map(|place| threshold(place as f32, own)).collect();
            assert!(thresholds.windows(2).all(|pair| pair[0] > pair[1]));
            assert!(thresholds[0] > 0.99 && thresholds[200] < 0.001);
        }
    }

    #[test]
    fn every_place_comes_back_from_its_threshold() {
        for own in OWN {
            for place in -100..=100 {
                assert_eq!(sensitivity(threshold(place as f32, own), own), place as f32, "of {own}");
            }
        }
        assert_eq!([0.0, 1.0].map(|threshold| sensitivity(threshold, 0.03)), [100.0, -100.0]);
    }

    #[test]
    fn a_sensitivity_is_written_from_the_default_on() {
        let written = |place| (Scale::SENSITIVITY.written)(threshold(place, 0.03), 0.03);
        assert_eq!([0.0, 12.0, -30.0].map(written), ["default", "+12", "−30"]);
    }
}
