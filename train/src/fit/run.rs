//! The folder of a fit: recipe, log and the states to go on from or to package.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::optim::ModuleOptimizer;
use burn::prelude::*;
use burn_store::BurnpackStore;
use model::Network;
use serde::{Deserialize, Serialize};

use crate::fit::adaptation::Adversary;
use crate::fit::config::TrainConfig;

/// What the folder of a checkpoint is called, before the number of its epoch.
const FOLDER_PREFIX: &str = "epoch-";
/// The network within a checkpoint.
const NETWORK: &str = "network.bpk";
/// The averaged network within a checkpoint, where the recipe has one.
const AVERAGE: &str = "average.bpk";
/// What the optimiser remembers, within a checkpoint.
const OPTIMIZER: &str = "optimizer.bpk";
/// The second way up within a checkpoint, where there is one, and what its optimiser remembers.
const ADVERSARY: [&str; 2] = ["adversary.bpk", "adversary-optimizer.bpk"];
/// The log within a checkpoint or a packaged model, one line of JSON an epoch.
const HISTORY: &str = "log.jsonl";

/// One line of the training log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpochLog {
    /// Epochs done, this one included.
    pub epoch: usize,
    /// Width and height of the training images.
    pub side: usize,
    /// Mean loss over the epoch's steps.
    pub training_loss: f32,
    /// Mean Jaccard loss over the epoch's steps.
    pub training_jaccard: f32,
    /// Mean volume Dice of the tuning patients, if there are any, at probability 0.5, at this size.
    pub tuning_dice: Option<f64>,
    /// Training slices per second, forward and backward.
    pub slices_per_second: f64,
}

/// A state of a fit that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Checkpoint {
    /// After the last epoch.
    Last,
    /// After the epoch with the highest tuning Dice at the last image size.
    Best,
}

impl Checkpoint {
    /// Name of the file that names the checkpoint's folder.
    fn pointer(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Best => "best",
        }
    }

    /// The checkpoint's folder within a run.
    fn folder(self, run: &Path) -> Result<PathBuf, String> {
        let pointer = run.join(self.pointer());
        let name = fs::read_to_string(&pointer)
            .map_err(|error| format!("there is no checkpoint: cannot read {}: {error}", pointer.display()))?;
        Ok(run.join(name.trim()))
    }
}

/// Everything that changes during a fit.
pub struct State {
    /// The network that is trained.
    pub network: Network,
    /// The mean of its recent weights, where the recipe asks for one; not differentiated.
    pub average: Option<Network>,
    /// The optimiser with what it remembers.
    pub optimizer: ModuleOptimizer,
    /// The second way up, where the recipe adapts to other sites.
    pub adversary: Option<Adversary>,
    /// One entry an epoch.
    pub history: Vec<EpochLog>,
}

impl State {
    /// The network that is measured and shipped.
    pub fn result(&self) -> Network {
        self.average.clone().unwrap_or_else(|| self.network.valid())
    }

    /// Mean volume Dice of the tuning patients after each epoch; empty if there are none.
    pub fn tuning_dices(&self) -> Vec<f64> {
        self.history.iter().filter_map(|log| log.tuning_dice).collect()
    }
}

/// The recipe of a fit, its network (averaged, if the recipe says so) as of a checkpoint, and the log up to there.
///
/// # Errors
///
/// If the folder holds no checkpoint.
pub fn read_run(
    folder: &Path,
    checkpoint: Checkpoint,
    device: &Device,
) -> Result<(TrainConfig, Network, Vec<EpochLog>), Box<dyn Error>> {
    let config = TrainConfig::read(&folder.join("config.toml"))?;
    let mut network = config.network().init(device);
    let folder = checkpoint.folder(folder)?;
    let average = folder.join(AVERAGE);
    let weights = if average.exists() { average } else { folder.join(NETWORK) };
    network.load_from(&mut BurnpackStore::from_file(weights))?;
    Ok((config, network, read_history(&folder)?))
}

/// The log of the epochs that a checkpoint or a packaged model has behind it.
///
/// # Errors
///
/// If the folder holds none.
pub fn read_history(checkpoint: &Path) -> Result<Vec<EpochLog>, Box<dyn Error>> {
    let path = checkpoint.join(HISTORY);
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// Writes what [`read_history`] reads.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_history(folder: &Path, history: &[EpochLog]) -> Result<(), Box<dyn Error>> {
    let lines: Result<String, _> =
        history.iter().map(|log| serde_json::to_string(log).map(|line| line + "\n")).collect();
    Ok(fs::write(folder.join(HISTORY), lines?)?)
}

/// The folder of one fit: recipe, log and the state to go on from.
pub struct Run {
    folder: PathBuf,
}

