//! The native tests, and the exports that they leave in other programs' hands.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::independent;
use crate::shell::{Problem, program, root, run};
use crate::steps::Steps;

/// Folders outside the repository that some tests read where they are there, and the tests.
const OUTSIDE: [(&str, &str); 3] = [
    ("../shared/data/samples", "study/tests/samples.rs"),
    ("../shared/data/cases", "study/tests/reported*.rs, catalog/tests/cases.rs"),
    ("../shared/data/lgg", "train/src/data/lgg.rs"),
];

/// Runs every native test.
pub fn all(steps: &mut Steps) -> Result<(), Problem> {
    // The profile `dev` optimises what computes, so a forward pass takes no minutes.
    steps.step("native tests, built", || run(program("cargo").args(["test", "--workspace", "--no-run"])))?;
    steps.step("native tests", || run(program("cargo").args(["test", "--workspace"])))?;
    for (folder, tests) in OUTSIDE {
        if !is_there(folder) {
            steps.skip(tests, format!("{folder} is not there; they compare with files that are not in the repository"));
        }
    }
    if env::var_os("GLIOLENS_LGG").is_none() {
        let why = "GLIOLENS_LGG names no folder of patients; they lay 82 heads onto each other, which takes minutes";
        steps.skip("study/tests/registration.rs and midline.rs on patients", why);
    }
    if !has_small_disks() {
        let why = "no file system of its own can be mounted here (unshare --mount)";
        steps.skip("batch/tests/interrupted.rs on a disk that is full", why);
    }
    independent::check(steps)
}

/// Whether a test may mount a disk that it fills, as an administrator or as one within a space of its own.
fn has_small_disks() -> bool {
    [&["--mount"][..], &["--mount", "--map-root-user"]].into_iter().any(|space| {
        let mut mount = Command::new("unshare");
        mount.args(space).args(["sh", "-c", "mount -t tmpfs tmpfs /mnt"]);
        mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    })
}

fn is_there(folder: &str) -> bool {
    Path::new(&root()).join(folder).is_dir()
}
