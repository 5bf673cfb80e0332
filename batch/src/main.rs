//! Folders of studies into masks and a table: what the page does with a whole volume, without the page.

mod apart;
mod bids;
mod clock;
mod files;
mod measure;
mod options;
mod output;
mod plan;
mod progress;
mod reading;
mod record;
mod run;
mod segment;
mod source;
mod table;
mod without_patient;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::options::Options;
use crate::run::Outcome;

/// Segment brain tumours in MR studies from the command line. Research use, not a medical device.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Segment every study in some folders, archives and files.
    ///
    /// A run that was interrupted goes on where it stopped when the same command is given again: what is done and whose
    /// files are the same is skipped. Nothing is overwritten that this program did not write.
    #[command(after_help = EXIT_CODES)]
    Segment(Options),
}

const EXIT_CODES: &str = "\
Exit codes:
  0  every study is segmented
  1  some studies are not; each is named at the end with the reason, and in studies.csv
  2  nothing was begun: a wrong argument, a model that cannot be loaded, or something in the way in the output folder

Research use, not a medical device.";

fn main() -> ExitCode {
    let Command::Segment(options) = Arguments::parse().command;
    match run::run(&options) {
        Ok(Outcome::All) => ExitCode::SUCCESS,
        Ok(Outcome::Some) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}
