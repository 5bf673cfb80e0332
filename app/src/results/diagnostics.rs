//! What a person sends along when something is wrong: the program, its device and its times; nothing of a patient.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::Results;
use crate::inference::{Engine, Trial};
use crate::language::text;
use crate::notices::{Notices, Severity};

impl Results {
    /// Program, device, times and browser, a line each.
    pub fn diagnostics(self) -> String {
        let mut lines = vec![format!("Gliolens {}", env!("CARGO_PKG_VERSION"))];
        lines.push(match self.inference.engine.get_untracked() {
            Engine::Loading { loaded, total } => format!("engine: loading, {loaded} of {total} bytes"),
            Engine::Probing(device) => format!("engine: testing {device}"),
            Engine::Failed(why) => format!("engine: none ({why})"),
            Engine::Ready(ready) => format!(
                "engine: {} on {} ({}), self-test {:.1e}{}",
                ready.model,
                ready.device,
                ready.adapter,
                ready.self_test_difference,
                ready.slice_ms.map_or(String::new(), |ms| format!(", a slice takes {ms:.0} ms"))
            ),
        });
        if let Trial::Over(why) = self.inference.trial.get_untracked() {
            lines.push(format!("WebGPU: {why}"));
        }
        if let Some(found) = self.annotation.segmentation.get_untracked() {
            let times = found.times;
            lines.push(format!(
                "latest slice: normalise {:.1} ms, encoder {:.1} ms, network {:.1} ms",
                times.normalize_ms, times.encode_ms, times.forward_ms
            ));
        }
        let navigator = window().navigator();
        let number = |name: &str| Reflect::get(&navigator, &name.into()).ok().and_then(|value| value.as_f64());
        let written = |value: Option<f64>| value.map_or("unknown".to_owned(), |value| value.to_string());
        lines.push(format!("browser: {}", navigator.user_agent().unwrap_or_default()));
        lines.push(format!(
            "cores: {}, memory in GB: {}",
            written(number("hardwareConcurrency")),
            written(number("deviceMemory"))
        ));
        let (width, height) = self.viewport.canvas_px.get_untracked();
        lines.push(format!("image: {width:.0} x {height:.0} px, density {}", window().device_pixel_ratio()));
        lines.join("\n")
    }

    /// Copies them, and says so.
    pub fn copy_diagnostics(self, notices: Notices) {
        let text = self.diagnostics();
        spawn_local(async move {
            let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            match copied {
                Ok(_) => notices.page(Severity::Info, text!("diagnostics-copied")),
                // A browser may not let pages copy: then it can be done by hand.
                Err(_) => notices.page(Severity::Info, text!("diagnostics-by-hand", text)),
            }
        });
    }
}
