//! Tools that the chores need, installed where they are missing.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Problem, exists, output, program, root, run};

const WASM: &str = "wasm32-unknown-unknown";
/// Builds with the Rust of this workspace; later versions want a newer one.
const TRUNK: &str = "0.21.14";
/// The release of cargo-fuzz.
const FUZZER: &str = "0.13.2";
/// What a browser is called, in the order of preference.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FIREFOX: [&str; 2] = ["firefox", "firefox-esr"];
const WEBKIT: [&str; 1] = ["WebKitWebDriver"];
/// What gives WebKit a display.
const DISPLAY: [&str; 2] = ["xvfb-run", "xauth"];
const WEBKIT_PACKAGES: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

/// How to build for the browser on this machine: with the installed toolchain, or with Debian's.
pub enum WasmToolchain {
    /// The target is installed.
    Installed,
    /// Debian's compiler for the web builds the standard library along.
    Debian {
        /// The linker that rustup's toolchain brings.
        linker: PathBuf,
    },
}

impl WasmToolchain {
    /// Finds or installs a way to build.
    pub fn ensure() -> Result<Self, Problem> {
        let sysroot = output(program("rustc").args(["--print", "sysroot"])).ok_or("rustc is missing: see rustup.rs")?;
        let sysroot = PathBuf::from(sysroot.trim());
        if sysroot.join("lib/rustlib").join(WASM).is_dir() {
            return Ok(Self::Installed);
        }
        println!("The target {WASM} is missing.");
        if exists("rustup") && run(program("rustup").args(["target", "add", WASM])).is_ok() {
            return Ok(Self::Installed);
        }
        println!("rustup cannot add it here; trying Debian's compiler for the web.");
        debian_packages(&["rustc-web", "cargo-web", "rust-web-src"])
            .map_err(|problem| format!("{problem}. Without rustup, install the Rust target {WASM} yourself"))?;
        let host = sysroot.join("lib/rustlib");
        let linker = fs::read_dir(&host)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin/rust-lld"))
            .find(|path| path.is_file())
            .ok_or_else(|| format!("no rust-lld below {}", host.display()))?;
        Ok(Self::Debian { linker })
    }

    /// Makes a build command use this toolchain.
    pub fn apply(&self, command: &mut Command) {
        if let Self::Debian { linker } = self {
            command
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO", "/usr/bin/cargo")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            let path = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
            let path = format!("/usr/bin:{}", path.unwrap_or_default().to_string_lossy());
            command.env("PATH", path);
        }
    }
}

/// Trunk, and the wasm-bindgen that belongs to the crate in Cargo.lock.
pub fn ensure_trunk() -> Result<(), Problem> {
    let bindgen = wasm_bindgen_version()?;
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &bindgen, &[])?;
    cargo_tool("trunk", "trunk", TRUNK, &["--locked"])
}

/// A browser for the tests; the name of its program.
pub fn ensure_browser() -> Result<String, Problem> {
    ensure_program("BROWSER_PROGRAM", "Chromium or Chrome", &BROWSERS, &[], &["chromium"])
}

/// Firefox and the driver of WebKit, the engine of Safari, where this system has or gets them: names of environment
/// variables for the tests, with the programs. What is missing is not tested.
pub fn ensure_other_engines() -> Vec<(&'static str, String)> {
    let engines = [
        ("FIREFOX_PROGRAM", ensure_program("FIREFOX_PROGRAM", "Firefox", &FIREFOX, &[], &["firefox-esr"])),
        (
            "WEBKIT_DRIVER",
            ensure_program("WEBKIT_DRIVER", "WebKit's driver with Xvfb", &WEBKIT, &DISPLAY, &WEBKIT_PACKAGES),
        ),
    ];
    let told = |(variable, program): (_, Result<_, Problem>)| match program {
        Ok(program) => Some((variable, program)),
        Err(problem) => {
            println!("Not tested: {problem}");
            None
        }
    };
    engines.into_iter().filter_map(told).collect()
}

/// The program that a variable names, or the first of some on PATH beside all of its helpers, or what Debian's packages
/// bring.
fn ensure_program(
    variable: &str,
    what: &str,
    programs: &[&str],
    helpers: &[&str],
    packages: &[&str],
) -> Result<String, Problem> {
    let found = || {
        let program = programs.iter().find(|name| exists(name))?;
        helpers.iter().all(|name| exists(name)).then(|| (*program).to_owned())
    };
    if let Some(name) = std::env::var(variable).ok().or_else(found) {
        return Ok(name);
    }
    println!("No {what} on PATH.");
    debian_packages(packages).map_err(|problem| format!("{problem}. Install {what}, or name it in {variable}"))?;
    found().ok_or_else(|| format!("{} was installed and {what} is still not on PATH", packages.join(" ")))
}

/// The fuzzer, with the toolchain at hand.
pub fn ensure_fuzzer() -> Result<(), Problem> {
    cargo_tool("cargo-fuzz", "cargo-fuzz", FUZZER, &["--locked"])
}

/// A Python environment in `.tools/` with some packages; its interpreter.
pub fn ensure_python(name: &str, packages: &[&str]) -> Result<String, Problem> {
    let folder = root().join(".tools").join(name);
    let python = folder.join("bin/python").to_string_lossy().into_owned();
    let stamp = folder.join("installed");
    let wanted = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("The Python packages {} are missing.", packages.join(", "));
    if run(program("python3").args(["-m", "venv"]).arg(&folder)).is_err() {
        // Debian ships venv apart from Python.
        debian_packages(&["python3-venv"])?;
        run(program("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    run(program(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

/// The npm packages of a folder.
pub fn ensure_npm(folder: &str) -> Result<(), Problem> {
    if !exists("npm") {
        return Err("npm is missing: install Node.js 20 or later".into());
    }
    let installed = root().join(folder).join("node_modules/.package-lock.json");
    let lock = root().join(folder).join("package-lock.json");
    let age = |path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    if age(&installed).is_some_and(|installed| age(&lock).is_some_and(|lock| lock <= installed)) {
        return Ok(());
    }
    let arguments = ["ci", "--no-audit", "--no-fund", "--prefix", folder];
    run(program("npm").args(arguments))
}

/// Installs a tool from crates.io into `.tools/`, unless the right version is at hand.
fn cargo_tool(name: &str, package: &str, version: &str, flags: &[&str]) -> Result<(), Problem> {
    let at_hand = output(program(name).arg("--version")).unwrap_or_default();
    if at_hand.split_whitespace().any(|word| word == version) {
        return Ok(());
    }
    println!("{name} {version} is missing; building it takes some minutes.");
    let arguments = ["install", package, "--version", version, "--root", ".tools", "--force"];
    // A target folder of its own: the tools outlive `cargo clean`.
    run(program("cargo").args(arguments).args(flags).env("CARGO_TARGET_DIR", root().join(".tools/target")))?;
    // Hundreds of megabytes of intermediate files that nothing needs again.
    drop(fs::remove_dir_all(root().join(".tools/target")));
    Ok(())
}

fn wasm_bindgen_version() -> Result<String, Problem> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let after = lock.split("name = \"wasm-bindgen\"\nversion = \"").nth(1);
    let version = after.and_then(|rest| rest.split('"').next());
    version.map(str::to_owned).ok_or_else(|| "Cargo.lock names no wasm-bindgen".into())
}

fn debian_packages(packages: &[&str]) -> Result<(), Problem> {
    let names = packages.join(" ");
    if !exists("apt-get") {
        return Err(format!("this system has no apt-get to install {names} with"));
    }
    let sudo = output(program("id").arg("-u")).is_none_or(|id| id.trim() != "0");
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
