//! The page shows itself, as at a booth: with `?demo` in its address it plays a drop, a mask, a click and a whole volume after a
//! while without input, over and over, until somebody touches it.

use std::time::Duration;

use gloo::timers::future::sleep;
use imaging::PromptKind;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::FileId;
use wasm_split_helpers::wasm_split;

use crate::address;
use crate::annotation::tool::Tool;
use crate::app::App;
use crate::clock::since_navigation_ms;
use crate::documents::entry::Entry;
use crate::documents::samples::{LARGE, MISSED, STUDY, Sample};
use crate::language::{Text, Value, text};
use crate::parts::{self, Fetched, Task};
use crate::tour::{show_tumor, worst_place};
use crate::viewport::look::Look;

/// Time without input after which it begins, unless the address says how many seconds.
const WAIT: Duration = Duration::from_secs(30);
/// How often it looks whether what it waits for has happened.
const TICK: Duration = Duration::from_millis(50);
/// So many ticks it waits for the network at most: two minutes.
const PATIENCE: usize = 2400;
/// So many ticks a sample that was on its way may still take when the demonstration has ended: ten seconds.
const LATECOMER: usize = 200;
/// Time for a sentence of a caption.
const TO_READ: Duration = Duration::from_millis(3600);
/// Time in which the pointer gets anywhere; the style sheet moves it.
const TO_MOVE: Duration = Duration::from_millis(1300);

/// What is being shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A slice comes on the page.
    Drop,
    /// The network outlines it.
    Mask,
    /// A click corrects another.
    Click,
    /// A whole study is segmented.
    Volume,
}

impl Scene {
    /// Name for the page's attributes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Mask => "mask",
            Self::Click => "click",
            Self::Volume => "volume",
        }
    }
}

/// The demonstration. Copies are the same.
#[derive(Clone, Copy)]
pub struct Demo {
    app: App,
    /// What is being shown, with what is said of it; nothing while it does not play.
    pub caption: RwSignal<Option<(Scene, Text)>>,
    /// Where its pointer is, in CSS pixels of the window.
    pub pointer: RwSignal<Option<(f64, f64)>>,
    wait: Duration,
    /// How often somebody touched the page.
    inputs: StoredValue<u32>,
    /// When that was last, in ms of the page's clock.
    last_input_ms: StoredValue<f64>,
    /// The sample that it opened last, for as long as that has not been closed.
    latest: StoredValue<Option<Sample>>,
    /// What was open before it began: that is somebody's, and stays.
    theirs: StoredValue<Vec<FileId>>,
}

/// Somebody touched the page, or nothing came of what was waited for.
struct Interrupted;

impl Demo {
    /// The demonstration of a page; it never begins where the address does not ask for it.
    pub fn start(app: App) -> Self {
        let wanted = address::parameter("demo");
        let demo = Self {
            app,
            caption: RwSignal::new(None),
            pointer: RwSignal::new(None),
            wait: wait_of(wanted.as_deref()),
            inputs: StoredValue::new(0),
            last_input_ms: StoredValue::new(since_navigation_ms()),
            latest: StoredValue::new(None),
            theirs: StoredValue::new(Vec::new()),
        };
        if wanted.is_some() {
            demo.listen();
            spawn_local(async move {
                parts::await_of(app.notices, playing(demo)).await;
            });
        }
        demo
    }

    /// Whether it plays.
    pub fn plays(self) -> bool {
        self.caption.with(Option::is_some)
    }

