//! Training on libtorch, which a Python package carries.

use std::fs;
use std::path::{Path, PathBuf};

use crate::install::{alone, python_of};
use crate::shell::{Problem, output, problem_with, program, run, target_folder, tools_folder};
use crate::tools::packages_of;

/// The release that tch 0.22 binds.
const TORCH: &str = "2.9.0";
/// What libtorch's CPU library is linked to, although it uses none of it.
const COMPANIONS: [&str; 2] = ["nvidia-cuda-runtime-cu12==12.8.90", "nvidia-cuda-cupti-cu12==12.8.90"];

/// Settings of glibc's allocator under which the memory of activations, tens of megabytes each, is kept for the next step.
/// By default it goes back to the system and comes again cleared, which takes two fifths of a step's time.
const ALLOCATOR: [(&str, &str); 3] =
    [("MALLOC_MMAP_MAX_", "0"), ("MALLOC_TRIM_THRESHOLD_", "100000000000"), ("MALLOC_TOP_PAD_", "268435456")];

/// Builds `train` against libtorch and runs a command of it that fits, on an NVIDIA card where there is one.
pub fn train(command: &str, arguments: &[String]) -> Result<(), Problem> {
    let card = output(program("nvidia-smi").arg("--list-gpus")).is_some();
    let libtorch = if card { ensure_cuda_libtorch() } else { ensure_libtorch() }?;
    let mut train = program("cargo");
    train.args(["run", "--release", "--package", "train", "--features", "tch", "--", command]).args(arguments);
    train
        .env("LIBTORCH", &libtorch)
        .env("LIBTORCH_BYPASS_VERSION_CHECK", "1")
        .env("LD_LIBRARY_PATH", libtorch.join("lib"))
        // A feature of its own: rebuilding everything at each change of it would cost minutes.
        .env("CARGO_TARGET_DIR", target_folder().join(if card { "libtorch-cuda" } else { "libtorch" }));
    if !card {
        train.envs(ALLOCATOR);
    }
    run(&mut train)
}

/// libtorch's folder, where it is there already: the one that LIBTORCH names, or the project's own.
pub fn libtorch_at_hand() -> Option<PathBuf> {
    let own = tools_folder().join("libtorch");
    std::env::var_os("LIBTORCH").map(PathBuf::from).or_else(|| own.join("lib/libtorch_cpu.so").exists().then_some(own))
}

/// A folder with libtorch's headers and CPU libraries, as tch expects it.
fn ensure_libtorch() -> Result<PathBuf, Problem> {
    let folder = tools_folder().join("libtorch");
    if folder.join("lib/libtorch_cpu.so").exists() {
        return Ok(folder);
    }
    println!("libtorch is missing; fetching the PyTorch {TORCH} package (900 MB).");
    let torch = format!("torch=={TORCH}");
    let packages = install("python", &[&["--no-deps", &torch][..], &COMPANIONS].concat())?;
    let lib = folder.join("lib");
    fs::create_dir_all(&lib).map_err(|error| problem_with(&lib, error))?;
    let links = [
        ("torch/include", "include"),
        ("torch/lib/libc10.so", "lib/libc10.so"),
        ("torch/lib/libgomp.so.1", "lib/libgomp.so.1"),
        ("nvidia/cuda_runtime/lib/libcudart.so.12", "lib/libcudart.so.12"),
        ("nvidia/cuda_cupti/lib/libcupti.so.12", "lib/libcupti.so.12"),
        // The real libtorch.so would draw in the CUDA libraries.
        ("torch/lib/libtorch_cpu.so", "lib/libtorch.so"),
        ("torch/lib/libtorch_cpu.so", "lib/libtorch_cpu.so"),
    ];
    for (from, to) in links {
        link(&packages.join(from), &folder.join(to))?;
    }
    Ok(folder)
}

/// A folder with all of libtorch, which finds the CUDA libraries beside itself.
fn ensure_cuda_libtorch() -> Result<PathBuf, Problem> {
    let folder = tools_folder().join("libtorch-cuda");
    if folder.join("lib/libtorch_cuda.so").exists() {
        return Ok(folder);
    }
    println!("libtorch for NVIDIA cards is missing; fetching the PyTorch {TORCH} package and CUDA (4 GB).");
    let packages = install("python-cuda", &[&format!("torch=={TORCH}")])?;
    fs::create_dir_all(&folder).map_err(|error| problem_with(&folder, error))?;
    for part in ["include", "lib"] {
        link(&packages.join("torch").join(part), &folder.join(part))?;
    }
    Ok(folder)
}

/// Installs Python packages into an environment of their own; the folder that they lie in.
fn install(environment: &str, packages: &[&str]) -> Result<PathBuf, Problem> {
    let folder = tools_folder().join(environment);
    let python = python_of(&folder);
    alone(|| {
        run(program("python3").args(["-m", "venv"]).arg(&folder))
            .map_err(|problem| format!("{problem}. Python 3 with venv is needed to fetch libtorch"))?;
        run(program(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))
    })?;
    packages_of(&python).map(PathBuf::from).ok_or_else(|| "the new Python environment does not run".into())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<(), Problem> {
    std::os::unix::fs::symlink(from, to).map_err(|error| problem_with(to, error))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<(), Problem> {
    Err("libtorch is set up on Linux only; set LIBTORCH yourself and run `cargo run -p train --features tch`".into())
}
