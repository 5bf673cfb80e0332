//! Every test: formatting, lints, unit tests, and a real browser against the built site.

use std::fs;

use crate::independent;
use crate::serve::Server;
use crate::shell::{Problem, program, root, run};
use crate::site;
use crate::tools::{ensure_browser, ensure_npm, ensure_other_engines};

/// Id of the model that PyTorch answered for; lies in the tested site only.
const REFERENCE: &str = "pytorch-reference";

/// Runs everything, cheapest first.
pub fn all() -> Result<(), Problem> {
    run(program("cargo").args(["fmt", "--all", "--check"]))?;
    // In release: a forward pass without optimisation takes minutes.
    run(program("cargo").args(["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    run(program("cargo").args(["test", "--release", "--workspace"]))?;

    independent::check()?;

    let browser = ensure_browser()?;
    let engines = ensure_other_engines();
    ensure_npm("e2e")?;
    let site = site::build()?;
    let models = site.join("models");
    let train = |arguments: &[&str]| {
        run(program("cargo").args(["run", "--release", "--quiet", "--package", "train", "--"]).args(arguments))
    };
    let models_path = models.to_string_lossy();
    train(&["package-reference", "--vectors", "model/tests/reference", "--output", &models_path, "--id", REFERENCE])?;
    let result = native_masks(&train).and_then(|()| {
        let server = Server::start(&site, 0)?;
        let address = server.address();
        let mut node = program("node");
        node.args(["--test", "--test-concurrency=1", "--test-reporter=spec", "e2e/"]);
        node.envs(engines);
        run(node.env("SITE", address).env("BROWSER_PROGRAM", browser).env("REFERENCE_MODEL", REFERENCE))
    });
    drop(fs::remove_dir_all(models.join(REFERENCE)));
    result
}

/// Slices that are not samples and that native engine and browser must agree on: odd sizes, one sequence, 16 bit, a screen,
/// a page, a photograph.
const ODD_SLICES: [&str; 5] = [
    "e2e/fixtures/crop_221x203.png",
    "e2e/fixtures/flair16_320x384.png",
    "e2e/fixtures/screen_640x360.png",
    "e2e/fixtures/page_480x440.png",
    "e2e/fixtures/photograph_720x960.jpg",
];

/// Masks as the native engine draws them, for the browser's to be compared with.
fn native_masks(train: &dyn Fn(&[&str]) -> Result<(), Problem>) -> Result<(), Problem> {
    let samples = fs::read_dir(root().join("public/samples")).map_err(|error| format!("public/samples: {error}"))?;
    let slices: Vec<String> = samples
        .flatten()
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .filter(|path| path.ends_with(".webp"))
        .chain(ODD_SLICES.map(str::to_owned))
        .collect();
    let fixed = ["predict", "--model", "public/models/lgg-resunetpp", "--output", "target/native-masks"];
    let slices: Vec<&str> = slices.iter().map(String::as_str).collect();
    train(&[&fixed[..], &slices].concat())
}
