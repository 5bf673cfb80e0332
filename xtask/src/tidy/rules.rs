//! `xtask/tidy.toml` into the exceptions to the house rules.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::shell::{Problem, root};

/// Rules that differ from crate to crate, and what may break a rule for now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rules {
    /// What a crate never depends on, by the crate's name.
    pub forbidden: BTreeMap<String, Forbidden>,
    /// Files of more lines than the rule allows, each with the reason.
    #[serde(default)]
    pub long_files: BTreeMap<String, String>,
    /// Files with a name that says nothing.
    #[serde(default)]
    pub names: Vec<String>,
    /// Modules that use each other in a circle, by the crate's name.
    #[serde(default)]
    pub circles: BTreeMap<String, Vec<Vec<String>>>,
    /// How often a browser test selects by something other than a `data-` attribute, by the file.
    #[serde(default)]
    pub selectors: BTreeMap<String, usize>,
}

/// What a crate never depends on. `burn*` stands for every name that begins with `burn`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    /// Neither itself nor through another crate.
    #[serde(default)]
    pub anywhere: Vec<String>,
    /// Not itself; a crate that it uses may.
    #[serde(default)]
    pub direct: Vec<String>,
}

impl Rules {
    /// Reads the file.
    pub fn read() -> Result<Self, Problem> {
        let path = root().join("xtask/tidy.toml");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("xtask/tidy.toml: {error}"))
    }
}
