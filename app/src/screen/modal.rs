//! Dialogs that keep the focus until they are closed.

use leptos::html;
use leptos::prelude::*;

/// Opens a dialog while it is to be shown, and closes it when it is no longer.
pub fn opens_while(sheet: NodeRef<html::Dialog>, shown: RwSignal<bool>) {
    Effect::new(move |_| {
        let Some(sheet) = sheet.get() else { return };
        match (shown.get(), sheet.open()) {
            (true, false) => sheet.show_modal().expect("a closed dialog of the page opens"),
            (false, true) => sheet.close(),
            _ => {}
        }
    });
}
