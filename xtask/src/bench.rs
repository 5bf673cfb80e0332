//! Time and size of everything between a dropped file and its mask, beside onnxruntime-web on the same network; whole runs of the batch
//! program beside the engine alone.

use std::fs;

use crate::install::{alone, python_of, system_python};
use crate::serve::{Server, Serving};
use crate::shell::{Problem, problem_with, program, run, target_folder, tools_folder};
use crate::site;
use crate::steps::Steps;
use crate::tools::{ensure_browser, ensure_npm};

/// Builds everything, runs the measurement in a browser and prints the table.
pub fn all(steps: &mut Steps) -> Result<(), Problem> {
    let browser = ensure_browser()?;
    ensure_npm("e2e/bench")?;
    ensure_npm("e2e")?;
    ensure_onnx()?;
    let site = site::build(steps)?;
    sizes(&site)?;
    run(program("cargo").args(["run", "--release", "--package", "train", "--", "time"]))?;
    run(program("cargo").args(["bench", "--package", "gliolens"]))?;
    let server = Server::start(&site, &Serving::default())?;
    let address = server.address();
    run(program("node").arg("e2e/bench/bench.mjs").env("SITE", address).env("BROWSER_PROGRAM", browser))
}

/// The PyTorch twin as ONNX, made once.
fn ensure_onnx() -> Result<(), Problem> {
    let target = target_folder();
    let file = target.join("twin.onnx");
    if file.is_file() {
        return Ok(());
    }
    fs::create_dir_all(&target).map_err(|error| problem_with(&target, error))?;
    let folder = tools_folder().join("twin");
    let python = python_of(&folder);
    println!("Exporting the PyTorch twin to ONNX needs PyTorch (several GB).");
    alone(|| {
        let system = system_python().ok_or("Python 3 is missing")?;
        run(program(system).args(["-m", "venv"]).arg(&folder))?;
        let packages = ["torch==2.9.0", "numpy", "onnx", "onnxscript", "safetensors"];
        run(program(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))
    })?;
    run(program(&python).arg("model/tests/reference/export_onnx.py").arg(file))
}

/// Bytes that a browser fetches.
fn sizes(site: &std::path::Path) -> Result<(), Problem> {
    let size = |name: &str| {
        let path = site.join(name);
        fs::metadata(&path).map(|metadata| metadata.len()).map_err(|error| problem_with(&path, error))
    };
    println!("\nserved, in kB (brotli where it helps)");
    let mut total = 0;
    for name in [
        "index.html.br",
        "style.css.br",
        "phone.css.br",
        "first.css.br",
        "print.css.br",
        "boot.js.br",
        "app.js.br",
        "parts.js.br",
        "app_bg.wasm.br",
        "worker-boot.js.br",
        "files.js.br",
        "files_bg.wasm.br",
        "models/lgg-resunetpp/manifest.json.br",
        "models/lgg-resunetpp/self-test.safetensors",
        "models/lgg-resunetpp/weights.safetensors",
    ] {
        let bytes = size(name)?;
        total += bytes;
        println!("  {:>10.1}  {name}", bytes as f64 / 1000.0);
    }
    println!("  {:>10.1}  before \"ready\", in all", total as f64 / 1000.0);
    Ok(())
}
