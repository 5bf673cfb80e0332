//! Adaptation to sites whose labels nobody reads: two ways up on one way down, between which the margin disparity discrepancy is
//! made small.
//!
//! # Source
//!
//! Zhang, Liu, Long, Jordan 2019: Bridging theory and algorithm for domain adaptation (arXiv 1904.05801), § 4.3; pixel by pixel as in
//! Munk, Ma, Nielsen 2024: MDD-UNet (arXiv 2312.12246). There the two heads share some of the way up; here they share the way down
//! alone, so that any network of the set can be adapted.

use std::error::Error;

use burn::optim::ModuleOptimizer;
use burn::prelude::*;
use burn::tensor::DType;
use model::{Bottleneck, Network, NetworkConfig, Output};
use serde::{Deserialize, Serialize};

use crate::data::patient::Patient;
use crate::fit::loss::cross_entropy;
use crate::fit::optimizer::OptimizerConfig;

/// Which sites' labels are learned from, which sites' slices are seen without, and how much each counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adaptation {
    /// Sites with labels, as patients' names have them: `DU` of `TCGA_DU_5855_19951217`.
    pub source: Vec<String>,
    /// Sites whose labels are not read.
    pub target: Vec<String>,
    /// How much more the adversary has to agree on the source than to disagree on the target: the exponential of the margin.
    pub margin: f32,
    /// Weight of the disparity beside the other losses.
    pub weight: f32,
    /// Share of the adversary's gradient that the way down takes, reversed, in the end.
    pub reversal: f32,
    /// Steps in which that share climbs from zero.
    pub warmup_steps: usize,
}

/// The second way up with what its optimiser remembers.
pub struct Adversary {
    /// A network whose way up alone is used.
    pub network: Network,
    /// What turns its gradients into steps.
    pub optimizer: ModuleOptimizer,
}

impl Adversary {
    /// One that begins as a copy of a network.
    ///
    /// # Errors
    ///
    /// If the network does not give its weights.
    pub fn of(
        network: &Network,
        config: &NetworkConfig,
        optimizer: OptimizerConfig,
        device: &Device,
    ) -> Result<Self, Box<dyn Error>> {
        // A clone would share its gradients.
        let network = config.init(device).with_weights(network.valid().weights(DType::F32)?)?;
        Ok(Self { network, optimizer: optimizer.init() })
    }
}

/// Patients by what is known of them.
pub struct Sites {
    /// Of source sites, with their labels.
    pub labelled: Vec<Patient>,
    /// Of target sites, their labels taken away.
    pub unlabelled: Vec<Patient>,
}

impl Adaptation {
    /// What makes no sense in it.
    pub fn nonsense(&self) -> Option<&'static str> {
        let is_sane = |value: f32| value >= 0.0 && value.is_finite();
        if self.source.is_empty() || self.target.is_empty() {
            Some("`adaptation` needs at least one site in `source` and in `target`")
        } else if self.source.iter().any(|site| self.target.contains(site)) {
            Some("a site of `adaptation` is in `source` and in `target`")
        } else if ![self.margin, self.weight, self.reversal].into_iter().all(is_sane) {
            Some("`margin`, `weight` and `reversal` of `adaptation` must be numbers of at least 0")
        } else {
            None
        }
    }

    /// Training patients by site; those of other sites are left out. Tuning patients stay only if their labels may be read.
    pub fn divide(&self, training: Vec<Patient>, tuning: &mut Vec<Patient>) -> Sites {
        let is_of = |patient: &Patient, sites: &[String]| {
            let site = patient.name.split('_').nth(1);
            site.is_some_and(|site| sites.iter().any(|known| known == site))
        };
        tuning.retain(|patient| is_of(patient, &self.source));
        let (labelled, others): (Vec<_>, Vec<_>) =
            training.into_iter().partition(|patient| is_of(patient, &self.source));
        let target = others.into_iter().filter(|patient| is_of(patient, &self.target));
        Sites { labelled, unlabelled: target.map(Patient::without_labels).collect() }
    }

    /// Share of the adversary's gradient that is handed on, reversed, in a step.
    pub fn reversal_at(&self, step: usize) -> f32 {
        let progress = step as f32 / self.warmup_steps.max(1) as f32;
        // From 0 to 1, by half of a logistic curve (Ganin and Lempitsky 2015).
        self.reversal * (2.0 / (1.0 + (-10.0 * progress).exp()) - 1.0)
    }

    /// The network's answer for images with labels, and the disparity between it and the adversary on these and on images
    /// without. Both pass together, so that what batch normalisation keeps is of both; auxiliary answers are not taken.
    ///
    /// # Shapes
    ///
    /// `images`, `unlabelled`: `[batch, 3, height, width]`
    pub fn forward(
        &self,
        network: &Network,
        adversary: &Network,
        images: Tensor<4>,
        unlabelled: Tensor<4>,
        step: usize,
    ) -> (Output, Tensor<1>) {
        let [labelled, ..] = images.dims();
        let maps = network.encode(Tensor::cat(vec![images, unlabelled], 0), None);
        let presence = network.presence(&maps).narrow(0, 0, labelled);
        let logits = network.decode(maps.clone());
        let disparity = self.disparity(adversary, maps, logits.clone(), labelled, step);
        (Output { logits: logits.narrow(0, 0, labelled), presence, deep: Vec::new() }, disparity)
    }

    /// What the adversary makes small and the way down, through its reversed gradient, large: it agrees with the network where there
    /// are labels, which counts `margin` times, and disagrees where there are none.
    ///
    /// # Shapes
    ///
    /// `maps`: of a batch whose first `labelled` images are of the source; `logits`: the network's answer for it,
    /// `[batch, 1, height, width]` → `[1]`
    fn disparity(
        &self,
        adversary: &Network,
        maps: Bottleneck,
        logits: Tensor<4>,
        labelled: usize,
        step: usize,
    ) -> Tensor<1> {
        let share = self.reversal_at(step);
        let answer = adversary.decode(maps.map(|map| reversed(map, share)));
        let said = logits.detach().greater_elem(0.0).float();
        let [batch, ..] = answer.dims();
        let part = |of: &Tensor<4>, from: usize, count: usize| of.clone().narrow(0, from, count);
        let agreement = cross_entropy(part(&answer, 0, labelled), part(&said, 0, labelled)).mean();
        let (answer, said) = (part(&answer, labelled, batch - labelled), part(&said, labelled, batch - labelled));
        agreement * self.margin + cross_entropy(answer, -said + 1.0).mean()
    }
}

