//! Tumour area slice by slice, below the viewer; a click, a drag, the wheel or the arrow keys go there.

use imaging::corner_from_middle;
use leptos::prelude::*;
use protocol::StudyId;
use wasm_split_helpers::wasm_split;
use web_sys::{KeyboardEvent, PointerEvent};

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::documents::study::Study;
use crate::language::text;
use crate::parts::{self, Fetched};
use crate::results::Results;
use crate::results::written;
use crate::screen::scroll::scrolls;

/// Numbers below the bars, at most.
const NUMBERS: usize = 8;
/// Height of the bar of a slice whose area is zero or unknown, as a share of the highest.
const LOWEST: f64 = 0.04;

/// A slice's bar.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bar {
    /// Marked pixels; none without an answer.
    area_px: Option<usize>,
    /// Whether a person corrected it.
    corrected: bool,
    /// Whether it is to be looked at.
    review: bool,
}

/// The plot; nothing while no study is on screen.
#[component]
pub fn AreaPlot() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let number =
        Memo::new(move |_| documents.study_on_screen().filter(|study| study.slices() > 1).map(|s| s.info.study));
    parts::view_when(move || number.with(Option::is_some), move || area_plot(number))
}

#[wasm_split(study, fallible, preload(fetch_study))]
pub fn area_plot(number: Memo<Option<StudyId>>) -> Fetched<AnyView> {
    Ok(view! { <Plot number/> }.into_any())
}

#[component]
fn Plot(number: Memo<Option<StudyId>>) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let study = move || number.get().and_then(|id| documents.study(id));
    let index =
        Memo::new(move |_| documents.picture.with(|picture| picture.as_ref().map_or(0, |picture| picture.index)));
    let bars = Memo::new(move |_| {
        let Some(study) = study() else { return Vec::new() };
        let to_review: Vec<usize> =
            results.review.with(|all| all.iter().filter(|item| !item.accepted).map(|item| item.index).collect());
        let areas: Vec<Option<usize>> = annotation
            .masks
            .with(|masks| study.slice_ids().map(|id| masks.get(&id).map(|found| found.area_px)).collect());
        let bar = |(at, &area_px): (usize, &Option<usize>)| Bar {
            area_px,
            corrected: annotation.is_corrected(study.slice_id(at)),
            review: to_review.contains(&at),
        };
        areas.iter().enumerate().map(bar).collect()
    });
    let largest = Memo::new(move |_| bars.with(|bars| bars.iter().filter_map(|bar| bar.area_px).max().unwrap_or(0)));
    let written = move |px: usize| {
        let mm2 = study().and_then(|study| study.info.spacing_mm).map(|[x, y, _]| px as f64 * x * y);
        written::area(px, mm2).written()
    };
    let said = move || {
        let bar = bars.with(|bars| bars.get(index.get()).copied());
        let slices = bars.with(Vec::len);
        let area = match bar.and_then(|bar| bar.area_px) {
            None => text!("not-segmented").written(),
            Some(0) => text!("no-tumour").written(),
            Some(px) => written(px),
        };
        let more = [
            (bar.is_some_and(|bar| bar.corrected), text!("corrected")),
            (bar.is_some_and(|bar| bar.review), text!("to-review")),
        ];
        let more: String = more.iter().filter(|(is, _)| *is).map(|(_, word)| format!(", {word}")).collect();
        text!("slice-said", number = index.get() + 1, slices, area = area + &more).written()
    };
    let go = move |study: &Study, slice: usize| documents.select(study.slice_id(slice.min(study.slices() - 1)));
    let point = move |event: &PointerEvent| {
        let bounds = event_target_bounds(event);
        if let (Some((left, width)), Some(study)) = (bounds, untrack(study)) {
            let share = ((f64::from(event.client_x()) - left) / width).clamp(0.0, 1.0);
            go(&study, (share * study.slices() as f64) as usize);
        }
    };
    let dragged = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            point(&event);
        }
    };
    let turned = scrolls(documents);
    // The other keys of a slider are those that change slices anyway.
    let pressed = move |event: KeyboardEvent| {
        let Some(study) = untrack(study) else { return };
        let last = study.slices() - 1;
        let at = index.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowRight" => (at + 1).min(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        go(&study, to);
    };
    let share = move |area_px: Option<usize>| match area_px {
        Some(px) if px > 0 => (px as f64 / largest.get().max(1) as f64).max(LOWEST),
        _ => LOWEST,
    };
    let drawn = move || {
        let here = index.get();
        bars.get()
            .into_iter()
            .enumerate()
            .map(|(at, bar)| {
                let kind = match bar.area_px {
                    None => "unknown",
                    Some(0) => "empty",
                    Some(_) => "tumour",
                };
                view! {
                    <i
                        class=if at == here { format!("{kind} here") } else { kind.to_owned() }
                        data-bar=kind
                        data-corrected=bar.corrected.then_some("")
                        data-review=bar.review.then_some("")
                        style:height=format!("{:.1}%", 100.0 * share(bar.area_px))
                    ></i>
                }
            })
            .collect_view()
    };
    let numbers = move || {
        let slices = bars.with(Vec::len);
        let middle = move |at: usize| format!("{:.2}%", 100.0 * corner_from_middle((at - 1) as f64) / slices as f64);
        numbered(slices).into_iter().map(|at| view! { <span style:left=middle(at)>{at}</span> }).collect_view()
    };
    view! {
        <Show when=move || number.get().is_some()>
            <div class="area-plot">
                <div class="area-name">
                    <span>{text!("area-by-slice")}</span>
                    <output data-fact="largest-area" hidden=move || largest.get() == 0>{move || text!("area-largest", area = written(largest.get())).written()}</output>
                </div>
                <div
                    class="area-bars" data-view="areas" role="slider" tabindex="0"
                    aria-label=text!("area-slider")
                    aria-orientation="horizontal"
                    aria-valuemin="1"
                    aria-valuemax=move || bars.with(Vec::len).to_string()
                    aria-valuenow=move || (index.get() + 1).to_string()
                    aria-valuetext=said
                    on:pointerdown=move |event| point(&event)
                    on:pointermove=dragged
                    on:wheel=turned
                    on:keydown=pressed
                >{drawn}</div>
                <div class="area-numbers" aria-hidden="true">{numbers}</div>
            </div>
        </Show>
    }
}

