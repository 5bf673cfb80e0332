//! Outcomes into a page of Markdown.

use std::fmt::Write as _;

use crate::compare::comparison::{Comparison, NotRun};
use crate::compare::figures::Figures;
use crate::compare::outcome::Outcome;
use crate::fit::config::TrainConfig;

/// The page.
///
/// # Errors
///
/// If networks were measured on other patients than each other.
pub fn page(comparison: &Comparison, recipe: &TrainConfig, outcomes: &[Outcome]) -> Result<String, String> {
    let mut rows: Vec<Figures> =
        comparison.networks.iter().filter_map(|entry| Figures::of(&entry.name, outcomes)).collect();
    rows.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    let ours = rows.iter().find(|row| row.name == comparison.ours);
    let above = |row: &Figures| ours.filter(|ours| ours.name != row.name).map(|ours| row.above(ours)).transpose();
    let differences = rows.iter().map(above).collect::<Result<Vec<Option<[f64; 3]>>, String>>()?;
    let mut text = format!("# {}\n\n<!-- made by `train compare` -->\n\n", comparison.title);
    text += &introduction(comparison, recipe, &rows);
    text += "| Network | volume Dice, mean (95 %) | median | against ours (95 %) | slice IoU | outlines, px | presence AUC | \
             parameters | GMAC | ms a slice | epochs | slices seen | fits |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (row, difference) in rows.iter().zip(&differences) {
        text += &line(row, *difference);
    }
    text += &sentence(&rows, &differences, ours);
    text += &missing(comparison, outcomes);
    Ok(text)
}

fn introduction(comparison: &Comparison, recipe: &TrainConfig, rows: &[Figures]) -> String {
    let sides: Vec<String> = recipe.stages.iter().map(|stage| format!("{}²", stage.side)).collect();
    let patients = rows.first().map_or(0, |row| row.dices.len());
    let mut cores: Vec<usize> = rows.iter().map(|row| row.any.cores).collect();
    cores.sort_unstable();
    cores.dedup();
    let cores = cores.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
    let seeds = match comparison.seeds.len() {
        1 => "one seed".to_owned(),
        count => format!("{count} seeds, whose figures are means"),
    };
    format!(
        "Every network is fitted by one recipe to the same slices at {}, from random weights, with {seeds}. Thresholds are chosen on \
         the same tuning patients; {patients} patients that no fit saw are measured, at the same size, through the engine that the \
         page runs. The interval of a mean holds 95 % of 10,000 resamplings of the patients; a difference is that of the same \
         patients, with the interval of its mean. Parameters and multiply-adds (GMAC, of a slice of 256²) are without the presence \
         head; times are the median of a slice of 256² natively on {cores} cores.\n\n",
        sides.join(" and ")
    )
}

fn line(row: &Figures, difference: Option<[f64; 3]>) -> String {
    let difference = match difference {
        Some([mean, low, high]) => format!("{mean:+.3} ({low:+.3} to {high:+.3})"),
        None => "–".to_owned(),
    };
    let [low, high] = row.interval;
    format!(
        "| {} | {:.3} ({low:.3} to {high:.3}) | {:.3} | {difference} | {:.3} | {:.1} | {:.3} | {:.2} M | {:.2} | {:.0} | {} | {} | {} |\n",
        row.name,
        row.mean,
        row.median,
        row.slice_iou,
        row.hausdorff_95_px,
        row.presence_auc,
        row.any.parameters as f64 / 1e6,
        row.any.multiply_adds as f64 / 1e9,
        row.any.milliseconds,
        row.any.history.len(),
        row.any.slices_seen,
        row.fits,
    )
}

/// Whether ours is the best, and which differences the patients tell apart from none.
fn sentence(rows: &[Figures], differences: &[Option<[f64; 3]>], ours: Option<&Figures>) -> String {
    let (Some(ours), Some(best)) = (ours, rows.first()) else { return "\n".to_owned() };
    let mut clear = Vec::new();
    for (row, difference) in rows.iter().zip(differences) {
        if let Some([_, low, high]) = *difference
            && (low > 0.0 || high < 0.0)
        {
            clear.push(format!("{} ({})", row.name, if low > 0.0 { "above" } else { "below" }));
        }
    }
    let best = if best.name == ours.name {
        format!("The mean of {} is the highest.", ours.name)
    } else {
        format!("The mean of {} is the highest; ours is {}.", best.name, ours.name)
    };
    let clear = match clear.is_empty() {
        true => "No interval of a difference leaves out zero: these patients tell no network from ours.".to_owned(),
        false => format!("Intervals of differences leave out zero for {} only.", clear.join(", ")),
    };
    format!("\n{best} {clear}\n")
}

