//! What can be said of the code without running it: format, spelling, dependencies, lints, documentation.

use std::fs;

use crate::fit::libtorch_at_hand;
use crate::install::is_asked;
use crate::shell::{Problem, output, program, run, target_folder};
use crate::steps::Steps;
use crate::tools::{find_deny, find_typos};
use crate::wasm::{TARGET, WasmToolchain};

/// Feature sets that the workspace's own run does not compile, each with the name of its step.
const FEATURES: [(&str, &[&str]); 3] = [
    ("clippy: worker, files", &["--package", "worker", "--features", "files"]),
    ("clippy: worker, graphics", &["--package", "worker", "--features", "graphics"]),
    ("clippy: train on a graphics card", &["--package", "train", "--all-targets", "--features", "vulkan"]),
];
/// What the site is made of.
const PROGRAMS: [(&str, &[&str]); 3] = [
    ("clippy: the page, wasm32", &["--package", "app"]),
    ("clippy: files worker, wasm32", &["--package", "worker", "--bin", "files", "--features", "files"]),
    ("clippy: graphics worker, wasm32", &["--package", "worker", "--bin", "graphics", "--features", "graphics"]),
];

/// Runs every check, cheapest first.
pub fn all(steps: &mut Steps) -> Result<(), Problem> {
    steps.step("format", || {
        run(program("cargo").args(["fmt", "--all", "--check"]))?;
        run(program("cargo").args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
    })?;
    match find_typos() {
        Ok(()) => steps.step("spelling", || run(&mut program("typos")))?,
        Err(reason) => steps.skip("spelling", reason),
    }
    deny(steps)?;

    steps.step("clippy: this machine", || clippy(&["--workspace", "--all-targets"], None))?;
    for (name, arguments) in FEATURES {
        steps.step(name, || clippy(arguments, None))?;
    }
    match libtorch_at_hand() {
        Some(libtorch) => steps.step("clippy: train on libtorch", || {
            clippy(&["--package", "train", "--all-targets", "--features", "tch"], Some(&libtorch))
        })?,
        None => steps.skip("clippy: train on libtorch", "libtorch is not there; `cargo xtask fit` fetches it (900 MB)"),
    }
    wasm_clippy(steps)?;

    steps.step("documentation", || {
        let mut doc = program("cargo");
        doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "-D warnings");
        run(&mut doc)
    })
}

/// Licences, bans and sources of all dependencies; advisories where their database can be had.
fn deny(steps: &mut Steps) -> Result<(), Problem> {
    if let Err(reason) = find_deny() {
        steps.skip("dependencies", reason);
        return Ok(());
    }
    steps.step("dependencies: licences, bans, sources", || {
        run(program("cargo").args(["deny", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
    })?;
    let home = std::env::var_os("CARGO_HOME").map(Into::into).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let database = home.and_then(|home: std::path::PathBuf| fs::read_dir(home.join("advisory-dbs")).ok());
    let is_there =
        database.is_some_and(|mut folders| folders.any(|entry| entry.is_ok_and(|entry| entry.path().is_dir())));
    if is_there || is_asked() {
        let mut advisories = program("cargo");
        advisories.arg("deny").args((!is_asked()).then_some("--offline")).args(["check", "advisories"]);
        steps.step("dependencies: advisories", || run(&mut advisories))
    } else {
        steps.skip("dependencies: advisories", "their database is not there; `--install` fetches it");
        Ok(())
    }
}

fn wasm_clippy(steps: &mut Steps) -> Result<(), Problem> {
    let toolchain = WasmToolchain::ensure();
    let reason = match &toolchain {
        Ok(toolchain) => toolchain.without_clippy(),
        Err(problem) => Some(problem.clone()),
    };
    for (name, arguments) in PROGRAMS {
        match (&toolchain, &reason) {
            (Ok(toolchain), None) => steps.step(name, || {
                let mut command = program("cargo");
                toolchain.apply(&mut command);
                run(command.args(["clippy", "--target", TARGET]).args(arguments).args(["--", "-D", "warnings"]))
            })?,
            (_, reason) => steps.skip(name, reason.clone().unwrap_or_default()),
        }
    }
    Ok(())
}

/// Lints some packages; with libtorch's folder where they link it.
fn clippy(arguments: &[&str], libtorch: Option<&std::path::Path>) -> Result<(), Problem> {
    let mut command = program("cargo");
    if let Some(libtorch) = libtorch {
        command.env("LIBTORCH", libtorch).env("LIBTORCH_BYPASS_VERSION_CHECK", "1");
        command.env("CARGO_TARGET_DIR", target_folder().join("libtorch"));
    }
    run(command.arg("clippy").args(arguments).args(["--", "-D", "warnings"]))
}

/// The crates of this workspace.
pub fn packages() -> Result<Vec<String>, Problem> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let json = output(program("cargo").args(arguments)).ok_or("`cargo metadata` failed")?;
    let metadata: serde_json::Value =
        serde_json::from_str(&json).map_err(|error| format!("cargo metadata: {error}"))?;
    let names = metadata["packages"].as_array().into_iter().flatten();
    Ok(names.filter_map(|package| package["name"].as_str()).map(str::to_owned).collect())
}
