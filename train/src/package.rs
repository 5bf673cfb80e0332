//! A fitted network into a model for the page: folded 16-bit weights, manifest, self-test, report and model card.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::prelude::*;
use burn::tensor::DType;
use engine::{Manifest, MissingSequences, Segmenter, SelfTest, SelfTestFile, WeightsFile, Window};
use imaging::{Fit, Normalization};
use model::{ResUnetPlusPlus, ResUnetPlusPlusConfig};

use crate::carry::Carrying;
use crate::config::{Augmentation, BatchNormalization, TrainConfig, WindowTraining};
use crate::dataset::{Missing, Patient, read_split};
use crate::fit::training_and_tuning;
use crate::refine::Refinement;
use crate::report::{LARGE_PX, POLICY, Report, report};
use crate::run::{Checkpoint, EpochLog, read_run, write_history};
use crate::score::{Context, ScoredPatient, score};
use crate::{average, page, plots};

const WEIGHTS: &str = "weights.safetensors";
const SELF_TEST: &str = "self-test.safetensors";
/// Side of the self-test's image: the whole network, at a sixteenth of a slice's work.
const SELF_TEST_SIDE: usize = 64;
/// Largest difference of a logit that two devices' rounding explains; logits reach ±30.
const TOLERANCE: f32 = 2e-3;
/// Mask thresholds tried on the tuning patients: low ones too, since the network is less sure of what it was not fitted to.
const THRESHOLDS: [f32; 11] = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];
/// Share of the large tumour slices of the tuning patients that the presence gate may miss.
const MISSED: f64 = 0.01;
/// The gate is set this many times lower than the tuning patients would allow, because they are few.
const GATE_MARGIN: f32 = 16.0;
/// What robots reached, in the model's folder.
const CLICKS: &str = "clicks.json";
/// Heading of the model card above which it says how corrections go.
const NEXT_HEADING: &str = "## Network";
const LICENCE: &str = "Research use only. Trained on the LGG Segmentation Dataset (CC BY-NC-SA 4.0), whose terms the \
                       weights follow.";

/// Writes `<output>/<id>/` from a checkpoint of a run; from several checkpoints or runs, the mean of their weights. What one
/// fit went through late is close enough for it (Izmailov et al. 2018, arXiv 1803.05407), and so are fits that started from
/// the same network (Wortsman et al. 2022, arXiv 2203.05482). Card and thresholds are those of the first run.
///
/// # Errors
///
/// Whatever is missing or cannot be written; runs that read intensities differently.
pub fn package(
    runs: &[PathBuf],
    checkpoints: &[Checkpoint],
    data: &Path,
    split: &Path,
    output: &Path,
    id: &str,
) -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    let configs = recipes(runs)?;
    let mut networks = Vec::new();
    let mut history = Vec::new();
    for run in runs {
        for &checkpoint in checkpoints {
            let (_, network, behind) = read_run(run, checkpoint, &device)?;
            // Batch normalisation may be merged in one fit and not in another.
            networks.push(if runs.len() > 1 { network.fold() } else { network });
            if *run == runs[0] && behind.len() > history.len() {
                history = behind;
            }
        }
    }
    let network = average::mean(networks).ok_or("there is no checkpoint to package")?;
    let mean = match (runs.len(), checkpoints.len()) {
        (1, 1) => String::new(),
        (1, _) => "; the weights are the mean of the best checkpoint on the tuning patients and the last".into(),
        (runs, _) => format!("; the weights are the mean of those of {runs} fits, of which this is the first"),
    };
    let config = &configs[0];
    let log = history.last().ok_or("the checkpoint has no epoch behind it")?;
    let split = read_split(data, split)?;
    let (training, tuning) = training_and_tuning(split.training, config);
    let folder = output.join(id);
    fs::create_dir_all(&folder)?;

    let folded = network.fold();
    let (weights, full) = (folded.weights(DType::F16)?, folded.weights(DType::F32)?);
    let mut manifest = Manifest {
        id: id.into(),
        name: "ResUnet++ for lower-grade glioma".into(),
        network: ResUnetPlusPlusConfig::new(),
        normalization: config.normalization,
        longest_side: config.stages.last().map_or(256, |stage| stage.side),
        threshold: 0.5,
        presence_threshold: 0.0,
        weights: WeightsFile::new(WEIGHTS, &weights),
        self_test: SelfTestFile { file: SELF_TEST.into(), tolerance: TOLERANCE },
        metrics: None,
        missing_sequences: None,
        licence: LICENCE.into(),
    };
    fs::write(folder.join(WEIGHTS), &weights)?;

    let segmenter = Segmenter::new(manifest.clone(), weights.clone(), device.clone())?;
    let (asked, thresholds) =
        if tuning.is_empty() { (&training, inherited(config)?) } else { (&tuning, chosen(&segmenter, &tuning)?) };
    fs::write(folder.join(SELF_TEST), self_test(&segmenter, asked)?.to_bytes())?;
    (manifest.threshold, manifest.presence_threshold) = (thresholds.mask, thresholds.presence);

    println!("measuring on {} validation patients …", split.validation.len());
    let scored = score(&segmenter, &split.validation, &[manifest.threshold], Context::Volume)?;
    let report = report(&scored, 0, manifest.presence_threshold);
    let rounding = rounding(&manifest, full, &split.validation, &report)?;
    manifest.metrics = Some(report.metrics.clone());
    manifest.missing_sequences = Some(missing_sequences(&segmenter, &manifest, &split.validation)?);
    fs::write(folder.join("manifest.json"), serde_json::to_string_pretty(&manifest)? + "\n")?;
    fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
    write_history(&folder, &history)?;
    let origin = Origin { config, log, mean, leaky: split.leaky };
    // What was reached with other weights says nothing of these.
    for stale in [CLICKS, page::CLICKS].map(|file| folder.join(file)).iter().filter(|file| file.exists()) {
        fs::remove_file(stale)?;
    }
    fs::write(folder.join("README.md"), card(&manifest, &origin, &report, rounding))?;
    println!(
        "{}: mean volume Dice {:.4}, median {:.4}, presence AUC {:.4}",
        folder.display(),
        report.metrics.mean_volume_dice,
        report.metrics.median_volume_dice,
        report.metrics.presence_auc
    );
    Ok(())
}

