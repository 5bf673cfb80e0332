//! The slice in the sequences that the main view does not show, beside it: at the same enlargement, with the same mask.

use leptos::html;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlCanvasElement;

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::language::text;
use crate::parts::{self, Fetched};
use crate::screen::scroll::scrolls;
use crate::viewport::canvas::{self, Canvas, MaskStyle, SendCanvas};
use crate::viewport::projection::CanvasFromSlice;
use crate::viewport::theme;
use crate::viewport::{Layout, Sequences, Viewport};

/// Two views, while they are asked for and the slice has several sequences.
#[component]
pub fn SequenceViews() -> impl IntoView {
    let viewport = expect_context::<Viewport>();
    let others = Memo::new(move |_| {
        let main = viewport.sequences.get().leading();
        let shown = viewport.shown_layout() == Layout::Sequences;
        (0..Sequences::COUNT).filter(|&at| shown && at != main).collect::<Vec<_>>()
    });
    parts::view_when(move || others.with(|others| !others.is_empty()), move || sequence_views(others))
}

#[wasm_split(study, fallible)]
fn sequence_views(others: Memo<Vec<usize>>) -> Fetched<AnyView> {
    let views = view! {
        <div class="sequence-views">
            <For each=move || others.get() key=|at| *at let:at><SequenceView at/></For>
        </div>
    };
    Ok(views.into_any())
}

#[component]
fn SequenceView(at: usize) -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let viewport = expect_context::<Viewport>();
    let surface = NodeRef::<html::Canvas>::new();
    let image = Memo::new_with_compare(
        move |_| {
            let picture = documents.picture.get()?;
            Some(SendCanvas::new(canvas::slice(&picture, Sequences::One(at), viewport.levels_of(&picture))))
        },
        |_, _| true,
    );
    let outline = Memo::new_with_compare(move |_| annotation.shown_contour(), |_, _| true);
    // The views are of one size, so what lies at a place in one lies there in all.
    Effect::new(move |_| {
        let (Some(element), Some(place)) = (surface.get(), viewport.canvas_from_slice.get()) else { return };
        let (view, place, density) = image.with(|image| begun(element, place, image.as_ref()));
        outline.with(|outline| {
            let Some(outline) = outline else { return };
            let colour = theme::mask(documents.doubt().is_some());
            let style = MaskStyle {
                overlay: viewport.overlay.get(),
                colour,
                opacity: viewport.opacity.get(),
                line: 2.0 * density,
            };
            view.draw_mask(outline, place, style);
        });
    });
    let turned = scrolls(documents);
    let pointed = move || {
        let point = viewport.pointer.get()?;
        Some(viewport.canvas_from_slice.get()?.canvas_point(point))
    };
    let px = |at: Option<f64>| format!("{:.1}px", at.unwrap_or_default());
    let take = move |_| viewport.sequences.set(Sequences::One(at));
    view! {
        <figure class="sequence-view" data-order=at.to_string() data-sequence=at.to_string()>
            <canvas
                node_ref=surface
                role="button"
                tabindex="0"
                aria-label=text!("work-on", name = Sequences::name(at))
                title=text!("work-on", name = Sequences::name(at))
                on:wheel=turned
                on:click=take
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        viewport.sequences.set(Sequences::One(at));
                    }
                }
            ></canvas>
            <i
                class="pointed" data-mark="pointed"
                hidden=move || pointed().is_none()
                style:left=move || px(pointed().map(|at| at.0))
                style:top=move || px(pointed().map(|at| at.1))
            ></i>
            <figcaption>{Sequences::name(at)}</figcaption>
        </figure>
    }
}

/// A view beside the main one, of the same size, with nothing but its image: its surface, where the slice lies on it, and its pixels
/// for one of CSS.
pub(super) fn begun(
    element: HtmlCanvasElement,
    place: CanvasFromSlice,
    image: Option<&SendCanvas>,
) -> (Canvas, CanvasFromSlice, f64) {
    let view = Canvas::of(element);
    let (_, _, density) = view.fit();
    let place = place.enlarged(density);
    view.clear(theme::AROUND_SLICE);
    image.into_iter().for_each(|image| view.stamp_image(image, place));
    (view, place, density)
}
