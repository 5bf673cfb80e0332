//! What files say of a person into whether two studies are of one patient: the one rule, for all that asks.
//!
//! An identifier is given by a hospital: another one gives the same to somebody else, and programs that hide names give one to
//! all. So three things are compared:
//!
//! - the **identifier**, as it stands;
//! - the **name** by its parts, in any order and in small or capital letters. A part that only one name has, such as a middle
//!   name, contradicts nothing; two names of which each has a part that the other lacks contradict each other;
//! - the **day of birth**.
//!
//! What is absent, and what stands in for nothing ("0", "ANON", a birth before 1901), contradicts nothing and agrees with
//! nothing. Files [contradict](Patient::contradicts) each other where one of the three does. They are [surely](Patient::is_surely)
//! of one patient where nothing contradicts, the identifier is the same, and the name or the day of birth agrees as well: an
//! identifier alone is not enough.

use super::day::Day;

/// What stands in for an identifier or a name.
const STAND_INS: [&str; 22] = [
    "anon",
    "anonym",
    "anonymous",
    "anonymized",
    "anonymised",
    "anonymize",
    "anonymise",
    "deidentified",
    "pseudonym",
    "unknown",
    "unnamed",
    "none",
    "noname",
    "nobody",
    "null",
    "na",
    "nn",
    "test",
    "phantom",
    "patient",
    "removed",
    "xxx",
];
/// A birth in this year or before stands in for none.
const STAND_IN_YEAR: u16 = 1900;

/// Who was examined, as far as files tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// Empty where it is absent.
    id: String,
    /// Parts of the name in small letters, each once, sorted; empty where it is absent.
    name: Vec<String>,
    born: Option<Day>,
}

impl Patient {
    /// The patient of this Patient ID, Patient's Name and Patient's Birth Date, as DICOM has them; empty where one is absent.
    pub fn new(id: &str, name: &str, born: &str) -> Self {
        let id = id.trim_matches([' ', '\0']);
        // Of the ways to write a name the first, which is in letters.
        let written = name.split('=').find(|written| !written.trim().is_empty()).unwrap_or_default();
        let mut name: Vec<String> = words(written).collect();
        name.sort_unstable();
        name.dedup();
        if name.iter().all(|word| is_stand_in(word)) {
            name.clear();
        }
        let nobodys = words(id).all(|word| is_stand_in(&word));
        let born = Day::parse(born).filter(|day| day.year() > STAND_IN_YEAR);
        Self { id: if nobodys { String::new() } else { id.to_owned() }, name, born }
    }

    /// Whether files with these values cannot be of one patient.
    pub fn contradicts(&self, other: &Self) -> bool {
        let lacks = |a: &[String], b: &[String]| a.iter().any(|part| !b.contains(part));
        (self.has_id() && other.has_id() && self.id != other.id)
            || (self.has_name() && other.has_name() && lacks(&self.name, &other.name) && lacks(&other.name, &self.name))
            || self.born.zip(other.born).is_some_and(|(a, b)| a != b)
    }

    /// Whether files with these values are of one patient without doubt.
    pub fn is_surely(&self, other: &Self) -> bool {
        let agrees = (self.has_name() && other.has_name()) || (self.born.is_some() && other.born.is_some());
        self.shares_id(other) && agrees && !self.contradicts(other)
    }

    /// Whether both have the same identifier, which by itself says little.
    pub fn shares_id(&self, other: &Self) -> bool {
        self.has_id() && self.id == other.id
    }

    /// Whether nothing contradicts any of some patients.
    pub fn fits(&self, others: &[Self]) -> bool {
        !others.iter().any(|other| self.contradicts(other))
    }

    /// Joins what other files of a person say, each way once.
    pub fn join(self, others: &mut Vec<Self>) {
        if !others.contains(&self) {
            others.push(self);
        }
    }

    /// All that is known, in one line: the same for the same values; empty where nothing is.
    pub fn written(&self) -> String {
        let born = self.born.map(|day| day.to_string()).unwrap_or_default();
        [self.id.as_str(), &self.name.join(" "), &born].join(" ").trim().to_owned()
    }

    fn has_id(&self) -> bool {
        !self.id.is_empty()
    }

    fn has_name(&self) -> bool {
        !self.name.is_empty()
    }
}

/// Letters and digits that stand together, in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn is_stand_in(word: &str) -> bool {
    word.chars().all(|c| c == '0') || STAND_INS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doe() -> Patient {
        Patient::new("42", "Doe^Jane", "19700203")
    }

    #[test]
    fn one_patient_is_the_same_however_it_is_written() {
        for (id, name, born) in [
            ("42", "Doe^Jane", "19700203"),
            (" 42 ", "DOE^JANE^^^", "1970.02.03"),
            ("42", "Jane Doe", ""),
            ("42", "Doe^Jane^Maria^Dr", "19700203"),
            ("42", "Doe^Jane=度^珍", "19700203"),
            ("42", "", "19700203"),
            ("42", "ANONYMOUS", "19700203"),
            ("42", "Doe, Jane", "19000101"),
        ] {
            let other = Patient::new(id, name, born);
            assert!(doe().is_surely(&other) && other.is_surely(&doe()), "{id} {name} {born}");
            assert!(!doe().contradicts(&other));
        }
    }

    #[test]
    fn one_identifier_does_not_make_two_people_one() {
        for (id, name, born) in [
            ("42", "Doe^John", "19700203"),
            ("42", "Roe^Jane", ""),
            ("42", "Doe^Jane", "19700204"),
            ("42", "", "19610203"),
            ("43", "Doe^Jane", "19700203"),
            ("042", "Doe^Jane", "19700203"),
        ] {
            let other = Patient::new(id, name, born);
            assert!(doe().contradicts(&other) && other.contradicts(&doe()), "{id} {name} {born}");
            assert!(!doe().is_surely(&other) && !other.is_surely(&doe()));
        }
    }

    #[test]
    fn what_is_absent_or_stands_in_for_nothing_ties_nothing_and_contradicts_nothing() {
        for (id, name, born) in [
            ("", "Doe^Jane", "19700203"),
            ("0", "Doe^Jane", "19700203"),
            ("000000", "", ""),
            ("ANON", "ANON", ""),
            ("Anonymous", "Anonymous^Patient", "19000101"),
            // An identifier alone.
            ("42", "", ""),
            ("42", "unknown", "1970"),
            ("", "", ""),
        ] {
            let other = Patient::new(id, name, born);
            assert!(!doe().contradicts(&other) && !doe().is_surely(&other), "{id} {name} {born}");
            assert!(!other.is_surely(&other), "{id} {name} {born}");
        }
        // What has a number of its own tells one from another.
        let [a, b] = ["ANON-1F", "ANON-2E"].map(|id| Patient::new(id, &format!("Anonymous^{id}"), ""));
        assert!(a.is_surely(&a) && a.contradicts(&b) && a.written() != b.written());
    }

    #[test]
    fn an_identifier_may_be_shared_by_strangers() {
        let other = Patient::new("42", "Roe^Richard", "");
        assert!(doe().shares_id(&other) && !doe().shares_id(&Patient::new("7", "", "")));
        let nobody = Patient::new("0", "", "");
        assert!(!nobody.shares_id(&nobody));
        assert!(nobody.fits(&[doe(), other.clone()]) && doe().fits(&[nobody]) && !other.fits(&[doe()]));
    }
}
