//! The site kept on this computer by its service worker (`public/offline.js`), so that it opens without a network.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RegistrationOptions, ServiceWorkerUpdateViaCache};

use crate::address;
use crate::inference::{Engine, Inference};

/// Address of the service worker, relative to the page.
const PROGRAM: &str = "./offline.js";
/// Where the site is developed and tested: what is served there changes from build to build, so it is kept only if the
/// address says `?offline`.
const WORKSHOP: [&str; 2] = ["localhost", "127.0.0.1"];

/// Whether the whole site is on this computer. Copies are the same.
#[derive(Clone, Copy)]
pub struct Offline(RwSignal<bool>);

impl Offline {
    /// Keeps the site once the engine stands: before, the page needs the connection for itself.
    pub fn start(inference: Inference) -> Self {
        let kept = RwSignal::new(false);
        let ready = Memo::new(move |_| inference.engine.with(Engine::is_ready));
        Effect::new(move |_| {
            if ready.get() && wanted() {
                spawn_local(async move { kept.set(keep().await.is_some()) });
            }
        });
        Self(kept)
    }

    /// Whether it is.
    pub fn kept(self) -> bool {
        self.0.get()
    }
}

fn wanted() -> bool {
    let here = window().location().hostname().is_ok_and(|host| WORKSHOP.contains(&host.as_str()));
    !here || address::parameter("offline").is_some()
}

/// Nothing where the browser keeps no site, as in a private window, or the files did not come whole.
async fn keep() -> Option<()> {
    // Undefined in a page that came over a connection that is not secure.
    let navigator = window().navigator();
    js_sys::Reflect::get(&navigator, &"serviceWorker".into()).ok().filter(|container| container.is_object())?;
    let container = navigator.service_worker();
    let options = RegistrationOptions::new();
    // However long the host lets its files be kept, a newer version is noticed at the next visit, and used at the one after.
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    JsFuture::from(container.register_with_options(PROGRAM, &options)).await.ok()?;
    JsFuture::from(container.ready().ok()?).await.ok().map(drop)
}
