//! The report as a page of its own: figures, charts and pictures.

use engine::Manifest;
use maud::{DOCTYPE, html};

use crate::correct::carry::Carrying;
use crate::correct::refinement::Refinement;
use crate::measure::report::{LARGE_PX, Report, policy};

/// Files beside the page.
pub const DICE: &str = "volume-dice.png";
/// Calibration chart.
pub const CALIBRATION: &str = "calibration.png";
/// Loss and tuning Dice over the epochs.
pub const TRAINING: &str = "training.png";
/// The worst patients' worst slices.
pub const WORST: &str = "worst.png";
/// The paper's comparison figure.
pub const COMPARISON: &str = "comparison.png";

/// Mean IoU over the prompts.
pub const PROMPTS: &str = "prompts.png";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1f27}\
    img{max-width:100%;height:auto}table{border-collapse:collapse}td,th{padding:.25rem .75rem;text-align:left;\
    border-bottom:1px solid #d7dce3}td+td,th+th{text-align:right}.warning{background:#fff1e0;border-left:4px solid \
    #d66024;padding:.5rem 1rem}";

/// What the page is about.
pub struct Page<'a> {
    /// The model that was measured.
    pub manifest: &'a Manifest,
    /// What was measured.
    pub report: &'a Report,
    /// What prompts achieved; empty where none were tried.
    pub refinements: &'a [Refinement],
    /// What carrying a mask achieved, if it was tried.
    pub carrying: Option<&'a Carrying>,
    /// Whether there is a training chart.
    pub has_history: bool,
    /// Whether neighbours of the measured slices were trained on.
    pub leaky: bool,
}

/// The figures of a report, each with its name.
pub fn figures(report: &Report) -> Vec<(String, String)> {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let [low, high] = report.mean_volume_dice_interval;
    vec![
        ("mean volume Dice".into(), format!("{:.3}", report.metrics.mean_volume_dice)),
        ("its bootstrap 95 % interval".into(), format!("{low:.3} to {high:.3}")),
        ("median volume Dice".into(), format!("{:.3}", report.metrics.median_volume_dice)),
        (
            "mean and median volume Dice with small parts of the mask".into(),
            format!("{:.3}, {:.3}", report.volume_dice_all_parts[0], report.volume_dice_all_parts[1]),
        ),
        ("mean Dice of slices with tumour".into(), format!("{:.3}", report.mean_slice_dice)),
        ("mean IoU of the same slices".into(), format!("{:.3}", report.mean_slice_iou)),
        ("mean 95th-percentile distance of the outlines".into(), format!("{:.1} px", report.mean_hausdorff_95_px)),
        ("slices without tumour in which the mask marks any".into(), percent(report.empty_slices_marked)),
        ("presence AUC over slices".into(), format!("{:.3}", report.metrics.presence_auc)),
        ("presence sensitivity at the gate".into(), percent(report.presence_sensitivity)),
        ("presence specificity at the gate (empty slices that skip the decoder)".into(), percent(report.empty_skipped)),
        (format!("slices with ≥ {LARGE_PX} px of tumour missed by the gate"), percent(report.missed_by_gate)),
        ("expected calibration error of pixels".into(), format!("{:.3}", report.pixel_calibration.expected_error())),
        (
            "expected calibration error of presence".into(),
            format!("{:.3}", report.presence_calibration.expected_error()),
        ),
    ]
}

/// What [`prompt_figures`] are.
pub const PROMPT_COLUMNS: [&str; 17] = [
    "IoU after 0",
    "1",
    "3",
    "5",
    "10 prompts",
    "after 1, 3, 5 by patient",
    "NoC@80",
    "NoC@85",
    "NoC@90",
    "failures @90",
    "obeyed",
    "by the network alone",
    "not lowering",
    "pointer, px per prompt",
    "s per prompt",
    "on a window (same mask)",
    "s per prompt there",
];

