//! The history of a slice as session files and the browser's storage hold it, and back.

use std::sync::Arc;

use imaging::{Diameter, Diameters, Mask, Point, ProbabilityMap, Prompt, PromptKind, Size};
use protocol::session::{EditRecord, MaskRecord, PromptRecord, ScopeRecord, Shared, StepRecord};

use super::edits::Edits;
use super::step::{Edit, Prompts, Scope, Shown, Step, Stroke};

/// Maps of probabilities, each once, in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub struct Maps(pub Vec<Arc<ProbabilityMap>>);

impl Maps {
    /// The number of a map.
    pub fn number(&mut self, map: &Arc<ProbabilityMap>) -> usize {
        let known = self.0.iter().position(|known| Arc::ptr_eq(known, map));
        known.unwrap_or_else(|| {
            self.0.push(map.clone());
            self.0.len() - 1
        })
    }

    /// The map of a number, if there is one of this size.
    pub fn get(&self, number: usize, size: Size) -> Option<Arc<ProbabilityMap>> {
        self.0.get(number).filter(|map| Size::new(map.width(), map.height()) == size).cloned()
    }
}

/// The record of a mask.
fn mask_record(mask: &Mask) -> MaskRecord {
    MaskRecord { width: mask.width(), height: mask.height(), runs: mask.runs() }
}

/// The mask of a record on a slice of a size; none if that is damaged.
fn mask(record: &MaskRecord, size: Size) -> Option<Arc<Mask>> {
    let mask = Mask::of_runs(record.width, record.height, &record.runs);
    mask.filter(|mask| mask.size() == size).map(Arc::new)
}

/// The record of a prompt.
pub fn prompt_record(prompt: &Prompt) -> PromptRecord {
    let line = prompt.line().iter().map(|at| (at.x, at.y)).collect();
    PromptRecord { line, closed: prompt.is_loop(), tumor: prompt.is_tumor() }
}

/// The prompt of a record; none if that is damaged.
pub fn prompt(PromptRecord { line, closed, tumor }: &PromptRecord) -> Option<Prompt> {
    let is_place = |(x, y): &(f32, f32)| x.is_finite() && y.is_finite();
    let points = || line.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>();
    (!line.is_empty() && line.iter().all(is_place)).then(|| Prompt::new(points(), *closed, *tumor))
}

/// The steps of a history that hold.
pub fn steps(edits: &Edits, maps: &mut Maps) -> Vec<StepRecord> {
    let record =
        |step: &Step| StepRecord { at_ms: step.at_ms, shared: step.shared, edit: edit_record(&step.edit, maps) };
    edits.steps().iter().map(record).collect()
}

/// The history of such steps on a slice of a size; `group` gives steps over many slices the numbers that they have here. None if
/// the record is damaged.
pub fn history(records: &[StepRecord], maps: &Maps, size: Size, mut group: impl FnMut(u32) -> u32) -> Option<Edits> {
    let step = |StepRecord { at_ms, shared, edit }: &StepRecord| {
        let shared = shared.map(|Shared { group: number, what }| Shared { group: group(number), what });
        Some(Step { edit: edit_of(edit, maps, size)?, shared, at_ms: *at_ms })
    };
    records.iter().map(step).collect::<Option<_>>().map(Edits::of_steps)
}

fn edit_record(edit: &Edit, maps: &mut Maps) -> EditRecord {
    match edit {
        Edit::Prompts(Prompts { prompts, previous, scope, answer }) => EditRecord::Prompts {
            prompts: prompts.iter().map(prompt_record).collect(),
            previous: previous.as_deref().map(mask_record),
            scope: match scope {
                // An answer holds what lay around.
                Scope::Around(fresh, Shown { mask, map }) if answer.is_none() => {
                    ScopeRecord::Around { fresh: fresh.len(), mask: mask_record(mask), map: maps.number(map) }
                }
                Scope::Whole | Scope::Around(..) => ScopeRecord::Whole,
                // What the other side said is in the answer, once there is one.
                Scope::Beside { trust } | Scope::Between { trust, .. } => ScopeRecord::Beside { trust: *trust },
                Scope::Given => ScopeRecord::Given,
            },
            answer: answer.as_ref().map(|map| maps.number(map)),
        },
        Edit::Stroke(Stroke { pixels, kind }) => {
            EditRecord::Stroke { pixels: pixels.clone(), tumor: *kind == PromptKind::Tumor }
        }
        Edit::Threshold(threshold) => EditRecord::Threshold(*threshold),
        Edit::Diameters { lines, drag } => {
            let ends = |Diameters { longest: Diameter { ends: [a, b] }, perpendicular: Diameter { ends: [c, d] } }| {
                [a, b, c, d].map(|end: Point<f64>| (end.x, end.y))
            };
            EditRecord::Diameters { lines: lines.map(ends), drag: *drag }
        }
        Edit::Elsewhere => EditRecord::Elsewhere,
    }
}