/// The recipes of some runs.
///
/// # Errors
///
/// If one cannot be read, or reads intensities differently from the first.
fn recipes(runs: &[PathBuf]) -> Result<Vec<TrainConfig>, Box<dyn Error>> {
    let mut configs: Vec<TrainConfig> = Vec::new();
    for run in runs {
        let config = TrainConfig::read(&run.join("config.toml"))?;
        if configs.first().is_some_and(|first| first.normalization != config.normalization) {
            return Err(format!(
                "{} reads intensities differently from {}: their weights have no mean",
                run.display(),
                runs[0].display()
            )
            .into());
        }
        configs.push(config);
    }
    Ok(configs)
}

/// Probabilities from which a pixel is tumour and below which a slice has none.
pub struct Thresholds {
    mask: f32,
    presence: f32,
}

/// What serves the tuning patients best.
fn chosen(segmenter: &Segmenter, tuning: &[Patient]) -> Result<Thresholds, Box<dyn Error>> {
    println!("choosing thresholds on {} tuning patients …", tuning.len());
    let scored = score(segmenter, tuning, &THRESHOLDS, Context::Volume)?;
    let dices = (0..THRESHOLDS.len()).map(|index| report(&scored, index, 0.0).metrics.mean_volume_dice);
    let tried: Vec<(f32, f64)> = THRESHOLDS.into_iter().zip(dices).collect();
    tried.iter().for_each(|(threshold, dice)| println!("  {threshold:<4} mean volume Dice {dice:.4}"));
    let best = tried.iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).expect("there are thresholds to try");
    Ok(Thresholds { mask: best.0, presence: gate(&scored) / GATE_MARGIN })
}

/// Those of the packaged model that a fit to all patients started from: nobody was held back to choose them on.
///
/// # Errors
///
/// If the recipe names no packaged model.
pub fn inherited(config: &TrainConfig) -> Result<Thresholds, Box<dyn Error>> {
    let missing = "a fit without tuning patients takes its thresholds from the packaged model that it starts from, or that \
                   `thresholds` names";
    let folder = config.thresholds.as_ref().or(config.start.as_ref()).ok_or(missing)?;
    let file = folder.join("manifest.json");
    let manifest = fs::read(&file).map_err(|error| format!("{missing}: cannot read {}: {error}", file.display()))?;
    let Manifest { threshold, presence_threshold, .. } = Manifest::parse(&manifest)?;
    Ok(Thresholds { mask: threshold, presence: presence_threshold })
}

