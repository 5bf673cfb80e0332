//! The models that the site offers, as `models/index.json` lists them, and which of them the address names.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::address;
use crate::site::{self, NoAnswer};

/// Folder of all models, relative to the page.
const FOLDER: &str = "./models";
/// The model that the page runs where its address names none.
const SHIPPED: &str = "lgg-resunetpp";
/// The address's parameter that names a model.
const PARAMETER: &str = "model";

/// A model that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its folder's name.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// The model at work: the one that the address names, or the shipped one.
pub fn wanted() -> String {
    address::parameter(PARAMETER).filter(|id| is_plain(id)).unwrap_or_else(|| SHIPPED.into())
}

/// Address of its folder, relative to the page.
pub fn folder() -> String {
    format!("{FOLDER}/{}", wanted())
}

/// All that the site lists; none where it has no list.
pub async fn offered() -> Vec<Offered> {
    listed().await.unwrap_or_default().into_iter().filter(|model| is_plain(&model.id)).collect()
}

/// Loads the page anew with another model; the browser asks first where something is not saved.
pub fn choose(id: &str) {
    address::load_with(PARAMETER, id);
}

/// By the browser's own reader of JSON: another would be several kB of program.
async fn listed() -> Result<Vec<Offered>, NoAnswer> {
    let answer = site::answer(&format!("{FOLDER}/index.json")).await?;
    let models: Array = JsFuture::from(answer.json()?).await?.dyn_into()?;
    let text = |model: &JsValue, field: &str| Reflect::get(model, &field.into()).ok()?.as_string();
    let offered = |model: JsValue| Some(Offered { id: text(&model, "id")?, name: text(&model, "name")? });
    Ok(models.iter().filter_map(offered).collect())
}

/// Whether a name leads nowhere but to a folder below that of all models.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for name in ["lgg-resunetpp", "u_net-64"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", "..", "a/b", "a?b", "https://elsewhere", "ä"] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn the_sites_own_list_names_the_shipped_model_first() {
        let listed: serde_json::Value =
            serde_json::from_str(include_str!("../../../public/models/index.json")).unwrap();
        assert_eq!(listed[0]["id"], SHIPPED);
        assert!(listed[0]["name"].is_string());
    }
}
