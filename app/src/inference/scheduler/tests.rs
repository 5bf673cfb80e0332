//! The scheduler, event by event, with a page of six slices that answers from two sets.

use std::collections::HashSet;

use protocol::{DeviceKind, FileId, Gate, Ready, Refusal, RequestId, StartFailure, StudyId};

use super::{Machine, Scheduler};
use crate::inference::event::{Action, Book, Engine, Event, Question, Running, Slot, Trial, Wait};
use crate::notices::Severity;

type Done = Action<&'static str, &'static str>;
type Happened = Event<&'static str, &'static str>;

const STUDY: StudyId = StudyId(1);
const LONE: FileId = FileId(3);

/// What the page knows, made up.
#[derive(Default)]
struct Page {
    on_screen: Option<FileId>,
    answered: HashSet<FileId>,
    prompted: HashSet<FileId>,
    slices: Vec<FileId>,
    withheld: HashSet<FileId>,
}

impl Book for Page {
    fn on_screen(&self) -> Option<FileId> {
        self.on_screen
    }
    fn is_in_study(&self, file: FileId) -> bool {
        self.slices.contains(&file)
    }
    fn is_answered(&self, file: FileId) -> bool {
        self.answered.contains(&file)
    }
    fn is_withheld(&self, file: FileId) -> bool {
        self.withheld.contains(&file)
    }
    fn has_open_prompts(&self, file: FileId) -> bool {
        self.prompted.contains(&file)
    }
    fn slices(&self, study: StudyId) -> Vec<FileId> {
        if study == STUDY { self.slices.clone() } else { Vec::new() }
    }
}

/// A scheduler with its page.
struct Scene {
    scheduler: Scheduler<&'static str>,
    page: Page,
}

impl Scene {
    fn new(machine: Machine) -> Self {
        Self { scheduler: Scheduler::new(machine), page: Page::default() }
    }

    /// The CPU answers, and nothing else is there.
    fn on_cpu(spare: usize) -> Self {
        let mut scene = Self::new(Machine { spare, ..Machine::default() });
        scene.step(Event::Opened);
        scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
        scene
    }

    /// CPU and WebGPU are ready.
    fn on_webgpu() -> Self {
        let mut scene = Self::new(Machine { has_webgpu: true, spare: 3, ..Machine::default() });
        scene.step(Event::Opened);
        scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
        scene.step(Event::Ready(Slot::Graphics, ready(DeviceKind::WebGpu)));
        scene
    }

    /// A study of so many slices is open, its first slice is on screen.
    fn with_study(mut self, slices: u32) -> Self {
        self.page.slices = (100..100 + slices).map(FileId).collect();
        self.page.on_screen = Some(FileId(100));
        self
    }

    fn with_lone_slice(mut self) -> Self {
        self.page.on_screen = Some(LONE);
        self
    }

    /// The CPU has answered for the lone slice, WebGPU is tried, and the CPU is asked about a prompt: that question.
    fn prompted_on_cpu(&mut self) -> Running {
        let actions = self.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
        let (slot, running) = self.asked(&actions);
        self.answer(slot, running);
        self.page.prompted.insert(LONE);
        let actions = self.step(Event::Attend);
        self.asked(&actions).1
    }

    fn step(&mut self, event: Happened) -> Vec<Done> {
        self.scheduler.step(event, &self.page)
    }

    /// The question that is asked among `actions`, of which there is just one.
    fn asked(&self, actions: &[Done]) -> (Slot, Running) {
        let asked: Vec<_> = asks(actions).collect();
        assert_eq!(asked.len(), 1, "{actions:?}");
        asked[0]
    }

    /// A worker answers; the page takes the answer up and attends.
    fn answer(&mut self, slot: Slot, running: Running) -> Vec<Done> {
        let mut actions = self.step(Event::Answered(slot, running.request, running.file, "answer"));
        for action in actions.clone() {
            if let Action::Take(file, question, _) = action {
                match question {
                    Question::Automatic(_) => drop(self.page.answered.insert(file)),
                    Question::Prompts => drop(self.page.prompted.remove(&file)),
                    Question::Foreseen => {}
                }
                actions.extend(self.step(Event::Attend));
            }
        }
        actions
    }
}

fn ready(device: DeviceKind) -> Ready {
    Ready {
        device,
        adapter: String::new(),
        model: "m".into(),
        folder: "f".into(),
        prompts: true,
        threshold: 0.03,
        presence_threshold: 0.01,
        presence_borders: [0.1, 0.7],
        mean_volume_dice: None,
        mean_volume_dice_without: None,
        self_test_difference: 0.0,
        slice_ms: (device == DeviceKind::Cpu).then_some(200.0),
    }
}