    /// Any input counts; the one that ends it does nothing else.
    fn listen(self) {
        let key = window_event_listener(ev::keydown, move |event| {
            if untrack(|| self.plays()) {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
            self.touched();
        });
        // Browsers tell of a pointer that rests, too, when something moves below it.
        let moved = window_event_listener(ev::pointermove, move |event| {
            if event.movement_x() != 0 || event.movement_y() != 0 {
                self.touched();
            }
        });
        let others = [
            window_event_listener_untyped("pointerdown", move |_| self.touched()),
            window_event_listener_untyped("touchstart", move |_| self.touched()),
            window_event_listener_untyped("wheel", move |_| self.touched()),
            window_event_listener_untyped("dragenter", move |_| self.touched()),
        ];
        on_cleanup(move || {
            key.remove();
            moved.remove();
            others.into_iter().for_each(WindowListenerHandle::remove);
        });
    }

    fn touched(self) {
        self.inputs.update_value(|inputs| *inputs += 1);
        self.last_input_ms.set_value(since_navigation_ms());
        if !untrack(|| self.plays()) {
            return;
        }
        self.pointer.set(None);
        self.caption.set(None);
        // A label whose slice was closed meanwhile would be one without a slice.
        if !untrack(|| self.app.documents.is_reading()) {
            self.clear();
        }
    }

    async fn run(self) {
        loop {
            if let Some(rest) = rest(self.wait, since_navigation_ms() - self.last_input_ms.get_value()) {
                sleep(rest + TICK).await;
                continue;
            }
            let inputs = self.inputs.get_value();
            self.theirs.set_value(self.app.documents.entries.with_untracked(|all| all.iter().map(|e| e.id).collect()));
            while self.inputs.get_value() == inputs {
                drop(self.play(inputs).await);
                while untrack(|| self.app.documents.is_reading()) {
                    sleep(TICK).await;
                }
                self.clear();
            }
            // A study is put together only when all its files are there.
            for _ in 0..LATECOMER {
                let Some(sample) = self.latest.get_value() else { break };
                self.discard(sample);
                sleep(TICK).await;
            }
            self.latest.set_value(None);
        }
    }

    async fn play(self, inputs: u32) -> Result<(), Interrupted> {
        let App { annotation, documents, inference, viewport, .. } = self.app;
        // At rest before it is moved.
        self.pointer.set(Some(window_share(0.85, 0.95)));
        self.say(Scene::Drop, text!("demo-drop"));
        self.pause(TICK, inputs).await?;
        self.pointer.set(Some(window_share(0.5, 0.5)));
        self.pause(TO_MOVE, inputs).await?;
        self.open(LARGE);
        self.pointer.set(None);
        self.until(inputs, move || annotation.segmentation.with(Option::is_some)).await?;
        let times = annotation.segmentation.get_untracked().map(|found| found.times);
        let secs = times.map_or(0.0, |times| (times.normalize_ms + times.forward_ms) / 1000.0);
        self.say(Scene::Mask, text!("demo-mask", seconds = Value::fixed(secs, 2)));
        self.pause(TO_READ, inputs).await?;

        self.open(MISSED);
        self.say(Scene::Click, text!("demo-missed"));
        let ready = move || documents.label.with(Option::is_some) && annotation.segmentation.with(Option::is_some);
        self.until(inputs, move || documents.name().as_deref() == Some(MISSED.files[0]) && ready()).await?;
        documents.label.get_untracked().into_iter().for_each(|label| show_tumor(self.app, &label));
        self.pointer.set(Some(window_share(0.85, 0.95)));
        self.pause(TO_READ, inputs).await?;
        let (point, tool) = untrack(|| worst_place(self.app)).ok_or(Interrupted)?;
        self.pointer.set(self.on_page(point));
        self.pause(TO_MOVE, inputs).await?;
        let kind = if tool == Tool::Remove { PromptKind::Background } else { PromptKind::Tumor };
        annotation.click(point, kind);
        self.until(inputs, move || annotation.with_edits(|edits| edits.unanswered().is_none())).await?;
        let dice = untrack(|| annotation.overlap.get()).and_then(|overlap| overlap.dice()).unwrap_or_default();
        let [dice, before] = [dice, 0.0].map(|dice| Value::fixed(dice, 2));
        self.say(Scene::Click, text!("demo-click", dice, before));
        self.pause(TO_READ, inputs).await?;

        viewport.look.set(Look::WHOLE);
        self.pointer.set(None);
        self.open(STUDY);
        self.say(Scene::Volume, text!("demo-study"));
        self.until(inputs, move || documents.study_on_screen().is_some() && !documents.is_reading()).await?;
        let study = untrack(|| documents.study_on_screen()).ok_or(Interrupted)?;
        let slices = study.slices();
        let started = since_navigation_ms();
        annotation.segment_whole();
        self.say(Scene::Volume, text!("demo-slices", slices));
        self.until(inputs, move || inference.whole.with(Option::is_none)).await?;
        let secs = (since_navigation_ms() - started) / 1000.0;
        self.say(Scene::Volume, text!("demo-segmented", slices, seconds = Value::fixed(secs, 1)));
        self.pause(TO_READ, inputs).await
    }

    fn say(self, scene: Scene, text: Text) {
        self.caption.set(Some((scene, text)));
    }

    fn open(self, sample: Sample) {
        self.latest.set_value(Some(sample));
        self.app.open_sample(sample);
    }

    async fn pause(self, time: Duration, inputs: u32) -> Result<(), Interrupted> {
        sleep(time).await;
        if self.inputs.get_value() == inputs { Ok(()) } else { Err(Interrupted) }
    }

    async fn until(self, inputs: u32, holds: impl Fn() -> bool) -> Result<(), Interrupted> {
        for _ in 0..PATIENCE {
            if untrack(&holds) {
                return Ok(());
            }
            self.pause(TICK, inputs).await?;
        }
        Err(Interrupted)
    }

    /// Leaves the page as it was before.
    fn clear(self) {
        [LARGE, MISSED, STUDY].into_iter().for_each(|sample| self.discard(sample));
        self.pointer.set(None);
        self.caption.set(None);
        self.app.viewport.look.set(Look::WHOLE);
        self.app.annotation.tool.set(Tool::Add);
    }

    /// Closes a sample that it opened.
    fn discard(self, sample: Sample) {
        let is_sample = |name: &str| sample.files.contains(&name);
        let documents = self.app.documents;
        while let Some(id) = documents.entries.with_untracked(|entries| {
            let own = |entry: &&Entry| !self.theirs.with_value(|theirs| theirs.contains(&entry.id));
            let study = |id| documents.study(id).is_some_and(|study| is_sample(&study.info.name));
            let open = entries.iter().filter(own).find(|entry| entry.study().map_or(is_sample(&entry.name), study));
            open.map(|entry| entry.id)
        }) {
            self.app.discard(id);
            if self.latest.get_value() == Some(sample) {
                self.latest.set_value(None);
            }
        }
    }

    /// Where a point of the slice lies in the window.
    fn on_page(self, point: (f64, f64)) -> Option<(f64, f64)> {
        let (x, y) = self.app.viewport.canvas_from_slice.get_untracked()?.canvas_point(point);
        let view = document().query_selector("[data-view=main]").ok().flatten()?.get_bounding_client_rect();
        Some((view.left() + x, view.top() + y))
    }
}

#[wasm_split(guidance, fallible)]
fn playing(demo: Demo) -> Fetched<Task<()>> {
    Ok(Box::pin(demo.run()))
}

/// Time without input after which it begins, by what the address says.
fn wait_of(wanted: Option<&str>) -> Duration {
    let secs = wanted.and_then(|secs| secs.parse().ok()).filter(|secs| *secs > 0);
    secs.map_or(WAIT, Duration::from_secs)
}

/// So long it still waits after so many milliseconds without input; none once it begins.
fn rest(wait: Duration, idle_ms: f64) -> Option<Duration> {
    let rest_ms = wait.as_secs_f64() * 1000.0 - idle_ms;
    (rest_ms > 0.0).then(|| Duration::from_secs_f64(rest_ms / 1000.0))
}

/// A place in the window, as shares of its width and height.
fn window_share(x: f64, y: f64) -> (f64, f64) {
    let length = |length: Result<wasm_bindgen::JsValue, _>| length.ok().and_then(|px| px.as_f64()).unwrap_or_default();
    (x * length(window().inner_width()), y * length(window().inner_height()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_after_half_a_minute_without_input_unless_the_address_says_otherwise() {
        for wanted in [None, Some(""), Some("0"), Some("-3"), Some("soon")] {
            assert_eq!(wait_of(wanted), Duration::from_secs(30), "{wanted:?}");
        }
        assert_eq!(wait_of(Some("60")), Duration::from_secs(60));
        let wait = wait_of(None);
        assert_eq!(rest(wait, 0.0), Some(wait));
        assert_eq!(rest(wait, 29_999.0), Some(Duration::from_millis(1)), "an input in between begins anew");
        assert_eq!([30_000.0, 31_000.0].map(|idle_ms| rest(wait, idle_ms)), [None, None]);
    }
}
