//! The closed set of networks: who runs, fits or packages one names [`Network`], and never which it is.
//!
//! A new network is a file of this folder that implements [`MemberConfig`] and [`Member`], and a line of the list below.

use burn::module::Module;
use burn::prelude::*;
use burn::tensor::DType;
use burn_store::{ModuleSnapshot, ModuleStore};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::blocks::convolution::Normalization;
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::member::{Member, MemberConfig};
use crate::networks::output::Output;
use crate::weights::{self, WeightError};

/// What a configuration without a `kind` is: manifests and recipes were written so while there was no other network.
const UNNAMED: &str = "resunet_plus_plus";

/// The set, from lines `Network(file, Configuration) = "kind"`.
macro_rules! networks {
    ($($(#[$doc:meta])+ $network:ident($file:ident, $config:ident) = $kind:literal,)+) => {
        /// Which network, and of which size: the field `kind` and those of its configuration.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(remote = "Self", tag = "kind")]
        pub enum NetworkConfig {
            $($(#[$doc])+ #[serde(rename = $kind)] $network(super::$file::$config),)+
        }

        /// A network with its weights.
        #[derive(Module, Debug)]
        #[allow(clippy::large_enum_variant, reason = "there are few networks at a time, and each is handles to tensors")]
        pub enum Network {
            $($(#[$doc])+ $network(super::$file::$network),)+
        }

        impl NetworkConfig {
            /// What `kind` may say.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// Every network with the defaults of its paper, in the order of [`Self::KINDS`].
            pub fn each() -> Vec<Self> {
                vec![$(Self::$network(Default::default())),+]
            }

            /// What the network is called.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$network(config) => config.name(),)+ }
            }

            /// Width and height of an image must be multiples of this.
            pub fn multiple(&self) -> usize {
                match self { $(Self::$network(config) => config.multiple(),)+ }
            }

            /// Whether the network has an entrance for clicks and a previous mask.
            pub fn takes_guidance(&self) -> bool {
                match self { $(Self::$network(_) => <super::$file::$network as Member>::TAKES_GUIDANCE,)+ }
            }

            /// The same network with another form of normalisation.
            pub fn with_normalization(self, normalization: Normalization) -> Self {
                match self { $(Self::$network(config) => Self::$network(config.normalized_by(normalization)),)+ }
            }

            /// A network with fresh weights.
            pub fn init(&self, device: &Device) -> Network {
                match self { $(Self::$network(config) => Network::$network(config.init(device)),)+ }
            }

            /// Cost up to the presence logit, on a `width × height` image: what an empty slice pays.
            pub fn encoder_cost(&self, width: usize, height: usize) -> Cost {
                match self { $(Self::$network(config) => config.down_cost(width, height) + config.presence_cost(),)+ }
            }

            /// Cost of the whole network on a `width × height` image.
            pub fn cost(&self, width: usize, height: usize) -> Cost {
                match self { $(Self::$network(config) => config.cost(width, height),)+ }
            }

            /// Cost of the network without its presence head, which papers do not count.
            pub fn body_cost(&self, width: usize, height: usize) -> Cost {
                match self { $(Self::$network(config) => config.down_cost(width, height) + config.up_cost(width, height),)+ }
            }
        }

        impl Network {
            fn encode_alone(&self, image: Tensor<4>) -> Bottleneck {
                match self { $(Self::$network(network) => network.encode(image),)+ }
            }

            fn encode_guided(&self, image: Tensor<4>, guidance: Tensor<4>) -> Bottleneck {
                match self { $(Self::$network(network) => network.encode_guided(image, guidance),)+ }
            }

            /// Logit of "this slice holds tumour", `[batch, 1]`.
            pub fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2> {
                match self { $(Self::$network(network) => network.presence(bottleneck),)+ }
            }

            /// The way up: logits of "this pixel is tumour", `[batch, 1, height, width]`.
            pub fn decode(&self, bottleneck: Bottleneck) -> Tensor<4> {
                match self { $(Self::$network(network) => network.decode(bottleneck).logits,)+ }
            }

            /// The whole way; inputs as in [`Self::encode`].
            ///
            /// # Panics
            ///
            /// As [`Self::encode`].
            pub fn forward(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> Output {
                match self { $(Self::$network(network) => network.forward(image, guidance),)+ }
            }

            /// Merges every batch normalisation into the weights before it and drops auxiliary heads: the same answer with fewer
            /// operations.
            pub fn fold(self) -> Self {
                match self { $(Self::$network(network) => Self::$network(network.fold()),)+ }
            }

            /// This network with the weights in `bytes`, cast to 32 bit.
            ///
            /// # Errors
            ///
            /// [`WeightError::Unreadable`] if a tensor is missing or of another shape.
            pub fn with_weights(self, bytes: Vec<u8>) -> Result<Self, WeightError> {
                Ok(match self { $(Self::$network(network) => Self::$network(weights::from_bytes(network, bytes)?),)+ })
            }

            /// This network with weights saved by its PyTorch twin.
            ///
            /// # Errors
            ///
            /// As [`Self::with_weights`].
            pub fn with_pytorch_weights(self, bytes: Vec<u8>) -> Result<Self, WeightError> {
                Ok(match self { $(Self::$network(network) => Self::$network(weights::from_pytorch_bytes(network, bytes)?),)+ })
            }

            /// The weights as a safetensors file of `dtype`.
            ///
            /// # Errors
            ///
            /// [`WeightError::Unwritable`] if the device does not give them.
            pub fn weights(&self, dtype: DType) -> Result<Vec<u8>, WeightError> {
                match self { $(Self::$network(network) => weights::to_bytes(network, dtype),)+ }
            }

            /// The weights as they are shipped: a safetensors file of 16 bit with the large tensors in eight, about half its length.
            ///
            /// # Errors
            ///
            /// [`WeightError::Unwritable`] if the device does not give them.
            pub fn packed_weights(&self) -> Result<Vec<u8>, WeightError> {
                match self { $(Self::$network(network) => weights::to_packed_bytes(network),)+ }
            }

            /// Puts every number as it is into a store, by names that do not say which network it is.
            ///
            /// # Errors
            ///
            /// The store's.
            pub fn save_into<S: ModuleStore>(&self, store: &mut S) -> Result<(), S::Error> {
                match self { $(Self::$network(network) => network.save_into(store),)+ }
            }

            /// Takes every number as it is from a store that [`Self::save_into`] filled.
            ///
            /// # Errors
            ///
            /// The store's.
            pub fn load_from<S: ModuleStore>(&mut self, store: &mut S) -> Result<(), S::Error> {
                match self { $(Self::$network(network) => network.load_from(store).map(drop),)+ }
            }
        }
    };
}

networks! {
    /// That of the paper.
    ResUnetPlusPlus(resunet_plus_plus, ResUnetPlusPlusConfig) = "resunet_plus_plus",
    /// Of Ronneberger et al. 2015.
    Unet(unet, UnetConfig) = "unet",
    /// Of Zhou et al. 2018.
    UnetPlusPlus(unet_plus_plus, UnetPlusPlusConfig) = "unet_plus_plus",
    /// Of Oktay et al. 2018.
    AttentionUnet(attention_unet, AttentionUnetConfig) = "attention_unet",
    /// Of Huang et al. 2020.
    Unet3Plus(unet_3_plus, Unet3PlusConfig) = "unet_3_plus",
    /// Of Zhao et al. 2017.
    PspNet(pspnet, PspNetConfig) = "pspnet",
    /// Of Chen et al. 2016, 2017 and 2018: three versions.
    DeepLab(deeplab, DeepLabConfig) = "deeplab",
    /// Of Jha et al. 2019, as its authors built it.
    JhaResUnetPp(jha_resunet_pp, JhaResUnetPpConfig) = "jha_resunet_pp",
    /// Of Jin et al. 2018, in two dimensions.
    RaUnet(ra_unet, RaUnetConfig) = "ra_unet",
    /// Of Ruan and Xiang 2024.
    VmUnet(vm_unet, VmUnetConfig) = "vm_unet",
    /// Of Isensee et al. 2021.
    NnUnet(nn_unet, NnUnetConfig) = "nn_unet",
}

impl Network {
    /// The way down.
    ///
    /// # Shapes
    ///
    /// - `image`: `[batch, 3, height, width]`, width and height multiples of [`NetworkConfig::multiple`]
    /// - `guidance`: `[batch, 3, height, width]`: positive clicks, negative clicks, previous mask
    ///
    /// # Panics
    ///
    /// If a side of the image is no such multiple; if there is guidance and the network takes none
    /// ([`NetworkConfig::takes_guidance`]).
    pub fn encode(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> Bottleneck {
        match guidance {
            Some(guidance) => self.encode_guided(image, guidance),
            None => self.encode_alone(image),
        }
    }
}

impl Default for NetworkConfig {
    /// The paper's network in the form that is trained.
    fn default() -> Self {
        Self::ResUnetPlusPlus(Default::default())
    }
}

impl Serialize for NetworkConfig {
    /// The paper's network is written without a `kind`, so that earlier versions read it too.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::ResUnetPlusPlus(config) => config.serialize(serializer),
            named => Self::serialize(named, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for NetworkConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = serde_json::Map::<String, serde_json::Value>::deserialize(deserializer)?;
        fields.entry("kind").or_insert_with(|| UNNAMED.into());
        Self::deserialize(serde_json::Value::Object(fields)).map_err(D::Error::custom)
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::networks::resunet_plus_plus::ResUnetPlusPlusConfig;
    use crate::networks::tests::learned;

    fn folded() -> NetworkConfig {
        NetworkConfig::default().with_normalization(Normalization::Folded)
    }

    #[test]
    fn the_papers_network_is_written_as_it_was_before_there_were_others() {
        let alone = serde_json::to_value(ResUnetPlusPlusConfig::default()).unwrap();
        assert_eq!(serde_json::to_value(NetworkConfig::default()).unwrap(), alone);
        let read: NetworkConfig = serde_json::from_value(alone.clone()).unwrap();
        assert_eq!(read, NetworkConfig::default());
        assert!(serde_json::from_str::<NetworkConfig>(r#"{"layers": 7}"#).is_err());
    }

    #[test]
    fn a_kind_that_is_unknown_is_refused_with_those_that_are_known() {
        let error = serde_json::from_str::<NetworkConfig>(r#"{"kind": "perceptron"}"#).unwrap_err().to_string();
        assert!(error.contains("perceptron") && error.contains(UNNAMED), "{error}");
    }

    #[test]
    fn every_kind_by_itself_is_a_network_with_its_papers_defaults_and_comes_back() {
        let device = Device::flex();
        for (kind, default) in NetworkConfig::KINDS.iter().zip(NetworkConfig::each()) {
            let config: NetworkConfig = serde_json::from_value(serde_json::json!({ "kind": kind })).unwrap();
            assert_eq!(config, default, "{kind}");
            let written = serde_json::to_value(&config).unwrap();
            assert_eq!(serde_json::from_value::<NetworkConfig>(written).unwrap(), config, "{kind}");
            for form in [Normalization::Batch, Normalization::Folded] {
                let config = config.clone().with_normalization(form);
                let side = 4 * config.multiple();
                assert_eq!(learned(&config.init(&device)), config.cost(side, side).parameters, "{kind}, {form:?}");
            }
        }
    }

    #[test]
    fn the_set_changes_no_bit_of_an_answer() {
        let device = Device::flex();
        let network = folded().init(&device);
        let Network::ResUnetPlusPlus(member) = network.clone() else { panic!("the default is the paper's") };
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let output = network.forward(image.clone(), Some(image.clone()));
        let expected = member.forward(image.clone(), Some(image));
        output.logits.into_data().assert_eq(&expected.logits.into_data(), true);
        output.presence.into_data().assert_eq(&expected.presence.into_data(), true);
    }

    #[test]
    fn folded_weights_survive_the_way_to_disk_and_back() {
        let device = Device::flex();
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let network = folded().init(&device);
        let bytes = network.weights(DType::F32).unwrap();
        let restored = folded().init(&device).with_weights(bytes).unwrap();
        let [a, b] = [network, restored].map(|n| n.forward(image.clone(), None).logits.into_data());
        a.assert_eq(&b, true);
    }

    #[test]
    fn half_precision_halves_the_file() {
        let network = folded().init(&Device::flex());
        let [full, half] = [DType::F32, DType::F16].map(|dtype| network.weights(dtype).unwrap().len());
        assert!(half < full * 11 / 20, "{half} of {full}");
    }

    #[test]
    fn packed_weights_take_half_of_that_and_answer_nearly_the_same() {
        let device = Device::flex();
        let network = folded().init(&device);
        let (half, packed) = (network.weights(DType::F16).unwrap(), network.packed_weights().unwrap());
        assert!(packed.len() < half.len() * 11 / 20, "{} of {}", packed.len(), half.len());
        let image = Tensor::<4>::ones([1, 3, 16, 32], &device);
        let restored = folded().init(&device).with_weights(packed).unwrap();
        let [a, b] = [network, restored].map(|n| n.forward(image.clone(), None).logits);
        let (difference, range) =
            ((a.clone() - b).abs().max().into_scalar::<f32>(), a.abs().max().into_scalar::<f32>());
        assert!(difference > 0.0 && difference < 0.02 * range, "{difference} of {range}");
    }

    #[test]
    fn truncated_and_foreign_bytes_are_refused() {
        let config = NetworkConfig::default();
        let device = Device::flex();
        let mut bytes = config.init(&device).weights(DType::F16).unwrap();
        bytes.truncate(1000);
        for bytes in [bytes, vec![], b"not weights at all".to_vec()] {
            assert!(matches!(config.init(&device).with_weights(bytes), Err(WeightError::Unreadable(_))));
        }
    }
}
