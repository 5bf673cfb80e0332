//! The built site into the pictures of `docs/pictures`.

use crate::serve::{Server, Serving};
use crate::shell::{Problem, program, run};
use crate::site;
use crate::steps::Steps;
use crate::tools::{ensure_browser, ensure_npm};

/// Builds the site and takes every picture anew.
pub fn all(steps: &mut Steps) -> Result<(), Problem> {
    let browser = ensure_browser()?;
    ensure_npm("e2e")?;
    let site = site::build(steps)?;
    let server = Server::start(&site, &Serving::default())?;
    steps.step("pictures", || {
        let mut script = program("node");
        run(script.arg("e2e/pictures.mjs").env("SITE", server.address()).env("BROWSER_PROGRAM", &browser))
    })
}