fn asks(actions: &[Done]) -> std::vec::IntoIter<(Slot, Running)> {
    let asks = actions.iter().filter_map(|action| match action {
        Action::Ask(slot, running) => Some((*slot, *running)),
        _ => None,
    });
    asks.collect::<Vec<_>>().into_iter()
}

fn taken(actions: &[Done]) -> Vec<FileId> {
    let taken = actions.iter().filter_map(|action| match action {
        Action::Take(file, ..) => Some(*file),
        _ => None,
    });
    taken.collect()
}

fn handed_out(actions: &[Done]) -> Vec<FileId> {
    let handed_out = actions.iter().filter_map(|action| match action {
        Action::HandOut(file) => Some(*file),
        _ => None,
    });
    handed_out.collect()
}

const AUTOMATIC: Question = Question::Automatic(Gate::Presence);

fn too_slow() -> StartFailure {
    StartFailure::Device(Refusal::Slow { own_ms: 13e3, limit_ms: 200.0 })
}

#[test]
fn the_page_opens_with_the_files_and_the_cpu() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() });
    let actions = scene.step(Event::Opened);
    let loading = Engine::Loading { loaded: 0, total: 0 };
    assert_eq!(actions, [Action::Start(Slot::Files), Action::Engine(loading), Action::Load(Slot::Files, None)]);
}

#[test]
fn webgpu_is_tried_once_the_cpu_answers_and_has_to_be_as_fast() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    let actions = scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    assert!(matches!(&actions[0], Action::Engine(Engine::Ready(ready)) if ready.device == DeviceKind::Cpu));
    assert!(actions.contains(&Action::Start(Slot::Graphics)));
    assert!(actions.contains(&Action::Load(Slot::Graphics, Some(200.0))));
    assert!(actions.contains(&Action::Trial(Trial::Running)));
}

#[test]
fn webgpu_is_not_tried_before_the_first_answer() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() }).with_lone_slice();
    scene.step(Event::Opened);
    let actions = scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    let (slot, running) = scene.asked(&actions);
    assert!(!actions.contains(&Action::Start(Slot::Graphics)));
    let actions = scene.answer(slot, running);
    assert!(actions.contains(&Action::Load(Slot::Graphics, Some(200.0))));
    assert!(!scene.step(Event::Attend).contains(&Action::Start(Slot::Graphics)), "it is tried once");
}

#[test]
fn an_address_that_names_the_cpu_leaves_webgpu_alone() {
    let mut scene = Scene::new(Machine { wanted: Some(DeviceKind::Cpu), has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    let actions = scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    assert!(!actions.contains(&Action::Start(Slot::Graphics)));
}

#[test]
fn an_address_that_names_webgpu_gets_it_without_a_limit_and_the_files_all_the_same() {
    let mut scene = Scene::new(Machine { wanted: Some(DeviceKind::WebGpu), has_webgpu: true, ..Machine::default() });
    let actions = scene.step(Event::Opened);
    assert!(actions.contains(&Action::Start(Slot::Files)) && actions.contains(&Action::Load(Slot::Graphics, None)));
    assert!(!actions.contains(&Action::Load(Slot::Files, None)));
    let actions = scene.step(Event::Ready(Slot::Graphics, ready(DeviceKind::WebGpu)));
    assert!(matches!(&actions[..], [Action::Trial(Trial::None), Action::Engine(Engine::Ready(_))]));
}

#[test]
fn a_browser_without_webgpu_says_so_to_those_who_ask_only() {
    let mut scene = Scene::new(Machine::default());
    scene.step(Event::Opened);
    let actions = scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    assert!(actions.iter().any(|action| matches!(action, Action::Trial(Trial::Over(_)))));
    assert!(!actions.iter().any(|action| matches!(action, Action::Tell(..))));
}

#[test]
fn progress_is_shown_of_the_device_that_is_waited_for() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    assert_eq!(
        scene.step(Event::Loading(Slot::Files, 5, 9)),
        [Action::Engine(Engine::Loading { loaded: 5, total: 9 })]
    );
    assert_eq!(scene.step(Event::Probing(Slot::Files)), [Action::Engine(Engine::Probing(DeviceKind::Cpu))]);
    scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    assert_eq!(scene.step(Event::Loading(Slot::Graphics, 5, 9)), [], "the CPU answers already");
}

#[test]
fn a_lone_slice_is_asked_about_at_once_and_a_studys_once_it_rests() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    let actions = scene.step(Event::Looked);
    assert_eq!(scene.asked(&actions).1.file, LONE);
    let mut scene = Scene::on_cpu(0).with_study(6);
    assert_eq!(scene.step(Event::Looked), [Action::Wait(Wait::Rest(FileId(100)))]);
    let actions = scene.step(Event::Waited(Wait::Rest(FileId(100))));
    assert_eq!(scene.asked(&actions).1.file, FileId(100));
}

