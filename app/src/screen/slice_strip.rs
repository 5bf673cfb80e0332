//! Everything that is open, as thumbnails.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use protocol::FileId;

use crate::canvas::{self, Canvas, Place};
use crate::pairing::stem;
use crate::session::{Picture, Sequences, Session};

/// Side of a thumbnail, in pixels.
const THUMBNAIL: usize = 96;
/// Characters of a name that fit below it.
const CAPTION: usize = 13;

/// The slices, one below the other (side by side on a phone).
#[component]
pub fn SliceStrip() -> impl IntoView {
    let session = expect_context::<Session>();
    let places = Memo::new(move |_| {
        session.entries.with(|entries| {
            entries.iter().map(|entry| (entry.id, entry.name.clone(), entry.picture.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <nav class="strip" aria-label="Slices" class:empty=move || places.with(Vec::is_empty)>
            <For each=move || places.get() key=|(id, _, picture)| (*id, picture.is_some()) let:place>
                <Thumbnail id=place.0 name=place.1 picture=place.2/>
            </For>
        </nav>
    }
}

#[component]
fn Thumbnail(id: FileId, name: String, picture: Option<Arc<Picture>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let surface = NodeRef::<html::Canvas>::new();
    let selected = move || session.selected.get() == Some(id);
    Effect::new(move |_| {
        if let (Some(element), Some(picture)) = (surface.get(), &picture) {
            let thumbnail = Canvas::of(element);
            let image = canvas::slice(picture, Sequences::One(1));
            let side = THUMBNAIL as f64;
            let place = Place::within(picture.info.width, picture.info.height, (0.0, 0.0), (side, side));
            thumbnail.stamp_image(&image, place);
        }
    });
    // The whole name is in the tooltip; its end, where the slice's number stands, is what tells neighbours apart.
    let stem = stem(&name);
    let short = match stem.char_indices().rev().nth(CAPTION - 1) {
        Some((start, _)) if start > 0 => format!("…{}", &stem[start..]),
        _ => stem.to_owned(),
    };
    view! {
        <div class="thumbnail" class:selected=selected>
            <button class="pick" title=name.clone() aria-current=move || selected().to_string() on:click=move |_| session.select(id)>
                <canvas node_ref=surface width=THUMBNAIL height=THUMBNAIL></canvas>
                <span>{short}</span>
            </button>
            <button class="quiet close" aria-label=format!("Close {name}") on:click=move |_| session.close(id)>"×"</button>
        </div>
    }
}
