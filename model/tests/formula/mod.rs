//! Numbers that look random and are the same in every run, for inputs and weights of tests.
//!
//! A seed of a device does not do: all tests of a program draw from it at once. `twins.py` makes the same numbers.

use burn::module::{ModuleMapper, Param};
use burn::prelude::*;
use burn::tensor::TensorData;

/// Numbers in 0..1, the same for the same name.
fn numbers(name: &str, count: usize) -> impl Iterator<Item = f64> {
    let seed = name.bytes().fold(2_166_136_261_u32, |seed, byte| (seed ^ u32::from(byte)).wrapping_mul(16_777_619));
    (0..count as u32).map(move |i| {
        let mut x = i.wrapping_mul(2_654_435_761).wrapping_add(seed);
        x = (x ^ (x >> 15)).wrapping_mul(2_246_822_519);
        x = (x ^ (x >> 13)).wrapping_mul(3_266_489_917);
        f64::from(x ^ (x >> 16)) / 4_294_967_296.0
    })
}

/// A tensor of the numbers of a name, from `shift` to `shift + scale`.
pub fn tensor<const D: usize>(name: &str, shape: [usize; D], scale: f64, shift: f64, device: &Device) -> Tensor<D> {
    let values = numbers(name, shape.iter().product()).map(|u| (scale * u + shift) as f32);
    Tensor::from_data(TensorData::new(values.collect::<Vec<f32>>(), shape), device)
}

/// A tensor of the numbers of a name with mean 0 and deviation 1.
#[allow(dead_code, reason = "one of the programs that this file is compiled into has no use for it")]
pub fn standard<const D: usize>(name: &str, shape: [usize; D], device: &Device) -> Tensor<D> {
    let bound = 3_f64.sqrt();
    tensor(name, shape, 2.0 * bound, -bound, device)
}

/// Gives every parameter and running statistic the numbers of its path.
#[derive(Default)]
pub struct Fill {
    path: Vec<String>,
    /// Names of a path that are left out at its beginning.
    skipped: usize,
}

impl Fill {
    /// For a network as a member of the set, whose path begins with which one it is.
    #[allow(dead_code, reason = "one of the programs that this file is compiled into has no use for it")]
    pub fn of_a_member() -> Self {
        Self { skipped: 1, ..Self::default() }
    }
}

impl ModuleMapper for Fill {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path[self.skipped..].join(".");
        let shape = param.lazy_shape().dims::<D>();
        let (scale, shift) = match (self.path.last().map(String::as_str), &shape[..]) {
            (Some("gamma" | "running_var"), _) => (1.0, 0.5),
            (_, [inputs, _] | [_, inputs, _, _]) => {
                let taps: usize = shape.iter().skip(2).product();
                let bound = (4.0 / (inputs * taps) as f64).sqrt();
                (2.0 * bound, -bound)
            }
            _ => (0.6, -0.3),
        };
        param.map(|values| tensor(&name, shape, scale, shift, &values.device()))
    }
}