/// One line of the table of corrections.
pub fn prompt_figures(refinement: &Refinement) -> [String; 17] {
    let iou = |prompts: usize| format!("{:.3}", refinement.mean_iou[prompts]);
    let goal = |index: usize| format!("{:.2}", refinement.prompts_to_goal[index].mean_prompts);
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let by_patient = refinement.by_patient.iter().map(|[mean, low, high]| format!("{mean:.3} ({low:.3} to {high:.3})"));
    [
        iou(0),
        iou(1),
        iou(3),
        iou(5),
        iou(10),
        by_patient.collect::<Vec<_>>().join(", "),
        goal(0),
        goal(1),
        goal(2),
        refinement.prompts_to_goal[2].failures.to_string(),
        percent(refinement.obeyed),
        percent(refinement.obeyed_by_network),
        percent(refinement.not_lowering),
        format!("{:.0}", refinement.travel_px),
        format!("{:.2}", refinement.seconds_per_prompt),
        format!("{} ({})", percent(refinement.windows.share), percent(refinement.windows.same)),
        format!("{:.2}", refinement.windows.seconds_per_prompt),
    ]
}

/// The table of corrections as Markdown, one row for each robot.
pub fn prompt_table(refinements: &[Refinement]) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let head = std::iter::once(String::new()).chain(PROMPT_COLUMNS.map(String::from)).collect();
    let rule = format!("|{}\n", "---|".repeat(PROMPT_COLUMNS.len() + 1));
    let rows = refinements
        .iter()
        .map(|refinement| row(std::iter::once(refinement.name()).chain(prompt_figures(refinement)).collect()));
    row(head) + &rule + &rows.collect::<String>()
}

/// The page.
pub fn html(page: &Page) -> String {
    let Page { manifest, report, refinements, carrying, has_history, leaky } = *page;
    let picture = |file: &str, text: &str| html! { figure { img src=(file) alt=(text); figcaption { (text) } } };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (manifest.name) ": report" }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { (manifest.name) }
                p {
                    "Model " code { (manifest.id) } ", weights " code { (&manifest.weights.sha256[..12]) } "…, "
                    (report.metrics.patients) " patients, mask threshold " (manifest.threshold) ", presence threshold "
                    (format!("{:.4}", manifest.presence_threshold)) ". Research use, not a medical device."
                }
                @if leaky {
                    p.warning {
                        "Leaky split: other slices of the same patients, neighbours of these, were trained on. These \
                         figures say nothing about new patients; they are here because figures of this kind are reported."
                    }
                }
                h2 { "Figures" }
                table { @for (name, value) in figures(report) { tr { td { (name) } td { (value) } } } }
                p { (policy(report)) }
                h2 { "Patients" }
                (picture(DICE, "Dice of every patient's whole volume"))
                table {
                    tr { th { "patient" } th { "slices" } th { "volume Dice" } th { "label px" } th { "mask px" } }
                    @for patient in &report.patients {
                        tr {
                            td { (patient.patient) } td { (patient.slices) }
                            td { (format!("{:.3}", patient.volume_dice)) } td { (patient.label_px) } td { (patient.mask_px) }
                        }
                    }
                }
                h2 { "Comparison" }
                (picture(COMPARISON, "From the best to the worst patient, the slice with the largest tumour"))
                h2 { "Worst patients" }
                (picture(WORST, "The five worst patients, each by the slice with most wrong pixels"))
                @if let Some(first) = refinements.first() {
                    h2 { "Corrections by prompts" }
                    p { "Robots prompt " (first.slices) " slices with at least " (LARGE_PX) " px of tumour." }
                    table {
                        tr { th {} @for column in PROMPT_COLUMNS { th { (column) } } }
                        @for refinement in refinements {
                            tr { td { (refinement.name()) } @for value in prompt_figures(refinement) { td { (value) } } }
                        }
                    }
                    (picture(PROMPTS, "Mean IoU after each prompt"))
                }
                @if let Some(carrying) = carrying {
                    h2 { "A mask carried through a volume" }
                    p { (carrying.sentences()) }
                }
                h2 { "Calibration" }
                (picture(CALIBRATION, "How often what is called likely is so"))
                @if has_history {
                    h2 { "Training" }
                    (picture(TRAINING, "Loss and tuning Dice over the epochs"))
                }
            }
        }
    };
    page.into_string()
}
