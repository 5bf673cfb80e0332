//! The screen: one component for each thing that a person can point at.

mod area_plot;
mod command_button;
mod doubt;
mod drop_zone;
mod engine_status;
mod gestures;
mod guide;
mod help;
mod icon;
mod keyboard;
mod marks;
mod notices;
mod rail;
mod reformats;
mod report;
mod results;
mod slice_strip;
mod slider;
mod study_panel;
mod tool_options;
mod top_bar;
mod viewer;

use leptos::prelude::*;

use crate::app::App;
use crate::tour::Tour;
use area_plot::AreaPlot;
use drop_zone::DropZone;
use guide::Guide;
use help::Help;
use notices::Notices;
use rail::Rail;
use reformats::Reformats;
use report::Sheet;
use results::{ResultsPanel, Saving};
use slice_strip::SliceStrip;
use top_bar::TopBar;
use viewer::Viewer;

/// Everything.
#[component]
pub fn Screen() -> impl IntoView {
    let app = App::start();
    app.provide();
    provide_context(Tour::start(app));
    keyboard::listen(app);
    let layout = move || app.viewport.layout.get().name();
    view! {
        <DropZone>
            <TopBar/>
            <main>
                <Rail/>
                <SliceStrip/>
                <section class="stage" aria-label="Viewer">
                    <div class="views" data-layout=layout>
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
                    <Saving/>
                </div>
            </main>
            <Help shown=app.help_shown/>
        </DropZone>
        <Sheet/>
    }
}
