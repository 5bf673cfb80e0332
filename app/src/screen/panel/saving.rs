//! Everything that can be taken along.

use leptos::prelude::*;
use protocol::ExportFormat;

use crate::annotation::Annotation;
use crate::app::App;
use crate::documents::Documents;
use crate::language::text;
use crate::results::Results;

/// Everything that can be taken along, always in view.
#[component]
pub fn Saving() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let app = expect_context::<App>();
    let study = move || documents.study_on_screen();
    let in_study = move || study().is_some();
    let dicom = move || study().is_some_and(|study| study.info.dicom);
    view! {
        <section class="saving" data-panel="saving" aria-label=text!("save") hidden=move || annotation.mask.with(Option::is_none) || documents.doubt().is_some()>
            <Show when=dicom>
                <button class="primary" data-save="seg" title=text!("save-seg.help") on:click=move |_| results.export(ExportFormat::DicomSeg)>{text!("save-seg")}</button>
            </Show>
            <Show when=in_study>
                <button class:primary=move || !dicom() data-save="nifti" title=text!("save-nifti.help") on:click=move |_| results.export(ExportFormat::Nifti)>{text!("save-nifti")}</button>
            </Show>
            <button data-save="report" title=text!("save-report.help") on:click=move |_| results.open_report()>{text!("save-report")}</button>
            <div class="saves">
                <button data-save="mask" title=text!("save-mask.help") on:click=move |_| results.save_mask()>{text!("save-mask")}</button>
                <button data-save="picture" title=text!("save-picture.help") on:click=move |_| results.save_overlay()>{text!("save-picture")}</button>
                <button data-save="csv" title=text!("save-csv.help") on:click=move |_| results.save_measures(true)>{text!("save-csv")}</button>
                <button data-save="json" title=text!("save-json.help") on:click=move |_| results.save_measures(false)>{text!("save-json")}</button>
                <button data-save="session" title=text!("save-session.help") on:click=move |_| app.save_session()>{text!("save-session")}</button>
            </div>
        </section>
    }
}
