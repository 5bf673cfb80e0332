//! Exports into the hands of other people's programs.

use crate::install::system_python;
use crate::shell::{Problem, exists, program, run};
use crate::steps::Steps;
use crate::tools::{ensure_npm, ensure_python};

/// What reads and measures the exports, in versions that were seen to work.
const READERS: [&str; 8] = [
    "nibabel==5.4.2",
    "pydicom==3.0.2",
    "highdicom==0.28.2",
    "SimpleITK==2.5.7",
    "scikit-image==0.26.0",
    "trimesh==5.2.0",
    "dicom3tools==20260927",
    "dcmqi==1.5.7",
];

/// Where the readers of viewers are, with npm packages of their own: the browser tests need none of them.
const VIEWERS: &str = "e2e/readers";

/// Lets them read what the tests of `study` left in `target/exports`, `target/surfaces` and `target/registration`.
pub fn check(steps: &mut Steps) -> Result<(), Problem> {
    let name = "exports read by Python's programs";
    if system_python().is_none() {
        steps.skip(name, "Python 3 is not on PATH");
    } else {
        steps.step(name, || {
            let python = ensure_python("readers", &READERS)?;
            run(program(&python).args(["study/tests/independent.py", "target/exports"]))?;
            run(program(&python).args(["study/tests/surfaces.py", "target/surfaces"]))
        })?;
        steps.step("heads laid onto each other by SimpleITK", || {
            let python = ensure_python("readers", &READERS)?;
            run(program(&python).args(["study/tests/registration.py", "target/registration"]))
        })?;
    }
    let name = "exports read by Cornerstone3D";
    if !exists("node") || !exists("npm") {
        steps.skip(name, "Node.js and npm are not on PATH");
        return Ok(());
    }
    steps.step(name, || {
        ensure_npm(VIEWERS)?;
        run(program("node").arg(format!("{VIEWERS}/cornerstone.mjs")).arg("target/exports"))
    })
}