/// The slice with the largest tumour, made small, with what the network says of it.
fn self_test(segmenter: &Segmenter, patients: &[Patient]) -> Result<SelfTest, Box<dyn Error>> {
    let largest = patients.iter().flat_map(|patient| &patient.slices).max_by_key(|slice| slice.label.area_px());
    let slice = &largest.ok_or("there are no patients to take the self-test from")?.slice;
    let fit = Fit::new(slice.width(), slice.height(), SELF_TEST_SIDE, ResUnetPlusPlusConfig::MULTIPLE);
    let planes = segmenter.manifest().normalization.planes(slice, None, &fit);
    Ok(pollster::block_on(SelfTest::record(segmenter, planes))?)
}

/// The highest presence probability below which no more than [`MISSED`] of the large tumour slices lie.
fn gate(scored: &[ScoredPatient]) -> f32 {
    let slices = scored.iter().flat_map(|patient| &patient.slices);
    let mut presences: Vec<f32> =
        slices.filter(|slice| slice.label.area_px() >= LARGE_PX).map(|slice| slice.presence).collect();
    presences.sort_by(f32::total_cmp);
    presences.get((presences.len() as f64 * MISSED) as usize).copied().unwrap_or(0.0)
}

/// What the model reaches where a study lacks sequences.
fn missing_sequences(
    segmenter: &Segmenter,
    manifest: &Manifest,
    patients: &[Patient],
) -> Result<MissingSequences, Box<dyn Error>> {
    println!("measuring the same with sequences missing …");
    let dice = |missing: &[Missing]| -> Result<f64, Box<dyn Error>> {
        let patients: Vec<_> = patients.iter().map(|patient| patient.without(missing)).collect();
        let scored = score(segmenter, &patients, &[manifest.threshold], Context::Volume)?;
        Ok(report(&scored, 0, manifest.presence_threshold).metrics.mean_volume_dice)
    };
    Ok(MissingSequences {
        pre: dice(&[Missing::Pre])?,
        post: dice(&[Missing::Post])?,
        both: dice(&[Missing::Pre, Missing::Post])?,
    })
}

/// The largest change of a patient's volume Dice when the weights are not rounded to 16 bit.
fn rounding(manifest: &Manifest, full: Vec<u8>, patients: &[Patient], rounded: &Report) -> Result<f64, Box<dyn Error>> {
    println!("measuring the same with 32-bit weights …");
    let manifest = Manifest { weights: WeightsFile::new(WEIGHTS, &full), ..manifest.clone() };
    let segmenter = Segmenter::new(manifest.clone(), full, Device::flex())?;
    let exact =
        report(&score(&segmenter, patients, &[manifest.threshold], Context::Volume)?, 0, manifest.presence_threshold);
    let changes = rounded.patients.iter().map(|patient| {
        let same = exact.patients.iter().find(|exact| exact.patient == patient.patient);
        same.map_or(f64::NAN, |exact| (exact.volume_dice - patient.volume_dice).abs())
    });
    let largest = changes.fold(0.0, f64::max);
    println!("16-bit weights change no volume Dice by more than {largest:.5}");
    Ok(largest)
}

/// Where weights come from.
struct Origin<'a> {
    config: &'a TrainConfig,
    /// The last epoch.
    log: &'a EpochLog,
    /// What they are the mean of, if they are.
    mean: String,
    /// Whether the fit saw other slices of the patients that it is measured on.
    leaky: bool,
}

