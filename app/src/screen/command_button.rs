//! A command as a button.

use leptos::prelude::*;

use crate::app::App;
use crate::commands::Command;
use crate::screen::icon::Icon;

/// A button that asks for a command, and shows its state and whether it can be asked for; with its icon and key, or in words.
#[component]
pub fn CommandButton(
    command: &'static Command,
    /// In words, or by the icon alone where the style sheet has no room for them.
    #[prop(optional)]
    words: bool,
) -> impl IntoView {
    let app = expect_context::<App>();
    let pressed = command.is_on.map(|is_on| move || is_on(app).to_string());
    let on = move || command.is_on.is_some_and(|is_on| is_on(app));
    let title = move || command.title(app);
    let cannot = move || !(command.can)(app);
    let icon = command.icon;
    let holds = command.release.is_some();
    let run = move || (command.run)(app);
    let release = move || command.release.into_iter().for_each(|release| release(app));
    let key = move || command.keys.first().map(|key| key.written());
    let content = match icon {
        Some(drawing) if words => {
            view! { <Icon drawing/><span class="word">{command.label().into_render()}</span> }.into_any()
        }
        Some(drawing) => view! { <Icon drawing/><kbd aria-hidden="true">{key}</kbd> }.into_any(),
        None => command.label().into_render().into_any(),
    };
    view! {
        <button
            data-command=command.id
            class=icon.map(|_| if words { "with-word" } else { "with-icon" })
            title=title
            aria-label=icon.map(|_| command.label().into_attribute_value())
            class:on=on
            aria-pressed=pressed
            disabled=cannot
            on:click=move |_| if !holds { run() }
            on:pointerdown=move |_| if holds { run() }
            on:pointerup=move |_| release()
            on:pointerleave=move |_| release()
            on:keydown=move |event| {
                if holds && matches!(event.key().as_str(), " " | "Enter") {
                    run();
                }
            }
            on:keyup=move |_| release()
            on:blur=move |_| release()
        >{content}</button>
    }
}
