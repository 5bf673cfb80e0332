//! Measures a packaged model: `report.json`, charts, the comparison figure and a page that shows them.

use std::cmp::Reverse;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use engine::Segmenter;
use imaging::{Mask, Overlap};

use crate::correct::answerer::Answerer;
use crate::correct::between::{fill, table};
use crate::correct::carry::{Carrying, carry};
use crate::correct::peer::{Greeting, Program};
use crate::correct::refine::{Prompting, refine};
use crate::correct::refinement::{PeerName, Refinement, Start};
use crate::correct::robot::Robot;
use crate::data::card::DataCard;
use crate::data::lgg::read_patients;
use crate::data::patient::{LabelledSlice, Patient};
use crate::data::split::{Split, read_split};
use crate::fit::run::read_history;
use crate::measure::predict::load;
use crate::measure::report::{LARGE_PX, Report, gated, report};
use crate::measure::review::{Reviewed, reviewed};
use crate::measure::score::{Reading, ScoredPatient, score};
use crate::publish::figure::Row;
use crate::publish::page::Page;
use crate::publish::{card, figure, page, plots};
use crate::stress::missing::{Missing, without};
use crate::stress::noise::noisy;
use crate::stress::picture::{Picture, pictured};

/// Patients shown in pictures, from the worst on.
const WORST: usize = 5;
/// Patients in the comparison figure, from the best to the worst.
const COMPARED: usize = 5;

/// What robots reached, beside the report.
pub const PROMPTS: &str = "prompts.json";

/// What is measured and where it goes.
pub struct Evaluation {
    /// Folder of the model.
    pub model: PathBuf,
    /// Folder with one folder a patient.
    pub data: PathBuf,
    /// What the data set says of itself, if not in its own folder.
    pub data_card: Option<PathBuf>,
    /// File whose validation patients or slices are measured; without it, everything is.
    pub split: Option<PathBuf>,
    /// How slices are brought before the engine; only measuring, not prompts, knows mirrors.
    pub reading: Reading,
    /// Noise that is added, as a share of each sequence's brightest pixel.
    pub noise: Option<f32>,
    /// What picture of its slices is measured in their place.
    pub picture: Option<Picture>,
    /// Sequences that FLAIR stands in for, as the page lets it where a study lacks them.
    pub without: Vec<Missing>,
    /// The robots that correct the masks by prompts; none where it is not asked for.
    pub robots: Vec<Robot>,
    /// What their first prompt meets.
    pub starts: Vec<Start>,
    /// They correct every so many slices.
    pub every: usize,
    /// Prompts after which they give a slice up.
    pub most: usize,
    /// Who answers them where nothing else is measured.
    pub only: Option<Only>,
    /// Whether the mask of one right slice is carried through each volume.
    pub carry: bool,
    /// Whether the slices between two right ones are filled.
    pub between: bool,
    /// Whether what prompts and carrying reached goes into the model's folder and card.
    pub publish: bool,
    /// Where report and pictures go.
    pub output: PathBuf,
}

/// Who answers robots where nothing else is measured.
pub enum Only {
    /// The model.
    Model,
    /// A program, with its arguments.
    Program(Vec<String>),
}

