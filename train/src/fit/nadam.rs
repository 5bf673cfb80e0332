//! NAdam: Adam whose momentum looks one step ahead (Dozat 2016), the paper's optimiser (§3.2).
//!
//! The momentum schedule and its constants are those of PyTorch's `torch.optim.NAdam`, which the test compares with.

use burn::optim::{LearningRate, ModuleOptimizer, Optimizer, RecordState, StateSink, StateSource};
use burn::prelude::*;

/// Decay of the first and of the second moment.
const BETAS: (f64, f64) = (0.9, 0.999);
/// How fast the momentum grows towards the first decay.
const MOMENTUM_DECAY: f64 = 0.004;

/// The optimiser.
#[derive(Clone, Copy, Debug)]
pub struct NAdam {
    epsilon: f64,
}

/// What NAdam remembers of one parameter.
#[derive(Clone)]
pub struct NAdamState<const D: usize> {
    /// Steps taken.
    pub steps: usize,
    /// Product of the momenta of all steps.
    pub momentum_product: f64,
    /// Mean of the gradients.
    pub first_moment: Tensor<D>,
    /// Mean of their squares.
    pub second_moment: Tensor<D>,
}

impl NAdam {
    /// An optimiser that adds `epsilon` to the root of the second moment.
    pub fn new(epsilon: f32) -> Self {
        Self { epsilon: f64::from(epsilon) }
    }

    /// The optimiser for a whole network.
    pub fn init(self) -> ModuleOptimizer {
        ModuleOptimizer::from(self)
    }
}

// By hand: the derive of burn 0.22.1 names crates that only burn itself depends on.
impl<const D: usize> RecordState for NAdamState<D> {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        out.push_scalar(prefix, "steps", self.steps.into());
        out.push_scalar(prefix, "momentum_product", self.momentum_product.into());
        out.push_tensor(prefix, "first_moment", self.first_moment.to_data());
        out.push_tensor(prefix, "second_moment", self.second_moment.to_data());
    }

    fn state_unflatten(prefix: &str, source: &mut StateSource, device: &Device) -> Option<Self> {
        let mut tensor = |leaf: &str| Some(Tensor::from_data(source.take_tensor(prefix, leaf)?, device));
        let (first_moment, second_moment) = (tensor("first_moment")?, tensor("second_moment")?);
        Some(Self {
            steps: source.take_scalar(prefix, "steps")?.try_into().ok()?,
            momentum_product: source.take_scalar(prefix, "momentum_product")?.try_into().ok()?,
            first_moment,
            second_moment,
        })
    }
}

/// Momentum of step `step`, counted from one.
fn momentum(step: usize) -> f64 {
    BETAS.0 * (1.0 - 0.5 * 0.96f64.powf(step as f64 * MOMENTUM_DECAY))
}

impl Optimizer for NAdam {
    type State<const D: usize> = NAdamState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        parameter: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let state = state.unwrap_or_else(|| NAdamState {
            steps: 0,
            momentum_product: 1.0,
            first_moment: gradient.zeros_like(),
            second_moment: gradient.zeros_like(),
        });
        let steps = state.steps + 1;
        let (now, next) = (momentum(steps), momentum(steps + 1));
        let momentum_product = state.momentum_product * now;
        let first_moment = state.first_moment * BETAS.0 + gradient.clone() * (1.0 - BETAS.0);
        let second_moment = state.second_moment * BETAS.1 + gradient.clone().square() * (1.0 - BETAS.1);

        let unbiased = second_moment.clone() / (1.0 - BETAS.1.powf(steps as f64));
        let of_gradient = rate * (1.0 - now) / (1.0 - momentum_product);
        let of_moment = rate * next / (1.0 - momentum_product * next);
        let direction = gradient * of_gradient + first_moment.clone() * of_moment;
        let moved = parameter - direction / (unbiased.sqrt() + self.epsilon);
        (moved, Some(NAdamState { steps, momentum_product, first_moment, second_moment }))
    }

    fn to_device<const D: usize>(mut state: Self::State<D>, device: &Device) -> Self::State<D> {
        state.first_moment = state.first_moment.to_device(device);
        state.second_moment = state.second_moment.to_device(device);
        state
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{TensorData, Tolerance};

    use super::*;

    /// PyTorch 2.9: `NAdam([p], lr=0.05, eps=0.1)` from (1, −2, 0.5) with gradients (t/2, (−1)ᵗ, 3 − 0.4 t).
    const PYTORCH: [(usize, [f32; 3]); 3] = [
        (1, [0.955_981_1, -1.951_979_5, 0.449_133_4]),
        (6, [0.724_468_7, -1.979_056_2, 0.319_516_2]),
        (12, [0.385_747, -1.976_562_9, 0.378_307_7]),
    ];

    fn saved_and_restored(state: &NAdamState<1>) -> NAdamState<1> {
        let mut sink = StateSink::default();
        state.state_flatten("p", &mut sink);
        let mut source = StateSource::new(sink.scalars.into_iter().collect());
        sink.tensors.into_iter().for_each(|(name, data)| source.insert_tensor(name, data));
        NAdamState::state_unflatten("p", &mut source, &Device::flex()).unwrap()
    }

    #[test]
    fn twelve_steps_with_an_interruption_are_pytorchs() {
        let device = Device::flex();
        let (mut parameter, mut state) = (Tensor::<1>::from_floats([1.0, -2.0, 0.5], &device), None);
        for t in 1..=12 {
            if t == 7 {
                state = Some(saved_and_restored(&state.unwrap()));
            }
            let sign = if t % 2 == 0 { 1.0 } else { -1.0 };
            let gradient = Tensor::from_floats([0.5 * t as f32, sign, 3.0 - 0.4 * t as f32], &device);
            (parameter, state) = NAdam::new(0.1).step(0.05, parameter, gradient, state);
            if let Some((_, expected)) = PYTORCH.iter().find(|(step, _)| *step == t) {
                let expected = TensorData::from(*expected);
                parameter.to_data().assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-6));
            }
        }
    }
}
