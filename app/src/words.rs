//! Numbers, dates and names as people read them.

use crate::language::{self, Text, text};

/// Slices by their numbers, neighbours drawn together: "slice 4", "slices 4, 7–9".
///
/// `indices` count from 0 and ascend.
pub fn slices_named(indices: &[usize]) -> Text {
    let runs = indices.chunk_by(|before, after| before + 1 == *after);
    let name = |run: &[usize]| match (run[0] + 1, run[run.len() - 1] + 1) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}–{last}"),
    };
    let numbers = runs.map(name).collect::<Vec<_>>().join(", ");
    text!("slices-named", count = indices.len(), numbers)
}

/// A date of DICOM files, "19600501", as "1960-05-01"; anything else as it is.
pub fn iso_date(date: &str) -> String {
    let date = date.trim();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match (date.get(..4), date.get(4..6), date.get(6..)) {
        (Some(year), Some(month), Some(day)) if day.len() == 2 && digits(date) => format!("{year}-{month}-{day}"),
        _ => date.into(),
    }
}

/// A name of DICOM files, "DOE^JANE^^DR", as "Doe, Jane, Dr"; of several ways of writing it (PS3.5, 6.2) the first.
pub fn person_name(name: &str) -> String {
    let first = name.split('=').next().unwrap_or_default();
    let parts = first.split('^').map(str::trim).filter(|part| !part.is_empty());
    parts.map(capitals_of).collect::<Vec<_>>().join(", ")
}

/// A value of a patient's data, by what it is called, as the language writes it.
pub fn patient_value(name: &str, value: &str) -> String {
    match name {
        "Name" => person_name(value),
        "Born" | "Study date" => language::date(&iso_date(value)),
        _ => value.into(),
    }
}

/// A name in capitals with large letters at the beginnings of its words alone; one in both as it is.
fn capitals_of(part: &str) -> String {
    if part.chars().any(char::is_lowercase) {
        return part.into();
    }
    let mut begins = true;
    let letter = |c: char| {
        let written = if begins { c.to_string() } else { c.to_lowercase().to_string() };
        begins = !c.is_alphabetic();
        written
    };
    part.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_named_by_their_numbers() {
        assert_eq!(slices_named(&[3]).written(), "slice 4");
        assert_eq!(slices_named(&[0, 3, 6, 7, 8, 11, 12]).written(), "slices 1, 4, 7–9, 12–13");
    }

    #[test]
    fn dates_are_written_from_the_year_on() {
        assert_eq!(iso_date("19600501"), "1960-05-01");
        assert_eq!(iso_date("19600501 "), "1960-05-01");
        for odd in ["1960.05.01", "1960", "", "äöü19600", "196005011200"] {
            assert_eq!(iso_date(odd), odd);
        }
    }

    #[test]
    fn names_are_written_as_people_write_them() {
        assert_eq!(person_name("DOE^JANE"), "Doe, Jane");
        assert_eq!(person_name("Phantom^Asymmetric"), "Phantom, Asymmetric");
        assert_eq!(person_name("O'NEILL-SMITH^MARY ANN^^DR^"), "O'Neill-Smith, Mary Ann, Dr");
        assert_eq!(person_name("Yamada^Tarou=山田^太郎=やまだ^たろう"), "Yamada, Tarou");
        assert_eq!(person_name("山田^太郎"), "山田, 太郎");
        assert_eq!(person_name("ANONYMOUS"), "Anonymous");
        assert_eq!(person_name(""), "");
    }

    #[test]
    fn only_names_and_dates_are_written_otherwise() {
        assert_eq!(patient_value("ID", "19600501"), "19600501");
        assert_eq!(patient_value("Born", "19600501"), "1960-05-01");
    }
}