#[test]
fn a_slice_that_passes_by_is_not_asked_about() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    scene.step(Event::Looked);
    scene.page.on_screen = Some(FileId(101));
    assert_eq!(scene.step(Event::Waited(Wait::Rest(FileId(100)))), []);
}

#[test]
fn nothing_is_asked_before_there_is_an_engine_and_the_slice_on_screen_as_soon_as_there_is() {
    let mut scene = Scene::new(Machine::default()).with_lone_slice();
    scene.step(Event::Opened);
    assert_eq!(scene.step(Event::Looked), []);
    let actions = scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    assert_eq!(scene.asked(&actions).1.file, LONE);
}

#[test]
fn the_same_question_is_not_asked_twice() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    scene.step(Event::Attend);
    assert_eq!(scene.step(Event::Attend), []);
}

#[test]
fn an_answer_counts_once_and_only_for_the_running_question() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    let actions = scene.step(Event::Attend);
    let (slot, running) = scene.asked(&actions);
    let old = RequestId(running.request.0.wrapping_sub(1));
    assert_eq!(scene.step(Event::Answered(slot, old, LONE, "old")), []);
    let actions = scene.step(Event::Answered(slot, running.request, LONE, "answer"));
    assert_eq!(actions, [Action::Take(LONE, AUTOMATIC, "answer")]);
    assert_eq!(scene.step(Event::Answered(slot, running.request, LONE, "again")), []);
}

#[test]
fn another_slice_supersedes_the_question_in_hand() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    let actions = scene.step(Event::Attend);
    let (slot, first) = scene.asked(&actions);
    scene.page.on_screen = Some(FileId(4));
    let actions = scene.step(Event::Looked);
    assert_eq!(scene.asked(&actions).1.file, FileId(4));
    assert_eq!(scene.step(Event::Answered(slot, first.request, LONE, "late")), []);
}

#[test]
fn prompts_wait_for_the_automatic_answer_and_are_asked_then() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    scene.page.prompted.insert(LONE);
    let actions = scene.step(Event::Attend);
    let (slot, running) = scene.asked(&actions);
    assert_eq!(running.question, AUTOMATIC);
    let actions = scene.answer(slot, running);
    assert_eq!(scene.asked(&actions).1.question, Question::Prompts);
}

#[test]
fn prompts_from_before_a_model_without_prompts_are_refused_and_never_asked() {
    let without = |device| Ready { prompts: false, ..ready(device) };
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() }).with_lone_slice();
    scene.step(Event::Opened);
    scene.page.prompted.insert(LONE);
    assert_eq!(scene.step(Event::Attend), [], "it is not known yet what the model takes");
    let actions = scene.step(Event::Ready(Slot::Files, without(DeviceKind::Cpu)));
    assert!(actions.contains(&Action::Refuse(LONE)) && asks(&actions).next().is_none(), "{actions:?}");
    // The page takes them back, and the network says what it marks on its own.
    scene.page.prompted.clear();
    let actions = scene.step(Event::Attend);
    let (slot, running) = scene.asked(&actions);
    assert_eq!((slot, running.question), (Slot::Files, AUTOMATIC));
    scene.answer(slot, running);
    assert_eq!(scene.step(Event::Hovered(LONE)), [], "nothing would follow from a click");
    // Those of a session that another model made, on the other device.
    scene.step(Event::Ready(Slot::Graphics, without(DeviceKind::WebGpu)));
    scene.page.prompted.insert(LONE);
    assert_eq!(scene.step(Event::Attend), [Action::Refuse(LONE)]);
}

#[test]
fn prompts_that_no_longer_hold_are_dropped() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    scene.page.answered.insert(LONE);
    scene.page.prompted.insert(LONE);
    let actions = scene.step(Event::Attend);
    let (slot, running) = scene.asked(&actions);
    assert_eq!(scene.step(Event::PromptsChanged), [Action::Cancel(Slot::Files)]);
    assert_eq!(scene.step(Event::Answered(slot, running.request, LONE, "late")), []);
    assert_eq!(scene.scheduler.running(), None);
}

#[test]
fn changed_prompts_leave_an_automatic_question_alone() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    scene.step(Event::Attend);
    assert_eq!(scene.step(Event::PromptsChanged), []);
    assert!(scene.scheduler.running().is_some());
}

