//! Probabilities and their log-odds, which is what a network answers.

/// Log-odds of a probability, in nats; infinite at 0 and 1.
pub fn log_odds(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

/// The probability of these log-odds.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_undoes_the_other() {
        for odds in [-9.0, -1.0, 0.0, 0.5, 7.0] {
            assert!((log_odds(probability(odds)) - odds).abs() < 1e-3);
        }
        assert_eq!((probability(0.0), probability(f32::NEG_INFINITY), log_odds(1.0)), (0.5, 0.0, f32::INFINITY));
    }
}
