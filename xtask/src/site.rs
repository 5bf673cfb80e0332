//! The site as users get it: built by Trunk, text and programs also stored as brotli.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::shell::{Problem, program, root, run};
use crate::tools::{WasmToolchain, ensure_trunk};

/// Files worth compressing; weights are noise to brotli, images are compressed already.
const COMPRESSED: [&str; 6] = ["html", "css", "js", "json", "svg", "wasm"];
/// Brotli's quality: 11 takes minutes for the worker program and saves a few percent more.
const QUALITY: u32 = 9;

/// The service worker, and the list of the files that it keeps: what a browser keeps by itself.
const OFFLINE: [&str; 2] = ["offline.js", "offline-files.js"];

/// Builds the site; its folder.
pub fn build() -> Result<PathBuf, Problem> {
    let toolchain = WasmToolchain::ensure()?;
    ensure_trunk()?;
    let mut trunk = program("trunk");
    trunk.args(["build", "--release"]).env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
    toolchain.apply(&mut trunk);
    run(&mut trunk)?;
    let site = root().join("dist");
    list(&site)?;
    compress(&site)?;
    Ok(site)
}

/// Writes the sums of all files, by which the service worker keeps them for use without a network.
fn list(site: &Path) -> Result<(), Problem> {
    let mut sums = BTreeMap::new();
    sum(site, site, &mut sums)?;
    let json = serde_json::to_string_pretty(&sums).expect("a map of text is JSON");
    let path = site.join(OFFLINE[1]);
    fs::write(&path, format!("const FILES = {json};\n")).map_err(|error| problem(&path, error))
}

/// SHA-256 in base64 of every file below `folder`, by its address below the site's.
fn sum(site: &Path, folder: &Path, sums: &mut BTreeMap<String, String>) -> Result<(), Problem> {
    for entry in fs::read_dir(folder).map_err(|error| problem(folder, error))?.flatten() {
        let path = entry.path();
        let parts = path.strip_prefix(site).expect("it lies in the site").components();
        let name = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if path.is_dir() {
            sum(site, &path, sums)?;
        } else if !OFFLINE.contains(&name.as_str()) {
            let bytes = fs::read(&path).map_err(|error| problem(&path, error))?;
            sums.insert(name, STANDARD.encode(Sha256::digest(bytes)));
        }
    }
    Ok(())
}

fn problem(path: &Path, error: std::io::Error) -> Problem {
    format!("{}: {error}", path.display())
}

fn compress(folder: &Path) -> Result<(), Problem> {
    for entry in fs::read_dir(folder).map_err(|error| problem(folder, error))?.flatten() {
        let path = entry.path();
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            compress(&path)?;
        } else if COMPRESSED.contains(&extension.as_str()) {
            let bytes = fs::read(&path).map_err(|error| problem(&path, error))?;
            let mut compressed = Vec::new();
            let mut encoder = brotli::CompressorWriter::new(&mut compressed, 1 << 16, QUALITY, 24);
            encoder.write_all(&bytes).and_then(|()| encoder.flush()).map_err(|error| problem(&path, error))?;
            drop(encoder);
            let target = path.with_extension(format!("{extension}.br"));
            fs::write(&target, compressed).map_err(|error| problem(&target, error))?;
        }
    }
    Ok(())
}
