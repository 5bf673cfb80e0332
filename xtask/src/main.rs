//! One command for every chore: `cargo xtask serve`, `cargo xtask test`, and their parts.

mod bench;
mod check;
mod fit;
mod fuzz;
mod independent;
mod install;
mod names;
mod page;
mod peers;
mod pictures;
mod proxy;
mod serve;
mod shell;
mod site;
mod steps;
mod tidy;
mod tools;
mod unit;
mod wasm;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::proxy::Upstream;
use crate::serve::Serving;
use crate::shell::Problem;
use crate::steps::Steps;

/// Chores of this repository. Tools of the project's own go into .tools; nothing else is installed unasked.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    /// Install what is missing: system packages by apt, cargo-deny and typos.
    #[arg(long, global = true)]
    install: bool,
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
        /// Serve other computers of the network too, by plain http; what that means is printed.
        #[arg(long)]
        host: bool,
        /// Pass what is asked below /dicom-web/ on to this server, as in http://127.0.0.1:8042/dicom-web.
        #[arg(long, value_name = "URL")]
        dicom_web: Option<Upstream>,
        /// Serve this folder, as `cargo xtask build` left it, and build nothing.
        #[arg(long, value_name = "FOLDER")]
        site: Option<PathBuf>,
    },
    /// Build the site in release into dist/.
    Build,
    /// Run everything: tidy, check, unit, web.
    Test,
    /// Run everything, and install what is missing first.
    Ci,
    /// Format, spelling, dependencies, lints for this machine and the browser, documentation.
    Check,
    /// The house rules that no compiler knows: file names, first lines, borders of crates, circles of modules.
    Tidy,
    /// The native tests, and the exports read by other programs.
    Unit,
    /// The browser tests against the built site.
    Web {
        /// Part of a file's name in e2e/, or else of a test's name.
        filter: Option<String>,
    },
    /// Measure the site and the network in a browser, beside onnxruntime-web, and whole runs of the batch program.
    Bench,
    /// Take the pictures of docs/pictures anew.
    Pictures,
    /// Install the peers that `train evaluate --peer` compares the network with (7 GB).
    Peers,
    /// Put arbitrary bytes into every decoder.
    Fuzz {
        /// The one to take: dicom, nifti, grid, zip or image.
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
    /// Fit the networks of a comparison on libtorch and make its table; what follows goes to `train compare`.
    Compare {
        /// Arguments of `train compare`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let Arguments { install, chore } = Arguments::parse();
    install::ask(install || matches!(chore, Chore::Ci));
    let mut steps = Steps::new();
    let result = run(chore, &mut steps);
    print!("{}", steps.table());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nxtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore, steps: &mut Steps) -> Result<(), Problem> {
    match chore {
        Chore::Serve { port, host, dicom_web, site } => {
            let site = site.map_or_else(|| site::build(steps), Ok)?;
            serve::forever(&site, &Serving { port, to_others: host, dicom_web })
        }
        Chore::Build => site::build(steps).map(drop),
        Chore::Test | Chore::Ci => everything(steps),
        Chore::Check => check::all(steps),
        Chore::Tidy => tidy::all(steps),
        Chore::Unit => unit::all(steps),
        Chore::Web { filter } => web::all(steps, filter.as_deref()),
        Chore::Bench => bench::all(steps),
        Chore::Pictures => pictures::all(steps),
        Chore::Peers => peers::install(steps),
        Chore::Fuzz { target, runs } => fuzz::fuzz(target.as_deref(), runs),
        Chore::Fit { arguments } => fit::train("fit", &arguments),
        Chore::Compare { arguments } => fit::train("compare", &arguments),
    }
}

/// Cheapest first.
fn everything(steps: &mut Steps) -> Result<(), Problem> {
    tidy::all(steps)?;
    check::all(steps)?;
    unit::all(steps)?;
    web::all(steps, None)
}
