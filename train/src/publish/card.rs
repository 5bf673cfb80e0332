//! The model card: always made anew of the files in a model's folder, so that it says nothing that they do not.

use std::error::Error;
use std::fs;
use std::path::Path;

use askama::Template;
use engine::{Manifest, Window};
use imaging::Normalization;
use model::Cost;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::correct::carry::Carrying;
use crate::correct::refinement::Refinement;
use crate::data::card::DataCard;
use crate::fit::config::{Augmentation, BatchNormalization, OverlapLoss};
use crate::fit::run::{EpochLog, read_history};
use crate::measure::report::{LARGE_PX, Report, policy};
use crate::publish::provenance::{self, Provenance};
use crate::publish::{page, plots};

/// What robots reached, in the model's folder.
const PROMPTS: &str = "prompts.json";
/// What carrying a mask reached, in the model's folder.
const CARRY: &str = "carry.json";

/// Everything that a card is made of. The text is `train/templates/card.md`.
#[derive(Template)]
#[template(path = "card.md", escape = "none")]
struct Card<'a> {
    manifest: &'a Manifest,
    report: &'a Report,
    fit: &'a Provenance,
    /// The last epoch.
    log: &'a EpochLog,
    refinements: &'a [Refinement],
    carrying: Option<&'a Carrying>,
    figures: Vec<(String, String)>,
    policy: String,
    /// The table of corrections.
    prompts: String,
    prompts_chart: &'a str,
    large_px: usize,
    window_side: usize,
    /// Of the whole network, for a slice of 256².
    cost: Cost,
    /// Up to the presence answer.
    encoder_cost: Cost,
}

impl<'a> Card<'a> {
    fn new(
        manifest: &'a Manifest,
        report: &'a Report,
        fit: &'a Provenance,
        log: &'a EpochLog,
        refinements: &'a [Refinement],
        carrying: Option<&'a Carrying>,
    ) -> Self {
        let network = manifest.folded_network();
        Self {
            manifest,
            report,
            fit,
            log,
            refinements,
            carrying,
            figures: page::figures(report),
            policy: policy(report),
            prompts: page::prompt_table(refinements),
            prompts_chart: page::PROMPTS,
            large_px: LARGE_PX,
            window_side: Window::SIDE,
            cost: network.cost(256, 256),
            encoder_cost: network.encoder_cost(256, 256),
        }
    }

    fn data<T: ?Sized>(&self, field: impl Fn(&'a DataCard) -> Option<&'a T>) -> Option<&'a T> {
        self.fit.data.as_ref().and_then(field)
    }

    fn disease(&self) -> Option<&str> {
        self.data(|data| data.disease.as_deref())
    }

    fn comparison(&self) -> Option<&str> {
        self.data(|data| data.comparison.as_deref())
    }

    fn limits(&self) -> Option<&str> {
        self.data(|data| data.limits.as_deref())
    }

    fn stages(&self) -> String {
        let stages = self.fit.recipe.stages.iter().map(|stage| format!("{} epochs at {}²", stage.epochs, stage.side));
        stages.collect::<Vec<_>>().join(", ")
    }

    fn augmentation(&self) -> &'static str {
        match self.fit.recipe.augmentation {
            Augmentation::None => "not augmented",
            Augmentation::Full => "augmented by flip, rotation, scale, shift, bending, intensity and missing sequences",
            Augmentation::Scanners => {
                "augmented by flip, rotation, scale, shift, bending, intensity, missing sequences, and the coarseness, noise, \
                 shading and contrast curves of other scanners"
            }
            Augmentation::Far => {
                "augmented by flip, wide rotation, scale, shift and bending, intensity, missing sequences, and the \
                 coarseness, noise, shading and contrast curves of other scanners"
            }
        }
    }

    fn overlap(&self) -> &'static str {
        match self.fit.recipe.overlap {
            OverlapLoss::Jaccard => "Jaccard",
            OverlapLoss::Dice => "Dice",
        }
    }

    fn drawn(&self) -> String {
        match self.fit.recipe.oversampling {
            None => "half of each epoch's slices with tumour".into(),
            Some(drawn) => format!("slices drawn by patient, {:.0} % of a batch with tumour", 100.0 * drawn.share),
        }
    }

    fn intensities(&self) -> &'static str {
        match self.fit.recipe.normalization {
            Normalization::PerSlice { .. } => "over the slice",
            Normalization::PerVolume { .. } => "over the volume where there is one, over the slice where it is alone",
        }
    }

    fn is_merged(&self) -> bool {
        self.fit.recipe.batch_normalization == BatchNormalization::Merged
    }

    fn clicks_percent(&self) -> Option<f64> {
        self.fit.recipe.clicks.as_ref().map(|clicks| 100.0 * clicks.share)
    }

    fn windows_percent(&self) -> f64 {
        self.fit.recipe.windows.map_or(0.0, |windows| 100.0 * windows.share)
    }

    fn giga_multiply_adds(&self) -> f64 {
        self.cost.multiply_adds as f64 / 1e9
    }

    fn encoder_giga_multiply_adds(&self) -> f64 {
        self.encoder_cost.multiply_adds as f64 / 1e9
    }

    fn megabytes(&self) -> f64 {
        self.manifest.weights.bytes as f64 / 1e6
    }

    /// Whether the large tensors have eight bits: fewer bytes than 16 bit need.
    fn is_packed(&self) -> bool {
        self.manifest.weights.bytes < 2 * self.cost.parameters
    }
}

