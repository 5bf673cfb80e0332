//! Turns a folder of labelled patients into weights, a manifest and a report.

mod arguments;
mod compare;
mod correct;
mod data;
mod fit;
#[cfg(test)]
#[path = "../../model/tests/formula/mod.rs"]
mod formula;
mod measure;
mod plan;
mod publish;
mod stress;
mod vary;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::compare::{Comparing, compare};
use crate::correct::peer::Peer;
use crate::correct::refinement::Start;
use crate::correct::robot::Robot;
use crate::data::split::write_split;
use crate::fit::fitting::fit;
use crate::fit::speed::speed;
use crate::measure::score::{Context, Reading};
use crate::measure::{inspect, predict};
use crate::plan::{Planning, plan};
use crate::publish::card;
use crate::publish::evaluate::{Evaluation, Only, evaluate};
use crate::publish::package::{Packaging, package, package_reference};
use crate::publish::peers::{self, Comparison};
use crate::publish::repack::{Repacking, repack};
use crate::publish::untrained::package_untrained;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Fit { config, data, split, run, side, start } => {
            fit(&config, side, start.as_deref(), &data, &split, &run)
        }
        Command::Package { run: runs, checkpoint: checkpoints, data, data_card, split, output, id } => {
            package(&Packaging { runs, checkpoints, data, data_card, split, output, id })
        }
        Command::Repack { model, data, split, write } => repack(&Repacking { model, data, split, write }),
        Command::Card { model } => card::write(&model),
        Command::Evaluate {
            model,
            data,
            data_card,
            split,
            alone,
            mirror,
            noise,
            picture,
            without,
            prompts,
            robots,
            from,
            every,
            at_most,
            peer,
            peer_program,
            carry,
            between,
            publish,
            output,
        } => {
            let robots = match (prompts, robots.is_empty()) {
                (false, _) => Vec::new(),
                (true, true) => Robot::ALL.to_vec(),
                (true, false) => robots,
            };
            let starts = from.map_or_else(|| vec![Start::Automatic, Start::Nothing], |start| vec![start]);
            let words = |line: String| line.split_whitespace().map(str::to_owned).collect();
            let of_peer = |peer: Peer| peer.command().map_or(Only::Model, Only::Program);
            let only = peer.map(of_peer).or_else(|| peer_program.map(|line| Only::Program(words(line))));
            let context = if alone { Context::Alone } else { Context::Volume };
            let reading = Reading { context, mirrored: mirror };
            evaluate(&Evaluation {
                model,
                data,
                data_card,
                split,
                reading,
                noise,
                picture,
                without,
                robots,
                starts,
                every,
                most: at_most,
                only,
                carry,
                between,
                publish,
                output,
            })
        }
        Command::Plan { data, split, output, memory, epochs } => {
            plan(&Planning { data, split, output, memory, epochs })
        }
        Command::Compare { config, data, split, runs, only, seed, docs } => {
            compare(&Comparing { config, data: data.zip(split), runs, only, seed, docs })
        }
        Command::Peers { reports, docs } => peers::side_by_side(&Comparison { reports, docs }),
        Command::PackageReference { vectors, output, id } => package_reference(&vectors, &output, &id),
        Command::PackageUntrained { network, output, id } => package_untrained(&network, &output, &id),
        Command::Predict { model, output, slices } => predict::predict(&model, &slices, &output),
        Command::Time { model, slice } => predict::time(&model, &slice),
        Command::Split { data, output, share, seed, leaky } => {
            write_split(&data, &output, share, seed, leaky).map_err(Into::into)
        }
        Command::Speed { config, side, steps } => speed(&config, side, steps),
        Command::Inspect => {
            inspect::networks();
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
