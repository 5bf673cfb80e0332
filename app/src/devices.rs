//! The worker's start, and its second start on the CPU where WebGPU brings the first one down.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use protocol::{DeviceKind, FileId, ToWorker};

use crate::files;
use crate::notice::{self, Severity};
use crate::session::{Engine, Session};
use crate::worker_client::WorkerClient;

/// Model that is loaded unless the address names another.
const MODEL: &str = "lgg-resunetpp";
/// Time that WebGPU gets for the self-test, its programs' translation included.
const PATIENCE: Duration = Duration::from_secs(60);

impl Session {
    /// Starts the worker; on one device, if one is asked for.
    pub(crate) fn start_worker(self, only: Option<DeviceKind>) {
        self.starts.update_value(|starts| *starts += 1);
        match WorkerClient::start(move |heard| self.hear(heard)) {
            Ok(worker) => {
                worker.send(&ToWorker::Start { model: model_folder(), only });
                self.worker.set_value(Some(worker));
            }
            Err(why) => self.engine.set(Engine::Failed(why)),
        }
    }

    /// A device is tried. WebGPU may never answer.
    pub(crate) fn probing(self, device: DeviceKind) {
        self.engine.set(Engine::Probing(device));
        if !self.tries_webgpu() {
            return;
        }
        let start = self.starts.get_value();
        set_timeout(
            move || {
                if self.starts.get_value() == start && self.tries_webgpu() {
                    self.start_on_cpu(&format!("no answer within {} s", PATIENCE.as_secs()));
                }
            },
            PATIENCE,
        );
    }

    /// The worker died.
    pub(crate) fn died(self, why: &str) {
        self.running.set(None);
        if self.tries_webgpu() {
            return self.start_on_cpu(why);
        }
        let on_webgpu = self.engine.with_untracked(|engine| match engine {
            Engine::Probing(device) => *device == DeviceKind::WebGpu,
            Engine::Ready(ready) => ready.device == DeviceKind::WebGpu,
            Engine::Loading { .. } | Engine::Failed(_) => false,
        });
        self.engine.set(Engine::Failed(notice::died(why, on_webgpu)));
    }

    /// Whether WebGPU is being tried, and nobody insists on it.
    fn tries_webgpu(self) -> bool {
        device_in_address().is_none() && self.engine.get_untracked() == Engine::Probing(DeviceKind::WebGpu)
    }

    /// Starts a worker anew, without WebGPU, and hands it what the first one was handed.
    fn start_on_cpu(self, why: &str) {
        if let Some(worker) = self.worker.try_update_value(Option::take).flatten() {
            worker.stop();
        }
        self.notify(Severity::Error, notice::second_start(why));
        let open: Vec<FileId> = self.entries.with_untracked(|entries| entries.iter().map(|entry| entry.id).collect());
        open.into_iter().filter(|&id| self.entry(id).is_some()).for_each(|id| self.close(id));
        self.opening.set(BTreeMap::new());
        self.orphans.set_value(Vec::new());
        self.engine.set(Engine::Loading { loaded: 0, total: 0 });
        self.start_worker(Some(DeviceKind::Cpu));
        let early = self.early.try_update_value(std::mem::take).unwrap_or_default();
        early.into_iter().for_each(|handed| self.hand_over(handed));
    }
}

/// Address of the model's folder, relative to the page.
fn model_folder() -> String {
    let plain = |id: &String| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    format!("./models/{}", files::address_parameter("model").filter(plain).unwrap_or_else(|| MODEL.into()))
}

/// The device that the address asks for.
pub(crate) fn device_in_address() -> Option<DeviceKind> {
    match files::address_parameter("device")?.as_str() {
        "webgpu" => Some(DeviceKind::WebGpu),
        "cpu" => Some(DeviceKind::Cpu),
        _ => None,
    }
}