/// Writes the card of the model in `folder`, from the files beside it.
///
/// # Errors
///
/// If one of them is missing or malformed.
pub fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(folder.join("README.md"), text(folder)?)?)
}

fn text(folder: &Path) -> Result<String, Box<dyn Error>> {
    let manifest: Manifest = read(folder, "manifest.json")?.ok_or("the folder holds no manifest.json")?;
    let report: Report = read(folder, "report.json")?.ok_or("the folder holds no report.json")?;
    let fit = provenance::read(folder)?;
    let history = read_history(folder)?;
    let log = history.last().ok_or("the log holds no epoch")?;
    let refinements: Vec<Refinement> = read(folder, PROMPTS)?.unwrap_or_default();
    let carrying: Option<Carrying> = read(folder, CARRY)?;
    let card = Card::new(&manifest, &report, &fit, log, &refinements, carrying.as_ref());
    Ok(card.render()? + "\n")
}

/// Puts what carrying a mask achieved with a packaged model into its folder and card.
///
/// # Errors
///
/// As [`write`](write()).
pub fn publish_carrying(folder: &Path, carrying: &Carrying) -> Result<(), Box<dyn Error>> {
    put(folder, CARRY, carrying)?;
    write(folder)
}

/// Puts what robots reached with a packaged model into its folder and card.
///
/// # Errors
///
/// As [`write`](write()).
pub fn publish_prompts(folder: &Path, refinements: &[Refinement]) -> Result<(), Box<dyn Error>> {
    put(folder, PROMPTS, refinements)?;
    plots::refinement(refinements, &folder.join(page::PROMPTS))?;
    write(folder)
}

/// Removes what was reached with other weights, which says nothing of new ones.
///
/// # Errors
///
/// If a file cannot be removed.
pub fn forget_corrections(folder: &Path) -> Result<(), Box<dyn Error>> {
    for stale in [PROMPTS, CARRY, page::PROMPTS].map(|file| folder.join(file)).iter().filter(|file| file.exists()) {
        fs::remove_file(stale)?;
    }
    Ok(())
}

fn put<T: Serialize + ?Sized>(folder: &Path, name: &str, value: &T) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(folder.join(name), serde_json::to_string_pretty(value)? + "\n")?)
}

