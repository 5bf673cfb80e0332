//! Exports into the hands of other people's programs.

use crate::install::system_python;
use crate::shell::{Problem, built, exists, program, run, run_heard};
use crate::steps::Steps;
use crate::tools::{ensure_npm, ensure_python};

/// What reads and measures the exports, in versions that were seen to work.
const READERS: [&str; 9] = [
    "nibabel==5.4.2",
    "pydicom==3.0.2",
    "highdicom==0.28.2",
    "SimpleITK==2.5.7",
    "scikit-image==0.26.0",
    "trimesh==5.2.0",
    "dicom3tools==20260927",
    "dcmqi==1.5.7",
    "bids-validator-deno==3.0.2",
];

/// Where the readers of viewers are, with npm packages of their own: the browser tests need none of them.
const VIEWERS: &str = "e2e/readers";

/// Lets them read what the tests of `study` left in `target/exports`, `target/surfaces` and `target/registration`, and those of
/// the batch program in `target/exports-batch` and `target/bids`, and that program what they write.
pub fn check(steps: &mut Steps) -> Result<(), Problem> {
    let name = "exports read by Python's programs";
    if system_python().is_none() {
        steps.skip(name, "Python 3 is not on PATH");
    } else {
        let absent = steps.step(name, || {
            let python = ensure_python("readers", &READERS)?;
            let batch = built("gliolens");
            let scripts = [
                &["study/tests/independent.py", "target/exports"][..],
                &["study/tests/surfaces.py", "target/surfaces"],
                &["batch/tests/independent.py", "target/exports-batch", "target/bids", &batch],
            ];
            let heard = scripts.into_iter().map(|script| run_heard(program(&python).arg("-Bu").args(script)));
            Ok(skipped(&heard.collect::<Result<String, _>>()?))
        })?;
        absent.into_iter().for_each(|(tool, why)| steps.skip(&tool, why));
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

/// The programs that a script did without, each once, and why: its lines `skipped: <program>: <reason>`.
fn skipped(said: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, why) in said.lines().filter_map(|line| line.strip_prefix("skipped: ")?.split_once(": ")) {
        if found.iter().all(|(known, _)| known != name) {
            found.push((name.into(), why.into()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_did_without_is_named_once() {
        let said = "a: read\nskipped: dciodvfy: it is not in x\nb: skipped: no\nskipped: dciodvfy: it is not in x\n";
        assert_eq!(skipped(said), [("dciodvfy".to_owned(), "it is not in x".to_owned())]);
    }
}