impl Run {
    /// Opens a new folder, or one of an interrupted fit with the same recipe.
    pub fn open(folder: &Path, config: &TrainConfig) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        let saved = folder.join("config.toml");
        if saved.exists() && TrainConfig::read(&saved)? != *config {
            return Err(format!(
                "{} was begun with another recipe; give a new folder or delete this one",
                folder.display()
            )
            .into());
        }
        fs::write(saved, toml::to_string(config)?)?;
        Ok(Self { folder: folder.into() })
    }

    /// The last checkpoint in place of `state`, if there is one.
    pub fn resume(&self, mut state: State) -> Result<State, Box<dyn Error>> {
        if !self.folder.join(Checkpoint::Last.pointer()).exists() {
            return Ok(state);
        }
        let checkpoint = Checkpoint::Last.folder(&self.folder)?;
        let load =
            |network: &mut Network, name: &str| network.load_from(&mut BurnpackStore::from_file(checkpoint.join(name)));
        load(&mut state.network, NETWORK)?;
        if let Some(average) = &mut state.average {
            load(average, AVERAGE)?;
        }
        let optimizer = state.optimizer.load(checkpoint.join(OPTIMIZER))?;
        if let Some(Adversary { network, optimizer }) = state.adversary.take() {
            let (mut network, [weights, memory]) = (network, ADVERSARY);
            load(&mut network, weights)?;
            let optimizer = optimizer.load(checkpoint.join(memory))?;
            state.adversary = Some(Adversary { network, optimizer });
        }
        Ok(State { optimizer, history: read_history(&checkpoint)?, ..state })
    }

    /// Keeps the state as the last checkpoint, and as the best one if it is.
    ///
    /// A checkpoint is complete before the pointer to it is renamed into place, so a kill at any time loses at most
    /// the epoch under way.
    pub fn save(&self, state: &State) -> Result<(), Box<dyn Error>> {
        let State { network, average, optimizer, adversary, history } = state;
        let (last, earlier) = history.split_last().expect("an epoch has just ended");
        let name = format!("{FOLDER_PREFIX}{:04}", last.epoch);
        let folder = self.folder.join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        network.save_into(&mut BurnpackStore::from_file(folder.join(NETWORK)))?;
        if let Some(average) = average {
            average.save_into(&mut BurnpackStore::from_file(folder.join(AVERAGE)))?;
        }
        optimizer.save(folder.join(OPTIMIZER))?;
        if let Some(Adversary { network, optimizer }) = adversary {
            network.save_into(&mut BurnpackStore::from_file(folder.join(ADVERSARY[0])))?;
            optimizer.save(folder.join(ADVERSARY[1]))?;
        }
        write_history(&folder, history)?;

        self.point(Checkpoint::Last, &name)?;
        // Dice of another image size is another measure.
        if last.tuning_dice.is_some()
            && earlier.iter().filter(|log| log.side == last.side).all(|log| log.tuning_dice < last.tuning_dice)
        {
            self.point(Checkpoint::Best, &name)?;
        }
        self.prune()
    }

    fn point(&self, checkpoint: Checkpoint, name: &str) -> Result<(), Box<dyn Error>> {
        let next = self.folder.join(format!("{}.next", checkpoint.pointer()));
        fs::write(&next, name)?;
        Ok(fs::rename(next, self.folder.join(checkpoint.pointer()))?)
    }

    /// Removes the checkpoints that are neither the last nor the best.
    fn prune(&self) -> Result<(), Box<dyn Error>> {
        let kept = [Checkpoint::Last, Checkpoint::Best].map(|checkpoint| checkpoint.folder(&self.folder).ok());
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(FOLDER_PREFIX) && !kept.contains(&Some(path.clone())) {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;
    use model::NetworkConfig;
    use tempfile::TempDir;

    use super::*;
    use crate::fit::average;
    use crate::fit::nadam::NAdam;

    fn log(epoch: usize, tuning_dice: impl Into<Option<f64>>) -> EpochLog {
        let tuning_dice = tuning_dice.into();
        EpochLog { epoch, side: 16, training_loss: 1.0, training_jaccard: 1.0, tuning_dice, slices_per_second: 1.0 }
    }

    fn fresh() -> State {
        let network = NetworkConfig::default().init(&Device::flex().autodiff());
        let average = Some(network.valid());
        State { network, average, optimizer: NAdam::new(0.1).init(), adversary: None, history: Vec::new() }
    }

    /// A new run in a folder of its own.
    fn opened() -> (TempDir, Run) {
        let folder = TempDir::new().unwrap();
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/paper.toml");
        let run = Run::open(folder.path(), &TrainConfig::read(&recipe).unwrap()).unwrap();
        (folder, run)
    }

    fn answer(network: &Network) -> TensorData {
        network.forward(Tensor::ones([1, 3, 16, 16], &Device::flex()), None).logits.into_data()
    }

    #[test]
    fn without_tuning_patients_no_checkpoint_is_the_best() {
        let (folder, run) = opened();
        let mut state = fresh();
        state.history.push(log(1, None));
        run.save(&state).unwrap();
        let resumed = run.resume(fresh()).unwrap();
        assert_eq!((resumed.history.len(), resumed.tuning_dices()), (1, vec![]));
        assert!(read_run(folder.path(), Checkpoint::Best, &Device::flex()).is_err());
    }

    #[test]
    fn last_and_best_are_kept_and_come_back() {
        let (folder, run) = opened();
        let mut state = run.resume(fresh()).unwrap();
        assert!(state.history.is_empty());

        for (epoch, dice) in (1..).zip([0.3, 0.5, 0.4, 0.5]) {
            state.history.push(log(epoch, dice));
            state.average = state.average.map(|average| average::follow(average, &fresh().network.valid(), 0.5, 100));
            run.save(&state).unwrap();
        }
        let mut kept: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(FOLDER_PREFIX))
            .collect();
        kept.sort();
        assert_eq!(kept, ["epoch-0002", "epoch-0004"]);

        let resumed = run.resume(fresh()).unwrap();
        assert_eq!(resumed.history.len(), 4);
        answer(&resumed.network.valid()).assert_eq(&answer(&state.network.valid()), true);
        answer(&resumed.result()).assert_eq(&answer(&state.result()), true);
        let (_, last, _) = read_run(folder.path(), Checkpoint::Last, &Device::flex()).unwrap();
        answer(&last).assert_eq(&answer(&state.result()), true);
        assert_eq!(read_run(folder.path(), Checkpoint::Best, &Device::flex()).unwrap().2.len(), 2);
    }
}
