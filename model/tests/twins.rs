//! Every network with a twin against PyTorch; `twins.py` and `literature.py` made the answers, the former says of what weights.

mod formula;

use std::path::Path;

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::TensorData;
use model::{Network, NetworkConfig};
use safetensors::SafeTensors;

use formula::{Fill, tensor};

/// Largest difference of a logit, of the largest logit where that is above 1: dozens of layers of 32-bit rounding, and Winograd's on
/// top.
const ROUNDING: f32 = 1e-4;

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
    assert!(files.len() >= 12, "{files:?}");
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let written = &header.metadata().as_ref().unwrap()["network"];
        let config: NetworkConfig = serde_json::from_str(written).unwrap();
        let [_, _, height, width] = answer::<4>(&file, "logits", &device).dims();
        let planes: Tensor<4> = tensor("planes", [1, 3, height, width], 4.0, -2.0, &device);
        let network: Network = config.init(&device).map(&mut Fill::of_a_member());
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
