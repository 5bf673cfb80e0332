//! The screen: one component for each thing that a person can point at.

mod area_plot;
mod command_button;
mod drop_zone;
mod edit_bar;
mod engine_status;
mod gestures;
mod guide;
mod help;
mod keyboard;
mod marks;
mod notices;
mod reformats;
mod report;
mod results;
mod slice_strip;
mod slider;
mod study_panel;
mod tool_bar;
mod viewer;

use leptos::prelude::*;

use crate::app::App;
use crate::tour::Tour;
use area_plot::AreaPlot;
use drop_zone::DropZone;
use edit_bar::EditBar;
use engine_status::EngineStatus;
use guide::Guide;
use help::Help;
use notices::Notices;
use reformats::Reformats;
use report::Sheet;
use results::ResultsPanel;
use slice_strip::SliceStrip;
use tool_bar::ToolBar;
use viewer::Viewer;

/// Everything.
#[component]
pub fn Screen() -> impl IntoView {
    let app = App::start();
    app.provide();
    provide_context(Tour::start(app));
    keyboard::listen(app);
    view! {
        <DropZone>
            <header class="bar">
                <h1>"Gliolens "<span class="tagline">"tumour segmentation in your browser"</span></h1>
                <p class="disclaimer" role="note">"Research use, not a medical device"</p>
                <EngineStatus/>
                <button class="quiet" data-command="help" title="Keys and help (?)" aria-label="Help" on:click=move |_| app.help_shown.set(true)>"?"</button>
            </header>
            <main>
                <SliceStrip/>
                <section class="stage" aria-label="Viewer">
                    <ToolBar/>
                    <EditBar/>
                    <div class="views">
                        <Viewer/>
                        <Reformats/>
                    </div>
                    <AreaPlot/>
                    <Guide/>
                </section>
                // Beside the slice, which no message may move: a person may be about to click on it.
                <div class="side">
                    <Notices/>
                    <ResultsPanel/>
                </div>
            </main>
            <Help shown=app.help_shown/>
        </DropZone>
        <Sheet/>
    }
}
