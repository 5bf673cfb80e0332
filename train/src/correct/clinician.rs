//! A simulated clinician for training: starts from a click, a neighbour's mask or the network's own answer, and corrects
//! the network until the answer that it is trained on.
//!
//! Iterative training with masks follows RITM (Sofiiuk et al. 2021, arXiv 2102.06583).

use burn::prelude::*;
use burn::tensor::TensorData;
use burn::tensor::activation::sigmoid;
use imaging::{ProbabilityMap, Prompt, PromptKind, Size, Underlay, confine, guidance_planes, probability};
use model::{GUIDANCE_PLANES, Network};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

use crate::correct::robot::{Mixture, teach};
use crate::vary::warp::Example;

/// Share of the corrected slices that start from random clicks, and share that start from a neighbour's mask; the rest
/// start from the network's automatic answer.
const START_FROM_CLICKS: f64 = 0.2;
const START_FROM_NEIGHBOUR: f64 = 0.2;
/// Most random clicks that a slice starts from.
const FIRST_CLICKS: usize = 3;
/// Share of the corrections in which the previous mask is withheld.
const MASK_DROPPED: f64 = 0.1;
/// Log-odds from which a pixel counts as tumour while the network learns: drawn for each slice, since the threshold that
/// is shipped is chosen only once the network is fitted, and the user moves it.
const THRESHOLD_LOG_ODDS: std::ops::Range<f32> = -4.0..0.5;

/// How a batch is corrected.
#[derive(Clone, Copy)]
pub struct Corrections<'a> {
    /// Width and height of the examples.
    pub side: usize,
    /// Of clicks on them, see [`imaging::click_scale`].
    pub scale: f32,
    /// Share of the examples that are corrected.
    pub share: f64,
    /// Odds of no round of corrections, of one, of two and so on.
    pub rounds: &'a [f64],
    /// What the prompts are.
    pub mixture: Mixture,
}

/// What one slice has been told, and what was shown for it.
#[derive(Clone)]
struct Said {
    prompts: Vec<Prompt>,
    /// The mask that the network is given.
    previous: Option<Vec<bool>>,
    /// Probabilities as the page would keep them.
    shown: ProbabilityMap,
    /// How many of the prompts they do not answer yet.
    unanswered: usize,
    /// Probability from which a pixel is shown as tumour.
    threshold: f32,
}

impl Said {
    fn nothing(side: usize) -> Self {
        let shown = ProbabilityMap::empty(side, side);
        Self { prompts: Vec::new(), previous: None, shown, unanswered: 0, threshold: 0.5 }
    }

    /// Takes over the part of the network's answer that the page would.
    fn answered(&mut self, answer: ProbabilityMap, scale: f32) {
        self.shown = if self.prompts.is_empty() {
            answer
        } else {
            let mask = self.shown.mask(self.threshold);
            let under = Underlay { click_scale: scale, flair: None };
            confine(&self.shown, &answer, &mask, self.threshold, &self.prompts, self.unanswered, under)
        };
        self.unanswered = 0;
    }

    /// Prompts on an error of what is shown, if there is one.
    fn corrected(&mut self, label: &[bool], Corrections { side, scale, mixture, .. }: Corrections, rng: &mut StdRng) {
        let mask = self.shown.mask(self.threshold).into_pixels();
        if let Some(prompt) = teach(&mask, label, side, scale, mixture, rng) {
            self.prompts.push(prompt);
            self.unanswered += 1;
        }
        self.previous = (!rng.random_bool(MASK_DROPPED)).then_some(mask);
    }
}

/// Guidance for a batch, and which of its slices have none.
pub struct Guidance {
    /// `[batch, 3, height, width]`
    pub planes: Tensor<4>,
    /// `[batch, 1]`: 1 where the network has to answer on its own.
    pub automatic: Tensor<2>,
}

