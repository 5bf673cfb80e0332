//! Fits, measures and tabulates what a comparison lists; goes on where it stopped.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::prelude::*;
use burn::tensor::{DType, Distribution};
use engine::{Manifest, Segmenter};
use model::{Cost, Network};

use crate::compare::comparison::{Comparison, Entry};
use crate::compare::outcome::{self, Outcome, Reached};
use crate::compare::table;
use crate::data::patient::Patient;
use crate::data::split::{Tuning, read_split};
use crate::fit::batch::steps_per_epoch;
use crate::fit::config::TrainConfig;
use crate::fit::fitting::fit_to;
use crate::fit::run::{Checkpoint, EpochLog, Run, read_run};
use crate::measure::statistics::median_of_sorted;
use crate::measure::thresholds::chosen;
use crate::publish::package::{measured, unmeasured};

/// What became of a fit, in its folder.
const OUTCOME: &str = "outcome.json";
/// All that was measured, in the documents.
const KNOWN: &str = "baselines.json";
/// The table, in the documents.
const TABLE: &str = "baselines.md";
/// Side of the image that networks are timed on.
const TIMED_SIDE: usize = 256;
/// Repetitions of which the median counts.
const REPETITIONS: usize = 7;

/// What is compared and where it goes.
pub struct Comparing {
    /// The comparison's file.
    pub config: PathBuf,
    /// Data set and split; without them nothing is fitted, and the table is made anew of what is known.
    pub data: Option<(PathBuf, PathBuf)>,
    /// Folder of all fits.
    pub runs: PathBuf,
    /// Only this network.
    pub only: Option<String>,
    /// Only this seed.
    pub seed: Option<u64>,
    /// Folder of the documents.
    pub docs: PathBuf,
}

/// Fits what is not fitted yet, and makes the table of all that is known.
///
/// A fit that fails is told and does not end the others.
///
/// # Errors
///
/// Whatever is wrong with the comparison, the data or the folders.
pub fn compare(comparing: &Comparing) -> Result<(), Box<dyn Error>> {
    let (comparison, recipe) = Comparison::read(&comparing.config)?;
    let fits = comparison.fits(comparing.only.as_deref(), comparing.seed)?;
    if let Some((data, split)) = &comparing.data {
        let open: Vec<_> = fits.into_iter().filter(|(entry, seed)| comparing.is_open(entry, *seed, &recipe)).collect();
        println!("{} fits to do", open.len());
        if !open.is_empty() {
            println!("reading {} …", data.display());
            let mut split = read_split(data, split)?;
            let tuning = split.hold_back(recipe.tuning_patients);
            let patients = Patients { training: &split.training, tuning: &tuning, validation: &split.validation };
            for (entry, seed) in open {
                comparing.do_one(entry, seed, &recipe, &patients)?;
            }
        }
    }
    let outcomes = comparing.known(&comparison, &recipe)?;
    if outcomes.iter().all(|outcome| outcome.reached.is_err()) {
        return Err(nothing(&outcomes).into());
    }
    fs::create_dir_all(&comparing.docs)?;
    let page = table::page(&comparison, &recipe, &outcomes)?;
    outcome::write(&comparing.docs.join(KNOWN), &(serde_json::to_string_pretty(&outcomes)? + "\n"))?;
    outcome::write(&comparing.docs.join(TABLE), &page)?;
    println!("{page}");
    Ok(())
}

/// Who is fitted to, tuned on and measured on.
struct Patients<'a> {
    training: &'a [Patient],
    tuning: &'a Tuning,
    validation: &'a [Patient],
}

impl Comparing {
    fn folder(&self, entry: &Entry, seed: u64) -> PathBuf {
        self.runs.join(format!("{}-seed-{seed}", entry.folder()))
    }

    /// Whether there is something to do: the fit has not ended, failed, or is of another network or recipe by now.
    fn is_open(&self, entry: &Entry, seed: u64, recipe: &TrainConfig) -> bool {
        let ended = outcome::read::<Outcome>(&self.folder(entry, seed).join(OUTCOME)).ok().flatten();
        let asked_for = entry.recipe(recipe, seed);
        let is_done = ended.is_some_and(|outcome| outcome.reached.is_ok() && outcome.recipe == asked_for);
        if is_done {
            println!("{}, seed {seed}: done before", entry.name);
        }
        !is_done
    }

