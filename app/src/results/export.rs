//! What a person takes along: masks, figures, pictures, and a report to print.

use std::sync::Arc;
use std::time::Duration;

use imaging::Size;
use js_sys::{Array, Date, Uint8Array};
use leptos::prelude::*;
use protocol::{Export, ExportFormat, Figures, Since, StudyId, SurfaceFormat, ToWorker};
use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::Results;
use super::follow_up::{FollowUp, Timeline};
use super::location::LocationFigures;
use super::measures::Measures;
use super::planes::Plane;
use crate::documents::pairing::stem;
use crate::inference::Engine;
use crate::language::{Text, text};
use crate::notices::Severity;
use crate::viewport::canvas::{self, Canvas};
use crate::viewport::projection::CanvasFromSlice;
use crate::viewport::theme::{self, MASK};

/// Stands in files of figures; pictures and the report say it in the language of the page.
const NOTICE: &str = "Research use, not a medical device";
/// Smallest width of a saved picture, in pixels: small slices are enlarged.
const PICTURE: usize = 768;
/// Time for which the bytes of a file are held, so that the browser can fetch them.
const HELD: Duration = Duration::from_secs(60);

/// Figures with where they come from.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    measures: &'a Measures,
    /// Where the tumour lies, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationFigures>,
    /// Of all studies of the patient, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<FollowUp>,
    model: String,
    device: String,
    version: &'static str,
    notice: &'static str,
}

/// What a report says of its making.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The figures.
    pub measures: Measures,
    /// The slice or the study in pictures with the mask.
    pub planes: Vec<Plane>,
    /// All studies of the patient, with their days rather than dates where patient data is left out.
    pub follow_up: Option<(Arc<Timeline>, FollowUp)>,
    /// Where the tumour lies, once that is known.
    pub location: Option<Text>,
    /// What a person wrote.
    pub comments: String,
    /// The threshold that the model comes with.
    pub own_threshold: f32,
    /// The network and what it ran on; none where it never ran.
    pub made_by: Option<(String, String)>,
    /// The day, from the year on; none where patient data is left out, of which dates are part.
    pub date: Option<String>,
}

/// Marks as messages have them.
pub(super) fn marks(marked: &[bool]) -> Uint8Array {
    Uint8Array::from(&marked.iter().map(|&is_marked| u8::from(is_marked)).collect::<Vec<_>>()[..])
}

impl Results {
    /// Asks the worker for files of the mask of the study on screen.
    pub(super) fn export(self, format: ExportFormat) {
        let Some(study) = untrack(move || self.documents.study_on_screen()) else { return };
        self.annotation.catch_up();
        let (marked, unknown) = self.annotation.study_mask(&study);
        if unknown > 0 {
            let text = text!("saved-incomplete", unknown, slices = study.slices());
            self.documents.notify_here(Severity::Info, text);
        }
        let marks = || marks(&marked);
        let export = match format {
            ExportFormat::Nifti => Export::Nifti(marks().into()),
            ExportFormat::DicomSeg => Export::DicomSeg(marks().into()),
            ExportFormat::DicomLabelMap => Export::DicomLabelMap(marks().into()),
            ExportFormat::DicomProbabilities => {
                Export::DicomProbabilities(Uint8Array::from(&self.annotation.study_levels(&study)[..]).into())
            }
            ExportFormat::DicomReport => {
                let Some(figures) = untrack(move || self.figures(unknown == 0)) else { return };
                Export::DicomReport { marks: marks().into(), figures }
            }
            ExportFormat::Surface(format) => Export::Surface { marks: marks().into(), format },
            ExportFormat::DicomPicture => {
                let Some(canvas) = untrack(move || self.report_picture()) else { return };
                Export::DicomPicture {
                    size: canvas.size().map(|side| side as u16),
                    rgba: Uint8Array::from(&canvas.rgba()[..]).into(),
                    named: !self.without_patient.get_untracked(),
                }
            }
        };
        let corrected = untrack(|| study.slice_ids().any(|id| self.annotation.is_corrected(id)));
        let now = Date::new_0();
        let date = date(&now).replace('-', "");
        let time = format!("{:02}{:02}{:02}", now.get_hours(), now.get_minutes(), now.get_seconds());
        let (model, _) = self.made_by().unwrap_or_else(unmade);
        self.documents.send(&ToWorker::Export {
            study: study.info.study,
            export,
            deidentified: self.without_patient.get_untracked(),
            corrected,
            // One for all slices of a study.
            threshold: Some(self.annotation.threshold.get_untracked()),
            now: [date, time],
            model,
        });
    }

