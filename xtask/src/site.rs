//! The site as users get it: workers and files by Trunk, the page's program in parts, text and programs also stored as brotli.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::names;
use crate::page;
use crate::shell::{Problem, problem_with, program, root, run};
use crate::steps::Steps;
use crate::tools::{ensure_npm, ensure_trunk};
use crate::wasm::WasmToolchain;

/// Files worth compressing; weights are noise to brotli, images are compressed already.
const COMPRESSED: [&str; 7] = ["html", "css", "js", "json", "svg", "ftl", "wasm"];
/// Brotli's quality, for all but the worker programs.
const QUALITY: u32 = 11;
/// From so many bytes on the best quality takes minutes and saves a few percent more.
const LARGE: usize = 4 << 20;
const QUALITY_OF_LARGE: u32 = 9;

/// The page's program and what calls it, which are downloaded before anything is seen.
const PAGE: [&str; 3] = ["app_bg.wasm.br", "app.js.br", "parts.js.br"];
/// So many bytes they may be together; `docs/decisions/0015-size-of-the-page.md` says how they got there.
const PAGE_LIMIT: u64 = 420_000;

/// The service worker, which the browser keeps by itself.
const SERVICE_WORKER: &str = "offline.js";
/// The list of the files that it keeps, which the browser keeps with it.
const KEPT_FILES: &str = "offline-files.js";

/// Builds the site; its folder.
pub fn build(steps: &mut Steps) -> Result<PathBuf, Problem> {
    let toolchain = steps.step("tools for the site", || {
        let toolchain = WasmToolchain::ensure()?;
        ensure_trunk()?;
        ensure_npm("public")?;
        Ok(toolchain)
    })?;
    steps.step("site: the workers, for wasm32", || {
        let mut trunk = program("trunk");
        trunk.args(["build", "--release"]).env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
        toolchain.apply(&mut trunk);
        run(&mut trunk)
    })?;
    let site = root().join("dist");
    steps.step("site: the page, for wasm32", || page::build(&site, &toolchain))?;
    steps.step("site: names, sums and compression", || {
        let is_program = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
        files(&site)?.iter().filter(is_program).try_for_each(|path| names::strip(path))?;
        list(&site)?;
        compress(&site)?;
        weigh(&site)
    })?;
    Ok(site)
}

/// Writes the SHA-256 of all files in base64, by which the service worker keeps them for use without a network.
fn list(site: &Path) -> Result<(), Problem> {
    let mut sums = BTreeMap::new();
    for path in files(site)? {
        let parts = path.strip_prefix(site).expect("it lies in the site").components();
        let name = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if ![SERVICE_WORKER, KEPT_FILES].contains(&name.as_str()) {
            let bytes = fs::read(&path).map_err(|error| problem_with(&path, error))?;
            sums.insert(name, STANDARD.encode(Sha256::digest(bytes)));
        }
    }
    let json = serde_json::to_string_pretty(&sums).expect("a map of text is JSON");
    let path = site.join(KEPT_FILES);
    fs::write(&path, format!("const FILES = {json};\n")).map_err(|error| problem_with(&path, error))
}

fn compress(site: &Path) -> Result<(), Problem> {
    for path in files(site)? {
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if COMPRESSED.contains(&extension.as_str()) {
            let bytes = fs::read(&path).map_err(|error| problem_with(&path, error))?;
            let mut compressed = Vec::new();
            let quality = if bytes.len() < LARGE { QUALITY } else { QUALITY_OF_LARGE };
            let mut encoder = brotli::CompressorWriter::new(&mut compressed, 1 << 16, quality, 24);
            encoder.write_all(&bytes).and_then(|()| encoder.flush()).map_err(|error| problem_with(&path, error))?;
            drop(encoder);
            let target = path.with_extension(format!("{extension}.br"));
            fs::write(&target, compressed).map_err(|error| problem_with(&target, error))?;
        }
    }
    Ok(())
}

/// Refuses a page that has grown too large to be downloaded soon.
fn weigh(site: &Path) -> Result<(), Problem> {
    let mut bytes = 0;
    for path in PAGE.map(|name| site.join(name)) {
        bytes += fs::metadata(&path).map_err(|error| problem_with(&path, error))?.len();
    }
    println!("the page's program: {} kB as it is served", bytes / 1000);
    if bytes > PAGE_LIMIT {
        return Err(format!(
            "the page's program is {bytes} bytes as it is served, more than {PAGE_LIMIT}: docs/decisions/0015-size-of-the-page.md \
             says what makes it large"
        ));
    }
    Ok(())
}

/// Every file below `folder`.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| problem_with(folder, error))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_over_its_limit_is_refused() {
        let site = tempfile::tempdir().unwrap();
        assert!(weigh(site.path()).is_err(), "a page that is not there weighs nothing known");
        let write = |name: &str, bytes: u64| fs::write(site.path().join(name), vec![0; bytes as usize]).unwrap();
        write(PAGE[0], PAGE_LIMIT - 20);
        write(PAGE[1], 10);
        write(PAGE[2], 10);
        assert_eq!(weigh(site.path()), Ok(()));
        write(PAGE[1], 11);
        assert!(weigh(site.path()).unwrap_err().contains("more than"));
    }
}
