//! The command line: what `train` can be asked for, and what each question takes.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand};

use crate::correct::peer::Peer;
use crate::correct::refinement::{MOST_PROMPTS, Start};
use crate::correct::robot::Robot;
use crate::fit::run::Checkpoint;
use crate::stress::missing::Missing;
use crate::stress::picture::Picture;

/// Train, evaluate and package the ResUnet++ of this project.
#[derive(Parser)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Fit a network to the training patients; run again with the same folder to go on after an interruption.
    Fit {
        /// Recipe, such as train/configs/default.toml.
        #[arg(long)]
        config: PathBuf,
        /// Folder with one folder a patient, as published (kaggle_3m) or as lossless WebP.
        #[arg(long)]
        data: PathBuf,
        /// JSON file whose list `validation` names the patients that are never trained on; a list `tuning` may name those
        /// that are held back to watch the fit and to choose thresholds on.
        #[arg(long)]
        split: PathBuf,
        /// Folder for checkpoints and the training log.
        #[arg(long)]
        run: PathBuf,
        /// Width and height to train at in place of the recipe's: half the side is four times as fast.
        #[arg(long)]
        side: Option<usize>,
        /// Folder of an earlier fit whose last network this one starts from.
        #[arg(long)]
        start: Option<PathBuf>,
    },
    /// Make a checkpoint of a fit a model for the page, and measure it on the validation patients.
    Package {
        /// Folder of the fit; of several, the weights are averaged.
        #[arg(long, required = true)]
        run: Vec<PathBuf>,
        /// Which checkpoint; of several, the weights are averaged.
        #[arg(long, value_enum, default_value = "last")]
        checkpoint: Vec<Checkpoint>,
        /// Folder with one folder a patient.
        #[arg(long)]
        data: PathBuf,
        /// TOML file that says what the data set is and under which terms, such as train/data-cards/lgg.toml; without it
        /// `card.toml` in the data's folder.
        #[arg(long)]
        data_card: Option<PathBuf>,
        /// JSON file whose list `validation` names the patients to measure on.
        #[arg(long)]
        split: PathBuf,
        /// Folder of all models.
        #[arg(long, default_value = "public/models")]
        output: PathBuf,
        /// Name of the new model's folder.
        #[arg(long)]
        id: String,
    },
    /// Make the PyTorch twin's vectors a model, so that a browser can be compared with PyTorch.
    PackageReference {
        /// Folder of the vectors.
        #[arg(long)]
        vectors: PathBuf,
        /// Folder of all models.
        #[arg(long)]
        output: PathBuf,
        /// Name of the new model's folder.
        #[arg(long)]
        id: String,
    },
    /// Write a packaged model's weights in the form that is shipped today, and measure what that changes.
    Repack {
        /// Folder of the model.
        #[arg(long, default_value = "public/models/lgg-resunetpp")]
        model: PathBuf,
        /// Folder with one folder a patient.
        #[arg(long)]
        data: PathBuf,
        /// JSON file that names the patients to tune and to measure on.
        #[arg(long)]
        split: PathBuf,
        /// Write it; without, only say how masks of the tuning patients change.
        #[arg(long)]
        write: bool,
    },
    /// Make a network of random weights a model, so that a browser can be tried with it.
    PackageUntrained {
        /// The network in JSON, as manifests have it, such as '{"kind": "unet", "width": 8}'.
        #[arg(long)]
        network: String,
        /// Folder of all models.
        #[arg(long)]
        output: PathBuf,
        /// Name of the new model's folder.
        #[arg(long)]
        id: String,
    },
    /// Make the card of a packaged model anew, from the files in its folder.
    Card {
        /// Folder of the model.
        #[arg(long, default_value = "public/models/lgg-resunetpp")]
        model: PathBuf,
    },
    /// Measure a packaged model on labelled patients.
    #[command(group = ArgGroup::new("corrections").args(["prompts", "carry"]).multiple(true))]
    Evaluate {
        /// Folder of the model.
        #[arg(long, default_value = "public/models/lgg-resunetpp")]
        model: PathBuf,
        /// Folder with one folder a patient.
        #[arg(long)]
        data: PathBuf,
        /// TOML file that says what the data set is and under which terms, such as train/data-cards/lgg.toml; without it
        /// `card.toml` in the data's folder.
        #[arg(long)]
        data_card: Option<PathBuf>,
        /// Split file whose validation patients or slices are measured; without it, all are.
        #[arg(long)]
        split: Option<PathBuf>,
        /// Normalise every slice as if it were alone, whatever the model was trained for.
        #[arg(long)]
        alone: bool,
        /// Show every slice in mirrors too, left to right, upside down and both, and take the mean of the four answers.
        #[arg(long, conflicts_with_all = ["prompts", "carry", "between"])]
        mirror: bool,
        /// Add Rician noise of this deviation, as a share of each sequence's brightest pixel.
        #[arg(long)]
        noise: Option<f32>,
        /// Show every slice as a picture of a screen or of a page does, one that was cut close to the head, or a photograph.
        #[arg(long, requires = "alone")]
        picture: Option<Picture>,
        /// Let FLAIR stand in for a sequence, as it does where a study lacks one; may be given twice.
        #[arg(long)]
        without: Vec<Missing>,
        /// Also let robots correct the masks by prompts, each of which takes a hundred times as long.
        #[arg(long)]
        prompts: bool,
        /// Only these robots; may be given more than once.
        #[arg(long = "robot", requires = "prompts", value_parser = Robot::of)]
        robots: Vec<Robot>,
        /// Only from the network's own mask, or only from nothing.
        #[arg(long, requires = "prompts", value_enum)]
        from: Option<Start>,
        /// They correct every so many slices only.
        #[arg(long, requires = "prompts", default_value_t = 1)]
        every: usize,
        /// They give a slice up after so many prompts.
        #[arg(long, requires = "prompts", conflicts_with = "publish", default_value_t = MOST_PROMPTS)]
        at_most: usize,
        /// A peer of `train/peers/` answers them in place of the model, and nothing else is measured; `cargo xtask peers` installs
        /// what peers need. `own` is the model.
        #[arg(long, requires = "prompts", conflicts_with_all = ["publish", "carry", "between"], value_enum)]
        peer: Option<Peer>,
        /// A program of one's own does, with its arguments, such as "python3 mine.py".
        #[arg(long, requires = "prompts", conflicts_with_all = ["publish", "carry", "between", "peer"])]
        peer_program: Option<String>,
        /// Also carry the mask of one right slice through each volume.
        #[arg(long)]
        carry: bool,
        /// Also fill the slices between two right ones.
        #[arg(long)]
        between: bool,
        /// Put what prompts and carrying reached into the model's folder and card.
        #[arg(long, requires = "corrections")]
        publish: bool,
        /// Where the report and its pictures go.
        #[arg(long)]
        output: PathBuf,
    },
    /// Plan a recipe by the rules of nn-UNet from what patients' images are like: size, depth and batch.
    Plan {
        /// Folder with one folder a patient.
        #[arg(long)]
        data: PathBuf,
        /// Split file whose validation patients are not looked at; without it, all are.
        #[arg(long)]
        split: Option<PathBuf>,
        /// Where the recipe goes.
        #[arg(long)]
        output: PathBuf,
        /// Memory of the graphics card in GB that the batch is planned for.
        #[arg(long, default_value_t = 8.0)]
        memory: f64,
        /// Epochs, of 250 steps each.
        #[arg(long, default_value_t = 1000)]
        epochs: usize,
    },
    /// Fit the networks of a list by one recipe to the same patients, measure them, and put them into one table: `baselines.json` and
    /// `baselines.md` of the documents. Fits that ended are not repeated, and one that was interrupted goes on.
    Compare {
        /// The list, such as train/comparisons/lgg.toml.
        #[arg(long)]
        config: PathBuf,
        /// Folder with one folder a patient; without it nothing is fitted, and the table is made anew of what is known.
        #[arg(long, requires = "split")]
        data: Option<PathBuf>,
        /// JSON file whose list `validation` names the patients that are never trained on.
        #[arg(long, requires = "data")]
        split: Option<PathBuf>,
        /// Folder of all fits; machines that share it may each take a part by --only and --seed.
        #[arg(long, default_value = "runs/baselines")]
        runs: PathBuf,
        /// Only the network of this name.
        #[arg(long)]
        only: Option<String>,
        /// Only this seed of the list.
        #[arg(long)]
        seed: Option<u64>,
        /// Folder of the documents.
        #[arg(long, default_value = "docs")]
        docs: PathBuf,
    },
    /// Put what robots reached with the model and with peers side by side: `docs/peers.json`, the table and the curve of
    /// `docs/figures.md`.
    Peers {
        /// Folders that `evaluate --prompts` wrote; without any, table and curve are made anew of `docs/peers.json`.
        reports: Vec<PathBuf>,
        /// Folder of the documents.
        #[arg(long, default_value = "docs")]
        docs: PathBuf,
    },
    /// Segment image files as the page does.
    Predict {
        /// Folder of the model.
        #[arg(long)]
        model: PathBuf,
        /// Where the masks go.
        #[arg(long)]
        output: PathBuf,
        /// PNG, JPEG, WebP or TIFF files.
        #[arg(required = true)]
        slices: Vec<PathBuf>,
    },
    /// Draw the patients to report on and write them as a split file.
    Split {
        /// Folder with one folder a patient.
        #[arg(long)]
        data: PathBuf,
        /// Where the split file goes.
        #[arg(long)]
        output: PathBuf,
        /// Share that is reported on.
        #[arg(long, default_value_t = 0.2)]
        share: f64,
        /// Seed of the draw.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Divide by slice instead of by patient, as some reports do: the figures then say nothing about new patients.
        #[arg(long)]
        leaky: bool,
    },
    /// Time training steps on random images.
    Speed {
        /// Recipe, such as train/configs/automatic.toml.
        #[arg(long)]
        config: PathBuf,
        /// Width and height of the images.
        #[arg(long, default_value_t = 128)]
        side: usize,
        /// Steps that are timed.
        #[arg(long, default_value_t = 10)]
        steps: usize,
    },
    /// Print the parameters and multiply-adds of every network.
    Inspect,
    /// Time each stage of a slice's way to its mask, natively on one core.
    Time {
        /// Folder of the model.
        #[arg(long, default_value = "public/models/lgg-resunetpp")]
        model: PathBuf,
        /// Slice to time.
        #[arg(long, default_value = "public/samples/TCGA_CS_4941_19960909_13.webp")]
        slice: PathBuf,
    },
}
