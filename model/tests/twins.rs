//! Every network with a twin against PyTorch; `twins.py` and `literature.py` made the answers, the former says of what weights.

use std::path::Path;

use burn::module::{Module, ModuleMapper, Param};
use burn::prelude::*;
use burn::tensor::TensorData;
use model::{Network, NetworkConfig};
use safetensors::SafeTensors;

/// Largest difference of a logit, of the largest logit where that is above 1: dozens of layers of 32-bit rounding, and Winograd's on
/// top.
const ROUNDING: f32 = 1e-4;

/// Numbers in 0..1 that look random, the same for the same name.
fn numbers(name: &str, count: usize) -> impl Iterator<Item = f64> {
    let seed = name.bytes().fold(2_166_136_261_u32, |seed, byte| (seed ^ u32::from(byte)).wrapping_mul(16_777_619));
    (0..count as u32).map(move |i| {
        let mut x = i.wrapping_mul(2_654_435_761).wrapping_add(seed);
        x = (x ^ (x >> 15)).wrapping_mul(2_246_822_519);
        x = (x ^ (x >> 13)).wrapping_mul(3_266_489_917);
        f64::from(x ^ (x >> 16)) / 4_294_967_296.0
    })
}

fn tensor<const D: usize>(name: &str, shape: [usize; D], scale: f64, shift: f64, device: &Device) -> Tensor<D> {
    let values = numbers(name, shape.iter().product()).map(|u| (scale * u + shift) as f32);
    Tensor::from_data(TensorData::new(values.collect::<Vec<f32>>(), shape), device)
}

/// Gives every parameter and running statistic its numbers.
#[derive(Default)]
struct Fill {
    path: Vec<String>,
}

impl ModuleMapper for Fill {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // The first is which network it is.
        let name = self.path[1..].join(".");
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

fn answer<const D: usize>(file: &SafeTensors, name: &str, device: &Device) -> Tensor<D> {
    let view = file.tensor(name).unwrap();
    let values: Vec<f32> = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    Tensor::from_data(TensorData::new(values, view.shape().to_vec()), device)
}

#[test]
fn logits_agree_with_pytorch_before_and_after_folding() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/twins");
    let device = Device::flex();
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 11, "{files:?}");
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let written = &header.metadata().as_ref().unwrap()["network"];
        let config: NetworkConfig = serde_json::from_str(written).unwrap();
        let [_, _, height, width] = answer::<4>(&file, "logits", &device).dims();
        let planes: Tensor<4> = tensor("planes", [1, 3, height, width], 4.0, -2.0, &device);
        let network: Network = config.init(&device).map(&mut Fill::default());
        for (form, network) in [("", network.clone()), ("folded ", network.fold())] {
            let output = network.forward(planes.clone(), None);
            let expected = (answer::<4>(&file, "logits", &device), answer::<2>(&file, "presence", &device));
            let largest = |difference: Tensor<1>| difference.abs().max().into_scalar::<f32>();
            let size =
                largest(expected.0.clone().flatten(0, 3)).max(largest(expected.1.clone().flatten(0, 1))).max(1.0);
            let differences = [
                largest((output.logits - expected.0).flatten::<1>(0, 3)) / size,
                largest((output.presence - expected.1).flatten::<1>(0, 1)) / size,
            ];
            assert!(differences.iter().all(|&difference| difference < ROUNDING), "{form}{written}: {differences:?}");
        }
    }
}
