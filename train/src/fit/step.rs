//! One step of the optimiser: a batch, corrected if the recipe says so, into a loss and changed weights.

use std::ops::Add;

use burn::optim::GradientsParams;
use burn::prelude::*;
use imaging::click_scale;
use model::Output;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::correct::clinician::{self, Corrections, Guidance};
use crate::fit::adaptation::Adversary;
use crate::fit::average;
use crate::fit::batch::{Batch, Extent, StepExamples};
use crate::fit::config::{OverlapLoss, TrainConfig};
use crate::fit::loss::{cross_entropy, dice, jaccard, slice_jaccard};
use crate::fit::run::State;

/// Steps between two networks that are averaged.
const AVERAGED_EVERY: usize = 4;

/// Losses of one step, as the device will have them.
pub struct StepLoss {
    /// What is made small, `[1]`.
    whole: Tensor<1>,
    /// Its Jaccard part, `[1]`.
    jaccard: Tensor<1>,
}

impl StepLoss {
    /// What is made small and its Jaccard part; waits for the step to end.
    pub fn read(self) -> [f32; 2] {
        let both = Tensor::cat(vec![self.whole, self.jaccard], 0).into_data();
        both.try_to_vec().expect("losses are 32-bit numbers").try_into().expect("there are two")
    }
}

/// One step of the optimiser, step `global_step` of the fit.
pub fn train_step(
    state: &mut State,
    step: StepExamples,
    config: &TrainConfig,
    slice_side: usize,
    (global_step, rate): (usize, f64),
) -> StepLoss {
    let guidance = guidance(state, &step, config, slice_side, global_step);
    let State { network, average, optimizer, adversary, .. } = state;
    let StepExamples { batch: Batch { images, labels, presence: present }, extent, unlabelled, .. } = step;
    let planes = guidance.as_ref().map(|guidance| guidance.planes.clone().cast(images.dtype()));
    let adapted = config.adaptation.as_ref().zip(adversary.as_ref()).zip(unlabelled);
    let (Output { logits, presence, deep }, disparity) = match adapted {
        Some(((adaptation, adversary), unlabelled)) => {
            let (output, disparity) = adaptation.forward(network, &adversary.network, images, unlabelled, global_step);
            (output, Some(disparity * adaptation.weight))
        }
        None => (network.forward(images, planes), None),
    };
    let watched = jaccard(logits.clone(), labels.clone()).detach();
    // Clicks give the answer away, and a window is chosen by it: the presence head is trained on what the network finds
    // on its own in a whole slice.
    let alone = match (extent, guidance) {
        (Extent::Window, _) => present.zeros_like(),
        (Extent::Slice, Some(guidance)) => guidance.automatic,
        (Extent::Slice, None) => present.ones_like(),
    };
    let mask_loss = |logits: Tensor<4>| {
        let labels = coarser(labels.clone(), &logits);
        let overlap = match config.overlap {
            OverlapLoss::Jaccard => jaccard(logits.clone(), labels.clone()),
            OverlapLoss::Dice => dice(logits.clone(), labels.clone()),
        };
        overlap
            + slice_jaccard(logits.clone(), labels.clone()) * config.slice_weight
            + cross_entropy(logits, labels).mean() * config.cross_entropy_weight
    };
    let (mut mask, mut weight, mut weights) = (mask_loss(logits), config.deep_weight, 1.0);
    for logits in deep {
        mask = mask + mask_loss(logits) * weight;
        weights += weight;
        weight *= config.deep_decay;
    }
    let mask = mask / weights;
    let loss = mask + (cross_entropy(presence, present) * alone).mean() * config.presence_weight;
    let loss = disparity.into_iter().fold(loss, Add::add);
    let mut gradients = loss.backward();
    let of_network = GradientsParams::from_module(&mut gradients, network);
    *network = optimizer.step(rate, network.clone(), of_network);
    if let Some(Adversary { network, optimizer }) = adversary {
        let of_adversary = GradientsParams::from_module(&mut gradients, network);
        *network = optimizer.step(rate, network.clone(), of_adversary);
    }
    if let Some(decay) = config.averaging
        && global_step.is_multiple_of(AVERAGED_EVERY)
    {
        let (decay, step) = (decay.powi(AVERAGED_EVERY as i32), global_step / AVERAGED_EVERY);
        *average = average.take().map(|average| average::follow(average, &network.valid(), decay, step));
    }
    StepLoss { whole: loss.inner(), jaccard: watched.inner() }
}

