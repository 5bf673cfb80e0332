//! A report on its way to paper.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

use super::Results;
use super::export::plain;

/// Time that the browser gets to decode the picture before it prints.
const DECODING: Duration = Duration::from_millis(150);

impl Results {
    /// Lets a person write comments before the report is printed.
    pub fn open_report(self) {
        self.report_shown.set(true);
    }

    /// Prints a report of what is on screen.
    pub fn print(self) {
        self.report_shown.set(false);
        self.printed.set(untrack(move || self.report()));
        if let Some(name) =
            self.printed.with_untracked(|report| report.as_ref().map(|report| plain(&report.measures.name)))
        {
            name_the_page(&format!("{name}_report"));
        }
        self.comments_are_printed();
        self.measures_are_saved();
        set_timeout(
            || {
                // A browser that does not print says so itself.
                drop(window().print());
            },
            DECODING,
        );
    }
}

/// Calls the page so until it has been printed: browsers name a PDF after the page.
fn name_the_page(title: &str) {
    let usual = document().title();
    document().set_title(title);
    let handle = StoredValue::new(None::<WindowListenerHandle>);
    handle.set_value(Some(window_event_listener(ev::afterprint, move |_| {
        document().set_title(&usual);
        handle.update_value(|handle| {
            handle.take().into_iter().for_each(WindowListenerHandle::remove);
        });
    })));
}