/// The edit of a record on a slice of a size; none if that is damaged.
fn edit_of(record: &EditRecord, maps: &Maps, size: Size) -> Option<Edit> {
    Some(match record {
        EditRecord::Prompts { prompts, previous, scope, answer } => {
            let prompts = prompts.iter().map(prompt).collect::<Option<Vec<_>>>()?;
            let previous = match previous {
                Some(mask) => Some(self::mask(mask, size)?),
                None => None,
            };
            let answer = match answer {
                Some(number) => Some(maps.get(*number, size)?),
                None => None,
            };
            let scope = match scope {
                ScopeRecord::Whole => Scope::Whole,
                ScopeRecord::Around { fresh, mask, map } => {
                    let newest = prompts.len().checked_sub(*fresh).map(|from| prompts[from..].to_vec())?;
                    Scope::Around(newest, Shown { mask: self::mask(mask, size)?, map: maps.get(*map, size)? })
                }
                ScopeRecord::Beside { trust } => Scope::Beside { trust: *trust },
                ScopeRecord::Given => Scope::Given,
            };
            Edit::Prompts(Prompts { prompts, previous, scope, answer })
        }
        EditRecord::Stroke { pixels, tumor } => {
            let inside = pixels.iter().all(|&at| at < size.area_px());
            inside.then(|| Edit::Stroke(Stroke { pixels: pixels.clone(), kind: PromptKind::of(*tumor) }))?
        }
        EditRecord::Threshold(threshold) => {
            (*threshold > 0.0 && *threshold <= 1.0).then_some(Edit::Threshold(*threshold))?
        }
        EditRecord::Diameters { lines, drag } => {
            let line = |a: (f64, f64), b: (f64, f64)| Diameter { ends: [a, b].map(|(x, y)| Point::new(x, y)) };
            let lines = lines.map(|[a, b, c, d]| Diameters { longest: line(a, b), perpendicular: line(c, d) });
            let is_finite = |at: &Point<f64>| at.x.is_finite() && at.y.is_finite();
            let ends = lines.iter().flat_map(|lines| [lines.longest.ends, lines.perpendicular.ends]).flatten();
            ends.clone().all(|at| is_finite(&at)).then_some(Edit::Diameters { lines, drag: *drag })?
        }
        EditRecord::Elsewhere => Edit::Elsewhere,
    })
}

#[cfg(test)]
mod tests {
    use imaging::Underlay;

    use protocol::session::What;

    use super::*;

    const SIZE: Size = Size::new(3, 2);
    const BARE: Underlay = Underlay { click_scale: 1.0, flair: None };

    fn map(value: f32) -> Arc<ProbabilityMap> {
        Arc::new(ProbabilityMap::new(3, 2, vec![value, 0.0, 0.9, 0.1, 0.0, 0.0]))
    }

