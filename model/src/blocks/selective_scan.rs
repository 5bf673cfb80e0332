//! Two-dimensional selective scan: a map is read along its rows and its columns, both ways, by state spaces that choose what they
//! keep.
//!
//! # Source
//!
//! VMamba: Visual State Space Model, Liu et al. 2024 (arXiv 2401.10166), "SS2D" and the block around it, as VM-UNet has it: Ruan
//! and Xiang 2024 (arXiv 2402.02491). The state space is that of Mamba, Gu and Dao 2023 (arXiv 2312.00752), 16 states a channel.

use burn::config::Config;
use burn::module::{Initializer, Module, Param};
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::prelude::*;
use burn::tensor::activation::{silu, softplus};
use burn::tensor::{Distribution, assert_shape};

use crate::blocks::convolution::{Convolution, ConvolutionConfig, plain};
use crate::cost::Cost;
use crate::kernel;

/// Rows and columns, both ways.
const DIRECTIONS: usize = 4;
/// States of each channel.
const STATES: usize = 16;
/// Smallest and largest step that a channel starts with.
const STEPS: [f64; 2] = [0.001, 0.1];

/// Configuration of a [`SelectiveScan`].
#[derive(Config, Debug)]
pub struct SelectiveScanConfig {
    /// Channels in and out; twice as many are scanned.
    pub channels: usize,
}

impl SelectiveScanConfig {
    /// A scan whose states decay at rates of 1 to 16, as Mamba starts.
    pub fn init(&self, device: &Device) -> SelectiveScan {
        let (inner, rank) = (self.inner(), self.rank());
        let uniform = |bound: f64| Initializer::Uniform { min: -bound, max: bound };
        let rates: Vec<f32> = (1..=STATES).map(|state| (state as f32).ln()).collect();
        let rates = Tensor::<1>::from_floats(rates.as_slice(), device).reshape([1, 1, STATES]);
        SelectiveScan {
            input: LinearConfig::new(self.channels, 2 * inner).with_bias(false).init(device),
            depthwise: self.depthwise().init(device),
            parameters: uniform((inner as f64).powf(-0.5)).init([DIRECTIONS, rank + 2 * STATES, inner], device),
            step: uniform((rank as f64).powf(-0.5)).init([DIRECTIONS, inner, rank], device),
            step_bias: Param::from_tensor(first_steps(inner, device)),
            log_decay: Param::from_tensor(rates.repeat(&[DIRECTIONS, inner, 1])),
            skip: Initializer::Ones.init([DIRECTIONS, inner], device),
            norm: LayerNormConfig::new(inner).init(device),
            output: LinearConfig::new(inner, self.channels).with_bias(false).init(device),
        }
    }

    /// Parameters and multiply-adds on a `width × height` map; a state costs three a pixel: what decays, what enters, what is read.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        let (inner, rank) = (self.inner(), self.rank());
        let pointwise = 3 * self.channels * inner;
        let chosen = DIRECTIONS * inner * (rank + 2 * STATES + rank);
        let scanned = DIRECTIONS * inner * STATES;
        // Besides weights: decays, the steps' biases, the ways round the scan, and the normalisation's scale and shift.
        let learned = pointwise + chosen + scanned + 2 * DIRECTIONS * inner + 2 * inner;
        Cost::new(learned, (pointwise + chosen + 3 * scanned) * width * height) + self.depthwise().cost(width, height)
    }

    fn inner(&self) -> usize {
        2 * self.channels
    }

    /// Numbers that a pixel's steps are made of.
    fn rank(&self) -> usize {
        self.channels.div_ceil(16)
    }

    fn depthwise(&self) -> ConvolutionConfig {
        let inner = self.inner();
        plain(inner, inner).with_groups(inner)
    }
}

/// Biases `[directions, inner]` for which softplus gives steps that are spread evenly by their logarithms.
fn first_steps(inner: usize, device: &Device) -> Tensor<2> {
    let [least, most] = STEPS.map(f64::ln);
    let steps = Tensor::<2>::random([DIRECTIONS, inner], Distribution::Uniform(least, most), device).exp();
    // The inverse of softplus: log(exp(x) − 1).
    (steps.exp() - 1.0).log()
}