#[test]
fn stop_takes_the_prompt_back_that_was_being_answered() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    scene.page.answered.insert(LONE);
    scene.page.prompted.insert(LONE);
    scene.step(Event::Attend);
    assert_eq!(scene.step(Event::Stopped), [Action::Cancel(Slot::Files), Action::Stopped(Some(LONE))]);
}

#[test]
fn stop_with_nothing_to_stop_does_nothing() {
    assert_eq!(Scene::on_cpu(0).step(Event::Stopped), [Action::Stopped(None)]);
}

#[test]
fn a_person_can_have_the_decoder_run_on_an_empty_slice() {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    scene.page.answered.insert(LONE);
    let actions = scene.step(Event::Wanted(LONE, Gate::Always));
    assert_eq!(scene.asked(&actions).1.question, Question::Automatic(Gate::Always));
    assert_eq!(scene.step(Event::Attend), [], "it is not dropped because the slice has an answer");
}

#[test]
fn a_failed_answer_stops_everything_and_is_told() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    scene.step(Event::WholeWanted(STUDY, 0.0));
    let running = scene.scheduler.running().unwrap();
    let actions = scene.step(Event::AnswerFailed(Slot::Files, running.request, "out of memory".into()));
    assert!(
        matches!(&actions[..], [Action::Cancel(_), Action::Stopped(None), Action::Tell(Severity::Error, text)] if text.written().contains("out of memory"))
    );
    assert_eq!(scene.scheduler.whole(), None);
}

#[test]
fn a_whole_volume_is_asked_slice_by_slice_and_finishes_once() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    let mut actions = scene.step(Event::WholeWanted(STUDY, 0.0));
    let mut order = Vec::new();
    while let Some((slot, running)) = asks(&actions).next() {
        order.push(running.file.0);
        actions = scene.answer(slot, running);
    }
    assert_eq!(order, [100, 101, 102, 103, 104, 105]);
    assert_eq!(actions.last(), Some(&Action::Finished(STUDY)));
    assert_eq!(scene.step(Event::Attend), []);
}

#[test]
fn a_whole_volume_without_an_engine_is_told_and_not_begun() {
    let mut scene = Scene::new(Machine::default()).with_study(6);
    let actions = scene.step(Event::WholeWanted(STUDY, 0.0));
    assert!(matches!(&actions[..], [Action::Tell(Severity::Info, _)]));
    assert_eq!(scene.scheduler.whole(), None);
}

#[test]
fn the_slice_on_screen_goes_before_the_volume() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    scene.step(Event::WholeWanted(STUDY, 0.0));
    scene.page.on_screen = Some(FileId(104));
    scene.step(Event::Looked);
    let actions = scene.step(Event::Waited(Wait::Rest(FileId(104))));
    let (slot, running) = scene.asked(&actions);
    assert_eq!(running.file, FileId(104));
    let actions = scene.answer(slot, running);
    assert_eq!(scene.asked(&actions).1.file, FileId(100), "then it goes on with what was superseded");
}

#[test]
fn asking_for_the_same_volume_again_changes_nothing() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    scene.step(Event::WholeWanted(STUDY, 5.0));
    assert_eq!(scene.step(Event::WholeWanted(STUDY, 9.0)), []);
    assert_eq!(scene.scheduler.whole().unwrap().started_ms, 5.0);
}

#[test]
fn a_volume_that_is_closed_is_not_gone_on_with() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    scene.step(Event::WholeWanted(STUDY, 0.0));
    let slices = std::mem::take(&mut scene.page.slices);
    scene.page.on_screen = None;
    assert_eq!(scene.step(Event::Closed(slices, Some(STUDY))), [Action::Cancel(Slot::Files)]);
    assert_eq!(scene.scheduler.whole(), None);
}

/// A volume of 18 slices of which two extra workers, 1 and 2, compute.
fn with_extra_workers() -> (Scene, [Slot; 2], [Running; 2]) {
    let mut scene = Scene::on_cpu(2).with_study(18);
    let actions = scene.step(Event::WholeWanted(STUDY, 0.0));
    let slots: Vec<Slot> = actions
        .iter()
        .filter_map(|action| match action {
            Action::Start(slot @ Slot::Extra(_)) => Some(*slot),
            _ => None,
        })
        .collect();
    assert_eq!(slots.len(), 2);
    let mut running = Vec::new();
    for &slot in &slots {
        let wanted = handed_out(&scene.step(Event::Ready(slot, ready(DeviceKind::Cpu))));
        let actions = scene.step(Event::HandedOut(wanted[0], "numbers"));
        let (asked, question) = scene.asked(&actions);
        assert_eq!(asked, slot);
        assert!(actions.contains(&Action::HandOver(slot, "numbers")));
        // The slice after that is asked for at once; its numbers are here before the first answer.
        let next = handed_out(&actions);
        assert_eq!(scene.step(Event::HandedOut(next[0], "next")), []);
        running.push(question);
    }
    (scene, slots.try_into().unwrap(), running.try_into().unwrap())
}

