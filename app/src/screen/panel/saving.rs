//! Everything that can be taken along.

use leptos::prelude::*;
use protocol::{ExportFormat, SurfaceFormat};

use crate::annotation::Annotation;
use crate::app::App;
use crate::commands::command;
use crate::documents::Documents;
use crate::language::{Text, text};
use crate::results::Results;
use crate::results::saving::Save;
use crate::screen::command_button::CommandButton;

/// Everything that can be taken along, always in view; what fewer people need is folded away.
#[component]
pub fn Saving() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let app = expect_context::<App>();
    let study = move || documents.study_on_screen();
    let in_study = move || study().is_some();
    let dicom = move || study().is_some_and(|study| study.info.dicom);
    let mask = move || {
        view! { <button data-save="mask" title=text!("save-mask.help") on:click=move |_| results.save(Save::Mask)>{text!("save-mask")}</button> }
    };
    view! {
        <section class="saving" data-panel="saving" aria-label=text!("save") hidden=move || annotation.mask.with(Option::is_none) || documents.doubt().is_some()>
            <Show when=dicom>
                <button class="primary" data-save="seg" title=text!("save-seg.help") on:click=move |_| results.save(Save::Files(ExportFormat::DicomSeg))>{text!("save-seg")}</button>
            </Show>
            <Show when=in_study fallback=mask>
                <button class:primary=move || !dicom() data-save="nifti" title=text!("save-nifti.help") on:click=move |_| results.save(Save::Files(ExportFormat::Nifti))>{text!("save-nifti")}</button>
            </Show>
            <Show when=move || app.pacs.offered && dicom()><CommandButton command=command("pacs-send") words=true/></Show>
            <button data-save="report" title=text!("save-report.help") on:click=move |_| results.open_report()>{text!("save-report")}</button>
            <details class="more-formats" data-panel="more-formats">
                <summary>{text!("save-more")}</summary>
                <div class="saves">
                    <Show when=in_study>{mask}</Show>
                    <button data-save="picture" title=text!("save-picture.help") on:click=move |_| results.save(Save::Overlay)>{text!("save-picture")}</button>
                    <button data-save="csv" title=text!("save-csv.help") on:click=move |_| results.save(Save::Measures { as_table: true })>{text!("save-csv")}</button>
                    <button data-save="json" title=text!("save-json.help") on:click=move |_| results.save(Save::Measures { as_table: false })>{text!("save-json")}</button>
                    <button data-save="session" title=text!("save-session.help") on:click=move |_| app.save_session()>{text!("save-session")}</button>
                    <Show when=in_study><OfSurface/></Show>
                    <Show when=dicom><OfDicom/></Show>
                </div>
            </details>
            <label class="without-patient" title=text!("save-without-patient.help")>
                <input type="checkbox" data-action="without-patient" prop:checked=results.without_patient on:change=move |event| results.without_patient.set(event_target_checked(&event))/>
                {text!("save-without-patient")}
            </label>
        </section>
    }
}

/// The tumour's surface.
#[component]
fn OfSurface() -> impl IntoView {
    view! {
        {export("stl", ExportFormat::Surface(SurfaceFormat::Stl), [text!("save-stl"), text!("save-stl.help")])}
        {export("obj", ExportFormat::Surface(SurfaceFormat::Obj), [text!("save-obj"), text!("save-obj.help")])}
        {export("glb", ExportFormat::Surface(SurfaceFormat::Glb), [text!("save-glb"), text!("save-glb.help")])}
    }
}

/// What only some programs read.
#[component]
fn OfDicom() -> impl IntoView {
    view! {
        {export("dicom-report", ExportFormat::DicomReport, [text!("save-dicom-report"), text!("save-dicom-report.help")])}
        {export("dicom-picture", ExportFormat::DicomPicture, [text!("save-dicom-picture"), text!("save-dicom-picture.help")])}
        {export("label-map", ExportFormat::DicomLabelMap, [text!("save-label-map"), text!("save-label-map.help")])}
        {export("probabilities", ExportFormat::DicomProbabilities, [text!("save-probabilities"), text!("save-probabilities.help")])}
    }
}

/// A button that has the worker write a file of the study.
fn export(save: &'static str, format: ExportFormat, [name, help]: [Text; 2]) -> impl IntoView {
    let results = expect_context::<Results>();
    view! { <button data-save=save title=help on:click=move |_| results.save(Save::Files(format))>{name}</button> }
}
