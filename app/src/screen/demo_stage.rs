//! What the page says while it shows itself, and the pointer that it shows itself with.

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::demo::Demo;
use crate::language::text;
use crate::parts::{self, Fetched};
use crate::screen::icon::Icon;

/// Over everything, so that the touch that ends the demonstration does nothing else; nothing while it does not play.
#[component]
pub fn DemoStage() -> impl IntoView {
    let demo = expect_context::<Demo>();
    let plays = Memo::new(move |_| demo.plays());
    parts::view_when(move || plays.get(), move || stage(demo, plays))
}

#[wasm_split(guidance, fallible)]
fn stage(demo: Demo, plays: Memo<bool>) -> Fetched<AnyView> {
    let scene = move || demo.caption.with(|caption| caption.as_ref().map(|(scene, _)| scene.name()));
    let text = move || demo.caption.with(|caption| caption.as_ref().map(|(_, text)| text.written()));
    let px = |length: Option<f64>| length.map(|length| format!("{length:.0}px"));
    let stage = view! {
        <Show when=move || plays.get()>
            <div class="demo" data-demo=scene>
                <div class="demo-caption" role="status">
                    <p>{text}</p>
                    <p class="hint">{text!("demo-try")}</p>
                </div>
                <span
                    class="demo-pointer"
                    hidden=move || demo.pointer.with(Option::is_none)
                    style:left=move || px(demo.pointer.get().map(|(x, _)| x))
                    style:top=move || px(demo.pointer.get().map(|(_, y)| y))
                ><Icon drawing=icondata_lu::LuMousePointer2/></span>
            </div>
        </Show>
    };
    Ok(stage.into_any())
}
