//! A fitted network into a model for the page: folded and packed weights, manifest, self-test, report and model card.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::prelude::*;
use burn::tensor::DType;
use engine::{Manifest, MissingSequences, Segmenter, SelfTest, SelfTestFile, WeightsFile};
use imaging::{Fit, Normalization};
use model::{Network, NetworkConfig};

use crate::data::card::DataCard;
use crate::data::patient::Patient;
use crate::data::split::read_split;
use crate::fit::average;
use crate::fit::config::TrainConfig;
use crate::fit::run::{Checkpoint, EpochLog, read_run, write_history};
use crate::measure::report::{Report, report};
use crate::measure::score::{Context, score};
use crate::measure::thresholds::{Thresholds, chosen, inherited};
use crate::publish::provenance::{Ancestor, Provenance, licence};
use crate::publish::{card, index, provenance};
use crate::stress::missing::{Missing, without};

const WEIGHTS: &str = "weights.safetensors";
const SELF_TEST: &str = "self-test.safetensors";
/// Side of the self-test's image: the whole network, at a sixteenth of a slice's work.
pub(super) const SELF_TEST_SIDE: usize = 64;
/// Largest difference of a logit that two devices' rounding explains; logits reach ±30.
const TOLERANCE: f32 = 2e-3;

/// What becomes a model, and where.
pub struct Packaging {
    /// Folders of the fits; of several, the weights are averaged.
    pub runs: Vec<PathBuf>,
    /// Which checkpoints; of several, the weights are averaged.
    pub checkpoints: Vec<Checkpoint>,
    /// Folder with one folder a patient.
    pub data: PathBuf,
    /// What the data set says of itself, if not in its own folder.
    pub data_card: Option<PathBuf>,
    /// File that names the patients to measure on.
    pub split: PathBuf,
    /// Folder of all models.
    pub output: PathBuf,
    /// Name of the new model's folder.
    pub id: String,
}

/// Writes `<output>/<id>/` from a checkpoint of a run; from several checkpoints or runs, the mean of their weights. What one
/// fit went through late is close enough for it (Izmailov et al. 2018, arXiv 1803.05407), and so are fits that started from
/// the same network (Wortsman et al. 2022, arXiv 2203.05482). Card and thresholds are those of the first run.
///
/// # Errors
///
/// Whatever is missing or cannot be written; runs that read intensities differently.
pub fn package(packaging: &Packaging) -> Result<(), Box<dyn Error>> {
    let Packaging { runs, checkpoints, data, data_card, split, output, id } = packaging;
    let Fitted { recipe, network, history } = Fitted::read(runs, checkpoints)?;
    let ancestor = Ancestor::of(&recipe)?;
    let data_card = DataCard::find(data, data_card.as_deref())?;
    let mut split = read_split(data, split)?;
    let mut tuning = split.hold_back(recipe.tuning_patients);
    let training = std::mem::take(&mut split.training);
    split.training = recipe.sites(training, &mut tuning.patients)?.labelled;
    let folder = output.join(id);
    fs::create_dir_all(&folder)?;

    let folded = network.fold();
    let (weights, full) = (folded.packed_weights()?, folded.weights(DType::F32)?);
    fs::write(folder.join(WEIGHTS), &weights)?;
    let terms = licence(data_card.as_ref(), ancestor.as_ref());
    let mut manifest = unmeasured(id, &recipe, data_card.as_ref(), terms, &weights);
    let segmenter = Segmenter::new(manifest.clone(), weights, Device::flex())?;
    let (asked, thresholds) = match tuning.patients.is_empty() {
        true => (&split.training, inherited(recipe.thresholds_folder())?),
        false => (&tuning.patients, chosen(&segmenter, &tuning)?),
    };
    fs::write(folder.join(SELF_TEST), self_test(&segmenter, asked)?.to_bytes())?;
    let Thresholds { mask, presence, from, words } = thresholds;
    (manifest.threshold, manifest.presence_threshold, manifest.thresholds_from) = (mask, presence, from);
    manifest.presence_words = words;

    println!("measuring on {} validation patients …", split.validation.len());
    let report = measured(&segmenter, &manifest, &split.validation)?;
    let rounding = rounding(&manifest, full, &split.validation, &report)?;
    manifest.metrics = Some(report.metrics.clone());
    manifest.missing_sequences = Some(missing_sequences(&segmenter, &manifest, &split.validation)?);
    fs::write(folder.join("manifest.json"), serde_json::to_string_pretty(&manifest)? + "\n")?;
    fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
    write_history(&folder, &history)?;
    let provenance = Provenance {
        data: data_card,
        patients: split.training.len(),
        slices: split.training.iter().map(|patient| patient.slices.len()).sum(),
        leaky: split.leaky,
        ancestor,
        runs: runs.len(),
        checkpoints: checkpoints.len(),
        rounding,
        recipe,
    };
    provenance::write(&folder, &provenance)?;
    card::forget_corrections(&folder)?;
    card::write(&folder)?;
    index::write(output)?;
    println!(
        "{}: mean volume Dice {:.4}, median {:.4}, presence AUC {:.4}",
        folder.display(),
        report.metrics.mean_volume_dice,
        report.metrics.median_volume_dice,
        report.metrics.presence_auc
    );
    Ok(())
}

