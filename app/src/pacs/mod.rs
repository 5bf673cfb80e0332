//! The picture archive (PACS) of the site's own host by its DICOMweb: the studies that it has, files from it and files to it. It is
//! there only if the page's address says so.

mod call;
mod dicom_json;
mod multipart;
mod retrieve;
mod search;
mod send;
mod series;
mod zipped;

use std::rc::Rc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use protocol::{ExportFormat, StudyId};
use wasm_split_helpers::wasm_split;

use crate::address;
use crate::language::{Text, text};
use crate::notices::{Notices, Severity};
use crate::parts::{self, Fetched, Task};
use call::Call;
pub use retrieve::Retrieved;
pub use search::{AT_A_TIME, FoundStudy, Listed, Query};
pub use series::{Series, Unfolded};

/// The parameter of the page's address that says that the host has one; its value is a study to open at once, by its UID.
const PARAMETER: &str = "pacs";

/// The store of what is asked of the PACS. Copies are the same.
#[derive(Clone, Copy)]
pub struct Pacs {
    notices: Notices,
    /// Whether there is one.
    pub offered: bool,
    /// Whether a person is choosing a study of it.
    pub choosing: RwSignal<bool>,
    /// Whether a person is asked about sending.
    pub asking: RwSignal<bool>,
    /// What is being done.
    pub doing: RwSignal<Option<Text>>,
    /// Why that was not done which was asked for last.
    pub failed: RwSignal<Option<Text>>,
    /// The studies that were found last.
    pub listed: RwSignal<Option<Listed>>,
    /// The study of them whose series are shown.
    pub unfolded: RwSignal<Option<Unfolded>>,
    /// Those of its series that a person wants, by their UIDs.
    pub chosen: RwSignal<Vec<String>>,
    call: StoredValue<Option<Rc<Call>>, LocalStorage>,
    /// The files that the worker is writing for it.
    written: StoredValue<Option<(StudyId, ExportFormat)>>,
}

impl Pacs {
    /// The one that the page's address speaks of; nothing is asked yet.
    pub fn new(notices: Notices) -> Self {
        Self {
            notices,
            offered: address::parameter(PARAMETER).is_some(),
            choosing: RwSignal::new(false),
            asking: RwSignal::new(false),
            doing: RwSignal::new(None),
            failed: RwSignal::new(None),
            listed: RwSignal::new(None),
            unfolded: RwSignal::new(None),
            chosen: RwSignal::new(Vec::new()),
            call: StoredValue::new_local(None),
            written: StoredValue::new(None),
        }
    }

    /// The study that the page's address names.
    pub fn linked(self) -> Option<String> {
        let is_uid = |uid: &String| !uid.is_empty() && uid.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        address::parameter(PARAMETER).filter(is_uid)
    }

    /// Shows a dialog, without what was said in it before.
    pub fn show(self, dialog: RwSignal<bool>) {
        self.failed.set(None);
        dialog.set(true);
    }

    /// Ends what is being done, at a person's wish.
    pub fn cancel(self) {
        if !self.drop_call() {
            return;
        }
        self.failed.set(Some(text!("pacs-cancelled")));
        // The dialog may be closed already.
        if self.asking.get_untracked() {
            let text = text!("two-sentences", first = text!("pacs-cancelled"), second = text!("pacs-perhaps-stored"));
            self.notices.page(Severity::Error, text);
        }
    }

    /// Ends what is being done, if anything is.
    fn drop_call(self) -> bool {
        let call = self.call.try_update_value(Option::take).flatten();
        self.doing.set(None);
        call.inspect(|call| call.end()).is_some()
    }

    /// Looks for studies.
    pub async fn search(self, query: Query, from: usize) {
        let call = self.begin(text!("pacs-searching"));
        let listed = search::search(&call, query, from).await;
        if let Some(listed) = self.ended(&call, listed) {
            self.unfolded.set(None);
            self.listed.set(Some(listed));
        }
    }

    /// Shows the series of a study, or no longer.
    pub async fn unfold(self, study: String) {
        if untrack(|| self.is_unfolded(&study)) {
            return self.unfolded.set(None);
        }
        let call = self.begin(text!("pacs-asking"));
        let series = series::series_of(&call, &study).await;
        if let Some(series) = self.ended(&call, series) {
            let unfolded = Unfolded { study, series };
            self.chosen.set(unfolded.used());
            self.unfolded.set(Some(unfolded));
        }
    }

