//! The network and its peers side by side, in `docs/`: what robots reached with each, as a table and a curve.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::correct::refinement::{Refinement, Start};
use crate::correct::robot::Robot;
use crate::publish::{evaluate, plots};

/// All that was measured.
const PEERS: &str = "peers.json";
/// The document, and the two lines that what is made lies between.
const FIGURES: &str = "figures.md";
const BEGIN: &str = "<!-- made by `train peers` -->\n";
const END: &str = "<!-- end -->\n";
/// The curve.
const CURVE: &str = "pictures/peers.png";
/// What the network is called among its peers.
const OWN: &str = "this network";
/// Robots of the curve.
const DRAWN: [Robot; 2] = [Robot::Click, Robot::Box];

/// What is put side by side.
pub struct Comparison {
    /// Folders with what robots reached; without any, what is known already.
    pub reports: Vec<PathBuf>,
    /// Folder of the documents.
    pub docs: PathBuf,
}

/// Puts what robots reached with the network and with peers into the documents.
///
/// # Errors
///
/// If something is missing, or was measured on other slices.
pub fn side_by_side(Comparison { reports, docs }: &Comparison) -> Result<(), Box<dyn Error>> {
    let known = docs.join(PEERS);
    if !reports.is_empty() {
        let reached: Result<Vec<_>, _> = reports.iter().map(|folder| read(&folder.join(evaluate::PROMPTS))).collect();
        fs::write(&known, serde_json::to_string_pretty(&reached?.concat())? + "\n")?;
    }
    let reached = read(&known)?;
    let first = reached.first().ok_or("nothing was measured")?;
    let alike = |other: &Refinement| (other.slices, other.most_prompts) == (first.slices, first.most_prompts);
    if let Some(other) = reached.iter().find(|other| !alike(other)) {
        let name = other.name();
        return Err(format!("{name}: measured on other slices or with other limits than {}", first.name()).into());
    }
    let file = docs.join(FIGURES);
    let figures = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let figures = with_section(&figures, &section(&reached)).ok_or_else(|| {
        format!("{}: the lines `{}` and `{}` are missing", file.display(), BEGIN.trim_end(), END.trim_end())
    })?;
    fs::write(&file, figures)?;
    plots::side_by_side(&series(&reached), &docs.join(CURVE))
}

fn read(path: &Path) -> Result<Vec<Refinement>, Box<dyn Error>> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// A document with another section between its two lines.
fn with_section(document: &str, section: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{section}{END}{after}"))
}

fn name(refinement: &Refinement) -> &str {
    refinement.peer.as_ref().map_or(OWN, |peer| &peer.name)
}

/// The courses of the curve by who answered, in the order in which they are told.
fn series(reached: &[Refinement]) -> Vec<(&str, Vec<&Refinement>)> {
    let mut series: Vec<(&str, Vec<&Refinement>)> = Vec::new();
    for refinement in reached.iter().filter(|one| one.start == Start::Nothing && DRAWN.contains(&one.robot)) {
        match series.iter_mut().find(|(known, _)| *known == name(refinement)) {
            Some((_, courses)) => courses.push(refinement),
            None => series.push((name(refinement), vec![refinement])),
        }
    }
    series
}

/// The table, and how each peer was used.
fn section(reached: &[Refinement]) -> String {
    let mut text = String::from(
        "| | Robot | mean IoU after 0, 1, 3, 5, 10 prompts | by patient after 1 and 5 | prompts to 0.80, 0.85, 0.90 | do not lower it | \
         pointer, px a prompt |\n|---|---|---|---|---|---|---|\n",
    );
    reached.iter().for_each(|refinement| text += &row(refinement));
    text += "\n";
    let mut told: Vec<&str> = Vec::new();
    for peer in reached.iter().filter_map(|refinement| refinement.peer.as_ref()) {
        if !told.contains(&peer.name.as_str()) {
            told.push(&peer.name);
            text += &format!("- {}: {}.\n", peer.name, peer.how);
        }
    }
    text + &format!("\n![Mean IoU after each prompt, of the network and its peers]({CURVE})\n")
}

