//! The native tests, and the exports that they leave in other programs' hands.

use std::path::Path;

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
    independent::check(steps)
}

fn is_there(folder: &str) -> bool {
    Path::new(&root()).join(folder).is_dir()
}
