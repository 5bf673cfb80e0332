//! The worker program that reads files and computes on the CPU: messages in, to the catalog or the engine, replies out.

use burn::prelude::Device;
use catalog::{Catalog, Host, OpenSlice};
use protocol::{DeviceKind, FromWorker, Pieces, ToWorker};
use wasm_bindgen_futures::spawn_local;
use worker::inbox::{self, Inbox};
use worker::lending::{self, Lent};
use worker::post::{now_ms, post};
use worker::{Opened, Page, Place, answer, start};

fn main() {
    console_error_panic_hook::set_once();
    spawn_local(run());
}

/// What the browser gives the catalog.
struct Browser;

impl Host for Browser {
    fn now_ms(&self) -> f64 {
        now_ms()
    }

    fn random(&mut self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("every browser has a source of random numbers");
        u128::from_le_bytes(bytes)
    }

    fn reply(&mut self, message: FromWorker<Pieces>) {
        post(&message);
    }
}

async fn run() {
    let inbox = inbox::listen();
    let mut catalog = Catalog::default();
    let mut lent = Lent::default();
    let place = Place::default();
    loop {
        match inbox::next(&inbox).await {
            // Slices are decoded while the model is on its way.
            ToWorker::Start { model, limit_ms } => {
                let cpu =
                    Opened { device: Device::flex(), kind: DeviceKind::Cpu, adapter: "WebAssembly, one core".into() };
                spawn_local(start(async { Ok(cpu) }, model, limit_ms, place.clone()));
            }
            ToWorker::Borrow { file } => {
                if let Some(slice) = catalog.slice(file) {
                    post(&FromWorker::Lent { file, slice: lending::sent(&page(slice)) });
                }
            }
            message @ (ToWorker::Segment { file, .. } | ToWorker::Refine { file, .. }) => {
                let page = catalog.slice(file).map(page).or_else(|| lent.page(file));
                answer(message, &place, page, Inbox::turn(&inbox)).await;
            }
            // To one of the further workers with this program, which helps with a volume.
            ToWorker::Lend { file, slice } => lent.take(file, &slice),
            // Reaching this far, nothing is being computed.
            ToWorker::Cancel => {}
            message => catalog.handle(message, &mut Browser),
        }
    }
}

fn page(OpenSlice { slice, surroundings }: OpenSlice<'_>) -> Page<'_> {
    Page { slice, surroundings }
}