    /// What a structured report says.
    fn figures(self, is_complete: bool) -> Option<Figures> {
        let measures = self.measures()?;
        let area_mm2 = measures.largest().and_then(|row| Some((row.slice - 1, row.area_mm2?)));
        let axes_mm = measures.largest_product().filter(|row| row.unit == "mm");
        let axes_mm = axes_mm.and_then(|row| Some((row.slice - 1, [row.longest?, row.perpendicular?])));
        let volume_ml = measures.volume_ml.unwrap_or_default();
        let (laterality, since) = (self.laterality(), self.since().map(Box::new));
        Some(Figures { volume_ml, area_mm2, axes_mm, laterality, is_complete, since })
    }

    /// What changed since the study before the one on screen.
    fn since(self) -> Option<Since> {
        let (timeline, study) = (self.timeline()?, self.documents.study_on_screen()?);
        timeline.since(study.info.study, self.without_patient.get())
    }

    /// The report's planes in one picture.
    fn report_picture(self) -> Option<Canvas> {
        let study = self.documents.study_on_screen()?;
        let line = format!("{}   {}", self.study_name(study.info.study), text!("research-use"));
        let largest = self.measures()?.largest().map(|row| row.slice - 1);
        self.planes_picture(largest, &line)
    }

    /// Hands a file over that the worker wrote.
    pub fn save_export(self, study: StudyId, format: ExportFormat, bytes: &Uint8Array) {
        let ending = match format {
            ExportFormat::Nifti => "mask.nii.gz",
            ExportFormat::DicomSeg => "mask.dcm",
            ExportFormat::DicomLabelMap => "label-map.dcm",
            ExportFormat::DicomProbabilities => "probabilities.dcm",
            ExportFormat::DicomReport => "report.zip",
            ExportFormat::DicomPicture => "picture.dcm",
            ExportFormat::Surface(SurfaceFormat::Stl) => "tumour.stl",
            ExportFormat::Surface(SurfaceFormat::Obj) => "tumour.obj",
            ExportFormat::Surface(SurfaceFormat::Glb) => "tumour.glb",
        };
        self.is_saved(study, format);
        let name = untrack(move || self.study_name(study));
        save(&format!("{}_{ending}", plain(&name)), "application/octet-stream", bytes);
    }

    /// What files of this kind hold of a study is safe.
    pub fn is_saved(self, study: StudyId, format: ExportFormat) {
        let slices = self.documents.study(study).into_iter().flat_map(|study| study.slice_ids());
        match format {
            ExportFormat::Nifti | ExportFormat::DicomSeg | ExportFormat::DicomLabelMap => self.annotation.saved(slices),
            ExportFormat::DicomReport => self.annotation.saved_measures(slices),
            ExportFormat::DicomProbabilities | ExportFormat::DicomPicture | ExportFormat::Surface(_) => {}
        }
    }

    /// Saves the figures as a table or as JSON.
    pub(super) fn save_measures(self, as_table: bool) {
        self.annotation.catch_up();
        let Some(measures) = untrack(move || self.named_measures()) else { return };
        let name = plain(&measures.name);
        self.measures_are_saved();
        if as_table {
            return save_text(&format!("{name}_measures.csv"), "text/csv", &measures.csv());
        }
        save_text(&format!("{name}_measures.json"), "application/json", &self.json(&measures));
    }

    /// The studies of the patient on screen as files have them; none as long as there is one study.
    fn follow_up(self) -> Option<FollowUp> {
        let timeline = self.timeline()?;
        Some(timeline.figures(|visit| self.study_name(visit.study), self.without_patient.get()))
    }

    /// Saves the studies of the patient on screen as a table.
    pub(super) fn save_timeline(self) {
        self.annotation.catch_up();
        if let Some(found) = untrack(|| self.follow_up()) {
            save_text("timeline.csv", "text/csv", &found.csv());
        }
    }

    /// The figures of what is on screen, with where they come from.
    fn json(self, measures: &Measures) -> String {
        let (model, device) = self.made_by().unwrap_or_else(unmade);
        let version = env!("CARGO_PKG_VERSION");
        let (location, follow_up) = untrack(|| (self.location_figures(), self.follow_up()));
        let document = Document { measures, location, follow_up, model, device, version, notice: NOTICE };
        serde_json::to_string_pretty(&document).expect("figures are plain numbers and strings")
    }

    /// The figures of what is on screen, as they are saved; none where nothing is measured.
    pub fn measures_json(self) -> Option<Vec<u8>> {
        untrack(move || self.named_measures()).map(|measures| self.json(&measures).into_bytes())
    }

    /// Hands a session file over: all that was done with what is open is saved.
    pub fn save_session(self, bytes: &Uint8Array) {
        self.annotation.all_saved();
        self.comments_are_saved();
        let name = match self.without_patient.get_untracked() {
            true => "gliolens-session.zip".to_owned(),
            false => format!("gliolens-session_{}.zip", date(&Date::new_0())),
        };
        save(&name, "application/zip", bytes);
    }

