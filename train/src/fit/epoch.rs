//! One epoch: every step's loss, in the order of the steps, and what is logged of them.

use std::error::Error;
use std::thread;
use std::time::Instant;

use burn::prelude::*;
use indicatif::{ProgressBar, ProgressStyle};

use crate::data::patient::Patient;
use crate::fit::batch::{spawn_loader, steps_per_epoch};
use crate::fit::config::{Stage, TrainConfig};
use crate::fit::run::{EpochLog, State};
use crate::fit::schedule::Position;
use crate::fit::step::{StepLoss, train_step};
use crate::fit::watch::volume_dice;

/// What stays the same from epoch to epoch.
pub struct Fit<'a> {
    /// The recipe.
    pub config: &'a TrainConfig,
    /// Patients fitted to.
    pub training: &'a [Patient],
    /// Patients whose slices are seen without labels, where the recipe adapts to their sites.
    pub unlabelled: &'a [Patient],
    /// Patients watched.
    pub tuning: &'a [Patient],
    /// Where the network lies.
    pub device: &'a Device,
    /// Epochs of the whole fit.
    pub epochs: usize,
}

impl Fit<'_> {
    /// Fits to every training slice of epoch `epoch`, counted from 0, and measures the tuning patients.
    ///
    /// # Errors
    ///
    /// If the loss is no number any more.
    pub fn run_epoch(&self, state: &mut State, stage: Stage, epoch: usize) -> Result<EpochLog, Box<dyn Error>> {
        let Self { config, training, tuning, .. } = *self;
        let started = Instant::now();
        let losses = self.steps(state, stage, epoch)?;
        let (slice_steps, window_steps) = steps_per_epoch(training, config);
        let slices = slice_steps * config.batch + window_steps * config.windows.map_or(0, |windows| windows.batch);
        let seconds = started.elapsed().as_secs_f64();
        let mean_loss = |part: usize| losses.iter().map(|loss| loss[part]).sum::<f32>() / losses.len() as f32;
        let watched = || volume_dice(state.result(), tuning, stage.side, &config.normalization, config.batch);
        Ok(EpochLog {
            epoch: epoch + 1,
            side: stage.side,
            training_loss: mean_loss(0),
            training_jaccard: mean_loss(1),
            tuning_dice: (!tuning.is_empty()).then(watched),
            slices_per_second: slices as f64 / seconds,
        })
    }

    /// Whole loss and Jaccard loss of every step.
    fn steps(&self, state: &mut State, stage: Stage, epoch: usize) -> Result<Vec<[f32; 2]>, Box<dyn Error>> {
        let Self { config, training, unlabelled, device, epochs, .. } = *self;
        let (slice_steps, window_steps) = steps_per_epoch(training, config);
        let steps = slice_steps + window_steps;
        let dices = state.tuning_dices();
        let mut losses = Losses::new(steps, epoch, epochs, config.learning_rate);
        thread::scope(|scope| {
            // A step's loss is read while the device is at the next one.
            let mut unread: Option<StepLoss> = None;
            for (step, examples) in
                spawn_loader(scope, [training, unlabelled], config, stage, epoch, device).enumerate()
            {
                let at = Position { epoch, step, steps, epochs };
                let rate = config.learning_rate * config.schedule.share(&dices, at);
                let loss = train_step(state, examples, config, stage.side, (epoch * steps + step, rate));
                unread.replace(loss).map_or(Ok(()), |loss| losses.read(loss))?;
            }
            unread.map_or(Ok(()), |loss| losses.read(loss))
        })?;
        losses.bar.finish_and_clear();
        Ok(losses.read)
    }
}

/// The losses of an epoch so far, on a progress bar.
struct Losses {
    bar: ProgressBar,
    read: Vec<[f32; 2]>,
    epoch: usize,
    learning_rate: f64,
}

impl Losses {
    fn new(steps: usize, epoch: usize, epochs: usize, learning_rate: f64) -> Self {
        let style = ProgressStyle::with_template("{prefix} [{bar:32}] {pos}/{len} {msg} eta {eta}")
            .expect("the template is constant")
            .progress_chars("=> ");
        let bar = ProgressBar::new(steps as u64).with_style(style).with_prefix(format!("epoch {}/{epochs}", epoch + 1));
        Self { bar, read: Vec::with_capacity(steps), epoch, learning_rate }
    }

    /// Waits for a step's loss.
    fn read(&mut self, loss: StepLoss) -> Result<(), String> {
        let [whole, jaccard] = loss.read();
        if !whole.is_finite() {
            return Err(format!(
                "the loss became {whole} in epoch {}; the last checkpoint is kept: lower `learning_rate` (now {:.1e}) or \
                 use `precision = \"full\"`",
                self.epoch + 1,
                self.learning_rate
            ));
        }
        self.read.push([whole, jaccard]);
        self.bar.set_message(format!("loss {whole:.3}"));
        self.bar.inc(1);
        Ok(())
    }
}