#[test]
fn extra_workers_take_slices_that_nobody_else_has() {
    let (scene, _, [first, second]) = with_extra_workers();
    let here = scene.scheduler.running().unwrap().file;
    assert_eq!(HashSet::from([here, first.file, second.file]).len(), 3);
    assert_eq!(scene.scheduler.cores(), 3);
}

#[test]
fn a_small_volume_or_webgpu_takes_no_extra_workers() {
    let mut scene = Scene::on_cpu(3).with_study(5);
    assert!(!scene.step(Event::WholeWanted(STUDY, 0.0)).iter().any(|a| matches!(a, Action::Start(_))));
    let mut scene = Scene::on_webgpu().with_study(60);
    assert!(!scene.step(Event::WholeWanted(STUDY, 0.0)).iter().any(|a| matches!(a, Action::Start(_))));
}

#[test]
fn an_extra_worker_goes_on_with_its_next_slice_at_once() {
    let (mut scene, [slot, _], [running, _]) = with_extra_workers();
    let actions = scene.answer(slot, running);
    assert_eq!(taken(&actions), [running.file]);
    let (asked, next) = scene.asked(&actions);
    assert_eq!(asked, slot);
    assert_ne!(next.file, running.file);
}

/// Lets every worker answer, the newest question first, until nothing is asked any more; all that was done.
fn until_all_is_answered(scene: &mut Scene, mut waiting: Vec<(Slot, Running)>, first: Vec<Done>) -> Vec<Done> {
    let (mut todo, mut done) = (first, Vec::new());
    loop {
        for action in std::mem::take(&mut todo) {
            match &action {
                Action::HandOut(file) => todo.extend(scene.step(Event::HandedOut(*file, "numbers"))),
                Action::Ask(slot, running) => waiting.push((*slot, *running)),
                _ => {}
            }
            done.push(action);
        }
        if todo.is_empty() {
            let Some((slot, running)) = waiting.pop() else { return done };
            todo = scene.answer(slot, running);
        }
    }
}

#[test]
fn every_slice_of_a_volume_is_answered_once_whoever_answers() {
    let (mut scene, slots, running) = with_extra_workers();
    let mut waiting: Vec<(Slot, Running)> = slots.into_iter().zip(running).collect();
    waiting.push((Slot::Files, scene.scheduler.running().unwrap()));
    let done = until_all_is_answered(&mut scene, waiting, Vec::new());
    let mut answered = taken(&done);
    answered.sort();
    assert_eq!(answered, (100..118).map(FileId).collect::<Vec<_>>());
    assert_eq!(done.iter().filter(|action| matches!(action, Action::Finished(_))).count(), 1);
}

#[test]
fn an_answer_about_numbers_that_changed_meanwhile_does_not_count() {
    let (mut scene, [slot, _], [running, _]) = with_extra_workers();
    let all = scene.page.slices.clone();
    scene.step(Event::Outdated(all));
    let actions = scene.answer(slot, running);
    assert_eq!(taken(&actions), []);
    assert!(scene.step(Event::Attend).iter().all(|action| !matches!(action, Action::Finished(_))));
}

#[test]
fn numbers_that_were_handed_out_before_a_change_are_not_computed_after_it() {
    let (mut scene, [slot, _], [running, _]) = with_extra_workers();
    let all = scene.page.slices.clone();
    scene.step(Event::Outdated(all));
    let actions = scene.answer(slot, running);
    assert_eq!(asks(&actions).count(), 0, "the next slice's numbers are old");
    assert_eq!(handed_out(&actions).len(), 2, "both extra workers ask for new ones: {actions:?}");
}

#[test]
fn after_a_change_every_slice_is_asked_again() {
    let (mut scene, slots, running) = with_extra_workers();
    let actions = scene.answer(slots[0], running[0]);
    let (_, second) = scene.asked(&actions);
    let all = scene.page.slices.clone();
    scene.page.answered.clear();
    scene.step(Event::Outdated(all));
    let actions = scene.step(Event::Attend);
    let waiting = vec![(slots[0], second), (slots[1], running[1])];
    let answered: HashSet<FileId> = taken(&until_all_is_answered(&mut scene, waiting, actions)).into_iter().collect();
    assert_eq!(answered.len(), 18);
    assert_eq!(scene.scheduler.whole(), None);
}

