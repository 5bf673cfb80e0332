//! Packaged models into `index.json` beside them: what the page's menu of models shows.

use std::error::Error;
use std::fs;
use std::path::Path;

use engine::Manifest;
use serde::{Deserialize, Serialize};

/// The file's name.
const FILE: &str = "index.json";

/// A model in the list.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    id: String,
    name: String,
}

/// Lists all models in a folder: those that were listed before in their order, then the others by name of folder.
///
/// # Errors
///
/// If a manifest or the earlier list is malformed, or the list cannot be written.
pub fn write(models: &Path) -> Result<(), Box<dyn Error>> {
    let file = models.join(FILE);
    let before: Vec<Listed> = if file.exists() { serde_json::from_slice(&fs::read(&file)?)? } else { Vec::new() };
    let mut listed = Vec::new();
    for folder in fs::read_dir(models)? {
        let folder = folder?.path();
        if let Ok(json) = fs::read(folder.join("manifest.json")) {
            let Manifest { id, name, .. } =
                Manifest::parse(&json).map_err(|error| format!("{}: {error}", folder.display()))?;
            listed.push(Listed { id, name });
        }
    }
    let place = |model: &Listed| before.iter().position(|before| before.id == model.id).unwrap_or(before.len());
    listed.sort_by(|a, b| (place(a), &a.id).cmp(&(place(b), &b.id)));
    Ok(fs::write(file, serde_json::to_string_pretty(&listed)? + "\n")?)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// The shipped model's manifest under another name.
    fn put(models: &Path, id: &str) {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models/lgg-resunetpp/manifest.json");
        let mut manifest = Manifest::parse(&fs::read(shipped).unwrap()).unwrap();
        manifest.id = id.into();
        fs::create_dir_all(models.join(id)).unwrap();
        fs::write(models.join(id).join("manifest.json"), serde_json::to_string(&manifest).unwrap()).unwrap();
    }

    fn ids(models: &Path) -> Vec<String> {
        let listed: Vec<Listed> = serde_json::from_slice(&fs::read(models.join(FILE)).unwrap()).unwrap();
        listed.into_iter().map(|model| model.id).collect()
    }

    #[test]
    fn what_was_listed_keeps_its_place_and_what_is_gone_goes() {
        let folder = TempDir::new().unwrap();
        let models = folder.path();
        put(models, "second");
        write(models).unwrap();
        assert_eq!(ids(models), ["second"]);
        ["first", "zeroth"].into_iter().for_each(|id| put(models, id));
        write(models).unwrap();
        assert_eq!(ids(models), ["second", "first", "zeroth"]);
        fs::remove_dir_all(models.join("second")).unwrap();
        fs::create_dir(models.join("not-a-model")).unwrap();
        write(models).unwrap();
        assert_eq!(ids(models), ["first", "zeroth"]);
    }
}