/// Projection, depthwise convolution, scans in four directions, gate and projection.
#[derive(Module, Debug)]
pub struct SelectiveScan {
    input: Linear,
    depthwise: Convolution,
    /// Pixels into the numbers of steps, entrances and exits, `[directions, rank + 2 · states, inner]`.
    parameters: Param<Tensor<3>>,
    /// Those of steps into steps, `[directions, inner, rank]`.
    step: Param<Tensor<3>>,
    step_bias: Param<Tensor<2>>,
    /// Logarithms of the rates at which states decay, `[directions, inner, states]`.
    log_decay: Param<Tensor<3>>,
    /// Weights of the ways round the scan, `[directions, inner]`.
    skip: Param<Tensor<2>>,
    norm: LayerNorm,
    output: Linear,
}

impl SelectiveScan {
    /// Features that have seen the whole map.
    ///
    /// # Shapes
    ///
    /// `[batch, height, width, channels]` → the same, 32 bit
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, height, width, channels] = x.dims();
        let [_, inner] = self.skip.dims();
        let both = self.input.forward(x);
        let [x, gate] = [0, inner].map(|from| both.clone().slice([0..batch, 0..height, 0..width, from..from + inner]));
        let x = silu(self.depthwise.forward(x.permute([0, 3, 1, 2])));
        let y = self.norm.forward(self.scan(x).permute([0, 2, 3, 1]));
        let y = self.output.forward(y * silu(gate));
        assert_shape!(y, [batch, height, width, channels]);
        y
    }

    /// The sum of the scans in all directions.
    ///
    /// # Shapes
    ///
    /// `[batch, inner, height, width]` → the same
    fn scan(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, inner, height, width] = x.dims();
        let sequence = |x: Tensor<4>| x.reshape([batch, inner, height * width]);
        let both_ways = |x: Tensor<3>, [there, back]: [usize; 2]| {
            self.scan_sequence(x.clone(), there) + self.scan_sequence(x.flip([2]), back).flip([2])
        };
        let along_rows = both_ways(sequence(x.clone()), [0, 2]).reshape([batch, inner, height, width]);
        let along_columns = both_ways(sequence(x.swap_dims(2, 3)), [1, 3]).reshape([batch, inner, width, height]);
        along_rows + along_columns.swap_dims(2, 3)
    }

    /// A sequence by the state spaces of a direction; one direction at a time, since there are 16 states of every number.
    ///
    /// With `Δ` the step, `A` the rates, `B` and `C` entrance and exit: `h[t] = exp(−Δ A) h[t − 1] + Δ B x[t]`,
    /// `y[t] = C h[t] + D x[t]`.
    ///
    /// # Shapes
    ///
    /// `[batch, inner, pixels]` → the same
    fn scan_sequence(&self, x: Tensor<3>, direction: usize) -> Tensor<3> {
        let [batch, inner, pixels] = x.dims();
        let [_, _, rank] = self.step.dims();
        let of_direction = |parameter: &Param<Tensor<3>>| parameter.val().narrow(0, direction, 1);
        let of_channels = |parameter: &Param<Tensor<2>>| parameter.val().narrow(0, direction, 1);
        let all = of_direction(&self.parameters).matmul(x.clone()); // [batch, rank + 2 · states, pixels]
        let numbers = |from: usize, to: usize| all.clone().slice([0..batch, from..to, 0..pixels]);
        let step = of_direction(&self.step).matmul(numbers(0, rank));
        let step = softplus(step + of_channels(&self.step_bias).reshape([1, inner, 1]), 1.0);
        // Pixels first: the scan goes from one to the next.
        let first = |x: Tensor<3>| x.permute([2, 0, 1]);
        let (x, step) = (first(x), first(step)); // [pixels, batch, inner]
        let state = |from: usize| first(numbers(from, from + STATES)).unsqueeze_dim::<4>(2);
        let (entrance, exit) = (state(rank), state(rank + STATES)); // [pixels, batch, 1, states]

        let rates = of_direction(&self.log_decay).exp().reshape([1, 1, inner, STATES]);
        let decay = (step.clone().unsqueeze_dim::<4>(3) * rates.neg()).exp();
        let input = (step * x.clone()).unsqueeze_dim::<4>(3) * entrance;
        let flat = [pixels, batch * inner * STATES];
        let states = kernel::recurrence(decay.reshape(flat), input.reshape(flat));
        let states = states.reshape([pixels, batch, inner, STATES]);
        let y = (states * exit).sum_dim(3).squeeze_dim::<3>(3);
        let y = y + x * of_channels(&self.skip).reshape([1, 1, inner]);
        y.permute([1, 2, 0])
    }
}

/// Configuration of a [`VisualStateSpace`].
#[derive(Config, Debug)]
pub struct VisualStateSpaceConfig {
    /// Channels in and out.
    pub channels: usize,
    /// How often the whole scan is left out of an image in training (stochastic depth, Huang et al. 2016).
    pub dropped: f64,
}

