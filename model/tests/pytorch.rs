//! The network against its PyTorch twin; `reference/make_vectors.py` made the numbers.

use burn::prelude::*;
use burn::tensor::{TensorData, Tolerance};
use model::{Network, NetworkConfig};
use safetensors::SafeTensors;

/// Largest difference of a logit: forty layers of 32-bit rounding, and Winograd's on top.
const ROUNDING: f32 = 1e-4;

fn network(device: &Device) -> Network {
    let config: NetworkConfig = serde_json::from_slice(include_bytes!("reference/network.json")).unwrap();
    config.init(device).with_pytorch_weights(include_bytes!("reference/weights.safetensors").to_vec()).unwrap()
}

fn tensor<const D: usize>(file: &[u8], name: &str, device: &Device) -> Tensor<D> {
    let file = SafeTensors::deserialize(file).unwrap();
    let view = file.tensor(name).unwrap();
    let values: Vec<f32> = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    Tensor::from_data(TensorData::new(values, view.shape().to_vec()), device)
}

fn assert_close<const D: usize>(actual: Tensor<D>, expected: Tensor<D>) {
    actual.into_data().assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(ROUNDING));
}

#[test]
fn logits_agree_with_pytorch_before_and_after_folding() {
    let device = Device::flex();
    let answers = include_bytes!("reference/answers.safetensors");
    let planes: Tensor<4> = tensor(answers, "planes", &device);
    for network in [network(&device), network(&device).fold()] {
        let output = network.forward(planes.clone(), None);
        assert_close(output.logits, tensor(answers, "mask", &device));
        assert_close(output.presence, tensor(answers, "presence", &device));
    }
}

#[test]
fn guided_logits_agree_with_pytorch() {
    let device = Device::flex();
    let planes: Tensor<4> = tensor(include_bytes!("reference/answers.safetensors"), "planes", &device);
    let guided = include_bytes!("reference/guided.safetensors");
    for network in [network(&device), network(&device).fold()] {
        let output = network.forward(planes.clone(), Some(tensor(guided, "guidance", &device)));
        assert_close(output.logits, tensor(guided, "mask", &device));
    }
}
