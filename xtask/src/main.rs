//! One command for every chore: `cargo xtask serve`, `cargo xtask test`, `cargo xtask bench`, `cargo xtask fuzz`,
//! `cargo xtask fit`.

mod bench;
mod fit;
mod fuzz;
mod independent;
mod serve;
mod shell;
mod site;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of this repository. Each installs what it lacks and says so.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build the site in release and serve it on this computer.
    Serve {
        /// Port to listen on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the site in release into dist/.
    Build,
    /// Run every test: formatting, lints, unit tests, and a real browser against the built site.
    Test,
    /// Measure the site and the network in a browser, beside onnxruntime-web.
    Bench,
    /// Put arbitrary bytes into every decoder.
    Fuzz {
        /// The one to take: dicom, nifti, zip or image.
        target: Option<String>,
        /// Inputs to try, for each.
        #[arg(long, default_value_t = 1_000_000)]
        runs: u64,
    },
    /// Fit a network on libtorch; what follows goes to `train fit`.
    Fit {
        /// Arguments of `train fit`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().chore {
        Chore::Serve { port } => site::build().and_then(|site| serve::forever(&site, port)),
        Chore::Build => site::build().map(drop),
        Chore::Test => test::all(),
        Chore::Bench => bench::all(),
        Chore::Fuzz { target, runs } => fuzz::fuzz(target.as_deref(), runs),
        Chore::Fit { arguments } => fit::fit(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nxtask: {problem}");
            ExitCode::FAILURE
        }
    }
}
