//! Other people's interactive methods, each a program beside this one that speaks lines of JSON.

mod message;
mod program;

use std::env;
use std::path::PathBuf;

use clap::ValueEnum;

pub use message::Greeting;
pub use program::Program;

/// Where the project's own tools are installed; without it `.tools`.
const TOOLS: &str = "GLIOLENS_TOOLS";

/// Who answers robots and nothing else is measured: the network itself, or one of the peers of `train/peers/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    /// The network, as without a peer.
    Own,
    /// A small Segment Anything Model.
    #[value(name = "mobilesam")]
    MobileSam,
    /// A small Segment Anything Model for medical images.
    #[value(name = "litemedsam")]
    LiteMedSam,
    /// Seeds that grow along the brightness, as in 3D Slicer.
    GrowFromSeeds,
    /// A flood fill.
    MagicWand,
}

impl Peer {
    /// The program and its arguments, in the environment that `cargo xtask peers` makes; none for the network.
    pub fn command(self) -> Option<Vec<String>> {
        let tools =
            env::var_os(TOOLS).filter(|folder| !folder.is_empty()).map_or_else(|| ".tools".into(), PathBuf::from);
        let inside = if cfg!(windows) { "peers/Scripts/python.exe" } else { "peers/bin/python" };
        let file = match self {
            Self::Own => return None,
            Self::MobileSam => "mobilesam.py",
            Self::LiteMedSam => "litemedsam.py",
            Self::GrowFromSeeds => "grow_from_seeds.py",
            Self::MagicWand => "magic_wand.py",
        };
        Some(vec![tools.join(inside).to_string_lossy().into_owned(), format!("train/peers/{file}")])
    }
}