/// The model card, in Markdown.
fn card(manifest: &Manifest, origin: &Origin, report: &Report, rounding: f64) -> String {
    let &Origin { config, log, ref mean, leaky } = origin;
    let cost = manifest.folded_network().cost(256, 256);
    let encoder = manifest.folded_network().encoder_cost(256, 256);
    let metrics = &report.metrics;
    let patients: String = report
        .patients
        .iter()
        .map(|p| format!("| {} | {} | {:.3} | {} | {} |\n", p.patient, p.slices, p.volume_dice, p.label_px, p.mask_px))
        .collect();
    let figures: String =
        page::figures(report).into_iter().map(|(name, value)| format!("| {name} | {value} |\n")).collect();
    let stages: Vec<String> =
        config.stages.iter().map(|stage| format!("{} epochs at {}²", stage.epochs, stage.side)).collect();
    format!(
        "# {name}\n\n\
         Outlines lower-grade glioma on axial MR slices (pre-contrast, FLAIR, post-contrast). **Research use, not a \
         medical device.**\n\n\
         ## Measured\n\n\
         On {unseen}, by the engine that runs in the browser \
         (`cargo run --release -p train -- package …`), mask threshold {threshold}, presence threshold {gate:.4}:\n\n\
         | figure | value |\n|---|---|\n{figures}{missing}\n{POLICY}\n\n\
         | patient | slices | volume Dice | label px | mask px |\n|---|---|---|---|---|\n{patients}\n\
         For comparison, by patient on the same data set: Buda et al. 2019 report a mean of 0.82 and a median of 0.85; \
         two experts agree at 0.84. The paper that this network follows reports 98.17 % beside a validation loss of \
         0.1718, on a split whose unit it does not state.\n\n\
         {NEXT_HEADING}\n\n\
         ResUnet++, {parameters} parameters, {macs:.2} G multiply-adds for a 256 × 256 slice, of which {encoder:.2} G \
         up to the presence answer. Weights: 16 bit, batch normalisation merged, {bytes:.1} MB. With 32-bit weights no \
         patient's volume Dice differs by more than {rounding:.5}.\n\n\
         ## Training\n\n\
         {intensities} {start}{stages}, {epochs} epochs in all, batch {batch}, learning rate {rate}, {optimizer:?}, {schedule:?}, Jaccard \
         loss{slices} and {cross_entropy} × pixel cross-entropy, {precision:?} precision, half of each epoch's slices with \
         tumour, {augmentation}{average}{clicks}{windows}{mean}. Last training Jaccard loss {jaccard:.4}; \
         {tuning}.\n\n\
         ## Limits\n\n\
         One scanner-independent public data set of {count} + 70 patients, one label each; nothing but lower-grade \
         glioma; skull present; 2-D slices without their neighbours. A slice of one sequence is outside what the \
         network saw most.\n\n\
         ## Data and licence\n\n\
         LGG Segmentation Dataset: Buda, Saha, Mazurowski, Computers in Biology and Medicine 109 (2019); Mazurowski et \
         al., Journal of Neuro-Oncology 133 (2017); TCGA-LGG, The Cancer Imaging Archive. {licence}\n",
        name = manifest.name,
        count = metrics.patients,
        unseen = if leaky {
            format!(
                "held-back slices of {} patients, **other slices of whom were trained on: this says nothing about new \
                 patients**",
                metrics.patients
            )
        } else {
            format!("{} validation patients that were neither trained nor tuned on", metrics.patients)
        },
        missing = manifest.missing_sequences.map_or_else(String::new, |MissingSequences { pre, post, both }| {
            format!(
                "| mean volume Dice, FLAIR in place of pre-contrast | {pre:.3} |\n\
                 | FLAIR in place of post-contrast | {post:.3} |\n\
                 | FLAIR in place of both | {both:.3} |\n"
            )
        }),
        threshold = manifest.threshold,
        gate = manifest.presence_threshold,
        parameters = cost.parameters,
        macs = cost.multiply_adds as f64 / 1e9,
        encoder = encoder.multiply_adds as f64 / 1e9,
        bytes = manifest.weights.bytes as f64 / 1e6,
        intensities = match config.normalization {
            Normalization::PerSlice { .. } => "Intensities are standardised over the slice.",
            Normalization::PerVolume { .. } => {
                "Intensities are standardised over the volume where there is one, over the slice where it is alone."
            }
        },
        start = match (&config.start, config.batch_normalization) {
            (Some(_), BatchNormalization::Learned) => {
                "On from the network of an earlier fit (`train/configs/` says how they follow each other): "
            }
            (Some(_), BatchNormalization::Merged) => {
                "On from the network of an earlier fit, its batch normalisation merged (`train/configs/` says how they \
                 follow each other): "
            }
            (None, _) => "",
        },
        average = match config.averaging {
            Some(decay) => format!(", weights averaged with a decay of {decay} a step"),
            None => String::new(),
        },
        clicks = match &config.clicks {
            Some(training) => {
                format!(", {:.0} % of the slices corrected by simulated clicks", 100.0 * training.share)
            }
            None => String::new(),
        },
        windows = match &config.windows {
            Some(WindowTraining { batch, passes, share }) => format!(
                ", and in each epoch {passes} windows of {side}² around every tumour, {percent:.0} % of them corrected, in \
                 batches of {batch}",
                side = Window::SIDE,
                percent = 100.0 * share
            ),
            None => String::new(),
        },
        stages = stages.join(", "),
        epochs = log.epoch,
        batch = config.batch,
        rate = config.learning_rate,
        optimizer = config.optimizer,
        schedule = config.schedule,
        slices = match config.slice_weight {
            0.0 => String::new(),
            weight => format!(", {weight} × that of every slice with tumour by itself,"),
        },
        cross_entropy = config.cross_entropy_weight,
        precision = config.precision,
        augmentation = match config.augmentation {
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
        },
        jaccard = log.training_jaccard,
        tuning = match log.tuning_dice {
            Some(dice) => format!(
                "the {} training patients held back to choose thresholds gave a mean volume Dice of {dice:.3}",
                config.tuning_patients
            ),
            None => "nobody was held back: thresholds are those of an earlier model".into(),
        },
        licence = manifest.licence,
    )
}

