//! The screen: one component for each thing that a person can point at.

mod area_curve;
mod area_plot;
mod command_button;
mod demo_stage;
mod doubt;
mod drop_zone;
mod engine_status;
mod fade;
mod first;
mod fit;
mod gestures;
mod guide;
mod help;
mod icon;
mod keyboard;
mod language_menu;
mod marks;
mod measuring;
mod modal;
mod notices;
mod other_view;
mod pacs;
mod panel;
mod rail;
mod reformats;
mod report;
mod report_dialog;
mod scroll;
mod sequence_views;
mod slice_strip;
mod slider;
mod space_view;
mod study_panel;
mod tool_options;
mod top_bar;
mod viewer;
mod volume_agreement;

use leptos::prelude::*;

use crate::app::App;
use crate::demo::Demo;
use crate::language::text;
use crate::parts;
use crate::tour::Tour;
use area_plot::{AreaPlot, fetch_study};
use demo_stage::DemoStage;
use drop_zone::DropZone;
use fade::Fade;
use first::First;
use guide::Guide;
use help::help;
use measuring::Measuring;
use notices::Notices;
use other_view::OtherView;
use pacs::pacs_dialogs;
use panel::{ResultsPanel, Saving};
use rail::Rail;
use reformats::Reformats;
use report_dialog::{fetch_saving, report};
use sequence_views::SequenceViews;
use slice_strip::SliceStrip;
use space_view::SpaceView;
use top_bar::TopBar;
use viewer::Viewer;

/// Everything.
#[component]
pub fn Screen() -> impl IntoView {
    let app = App::start();
    app.provide();
    provide_context(Tour::new(app));
    // Ahead of all other keys: the one that ends it does nothing else.
    provide_context(Demo::start(app));
    keyboard::listen(app);
    app.open_linked();
    parts::fetch_ahead(app.inference, || async {
        fetch_study().await?;
        fetch_saving().await
    });
    let empty = Memo::new(move |_| app.documents.selected.with(Option::is_none));
    let layout = move || app.viewport.shown_layout().name();
    view! {
        <DropZone>
            <TopBar/>
            <main class:nothing-open=empty>
                <Show when=move || empty.get()><First/></Show>
                <Rail/>
                <SliceStrip/>
                <section class="stage" aria-label=text!("viewer")>
                    <div class="views" data-layout=layout>
                        <Viewer/>
                        <SequenceViews/>
                        <OtherView/>
                        <Reformats/>
                        <SpaceView/>
                    </div>
                    <Fade/>
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
            {parts::view_when(move || app.help_shown.get(), move || help(app.help_shown))}
            {parts::view_when(move || app.pacs.choosing.get() || app.pacs.asking.get(), pacs_dialogs)}
            <Measuring/>
            <DemoStage/>
        </DropZone>
        {parts::view_when(move || app.results.report_shown.get(), report)}
    }
}
