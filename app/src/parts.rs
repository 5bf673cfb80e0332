//! Parts of the program that are fetched when they are asked for, since not everybody needs them.
//!
//! A part begins at a function marked `#[wasm_split(name, fallible)]`: what only such functions reach is not in the program that
//! is downloaded first. `xtask/src/page.rs` takes it apart; natively there is one program.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use crate::inference::Inference;
use crate::language::text;
use crate::notices::{Notices, Severity};

/// A part could not be fetched: there is no network, or the site has a newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFetched;

impl From<SplitLoaderError> for NotFetched {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// What a part gives: a view, or what the view asked for.
pub type Fetched<T> = Result<T, NotFetched>;

/// Makes a view of a part, as often as it comes and goes.
pub type Content = fn() -> AnyView;

/// Something that a part does in its own time, which cannot cross its border by itself.
pub type Task<T> = Pin<Box<dyn Future<Output = T>>>;

/// A view of a part, from the first time on that `wanted` holds. If the part cannot be fetched that is said, and tried again
/// when `wanted` holds anew.
pub fn view_when<F>(wanted: impl Fn() -> bool + 'static, part: impl Fn() -> F + 'static) -> impl IntoView
where
    F: Future<Output = Fetched<AnyView>> + 'static,
{
    let notices = expect_context::<Notices>();
    let owner = Owner::current().expect("a component has an owner");
    let view = StoredValue::new_local(None::<AnyView>);
    let is_there = RwSignal::new(false);
    let asked = StoredValue::new(false);
    Effect::new(move |_| {
        if !wanted() || asked.get_value() {
            return;
        }
        asked.set_value(true);
        // What the view holds lives as long as the component, not until this effect runs again.
        let fetching = owner.with(|| ScopedFuture::new_untracked(part()));
        spawn_local(async move {
            if let Some(fetched) = or_told(notices, fetching.await) {
                view.try_set_value(Some(fetched));
                is_there.try_set(true);
            } else {
                asked.try_set_value(false);
            }
        });
    });
    move || is_there.get().then(|| view.try_update_value(Option::take).flatten()).flatten()
}

/// A view of a part that is there while `shown` holds; the part is fetched as by [`view_when`].
pub fn view_while<F>(shown: Memo<bool>, part: impl Fn() -> F + 'static) -> impl IntoView
where
    F: Future<Output = Fetched<Content>> + 'static,
{
    let when = move || shown.get();
    let view = move || {
        let fetching = part();
        async move {
            let content = fetching.await?;
            Ok::<_, NotFetched>(view! { <Show when=when>{content()}</Show> }.into_any())
        }
    };
    view_when(when, view)
}

/// Fetches parts once the network is ready: what most people will need, and what nobody's work may be lost without.
pub fn fetch_ahead<F>(inference: Inference, parts: impl Fn() -> F + 'static)
where
    F: Future<Output = Result<(), SplitLoaderError>> + 'static,
{
    inference.once_ready(move || {
        let fetching = parts();
        // What does not come is asked for again, and missed, when it is needed.
        spawn_local(async move { drop(fetching.await) });
    });
}

/// Does what a part can do.
pub fn perform(notices: Notices, part: impl Future<Output = Fetched<()>> + 'static) {
    spawn_local(async move {
        or_told(notices, part.await);
    });
}

/// What comes of a task of a part; none if the part cannot be fetched, which is said.
pub async fn await_of<T>(notices: Notices, part: impl Future<Output = Fetched<Task<T>>>) -> Option<T> {
    Some(or_told(notices, part.await)?.await)
}

/// What a part gave; where it is not there, that is said.
fn or_told<T>(notices: Notices, fetched: Fetched<T>) -> Option<T> {
    fetched.map_err(|NotFetched| notices.page(Severity::Error, text!("part-not-fetched"))).ok()
}
