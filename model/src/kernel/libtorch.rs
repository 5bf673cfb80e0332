//! Training step on libtorch: convolution, what normalises or shifts it, and activation recorded as one of its own graphs.
//!
//! burn's backward pass of a convolution computes the weights' gradient as a convolution with a kernel as large as the
//! map, for which libtorch has no fast form. Letting libtorch differentiate the three operations itself uses oneDNN's.
//! Activations may be `bf16`, for which newer processors have matrix units; parameters and statistics stay `f32`.

// burn-tch is deprecated in burn 0.22, and still the fastest CPU training that burn can be given.
#![allow(deprecated)]

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::ops::ConvOptions;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, LibTorch};
use burn_tch::TchTensor;
use tch::{Kind, Tensor};

use super::activation::Activation;
use super::ops::NetworkOps;
use super::recurrence;

impl NetworkOps for LibTorch {
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        TchTensor::new(activated(&convolution(&x.tensor, &weight.tensor, Some(&bias.tensor), dilation), activation))
    }

    /// Row by row: rows are long, and doubling would go over all of them once a binary digit of their number.
    fn recurrence(decay: FloatTensor<Self>, input: FloatTensor<Self>) -> FloatTensor<Self> {
        let (decay, input) = (decay.tensor, input.tensor);
        let mut states = vec![input.get(0)];
        for row in 1..input.size()[0] {
            let state = input.get(row).addcmul(&decay.get(row), &states[states.len() - 1]);
            states.push(state);
        }
        TchTensor::new(Tensor::stack(&states, 0))
    }
}

impl<C: CheckpointStrategy> NetworkOps for Autodiff<LibTorch, C> {
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let leaves = [x, weight, bias].map(|tensor| leaf(tensor.into_primitive()));
        let [x, weight, bias] = leaves.each_ref().map(|leaf| &leaf.tensor);
        let y = activated(&convolution(x, weight, Some(bias), dilation), activation);
        recorded::<C, 3>(nodes, leaves, y)
    }

    fn convolution_by(x: FloatTensor<Self>, weight: FloatTensor<Self>, options: ConvOptions<2>) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        let leaves = [x, weight].map(|tensor| leaf(tensor.into_primitive()));
        let [x, weight] = leaves.each_ref().map(|leaf| &leaf.tensor);
        let y = convolution_by(x, weight, &options);
        recorded::<C, 2>(nodes, leaves, y)
    }

    fn recurrence(decay: FloatTensor<Self>, input: FloatTensor<Self>) -> FloatTensor<Self> {
        recurrence::recorded::<LibTorch, C>(decay, input)
    }

    fn convolution_batch_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        options: ConvOptions<2>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let nodes = [x.node(), weight.node(), gamma.node(), beta.node()];
        let leaves = [x, weight, gamma, beta].map(|tensor| leaf(tensor.into_primitive()));
        let (y, mean, inverse_deviation) = {
            let [x, weight, gamma, beta] = leaves.each_ref().map(|leaf| &leaf.tensor);
            let y = convolution_by(x, &weight.to_kind(x.kind()), &options);
            y.native_batch_norm(Some(gamma), Some(beta), None, None, true, 0.0, epsilon)
        };
        let y = activated(&y, activation);
        let variance = inverse_deviation.detach().pow_tensor_scalar(-2) - epsilon;
        let output = recorded::<C, 4>(nodes, leaves, y);
        let constant = |tensor: Tensor| Self::from_inner(TchTensor::new(tensor));
        // The graph keeps the mean: what burn may write to is a copy.
        (output, constant(mean.detach().copy()), constant(variance))
    }
}

/// burn's tensor for the output `y` of a graph that libtorch recorded from the leaves.
fn recorded<C: CheckpointStrategy, const N: usize>(
    nodes: [NodeGuard; N],
    leaves: [TchTensor; N],
    y: Tensor,
) -> FloatTensor<Autodiff<LibTorch, C>> {
    let y = TchTensor::new(y);
    let output = sharing(y.tensor.detach(), &y);
    match Recorded.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => prep.finish((leaves, y), output),
        OpsKind::UnTracked(prep) => prep.finish(output),
    }
}

/// Backward pass of a graph that libtorch recorded from some leaves.
#[derive(Debug)]
struct Recorded;

impl<const N: usize> Backward<LibTorch, N> for Recorded {
    /// The leaves, and the output with its graph.
    type State = ([TchTensor; N], TchTensor);

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        // In another order of memory than its input's, the batch normalisation's gradient is computed on one core.
        let gradient = channels_last(&grads.consume::<LibTorch>(&ops.node).tensor);
        let (leaves, output) = ops.state;
        // The gradient of this sum with respect to the output is `gradient`, in the same order of memory.
        let flat = |tensor: &Tensor| tensor.permute([0, 2, 3, 1]).reshape([-1]);
        let sum = (flat(&output.tensor) * flat(&gradient)).sum(Kind::Float);
        let gradients = Tensor::run_backward(&[sum], &leaves.each_ref().map(|leaf| &leaf.tensor), false, false);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(node) = parent {
                grads.register::<LibTorch>(node.id, TchTensor::new(gradient));
            }
        }
    }
}

/// The activated tensor of libtorch.
fn activated(x: &Tensor, activation: Activation) -> Tensor {
    match activation {
        Activation::Relu => x.relu(),
        Activation::Identity => x.shallow_clone(),
    }
}

/// Convolution that keeps width and height, in the order of memory that oneDNN is fastest in.
fn convolution(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, dilation: usize) -> Tensor {
    let padding = dilation as i64 * (weight.size()[2] / 2);
    channels_last(x).conv2d(&channels_last(weight), bias, [1, 1], [padding; 2], [dilation as i64; 2], 1)
}

/// Convolution of any stride, in the order of memory that oneDNN is fastest in.
fn convolution_by(x: &Tensor, weight: &Tensor, options: &ConvOptions<2>) -> Tensor {
    let [stride, padding, dilation] =
        [options.stride, options.padding_begin(), options.dilation].map(|sides| sides.map(|side| side as i64));
    let groups = options.groups as i64;
    channels_last(x).conv2d::<Tensor>(&channels_last(weight), None, stride, padding, dilation, groups)
}

/// The same numbers at the root of a new graph.
fn leaf(tensor: TchTensor) -> TchTensor {
    sharing(tensor.tensor.detach().set_requires_grad(true), &tensor)
}

/// Another view of the same memory, counted so that burn writes into neither while both live.
fn sharing(view: Tensor, owner: &TchTensor) -> TchTensor {
    TchTensor::from_existing(view, owner.storage.clone())
}

/// The same tensor with its channels innermost in memory.
fn channels_last(tensor: &Tensor) -> Tensor {
    tensor.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2])
}