    /// Fits and measures one network with one seed, and keeps what became of it.
    fn do_one(
        &self,
        entry: &Entry,
        seed: u64,
        recipe: &TrainConfig,
        patients: &Patients,
    ) -> Result<(), Box<dyn Error>> {
        println!("{}, seed {seed}:", entry.name);
        let folder = self.folder(entry, seed);
        let recipe = entry.recipe(recipe, seed);
        let run = Run::open(&folder, &recipe)?;
        let reached = reached(&recipe, &folder, &run, patients).map_err(|error| error.to_string());
        if let Err(why) = &reached {
            eprintln!("{}, seed {seed} failed: {why}", entry.name);
        }
        let outcome = Outcome { name: entry.name.clone(), seed, recipe, reached };
        outcome::write(&folder.join(OUTCOME), &(serde_json::to_string_pretty(&outcome)? + "\n"))
    }

    /// Every outcome of the comparison's networks by its recipe: those beside fits, and of others those that the documents
    /// know. One that failed here counts only where no other ended.
    fn known(&self, comparison: &Comparison, recipe: &TrainConfig) -> Result<Vec<Outcome>, Box<dyn Error>> {
        let documented: Vec<Outcome> = outcome::read(&self.docs.join(KNOWN))?.unwrap_or_default();
        let mut outcomes = Vec::new();
        for (entry, seed) in comparison.fits(None, None)? {
            let here: Option<Outcome> = outcome::read(&self.folder(entry, seed).join(OUTCOME))?;
            let documented = documented.iter().find(|known| known.name == entry.name && known.seed == seed).cloned();
            let asked_for = entry.recipe(recipe, seed);
            let known = here.into_iter().chain(documented).filter(|outcome| outcome.recipe == asked_for);
            outcomes.extend(known.min_by_key(|outcome| outcome.reached.is_err()));
        }
        Ok(outcomes)
    }
}

/// What is said where there is nothing to make a table of.
fn nothing(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().find_map(|outcome| outcome.reached.as_ref().err().map(|why| (&outcome.name, why)));
    match failed {
        Some((name, why)) => format!("no fit ended, so that there is no table to make; {name} failed: {why}"),
        None => "no fit has ended yet, so that there is no table to make; give --data and --split to fit".into(),
    }
}

/// Fits a network in a folder, on from where it stopped, and measures its last weights.
fn reached(recipe: &TrainConfig, folder: &Path, run: &Run, patients: &Patients) -> Result<Reached, Box<dyn Error>> {
    fit_to(recipe, [patients.training, &[]], &patients.tuning.patients, run)?;
    let (_, network, history) = read_run(folder, Checkpoint::Last, &Device::flex())?;
    let network = network.fold();
    let milliseconds = milliseconds(&network);
    let (segmenter, manifest) = with_thresholds(recipe, network, patients.tuning)?;
    let report = measured(&segmenter, &manifest, patients.validation)?;
    let Cost { parameters, multiply_adds } = recipe.network().body_cost(TIMED_SIDE, TIMED_SIDE);
    Ok(Reached {
        slices_seen: slices_seen(recipe, patients.training, &history),
        side: manifest.longest_side,
        parameters,
        multiply_adds,
        milliseconds,
        cores: rayon::current_num_threads(),
        threshold: manifest.threshold,
        slice_iou: report.mean_slice_iou,
        hausdorff_95_px: report.mean_hausdorff_95_px,
        presence_auc: report.metrics.presence_auc,
        patients: report.patients,
        history,
    })
}

/// A network with weights of 16 bit in the engine that the page runs, and its manifest with the thresholds that serve the tuning
/// patients best.
fn with_thresholds(
    recipe: &TrainConfig,
    network: Network,
    tuning: &Tuning,
) -> Result<(Segmenter, Manifest), Box<dyn Error>> {
    let weights = network.weights(DType::F16)?;
    let mut manifest = unmeasured("compared", recipe, None, String::new(), &weights);
    let segmenter = Segmenter::new(manifest.clone(), weights, Device::flex())?;
    let thresholds = chosen(&segmenter, tuning)?;
    (manifest.threshold, manifest.presence_threshold) = (thresholds.mask, thresholds.presence);
    Ok((segmenter, manifest))
}

/// Whole slices that the fit's epochs showed.
fn slices_seen(recipe: &TrainConfig, training: &[Patient], history: &[EpochLog]) -> usize {
    let (steps, _) = steps_per_epoch(training, recipe);
    history.len() * steps * recipe.batch
}