/// Puts what carrying a mask achieved with a packaged model into its card, in place of what is there.
///
/// # Errors
///
/// If the card cannot be read or written.
pub fn publish_carrying(folder: &Path, carrying: &Carrying) -> Result<(), Box<dyn Error>> {
    publish(folder, "## A mask carried through a volume", &carrying.sentences())
}

/// Puts what robots reached with a packaged model beside it and into its card, in place of what is there.
///
/// # Errors
///
/// If a file cannot be read or written.
pub fn publish_clicks(folder: &Path, refinements: &[Refinement]) -> Result<(), Box<dyn Error>> {
    fs::write(folder.join(CLICKS), serde_json::to_string_pretty(refinements)? + "\n")?;
    plots::refinement(refinements, &folder.join(page::CLICKS))?;
    let slices = refinements.first().map_or(0, |refinement| refinement.slices);
    let text = format!(
        "Robots correct the {slices} validation slices with at least {LARGE_PX} px of tumour until the mask is good, 20 clicks \
         at most (`train evaluate --clicks`). The standard robot clicks in the middle of the deepest error (Sofiiuk et al. \
         2021, arXiv 2102.06583), the sloppy one anywhere in an error. NoC@80: mean clicks to an IoU of 0.80, failures \
         counted as 20. Whole errors: what the IoU would be if each click mended all of the error that it hits and nothing \
         else.\n\n{}\n![Mean IoU after each click]({})",
        page::click_table(refinements),
        page::CLICKS,
    );
    publish(folder, "## Corrections by clicks", &text)
}

/// Puts a section into a model's card, in place of the one of that heading; a new one stands above the network's.
fn publish(folder: &Path, heading: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let path = folder.join("README.md");
    let card = fs::read_to_string(&path)?;
    let place = card.find(heading).or_else(|| card.find(NEXT_HEADING));
    let at = place.ok_or_else(|| format!("{} has no \"{NEXT_HEADING}\"", path.display()))?;
    let (above, rest) = card.split_at(at);
    let below = match rest.strip_prefix(heading) {
        Some(old) => old.find("\n## ").map_or("", |next| &old[next + 1..]),
        None => rest,
    };
    fs::write(&path, format!("{above}{heading}\n\n{text}\n\n{below}"))?;
    Ok(())
}

