//! Files of this site that the page's address names, as in `?study=./studies/7.zip`.

use js_sys::Uint8Array;
use web_sys::Url;

use super::fetched::fetched;
use crate::language::{Text, text};

/// A file of this site.
pub struct Linked {
    /// What it is called: the last part of its address.
    pub name: String,
    address: String,
    /// As it stands in the page's address.
    written: String,
}

impl Linked {
    /// The file at an address relative to the page's.
    ///
    /// # Errors
    ///
    /// What to tell the person where that is no address of this site.
    pub fn at(written: &str) -> Result<Self, Text> {
        let page = web_sys::window().expect("the page has a window").location();
        let base = page.href().unwrap_or_default();
        let address = Url::new_with_base(written, &base).map_err(|_| text!("linked-no-address", written))?;
        if page.origin().ok() != Some(address.origin()) {
            return Err(text!("linked-elsewhere", written));
        }
        let name = name_at(&address.pathname()).to_owned();
        let name = js_sys::decode_uri_component(&name).map_or(name, String::from);
        Ok(Self { name, address: address.href(), written: written.into() })
    }

    /// What is in it.
    ///
    /// # Errors
    ///
    /// What to tell the person where it cannot be had.
    pub async fn bytes(&self) -> Result<Uint8Array, Text> {
        let bytes = fetched(&self.address).await;
        bytes.map_err(|why| text!("linked-not-loaded", written = &self.written, why))
    }
}

/// The last part of a path; of one that ends in a slash, the part before.
fn name_at(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("study")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_after_the_end_of_its_address() {
        assert_eq!(name_at("/studies/7/axial.zip"), "axial.zip");
        assert_eq!(name_at("/studies/7/"), "7");
        assert_eq!(name_at("/"), "study");
    }
}
