//! Labels on their way to their slices: by name, or to the one on screen.

use std::sync::Arc;

use imaging::{Mask, Size};
use leptos::prelude::*;
use protocol::FileId;

use super::Documents;
use super::pairing::stem;
use crate::language::text;
use crate::notices::Severity;

impl Documents {
    /// Keeps a label for the slice of a stem.
    pub(super) fn expect_slice_of(self, stem: String, label: Mask) {
        self.orphans.update_value(|orphans| orphans.push((stem, Arc::new(label))));
    }

    /// Takes a label of each slice.
    pub fn label_slices(self, labels: impl Iterator<Item = (FileId, Mask)>) {
        self.labels.update(|all| all.extend(labels.map(|(id, label)| (id, Arc::new(label)))));
    }

    /// The label of a slice, if it has one.
    pub fn label_of(self, id: FileId) -> Option<Arc<Mask>> {
        self.labels.with(|all| all.get(&id).cloned())
    }

    /// Gives every label to the slice of its name, or to the one on screen once all files are read.
    pub fn adopt_orphans(self) {
        let all_read = self.opening.with_untracked(|opening| opening.is_empty());
        let orphans = self.orphans.get_value();
        let remaining = orphans.into_iter().filter(|(wanted, mask)| {
            let by_name = self.entries.with_untracked(|entries| {
                entries.iter().rev().find(|entry| stem(&entry.name) == wanted).map(|entry| entry.id)
            });
            match by_name.or_else(|| self.selected.get_untracked().filter(|_| all_read)) {
                Some(id) => {
                    self.attach(id, mask, wanted);
                    false
                }
                None if all_read => {
                    self.notices.latest_drop(Severity::Error, text!("label-without-slice", name = wanted));
                    false
                }
                None => true,
            }
        });
        self.orphans.set_value(remaining.collect());
    }

    fn attach(self, id: FileId, mask: &Arc<Mask>, name: &str) {
        let Some(size) = self.size_of(id) else { return };
        if size == mask.size() {
            self.labels.update(|labels| drop(labels.insert(id, mask.clone())));
        } else {
            let (Size { width, height }, own) = (size, mask.size());
            let text =
                text!("label-of-other-size", name, own_width = own.width, own_height = own.height, width, height);
            self.notices.latest_drop(Severity::Error, text);
        }
    }
}