/// Measures a packaged model on a folder of patients, or on what a split keeps for validation.
///
/// # Errors
///
/// Whatever is missing, cannot be read or cannot be written.
pub fn evaluate(evaluation: &Evaluation) -> Result<(), Box<dyn Error>> {
    let Evaluation { model, data, data_card, reading, output, .. } = evaluation;
    let segmenter = load(model)?;
    let data_card = DataCard::find(data, data_card.as_deref())?;
    let (patients, leaky) = evaluation.patients()?;
    println!("measuring on {} patients …", patients.len());
    if let Some(only) = &evaluation.only {
        return evaluation.only_corrected(&segmenter, &patients, only);
    }
    let manifest = segmenter.manifest();
    let scored = score(&segmenter, &patients, &[manifest.threshold], *reading)?;
    let report = report(&scored, 0, manifest.presence_threshold);
    fs::create_dir_all(output)?;
    fs::write(output.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
    let carrying = evaluation.carried(&segmenter, &patients)?;
    evaluation.filled(&segmenter, &patients)?;
    let refinements = evaluation.corrected(&segmenter, &segmenter, None, &patients)?;

    let reported = data_card.as_ref().map_or(&[][..], |card| &card.reported);
    plots::volume_dice(&report, reported, &output.join(page::DICE))?;
    plots::calibration(&report, &output.join(page::CALIBRATION))?;
    let history = read_history(model).ok();
    if let Some(history) = &history {
        plots::training(history, &output.join(page::TRAINING))?;
    }
    evaluation.figures(&segmenter, &patients, &scored, &report)?;
    let page = Page {
        manifest,
        report: &report,
        refinements: &refinements,
        carrying: carrying.as_ref(),
        has_history: history.is_some(),
        leaky,
    };
    fs::write(output.join("index.html"), page::html(&page))?;
    print(&report, leaky);
    let [none_below, tumor_from] = manifest.presence_borders();
    let Reviewed { slices, listed, poor, poor_listed, missed, missed_listed } =
        reviewed(&scored, 0, manifest.presence_threshold, &(none_below..tumor_from));
    println!(
        "the page's list of slices to review has {listed} of {slices}: {poor_listed} of {poor} with a mask and a Dice below 0.5, \
         {missed_listed} of {missed} with {LARGE_PX} px of tumour or more and no mask"
    );
    println!("written to {}", output.join("index.html").display());
    Ok(())
}

impl Evaluation {
    /// Who is measured, made as hard as asked for, and whether other slices of them were trained on.
    fn patients(&self) -> Result<(Vec<Patient>, bool), Box<dyn Error>> {
        let (mut patients, leaky) = match &self.split {
            Some(split) => {
                let Split { validation, leaky, .. } = read_split(&self.data, split)?;
                (validation, leaky)
            }
            None => (read_patients(&self.data)?, false),
        };
        if !self.without.is_empty() {
            patients = patients.iter().map(|patient| without(patient, &self.without)).collect();
        }
        if let Some(share) = self.noise {
            patients = patients.iter().map(|patient| noisy(patient, share)).collect();
        }
        if let Some(picture) = self.picture {
            patients = patients.iter().map(|patient| pictured(patient, picture)).collect();
        }
        Ok((patients, leaky))
    }

    /// What carrying a mask through each volume achieves, if it is asked for.
    fn carried(&self, segmenter: &Segmenter, patients: &[Patient]) -> Result<Option<Carrying>, Box<dyn Error>> {
        if !self.carry {
            return Ok(None);
        }
        let carrying = carry(segmenter, patients, self.reading.context)?;
        println!("{}", carrying.sentences());
        fs::write(self.output.join("carry.json"), serde_json::to_string_pretty(&carrying)? + "\n")?;
        if self.publish {
            card::publish_carrying(&self.model, &carrying)?;
        }
        Ok(Some(carrying))
    }

    /// Tells how well slices between two right ones are filled, if it is asked for.
    fn filled(&self, segmenter: &Segmenter, patients: &[Patient]) -> Result<(), Box<dyn Error>> {
        if self.between {
            let fillings = fill(segmenter, patients, self.reading.context)?;
            print!("{}", table(&fillings));
            fs::write(self.output.join("between.json"), serde_json::to_string_pretty(&fillings)? + "\n")?;
        }
        Ok(())
    }

    /// What each robot achieves by prompts, if it is asked for, with an answerer that is a peer or the model itself.
    fn corrected(
        &self,
        segmenter: &Segmenter,
        answerer: &dyn Answerer,
        peer: Option<&PeerName>,
        patients: &[Patient],
    ) -> Result<Vec<Refinement>, Box<dyn Error>> {
        let mut refinements = Vec::new();
        let courses = self.starts.iter().flat_map(|&start| self.robots.iter().map(move |&robot| (robot, start)));
        for (robot, start) in courses {
            let prompting = Prompting { context: self.reading.context, start, every: self.every, most: self.most };
            let reached = refine(segmenter, answerer, patients, robot, prompting)?;
            let refinement = Refinement { peer: peer.cloned(), ..reached };
            println!("{}:", refinement.name());
            if refinement.is_refused() {
                println!("  it takes no prompt of this robot");
                continue;
            }
            for (column, value) in page::PROMPT_COLUMNS.iter().zip(page::prompt_figures(&refinement)) {
                println!("  {value:>18}  {column}");
            }
            refinements.push(refinement);
            // This takes long: what is known is kept.
            fs::write(self.output.join(PROMPTS), serde_json::to_string_pretty(&refinements)? + "\n")?;
            plots::refinement(&refinements, &self.output.join(page::PROMPTS))?;
            if self.publish {
                card::publish_prompts(&self.model, &refinements)?;
            }
        }
        Ok(refinements)
    }

    /// Lets a program or the model itself answer the robots, and measures nothing else.
    fn only_corrected(&self, segmenter: &Segmenter, patients: &[Patient], only: &Only) -> Result<(), Box<dyn Error>> {
        fs::create_dir_all(&self.output)?;
        match only {
            Only::Model => self.corrected(segmenter, segmenter, None, patients)?,
            Only::Program(command) => {
                let program = Program::start(command)?;
                let Greeting { peer, how, .. } = program.greeting().clone();
                println!("{peer}: {how}");
                self.corrected(segmenter, &program, Some(&PeerName { name: peer, how }), patients)?
            }
        };
        println!("written to {}", self.output.join(PROMPTS).display());
        Ok(())
    }

    /// Draws the worst patients by their worst slices, and patients from the best to the worst by their largest tumours.
    fn figures(
        &self,
        segmenter: &Segmenter,
        patients: &[Patient],
        scored: &[ScoredPatient],
        report: &Report,
    ) -> Result<(), Box<dyn Error>> {
        let gate = segmenter.manifest().presence_threshold;
        let rows = |names: &[&str], size: &dyn Fn(Overlap) -> usize| -> Result<Vec<Row>, Box<dyn Error>> {
            let of = |name: &&str| {
                let patient = patients.iter().zip(scored).find(|(patient, _)| patient.name == **name);
                let (patient, scored) = patient.expect("a reported patient was scored");
                let sizes = scored.slices.iter().map(|slice| size(gated(slice, 0, gate)));
                let (index, _) = sizes.enumerate().max_by_key(|(_, size)| *size).expect("a patient has slices");
                row(segmenter, patient, index, self.reading)
            };
            names.iter().map(of).collect()
        };
        let worst: Vec<&str> = report.patients.iter().take(WORST).map(|patient| patient.patient.as_str()).collect();
        let worst = rows(&worst, &|overlap| overlap.mask + overlap.label - 2 * overlap.both)?;
        figure::save(&worst, &self.output.join(page::WORST))?;
        let compared = rows(&spread(report, COMPARED), &|overlap| overlap.label)?;
        figure::save(&compared, &self.output.join(page::COMPARISON))
    }
}

/// The `index`-th slice of a patient with the model's mask.
fn row<'a>(
    segmenter: &Segmenter,
    patient: &'a Patient,
    index: usize,
    reading: Reading,
) -> Result<Row<'a>, Box<dyn Error>> {
    let LabelledSlice { number, slice, label } = &patient.slices[index];
    let (presence, map) = reading.answer(segmenter, patient, slice)?;
    let mask = match segmenter.is_empty(presence) {
        true => Mask::new(slice.width(), slice.height(), vec![false; slice.width() * slice.height()]),
        false => map.mask(segmenter.manifest().threshold),
    };
    Ok(Row { title: format!("{}, slice {number}", patient.name), slice, label, mask })
}

