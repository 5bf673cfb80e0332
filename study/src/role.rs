//! Which sequence a volume is, by its description or the name of its file.

/// The sequences that the network reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// T1 before contrast agent.
    Pre,
    /// Fluid-attenuated inversion recovery.
    Flair,
    /// T1 after contrast agent.
    Post,
}

/// The sequence that a description names, if it does.
pub fn role_of(description: &str) -> Option<Role> {
    let text = description.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+').filter(|w| !w.is_empty()).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let holds = |wanted: &[&str]| wanted.iter().any(|part| text.contains(part));
    // BraTS calls FLAIR `t2f`, T1 `t1n` and T1 after contrast `t1c`, `t1ce` or `t1gd`.
    if holds(&["flair"]) || has(&["t2f", "dark", "tirm"]) {
        return Some(Role::Flair);
    }
    let after = holds(&["post", "t1ce", "t1gd", "gado", "t1+c", "contrast", "enhanced", "+gd", "+c"])
        || has(&["t1c", "gd", "ce", "km", "kl", "c+"]);
    let before = holds(&["t1", "mprage", "spgr", "bravo"]) || has(&["pre", "native"]);
    let without = holds(&["pre", "native", "non-contrast", "noncontrast", "without", "w/o"]);
    match (after && !without, before || without) {
        (true, _) => Some(Role::Post),
        (false, true) => Some(Role::Pre),
        _ => None,
    }
}

/// Places of pre-contrast, FLAIR and post-contrast among some descriptions, each the first that fits.
pub fn assign(descriptions: &[&str]) -> [Option<usize>; 3] {
    let place = |wanted| descriptions.iter().position(|description| role_of(description) == Some(wanted));
    [Role::Pre, Role::Flair, Role::Post].map(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_scanners_and_data_sets_are_known() {
        for (description, role) in [
            ("AX T2 FLAIR", Some(Role::Flair)),
            ("t2_tirm_tra_dark-fluid", Some(Role::Flair)),
            ("BraTS-GLI-00001-000-t2f.nii.gz", Some(Role::Flair)),
            ("BraTS20_Training_001_t1ce.nii.gz", Some(Role::Post)),
            ("BraTS-GLI-00001-000-t1c.nii.gz", Some(Role::Post)),
            ("BraTS-GLI-00001-000-t1n.nii.gz", Some(Role::Pre)),
            ("AX T1 POST GD", Some(Role::Post)),
            ("SAG T1 +C", Some(Role::Post)),
            ("t1_mprage_sag KM", Some(Role::Post)),
            ("AX T1 PRE CONTRAST", Some(Role::Pre)),
            ("T1 axial", Some(Role::Pre)),
            ("AX T2 FSE", None),
            ("DWI b1000", None),
            ("", None),
        ] {
            assert_eq!(role_of(description), role, "{description}");
        }
    }

    #[test]
    fn each_place_is_taken_once() {
        assert_eq!(assign(&["T1 post", "FLAIR", "T1", "FLAIR late"]), [Some(2), Some(1), Some(0)]);
        assert_eq!(assign(&["T2"]), [None; 3]);
    }
}