#[test]
fn an_extra_workers_answer_about_a_closed_study_is_dropped() {
    let (mut scene, [slot, _], [running, _]) = with_extra_workers();
    let slices = std::mem::take(&mut scene.page.slices);
    scene.page.on_screen = None;
    let actions = scene.step(Event::Closed(slices, Some(STUDY)));
    assert!(actions.contains(&Action::End(slot)));
    assert_eq!(scene.step(Event::Answered(slot, running.request, running.file, "late")), []);
}

#[test]
fn what_a_failed_extra_worker_had_goes_to_the_others() {
    let (mut scene, [first, second], [lost, running]) = with_extra_workers();
    let actions = scene.step(Event::AnswerFailed(first, lost.request, "gone".into()));
    assert_eq!(actions, [Action::End(first)], "nobody is told: it only takes longer");
    let actions = scene.answer(second, running);
    assert_eq!(handed_out(&actions), [lost.file], "the first slice that nobody has");
}

#[test]
fn extra_workers_end_with_the_volume_and_when_stopped() {
    let (mut scene, [first, second], _) = with_extra_workers();
    let actions = scene.step(Event::Stopped);
    assert_eq!(actions[2..], [Action::End(first), Action::End(second)]);
    assert_eq!(scene.scheduler.cores(), 1);
}

#[test]
fn closing_another_study_leaves_the_volume_alone() {
    let (mut scene, [slot, _], [running, _]) = with_extra_workers();
    assert_eq!(scene.step(Event::Closed(vec![FileId(7)], Some(StudyId(9)))), []);
    assert!(scene.scheduler.whole().is_some());
    assert_eq!(taken(&scene.answer(slot, running)), [running.file]);
}

#[test]
fn webgpu_gets_the_numbers_of_a_slice_once() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    assert_eq!(handed_out(&scene.step(Event::Attend)), [LONE]);
    let actions = scene.step(Event::HandedOut(LONE, "numbers"));
    let (slot, running) = scene.asked(&actions);
    assert_eq!((slot, &actions[0]), (Slot::Graphics, &Action::HandOver(Slot::Graphics, "numbers")));
    scene.answer(slot, running);
    scene.page.prompted.insert(LONE);
    let actions = scene.step(Event::Attend);
    assert_eq!(handed_out(&actions), [], "a prompt on the same slice sends the prompt alone");
    assert_eq!(scene.asked(&actions).0, Slot::Graphics);
}

#[test]
fn webgpu_gets_a_slices_numbers_again_once_they_changed() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    scene.step(Event::Attend);
    let actions = scene.step(Event::HandedOut(LONE, "numbers"));
    let (slot, running) = scene.asked(&actions);
    scene.answer(slot, running);
    scene.step(Event::Outdated(vec![LONE]));
    scene.page.answered.clear();
    assert_eq!(handed_out(&scene.step(Event::Attend)), [LONE]);
}

#[test]
fn numbers_that_nobody_waits_for_any_more_are_dropped() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    scene.step(Event::Attend);
    scene.step(Event::Stopped);
    assert_eq!(scene.step(Event::HandedOut(LONE, "numbers")), []);
}

#[test]
fn a_lost_card_gives_its_question_to_the_cpu() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    scene.step(Event::Attend);
    let actions = scene.step(Event::HandedOut(LONE, "numbers"));
    let (_, running) = scene.asked(&actions);
    let actions = scene.step(Event::AnswerFailed(Slot::Graphics, running.request, "device lost".into()));
    assert!(actions.contains(&Action::End(Slot::Graphics)));
    assert!(
        actions
            .iter()
            .any(|a| matches!(a, Action::Tell(Severity::Error, text) if text.written().contains("device lost")))
    );
    assert_eq!(scene.asked(&actions), (Slot::Files, running));
    assert_eq!(taken(&scene.answer(Slot::Files, running)), [LONE]);
}

#[test]
fn a_card_whose_worker_dies_gives_its_question_to_the_cpu() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    scene.step(Event::Attend);
    let actions = scene.step(Event::Died(Slot::Graphics, "unreachable".into()));
    assert_eq!(scene.asked(&actions).0, Slot::Files);
}

#[test]
fn a_card_that_never_answers_is_given_up() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    scene.step(Event::Attend);
    let actions = scene.step(Event::HandedOut(LONE, "numbers"));
    let Some(Action::Wait(wait)) = actions.last() else { panic!("{actions:?}") };
    let actions = scene.step(Event::Waited(*wait));
    assert_eq!(scene.asked(&actions).0, Slot::Files);
}