/// What was not run or failed, and why.
fn missing(comparison: &Comparison, outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for entry in &comparison.networks {
        for &seed in &comparison.seeds {
            match outcomes.iter().find(|outcome| outcome.name == entry.name && outcome.seed == seed) {
                Some(Outcome { reached: Err(why), .. }) => {
                    writeln!(text, "- {}, seed {seed}: failed: {why}", entry.name).expect("strings take all text");
                }
                None => {
                    writeln!(text, "- {}, seed {seed}: not run yet", entry.name).expect("strings take all text");
                }
                Some(_) => {}
            }
        }
    }
    for NotRun { name, why } in &comparison.not_run {
        writeln!(text, "- {name}: {why}").expect("strings take all text");
    }
    if text.is_empty() { text } else { format!("\nNot in the table:\n\n{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::outcome::Reached;
    use crate::fit::run::EpochLog;
    use crate::measure::report::PatientReport;

    fn outcome(name: &str, seed: u64, dices: &[f64]) -> Outcome {
        let patient = |(index, &volume_dice): (usize, &f64)| PatientReport {
            patient: format!("P{index}"),
            slices: 1,
            volume_dice,
            volume_dice_all_parts: volume_dice,
            label_px: 1,
            mask_px: 1,
        };
        let epoch = EpochLog {
            epoch: 1,
            side: 128,
            training_loss: 0.2,
            training_jaccard: 0.2,
            tuning_dice: Some(0.8),
            slices_per_second: 5.0,
        };
        let reached = Reached {
            slices_seen: 25_000,
            side: 128,
            parameters: 6_000_000,
            multiply_adds: 2_500_000_000,
            milliseconds: 41.6,
            cores: 2,
            threshold: 0.1,
            slice_iou: 0.7,
            hausdorff_95_px: 3.0,
            presence_auc: 0.95,
            patients: dices.iter().enumerate().map(patient).collect(),
            history: vec![epoch; 14],
        };
        Outcome { name: name.into(), seed, recipe: comparison().1, reached: Ok(reached) }
    }

    fn comparison() -> (Comparison, TrainConfig) {
        Comparison::read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("comparisons/lgg.toml")).unwrap()
    }

    #[test]
    fn rows_are_ordered_by_their_means_over_seeds_and_differences_are_of_the_same_patients() {
        let (mut comparison, recipe) = comparison();
        comparison.seeds = vec![1, 2];
        let ours = comparison.ours.clone();
        let outcomes = [
            outcome(&ours, 1, &[0.8, 0.9]),
            outcome("U-Net", 1, &[0.84, 0.96]),
            outcome("U-Net", 2, &[0.96, 1.0]),
            Outcome { reached: Err("the loss became NaN".into()), ..outcome("PSPNet", 1, &[]) },
        ];
        let text = page(&comparison, &recipe, &outcomes).unwrap();
        // Means over seeds: 0.9 and 0.98, each above ours: by 0.1 and 0.08.
        let row = "| U-Net | 0.940 (0.900 to 0.980) | 0.940 | +0.090 (+0.080 to +0.100) | 0.700 | 3.0 | 0.950 | 6.00 M | 2.50 | 42 | \
                   14 | 25000 | 2 |";
        assert!(text.contains(row), "{text}");
        assert!(text.find("| U-Net |").unwrap() < text.find(&format!("| {ours} |")).unwrap());
        assert!(text.contains(&format!("The mean of U-Net is the highest; ours is {ours}.")), "{text}");
        assert!(text.contains("for U-Net (above) only"), "{text}");
        assert!(text.contains("- PSPNet, seed 1: failed: the loss became NaN"), "{text}");
        assert!(text.contains("- PSPNet, seed 2: not run yet"), "{text}");
    }

    #[test]
    fn networks_that_were_measured_on_other_patients_have_no_difference() {
        let (comparison, recipe) = comparison();
        let outcomes = [outcome(&comparison.ours, 1, &[0.8, 0.9]), outcome("U-Net", 1, &[0.8])];
        assert!(page(&comparison, &recipe, &outcomes).is_err_and(|error| error.contains("other patients")));
    }
}
