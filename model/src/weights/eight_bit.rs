//! Large tensors in eight bits: whole numbers from −127 to 127, and for each channel the step that one of them stands for.
//!
//! In the safetensors file a tensor `w` becomes `w` of type I8 and `w.step` of type F32 `[channels]`, channels being the first
//! axis: `w[c, …] = step[c] × whole[c, …]`. All other tensors stay as they are. So a file says by itself which form it has.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors, serialize};

use crate::weights::WeightError;

/// What the name of a tensor of steps adds to that of its tensor.
const STEP: &str = ".step";
/// The largest whole number.
const LARGEST: f32 = 127.0;
/// Steps tried for a channel, from that which reaches its largest number down to half of it: to cut the largest off a little
/// may cost less than a coarse step for all others.
const STEPS_TRIED: usize = 40;

/// The file `half` with every tensor that has at least `least` numbers in eight bits, rounded from the same tensor of `full`.
///
/// # Errors
///
/// [`WeightError::Unwritable`] if one of them is no safetensors file, or they hold other tensors.
pub(super) fn packed(full: &[u8], half: &[u8], least: usize) -> Result<Vec<u8>, WeightError> {
    let failed = |error: SafeTensorError| WeightError::Unwritable(error.to_string());
    let full = SafeTensors::deserialize(full).map_err(failed)?;
    let (_, header) = SafeTensors::read_metadata(half).map_err(failed)?;
    let half = SafeTensors::deserialize(half).map_err(failed)?;
    let mut tensors: Vec<Stored> = Vec::new();
    for (name, view) in half.iter() {
        let numbers: usize = view.shape().iter().product();
        if numbers < least || view.shape().len() < 2 {
            tensors.push(Stored::new(name.to_owned(), view.dtype(), view.shape(), view.data().to_vec()));
            continue;
        }
        let exact = full.tensor(name).map_err(failed)?;
        if exact.dtype() != Dtype::F32 || exact.shape() != view.shape() {
            return Err(WeightError::Unwritable(format!("{name} is not the same tensor in 32 bit")));
        }
        let channels = view.shape()[0];
        let (whole, steps) = rounded(&numbers_of(exact.data()), numbers / channels);
        tensors.push(Stored::new(name.to_owned(), Dtype::I8, view.shape(), whole.iter().map(|&n| n as u8).collect()));
        let steps = steps.iter().flat_map(|step| step.to_le_bytes()).collect();
        tensors.push(Stored::new(format!("{name}{STEP}"), Dtype::F32, &[channels], steps));
    }
    file(&tensors, header.metadata().clone()).map_err(failed)
}

/// A file that [`packed`] wrote with its eight-bit tensors in 32 bit again; any other file as it is.
///
/// # Errors
///
/// [`WeightError::Unreadable`] if the bytes are no safetensors file, or an eight-bit tensor has no step for each channel.
pub(super) fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, WeightError> {
    let failed = |error: SafeTensorError| WeightError::Unreadable(error.to_string());
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(failed)?;
    let read = SafeTensors::deserialize(&bytes).map_err(failed)?;
    if read.iter().all(|(_, view)| view.dtype() != Dtype::I8) {
        return Ok(bytes);
    }
    let is_step = |name: &str| {
        let of = name.strip_suffix(STEP).and_then(|name| read.tensor(name).ok());
        of.is_some_and(|view| view.dtype() == Dtype::I8)
    };
    let mut tensors = Vec::new();
    for (name, view) in read.iter().filter(|(name, _)| !is_step(name)) {
        if view.dtype() != Dtype::I8 {
            tensors.push(Stored::new(name.to_owned(), view.dtype(), view.shape(), view.data().to_vec()));
            continue;
        }
        let steps = read.tensor(&format!("{name}{STEP}")).map_err(failed)?;
        let channels = view.shape().first().copied().unwrap_or(0);
        if steps.dtype() != Dtype::F32 || steps.shape() != [channels] || view.data().is_empty() {
            return Err(WeightError::Unreadable(format!("{name} has no step for each of its channels")));
        }
        let of_channel = view.data().len() / channels;
        let numbers = view.data().chunks(of_channel).zip(numbers_of(steps.data()));
        let numbers = numbers.flat_map(|(whole, step)| whole.iter().map(move |&n| f32::from(n.cast_signed()) * step));
        let data = numbers.flat_map(f32::to_le_bytes).collect();
        tensors.push(Stored::new(name.to_owned(), Dtype::F32, view.shape(), data));
    }
    file(&tensors, header.metadata().clone()).map_err(failed)
}

/// A tensor of a file that is being made.
struct Stored {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Stored {
    fn new(name: String, dtype: Dtype, shape: &[usize], data: Vec<u8>) -> Self {
        Self { name, dtype, shape: shape.to_vec(), data }
    }