/// Writes a model whose answers PyTorch gave: `cargo xtask test` runs it in the browser against the same numbers.
///
/// # Errors
///
/// If the vectors are missing or the network is not the twin's.
pub fn package_reference(vectors: &Path, output: &Path, id: &str) -> Result<(), Box<dyn Error>> {
    let network: ResUnetPlusPlusConfig = serde_json::from_slice(&fs::read(vectors.join("network.json"))?)?;
    let fitted: ResUnetPlusPlus =
        network.init(&Device::flex()).with_pytorch_weights(fs::read(vectors.join("weights.safetensors"))?)?;
    let weights = fitted.fold().weights(DType::F32)?;
    let manifest = Manifest {
        id: id.into(),
        name: "PyTorch reference".into(),
        network,
        normalization: Normalization::PerSlice { deviation_floor: 0.05 },
        longest_side: 256,
        threshold: 0.5,
        presence_threshold: 0.0,
        weights: WeightsFile::new(WEIGHTS, &weights),
        self_test: SelfTestFile { file: SELF_TEST.into(), tolerance: 1e-4 },
        metrics: None,
        missing_sequences: None,
        licence: "Random numbers.".into(),
    };
    let folder = output.join(id);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(WEIGHTS), &weights)?;
    fs::copy(vectors.join("answers.safetensors"), folder.join(SELF_TEST))?;
    fs::write(folder.join("manifest.json"), serde_json::to_string_pretty(&manifest)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::refine::{Goal, Robot, Start, Windows};

    fn reached(iou: f64) -> Refinement {
        Refinement {
            robot: Robot::Standard,
            start: Start::Automatic,
            slices: 7,
            mean_iou: vec![iou; 11],
            mean_iou_of_whole_errors: vec![iou; 11],
            clicks_to_goal: [0.80, 0.85, 0.90].map(|iou| Goal { iou, mean_clicks: 3.0, failures: 1 }).to_vec(),
            obeyed_by_network: 0.9,
            obeyed: 1.0,
            not_lowering: 0.8,
            seconds_per_click: 0.2,
            windows: Windows::default(),
        }
    }

    fn carried(dice: f64) -> Carrying {
        let figures = [dice; 2];
        let [automatic, one_right, carried] = [figures; 3];
        Carrying { patients: 7, automatic, one_right, carried, no_worse: 7, slices: 9.0 }
    }

    #[test]
    fn runs_that_read_intensities_differently_have_no_mean() {
        let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
        let folder = TempDir::new().unwrap();
        let runs = ["default", "refit", "automatic"].map(|name| {
            let run = folder.path().join(name);
            fs::create_dir(&run).unwrap();
            fs::copy(configs.join(name).with_extension("toml"), run.join("config.toml")).unwrap();
            run
        });
        assert_eq!(recipes(&runs[..2]).unwrap().len(), 2);
        let error = recipes(&runs).unwrap_err().to_string();
        assert!(error.contains("automatic") && error.contains("differently"), "{error}");
    }

    #[test]
    fn corrections_take_their_place_in_the_card() {
        const HEADING: &str = "## Corrections by clicks";
        let folder = TempDir::new().unwrap();
        let folder = folder.path();
        let card = "# A model\n\n## Measured\n\nFigures.\n\n## Network\n\nLayers.\n";
        fs::write(folder.join("README.md"), card).unwrap();
        for iou in [0.25, 0.75] {
            publish_clicks(folder, &[reached(iou)]).unwrap();
            publish_carrying(folder, &carried(iou)).unwrap();
        }
        let card = fs::read_to_string(folder.join("README.md")).unwrap();
        let place = |text: &str| card.find(text).unwrap_or_else(|| panic!("no {text:?} in {card}"));
        assert!(place("Figures.") < place(HEADING) && place(HEADING) < place("## Network\n\nLayers.\n"));
        assert!(card.contains("| 0.750 |") && !card.contains("0.250"), "the new figures replace the old ones");
        assert!(place("0.750 (0.750)") > place("| 0.750 |") && place("0.750 (0.750)") < place("## Network"));
        assert_eq!([HEADING, "## A mask carried", "## Network"].map(|heading| card.matches(heading).count()), [1; 3]);
        assert!(folder.join(page::CLICKS).is_file() && folder.join(CLICKS).is_file());
    }

    #[test]
    fn a_card_of_another_kind_is_left_alone() {
        let folder = TempDir::new().unwrap();
        let folder = folder.path();
        fs::write(folder.join("README.md"), "Notes.\n").unwrap();
        assert!(publish_clicks(folder, &[reached(0.5)]).unwrap_err().to_string().contains("## Network"));
        assert_eq!(fs::read_to_string(folder.join("README.md")).unwrap(), "Notes.\n");
    }
}