    /// Saves the slice on screen with its mask as a picture.
    pub(super) fn save_overlay(self) {
        self.annotation.catch_up();
        if let Some(canvas) = untrack(move || self.overlay_picture()) {
            self.save_canvas(&canvas, "overlay");
        }
    }

    /// The slice on screen with its mask, and a line below it.
    fn overlay_picture(self) -> Option<Canvas> {
        let (picture, mask) = (self.documents.picture.get()?, self.annotation.mask.get()?);
        let Size { width, height } = picture.size();
        let scale = (PICTURE as f64 / width as f64).max(1.0);
        let place = CanvasFromSlice { x: 0.0, y: 0.0, scale, aspect: picture.aspect() };
        let line = 30.0;
        let picture_height = height as f64 * scale * place.aspect;
        let canvas = Canvas::detached((width as f64 * scale) as usize, (picture_height + line) as usize);
        canvas.clear(theme::BLACK);
        canvas.stamp_image(
            &canvas::slice(&picture, self.viewport.sequences.get(), self.viewport.levels_of(&picture)),
            place,
        );
        canvas.stamp(&canvas::fill(&mask, MASK, self.viewport.opacity.get()), place);
        canvas.trace(&mask, place, MASK, 2.0);
        canvas.write(
            &format!("{}   {}", self.slice_name(), text!("research-use")),
            8.0,
            picture_height + 20.0,
            theme::TEXT,
            14,
        );
        Some(canvas)
    }

    /// Saves the mask of the slice on screen as a PNG on the slice's own grid, 255 where there is tumour.
    pub(super) fn save_mask(self) {
        self.annotation.catch_up();
        if let Some(mask) = self.annotation.mask.get_untracked() {
            let black = Canvas::detached(mask.width(), mask.height());
            black.clear(theme::BLACK);
            black.stamp(
                &canvas::fill(&mask, [255; 3], 1.0),
                CanvasFromSlice { x: 0.0, y: 0.0, scale: 1.0, aspect: 1.0 },
            );
            self.save_canvas(&black, "mask");
            // Of a study it is one of many slices.
            self.annotation.saved(self.documents.selected.get_untracked().into_iter());
        }
    }

    /// Offers a picture, named after the slice on screen.
    pub fn save_canvas(self, canvas: &Canvas, what: &str) {
        let name = untrack(move || self.slice_name());
        offer(&canvas.address(), &format!("{}_{what}.png", plain(stem(&name))));
    }

    /// What a report of the slice and study on screen says.
    pub fn report(self) -> Option<Report> {
        self.annotation.catch_up();
        let measures = self.named_measures()?;
        let largest = measures.largest().filter(|_| measures.slices > 1).map(|row| row.slice - 1);
        Some(Report {
            planes: self.planes(largest)?,
            measures,
            follow_up: self.timeline().zip(self.follow_up()),
            location: self.location_written(),
            comments: self.comments(),
            own_threshold: self.annotation.own_threshold.get(),
            made_by: self.made_by(),
            date: (!self.without_patient.get()).then(|| date(&Date::new_0())),
        })
    }

    /// The diameters of what is on screen are in a file or on paper.
    pub(super) fn measures_are_saved(self) {
        let study = untrack(move || self.documents.study_on_screen());
        match study {
            Some(study) => self.annotation.saved_measures(study.slice_ids()),
            None => self.annotation.saved_measures(self.documents.selected.get_untracked().into_iter()),
        }
    }

    /// The network and what it runs on; none where none is ready.
    pub fn made_by(self) -> Option<(String, String)> {
        match self.inference.engine.get_untracked() {
            Engine::Ready(ready) => Some((ready.model, format!("{}, {}", ready.device, ready.adapter))),
            _ => None,
        }
    }
}

/// What files say of network and device where there was none.
fn unmade() -> (String, String) {
    ("no network".into(), "none".into())
}

/// The day here, as `YYYY-MM-DD`.
fn date(now: &Date) -> String {
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

fn save_text(name: &str, kind: &str, text: &str) {
    save(name, kind, &Uint8Array::from(text.as_bytes()));
}

fn save(name: &str, kind: &str, bytes: &Uint8Array) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options);
    let address = blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).expect("bytes become a file");
    offer(&address, name);
    set_timeout(move || drop(Url::revoke_object_url(&address)), HELD);
}

fn offer(address: &str, name: &str) {
    let link: HtmlAnchorElement = document().create_element("a").expect("the name is valid").unchecked_into();
    link.set_href(address);
    link.set_download(name);
    link.click();
}

/// A name that every file system takes.
pub fn plain(name: &str) -> String {
    let name = name.strip_suffix(".nii.gz").or_else(|| name.strip_suffix(".nii")).unwrap_or(name);
    name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}