/// Plays up to four rounds of corrections of `network`'s answers.
///
/// # Shapes
///
/// `images`: `[batch, 3, side, side]`, the planes of the examples; `network` is the one in training without its gradients.
pub fn correct(
    network: impl FnOnce() -> Network,
    images: &Tensor<4>,
    examples: &[Example],
    corrections: Corrections,
    rng: &mut StdRng,
) -> Guidance {
    let Corrections { side, scale, share, rounds, .. } = corrections;
    let device = images.device();
    let guided: Vec<bool> = examples.iter().map(|_| rng.random_bool(share)).collect();
    let mut said: Vec<Said> = examples
        .iter()
        .zip(&guided)
        .map(|(e, &guided)| if guided { start(e, corrections, rng) } else { Said::nothing(side) })
        .collect();

    let rounds = draw(rounds, rng);
    let corrected: Vec<usize> = (0..examples.len()).filter(|&index| guided[index]).collect();
    if rounds > 0 && !corrected.is_empty() {
        let network = network();
        let places: Vec<i32> = corrected.iter().map(|&index| index as i32).collect();
        let images = images.clone().inner();
        let images = images.clone().select(0, Tensor::from_data(places.as_slice(), &images.device()));
        for _ in 0..rounds {
            let planes = planes(corrected.iter().map(|&index| &said[index]), side, scale, &images.device());
            let logits = network.forward(images.clone(), Some(planes.cast(images.dtype()))).logits;
            let probabilities: Vec<f32> = sigmoid(logits).into_data().try_to_vec().expect("32-bit numbers");
            let answers = probabilities.chunks_exact(side * side);
            let turns: Vec<_> =
                corrected.iter().zip(answers).map(|(&index, answer)| (index, answer, rng.random())).collect();
            let next = turns.into_par_iter().map(|(index, answer, seed)| {
                let mut said = said[index].clone();
                said.answered(ProbabilityMap::new(side, side, answer.to_vec()), scale);
                said.corrected(&examples[index].label, corrections, &mut StdRng::seed_from_u64(seed));
                said
            });
            let next: Vec<Said> = next.collect();
            corrected.iter().zip(next).for_each(|(&index, next)| said[index] = next);
        }
    }
    let automatic = said.iter().map(|said| if said.prompts.is_empty() && said.previous.is_none() { 1.0 } else { 0.0 });
    Guidance {
        automatic: tensor([examples.len(), 1], automatic.collect(), &device),
        planes: planes(&said, side, scale, &device),
    }
}

fn start(example: &Example, Corrections { side, scale, mixture, .. }: Corrections, rng: &mut StdRng) -> Said {
    let nothing = Said { threshold: probability(rng.random_range(THRESHOLD_LOG_ODDS)), ..Said::nothing(side) };
    let draw: f64 = rng.random();
    if draw < START_FROM_CLICKS {
        let clicks = (0..rng.random_range(1..=FIRST_CLICKS)).map(|_| random_click(&example.label, side, rng));
        let mut prompts: Vec<Prompt> = clicks.collect();
        // Where the mixture has others, the first of a slice that nothing is known of may be one of them.
        if mixture != Mixture::default() && rng.random_bool(0.5) {
            prompts = teach(&vec![false; side * side], &example.label, side, scale, mixture, rng).into_iter().collect();
        }
        Said { unanswered: prompts.len(), prompts, ..nothing }
    } else if draw < START_FROM_CLICKS + START_FROM_NEIGHBOUR {
        Said { previous: Some(example.neighbour.clone()), ..nothing }
    } else {
        nothing
    }
}

/// A click in the tumour or beside it, with even odds where there is one.
fn random_click(label: &[bool], side: usize, rng: &mut StdRng) -> Prompt {
    let tumor = label.contains(&true) && rng.random_bool(0.5);
    let places: Vec<usize> = (0..label.len()).filter(|&index| label[index] == tumor).collect();
    let index = if places.is_empty() { 0 } else { places[rng.random_range(0..places.len())] };
    let kind = if tumor { PromptKind::Tumor } else { PromptKind::Background };
    Prompt::click((index % side) as f32, (index / side) as f32, kind)
}

