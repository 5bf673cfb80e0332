//! What only a part of the program computes: a memo that the part makes, so that the code behind it is in that part.

use leptos::prelude::*;

/// A memo that is made by whoever needs it first. Copies are the same.
pub(super) struct Late<T: Send + Sync + 'static> {
    /// What the memo lives as long as.
    owner: StoredValue<Owner>,
    made: RwSignal<Option<Memo<T>>>,
}

impl<T: Send + Sync + 'static> Clone for Late<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Late<T> {}

impl<T: Clone + Send + Sync + 'static> Late<T> {
    /// Not made yet. Made, it lives as long as what is being made now.
    pub fn new() -> Self {
        let owner = Owner::current().expect("a store has an owner");
        Self { owner: StoredValue::new(owner), made: RwSignal::new(None) }
    }

    /// The memo. Whoever calls this has the code that makes it: the first program must not.
    pub fn or_make(self, make: impl FnOnce() -> Memo<T>) -> Memo<T> {
        self.made.get_untracked().unwrap_or_else(|| {
            let memo = self.owner.get_value().with(make);
            self.made.set(Some(memo));
            memo
        })
    }

    /// Its value; none as long as nobody made it.
    pub fn get(self) -> Option<T> {
        Some(self.made.get()?.get())
    }
}