#[test]
fn a_wait_for_an_answer_that_came_is_over() {
    let mut scene = Scene::on_webgpu().with_lone_slice();
    scene.step(Event::Attend);
    let actions = scene.step(Event::HandedOut(LONE, "numbers"));
    let Some(Action::Wait(wait)) = actions.last() else { panic!("{actions:?}") };
    let (slot, running) = scene.asked(&actions);
    scene.answer(slot, running);
    assert_eq!(scene.step(Event::Waited(*wait)), []);
}

#[test]
fn a_card_that_never_ends_its_test_is_given_up_quietly_for_the_work() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() }).with_lone_slice();
    scene.step(Event::Opened);
    let running = scene.prompted_on_cpu();
    let actions = scene.step(Event::Probing(Slot::Graphics));
    let [Action::Wait(wait)] = actions[..] else { panic!("{actions:?}") };
    let actions = scene.step(Event::Waited(wait));
    assert!(actions.contains(&Action::End(Slot::Graphics)));
    assert_eq!(asks(&actions).count(), 0, "the CPU has the question already");
    assert_eq!(scene.scheduler.running(), Some(running));
}

#[test]
fn a_slow_card_is_said_to_those_who_ask_and_the_cpu_goes_on() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    let actions = scene.step(Event::Failed(Slot::Graphics, too_slow()));
    assert!(matches!(&actions[0], Action::Trial(Trial::Over(_))));
    assert!(!actions.iter().any(|action| matches!(action, Action::Tell(..))));
}

#[test]
fn webgpu_that_was_asked_for_and_fails_leaves_the_cpu() {
    let mut scene = Scene::new(Machine { wanted: Some(DeviceKind::WebGpu), has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    let actions = scene.step(Event::Died(Slot::Graphics, "driver".into()));
    assert!(actions.contains(&Action::Load(Slot::Files, None)));
}

#[test]
fn no_device_at_all_is_said() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    let refused = StartFailure::Device(Refusal::SelfTest("wrong".into()));
    let actions = scene.step(Event::Failed(Slot::Files, refused.clone()));
    assert!(actions.contains(&Action::Start(Slot::Graphics)));
    let actions = scene.step(Event::Failed(Slot::Graphics, refused));
    assert!(actions.iter().any(|action| matches!(action, Action::Engine(Engine::Failed(_)))));
}

#[test]
fn a_model_that_does_not_arrive_ends_the_start() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() });
    scene.step(Event::Opened);
    let failure = StartFailure::Download { url: "weights".into(), why: "404".into() };
    let actions = scene.step(Event::Failed(Slot::Files, failure));
    assert!(matches!(&actions[..], [Action::Engine(Engine::Failed(why))] if why.written().contains("404")));
}

#[test]
fn without_the_files_nothing_goes_on() {
    let mut scene = Scene::on_webgpu().with_study(18);
    scene.step(Event::WholeWanted(STUDY, 0.0));
    let actions = scene.step(Event::Died(Slot::Files, "out of memory".into()));
    assert!(actions.contains(&Action::End(Slot::Graphics)));
    assert!(actions.iter().any(|action| matches!(action, Action::Engine(Engine::Failed(_)))));
    assert_eq!((scene.scheduler.running(), scene.scheduler.whole()), (None, None));
    assert_eq!(scene.step(Event::Attend), []);
}

#[test]
fn webgpu_takes_over_from_extra_workers() {
    let mut scene = Scene::new(Machine { has_webgpu: true, spare: 2, ..Machine::default() }).with_study(18);
    scene.step(Event::Opened);
    let actions = scene.step(Event::Ready(Slot::Files, ready(DeviceKind::Cpu)));
    let (slot, running) = scene.asked(&actions);
    scene.answer(slot, running);
    scene.step(Event::WholeWanted(STUDY, 0.0));
    let actions = scene.step(Event::Ready(Slot::Graphics, ready(DeviceKind::WebGpu)));
    assert_eq!(actions.iter().filter(|action| matches!(action, Action::End(Slot::Extra(_)))).count(), 2);
}

#[test]
fn a_question_to_the_cpu_from_before_webgpu_took_over_still_counts() {
    let mut scene = Scene::new(Machine { has_webgpu: true, ..Machine::default() }).with_lone_slice();
    scene.step(Event::Opened);
    let running = scene.prompted_on_cpu();
    scene.step(Event::Ready(Slot::Graphics, ready(DeviceKind::WebGpu)));
    assert_eq!(taken(&scene.answer(Slot::Files, running)), [LONE]);
}

