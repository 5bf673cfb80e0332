//! The registration that is on its way: the worker does one at a time.

use leptos::prelude::*;
use protocol::{Registration, StudyId};

use crate::language::{Text, Value, text};

/// What is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A study, to the one whose slices are on screen, which is the first.
    Studies(StudyId, StudyId),
    /// A sequence, to the FLAIR of its study.
    Sequence(StudyId, usize),
}

/// How far it is, or why the last one was not done. Copies are the same.
#[derive(Clone, Copy)]
pub struct Registering {
    /// What is on its way, and how much of it is done, 0..=1.
    now: RwSignal<Option<(Of, f64)>>,
    failed: RwSignal<Option<(Of, Text)>>,
}

impl Registering {
    /// Nothing is on its way.
    pub fn new() -> Self {
        Self { now: RwSignal::new(None), failed: RwSignal::new(None) }
    }

    /// The worker was asked.
    pub fn begin(self, of: Of) {
        self.now.set(Some((of, 0.0)));
        self.failed.set(None);
    }

    /// The worker goes on.
    pub fn goes_on(self, of: Of, share: f64) {
        if self.is_on_its_way(of) {
            self.now.set(Some((of, share)));
        }
    }

    /// It is done or called off; whether it was on its way.
    pub fn end(self, of: Of) -> bool {
        let was = self.is_on_its_way(of);
        if was {
            self.now.set(None);
        }
        was
    }

    /// Whatever was on its way is so no more.
    pub fn end_all(self) {
        self.now.set(None);
    }

    /// The worker could not.
    pub fn fail(self, of: Of, why: Text) {
        self.end(of);
        self.failed.set(Some((of, why)));
    }

    /// How much of it is done, if it is on its way.
    pub fn share(self, of: Of) -> Option<f64> {
        self.now.get().filter(|(now, _)| *now == of).map(|(_, share)| share)
    }

    /// How it stands in words: on its way, failed, or done with these figures; nothing if it was not asked for.
    pub fn said(self, of: Of, done: Option<Registration>) -> Option<Text> {
        if let Some(share) = self.share(of) {
            return Some(text!("registering", percent = (100.0 * share) as usize));
        }
        if let Some((_, why)) = self.failed.get().filter(|(failed, _)| *failed == of) {
            return Some(text!("not-registered-why", why));
        }
        done.map(figures)
    }

    fn is_on_its_way(self, of: Of) -> bool {
        self.now.with_untracked(|now| now.as_ref().is_some_and(|(now, _)| *now == of))
    }
}

/// By how much something was moved, and how sure that is.
fn figures(found: Registration) -> Text {
    let mm = |length: f64| Value::fixed(length, 1);
    let (turn, shift, spread) = (mm(found.turn_degrees), mm(found.shift_mm), mm(found.spread_mm));
    let said = text!("registered-by", turn, shift, spread = spread.clone());
    match found.sure {
        true => said,
        false => text!("two-sentences", first = said, second = text!("registered-unsure", spread)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_registration_is_on_its_way_and_others_are_not_heard() {
        let owner = Owner::new();
        owner.set();
        let (registering, flair) = (Registering::new(), Of::Sequence(StudyId(1), 0));
        let other = Of::Studies(StudyId(1), StudyId(2));
        registering.begin(flair);
        registering.goes_on(other, 0.5);
        assert_eq!((registering.share(flair), registering.share(other)), (Some(0.0), None));
        registering.goes_on(flair, 0.25);
        assert_eq!(registering.said(flair, None).map(|said| said.written()).as_deref(), Some("Registering, 25 % …"));
        // It takes the other's place.
        registering.begin(other);
        assert!(!registering.end(flair), "it is not on its way any more");
        registering.fail(other, "they differ".into());
        assert_eq!(registering.share(other), None);
        let said = registering.said(other, None).map(|said| said.written());
        assert_eq!(said.as_deref(), Some("Could not be registered: they differ."));
        assert!(registering.said(flair, None).is_none());
    }

    #[test]
    fn what_is_not_sure_is_said_so() {
        let owner = Owner::new();
        owner.set();
        let registration =
            Registration { sure: true, spread_mm: 0.24, overlap: 0.9, turn_degrees: 1.26, shift_mm: 2.0 };
        let said = |registration| {
            Registering::new().said(Of::Sequence(StudyId(1), 0), Some(registration)).map(|said| said.written())
        };
        let sure = "Registered: turned by 1.3°, moved by 2.0 mm; repeated searches agree to 0.2 mm.";
        assert_eq!(said(registration).as_deref(), Some(sure));
        let unsure = said(Registration { sure: false, ..registration }).unwrap();
        assert!(unsure.starts_with(sure) && unsure.ends_with("check the match by eye."), "{unsure}");
    }
}
