//! The volumes of an examination into the three sequences that the network reads: by name, slices and direction.

use imaging::SpacingMm;

use crate::geometry::{Geometry, Placement};
use crate::series::Series;

/// Slices from which a stack is a volume: scanners plan on one to three slices a direction.
pub(crate) const FEWEST_SLICES: usize = 4;
/// A stack whose slices lie more than this many pixels apart is good for its own direction only.
const THICK_PX: f64 = 2.0;

/// The sequences that the network reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// T1 before contrast agent.
    Pre,
    /// Fluid-attenuated inversion recovery.
    Flair,
    /// T1 after contrast agent.
    Post,
}

/// The sequence that a description names, if it does.
pub fn role_of(description: &str) -> Option<Role> {
    let text = description.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+').filter(|w| !w.is_empty()).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let holds = |wanted: &[&str]| wanted.iter().any(|part| text.contains(part));
    // BraTS calls FLAIR `t2f`, T1 `t1n` and T1 after contrast `t1c`, `t1ce` or `t1gd`.
    // A T1 FLAIR is a T1 whose fluid is dark anyway.
    let t1_flair = words.windows(2).any(|pair| pair == ["t1", "flair"]) || has(&["t1flair"]);
    if !t1_flair && (holds(&["flair"]) || has(&["t2f", "dark", "tirm"])) {
        return Some(Role::Flair);
    }
    let after = holds(&["post", "t1ce", "t1gd", "gado", "t1+c", "contrast", "enhanced", "+gd", "+c"])
        || has(&["t1c", "gd", "ce", "km", "kl", "c+"]);
    let before = holds(&["t1", "mprage", "spgr", "bravo"]) || has(&["pre", "native"]);
    let without = holds(&["pre", "native", "non-contrast", "noncontrast", "without", "w/o"]);
    match (after && !without, before || without) {
        (true, _) => Some(Role::Post),
        (false, true) => Some(Role::Pre),
        _ => None,
    }
}

/// Which volumes of an examination the network reads, as places in the list that was asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// T1 before contrast agent.
    pub pre: Option<usize>,
    /// FLAIR, whose grid is the study's; there is one unless there are no volumes.
    pub flair: Option<usize>,
    /// T1 after contrast agent.
    pub post: Option<usize>,
    /// Whether no name said that `flair` is FLAIR.
    pub guessed: bool,
    /// Whether its name says that it is something else: it is there to be looked at.
    pub stands_in: bool,
}

/// The volumes of one examination that become its sequences.
///
/// A stack of fewer than four slices, or one that plans others, is taken only where there is nothing else. FLAIR gives
/// the study its grid, so thick slices of another direction give way to axial ones that no name calls T1.
pub fn choose(volumes: &[&Series]) -> Choice {
    let candidates: Vec<Candidate> =
        volumes.iter().map(|series| Candidate::new(&series.name, &series.volume.geometry)).collect();
    chosen(&candidates)
}

/// What the choice goes by.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    role: Option<Role>,
    /// Whether its name says that it is no FLAIR.
    is_other: bool,
    is_t2: bool,
    is_planning: bool,
    slices: usize,
    direction: Option<Direction>,
    is_thick: bool,
}

impl Candidate {
    fn new(name: &str, geometry: &Geometry) -> Self {
        let SpacingMm { x, y, z } = geometry.spacing_mm().unwrap_or([1.0; 3].into());
        Self {
            role: role_of(name),
            is_other: is_other(name),
            is_t2: name.to_lowercase().contains("t2"),
            is_planning: is_planning(name),
            slices: geometry.size.depth,
            direction: direction_of(geometry),
            is_thick: z > THICK_PX * x.max(y),
        }
    }

    /// Whether its slices show another direction, and are too thick to show the axial one.
    fn is_across(&self) -> bool {
        self.is_thick && !self.is_axial()
    }

    /// What does not say where it lies counts as axial.
    fn is_axial(&self) -> bool {
        self.direction.is_none_or(|direction| direction == Direction::Axial)
    }
}

fn chosen(candidates: &[Candidate]) -> Choice {
    let deepest = candidates.iter().map(|candidate| candidate.slices).max().unwrap_or(0);
    let is_volume = |c: &Candidate| !c.is_planning && (c.slices >= FEWEST_SLICES || c.slices == deepest);
    let any = candidates.iter().any(is_volume);
    let usable = || candidates.iter().enumerate().filter(move |(_, c)| !any || is_volume(c));
    // The lower, the better; of equals the first.
    let for_grid = |c: &Candidate| match (c.role, c.is_across()) {
        (Some(Role::Flair), false) => 0,
        (None, false) if !c.is_other => 1,
        (Some(Role::Flair), true) => 2,
        (None, true) if !c.is_other => 3,
        // None of the others is ever taken for FLAIR; the most like it is shown.
        (None, across) if c.is_t2 => 4 + 4 * u8::from(across),
        (Some(Role::Pre), across) => 5 + 4 * u8::from(across),
        (Some(Role::Post), across) => 6 + 4 * u8::from(across),
        (None, across) => 7 + 4 * u8::from(across),
    };
    let Some((flair, grid)) = usable().min_by_key(|(_, c)| (for_grid(c), !c.is_axial())) else {
        return Choice::default();
    };
    // An echo or another direction of what is shown as FLAIR says nothing new.
    let named = |role| {
        if grid.role == Some(role) {
            return None;
        }
        let others = usable().filter(|(at, c)| *at != flair && c.role == Some(role));
        others.min_by_key(|(_, c)| c.direction != grid.direction).map(|(at, _)| at)
    };
    Choice {
        pre: named(Role::Pre),
        flair: Some(flair),
        post: named(Role::Post),
        guessed: grid.role != Some(Role::Flair),
        stands_in: grid.is_other,
    }
}

