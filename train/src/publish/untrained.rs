//! A network of random weights into a model: the page's way with each kind of network is tried with such ones.

use std::error::Error;
use std::path::Path;

use burn::prelude::*;
use engine::{Segmenter, SelfTest};
use imaging::{Planes, SEQUENCES};
use model::{Network, NetworkConfig};

use crate::publish::package::{SELF_TEST_SIDE, for_tests, write_for_tests};

/// Writes `<output>/<id>/` with the network that `network` describes in JSON, as a manifest does.
///
/// # Errors
///
/// If there is no such network, or its files cannot be written.
pub fn package_untrained(network: &str, output: &Path, id: &str) -> Result<(), Box<dyn Error>> {
    let network: NetworkConfig = serde_json::from_str(network)?;
    let values: Vec<f32> =
        (0..SEQUENCES * SELF_TEST_SIDE * SELF_TEST_SIDE).map(|at| (at as f32 * 0.37).sin()).collect();
    let planes = Planes { width: SELF_TEST_SIDE, height: SELF_TEST_SIDE, values };
    let weights = used_to(&network, &planes).packed_weights()?;
    let manifest = for_tests(id, format!("{}, untrained", network.name()), network, &weights);
    let segmenter = Segmenter::new(manifest.clone(), weights.clone(), Device::flex())?;
    let test = pollster::block_on(SelfTest::record(&segmenter, planes))?;
    write_for_tests(&output.join(id), &manifest, &weights, &test.to_bytes())
}

/// The network with fresh weights, folded, that has seen the planes often enough for its normalisation to fit them: otherwise numbers
/// grow from layer to layer, and with them what two devices' rounding makes of them.
fn used_to(network: &NetworkConfig, planes: &Planes) -> Network {
    let device = Device::flex().autodiff();
    let network = network.init(&device);
    let data = TensorData::new(planes.values.clone(), [1, SEQUENCES, planes.height, planes.width]);
    let image = Tensor::<4>::from_data(data, &device);
    // Two images, since one alone has no deviation where a map is a single pixel.
    let batch = Tensor::cat(vec![image.clone(), image.flip([2])], 0);
    for _ in 0..30 {
        network.forward(batch.clone(), None);
    }
    network.valid().fold()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::measure::predict::load;

    #[test]
    fn what_was_written_passes_its_own_test() {
        let folder = TempDir::new().unwrap();
        let network = r#"{"inputs": 3, "widths": [16, 16, 16, 16, 16], "normalization": "Batch"}"#;
        package_untrained(network, folder.path(), "small").unwrap();
        assert!(load(&folder.path().join("small")).unwrap().manifest().takes_prompts());
        assert!(package_untrained(r#"{"kind": "none"}"#, folder.path(), "none").is_err());
    }
}