/// What a file of the folder holds; nothing where there is none.
fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<T>, Box<dyn Error>> {
    let path = folder.join(name);
    if !path.exists() {
        return Ok(None);
    }
    let value = serde_json::from_slice(&fs::read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use engine::{MissingSequences, ThresholdOrigin};
    use tempfile::TempDir;

    use super::*;
    use crate::correct::refinement::tests::reached;
    use crate::fit::config::TrainConfig;
    use crate::measure::report::PatientReport;
    use crate::publish::provenance::licence;

    /// What a card of other data must not say.
    const OF_LGG: [&str; 8] = ["LGG", "TCGA", "lower-grade", "Buda", "CC BY-NC", "70 patients", "two experts", "98.17"];

    fn report() -> Report {
        let patient = PatientReport {
            patient: "anna".into(),
            slices: 12,
            volume_dice: 0.5,
            volume_dice_all_parts: 0.4,
            label_px: 321,
            mask_px: 123,
        };
        let mut report = crate::measure::report::report(&[], 0, 0.0);
        report.metrics.patients = 1;
        report.metrics.mean_volume_dice = 0.5;
        report.patients = vec![patient];
        report
    }

    fn recipe() -> TrainConfig {
        let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
        TrainConfig { start: None, ..TrainConfig::read(&configs.join("whole.toml")).unwrap() }
    }

    fn provenance(data: Option<DataCard>) -> Provenance {
        let (ancestor, leaky, rounding, recipe) = (None, false, 0.0003, recipe());
        Provenance { data, patients: 9, slices: 345, leaky, ancestor, runs: 1, checkpoints: 1, rounding, recipe }
    }

    fn manifest(fit: &Provenance) -> Manifest {
        let network = serde_json::json!({"inputs": 3, "widths": [8, 16, 24, 32, 40], "normalization": "Batch"});
        let manifest = serde_json::json!({
            "id": "mine", "name": "ResUnet++", "network": network, "normalization": fit.recipe.normalization,
            "longest_side": 256, "threshold": 0.25, "presence_threshold": 0.125,
            "weights": {"file": "weights.safetensors", "bytes": 1_500_000, "sha256": "00"},
            "self_test": {"file": "self-test.safetensors", "tolerance": 0.001},
            "licence": licence(fit.data.as_ref(), None),
        });
        Manifest::parse(manifest.to_string().as_bytes()).unwrap()
    }

    fn log() -> EpochLog {
        let (training_loss, training_jaccard) = (0.5, 0.125);
        let (tuning_dice, slices_per_second) = (Some(0.75), 1.0);
        EpochLog { epoch: 4, side: 256, training_loss, training_jaccard, tuning_dice, slices_per_second }
    }

    fn atlas() -> DataCard {
        toml::from_str(
            "name = \"Atlas of Stroke\"\ndisease = \"stroke\"\nlicence = \"CC0\"\ncitation = \"Ann, 2020\"\n\
             limits = \"One hospital.\"",
        )
        .unwrap()
    }

    fn card(manifest: &Manifest, fit: &Provenance) -> String {
        Card::new(manifest, &report(), fit, &log(), &[], None).render().unwrap()
    }

    #[test]
    fn a_card_of_other_data_says_what_that_data_is() {
        let fit = provenance(Some(atlas()));
        let card = card(&manifest(&fit), &fit);
        for said in [
            "Outlines stroke on",
            "1 validation patients",
            "| anna | 12 | 0.500 | 321 | 123 |",
            "9 patients fitted to (345 slices)",
            "nothing but stroke",
            "One hospital.",
            "Atlas of Stroke: Ann, 2020.",
            "(CC0)",
            "Dice of 0.750",
        ] {
            assert!(card.contains(said), "no {said:?} in {card}");
        }
        OF_LGG.iter().for_each(|foreign| assert!(!card.contains(foreign), "{foreign:?} in {card}"));
    }

    #[test]
    fn a_card_of_data_that_is_not_described_claims_no_licence() {
        let fit = provenance(None);
        let card = card(&manifest(&fit), &fit);
        assert!(card.contains("Data set not described.") && card.contains("no licence is claimed"), "{card}");
        OF_LGG.iter().chain(&["(CC", "terms the weights follow"]).for_each(|foreign| {
            assert!(!card.contains(foreign), "{foreign:?} in {card}");
        });
    }

    #[test]
    fn a_card_says_whom_thresholds_were_chosen_on() {
        let fit = provenance(None);
        let mut manifest = manifest(&fit);
        assert!(card(&manifest, &fit).contains("does not say whom they were chosen on"));
        let origin = |model: &str, seed| ThresholdOrigin { model: model.into(), tuning_patients: 5, seed };
        manifest.thresholds_from = Some(origin("mine", None));
        assert!(
            card(&manifest, &fit)
                .contains("5 training patients whom the split names, who were held back from the fit.")
        );
        manifest.thresholds_from = Some(origin("before", Some(7)));
        let drawn = "5 training patients drawn with seed 7, who were held back from the fit of the model `before`";
        assert!(card(&manifest, &fit).contains(drawn));
    }

    fn carried(dice: f64) -> Carrying {
        let [automatic, one_right, carried] = [[dice; 2]; 3];
        Carrying { patients: 7, automatic, one_right, carried, no_worse: 7, slices: 9.0 }
    }

    #[test]
    fn corrections_take_their_place_in_the_card_and_are_forgotten_with_the_weights() {
        const HEADINGS: [&str; 4] = ["## Measured", "## Corrections by prompts", "## A mask carried", "## Network"];
        let folder = TempDir::new().unwrap();
        let folder = folder.path();
        assert!(write(folder).unwrap_err().to_string().contains("manifest.json"));
        let fit = provenance(Some(atlas()));
        let mut manifest = manifest(&fit);
        manifest.missing_sequences = Some(MissingSequences { pre: 0.1, post: 0.2, both: 0.3 });
        put(folder, "manifest.json", &manifest).unwrap();
        put(folder, "report.json", &report()).unwrap();
        provenance::write(folder, &fit).unwrap();
        crate::fit::run::write_history(folder, &[log()]).unwrap();
        for iou in [0.25, 0.75] {
            publish_prompts(folder, &[reached(iou)]).unwrap();
            publish_carrying(folder, &carried(iou)).unwrap();
        }
        let card = || fs::read_to_string(folder.join("README.md")).unwrap();
        let places = HEADINGS.map(|heading| card().find(heading).unwrap());
        assert!(
            places.is_sorted() && HEADINGS.iter().all(|heading| card().matches(heading).count() == 1),
            "{}",
            card()
        );
        assert!(card().contains("| 0.750 |") && !card().contains("0.250"), "the new figures replace the old ones");
        assert!(card().contains("0.750 (0.750)") && card().contains("FLAIR in place of both | 0.300"), "{}", card());
        assert!(folder.join(page::PROMPTS).is_file());

        forget_corrections(folder).unwrap();
        write(folder).unwrap();
        assert!(!card().contains("Corrections") && !card().contains("carried") && !folder.join(page::PROMPTS).exists());
    }

    #[test]
    fn the_shipped_card_is_what_its_folder_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models/lgg-resunetpp");
        let shipped = fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(text(&folder).unwrap() == shipped, "run `cargo run --release -p train -- card`");
        for own in ["lower-grade glioma", "70 patients fitted to (2464 slices)", "CC BY-NC-SA 4.0", "11 of 18 volumes"]
        {
            assert!(shipped.contains(own), "no {own:?}");
        }
    }
}