/// Median time of a slice with its mask, in milliseconds.
fn milliseconds(network: &Network) -> f64 {
    let shape = [1, 3, TIMED_SIDE, TIMED_SIDE];
    let image = Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex());
    // The first one packs the weights.
    let mut times: Vec<f64> = (0..=REPETITIONS)
        .map(|_| {
            let started = Instant::now();
            network.forward(image.clone(), None).logits.into_data();
            1e3 * started.elapsed().as_secs_f64()
        })
        .skip(1)
        .collect();
    times.sort_by(f64::total_cmp);
    median_of_sorted(&times)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::data::lgg::tests::squares;

    /// A small data set, a split and a comparison of two networks.
    fn folder() -> TempDir {
        let folder = squares();
        let root = folder.path();
        let recipe = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/equal.toml")).unwrap();
        let recipe = recipe.replace("side = 128", "side = 32").replace("epochs = 14", "epochs = 2");
        fs::write(root.join("recipe.toml"), recipe.replace("batch = 16", "batch = 2")).unwrap();
        let comparison = r#"
            title = "Two"
            recipe = "recipe.toml"
            seeds = [3]
            ours = "Ours"
            networks = [
                { name = "Ours", network = { kind = "unet", width = 2 } },
                { name = "Theirs", network = { kind = "jha_resunet_pp", width = 2 } },
            ]
            not_run = [{ name = "Else", why = "it is too large" }]
        "#;
        fs::write(root.join("comparison.toml"), comparison).unwrap();
        folder
    }

    fn comparing(root: &Path, only: Option<&str>) -> Comparing {
        Comparing {
            config: root.join("comparison.toml"),
            data: Some((root.join("data"), root.join("split.json"))),
            runs: root.join("runs"),
            only: only.map(str::to_owned),
            seed: None,
            docs: root.join("docs"),
        }
    }

    #[test]
    fn fits_are_shared_out_resumed_and_put_into_one_table() {
        let folder = folder();
        let root = folder.path();
        compare(&comparing(root, Some("Theirs"))).unwrap();
        let table = || fs::read_to_string(root.join("docs").join(TABLE)).unwrap();
        let one = table();
        assert!(one.contains("| Theirs |") && one.contains("- Ours, seed 3: not run yet"), "{one}");
        assert!(one.contains("- Else: it is too large"), "{one}");

        let outcome = root.join("runs/theirs-seed-3").join(OUTCOME);
        let kept = fs::read_to_string(&outcome).unwrap();
        compare(&comparing(root, None)).unwrap();
        let both = table();
        assert!(both.contains("| Theirs |") && both.contains("| Ours |") && !both.contains("not run yet"), "{both}");
        assert_eq!(fs::read_to_string(&outcome).unwrap(), kept, "a fit that ended was repeated");

        // Two epochs of two steps of two slices.
        let known: Vec<Outcome> = outcome::read(&root.join("docs").join(KNOWN)).unwrap().unwrap();
        let seen: Vec<usize> = known.iter().map(|known| known.reached.as_ref().unwrap().slices_seen).collect();
        assert_eq!(seen, [8, 8]);

        // The table is made anew without data and without the fits.
        fs::remove_dir_all(root.join("runs")).unwrap();
        compare(&Comparing { data: None, ..comparing(root, None) }).unwrap();
        assert_eq!(table(), both);
    }

    #[test]
    fn no_table_is_made_of_nothing() {
        let folder = folder();
        let nothing = Comparing { data: None, ..comparing(folder.path(), None) };
        let error = compare(&nothing).unwrap_err().to_string();
        assert!(error.contains("no fit has ended yet"), "{error}");
        assert!(!folder.path().join("docs").exists());
    }

    #[test]
    fn an_interrupted_fit_goes_on_and_another_recipe_is_refused() {
        let folder = folder();
        let root = folder.path();
        compare(&comparing(root, Some("Ours"))).unwrap();
        let run = root.join("runs/ours-seed-3");
        fs::remove_file(run.join(OUTCOME)).unwrap();
        let before = fs::read_to_string(run.join("last")).unwrap();
        compare(&comparing(root, Some("Ours"))).unwrap();
        assert_eq!(fs::read_to_string(run.join("last")).unwrap(), before, "an epoch was repeated");
        assert!(run.join(OUTCOME).is_file());

        let recipe = root.join("recipe.toml");
        let changed = fs::read_to_string(&recipe).unwrap().replace("epochs = 2", "epochs = 3");
        fs::write(&recipe, changed).unwrap();
        let error = compare(&comparing(root, Some("Ours"))).unwrap_err().to_string();
        assert!(error.contains("another recipe"), "{error}");
        // What was measured by the other recipe is no figure of this one.
        let error = compare(&Comparing { data: None, ..comparing(root, None) }).unwrap_err().to_string();
        assert!(error.contains("no fit has ended yet"), "{error}");
    }
}
