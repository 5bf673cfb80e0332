//! Arbitrary bytes into every decoder, from a corpus of seeds on.

use std::fs;

use crate::shell::{Problem, output, problem_with, program, root, run};
use crate::tools::ensure_fuzzer;

/// The targets: each a program in `fuzz/fuzz_targets/` with seeds in `fuzz/seeds/`.
const TARGETS: [&str; 5] = ["dicom", "nifti", "grid", "zip", "image"];
/// Longest input, in bytes; longer ones find no more and take longer.
const LONGEST: usize = 65_536;
/// Memory that one input may take, in MiB: less than a browser gives a page.
const MEMORY_MIB: usize = 3_000;

/// Runs every target, or one, so many times.
pub fn fuzz(target: Option<&str>, runs: u64) -> Result<(), Problem> {
    ensure_fuzzer()?;
    let host =
        output(program("rustc").args(["--print", "host-tuple"])).ok_or("rustc does not say what it builds for")?;
    for target in TARGETS.into_iter().filter(|name| target.is_none_or(|wanted| wanted == *name)) {
        let corpus = root().join("fuzz/corpus").join(target);
        fs::create_dir_all(&corpus).map_err(|error| problem_with(&corpus, error))?;
        let mut fuzzer = program("cargo");
        // No sanitizer: the decoders are safe Rust, of which a panic is the worst. And as they are shipped: in release.
        fuzzer.args(["fuzz", "run", "--release", "--sanitizer", "none", "--target", host.trim(), target]);
        fuzzer.arg(&corpus).arg(root().join("fuzz/seeds").join(target)).arg("--");
        fuzzer.args([format!("-runs={runs}"), format!("-max_len={LONGEST}"), format!("-rss_limit_mb={MEMORY_MIB}")]);
        // cargo-fuzz passes flags that a stable compiler takes only so.
        run(fuzzer.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}
