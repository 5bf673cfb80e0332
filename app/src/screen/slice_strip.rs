//! Everything that is open, as thumbnails.

use leptos::html;
use leptos::prelude::*;
use protocol::FileId;

use crate::app::App;
use crate::documents::Documents;
use crate::documents::entry::{Content, Entry};
use crate::documents::pairing::stem;
use crate::language::text;
use crate::viewport::Sequences;
use crate::viewport::canvas::{self, Canvas};
use crate::viewport::projection::CanvasFromSlice;

/// Side of a thumbnail, in pixels.
const THUMBNAIL: usize = 96;
/// Characters of a name that fit below it.
const CAPTION: usize = 13;

/// The slices, one below the other (side by side on a phone); a study is one place, shown by its middle slice.
#[component]
pub fn SliceStrip() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let places = Memo::new(move |_| {
        documents.entries.with(|entries| {
            let first =
                |at: usize| entries[at].study().is_none() || at == 0 || entries[at - 1].study() != entries[at].study();
            (0..entries.len()).filter(|&at| first(at)).map(|at| entries[at].clone()).collect::<Vec<_>>()
        })
    });
    let opening = move || documents.opening.with(|opening| opening.len());
    view! {
        <nav class="strip" data-panel="strip" aria-label=text!("strip") class:empty=move || places.with(Vec::is_empty) && opening() == 0>
            <For each=move || places.get() key=|entry| (entry.id, entry.name.clone()) let:entry>
                <Thumbnail entry/>
            </For>
            <Show when=move || opening() != 0>
                <p class="opening" data-opening=opening role="status"><span class="spinner"></span>{move || text!("reading-files", count = opening()).written()}</p>
            </Show>
        </nav>
    }
}

#[component]
fn Thumbnail(entry: Entry) -> impl IntoView {
    let app = expect_context::<App>();
    let documents = expect_context::<Documents>();
    let surface = NodeRef::<html::Canvas>::new();
    let Entry { id, name, content } = entry.clone();
    let study = entry.study();
    let belongs = move |other: FileId| match study {
        Some(study) => documents.study(study).is_some_and(|study| study.holds(other)),
        None => other == id,
    };
    let selected = Memo::new(move |_| documents.selected.get().is_some_and(belongs));
    let picture = move || match &content {
        Content::Lone(picture) => Some((**picture).clone()),
        Content::Slice { study, .. } => documents.study(*study).map(|study| study.picture(study.slices() / 2)),
    };
    Effect::new(move |_| {
        if let (Some(element), Some(picture)) = (surface.get(), picture()) {
            let thumbnail = Canvas::of(element);
            let image = canvas::slice(&picture, Sequences::One(1), picture.levels);
            let side = THUMBNAIL as f64;
            let place = CanvasFromSlice::within(picture.size(), picture.aspect(), (0.0, 0.0), (side, side));
            thumbnail.stamp_image(&image, place);
        }
    });
    // The strip follows what is on screen, by itself: nothing else may move with it, as it would by `scrollIntoView`.
    let frame = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let (true, Some(frame)) = (selected.get(), frame.get()) {
            request_animation_frame(move || reveal(&frame));
        }
    });
    // Back to the slice of the study that was seen last.
    let seen = StoredValue::new(None::<FileId>);
    Effect::new(move |_| {
        if let Some(shown) = documents.selected.get().filter(|shown| belongs(*shown)) {
            seen.set_value(Some(shown));
        }
    });
    let pick = move |_| {
        let middle = study.and_then(|study| documents.study(study)).map(|study| study.slice_id(study.slices() / 2));
        documents.select(seen.get_value().filter(|seen| belongs(*seen)).or(middle).unwrap_or(id));
    };
    let name = match study.and_then(|study| documents.study(study)) {
        Some(study) => study.info.name.clone(),
        None => name,
    };
    // The whole name is in the tooltip; its end, where the slice's number stands, is what tells neighbours apart.
    let stem = stem(&name).trim_end_matches(".nii");
    let short = match stem.char_indices().rev().nth(CAPTION - 1) {
        Some((start, _)) if start > 0 => format!("…{}", &stem[start..]),
        _ => stem.to_owned(),
    };
    view! {
        <div class="thumbnail" data-thumbnail=name.clone() node_ref=frame class:selected=move || selected.get()>
            <button class="pick" data-pick="" title=name.clone() aria-current=move || selected.get().to_string() on:click=pick>
                <canvas node_ref=surface width=THUMBNAIL height=THUMBNAIL></canvas>
                <span>{short}</span>
            </button>
            <button class="quiet close" data-close="" aria-label=text!("close-slice", name = &name) on:click=move |_| app.close(id)>"×"</button>
        </div>
    }
}

/// Scrolls what an element lies in no further than it takes to show the element.
fn reveal(element: &web_sys::HtmlDivElement) {
    let Some(strip) = element.parent_element() else { return };
    let (inner, outer) = (element.get_bounding_client_rect(), strip.get_bounding_client_rect());
    let down = way((inner.top(), inner.bottom()), (outer.top(), outer.bottom()));
    let across = way((inner.left(), inner.right()), (outer.left(), outer.right()));
    strip.set_scroll_top(strip.scroll_top() + down as i32);
    strip.set_scroll_left(strip.scroll_left() + across as i32);
}

/// How far a span has to move within another to be seen, in whole pixels.
fn way((start, end): (f64, f64), (first, last): (f64, f64)) -> f64 {
    if start < first {
        (start - first).floor()
    } else if end > last {
        (end - last).ceil().min((start - first).floor())
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_moves_no_further_than_it_has_to() {
        let window = (100.0, 400.0);
        assert_eq!(way((150.0, 250.0), window), 0.0);
        assert_eq!(way((380.0, 480.0), window), 80.0);
        assert_eq!(way((40.0, 140.0), window), -60.0);
        assert_eq!(way((150.0, 900.0), window), 50.0, "its beginning stays in sight");
    }
}
