//! Exponential moving average of a network's weights, which is steadier than any of the networks it averages.

use burn::module::{ModuleMapper, ModuleVisitor, Param};
use burn::prelude::*;
use model::Network;

/// Networks averaged until the average forgets as slowly as it is meant to.
const WARM_UP: f64 = 10.0;

/// `decay · average + (1 − decay) · network` for every parameter and running statistic.
///
/// The decay grows with the number `step` of networks averaged before, so that the first ones are soon forgotten.
pub fn follow(average: Network, network: &Network, decay: f64, step: usize) -> Network {
    mixed(average, network, decay.min((1.0 + step as f64) / (WARM_UP + step as f64)))
}

/// The mean of some networks, number by number; nothing of none.
pub fn mean(networks: impl IntoIterator<Item = Network>) -> Option<Network> {
    let mut networks = networks.into_iter();
    let first = networks.next()?;
    Some(
        networks
            .zip(1..)
            .fold(first, |mean, (network, count)| mixed(mean, &network, f64::from(count) / f64::from(count + 1))),
    )
}

fn mixed(average: Network, network: &Network, decay: f64) -> Network {
    let mut values = Values(Vec::new());
    network.visit(&mut values);
    average.map(&mut Follow { values: values.0.into_iter(), decay })
}

/// All numbers of a network in the order in which it is visited, one flat tensor a parameter.
struct Values(Vec<Tensor<1>>);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.val().flatten(0, D - 1));
    }
}

struct Follow {
    values: std::vec::IntoIter<Tensor<1>>,
    decay: f64,
}

impl ModuleMapper for Follow {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let value = self.values.next().expect("both networks are of one shape");
        param.map(|average| {
            let value = value.reshape(average.dims());
            average * self.decay + value * (1.0 - self.decay)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Module;
    use model::NetworkConfig;

    fn values(network: &Network) -> Vec<f32> {
        let mut values = Values(Vec::new());
        network.visit(&mut values);
        Tensor::cat(values.0, 0).into_data().try_to_vec().unwrap()
    }

    #[test]
    fn every_number_moves_by_its_share() {
        let device = Device::flex();
        let [start, end] = [(); 2].map(|()| NetworkConfig::default().init(&device));
        let (a, b) = (values(&start), values(&end));
        let average = values(&follow(start, &end, 0.75, 1000));
        assert_eq!(average.len(), a.len());
        for ((a, b), average) in a.iter().zip(b).zip(average) {
            assert!((0.75 * a + 0.25 * b - average).abs() < 1e-6);
        }
    }

    #[test]
    fn every_network_counts_the_same_in_a_mean() {
        let device = Device::flex();
        let networks = [(); 3].map(|()| NetworkConfig::default().init(&device));
        let each = networks.each_ref().map(values);
        let mean = values(&mean(networks).unwrap());
        for (at, mean) in mean.into_iter().enumerate() {
            assert!((each.iter().map(|values| values[at]).sum::<f32>() / 3.0 - mean).abs() < 1e-6);
        }
    }

    #[test]
    fn the_first_average_is_mostly_the_first_network() {
        let device = Device::flex();
        let [start, end] = [(); 2].map(|()| NetworkConfig::default().init(&device));
        let (a, b) = (values(&start)[0], values(&end)[0]);
        let average = values(&follow(start, &end, 0.999, 0))[0];
        assert!((0.1 * a + 0.9 * b - average).abs() < 1e-6);
    }
}