/// What the slices of a stack show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Slices across the body's axis.
    Axial,
    /// Slices from ear to ear.
    Sagittal,
    /// Slices from face to back.
    Coronal,
}

/// The direction of a grid's slices, where it is known.
pub(crate) fn direction_of(geometry: &Geometry) -> Option<Direction> {
    let Placement::Patient(_) = geometry.placement else { return None };
    let axes = geometry.to_lps().axes;
    Some([Direction::Sagittal, Direction::Coronal, Direction::Axial][axes.iter().position(|&from| from == 2)?])
}

/// Whether a description names a sequence that is not FLAIR.
fn is_other(description: &str) -> bool {
    let text = description.to_lowercase();
    match role_of(description) {
        Some(role) => role != Role::Flair,
        None => {
            let names =
                ["t2", "dwi", "adc", "diff", "trace", "dti", "swi", "swan", "perf", "asl", "bold", "angio", "flash"];
            let words = [
                "pd", "tof", "mra", "mrv", "ct", "fa", "gre", "b0", "b500", "b800", "b1000", "ep2d", "pwi", "dce",
                "dsc",
            ];
            let mut of_text = text.split(|c: char| !c.is_ascii_alphanumeric());
            names.iter().any(|name| text.contains(name)) || of_text.any(|word| words.contains(&word))
        }
    }
}

