//! The worker program that reads files and computes on the CPU: messages in, to the catalog or the engine, replies out.

use std::cell::Cell;
use std::rc::Rc;

use burn::prelude::Device;
use catalog::{Catalog, Host, OpenSlice, Registering};
use gloo::timers::future::TimeoutFuture;
use protocol::{DeviceKind, FromWorker, Pieces, ToWorker};
use wasm_bindgen_futures::spawn_local;
use worker::handing_over::{self, Taken};
use worker::inbox::{self, Inbox};
use worker::post::{now_ms, post};
use worker::{KnownSlice, Loaded, Opened, answer, start};

/// Time between two words on how far a registration is, in milliseconds.
const PROGRESS_MS: f64 = 100.0;

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
    let mut taken = Taken::default();
    let loaded = Loaded::default();
    let latest = Rc::new(Cell::new(0));
    loop {
        match inbox::next(&inbox).await {
            // Slices are decoded while the model is on its way.
            ToWorker::Start { model, limit_ms } => {
                let cpu =
                    Opened { device: Device::flex(), kind: DeviceKind::Cpu, adapter: "WebAssembly, one core".into() };
                spawn_local(start(async { Ok(cpu) }, model, limit_ms, loaded.clone()));
            }
            ToWorker::HandOut { file } => {
                if let Some(slice) = catalog.slice(file) {
                    post(&FromWorker::HandedOut { file, slice: handing_over::sent(&known(slice)) });
                }
            }
            message @ (ToWorker::Segment { file, .. } | ToWorker::Refine { file, .. }) => {
                let slice = catalog.slice(file).map(known).or_else(|| taken.slice(file));
                answer(message, &loaded, slice, Inbox::turn(&inbox)).await;
            }
            // To one of the further workers with this program, which helps with a volume.
            ToWorker::Take { file, slice } => taken.take(file, &slice),
            // Reaching this far, nothing is being computed.
            ToWorker::Cancel => {}
            ToWorker::Link { fixed, moving, register: true } => {
                begin(catalog.registering(fixed, moving), &latest);
            }
            ToWorker::RegisterSequence { study, sequence } => {
                begin(catalog.registering_sequence(study, sequence), &latest);
            }
            message @ (ToWorker::Link { .. }
            | ToWorker::PlaceSequence { .. }
            | ToWorker::Compose { .. }
            | ToWorker::TakeVolume { .. }) => {
                // Ends a registration that is on its way.
                latest.set(latest.get() + 1);
                catalog.handle(message, &mut Browser);
            }
            message => catalog.handle(message, &mut Browser),
        }
    }
}

/// Takes up a registration in the place of the one that is on its way.
fn begin(registering: Option<Result<Registering, FromWorker<Pieces>>>, latest: &Rc<Cell<u32>>) {
    let mine = latest.get() + 1;
    latest.set(mine);
    match registering {
        Some(Ok(registering)) => spawn_local(register(registering, latest.clone(), mine)),
        Some(Err(reply)) => post(&reply),
        None => {}
    }
}

/// Goes on with a registration, between messages, until it is done or another one is the latest.
async fn register(mut registering: Registering, latest: Rc<Cell<u32>>, mine: u32) {
    let mut told_ms = f64::NEG_INFINITY;
    loop {
        // Lets messages in.
        TimeoutFuture::new(0).await;
        if latest.get() != mine {
            return;
        }
        let (reply, done) = registering.step();
        if done || now_ms() - told_ms >= PROGRESS_MS {
            told_ms = now_ms();
            post(&reply);
        }
        if done {
            return;
        }
    }
}

fn known(OpenSlice { slice, surroundings }: OpenSlice<'_>) -> KnownSlice<'_> {
    KnownSlice { slice, surroundings }
}
