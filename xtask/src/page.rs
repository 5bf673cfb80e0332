//! The page's program in parts: the one that is downloaded before anything is seen, and those that are fetched when asked for.
//!
//! A function of `app` marked `#[wasm_split(part, …)]` begins a part. All code that only such functions reach goes there; what
//! several parts reach, and the first program does not, goes into files that they share. The files lie in a folder named after
//! the sum of the program: a page that is open while the site changes never gets a part of another program.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use wasm_split_cli_support::{Options, transform};

use crate::shell::{Problem, problem_with, program, run, target_folder};
use crate::wasm::{TARGET, WasmToolchain};

/// What fetches the parts; the first program imports it.
pub const LOADER: &str = "parts.js";
/// How that addresses a file beside itself.
const BESIDE: &str = "new URL(\"./";
/// The profile that the program is compiled with.
const PROFILE: &str = "page";
/// The first program, before wasm-bindgen has seen it.
const FIRST: &str = "app.wasm";

/// Builds the program into a site.
pub fn build(site: &Path, toolchain: &WasmToolchain) -> Result<(), Problem> {
    let mut cargo = program("cargo");
    cargo.args(["rustc", "--package", "app", "--bin", "app", "--target", TARGET, "--profile", PROFILE]);
    // What refers to what is known only to the linker. Dependencies are compiled as without it.
    cargo.args(["--", "-Clink-arg=--emit-relocs"]);
    toolchain.apply(&mut cargo);
    run(&mut cargo)?;
    let target = target_folder().join(TARGET);
    let linked = target.join(PROFILE).join("app.wasm");
    let bytes = fs::read(&linked).map_err(|error| problem_with(&linked, error))?;
    let parts = target.join("page-parts");
    split(&bytes, &parts)?;
    // The parts share the program's table of functions, which is exported only so.
    let mut bindgen = program("wasm-bindgen");
    bindgen
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "app", "--out-dir"])
        .arg(site);
    run(bindgen.arg(parts.join(FIRST)))?;
    let sum: String = Sha256::digest(&bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    place(&parts, site, &format!("parts-{sum}"))?;
    let page = site.join("index.html");
    let text = fs::read_to_string(&page).map_err(|error| problem_with(&page, error))?;
    fs::write(&page, without_links_for_trunk(&text)).map_err(|error| problem_with(&page, error))
}

/// The page without the line that only tells Trunk to leave the program alone; without that it looks for one itself.
fn without_links_for_trunk(page: &str) -> String {
    page.lines()
        .filter(|line| !line.contains("data-trunk-skip") && !line.trim().is_empty())
        .fold(String::new(), |page, line| page + line + "\n")
}

/// Takes a linked program apart into a folder.
fn split(linked: &[u8], parts: &Path) -> Result<(), Problem> {
    if parts.exists() {
        fs::remove_dir_all(parts).map_err(|error| problem_with(parts, error))?;
    }
    let (first, loader) = (parts.join(FIRST), format!("./{LOADER}"));
    let mut options = Options::new(linked);
    options.output_dir = parts;
    options.main_out_path = &first;
    options.link_name = &loader;
    options.main_module = "./app.js";
    transform(options).map(drop).map_err(|error| format!("the page's program cannot be taken apart: {error:#}"))
}

/// Puts the parts into a folder of the site, and what fetches them beside the program.
fn place(parts: &Path, site: &Path, folder: &str) -> Result<(), Problem> {
    let into = site.join(folder);
    fs::create_dir_all(&into).map_err(|error| problem_with(&into, error))?;
    for entry in fs::read_dir(parts).map_err(|error| problem_with(parts, error))?.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == LOADER {
            let script = fs::read_to_string(&path).map_err(|error| problem_with(&path, error))?;
            let script = script.replace(BESIDE, &format!("{BESIDE}{folder}/"));
            fs::write(site.join(name), script).map_err(|error| problem_with(site, error))?;
        } else if name != FIRST {
            fs::copy(&path, into.join(name)).map_err(|error| problem_with(&into, error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_in_a_folder_of_their_own_and_are_fetched_from_there() {
        let (parts, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |name: &str, text: &str| fs::write(parts.path().join(name), text).unwrap();
        write(FIRST, "first");
        write("split_help.wasm", "help");
        write(LOADER, r#"import "./app.js"; fetch(new URL("./split_help.wasm", import.meta.url));"#);
        place(parts.path(), site.path(), "parts-1").unwrap();
        assert_eq!(fs::read_to_string(site.path().join("parts-1/split_help.wasm")).unwrap(), "help");
        let loader = fs::read_to_string(site.path().join(LOADER)).unwrap();
        assert!(loader.contains(r#"new URL("./parts-1/split_help.wasm", import.meta.url)"#), "{loader}");
        assert!(loader.contains(r#"import "./app.js""#) && !site.path().join("parts-1").join(FIRST).exists());
    }

    #[test]
    fn the_page_says_nothing_to_trunk() {
        let page = "<head>\n  <link a />\n    \n  <link data-trunk rel=\"rust\" data-trunk-skip data-trunk-id=\"0\" />\n</head>\n";
        assert_eq!(without_links_for_trunk(page), "<head>\n  <link a />\n</head>\n");
    }

    #[test]
    fn what_is_no_linked_program_is_refused() {
        let parts = tempfile::tempdir().unwrap();
        assert!(split(b"GIF89a", parts.path()).unwrap_err().contains("taken apart"));
    }
}