#[test]
fn a_study_without_flair_is_not_asked_about_before_a_person_wants_it() {
    for mut scene in [Scene::on_cpu(3).with_study(24), Scene::on_webgpu().with_study(24)] {
        scene.page.withheld = scene.page.slices.iter().copied().collect();
        scene.page.prompted.insert(FileId(100));
        let events = [
            Event::Looked,
            Event::Waited(Wait::Rest(FileId(100))),
            Event::Attend,
            Event::Wanted(FileId(100), Gate::Presence),
            Event::WholeWanted(STUDY, 0.0),
            Event::Attend,
        ];
        for event in events {
            let actions = scene.step(event.clone());
            assert!(asks(&actions).len() == 0 && handed_out(&actions).is_empty(), "{event:?}: {actions:?}");
            let told = actions.iter().any(|action| matches!(action, Action::Tell(Severity::Info, _)));
            assert_eq!(told, matches!(event, Event::WholeWanted(..)), "{actions:?}");
        }
        assert!(scene.scheduler.whole().is_none());
        scene.page.withheld.clear();
        let actions = scene.step(Event::Attend);
        assert!(asks(&actions).len() + handed_out(&actions).len() == 1, "{actions:?}");
    }
}

#[test]
fn a_whole_study_goes_on_while_one_without_flair_is_looked_at() {
    let mut scene = Scene::on_cpu(0).with_study(6);
    let actions = scene.step(Event::WholeWanted(STUDY, 0.0));
    let (slot, running) = scene.asked(&actions);
    scene.page.on_screen = Some(LONE);
    scene.page.withheld.insert(LONE);
    assert!(asks(&scene.step(Event::Looked)).len() == 0);
    let actions = scene.answer(slot, running);
    assert_eq!(scene.asked(&actions).1.file, FileId(101));
}

/// The network has answered for the lone slice, and the pointer rests on it: that question.
fn hovered() -> (Scene, Slot, Running) {
    let mut scene = Scene::on_cpu(0).with_lone_slice();
    let actions = scene.step(Event::Attend);
    let (slot, running) = scene.asked(&actions);
    scene.answer(slot, running);
    let actions = scene.step(Event::Hovered(LONE));
    let (slot, running) = scene.asked(&actions);
    (scene, slot, running)
}

#[test]
fn what_a_click_would_change_is_asked_while_nobody_waits() {
    let (mut scene, slot, running) = hovered();
    assert_eq!(running.question, Question::Foreseen);
    assert_eq!(scene.scheduler.running(), None, "nothing is shown to be computed");
    assert_eq!(asks(&scene.step(Event::Attend)).len(), 0, "it goes on");
    assert_eq!(taken(&scene.answer(slot, running)), [LONE]);
}

#[test]
fn of_places_that_the_pointer_rested_on_the_latest_counts() {
    let (mut scene, slot, first) = hovered();
    let actions = scene.step(Event::Hovered(LONE));
    let second = scene.asked(&actions).1;
    assert_eq!(taken(&scene.answer(slot, first)), []);
    assert_eq!(taken(&scene.answer(slot, second)), [LONE]);
}

#[test]
fn a_click_goes_before_what_one_would_change() {
    let (mut scene, slot, ahead) = hovered();
    scene.page.prompted.insert(LONE);
    let actions = scene.step(Event::Attend);
    let click = scene.asked(&actions).1;
    assert_eq!(click.question, Question::Prompts);
    assert_eq!(asks(&scene.step(Event::Hovered(LONE))).len(), 0, "a person waits");
    assert_eq!(taken(&scene.answer(slot, ahead)), []);
    assert_eq!(taken(&scene.answer(slot, click)), [LONE]);
}

#[test]
fn a_volume_goes_before_what_a_click_would_change() {
    let mut scene = Scene::on_cpu(0).with_study(3);
    let actions = scene.step(Event::Attend);
    let (slot, running) = scene.asked(&actions);
    scene.answer(slot, running);
    scene.step(Event::Hovered(FileId(100)));
    let actions = scene.step(Event::WholeWanted(STUDY, 0.0));
    assert_eq!(scene.asked(&actions).1.file, FileId(101));
    assert_eq!(asks(&scene.step(Event::Hovered(FileId(100)))).len(), 0);
}

#[test]
fn a_look_ahead_that_fails_is_not_told() {
    let (mut scene, slot, running) = hovered();
    assert_eq!(scene.step(Event::AnswerFailed(slot, running.request, "out of memory".into())), []);
    assert_eq!(asks(&scene.step(Event::Hovered(LONE))).len(), 1);
}
