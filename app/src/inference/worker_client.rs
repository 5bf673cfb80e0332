//! The page's handle on the worker: messages go out once it listens, and come back typed.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use protocol::envelope::{pack, unpack};
use protocol::{FromWorker, ToWorker};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::language::text;

/// A worker program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Reads files, computes on the CPU.
    Files,
    /// Computes on WebGPU.
    Graphics,
}

impl Program {
    /// Name of its files, which a worker with it bears.
    fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Graphics => "graphics",
        }
    }
}

/// Address of what starts a program, relative to the page.
const BOOT: &str = "./worker-boot.js";

/// What the worker says.
pub enum Heard {
    /// A message, its buffers in the browser's memory.
    Message(FromWorker<Uint8Array>),
    /// The worker died.
    Died(String),
}

/// A running worker. Clones are the same worker.
#[derive(Clone)]
pub struct WorkerClient {
    worker: Worker,
    /// Messages for a worker that does not listen yet; none once it does.
    waiting: Rc<RefCell<Option<Vec<Letter>>>>,
}

/// A message with its buffers, and the buffers again, to be transferred.
type Letter = (Array, Array);

impl WorkerClient {
    /// Starts the worker; `heard` is called with everything it says.
    pub fn start(program: Program, heard: impl Fn(Heard) + 'static) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(program.name());
        let worker = Worker::new_with_options(BOOT, &options).map_err(|_| text!("why-no-module-worker").written())?;
        let client = Self { worker, waiting: Rc::new(RefCell::new(Some(Vec::new()))) };

        let heard = Rc::new(heard);
        let listener = {
            let (client, heard) = (client.clone(), heard.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                // Of a program that is still on its way, just the bytes that have come.
                if let Some(loaded) = event.data().as_f64() {
                    return heard(Heard::Message(FromWorker::Loading { loaded: loaded as usize, total: 0 }));
                }
                let parts = Array::from(&event.data());
                let message = Uint8Array::new(&parts.get(0)).to_vec();
                let buffers = parts.iter().skip(1).map(|buffer| Uint8Array::new(&buffer));
                match unpack(&message, buffers, |buffer| buffer.byte_length() as usize) {
                    Ok(FromWorker::Hello) => client.deliver(),
                    Ok(message) => heard(Heard::Message(message)),
                    Err(error) => heard(Heard::Died(error.to_string())),
                }
            })
        };
        client.worker.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        listener.forget();

        let died = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| heard(Heard::Died(event.message())));
        client.worker.set_onerror(Some(died.as_ref().unchecked_ref()));
        died.forget();
        Ok(client)
    }

    /// Ends the worker, whatever it is doing; nothing more is heard of it.
    pub fn stop(self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }

    /// Sends a message; buffers in the browser's memory are given away.
    pub fn send(&self, message: &ToWorker<Uint8Array>) {
        let (message, buffers): (Vec<u8>, Vec<Uint8Array>) = pack(message);
        let parts = Array::of1(&Uint8Array::from(&message[..]));
        let transfer = Array::new();
        for buffer in buffers {
            parts.push(&buffer.buffer());
            transfer.push(&buffer.buffer());
        }
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push((parts, transfer)),
            None => self.post(&parts, &transfer),
        }
    }

    fn deliver(&self) {
        for (parts, transfer) in self.waiting.take().into_iter().flatten() {
            self.post(&parts, &transfer);
        }
    }

    fn post(&self, parts: &Array, transfer: &Array) {
        self.worker.post_message_with_transfer(parts, transfer).expect("bytes and buffers can always be sent");
    }
}

/// Whether the browser has WebGPU at all; a graphics adapter is another matter.
pub fn has_webgpu() -> bool {
    let navigator = web_sys::window().map(|window| window.navigator());
    navigator.is_some_and(|navigator| js_sys::Reflect::has(&navigator, &"gpu".into()).unwrap_or(false))
}