/// A label on the grid of an answer, of whose pixels each has a whole number of the label's: the one in its middle, or after it.
///
/// # Shapes
///
/// `[batch, 1, height, width]` → those of `logits`
fn coarser(label: Tensor<4>, logits: &Tensor<4>) -> Tensor<4> {
    let [batch, _, height, width] = logits.dims();
    let factor = label.dims()[2] / height;
    if factor == 1 {
        return label;
    }
    let middle = label.reshape([batch, 1, height, factor, width, factor]).narrow(3, factor / 2, 1);
    middle.narrow(5, factor / 2, 1).reshape([batch, 1, height, width])
}

/// What a simulated clinician says of the step's examples, where the recipe asks for one.
fn guidance(
    state: &State,
    step: &StepExamples,
    config: &TrainConfig,
    slice_side: usize,
    global_step: usize,
) -> Option<Guidance> {
    let training = config.clicks.as_ref()?;
    let share = match (step.extent, config.windows) {
        (Extent::Window, Some(windows)) => windows.share,
        _ => training.share,
    };
    let scale = click_scale(slice_side, slice_side);
    let corrections =
        Corrections { side: step.side, scale, share, rounds: &training.rounds, mixture: training.mixture };
    let mut rng = StdRng::seed_from_u64(!config.seed ^ ((global_step as u64 + 1) << 16));
    let network = || state.network.valid().fold();
    Some(clinician::correct(network, &step.batch.images, &step.examples, corrections, &mut rng))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use burn::tensor::DType;
    use imaging::SEQUENCES;
    use model::NetworkConfig;

    use super::*;
    use crate::fit::start::initial;
    use crate::formula::Fill;
    use crate::vary::warp::Example;

    const SIDE: usize = 32;

    /// Squares that are brighter than what surrounds them, which is the tumour; the last slice has none.
    fn examples() -> Vec<Example> {
        let square = |left: usize, side: usize| -> Vec<bool> {
            let within = |at: usize, first: usize| (first..first + side).contains(&at);
            (0..SIDE * SIDE).map(|at| within(at % SIDE, left) && within(at / SIDE, 9)).collect()
        };
        let example = |label: Vec<bool>| {
            let plane = label.iter().map(|&marked| if marked { 2.0 } else { -0.25 });
            Example { planes: plane.collect::<Vec<_>>().repeat(SEQUENCES), neighbour: label.clone(), label }
        };
        vec![example(square(5, 12)), example(square(14, 9)), example(square(0, 0))]
    }

    /// What a recipe says of a small network of every kind, and of every version where there are several. Nothing is dropped at
    /// random where that can be asked for: all tests of a program draw from one seed.
    fn small_networks() -> impl Iterator<Item = String> {
        NetworkConfig::KINDS.iter().flat_map(|kind| {
            let sizes: &[&str] = match *kind {
                "resunet_plus_plus" => &["widths = [8, 16, 24, 32, 40]"],
                "pspnet" => &["width = 8\ndepth = 'eighteen'\ndropout = 0.0"],
                "deeplab" => &[
                    "width = 8\ndepth = 'eighteen'\ndropout = 0.0",
                    "width = 8\ndepth = 'eighteen'\ndropout = 0.0\nversion = 'v3'\noutput_stride = 8",
                    "width = 8\ndepth = 'eighteen'\nversion = 'v2'\noutput_stride = 8\nrates = [6, 12, 18, 24]",
                ],
                "vm_unet" => &["width = 32\ndown = [1, 1, 1, 1]\nup = [1, 1, 1, 1]\ndropped = 0.0"],
                "nn_unet" => &["width = 8\ngrids = 4"],
                _ => &["width = 8"],
            };
            sizes.iter().map(move |size| format!("kind = '{kind}'\n{size}"))
        })
    }

    /// A recipe without clicks for a network.
    fn recipe(network: &str) -> TrainConfig {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/automatic.toml");
        let network: NetworkConfig = toml::from_str(network).unwrap();
        TrainConfig { network, batch: 3, averaging: None, ..TrainConfig::read(&path).unwrap() }
    }

    #[test]
    fn every_network_learns() {
        let device = Device::flex().autodiff();
        for network in small_networks() {
            let config = recipe(&network);
            // The same start in every run: the device's seed is drawn from by other tests at the same time.
            let start = config.network().init(&Device::flex()).map(&mut Fill::of_a_member()).train();
            let optimizer = config.optimizer.init();
            let mut state = State { network: start, average: None, optimizer, adversary: None, history: Vec::new() };
            let mut losses: Vec<f32> = Vec::new();
            let learned = |losses: &[f32]| losses.last() < losses.first().map(|first| 0.9 * first).as_ref();
            while losses.len() < 40 && !learned(&losses) {
                let examples = StepExamples::new(examples(), SIDE, Extent::Slice, DType::F32, &device);
                losses.push(train_step(&mut state, examples, &config, SIDE, (losses.len(), 3e-3)).read()[0]);
            }
            println!("{network:?}: the loss falls to nine tenths in {} steps", losses.len());
            assert!(learned(&losses), "{network:?}: {losses:?}");
        }
    }

    #[test]
    fn a_label_is_made_as_coarse_as_the_answer() {
        let device = Device::flex();
        let label: Tensor<4> = Tensor::<1, Int>::arange(0..48, &device).float().reshape([1, 1, 6, 8]);
        let at = |height: usize, width: usize| {
            let logits = Tensor::<4>::zeros([1, 1, height, width], &device);
            coarser(label.clone(), &logits).into_data().try_to_vec::<f32>().unwrap()
        };
        assert_eq!(at(6, 8), (0..48).map(|number| number as f32).collect::<Vec<_>>());
        assert_eq!(at(3, 4), [9.0, 11.0, 13.0, 15.0, 25.0, 27.0, 29.0, 31.0, 41.0, 43.0, 45.0, 47.0]);
    }

    const UNET_PLUS_PLUS: &str = "kind = 'unet_plus_plus'\nwidth = 8";

    #[test]
    fn auxiliary_answers_count_as_much_as_the_recipe_says() {
        let device = Device::flex().autodiff();
        let network = initial(&recipe(UNET_PLUS_PLUS), &device).unwrap().network;
        let whole = |deep_weight: f32| {
            let config = TrainConfig { deep_weight, ..recipe(UNET_PLUS_PLUS) };
            let optimizer = config.optimizer.init();
            let mut state =
                State { network: network.clone(), average: None, optimizer, adversary: None, history: Vec::new() };
            let examples = StepExamples::new(examples(), SIDE, Extent::Slice, DType::F32, &device);
            train_step(&mut state, examples, &config, SIDE, (0, 0.0)).read()
        };
        let [alone, jaccard] = whole(0.0);
        let [equal, same] = whole(1.0);
        let [mostly, _] = whole(1e6);
        assert_eq!(jaccard, same, "what is watched is the answer's own");
        assert!((alone - equal).abs() > 1e-4, "{alone} and {equal}");
        // The answer and three others.
        assert!(((alone + 3.0 * mostly) / 4.0 - equal).abs() < 1e-3, "{alone}, {mostly}, {equal}");
    }

    #[test]
    fn each_auxiliary_answer_counts_a_share_of_the_one_before() {
        let device = Device::flex().autodiff();
        let network = initial(&recipe(UNET_PLUS_PLUS), &device).unwrap().network;
        let whole = |deep_weight: f32, deep_decay: f32| {
            let config = TrainConfig { deep_weight, deep_decay, ..recipe(UNET_PLUS_PLUS) };
            let optimizer = config.optimizer.init();
            let mut state =
                State { network: network.clone(), average: None, optimizer, adversary: None, history: Vec::new() };
            let examples = StepExamples::new(examples(), SIDE, Extent::Slice, DType::F32, &device);
            train_step(&mut state, examples, &config, SIDE, (0, 0.0)).read()[0]
        };
        let alone = whole(0.0, 0.5);
        // Losses of the three others: of the first alone, of all by a steep and by no decay.
        let first = 2.0 * whole(1.0, 0.0) - alone;
        let three = 4.0 * whole(1.0, 1.0) - alone;
        let halved = 2.75 * whole(1.0, 0.5) - alone;
        let doubled = 8.0 * whole(1.0, 2.0) - alone;
        // first + b + c, first + b/2 + c/4 and first + 2 b + 4 c, of which the third follows.
        let [together, apart] = [three - first, halved - first];
        let c = 2.0 * together - 4.0 * apart;
        let b = together - c;
        assert!((doubled - (first + 2.0 * b + 4.0 * c)).abs() < 2e-3, "{first}, {b}, {c}: {doubled}");
    }
}
