//! Every network of the set, with what it costs, as a table.

use model::NetworkConfig;

/// Prints the parameters and multiply-adds of every network.
pub fn networks() {
    println!("256 × 256 × 3, with the defaults of each paper; the presence head is counted apart");
    println!(
        "{:<20} {:<20} {:>11} {:>15} {:>15} {:>9}",
        "kind", "name", "parameters", "multiply-adds", "up to presence", "presence"
    );
    for (kind, config) in NetworkConfig::KINDS.iter().zip(NetworkConfig::each()) {
        let (body, whole, encoder) = (config.body_cost(256, 256), config.cost(256, 256), config.encoder_cost(256, 256));
        println!(
            "{kind:<20} {:<20} {:>11} {:>15} {:>15} {:>9}",
            config.name(),
            body.parameters,
            body.multiply_adds,
            encoder.multiply_adds,
            whole.parameters - body.parameters
        );
    }
}