/// The same numbers, whose gradient comes back reversed and made `share` of its size.
pub fn reversed(x: Tensor<4>, share: f32) -> Tensor<4> {
    let same = x.clone().detach();
    (same.clone() - x) * share + same
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adaptation() -> Adaptation {
        let sites = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Adaptation {
            source: sites(&["DU", "HT"]),
            target: sites(&["CS", "FG"]),
            margin: 4.0,
            weight: 1.0,
            reversal: 0.1,
            warmup_steps: 100,
        }
    }

    #[test]
    fn a_reversed_map_is_the_same_and_its_gradient_is_turned_round() {
        let device = Device::flex().autodiff();
        let x = Tensor::<4>::from_floats([[[[1.0, -2.0, 3.0]]]], &device).require_grad();
        let factors = Tensor::<4>::from_floats([[[[5.0, 6.0, -7.0]]]], &device);
        let y = reversed(x.clone(), 0.5);
        let values: Vec<f32> = y.clone().into_data().try_to_vec().unwrap();
        assert_eq!(values, [1.0, -2.0, 3.0]);
        let gradients = (y * factors).sum().backward();
        let gradient: Vec<f32> = x.grad(&gradients).unwrap().into_data().try_to_vec().unwrap();
        assert_eq!(gradient, [-2.5, -3.0, 3.5]);
    }

    #[test]
    fn the_reversed_share_climbs_from_nothing() {
        let adaptation = adaptation();
        assert_eq!(adaptation.reversal_at(0), 0.0);
        assert!(adaptation.reversal_at(10) < adaptation.reversal_at(20));
        assert!((adaptation.reversal_at(100) - 0.1).abs() < 1e-4 && adaptation.reversal_at(100_000) <= 0.1);
    }

    #[test]
    fn an_adversary_that_says_the_same_agrees_everywhere() {
        let device = Device::flex().autodiff();
        let config: NetworkConfig = toml::from_str("kind = \"unet\"\nwidth = 2").unwrap();
        let network = config.init(&device);
        let adversary = Adversary::of(&network, &config, OptimizerConfig::Adam { epsilon: 1e-5 }, &device).unwrap();
        let ramp = Tensor::<1, Int>::arange(0..3 * 3 * 256, &device).float().reshape([3, 3, 16, 16]);
        let maps = network.encode((ramp * 0.37).sin(), None);
        let logits = network.decode(maps.clone());
        let loss = adaptation().disparity(&adversary.network, maps, logits.clone(), 2, 50);
        // −log of the probability of what is said: by two images of the source four times; and of the contrary, by the third.
        let said: Vec<f64> =
            logits.into_data().try_to_vec::<f32>().unwrap().into_iter().map(|x| f64::from(x.abs())).collect();
        let mean = |values: &[f64], sign: f64| {
            values.iter().map(|value| (1.0 + (sign * value).exp()).ln()).sum::<f64>() / values.len() as f64
        };
        let expected = 4.0 * mean(&said[..512], -1.0) + mean(&said[512..], 1.0);
        let actual = f64::from(loss.into_scalar::<f32>());
        assert!((actual - expected).abs() < 1e-4, "{actual} and {expected}");
    }

    #[test]
    fn what_cannot_be_adapted_is_told() {
        let changed = |change: &dyn Fn(&mut Adaptation)| {
            let mut adaptation = adaptation();
            change(&mut adaptation);
            adaptation.nonsense()
        };
        assert_eq!(changed(&|_| ()), None);
        assert!(changed(&|it| it.target.clear()).is_some_and(|why| why.contains("at least one site")));
        assert!(changed(&|it| it.target.push("DU".into())).is_some_and(|why| why.contains("in `source` and")));
        assert!(changed(&|it| it.reversal = f32::NAN).is_some_and(|why| why.contains("reversal")));
    }
}
