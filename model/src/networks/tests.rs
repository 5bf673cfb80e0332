//! What every network is tested for.

use burn::module::{Module, ModuleVisitor, Param};
use burn::prelude::*;
use burn::tensor::Tolerance;

use crate::blocks::convolution::Normalization;
use crate::cost::Cost;
use crate::formula::{Fill, standard};
use crate::networks::member::{Member, MemberConfig};
use crate::networks::output::Output;

/// Multiply-adds are published to three digits, and not everybody counts biases.
const PUBLISHED: f64 = 1e-3;

/// Asserts what a network without its presence head costs on an image of 256², and that it has the parameters it says.
pub fn assert_cost<C: MemberConfig>(config: &C, parameters: usize, giga_multiply_adds: f64) {
    let Cost { parameters: counted, multiply_adds } = config.down_cost(256, 256) + config.up_cost(256, 256);
    assert_eq!(counted, parameters, "parameters");
    let giga = multiply_adds as f64 / 1e9;
    assert!((giga / giga_multiply_adds - 1.0).abs() < PUBLISHED, "{giga} G multiply-adds, not {giga_multiply_adds}");
    let network = config.init(&Device::flex());
    assert_eq!(learned(&network), counted + config.presence_cost().parameters, "parameters of the module");
}

/// Numbers of a network that are learned; burn counts running statistics too. Takes no time: weights are made when they are read.
pub fn learned(network: &impl Module) -> usize {
    let mut learned = Learned { count: 0, in_statistics: false };
    network.visit(&mut learned);
    learned.count
}

struct Learned {
    count: usize,
    in_statistics: bool,
}

impl ModuleVisitor for Learned {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.in_statistics = matches!(name, "running_mean" | "running_var");
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.in_statistics = false;
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !self.in_statistics {
            self.count += param.lazy_shape().num_elements();
        }
    }
}

/// Asserts shapes and numbers of a small network's answers, that folding keeps them, and that the network learns with `deep`
/// auxiliary answers.
pub fn assert_sound<C: MemberConfig + Clone>(config: &C, deep: usize) {
    let (width, height) = (3 * config.multiple(), 2 * config.multiple());
    let device = Device::flex();
    let network = config.init(&device).map(&mut Fill::default());
    let image = standard("planes", [2, 3, height, width], &device);
    let expected = network.forward(image.clone(), None);
    assert_eq!((expected.logits.dims(), expected.presence.dims()), ([2, 1, height, width], [2, 1]));
    assert!(expected.deep.is_empty(), "auxiliary answers at inference");
    assert!(numbers(&expected).all(f32::is_finite));

    let folded_network = network.fold();
    let folded = config.clone().normalized_by(Normalization::Folded);
    assert_eq!(learned(&folded_network), folded.cost(width, height).parameters, "parameters of the folded form");
    let actual = folded_network.forward(image, None);
    let largest = numbers(&expected).map(f32::abs).fold(1.0, f32::max);
    let tolerance = Tolerance::absolute(1e-5 * largest).set_relative(1e-4);
    actual.logits.into_data().assert_approx_eq::<f32>(&expected.logits.into_data(), tolerance);
    actual.presence.into_data().assert_approx_eq::<f32>(&expected.presence.into_data(), tolerance);

    #[cfg(feature = "autodiff")]
    {
        let device = device.autodiff();
        let network = config.init(&device);
        let image = standard("planes", [2, 3, height, width], &device);
        let Output { logits, presence, deep: auxiliary } = network.forward(image, None);
        let is_of_a_grid = |[batch, planes, h, w]: [usize; 4]| {
            (batch, planes) == (2, 1) && height.is_multiple_of(h) && width * h == w * height
        };
        assert!(auxiliary.iter().all(|logits| is_of_a_grid(logits.dims())));
        assert_eq!(auxiliary.len(), deep);
        let sum = auxiliary.into_iter().fold(logits.mean(), |sum, logits| sum + logits.mean()) + presence.mean();
        let gradients = sum.backward();
        let mut without = Without { gradients: &gradients, count: 0 };
        network.visit(&mut without);
        assert_eq!(without.count, 0, "weights that nothing is learned for");
    }
    #[cfg(not(feature = "autodiff"))]
    let _ = deep;
}

fn numbers(output: &Output) -> impl Iterator<Item = f32> {
    let logits: Vec<f32> = output.logits.to_data().try_to_vec().unwrap();
    let presence: Vec<f32> = output.presence.to_data().try_to_vec().unwrap();
    logits.into_iter().chain(presence)
}

/// Counts weights without a gradient.
#[cfg(feature = "autodiff")]
struct Without<'a> {
    gradients: &'a burn::tensor::Gradients,
    count: usize,
}

#[cfg(feature = "autodiff")]
impl ModuleVisitor for Without<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // Biases before a normalisation have none, and running statistics are not learned.
        if D > 1 && param.val().grad(self.gradients).is_none() {
            self.count += 1;
        }
    }
}