impl VisualStateSpaceConfig {
    /// A block.
    pub fn init(&self, device: &Device) -> VisualStateSpace {
        VisualStateSpace {
            norm: LayerNormConfig::new(self.channels).init(device),
            scan: SelectiveScanConfig::new(self.channels).init(device),
            dropped: self.dropped,
        }
    }

    /// Parameters and multiply-adds on a `width × height` map.
    pub fn cost(&self, width: usize, height: usize) -> Cost {
        Cost::new(2 * self.channels, 0) + SelectiveScanConfig::new(self.channels).cost(width, height)
    }
}

/// A scan of the normalised map, and a way round it.
#[derive(Module, Debug)]
pub struct VisualStateSpace {
    norm: LayerNorm,
    scan: SelectiveScan,
    dropped: f64,
}

impl VisualStateSpace {
    /// `x + scan(norm(x))`.
    ///
    /// # Shapes
    ///
    /// `[batch, height, width, channels]` → the same
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.scan.forward(self.norm.forward(x.clone()));
        if !x.device().is_autodiff() || self.dropped == 0.0 {
            return x + y;
        }
        let kept = 1.0 - self.dropped;
        let [batch, ..] = x.dims();
        let factors = Tensor::<4>::random([batch, 1, 1, 1], Distribution::Bernoulli(kept), &x.device()) / kept;
        x + y * factors
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::formula::{Fill, standard};
    use burn::tensor::Tolerance;

    /// One pixel after the other, one state after the other.
    fn by_hand(scan: &SelectiveScan, x: &Tensor<3>, direction: usize) -> TensorData {
        let vector = |tensor: TensorData| tensor.try_to_vec::<f32>().unwrap();
        let [batch, inner, pixels] = x.dims();
        let [_, wide, _] = scan.parameters.dims();
        let [_, _, rank] = scan.step.dims();
        let [x, parameters, step, step_bias, log_decay, skip] = [
            x.to_data(),
            scan.parameters.val().into_data(),
            scan.step.val().into_data(),
            scan.step_bias.val().into_data(),
            scan.log_decay.val().into_data(),
            scan.skip.val().into_data(),
        ]
        .map(vector);
        let mut answer = vec![0.0; x.len()];
        for sample in 0..batch {
            let place = |channel: usize, pixel: usize| (sample * inner + channel) * pixels + pixel;
            let mut states = vec![0.0; inner * STATES];
            for pixel in 0..pixels {
                let numbers: Vec<f32> = (0..wide)
                    .map(|row| {
                        let weights = &parameters[(direction * wide + row) * inner..][..inner];
                        weights.iter().zip(0..).map(|(weight, channel)| weight * x[place(channel, pixel)]).sum()
                    })
                    .collect();
                for channel in 0..inner {
                    let row = direction * inner + channel;
                    let weights = &step[row * rank..][..rank];
                    let step: f32 = weights.iter().zip(&numbers).map(|(weight, number)| weight * number).sum();
                    let step = (step + step_bias[row]).exp().ln_1p();
                    let value = x[place(channel, pixel)];
                    let mut sum = skip[row] * value;
                    for state in 0..STATES {
                        let kept = (-step * log_decay[row * STATES + state].exp()).exp();
                        let h = &mut states[channel * STATES + state];
                        *h = kept * *h + step * numbers[rank + state] * value;
                        sum += numbers[rank + STATES + state] * *h;
                    }
                    answer[place(channel, pixel)] = sum;
                }
            }
        }
        TensorData::new(answer, [batch, inner, pixels])
    }

    #[test]
    fn sequences_are_scanned_as_by_hand() {
        let device = Device::flex();
        let scan = SelectiveScanConfig::new(18).init(&device).map(&mut Fill::default());
        assert_eq!(scan.step.dims(), [DIRECTIONS, 36, 2]);
        let x = standard("x", [2, 36, 11], &device);
        for direction in 0..DIRECTIONS {
            let expected = by_hand(&scan, &x, direction);
            let actual = scan.scan_sequence(x.clone(), direction);
            actual.into_data().assert_approx_eq::<f32>(&expected, Tolerance::rel_abs(1e-4, 1e-4));
        }
    }

    #[test]
    fn first_steps_lie_between_the_smallest_and_the_largest() {
        let device = Device::flex();
        let steps: Vec<f32> = softplus(first_steps(50, &device), 1.0).into_data().try_to_vec().unwrap();
        assert!(steps.iter().all(|&step| (0.00099..0.101).contains(&step)), "{steps:?}");
    }
}
