//! Missing programs into installed ones: only into the project's own folder, unless more is asked for.

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};

use crate::shell::{Problem, exists, output, problem_with, program, run, tools_folder};

static ASKED: OnceLock<bool> = OnceLock::new();

/// Keeps whether the command line asked for missing programs (`--install`).
pub fn ask(install: bool) {
    ASKED.get_or_init(|| install);
}

/// Whether missing optional programs are to be installed.
pub fn is_asked() -> bool {
    ASKED.get().copied().unwrap_or(false)
}

/// Whether the system's own package manager may be used.
fn may_change_system() -> bool {
    is_asked() || env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Lets one process at a time install into the tools' folder; the others wait until `work` is done.
pub fn alone<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    let folder = tools_folder();
    let problem = |error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(problem)?;
    let lock = File::create(folder.join("lock")).map_err(problem)?;
    lock.lock().map_err(problem)?;
    work()
}

/// A tool of one version: what is on PATH, else a ready program where `cargo binstall` is there, else compiled.
pub fn cargo_tool(name: &str, package: &str, version: &str, flags: &[&str]) -> Result<(), Problem> {
    if is_at_hand(name, version) {
        return Ok(());
    }
    alone(|| {
        // Another process may have installed it meanwhile.
        if is_at_hand(name, version) { Ok(()) } else { install(name, package, version, flags) }
    })
}

/// Whether a program of this version is on PATH or among the project's tools.
pub fn is_at_hand(name: &str, version: &str) -> bool {
    let said = output(program(name).arg("--version")).unwrap_or_default();
    said.split_whitespace().any(|word| word == version)
}

fn install(name: &str, package: &str, version: &str, flags: &[&str]) -> Result<(), Problem> {
    let folder = tools_folder();
    if exists("cargo-binstall") {
        println!("{name} {version} is missing; fetching it.");
        let arguments = ["binstall", package, "--version", version, "--no-confirm", "--force", "--root"];
        if run(program("cargo").args(arguments).arg(&folder)).is_ok() && is_at_hand(name, version) {
            return Ok(());
        }
    }
    println!("{name} {version} is missing; compiling it takes some minutes.");
    let arguments = ["install", package, "--version", version, "--force", "--root"];
    // A target folder of its own: the tools outlive `cargo clean`.
    let target = folder.join("target");
    run(program("cargo").args(arguments).arg(&folder).args(flags).env("CARGO_TARGET_DIR", &target))?;
    // Hundreds of megabytes of intermediate files that nothing needs again.
    drop(fs::remove_dir_all(target));
    Ok(())
}

/// Packages of Debian and its relatives, installed if they are missing and the system may be changed.
pub fn debian_packages(packages: &[&str]) -> Result<(), Problem> {
    let names = packages.join(" ");
    let states = output(program("dpkg-query").args(["--show", "--showformat", "${db:Status-Status}\n"]).args(packages));
    if states.is_some_and(|states| states.lines().all(|state| state == "installed")) {
        return Ok(());
    }
    if !exists("apt-get") {
        return Err(format!("{names} must be installed by hand: this system has no apt-get"));
    }
    let sudo = output(program("id").arg("-u")).is_none_or(|id| id.trim() != "0");
    if !may_change_system() {
        let sudo = if sudo { "sudo " } else { "" };
        return Err(format!(
            "run `{sudo}apt-get install {names}`, or let this command do so with --install (CI=true does the same)"
        ));
    }
    let apt = |arguments: &[&str]| {
        let mut command = if sudo { program("sudo") } else { program("apt-get") };
        if sudo {
            command.arg("apt-get");
        }
        run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
        .map_err(|problem| format!("{names} could not be installed: {problem}"))
}

/// A package as npm has it, unpacked into a folder of its own, without what it depends on; `sum` is the SHA-512 of its archive, in
/// base64.
pub fn npm_archive(package: &str, sum: &str, folder: &Path) -> Result<(), Problem> {
    let stamp = folder.join("installed");
    if stamp.is_file() {
        return Ok(());
    }
    if let Some(missing) = ["npm", "tar"].into_iter().find(|name| !exists(name)) {
        return Err(format!("{missing} is not on PATH, which fetches or unpacks {package}"));
    }
    alone(|| {
        // Another process may have fetched it meanwhile.
        if stamp.is_file() {
            return Ok(());
        }
        println!("{package} is missing; fetching it.");
        drop(fs::remove_dir_all(folder));
        fs::create_dir_all(folder).map_err(|error| problem_with(folder, error))?;
        run(program("npm").args(["pack", package, "--silent", "--pack-destination"]).arg(folder))?;
        let files = fs::read_dir(folder).map_err(|error| problem_with(folder, error))?;
        let archive =
            files.flatten().map(|entry| entry.path()).find(|path| path.extension().is_some_and(|e| e == "tgz"));
        let archive = archive.ok_or_else(|| format!("npm left no archive of {package}"))?;
        let bytes = fs::read(&archive).map_err(|error| problem_with(&archive, error))?;
        if STANDARD.encode(Sha512::digest(bytes)) != sum {
            return Err(format!("{package} is not the archive whose sum is known here"));
        }
        run(program("tar").arg("-xzf").arg(&archive).arg("-C").arg(folder))?;
        drop(fs::remove_file(&archive));
        fs::write(&stamp, sum).map_err(|error| problem_with(&stamp, error))
    })
}

/// The interpreter of a Python environment in `folder`.
pub fn python_of(folder: &Path) -> String {
    let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    folder.join(inside).to_string_lossy().into_owned()
}

/// What Python 3 is called on this system, where it is there.
pub fn system_python() -> Option<&'static str> {
    ["python3", "python"].into_iter().find(|name| output(program(name).arg("--version")).is_some())
}