/// Names of `count` patients at equal distances of rank, the best first.
fn spread(report: &Report, count: usize) -> Vec<&str> {
    let mut patients: Vec<_> = report.patients.iter().collect();
    patients.sort_by_key(|patient| Reverse((patient.volume_dice * 1e9) as u64));
    let last = patients.len().saturating_sub(1);
    let mut ranks: Vec<usize> = (0..count).map(|index| index * last / (count - 1).max(1)).collect();
    ranks.dedup();
    ranks.into_iter().filter_map(|rank| patients.get(rank)).map(|patient| patient.patient.as_str()).collect()
}

fn print(report: &Report, leaky: bool) {
    if leaky {
        println!("LEAKY split: neighbours of these slices were trained on; the figures say nothing about new patients");
    }
    let [low, high] = report.mean_volume_dice_interval;
    println!(
        "volume Dice: mean {:.4} (95 % interval {low:.4} to {high:.4}), median {:.4}; with small parts {:.4}, {:.4}",
        report.metrics.mean_volume_dice,
        report.metrics.median_volume_dice,
        report.volume_dice_all_parts[0],
        report.volume_dice_all_parts[1]
    );
    println!(
        "tumour slices: Dice {:.4}, IoU {:.4}, outlines {:.2} px apart (95th percentile)",
        report.mean_slice_dice, report.mean_slice_iou, report.mean_hausdorff_95_px
    );
    println!(
        "presence: AUC {:.4}, sensitivity {:.4}, specificity {:.4}; {:.2} % of the tumours of {LARGE_PX} px or more missed",
        report.metrics.presence_auc,
        report.presence_sensitivity,
        report.empty_skipped,
        100.0 * report.missed_by_gate
    );
}
