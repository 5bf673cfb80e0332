//! Which dropped file is the label of which slice, by name.

use imaging::LABEL_ENDINGS;

/// The slice's name without folders and extension, if `name` is that of a label.
pub fn labelled_stem(name: &str) -> Option<&str> {
    let stem = stem(name);
    LABEL_ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending))
}

/// A file's name without folders and extension.
pub fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_sets_names_pair() {
        assert_eq!(labelled_stem("lgg/TCGA_HT_7602_19951103_12_mask.tif"), Some("TCGA_HT_7602_19951103_12"));
        assert_eq!(stem("TCGA_HT_7602_19951103_12.tif"), "TCGA_HT_7602_19951103_12");
        assert_eq!(labelled_stem("TCGA_HT_7602_19951103_12.tif"), None);
    }

    #[test]
    fn odd_names_are_kept_whole() {
        assert_eq!(stem(".hidden"), ".hidden");
        assert_eq!(stem("no extension"), "no extension");
        assert_eq!(stem(""), "");
    }
}
