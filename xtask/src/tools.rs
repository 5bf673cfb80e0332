//! The tools that the chores need, found or installed.

use std::fs;
use std::path::Path;

use crate::install::{alone, cargo_tool, debian_packages, is_asked, is_at_hand, npm_archive, python_of, system_python};
use crate::shell::{Problem, exists, output, problem_with, program, root, run, tools_folder};

/// Builds with the Rust of this workspace; later versions want a newer one.
const TRUNK: &str = "0.21.14";
/// The release of cargo-fuzz.
const FUZZER: &str = "0.13.2";
/// The releases of the checkers that `check` uses where they are there; `.github/workflows/ci.yml` names the same.
const DENY: &str = "0.20.2";
const TYPOS: &str = "1.52.0";
/// What a browser is called, in the order of preference.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FIREFOX: [&str; 2] = ["firefox", "firefox-esr"];
const WEBKIT: [&str; 1] = ["WebKitWebDriver"];
/// What gives WebKit a display.
const DISPLAY: [&str; 2] = ["xvfb-run", "xauth"];
/// A PACS, which Debian keeps where only administrators look for programs, and its DICOMweb.
const ORTHANC: [&str; 2] = ["Orthanc", "/usr/sbin/Orthanc"];
const ORTHANC_DICOM_WEB: &str = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const ORTHANC_PACKAGES: [&str; 2] = ["orthanc", "orthanc-dicomweb"];
/// The viewer OHIF with its built site: its npm package, the version, and the sum of the archive (SHA-512).
const OHIF: [&str; 3] = [
    "@ohif/app",
    "3.12.10",
    "0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==",
];
const WEBKIT_PACKAGES: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

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

/// Firefox and the driver of WebKit, the engine of Safari, where this system has or gets them: the environment variable
/// that tells the tests, what it names, and the program or why there is none.
pub fn ensure_other_engines() -> [(&'static str, &'static str, Result<String, Problem>); 2] {
    [
        ("FIREFOX_PROGRAM", "Firefox", ensure_program("FIREFOX_PROGRAM", "Firefox", &FIREFOX, &[], &["firefox-esr"])),
        (
            "WEBKIT_DRIVER",
            "WebKit",
            ensure_program("WEBKIT_DRIVER", "WebKit's driver with Xvfb", &WEBKIT, &DISPLAY, &WEBKIT_PACKAGES),
        ),
    ]
}

/// A PACS with DICOMweb, where this system has or gets one; its program, or why there is none.
pub fn ensure_orthanc() -> Result<String, Problem> {
    let program = ensure_program("ORTHANC_PROGRAM", "Orthanc", &ORTHANC, &[], &ORTHANC_PACKAGES)?;
    if !Path::new(ORTHANC_DICOM_WEB).is_file() {
        debian_packages(&ORTHANC_PACKAGES).map_err(|problem| format!("Orthanc's DICOMweb is missing: {problem}"))?;
    }
    Ok(program)
}

/// The folder with the site of OHIF: what a variable names, else fetched from npm into the tools' folder; or why it is not there.
pub fn ensure_ohif() -> Result<String, Problem> {
    if let Ok(folder) = std::env::var("OHIF_FOLDER") {
        return Ok(folder);
    }
    let [package, version, sum] = OHIF;
    let folder = tools_folder().join(format!("ohif-{version}"));
    npm_archive(&format!("{package}@{version}"), sum, &folder)?;
    Ok(folder.join("package/dist").to_string_lossy().into_owned())
}

/// The program that a variable names, or the first of some on PATH beside all of its companions, or what Debian's packages
/// bring.
fn ensure_program(
    variable: &str,
    what: &str,
    programs: &[&str],
    companions: &[&str],
    packages: &[&str],
) -> Result<String, Problem> {
    let found = || {
        let program = programs.iter().find(|name| exists(name))?;
        companions.iter().all(|name| exists(name)).then(|| (*program).to_owned())
    };
    if let Some(name) = std::env::var(variable).ok().or_else(found) {
        return Ok(name);
    }
    debian_packages(packages)
        .map_err(|problem| format!("{what} is not on PATH: {problem}; or name its program in {variable}"))?;
    found().ok_or_else(|| format!("{} was installed and {what} is still not on PATH", packages.join(" ")))
}

/// The fuzzer, with the toolchain at hand.
pub fn ensure_fuzzer() -> Result<(), Problem> {
    cargo_tool("cargo-fuzz", "cargo-fuzz", FUZZER, &["--locked"])
}

/// `cargo deny`, where it is there or asked for; else why not.
pub fn find_deny() -> Result<(), Problem> {
    find_optional("cargo-deny", "cargo-deny", DENY)
}

/// `typos`, where it is there or asked for; else why not.
pub fn find_typos() -> Result<(), Problem> {
    find_optional("typos", "typos-cli", TYPOS)
}

/// A checker that a contributor may do without: whatever version is there, else installed with `--install` alone.
fn find_optional(name: &str, package: &str, version: &str) -> Result<(), Problem> {
    if exists(name) || is_at_hand(name, version) {
        return Ok(());
    }
    if is_asked() {
        return cargo_tool(name, package, version, &["--locked"]);
    }
    Err(format!("{name} is not on PATH; `--install` compiles {package} {version} into {}", tools_folder().display()))
}

/// A Python environment among the tools with some packages; its interpreter.
pub fn ensure_python(name: &str, packages: &[&str]) -> Result<String, Problem> {
    let folder = tools_folder().join(name);
    let python = python_of(&folder);
    let stamp = folder.join("installed");
    let wanted = packages.join("\n");
    let is_there = || fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if is_there() {
        return Ok(python);
    }
    alone(|| {
        if is_there() {
            return Ok(());
        }
        println!("The Python packages {} are missing.", packages.join(", "));
        let system = system_python().ok_or("Python 3 is missing")?;
        if run(program(system).args(["-m", "venv"]).arg(&folder)).is_err() {
            // Debian ships venv apart from Python.
            debian_packages(&["python3-venv"])?;
            run(program(system).args(["-m", "venv"]).arg(&folder))?;
        }
        run(program(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
        fs::write(&stamp, &wanted).map_err(|error| problem_with(&stamp, error))
    })?;
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
    let arguments = ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--prefix", folder];
    run(program("npm").args(arguments))
}

/// The interpreter's own word on where it keeps packages.
pub fn packages_of(python: &str) -> Option<String> {
    let query = "import sysconfig; print(sysconfig.get_path('purelib'))";
    output(program(python).args(["-c", query])).map(|folder| folder.trim().to_owned())
}

fn wasm_bindgen_version() -> Result<String, Problem> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let after = lock.split("name = \"wasm-bindgen\"\nversion = \"").nth(1);
    let version = after.and_then(|rest| rest.split('"').next());
    version.map(str::to_owned).ok_or_else(|| "Cargo.lock names no wasm-bindgen".into())
}