    /// Whether the series of a study are shown.
    pub fn is_unfolded(self, study: &str) -> bool {
        self.unfolded.with(|unfolded| unfolded.as_ref().is_some_and(|unfolded| unfolded.study == study))
    }

    /// A person wants a series, or no longer.
    pub fn choose(self, series: &str, wanted: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|uid| uid != series);
            chosen.extend(wanted.then(|| series.to_owned()));
        });
    }

    /// The chosen series of a study, or all that the page can use; none where that is not to be had, or not wanted any more.
    pub async fn retrieve(self, study: String, chosen: Option<Vec<String>>) -> Option<Retrieved> {
        parts::await_of(self.notices, retrieving(self, study, chosen)).await?
    }

    async fn retrieve_now(self, study: &str, chosen: Option<&[String]>) -> Option<Retrieved> {
        let call = self.begin(text!("pacs-asking"));
        let came = |done, of| {
            if self.is_current(&call) {
                self.doing.set(Some(text!("pacs-coming", done, of)));
            }
        };
        let retrieved = retrieve::retrieve(&call, study, chosen, &came).await;
        self.ended(&call, retrieved)
    }

    /// The worker is asked for files of a study that go to the PACS.
    pub fn expect(self, study: StudyId, format: ExportFormat) {
        self.begin(text!("pacs-sending"));
        self.written.set_value(Some((study, format)));
    }

    /// Whether files that the worker wrote are those that go to the PACS, which are waited for no longer.
    pub fn expected(self, study: StudyId, format: ExportFormat) -> bool {
        let expected = self.written.get_value() == Some((study, format));
        if expected {
            self.written.set_value(None);
        }
        expected
    }

    /// The worker could not write files: whether they were to go to the PACS.
    pub fn not_written(self, why: &Text) -> bool {
        let expected = self.written.try_update_value(Option::take).flatten().is_some();
        if expected {
            self.drop_call();
            self.failed.set(Some(why.clone()));
        }
        expected
    }

    /// Sends files that the worker wrote; how many were stored, if all were.
    pub async fn send(self, format: ExportFormat, bytes: Uint8Array) -> Option<usize> {
        parts::await_of(self.notices, sending(self, format, bytes)).await?
    }

    async fn send_now(self, format: ExportFormat, bytes: &Uint8Array) -> Option<usize> {
        let call = self.call.with_value(Option::clone)?;
        let stored = send::send(&call, bytes, format == ExportFormat::DicomReport).await;
        self.ended(&call, stored)
    }

    /// Begins to do something in place of what was done before.
    fn begin(self, doing: Text) -> Rc<Call> {
        self.drop_call();
        let call = Call::begin();
        self.call.set_value(Some(call.clone()));
        self.failed.set(None);
        self.doing.set(Some(doing));
        call
    }

    /// What came of a call, if that was not cancelled; why nothing did is shown.
    fn ended<T>(self, call: &Rc<Call>, result: Result<T, Text>) -> Option<T> {
        if !self.is_current(call) {
            return None;
        }
        self.call.set_value(None);
        self.doing.set(None);
        result.map_err(|why| self.failed.set(Some(why))).ok()
    }

    /// Whether nothing else is being done meanwhile.
    fn is_current(self, call: &Rc<Call>) -> bool {
        self.call.with_value(|current| current.as_ref().is_some_and(|current| Rc::ptr_eq(current, call)))
    }
}

#[wasm_split(pacs, fallible)]
fn retrieving(pacs: Pacs, study: String, chosen: Option<Vec<String>>) -> Fetched<Task<Option<Retrieved>>> {
    Ok(Box::pin(async move { pacs.retrieve_now(&study, chosen.as_deref()).await }))
}

#[wasm_split(pacs, fallible)]
fn sending(pacs: Pacs, format: ExportFormat, bytes: Uint8Array) -> Fetched<Task<Option<usize>>> {
    Ok(Box::pin(async move { pacs.send_now(format, &bytes).await }))
}
