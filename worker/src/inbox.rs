//! Messages of the page, in order, of which only the newest question counts.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use protocol::envelope::unpack;
use protocol::{FromWorker, ToWorker};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::post::post;

/// A message, its buffers in the worker's memory.
pub type Letter = ToWorker<Vec<u8>>;

/// What the page has said and the worker not yet read.
#[derive(Default)]
pub struct Inbox {
    letters: VecDeque<Letter>,
    /// Counts questions and cancellations: a computation whose count is not the latest is over.
    questions: u64,
    waker: Option<Waker>,
}

impl Inbox {
    fn put(&mut self, letter: Letter) {
        if is_question(&letter) || letter == ToWorker::Cancel {
            self.questions += 1;
            self.letters.retain(|letter| !is_question(letter));
        }
        self.letters.push_back(letter);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// The turn of the question that was read last.
    pub fn turn(inbox: &Rc<RefCell<Self>>) -> Turn {
        Turn { inbox: inbox.clone(), question: inbox.borrow().questions }
    }
}

fn is_question(message: &Letter) -> bool {
    matches!(message, ToWorker::Segment { .. } | ToWorker::Refine { .. })
}

/// The right to answer, until a newer question or a cancellation arrives.
pub struct Turn {
    inbox: Rc<RefCell<Inbox>>,
    question: u64,
}

impl Turn {
    /// Whether it has passed, after letting waiting messages in.
    pub async fn is_over(&self) -> bool {
        // Lets messages in that arrived while the processor was busy.
        TimeoutFuture::new(0).await;
        self.inbox.borrow().questions != self.question
    }
}

/// The next message.
pub async fn next(inbox: &Rc<RefCell<Inbox>>) -> Letter {
    poll_fn(|context| {
        let mut inbox = inbox.borrow_mut();
        match inbox.letters.pop_front() {
            Some(letter) => Poll::Ready(letter),
            None => {
                inbox.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await
}

/// An inbox into which every message of the page comes from now on; the page is told to begin.
pub fn listen() -> Rc<RefCell<Inbox>> {
    let inbox = Rc::new(RefCell::new(Inbox::default()));
    let listener = {
        let inbox = inbox.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let parts = Array::from(&event.data());
            let message = Uint8Array::new(&parts.get(0)).to_vec();
            let buffers = parts.iter().skip(1).map(|buffer| Uint8Array::new(&buffer).to_vec());
            match unpack(&message, buffers, Vec::len) {
                Ok(message) => inbox.borrow_mut().put(message),
                Err(error) => panic!("{error}"),
            }
        })
    };
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    post(&FromWorker::Hello);
    inbox
}
