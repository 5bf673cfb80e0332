//! What a network's file gives for it to be one of the closed set: a configuration, and a network that answers in two steps.
//!
//! The way down ends in a [`Bottleneck`], from which the presence head answers; the way up turns it into a mask. An empty slice
//! is told between the two, and never pays for the second.

use burn::module::Module;
use burn::prelude::*;

use crate::blocks::convolution::Normalization;
use crate::cost::Cost;
use crate::networks::bottleneck::Bottleneck;
use crate::networks::output::{Decoded, Output};

/// Planes of an image: pre-contrast, FLAIR, post-contrast.
pub const IMAGE_PLANES: usize = 3;

/// Of which size a network of one kind is.
///
/// Costs are those of an image of `width × height` pixels and of the form that [`Self::normalized_by`] set last: together they
/// have as many parameters as the network itself.
pub trait MemberConfig {
    /// The network.
    type Member: Member;

    /// What the network is called.
    fn name(&self) -> &'static str;

    /// Width and height of an image must be multiples of this.
    fn multiple(&self) -> usize;

    /// The same network with another form of normalisation.
    fn normalized_by(self, normalization: Normalization) -> Self;

    /// A network with fresh weights.
    fn init(&self, device: &Device) -> Self::Member;

    /// Cost of the way down.
    fn down_cost(&self, width: usize, height: usize) -> Cost;

    /// Cost of the presence head.
    fn presence_cost(&self) -> Cost;

    /// Cost of the way up. Auxiliary heads count with their parameters alone: they do not run at inference.
    fn up_cost(&self, width: usize, height: usize) -> Cost;

    /// Cost of the whole network.
    fn cost(&self, width: usize, height: usize) -> Cost {
        self.down_cost(width, height) + self.presence_cost() + self.up_cost(width, height)
    }
}

/// A network with its weights.
pub trait Member: Module {
    /// Whether it has an entrance for clicks and a previous mask. One that has writes its own [`Self::encode_guided`].
    const TAKES_GUIDANCE: bool = false;

    /// The way down.
    ///
    /// # Shapes
    ///
    /// `image`: `[batch, 3, height, width]`, width and height multiples of [`MemberConfig::multiple`]
    ///
    /// # Panics
    ///
    /// If a side of the image is no such multiple.
    fn encode(&self, image: Tensor<4>) -> Bottleneck;

    /// The way down with guidance: positive clicks, negative clicks, previous mask.
    ///
    /// # Shapes
    ///
    /// As [`Self::encode`]; `guidance`: `[batch, 3, height, width]`
    ///
    /// # Panics
    ///
    /// As [`Self::encode`], and if the network takes no guidance.
    #[allow(unused_variables, reason = "the names are for readers")]
    fn encode_guided(&self, image: Tensor<4>, guidance: Tensor<4>) -> Bottleneck {
        panic!("this network takes no guidance")
    }

    /// Logit of "this slice holds tumour", `[batch, 1]`.
    fn presence(&self, bottleneck: &Bottleneck) -> Tensor<2>;

    /// The way up; with auxiliary answers only on a device that differentiates.
    fn decode(&self, bottleneck: Bottleneck) -> Decoded;

    /// Merges every batch normalisation into the weights before it and drops auxiliary heads: the same answer with fewer
    /// operations.
    fn fold(self) -> Self;

    /// The whole way.
    ///
    /// # Shapes
    ///
    /// As [`Self::encode_guided`]
    ///
    /// # Panics
    ///
    /// As [`Self::encode_guided`].
    fn forward(&self, image: Tensor<4>, guidance: Option<Tensor<4>>) -> Output {
        let bottleneck = match guidance {
            Some(guidance) => self.encode_guided(image, guidance),
            None => self.encode(image),
        };
        let presence = self.presence(&bottleneck);
        let Decoded { logits, deep } = self.decode(bottleneck);
        Output { logits, presence, deep }
    }
}

/// Stops where a side of an image is no multiple of what the network halves it by.
///
/// # Panics
///
/// Then.
pub(crate) fn assert_multiple(image: &Tensor<4>, multiple: usize) {
    let [.., height, width] = image.dims();
    assert!(
        width.is_multiple_of(multiple) && height.is_multiple_of(multiple),
        "an image of {width}×{height} has a side that {multiple} does not divide"
    );
}
