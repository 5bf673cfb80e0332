//! Pictures of several heads: which of them the network looks at, and which it has not seen yet.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use leptos::prelude::*;
use protocol::{FileId, Point, Region, ToWorker, View};

use super::Documents;
use super::entry::{Content, Entry};
use super::picture::Picture;

impl Documents {
    /// Remembers the heads of a picture beside the one that the network looks at.
    pub(super) fn expect_heads(self, id: FileId, picture: &Picture, others: Vec<Point>) {
        if let Some(Region { left, top, width, height }) = picture.info.view.part
            && !others.is_empty()
        {
            // The first again after all others.
            let first = Point { x: (left + width / 2) as f32, y: (top + height / 2) as f32 };
            let places = others.into_iter().chain([first]).collect();
            self.unseen_heads.update_value(|all| drop(all.insert(id, places)));
        }
    }

    /// Whether a pixel of the picture on screen lies beside what the network looks at.
    pub fn is_beside_view(self, pixel: imaging::Point<usize>) -> bool {
        let part = self.picture.with_untracked(|picture| picture.as_ref().and_then(|picture| picture.info.view.part));
        part.is_some_and(|Region { left, top, width, height }| {
            !(left..left + width).contains(&pixel.x) || !(top..top + height).contains(&pixel.y)
        })
    }

    /// Lets the network look at the head at a pixel of a picture.
    pub fn look_at(self, file: FileId, pixel: imaging::Point<usize>) {
        self.stop_looking_on(file);
        self.send(&ToWorker::LookAt { file, at: Point { x: pixel.x as f32, y: pixel.y as f32 } });
    }

    /// Lets the network look at the next head of a picture that it has not seen, if there is one.
    pub fn look_on(self, file: FileId) {
        let next = |all: &mut HashMap<FileId, VecDeque<Point>>| all.get_mut(&file)?.pop_front();
        if let Some(at) = self.unseen_heads.try_update_value(next).flatten() {
            self.send(&ToWorker::LookAt { file, at });
        }
    }

    /// The network goes on to no other head of a picture by itself.
    pub fn stop_looking_on(self, file: FileId) {
        self.unseen_heads.update_value(|all| drop(all.remove(&file)));
    }

    /// The network looks at another part of a picture.
    pub fn framed(self, file: FileId, view: View) {
        self.entries.update(|entries| {
            let entry = entries.iter_mut().find(|entry| entry.id == file);
            if let Some(Entry { content: Content::Lone(picture), .. }) = entry {
                Arc::make_mut(picture).look(view);
            }
        });
    }
}