/// Left edge and width of what an event is heard by, in the window.
fn event_target_bounds(event: &PointerEvent) -> Option<(f64, f64)> {
    use wasm_bindgen::JsCast;
    let element: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let bounds = element.get_bounding_client_rect();
    (bounds.width() > 0.0).then_some((bounds.left(), bounds.width()))
}

/// Slices whose numbers are written, from 1: the first, round ones, and the last.
fn numbered(slices: usize) -> Vec<usize> {
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| slices / step < NUMBERS).unwrap_or(1000);
    let round = (1..=slices).filter(|at| *at == 1 || at % step == 0);
    // One beside the last has no room.
    let mut all: Vec<usize> = round.filter(|at| *at == slices || slices - at > step / 2).collect();
    if all.last() != Some(&slices) && slices > 0 {
        all.push(slices);
    }
    // Nor has one beside the first.
    all.retain(|at| *at == 1 || *at == slices || *at > step / 2 + 1);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_numbers_at_most_are_written_the_first_and_the_last_among_them() {
        assert_eq!(numbered(5), [1, 2, 3, 4, 5]);
        assert_eq!(numbered(23), [1, 5, 10, 15, 20, 23]);
        assert_eq!(numbered(60), [1, 10, 20, 30, 40, 50, 60]);
        for slices in 1..700 {
            let all = numbered(slices);
            assert!(all.len() <= NUMBERS + 2 && all[0] == 1 && all[all.len() - 1] == slices, "{slices}: {all:?}");
        }
    }
}