fn row(refinement: &Refinement) -> String {
    // What a peer was not asked is not known.
    let asked = |prompts: usize| refinement.not_taken == 0 || prompts < 2;
    let or_none = |is_known: bool, text: String| if is_known { text } else { "–".to_owned() };
    let iou = |prompts: usize| or_none(asked(prompts), format!("{:.2}", refinement.mean_iou[prompts]));
    let by_patient = |index: usize, prompts: usize| {
        let [mean, low, high] = refinement.by_patient[index];
        or_none(asked(prompts), format!("{mean:.2} ({low:.2} to {high:.2})"))
    };
    let goal = |index: usize| {
        or_none(refinement.not_taken == 0, format!("{:.1}", refinement.prompts_to_goal[index].mean_prompts))
    };
    let start = match refinement.start {
        Start::Automatic => "from the network's mask",
        Start::Nothing => "from nothing",
    };
    format!(
        "| {} | {}, {start} | {} | {}; {} | {} | {:.1} % | {:.0} |\n",
        name(refinement),
        refinement.robot.name().replace('-', " "),
        [0, 1, 3, 5, 10].map(iou).join(", "),
        by_patient(0, 1),
        by_patient(2, 5),
        [0, 1, 2].map(goal).join(", "),
        100.0 * refinement.not_lowering,
        refinement.travel_px,
    )
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::correct::refinement::PeerName;
    use crate::correct::refinement::tests::reached;

    fn of_peer(robot: Robot, not_taken: usize) -> Refinement {
        let peer = Some(PeerName { name: "Wand".into(), how: "a fill".into() });
        Refinement { peer, robot, start: Start::Nothing, not_taken, ..reached(0.25) }
    }

    #[test]
    fn a_table_tells_of_the_network_and_of_each_peer_once() {
        let own = Refinement { start: Start::Nothing, ..reached(0.75) };
        let all = [own, of_peer(Robot::Click, 0), of_peer(Robot::Box, 3)];
        let text = section(&all);
        assert!(text.contains("| this network | click, from nothing | 0.75, 0.75, 0.75, 0.75, 0.75 | "), "{text}");
        assert!(
            text.contains("| Wand | box, from nothing | 0.25, 0.25, –, –, – | 0.25 (0.25 to 0.25); – | –, –, – | "),
            "{text}"
        );
        assert_eq!(text.matches("- Wand: a fill.").count(), 1);
        let courses: Vec<_> = series(&all).into_iter().map(|(name, courses)| (name, courses.len())).collect();
        assert_eq!(courses, [("this network", 1), ("Wand", 2)]);
    }

    #[test]
    fn documents_take_the_table_and_the_curve_in_place_of_those_before() {
        let folder = TempDir::new().unwrap();
        let docs = folder.path().to_owned();
        fs::create_dir(docs.join("pictures")).unwrap();
        let document = |text: &str| fs::write(docs.join(FIGURES), text).unwrap();
        let report = docs.join("report");
        fs::create_dir(&report).unwrap();
        let put =
            |all: &[Refinement]| fs::write(report.join("prompts.json"), serde_json::to_string(all).unwrap()).unwrap();
        let made = |reports: Vec<PathBuf>| {
            side_by_side(&Comparison { reports, docs: docs.clone() }).map_err(|error| error.to_string())
        };
        put(&[of_peer(Robot::Click, 0), of_peer(Robot::Box, 7)]);
        document("before\nafter\n");
        assert!(made(vec![report.clone()]).is_err_and(|error| error.contains("are missing")));
        document(&format!("before\n{BEGIN}old\n{END}after\n"));
        made(vec![report.clone()]).unwrap();
        let once = fs::read_to_string(docs.join(FIGURES)).unwrap();
        assert!(
            once.starts_with("before\n") && once.ends_with("after\n") && once.contains("Wand") && !once.contains("old")
        );
        assert!(docs.join(CURVE).is_file());
        made(Vec::new()).unwrap();
        assert_eq!(fs::read_to_string(docs.join(FIGURES)).unwrap(), once);
        put(&[of_peer(Robot::Click, 0), Refinement { slices: 8, ..of_peer(Robot::Click, 0) }]);
        assert!(made(vec![report]).is_err_and(|error| error.contains("on other slices")));
    }
}
