//! The site as users get it: built by Trunk, text and programs also stored as brotli.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::shell::{Problem, program, root, run};
use crate::tools::{WasmToolchain, ensure_trunk};

/// Files worth compressing; weights are noise to brotli, images are compressed already.
const COMPRESSED: [&str; 6] = ["html", "css", "js", "json", "svg", "wasm"];
/// Brotli's quality: 11 takes minutes for the worker program and saves a few percent more.
const QUALITY: u32 = 9;

/// Builds the site; its folder.
pub fn build() -> Result<PathBuf, Problem> {
    let toolchain = WasmToolchain::ensure()?;
    ensure_trunk()?;
    let mut trunk = program("trunk");
    trunk.args(["build", "--release"]).env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
    toolchain.apply(&mut trunk);
    run(&mut trunk)?;
    let site = root().join("dist");
    compress(&site)?;
    Ok(site)
}

fn compress(folder: &Path) -> Result<(), Problem> {
    let problem = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
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
