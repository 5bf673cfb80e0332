//! A recipe into the state before the first epoch.

use std::error::Error;
use std::fs;
use std::path::Path;

use burn::prelude::*;
use burn::tensor::DType;
use engine::Manifest;
use model::NetworkConfig;

use crate::fit::adaptation::Adversary;
use crate::fit::config::{BatchNormalization, TrainConfig};
use crate::fit::run::{Checkpoint, State, read_run};

/// The state before the first epoch.
pub fn initial(config: &TrainConfig, device: &Device) -> Result<State, Box<dyn Error>> {
    let network = config.network().init(device);
    let network = match (&config.start, config.batch_normalization) {
        (Some(folder), form) => {
            println!("starting from the network in {}", folder.display());
            network.with_weights(start_weights(folder, form, &config.network)?)?
        }
        (None, BatchNormalization::Learned) => network,
        (None, BatchNormalization::Merged) => {
            return Err(
                "`batch_normalization = \"merged\"` needs a network to start from: give one with --start".into()
            );
        }
    };
    let average = config.averaging.map(|_| network.valid());
    let of = |_| Adversary::of(&network, &config.network(), config.optimizer, device);
    let adversary = config.adaptation.as_ref().map(of).transpose()?;
    Ok(State { network, average, optimizer: config.optimizer.init(), adversary, history: Vec::new() })
}

/// Weights of an earlier fit or of a packaged model, as a safetensors file; they have to be of the `wanted` network.
fn start_weights(folder: &Path, form: BatchNormalization, wanted: &NetworkConfig) -> Result<Vec<u8>, Box<dyn Error>> {
    let check = |found: &NetworkConfig| match found == wanted {
        true => Ok(()),
        false => Err(format!(
            "{} holds another network than the recipe: {}, where the recipe says {}",
            folder.display(),
            serde_json::to_string(found).unwrap_or_default(),
            serde_json::to_string(wanted).unwrap_or_default()
        )),
    };
    let manifest = folder.join("manifest.json");
    if !manifest.exists() {
        let (recipe, network, _) = read_run(folder, Checkpoint::Last, &Device::flex())?;
        check(&recipe.network)?;
        let network = if form == BatchNormalization::Merged { network.fold() } else { network };
        return Ok(network.weights(DType::F32)?);
    }
    if form == BatchNormalization::Learned {
        return Err(format!(
            "{} is a packaged model, whose batch normalisation is merged: fit on with `batch_normalization = \"merged\"`",
            folder.display()
        )
        .into());
    }
    let manifest = Manifest::parse(&fs::read(manifest)?)?;
    check(&manifest.network)?;
    Ok(fs::read(folder.join(&manifest.weights.file))?)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;

    use super::*;

    fn recipe() -> TrainConfig {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut config = TrainConfig::read(&folder.join("configs/default.toml")).unwrap();
        config.start = Some(folder.join("../public/models/lgg-resunetpp"));
        config
    }

    #[test]
    fn a_fit_goes_on_from_the_packaged_model() {
        let config = recipe();
        let device = Device::flex().autodiff();
        let network = initial(&config, &device).unwrap().network;
        let folder = config.start.unwrap();
        let segmenter = crate::measure::predict::load(&folder).unwrap();
        let weights = fs::read(folder.join(&segmenter.manifest().weights.file)).unwrap();
        let packaged = segmenter.manifest().folded_network().init(&Device::flex()).with_weights(weights).unwrap();
        let image = Tensor::<4>::ones([1, 3, 32, 16], &Device::flex());
        let expected = packaged.forward(image.clone(), None).logits.into_data();
        let actual = network.forward(Tensor::from_data(image.into_data(), &device), None).logits.into_data();
        // Training adds in another order than the engine's fast form.
        actual.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-3));
    }

    #[test]
    fn batch_normalisation_does_not_come_back_out_of_a_packaged_model() {
        let device = Device::flex().autodiff();
        let learned = TrainConfig { batch_normalization: BatchNormalization::Learned, ..recipe() };
        let error = initial(&learned, &device).err().unwrap().to_string();
        assert!(error.contains("merged"), "{error}");
        let from_nothing = TrainConfig { start: None, ..recipe() };
        let error = initial(&from_nothing, &device).err().unwrap().to_string();
        assert!(error.contains("--start"), "{error}");
    }
}