/// Whether a description names images that others are planned on.
fn is_planning(description: &str) -> bool {
    let text = description.to_lowercase();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    ["localizer", "localiser", "scout", "survey", "3-plane", "3plane", "3 plane"].iter().any(|part| text.contains(part))
        || words.into_iter().any(|word| ["loc", "aahead", "aahscout", "3pl"].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Affine;

    #[test]
    fn names_of_scanners_and_data_sets_are_known() {
        for (description, role) in [
            ("AX T2 FLAIR", Some(Role::Flair)),
            ("t2_tirm_tra_dark-fluid", Some(Role::Flair)),
            ("BraTS-GLI-00001-000-t2f.nii.gz", Some(Role::Flair)),
            ("BraTS20_Training_001_t1ce.nii.gz", Some(Role::Post)),
            ("BraTS-GLI-00001-000-t1c.nii.gz", Some(Role::Post)),
            ("BraTS-GLI-00001-000-t1n.nii.gz", Some(Role::Pre)),
            ("AX T1 POST GD", Some(Role::Post)),
            ("SAG T1 +C", Some(Role::Post)),
            ("t1_mprage_sag KM", Some(Role::Post)),
            ("AX T1 PRE CONTRAST", Some(Role::Pre)),
            ("T1 axial", Some(Role::Pre)),
            ("Ax T1 FLAIR", Some(Role::Pre)),
            ("FLAIR to T1", Some(Role::Flair)),
            ("AX T2 FSE", None),
            ("DWI b1000", None),
            ("", None),
        ] {
            assert_eq!(role_of(description), role, "{description}");
        }
    }

    fn candidate(name: &str, slices: usize, direction: Direction, step_mm: f64) -> Candidate {
        let affine = match direction {
            Direction::Axial => [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, step_mm, 0.0]],
            Direction::Sagittal => [[0.0, 0.0, step_mm, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 0.0]],
            Direction::Coronal => [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, step_mm, 0.0], [0.0, -1.0, 0.0, 0.0]],
        };
        let placement = Placement::Patient(Affine(affine));
        let candidate = Candidate::new(name, &Geometry { size: [200, 220, slices].into(), placement });
        assert_eq!(candidate.direction, Some(direction));
        candidate
    }

    #[test]
    fn names_decide_where_all_are_volumes() {
        let axial = |name| candidate(name, 20, Direction::Axial, 5.0);
        let choice = chosen(&["T1 post", "FLAIR", "T1", "FLAIR late"].map(axial));
        assert_eq!(choice, Choice { pre: Some(2), flair: Some(1), post: Some(0), guessed: false, stands_in: false });
        let choice = chosen(&["T1", "DWI", "AX T2"].map(axial));
        assert_eq!(choice, Choice { pre: Some(0), flair: Some(2), post: None, guessed: true, stands_in: true });
        let choice = chosen(&["T1 post", "T1"].map(axial));
        assert_eq!(
            choice,
            Choice { pre: None, flair: Some(1), post: Some(0), guessed: true, stands_in: true },
            "no volume twice"
        );
        assert_eq!(chosen(&[]), Choice::default());
    }

    #[test]
    fn few_slices_and_plans_become_nothing_beside_a_volume() {
        let few = candidate("FLAIR", 3, Direction::Axial, 5.0);
        let volume = candidate("T1 post", 20, Direction::Axial, 5.0);
        let plan = candidate("3-plane loc", 30, Direction::Axial, 5.0);
        for order in [[few, volume, plan], [volume, plan, few], [plan, few, volume]] {
            let choice = chosen(&order);
            assert_eq!(choice.flair.map(|at| order[at]), Some(volume));
            assert_eq!((choice.pre, choice.post, choice.guessed), (None, None, true));
        }
        let choice = chosen(&[plan, few]);
        assert_eq!((choice.flair, choice.guessed), (Some(1), false), "three slices are all there is");
        assert_eq!(chosen(&[few]).flair, Some(0));
        assert_eq!(chosen(&[plan]).flair, Some(0));
    }

    #[test]
    fn another_direction_gives_no_grid() {
        let axial = candidate("brain", 20, Direction::Axial, 5.0);
        for direction in [Direction::Sagittal, Direction::Coronal] {
            let thick = candidate("brain", 200, direction, 5.0);
            assert_eq!(chosen(&[thick, axial]).flair, Some(1), "{direction:?}");
            let flair = candidate("FLAIR", 20, direction, 5.0);
            assert_eq!(chosen(&[flair, candidate("FLAIR", 20, Direction::Axial, 5.0)]).flair, Some(1));
            assert_eq!(chosen(&[flair, axial]).flair, Some(1));
            let t1 = candidate("T1", 20, Direction::Axial, 5.0);
            assert_eq!(
                chosen(&[flair, t1]),
                Choice { pre: Some(1), flair: Some(0), post: None, guessed: false, stands_in: false }
            );
            // As fine along its slices as within them: any direction can be cut from it.
            let fine = candidate("FLAIR 3D", 180, direction, 1.0);
            assert_eq!(chosen(&[axial, fine]).flair, Some(1));
        }
    }

    #[test]
    fn the_other_sequences_are_taken_in_the_direction_of_the_grid() {
        let volumes = [
            candidate("T1 +C", 20, Direction::Coronal, 5.0),
            candidate("FLAIR", 20, Direction::Axial, 5.0),
            candidate("T1 +C", 20, Direction::Axial, 5.0),
            candidate("T1", 20, Direction::Sagittal, 5.0),
        ];
        let choice = chosen(&volumes);
        assert_eq!(choice, Choice { pre: Some(3), flair: Some(1), post: Some(2), guessed: false, stands_in: false });
    }

    #[test]
    fn another_echo_or_direction_of_what_is_taken_for_flair_is_no_sequence_of_its_own() {
        let echoes = ["T1 (1 of 2)", "T1 (2 of 2)", "T1 post"].map(|name| candidate(name, 20, Direction::Axial, 5.0));
        assert_eq!(
            chosen(&echoes),
            Choice { pre: None, flair: Some(0), post: Some(2), guessed: true, stands_in: true }
        );
        let directions =
            [candidate("T1", 20, Direction::Axial, 5.0), candidate("T1 (sagittal)", 6, Direction::Sagittal, 5.0)];
        assert_eq!(
            chosen(&directions),
            Choice { pre: None, flair: Some(0), post: None, guessed: true, stands_in: true }
        );
    }

    #[test]
    fn what_says_that_it_is_something_else_is_never_guessed() {
        let axial = |name| candidate(name, 20, Direction::Axial, 5.0);
        for name in [
            "T1",
            "sub-01_T1w",
            "AX T1 +C",
            "AX T2 FSE",
            "t2w",
            "DWI b1000",
            "ADC",
            "ep2d_diff_trace",
            "SWI",
            "Ax T1 FLAIR",
        ] {
            let choice = chosen(&[axial(name)]);
            assert!(choice.stands_in && choice.guessed && choice.flair == Some(0), "{name}: {choice:?}");
            // Of a volume without a name nothing else is known: it may be FLAIR.
            let choice = chosen(&[axial(name), axial("brain")]);
            assert_eq!((choice.flair, choice.guessed, choice.stands_in), (Some(1), true, false), "{name}");
            let choice = chosen(&[axial(name), axial("FLAIR")]);
            assert_eq!((choice.flair, choice.guessed, choice.stands_in), (Some(1), false, false), "{name}");
        }
        for name in ["", "brain", "series 4", "TCGA_CS_4941_19960909", "volume"] {
            assert!(!chosen(&[axial(name)]).stands_in, "{name}");
        }
    }
}
