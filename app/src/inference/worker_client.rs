//! The page's handle on the worker: messages go out once it listens, and come back typed.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use protocol::{FromWorker, ToWorker, from_json, to_json};
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

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
    /// A message with its buffers.
    Message(FromWorker, Vec<Uint8Array>),
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
        let worker = Worker::new_with_options(BOOT, &options)
            .map_err(|_| "this browser cannot start a module worker".to_owned())?;
        let client = Self { worker, waiting: Rc::new(RefCell::new(Some(Vec::new()))) };

        let heard = Rc::new(heard);
        let listener = {
            let (client, heard) = (client.clone(), heard.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let parts = Array::from(&event.data());
                let json = parts.get(0).as_string().unwrap_or_default();
                match from_json(&json) {
                    Ok(FromWorker::Hello) => client.deliver(),
                    Ok(message) => {
                        let buffers = parts.iter().skip(1).map(|buffer| Uint8Array::new(&buffer)).collect();
                        heard(Heard::Message(message, buffers));
                    }
                    Err(error) => heard(Heard::Died(format!("page and worker are of different versions: {error}"))),
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

    /// Sends a message with its buffers, which the page gives away.
    pub fn send(&self, message: &ToWorker, buffers: &[Uint8Array]) {
        let parts = Array::of1(&JsValue::from_str(&to_json(message)));
        let transfer = Array::new();
        for bytes in buffers {
            parts.push(&bytes.buffer());
            transfer.push(&bytes.buffer());
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
        self.worker.post_message_with_transfer(parts, transfer).expect("strings and buffers can always be sent");
    }
}

/// Whether the browser has WebGPU at all; a graphics adapter is another matter.
pub fn has_webgpu() -> bool {
    let navigator = web_sys::window().map(|window| window.navigator());
    navigator.is_some_and(|navigator| js_sys::Reflect::has(&navigator, &"gpu".into()).unwrap_or(false))
}
