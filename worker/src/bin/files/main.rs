//! The worker program that reads files and computes on the CPU.

mod library;

use burn::prelude::Device;
use protocol::{DeviceKind, FromWorker, ToWorker};
use wasm_bindgen_futures::spawn_local;
use worker::inbox::{self, Inbox};
use worker::lending::{self, Lent};
use worker::post::post_with;
use worker::{Opened, Place, answer, start};

use crate::library::Library;

fn main() {
    console_error_panic_hook::set_once();
    spawn_local(run());
}

async fn run() {
    let inbox = inbox::listen();
    let mut library = Library::default();
    let mut lent = Lent::default();
    let place = Place::default();
    loop {
        let (message, buffers) = inbox::next(&inbox).await;
        let mut buffers = buffers.into_iter();
        let mut buffer = || buffers.next().unwrap_or_default();
        match message {
            // Slices are decoded while the model is on its way.
            ToWorker::Start { model, limit_ms } => {
                let cpu =
                    Opened { device: Device::flex(), kind: DeviceKind::Cpu, adapter: "WebAssembly, one core".into() };
                spawn_local(start(async { Ok(cpu) }, model, limit_ms, place.clone()));
            }
            ToWorker::Open { file, name } => library.open(file, &name, buffer()),
            ToWorker::Settle => library.settle(),
            ToWorker::Compose { study, series } => library.compose(study, series),
            ToWorker::Export { study, format, corrected, now, model, threshold: _ } => {
                library.export(study, format, corrected, now, model, &buffer());
            }
            ToWorker::Borrow { file } => {
                if let Some(page) = library.page(file) {
                    let (width, height) = (page.slice.width(), page.slice.height());
                    let [intensities, numbers] = lending::to_buffers(&page);
                    post_with(&FromWorker::Lent { file, width, height }, &[&intensities, &numbers]);
                }
            }
            ToWorker::LookAt { file, at } => library.look_at(file, at),
            ToWorker::Close { file } => library.close(file),
            ToWorker::CloseStudy { study } => library.close_study(study),
            ToWorker::Segment { file, .. } | ToWorker::Refine { file, .. } => {
                let page = library.page(file).or_else(|| lent.page(file));
                answer(message, &buffer(), &place, page, Inbox::turn(&inbox)).await;
            }
            // Reaching this far, nothing is being computed.
            ToWorker::Cancel => {}
            // To one of the further workers with this program, which helps with a volume.
            ToWorker::Lend { file, width, height } => lent.take(file, (width, height), &buffer(), &buffer()),
        }
    }
}