    fn view(&self) -> Result<TensorView<'_>, SafeTensorError> {
        TensorView::new(self.dtype, self.shape.clone(), &self.data)
    }
}

fn file(tensors: &[Stored], metadata: Option<HashMap<String, String>>) -> Result<Vec<u8>, SafeTensorError> {
    let views: Result<Vec<_>, SafeTensorError> =
        tensors.iter().map(|tensor| Ok((tensor.name.clone(), tensor.view()?))).collect();
    serialize(views?, metadata)
}

/// The little-endian 32-bit numbers in `bytes`.
fn numbers_of(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}

/// Whole numbers and the step of each channel of `of_channel` numbers.
fn rounded(numbers: &[f32], of_channel: usize) -> (Vec<i8>, Vec<f32>) {
    let mut whole = Vec::with_capacity(numbers.len());
    let steps = numbers.chunks(of_channel).map(|channel| {
        let step = best_step(channel);
        whole.extend(channel.iter().map(|&number| nearest(number, step)));
        step
    });
    let steps = steps.collect();
    (whole, steps)
}

/// The step by which a channel's squares of rounding errors have the smallest sum.
fn best_step(channel: &[f32]) -> f32 {
    let largest = channel.iter().fold(0.0f32, |largest, number| largest.max(number.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let tried = (0..STEPS_TRIED).map(|i| largest / LARGEST * (1.0 - 0.5 * i as f32 / STEPS_TRIED as f32));
    let error = |step: f32| -> f64 {
        channel.iter().map(|&number| f64::from(f32::from(nearest(number, step)) * step - number).powi(2)).sum()
    };
    let best = tried.map(|step| (error(step), step)).min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or(largest / LARGEST, |(_, step)| step)
}

fn nearest(number: f32, step: f32) -> i8 {
    if step == 0.0 { 0 } else { (number / step).round().clamp(-LARGEST, LARGEST) as i8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_of(values: &[f32], shape: &[usize]) -> Vec<u8> {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let small = [1.5f32, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
        let tensors = [
            Stored::new("large".into(), Dtype::F32, shape, data),
            Stored::new("small".into(), Dtype::F32, &[2, 1], small),
        ];
        file(&tensors, Some([("producer".to_owned(), "test".to_owned())].into())).unwrap()
    }

    fn read(bytes: &[u8], name: &str) -> Vec<f32> {
        numbers_of(SafeTensors::deserialize(bytes).unwrap().tensor(name).unwrap().data())
    }

    #[test]
    fn each_channel_keeps_its_numbers_to_half_a_step_of_its_own() {
        let values: Vec<f32> = (0..200).map(|i| (i as f32 * 0.7).sin() * if i < 100 { 1.0 } else { 1e-3 }).collect();
        let full = file_of(&values, &[2, 100]);
        let small = packed(&full, &full, 100).unwrap();
        let back = unpacked(small).unwrap();
        for (channel, largest) in [(0..100, 1.0), (100..200, 1e-3)] {
            for i in channel {
                let error = (read(&back, "large")[i] - values[i]).abs();
                assert!(error <= 0.51 * largest / LARGEST, "{i}: {error}");
            }
        }
        assert_eq!(read(&back, "small"), [1.5, -2.0]);
        let (_, header) = SafeTensors::read_metadata(&back).unwrap();
        assert_eq!(header.metadata().as_ref().unwrap()["producer"], "test");
    }

    #[test]
    fn one_far_number_does_not_coarsen_all_others() {
        let mut values: Vec<f32> = (0..10_000).map(|i| (i as f32 * 0.7).sin()).collect();
        values[7] = 1.5;
        let step = best_step(&values);
        assert!(step < 1.45 / LARGEST, "{step}");
    }

    #[test]
    fn empty_channels_and_files_without_eight_bits_stay_what_they_are() {
        let full = file_of(&[0.0; 8], &[2, 4]);
        assert_eq!(read(&unpacked(packed(&full, &full, 8).unwrap()).unwrap(), "large"), [0.0; 8]);
        assert_eq!(unpacked(full.clone()).unwrap(), full);
    }

    #[test]
    fn a_tensor_without_its_steps_is_refused() {
        let whole = [Stored::new("large".into(), Dtype::I8, &[2, 2], vec![1, 2, 3, 4])];
        let lone = file(&whole, None).unwrap();
        assert!(matches!(unpacked(lone), Err(WeightError::Unreadable(_))));
        let steps = Stored::new("large.step".into(), Dtype::F32, &[1], vec![0; 4]);
        let [whole] = whole;
        let short = file(&[whole, steps], None).unwrap();
        assert!(matches!(unpacked(short), Err(WeightError::Unreadable(why)) if why.contains("large")));
        assert!(matches!(unpacked(b"no weights".to_vec()), Err(WeightError::Unreadable(_))));
    }
}