/// What fits left.
struct Fitted {
    /// Recipe of the first.
    recipe: TrainConfig,
    /// The mean of their networks.
    network: Network,
    /// The longest log of the first.
    history: Vec<EpochLog>,
}

impl Fitted {
    fn read(runs: &[PathBuf], checkpoints: &[Checkpoint]) -> Result<Self, Box<dyn Error>> {
        let recipe = recipes(runs)?.into_iter().next().ok_or("there is no fit to package")?;
        let mut networks = Vec::new();
        let mut history = Vec::new();
        for run in runs {
            for &checkpoint in checkpoints {
                let (_, network, behind) = read_run(run, checkpoint, &Device::flex())?;
                // Batch normalisation may be merged in one fit and not in another.
                networks.push(if runs.len() > 1 { network.fold() } else { network });
                if *run == runs[0] && behind.len() > history.len() {
                    history = behind;
                }
            }
        }
        let network = average::mean(networks).ok_or("there is no checkpoint to package")?;
        if history.is_empty() {
            return Err("the checkpoint has no epoch behind it".into());
        }
        Ok(Self { recipe, network, history })
    }
}

/// The recipes of some runs.
///
/// # Errors
///
/// If one cannot be read, is of another network than the first or reads intensities differently.
fn recipes(runs: &[PathBuf]) -> Result<Vec<TrainConfig>, Box<dyn Error>> {
    let mut configs: Vec<TrainConfig> = Vec::new();
    for run in runs {
        let config = TrainConfig::read(&run.join("config.toml"))?;
        if configs.first().is_some_and(|first| first.network != config.network) {
            return Err(format!(
                "{} holds another network than {}: their weights have no mean",
                run.display(),
                runs[0].display()
            )
            .into());
        }
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

/// A manifest before thresholds are chosen and anything is measured.
pub fn unmeasured(
    id: &str,
    recipe: &TrainConfig,
    data: Option<&DataCard>,
    licence: String,
    weights: &[u8],
) -> Manifest {
    let network = recipe.network.clone();
    let disease = data.and_then(|data| data.disease.as_ref());
    Manifest {
        id: id.into(),
        name: disease.map_or_else(|| network.name().into(), |disease| format!("{} for {disease}", network.name())),
        prompts: network.takes_guidance(),
        network,
        normalization: recipe.normalization,
        longest_side: recipe.stages.last().map_or(256, |stage| stage.side),
        threshold: 0.5,
        presence_threshold: 0.0,
        thresholds_from: None,
        presence_words: None,
        weights: WeightsFile::new(WEIGHTS, weights),
        self_test: SelfTestFile { file: SELF_TEST.into(), tolerance: TOLERANCE },
        metrics: None,
        missing_sequences: None,
        licence,
    }
}

/// The slice with the largest tumour, made small, with what the network says of it.
fn self_test(segmenter: &Segmenter, patients: &[Patient]) -> Result<SelfTest, Box<dyn Error>> {
    let largest = patients.iter().flat_map(|patient| &patient.slices).max_by_key(|slice| slice.label.area_px());
    let slice = &largest.ok_or("there are no patients to take the self-test from")?.slice;
    let fit = Fit::new(slice.width(), slice.height(), SELF_TEST_SIDE, segmenter.manifest().network.multiple());
    let planes = segmenter.manifest().normalization.planes(slice, None, &fit);
    Ok(pollster::block_on(SelfTest::record(segmenter, planes))?)
}

/// What the network reaches at the thresholds of a manifest.
///
/// # Errors
///
/// The first [`engine::EngineError`].
pub fn measured(segmenter: &Segmenter, manifest: &Manifest, patients: &[Patient]) -> Result<Report, Box<dyn Error>> {
    let scored = score(segmenter, patients, &[manifest.threshold], Context::Volume)?;
    Ok(report(&scored, 0, manifest.presence_threshold))
}

/// What the model reaches where a study lacks sequences.
pub(super) fn missing_sequences(
    segmenter: &Segmenter,
    manifest: &Manifest,
    patients: &[Patient],
) -> Result<MissingSequences, Box<dyn Error>> {
    println!("measuring the same with sequences missing …");
    let dice = |missing: &[Missing]| -> Result<f64, Box<dyn Error>> {
        let patients: Vec<_> = patients.iter().map(|patient| without(patient, missing)).collect();
        Ok(measured(segmenter, manifest, &patients)?.metrics.mean_volume_dice)
    };
    Ok(MissingSequences {
        pre: dice(&[Missing::Pre])?,
        post: dice(&[Missing::Post])?,
        both: dice(&[Missing::Pre, Missing::Post])?,
    })
}

/// The largest change of a patient's volume Dice when the weights are not rounded.
fn rounding(manifest: &Manifest, full: Vec<u8>, patients: &[Patient], rounded: &Report) -> Result<f64, Box<dyn Error>> {
    println!("measuring the same with 32-bit weights …");
    let manifest = Manifest { weights: WeightsFile::new(WEIGHTS, &full), ..manifest.clone() };
    let segmenter = Segmenter::new(manifest.clone(), full, Device::flex())?;
    let exact = measured(&segmenter, &manifest, patients)?;
    let changes = rounded.patients.iter().map(|patient| {
        let same = exact.patients.iter().find(|exact| exact.patient == patient.patient);
        same.map_or(f64::NAN, |exact| (exact.volume_dice - patient.volume_dice).abs())
    });
    let largest = changes.fold(0.0, f64::max);
    println!("rounded weights change no volume Dice by more than {largest:.5}");
    Ok(largest)
}

/// Writes a model whose answers PyTorch gave: `cargo xtask test` runs it in the browser against the same numbers.
///
/// # Errors
///
/// If the vectors are missing or the network is not the twin's.
pub fn package_reference(vectors: &Path, output: &Path, id: &str) -> Result<(), Box<dyn Error>> {
    let network: NetworkConfig = serde_json::from_slice(&fs::read(vectors.join("network.json"))?)?;
    let fitted: Network =
        network.init(&Device::flex()).with_pytorch_weights(fs::read(vectors.join("weights.safetensors"))?)?;
    let weights = fitted.fold().weights(DType::F32)?;
    let manifest = Manifest {
        self_test: SelfTestFile { file: SELF_TEST.into(), tolerance: 1e-4 },
        ..for_tests(id, "PyTorch reference".into(), network, &weights)
    };
    write_for_tests(&output.join(id), &manifest, &weights, &fs::read(vectors.join("answers.safetensors"))?)
}

/// The manifest of a model that is only tested with.
pub(super) fn for_tests(id: &str, name: String, network: NetworkConfig, weights: &[u8]) -> Manifest {
    Manifest {
        id: id.into(),
        name,
        prompts: network.takes_guidance(),
        network,
        normalization: Normalization::PerSlice { deviation_floor: 0.05 },
        longest_side: 256,
        threshold: 0.5,
        presence_threshold: 0.0,
        thresholds_from: None,
        presence_words: None,
        weights: WeightsFile::new(WEIGHTS, weights),
        self_test: SelfTestFile { file: SELF_TEST.into(), tolerance: TOLERANCE },
        metrics: None,
        missing_sequences: None,
        licence: "Random numbers.".into(),
    }
}

/// Writes the three files of such a model.
///
/// # Errors
///
/// If one cannot be written.
pub(super) fn write_for_tests(
    folder: &Path,
    manifest: &Manifest,
    weights: &[u8],
    self_test: &[u8],
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(WEIGHTS), weights)?;
    fs::write(folder.join(SELF_TEST), self_test)?;
    Ok(fs::write(folder.join("manifest.json"), serde_json::to_string_pretty(manifest)?)?)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::fit::config::Stage;
    use crate::fit::fitting::fit;

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

    /// A recipe for a small network other than the paper's, whose thresholds are those of the shipped model.
    fn small_recipe(folder: &Path) -> PathBuf {
        let train = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut recipe = TrainConfig::read(&train.join("configs/automatic.toml")).unwrap();
        recipe.network = toml::from_str("kind = \"unet_plus_plus\"\nwidth = 4").unwrap();
        (recipe.batch, recipe.tuning_patients, recipe.averaging) = (2, 0, Some(0.5));
        recipe.thresholds = Some(train.join("../public/models/lgg-resunetpp"));
        recipe.stages = vec![Stage { side: 32, epochs: 1 }];
        let path = folder.join("recipe.toml");
        fs::write(&path, toml::to_string(&recipe).unwrap()).unwrap();
        path
    }

    #[test]
    fn another_network_is_fitted_goes_on_and_becomes_a_model_that_passes_its_test() {
        let (data, folder) = (crate::data::lgg::tests::folder(), TempDir::new().unwrap());
        let (data, folder) = (data.path().to_path_buf(), folder.path());
        let (recipe, split, run) = (small_recipe(folder), folder.join("split.json"), folder.join("run"));
        fs::write(&split, r#"{"validation": ["TCGA_B"]}"#).unwrap();
        for _ in 0..2 {
            // The second time there is nothing left to do.
            fit(&recipe, None, None, &data, &split, &run).unwrap();
        }
        let packaging = Packaging {
            runs: vec![run.clone()],
            checkpoints: vec![Checkpoint::Last],
            data: data.clone(),
            data_card: None,
            split: split.clone(),
            output: folder.to_path_buf(),
            id: "nested".into(),
        };
        package(&packaging).unwrap();

        let model = folder.join("nested");
        let segmenter = crate::measure::predict::load(&model).unwrap();
        let manifest = segmenter.manifest();
        assert_eq!((manifest.name.as_str(), manifest.takes_prompts()), ("UNet++", false));
        let written: serde_json::Value =
            serde_json::from_slice(&fs::read(model.join("manifest.json")).unwrap()).unwrap();
        assert_eq!((&written["network"]["kind"], &written["network"]["width"]), (&"unet_plus_plus".into(), &4.into()));
        let card = fs::read_to_string(model.join("README.md")).unwrap();
        assert!(card.contains("UNet++, ") && !card.contains("ResUnet"), "{card}");

        // Its weights are no beginning for another network.
        let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/default.toml");
        for (start, other) in [(&run, "other"), (&model, "one-more")] {
            let error = fit(&default, None, Some(start), &data, &split, &folder.join(other)).unwrap_err().to_string();
            assert!(error.contains("another network") && error.contains("unet_plus_plus"), "{error}");
        }
    }
}
