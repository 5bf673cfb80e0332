//! Exports into the hands of other people's programs.

use crate::install::system_python;
use crate::shell::{Problem, program, run};
use crate::steps::Steps;
use crate::tools::ensure_python;

/// What reads and measures the exports, in versions that were seen to work.
const READERS: [&str; 7] = [
    "nibabel==5.4.2",
    "pydicom==3.0.2",
    "highdicom==0.28.2",
    "SimpleITK==2.5.7",
    "scikit-image==0.26.0",
    "dicom3tools==20260927",
    "dcmqi==1.5.7",
];

/// Lets them read what the tests of `study` left in `target/exports`.
pub fn check(steps: &mut Steps) -> Result<(), Problem> {
    let name = "exports read by independent programs";
    if system_python().is_none() {
        steps.skip(name, "Python 3 is not on PATH");
        return Ok(());
    }
    steps.step(name, || {
        let python = ensure_python("readers", &READERS)?;
        run(program(&python).args(["study/tests/independent.py", "target/exports"]))
    })
}
