//! The Rust toolchains of this machine into one that builds for the browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::debian_packages;
use crate::shell::{Problem, exists, output, program, run};

/// The target of everything that runs in the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// Where Debian's compiler for the web has its clippy, if it is installed.
const DEBIAN_CLIPPY: [&str; 2] = ["/usr/bin/cargo-clippy", "/usr/bin/clippy-driver"];

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
    /// Finds a way to build, or installs one.
    pub fn ensure() -> Result<Self, Problem> {
        let sysroot = output(program("rustc").args(["--print", "sysroot"])).ok_or("rustc is missing: see rustup.rs")?;
        let sysroot = PathBuf::from(sysroot.trim());
        if sysroot.join("lib/rustlib").join(TARGET).is_dir() {
            return Ok(Self::Installed);
        }
        println!("The target {TARGET} is missing.");
        if exists("rustup") && run(program("rustup").args(["target", "add", TARGET])).is_ok() {
            return Ok(Self::Installed);
        }
        println!("rustup cannot add it here; trying Debian's compiler for the web.");
        debian_packages(&DEBIAN_PACKAGES)
            .map_err(|problem| format!("{problem}. Without rustup, install the Rust target {TARGET} yourself"))?;
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

    /// Why clippy cannot lint for this target, if it cannot.
    pub fn without_clippy(&self) -> Option<String> {
        let absent = DEBIAN_CLIPPY.iter().any(|path| !Path::new(path).is_file());
        (matches!(self, Self::Debian { .. }) && absent).then(|| {
            format!("rustup's clippy has no standard library for {TARGET}; `rustup target add {TARGET}` or Debian's rust-web-clippy brings it")
        })
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
