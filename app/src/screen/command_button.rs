//! A command as a button.

use leptos::prelude::*;

use crate::app::App;
use crate::commands::Command;

/// A button that asks for a command, and shows its state and whether it can be asked for.
#[component]
pub fn CommandButton(command: &'static Command) -> impl IntoView {
    let app = expect_context::<App>();
    let pressed = command.is_on.map(|is_on| move || is_on(app).to_string());
    let on = move || command.is_on.is_some_and(|is_on| is_on(app));
    let title = move || command.title(app);
    let cannot = move || !(command.can)(app);
    match command.release {
        None => view! {
            <button
                data-command=command.id
                title=title
                class:on=on
                aria-pressed=pressed
                disabled=cannot
                on:click=move |_| (command.run)(app)
            >{command.label}</button>
        }
        .into_any(),
        Some(release) => view! {
            <button
                data-command=command.id
                title=title
                class:on=on
                aria-pressed=pressed
                disabled=cannot
                on:pointerdown=move |_| (command.run)(app)
                on:pointerup=move |_| release(app)
                on:pointerleave=move |_| release(app)
                on:keydown=move |event| {
                    if matches!(event.key().as_str(), " " | "Enter") {
                        (command.run)(app);
                    }
                }
                on:keyup=move |_| release(app)
                on:blur=move |_| release(app)
            >{command.label}</button>
        }
        .into_any(),
    }
}
