//! Turns a folder of labelled patients into weights, a manifest and a report.

mod augment;
mod config;
mod dataset;
mod fit;
mod loss;
mod schedule;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Train, evaluate and package the ResUnet++ of this project.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fit a network to the training patients; run again with the same folder to go on after an interruption.
    Fit {
        /// Recipe, such as train/configs/default.toml.
        #[arg(long)]
        config: PathBuf,
        /// Folder with one folder a patient, as published (kaggle_3m) or as lossless WebP.
        #[arg(long)]
        data: PathBuf,
        /// JSON file whose list `validation` names the patients that are never trained on.
        #[arg(long)]
        split: PathBuf,
        /// Folder for checkpoints and the training log.
        #[arg(long)]
        run: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Fit { config, data, split, run } => fit::fit(&config, &data, &split, &run),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
