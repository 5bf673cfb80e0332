//! Everything that can be taken along.

use leptos::prelude::*;
use protocol::ExportFormat;

use crate::annotation::Annotation;
use crate::documents::Documents;
use crate::results::Results;

/// Everything that can be taken along, always in view.
#[component]
pub fn Saving() -> impl IntoView {
    let documents = expect_context::<Documents>();
    let annotation = expect_context::<Annotation>();
    let results = expect_context::<Results>();
    let study = move || documents.study_on_screen();
    let in_study = move || study().is_some();
    let dicom = move || study().is_some_and(|study| study.info.dicom);
    view! {
        <section class="saving" data-panel="saving" aria-label="Save" hidden=move || annotation.mask.with(Option::is_none)>
            <Show when=dicom>
                <button class="primary" data-save="seg" title="DICOM segmentation with references to the images" on:click=move |_| results.export(ExportFormat::DicomSeg)>"DICOM SEG"</button>
            </Show>
            <Show when=in_study>
                <button class:primary=move || !dicom() data-save="nifti" title="Label map on the grid of the study's file" on:click=move |_| results.export(ExportFormat::Nifti)>"NIfTI mask"</button>
            </Show>
            <button data-save="report" title="One page to print or to save as PDF" on:click=move |_| results.open_report()>"Report"</button>
            <div class="saves">
                <button data-save="mask" title="This slice's mask, black and white" on:click=move |_| results.save_mask()>"Mask (PNG)"</button>
                <button data-save="picture" title="This slice with its mask" on:click=move |_| results.save_overlay()>"Picture (PNG)"</button>
                <button data-save="csv" title="Measurements of every slice as a table" on:click=move |_| results.save_measures(true)>"CSV"</button>
                <button data-save="json" title="Measurements of every slice, with model and device" on:click=move |_| results.save_measures(false)>"JSON"</button>
            </div>
        </section>
    }
}
