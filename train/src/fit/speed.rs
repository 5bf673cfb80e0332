//! Training steps on random images, timed: what a machine fits in an hour, and whether it is the network or the data
//! that it waits for.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use imaging::SEQUENCES;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::fit::batch::{Extent, StepExamples};
use crate::fit::config::TrainConfig;
use crate::fit::device::{activation_type, training_device};
use crate::fit::start::initial;
use crate::fit::step::train_step;
use crate::vary::warp::Example;

/// Steps that are not timed: libtorch chooses its algorithms in them.
const WARM_UP: usize = 3;

/// Prints the slices per second of `steps` steps of a recipe at one image size.
///
/// # Errors
///
/// If the recipe is no recipe or the device is missing.
pub fn speed(config: &Path, side: usize, steps: usize) -> Result<(), Box<dyn Error>> {
    let config = TrainConfig::read(config)?.at_side(side)?;
    let mut rng = StdRng::seed_from_u64(config.seed);
    let area = side * side;
    let examples = (0..config.batch)
        .map(|_| {
            let label: Vec<bool> = (0..area).map(|_| rng.random_bool(0.02)).collect();
            let planes = (0..SEQUENCES * area).map(|_| rng.random_range(-1.0..1.0)).collect();
            Example { planes, neighbour: label.clone(), label }
        })
        .collect();
    let device = training_device();
    let examples = StepExamples::new(examples, side, Extent::Slice, activation_type(config.precision), &device);
    let mut state = initial(&config, &device)?;
    let mut clock = Instant::now();
    for step in 0..WARM_UP + steps {
        if step == WARM_UP {
            clock = Instant::now();
        }
        let [loss, _] = train_step(&mut state, examples.clone(), &config, side, (step, config.learning_rate)).read();
        println!("step {:>3}  loss {loss:.4}", step + 1);
    }
    let seconds = clock.elapsed().as_secs_f64();
    println!(
        "burn: {:.2} slices/s, batch {}, {side}², {:?}",
        (steps * config.batch) as f64 / seconds,
        config.batch,
        activation_type(config.precision)
    );
    Ok(())
}