fn planes<'a>(said: impl IntoIterator<Item = &'a Said>, side: usize, scale: f32, device: &Device) -> Tensor<4> {
    let said: Vec<&Said> = said.into_iter().collect();
    let planes = said
        .par_iter()
        .map(|said| guidance_planes(Size::new(side, side), scale, &said.prompts, said.previous.as_deref()));
    let planes: Vec<_> = planes.collect();
    tensor([planes.len(), GUIDANCE_PLANES, side, side], planes.concat(), device)
}

fn tensor<const D: usize>(shape: [usize; D], values: Vec<f32>, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// An index drawn with the given weights.
fn draw(weights: &[f64], rng: &mut StdRng) -> usize {
    let mut left = rng.random_range(0.0..1.0) * weights.iter().sum::<f64>();
    weights
        .iter()
        .position(|weight| {
            left -= weight;
            left < 0.0
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;
    use imaging::{SEQUENCES, click_scale};
    use model::NetworkConfig;

    use super::*;

    const SIDE: usize = 32;

    fn example() -> Example {
        let label: Vec<bool> =
            (0..SIDE * SIDE).map(|at| (8..20).contains(&(at % SIDE)) && (8..20).contains(&(at / SIDE))).collect();
        Example { planes: vec![0.0; SEQUENCES * SIDE * SIDE], neighbour: label.clone(), label }
    }

    fn guidance(share: f64, rounds: [f64; 3]) -> (Vec<f32>, Vec<f32>) {
        let device = Device::flex();
        let examples: Vec<_> = (0..12).map(|_| example()).collect();
        let images =
            Tensor::random([12, SEQUENCES, SIDE, SIDE], Distribution::Normal(0.0, 1.0), &device.clone().autodiff());
        let corrections = Corrections {
            side: SIDE,
            scale: click_scale(SIDE, SIDE),
            share,
            rounds: &rounds,
            mixture: Mixture::default(),
        };
        let network = || NetworkConfig::default().init(&device);
        let guidance = correct(network, &images, &examples, corrections, &mut StdRng::seed_from_u64(3));
        (guidance.planes.into_data().try_to_vec().unwrap(), guidance.automatic.into_data().try_to_vec().unwrap())
    }

    #[test]
    fn no_share_means_no_guidance() {
        let (planes, automatic) = guidance(0.0, [0.0, 0.0, 1.0]);
        assert!(planes.iter().all(|&value| value == 0.0));
        assert!(automatic.iter().all(|&value| value == 1.0));
    }

    #[test]
    fn without_rounds_only_the_start_is_said() {
        let (_, automatic) = guidance(1.0, [1.0, 0.0, 0.0]);
        let alone = automatic.iter().sum::<f32>();
        assert!((1.0..12.0).contains(&alone), "{alone} of 12 without guidance");
    }

    #[test]
    fn every_round_leaves_clicks_on_their_own_side_of_the_label() {
        let (planes, automatic) = guidance(1.0, [0.0, 0.0, 1.0]);
        assert!(automatic.iter().all(|&value| value == 0.0));
        let label = example().label;
        for planes in planes.chunks_exact(GUIDANCE_PLANES * SIDE * SIDE) {
            let marked = |plane: usize, tumor: bool| {
                (0..label.len()).filter(|&at| label[at] == tumor && planes[plane * label.len() + at] > 0.0).count()
            };
            assert!(marked(0, true) + marked(1, false) > 0);
            // Disks reach one pixel over the edge at this size; their middles are inside.
            assert!(marked(0, true) >= marked(0, false) && marked(1, false) >= marked(1, true));
        }
    }

    #[test]
    fn weights_are_odds() {
        let mut rng = StdRng::seed_from_u64(4);
        let mut counts = [0; 3];
        (0..3000).for_each(|_| counts[draw(&[1.0, 0.0, 2.0], &mut rng)] += 1);
        assert!(counts[1] == 0 && (900..1100).contains(&counts[0]), "{counts:?}");
    }
}
