//! The convolution on burn's CPU backend: which form is fastest, and packed weights that are kept.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use burn::backend::flex::{Flex, FlexTensor, Layout};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Bytes, Shape, TensorMetadata};
use burn::tensor::DType;

use super::activation::Activation;
use super::ops::NetworkOps;
use super::shape::ConvolutionShape;
use super::{composed, doubling, panel, pointwise, pooling, taps, winograd};

thread_local! {
    static SCRATCH: RefCell<winograd::Scratch> = RefCell::default();
}

impl NetworkOps for Flex {
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let [batch, inputs, height, width] = x.shape().dims();
        let [outputs, _, kernel, _] = weight.shape().dims();
        if x.dtype() != DType::F32 || !matches!(kernel, 1 | 3) {
            return composed::convolution::<Self>(x, weight, bias, dilation, activation);
        }
        let shape = ConvolutionShape { batch, inputs, outputs, width, height, dilation };
        let (x, weight, bias) = (x.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        let (x, bias) = (floats(&x), floats(&bias));
        let packed = |form: Form, pack: fn(&[f32], usize, usize) -> Vec<f32>| {
            packed(&weight, form, |weight| pack(weight, outputs, inputs))
        };
        let y = if kernel == 1 {
            pointwise::convolution(&shape, x, &packed(Form::Panels, panel::pack), bias, activation)
        } else if taps::multiplications(&shape) <= winograd::multiplications(&shape) {
            taps::convolution(&shape, x, &packed(Form::Panels, panel::pack), bias, activation)
        } else {
            let packed = packed(Form::Winograd, winograd::pack);
            SCRATCH.with_borrow_mut(|room| winograd::convolution(&shape, x, &packed, bias, activation, room))
        };
        tensor(y, [batch, outputs, height, width])
    }

    fn convolution_onto(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        added: FloatTensor<Self>,
        dilation: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let mut y = Self::convolution(x, weight, bias, dilation, Activation::Identity).to_contiguous();
        if y.dtype() != DType::F32 {
            return composed::sum::<Self>(y, added, activation);
        }
        let added = added.to_contiguous();
        let sums = y.storage_mut().iter_mut().zip(floats(&added));
        sums.for_each(|(y, &added)| *y = activation.apply(*y + added));
        y
    }

    fn recurrence(decay: FloatTensor<Self>, input: FloatTensor<Self>) -> FloatTensor<Self> {
        if input.dtype() != DType::F32 {
            return doubling::doubled::<Self>(decay, input);
        }
        let [rows, columns] = input.shape().dims();
        let (decay, input) = (decay.to_contiguous(), input.to_contiguous());
        let (decay, mut states) = (floats(&decay), floats(&input).to_vec());
        for row in 1..rows {
            let (before, current) = states.split_at_mut(row * columns);
            let decay = &decay[row * columns..][..columns];
            let before = &before[(row - 1) * columns..];
            for ((state, decay), before) in current[..columns].iter_mut().zip(decay).zip(before) {
                *state += decay * before;
            }
        }
        tensor(states, [rows, columns])
    }

    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let [batch, channels, height, width] = x.shape().dims();
        if x.dtype() != DType::F32 {
            return composed::max_pool::<Self>(x);
        }
        let x = x.to_contiguous();
        tensor(pooling::max_pool(floats(&x), width, height), [batch, channels, height / 2, width / 2])
    }
}

/// What weights are packed for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    /// One panel a tap.
    Panels,
    /// One panel a product of a tile.
    Winograd,
}

/// Weights in the order in which a kernel reads them, made once and kept for as long as the weights live.
fn packed(weight: &FlexTensor, form: Form, pack: impl FnOnce(&[f32]) -> Vec<f32>) -> Arc<Vec<f32>> {
    /// Packed weights by the address of the weights.
    type Known = HashMap<(usize, Form), (Weak<Bytes>, Arc<Vec<f32>>)>;
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);

    let bytes = weight.data_arc();
    let key = (Arc::as_ptr(&bytes) as usize, form);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some((owner, packed)) = known.get(&key)
        // An address is used again only after its owner is gone.
        && owner.strong_count() > 0
        && weight.layout().start_offset() == 0
    {
        return packed.clone();
    }
    let result = Arc::new(pack(floats(weight)));
    known.retain(|_, (owner, _)| owner.strong_count() > 0);
    known.insert(key, (Arc::downgrade(&bytes), result.clone()));
    result
}

/// All numbers of a contiguous tensor, in order.
fn floats(tensor: &FlexTensor) -> &[f32] {
    let start = tensor.layout().start_offset();
    &tensor.storage()[start..start + tensor.layout().shape().num_elements()]
}

/// A contiguous tensor of these numbers.
fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape)), DType::F32)
}
