//! What turns gradients into steps, as recipes name it.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, ModuleOptimizer, SgdConfig};
use serde::{Deserialize, Serialize};

use crate::fit::nadam::NAdam;

/// What turns gradients into steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OptimizerConfig {
    /// Adam with decoupled weight decay.
    AdamW {
        /// Share of a weight that is taken away, times the learning rate, each step.
        weight_decay: f32,
    },
    /// Adam.
    Adam {
        /// Added to the root of the second moment.
        epsilon: f32,
    },
    /// Adam with Nesterov's momentum.
    #[serde(rename = "nadam")]
    NAdam {
        /// Added to the root of the second moment.
        epsilon: f32,
    },
    /// Stochastic gradient descent with Nesterov's momentum.
    Sgd {
        /// Share of the last step's velocity that is kept.
        momentum: f64,
        /// Share of a weight that is added to its gradient.
        weight_decay: f32,
    },
}

impl OptimizerConfig {
    /// The optimiser before its first step.
    pub fn init(self) -> ModuleOptimizer {
        match self {
            Self::AdamW { weight_decay } => AdamWConfig::new().with_weight_decay(weight_decay).init(),
            Self::Adam { epsilon } => AdamConfig::new().with_epsilon(epsilon).init(),
            Self::NAdam { epsilon } => NAdam::new(epsilon).init(),
            Self::Sgd { momentum, weight_decay } => sgd(momentum, weight_decay).init(),
        }
    }
}

/// As PyTorch has it: the velocity takes in all of each gradient.
fn sgd(momentum: f64, weight_decay: f32) -> SgdConfig {
    let momentum = MomentumConfig::new().with_momentum(momentum).with_dampening(0.0).with_nesterov(true);
    SgdConfig::new().with_momentum(Some(momentum)).with_weight_decay(Some(WeightDecayConfig::new(weight_decay)))
}

#[cfg(test)]
mod tests {
    use burn::optim::Optimizer;
    use burn::prelude::*;

    use super::*;

    #[test]
    fn descent_with_nesterovs_momentum_by_hand() {
        let (momentum, decay, rate) = (0.99, 0.1, 0.05);
        let device = Device::flex();
        let optimizer = sgd(momentum, decay as f32).build();
        let (mut tensor, mut state) = (Tensor::<1>::from_floats([1.0], &device), None);
        let (mut weight, mut velocity) = (1.0, 0.0);
        for step in 1..=8 {
            let gradient = f64::from(step).sin();
            (tensor, state) = optimizer.step(rate, tensor, Tensor::from_floats([gradient as f32], &device), state);
            // Sutskever et al. 2013 in the form of PyTorch: v ← µ v + g, w ← w − η (g + µ v), with g + λ w for g.
            let whole = gradient + decay * weight;
            velocity = momentum * velocity + whole;
            weight -= rate * (whole + momentum * velocity);
            let actual: f32 = tensor.clone().into_scalar();
            assert!((f64::from(actual) - weight).abs() < 1e-5, "{actual} and {weight} after step {step}");
        }
    }
}