    /// A history with every kind of step, of which the last waits for its answer.
    fn everything() -> Edits {
        let automatic = map(0.5);
        let shown = || Some(Shown { mask: Arc::new(automatic.mask(0.4)), map: automatic.clone() });
        let mut edits = Edits::default();
        edits.prompt(Prompt::click(0.0, 1.0, PromptKind::Tumor), shown());
        edits.answer(ProbabilityMap::new(3, 2, vec![0.9; 6]), &automatic, 0.4, BARE);
        edits.take(Edit::Stroke(Stroke { pixels: vec![0, 5], kind: PromptKind::Background }));
        edits.take_shared(Edit::Threshold(0.25), Shared { group: 7, what: What::Threshold });
        let line = |x: f64| Diameter { ends: [Point::new(x, 0.25), Point::new(1.0, 1.0)] };
        edits
            .take(Edit::Diameters { lines: Some(Diameters { longest: line(0.0), perpendicular: line(2.0) }), drag: 3 });
        edits.take(Edit::Diameters { lines: None, drag: 4 });
        edits.mark_elsewhere(Shared { group: 8, what: What::LargestPart });
        edits.carry(Arc::new(automatic.mask(0.8)), 0.75, None);
        edits.answer((*map(0.7)).clone(), &automatic, 0.4, BARE);
        let given = Mask::new(3, 2, vec![true, false, false, false, true, true]);
        edits.take(Edit::Prompts(Prompts::given(&given, Vec::new())));
        let corners = [Point::new(0.0, 0.0), Point::new(2.0, 1.0)];
        edits.prompt(Prompt::boxed(corners[0], corners[1], PromptKind::Tumor), shown());
        edits
    }

    fn back(edits: &Edits) -> Edits {
        let mut maps = Maps::default();
        let json = serde_json::to_string(&steps(edits, &mut maps)).unwrap();
        history(&serde_json::from_str::<Vec<StepRecord>>(&json).unwrap(), &maps, SIZE, |group| group + 100).unwrap()
    }

    #[test]
    fn every_step_comes_back_to_the_bit() {
        let mut here = everything();
        let mut there = back(&here);
        assert_eq!(there.waiting_prompts(), here.waiting_prompts());
        let answer = map(0.6);
        let automatic = map(0.5);
        for edits in [&mut here, &mut there] {
            edits.answer((*answer).clone(), &automatic, 0.4, BARE);
        }
        assert!(here.steps().len() >= 9);
        while here.can_undo() {
            let mask = |edits: &Edits| edits.mask(Some(&automatic), edits.threshold().unwrap_or(0.4), SIZE);
            assert_eq!(mask(&there), mask(&here));
            assert_eq!(there.map(None), here.map(None));
            assert_eq!(there.diameters(), here.diameters());
            assert_eq!(there.prompts(), here.prompts());
            assert_eq!(there.latest().map(Step::named), here.latest().map(Step::named));
            let group = |edits: &Edits| edits.latest().and_then(|step| step.shared).map(|shared| shared.group);
            assert_eq!(group(&there), group(&here).map(|group| group + 100));
            assert!(here.undo() && there.undo());
        }
        assert!(!there.can_undo());
    }

    #[test]
    fn a_map_that_steps_share_is_held_once() {
        let mut maps = Maps::default();
        let shared = map(0.5);
        assert_eq!([&shared, &map(0.5), &shared].map(|map| maps.number(map)), [0, 1, 0]);
        assert_eq!(maps.get(1, Size::new(2, 3)), None);
        assert_eq!(maps.get(2, SIZE), None);
    }

    #[test]
    fn what_is_damaged_is_no_history() {
        let mut maps = Maps::default();
        let records = steps(&everything(), &mut maps);
        assert!(history(&records, &maps, SIZE, |group| group).is_some());
        assert_eq!(history(&records, &maps, Size::new(2, 3), |group| group), None);
        assert_eq!(history(&records, &Maps::default(), SIZE, |group| group), None);
        let read = |edit: &str| {
            let json = format!(r#"[{{"at_ms":1.0,"shared":null,"edit":{edit}}}]"#);
            history(&serde_json::from_str::<Vec<StepRecord>>(&json).unwrap(), &maps, SIZE, |group| group)
        };
        assert!(read(r#"{"Stroke":{"pixels":[5],"tumor":true}}"#).is_some());
        assert_eq!(read(r#"{"Stroke":{"pixels":[6],"tumor":true}}"#), None);
        assert_eq!(read(r#"{"Threshold":0.0}"#), None);
        let prompts = |line: &str| {
            format!(
                r#"{{"Prompts":{{"prompts":[{{"line":[{line}],"closed":false,"tumor":true}}],"previous":null,"scope":"Whole","answer":null}}}}"#
            )
        };
        assert!(read(&prompts("[1.0,0.5]")).is_some());
        assert_eq!(read(&prompts("")), None);
    }
}
