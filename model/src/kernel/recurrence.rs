//! The gradient of a linear recurrence down the rows of a matrix, `h[t] = decay[t] · h[t − 1] + input[t]`: what scans of state spaces
//! are made of.
//!
//! It is a recurrence of the same kind from the last row up, so nothing is kept for it but the decays and the answer.

#[cfg(feature = "autodiff")]
pub(super) use gradient::recorded;

#[cfg(feature = "autodiff")]
mod gradient {
    use burn::backend::autodiff::checkpoint::base::Checkpointer;
    use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
    use burn::backend::autodiff::grads::Gradients;
    use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Autodiff, TensorMetadata};

    use crate::kernel::doubling::part;
    use crate::kernel::ops::NetworkOps;

    /// The recurrence with its gradient.
    pub fn recorded<B: NetworkOps, C: CheckpointStrategy>(
        decay: FloatTensor<Autodiff<B, C>>,
        input: FloatTensor<Autodiff<B, C>>,
    ) -> FloatTensor<Autodiff<B, C>> {
        let nodes = [decay.node(), input.node()];
        let [decay, input] = [decay, input].map(|tensor| tensor.into_primitive());
        let states = B::recurrence(decay.clone(), input);
        match Recurrence.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((decay, states.clone()), states),
            OpsKind::UnTracked(prep) => prep.finish(states),
        }
    }

    #[derive(Debug)]
    struct Recurrence;

    impl<B: NetworkOps> Backward<B, 2> for Recurrence {
        /// Decays and states.
        type State = (FloatTensor<B>, FloatTensor<B>);

        /// With `g` the gradient of the states, that of the input is `λ[t] = g[t] + decay[t + 1] · λ[t + 1]`, that of the decay
        /// `λ[t] · h[t − 1]`.
        fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
            let gradient = grads.consume::<B>(&ops.node);
            let (decay, states) = ops.state;
            let [rows, _] = decay.shape().dims();
            // From the last row up, and one row on; the first one of a recurrence is not read.
            let later = after::<B>(part::<B>(&decay, 0, 1), B::float_flip(decay, &[0]), rows);
            let gradient = B::float_flip(B::recurrence(later, B::float_flip(gradient, &[0])), &[0]);
            let [decay_node, input_node] = ops.parents;
            if let Some(node) = decay_node {
                let nothing = B::float_mul_scalar(part::<B>(&states, 0, 1), 0f32.into());
                let before = after::<B>(nothing, states, rows);
                grads.register::<B>(node.id, B::float_mul(gradient.clone(), before));
            }
            if let Some(node) = input_node {
                grads.register::<B>(node.id, gradient);
            }
        }
    }

    /// A first row, and all rows of a matrix but the last behind it.
    fn after<B: NetworkOps>(first: FloatTensor<B>, matrix: FloatTensor<B>, rows: usize) -> FloatTensor<B> {
        match rows {
            1 => first,
            _ => B::float_cat(vec![first, part::<B>(&matrix, 0, rows - 1)], 0),
        }
    }
}

#[cfg(all(feature = "flex", feature = "autodiff"))]
impl<C: burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy> super::ops::NetworkOps
    for burn::backend::Autodiff<burn::backend::Flex, C>
{
    fn recurrence(
        decay: burn::backend::tensor::FloatTensor<Self>,
        input: burn::backend::tensor::FloatTensor<Self>,
    ) -> burn::backend::tensor::FloatTensor<Self> {
        recorded::<burn::backend::Flex, C>(decay, input)
    }
}

#[cfg(all(feature = "cube", feature = "autodiff"))]
impl<C: burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy> super::ops::NetworkOps
    for burn::backend::Autodiff<super::ops::Cube, C>
{
    fn recurrence(
        decay: burn::backend::tensor::FloatTensor<Self>,
        input: burn::backend::tensor::FloatTensor<Self>,
    ) -> burn::backend::tensor::FloatTensor<Self> {
        recorded::<super::ops::Cube, C>(decay, input)
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::backend::Dispatch;
    use burn::prelude::*;
    use burn::tensor::Tolerance;

    use crate::formula::{standard, tensor};
    use crate::kernel;
    use crate::kernel::doubling::doubled;

    fn decay_and_input(rows: usize, device: &Device) -> [Tensor<2>; 2] {
        [tensor("decay", [rows, 5], 0.9, 0.2, device), standard("input", [rows, 5], device)]
    }

    /// Row by row, out of burn's operations.
    fn loops(decay: &Tensor<2>, input: &Tensor<2>) -> Tensor<2> {
        let [rows, columns] = decay.dims();
        let row = |matrix: &Tensor<2>, at: usize| matrix.clone().slice([at..at + 1, 0..columns]);
        let mut states = vec![row(input, 0)];
        for at in 1..rows {
            states.push(row(decay, at) * states[at - 1].clone() + row(input, at));
        }
        Tensor::cat(states, 0)
    }

    #[test]
    fn doubling_and_the_devices_own_form_agree_with_a_loop() {
        let device = Device::flex();
        for rows in [1, 2, 3, 7, 8, 13, 64] {
            let [decay, input] = decay_and_input(rows, &device);
            let expected = loops(&decay, &input).into_data();
            let doubled = doubled::<Dispatch>(decay.clone().into_dispatch(), input.clone().into_dispatch());
            for actual in [kernel::recurrence(decay, input), Tensor::<2>::from_dispatch(doubled)] {
                actual.into_data().assert_approx_eq::<f32>(&expected, Tolerance::rel_abs(1e-5, 1e-5));
            }
        }
    }

    #[cfg(feature = "autodiff")]
    #[test]
    fn gradients_are_those_of_a_loop() {
        let device = Device::flex().autodiff();
        for rows in [1, 2, 5, 9] {
            let inputs = decay_and_input(rows, &device);
            let weights = standard("weights", [rows, 5], &device);
            let gradients = |form: &dyn Fn(&Tensor<2>, &Tensor<2>) -> Tensor<2>| {
                let [decay, input] = inputs.clone().map(Tensor::require_grad);
                let gradients = (form(&decay, &input) * weights.clone()).sum().backward();
                // Of one row nobody reads the decay: the loop gives it no gradient.
                let of_decay = decay.grad(&gradients).unwrap_or_else(|| decay.clone().inner().zeros_like());
                [of_decay, input.grad(&gradients).unwrap()].map(Tensor::into_data)
            };
            let expected = gradients(&|decay, input| loops(decay, input));
            let actual = gradients(&|decay, input| kernel::recurrence(decay.clone(), input.clone()));
            for (actual, expected) in actual.into_iter().zip(expected) {
                actual.assert_approx_eq::<f32>(&expected, Tolerance::rel_abs(1e-4, 1e-5));
            }
        }
    }
}
