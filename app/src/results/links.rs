//! Where the slices of studies lie in each other, as the worker has said.

use std::collections::HashMap;

use leptos::prelude::*;
use protocol::{Link, StudyId};

/// Links from study to study. Copies are the same.
#[derive(Clone, Copy)]
pub struct Links(RwSignal<HashMap<(StudyId, StudyId), Link>>);

impl Links {
    /// Nothing is linked.
    pub fn new() -> Self {
        Self(RwSignal::new(HashMap::new()))
    }

    /// From the voxels of one study to those of another; none as long as the worker has not said.
    pub fn between(self, from: StudyId, to: StudyId) -> Option<Link> {
        self.0.with(|links| links.get(&(from, to)).copied())
    }

    /// The pairs that are registered, each once, with the ways there and back.
    pub fn registered(self) -> Vec<([StudyId; 2], Link, Link)> {
        self.0.with(|links| {
            let once = links.iter().filter(|((a, b), link)| a < b && link.registration.is_some());
            once.filter_map(|(&(a, b), &link)| Some(([a, b], link, *links.get(&(b, a))?))).collect()
        })
    }

    /// The worker has linked a pair, by registration or by headers.
    pub fn take(self, (fixed, moving): (StudyId, StudyId), link: Link, back: Link) {
        self.0.update(|links| {
            links.insert((fixed, moving), link);
            links.insert((moving, fixed), back);
        });
    }

    /// A study has other numbers or is closed.
    pub fn forget(self, study: StudyId) {
        self.0.update(|links| links.retain(|(a, b), _| *a != study && *b != study));
    }
}
