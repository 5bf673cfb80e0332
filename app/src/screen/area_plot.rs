//! Tumour area slice by slice, below the viewer; a click goes there.

use leptos::html;
use leptos::prelude::*;
use web_sys::{PointerEvent, WheelEvent};

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::viewport::canvas::Canvas;
use crate::viewport::theme;
use crate::viewport::wheel::{Wheel, notches};

/// The plot; nothing while no study is on screen.
#[component]
pub fn AreaPlot() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let surface = NodeRef::<html::Canvas>::new();
    let number =
        Memo::new(move |_| documents.study_on_screen().filter(|study| study.slices() > 1).map(|s| s.info.study));
    let index =
        Memo::new(move |_| documents.picture.with(|picture| picture.as_ref().map_or(0, |picture| picture.index)));
    let areas =
        Memo::new(move |_| {
            let study = documents.study(number.get()?)?;
            Some(annotation.masks.with(|masks| {
                study.slice_ids().map(|id| masks.get(&id).map(|found| found.area_px)).collect::<Vec<_>>()
            }))
        });
    Effect::new(move |_| {
        let (Some(element), Some(areas)) = (surface.get(), areas.get()) else { return };
        let view = Canvas::of(element);
        let (width, height, density) = view.fit();
        view.clear(theme::PANEL);
        let each = width / areas.len() as f64;
        let largest = areas.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
        let context = view.context();
        for (at, area) in areas.iter().enumerate() {
            let left = at as f64 * each;
            let bar = (each - 1.0).max(1.0);
            match area {
                None => context.set_fill_style_str(theme::BAR_UNKNOWN),
                Some(0) => context.set_fill_style_str(theme::BAR_EMPTY),
                Some(_) => context.set_fill_style_str(theme::BAR_TUMOUR),
            }
            let tall = area.map_or(2.0 * density, |area| (area as f64 / largest * (height - 6.0)).max(2.0 * density));
            context.fill_rect(left, height - tall, bar, tall);
        }
        context.set_fill_style_str(theme::CROSSHAIR);
        context.fill_rect((index.get() as f64 + 0.5) * each - density, 0.0, 2.0 * density, height);
    });
    let point = move |event: PointerEvent| {
        let Some(element) = surface.get_untracked() else { return };
        let study = number.get_untracked().and_then(|id| documents.study(id));
        if let Some(study) = study {
            let share = f64::from(event.offset_x()) / f64::from(element.client_width().max(1));
            let slice = (share * study.slices() as f64).clamp(0.0, study.slices() as f64 - 1.0) as usize;
            documents.select(study.slice_id(slice));
        }
    };
    let dragged = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            point(event);
        }
    };
    let wheel = StoredValue::new(Wheel::default());
    let turned = move |event: WheelEvent| {
        event.prevent_default();
        let turn = |wheel: &mut Wheel| wheel.turn(notches(&event), event.time_stamp());
        documents.scroll(wheel.try_update_value(turn).unwrap_or_default());
    };
    view! {
        <Show when=move || number.get().is_some()>
            <canvas
                class="area-plot" data-view="areas" node_ref=surface role="slider" tabindex="0"
                aria-label="Tumour area of each slice; the slice on screen"
                aria-valuenow=move || (index.get() + 1).to_string()
                on:pointerdown=point on:pointermove=dragged on:wheel=turned
            ></canvas>
        </Show>
    }
}
