//! What a header says of the files of its numbers into their names: one name, a list, or a pattern with running numbers.

use std::collections::BTreeSet;

use super::Unusable;

/// Files that a header may name.
const MOST_FILES: usize = 1 << 16;
/// Bytes that a list of names may have.
const LIST_BYTES: usize = 1 << 22;
/// Names in a sentence; of more it says how many there are.
const NAMES_SAID: usize = 5;
/// Digits that a number in a name may be filled up to.
const MOST_DIGITS: usize = 99;

/// The names in a list, a line each: no more than `most`, where it may be followed by something else.
pub(super) fn listed(lines: &[u8], most: Option<u64>) -> Result<Vec<String>, Unusable> {
    let text = String::from_utf8_lossy(&lines[..lines.len().min(LIST_BYTES)]);
    let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    distinct(names.take(most.min(MOST_FILES + 1)).map(str::to_owned).collect())
}

/// The names that a pattern makes of the numbers from `first` to `last`, `step` apart.
pub(super) fn numbered(pattern: &str, [first, last, step]: [i64; 3]) -> Result<Vec<String>, Unusable> {
    let counts = || -> Option<usize> {
        let way = last.checked_sub(first)?;
        // Of steps that lead away there are fewer than none.
        let steps = way.checked_div(step)?;
        usize::try_from(steps).ok().filter(|_| way == 0 || (way < 0) == (step < 0))
    };
    let count = counts().filter(|count| *count < MOST_FILES).ok_or_else(|| {
        Unusable::Damaged(format!("its files are numbered from {first} to {last} by steps of {step}"))
    })?;
    let numbering = Numbering::in_pattern(pattern)
        .ok_or_else(|| Unusable::Damaged(format!("{pattern:?} has no place for one whole number, such as %03d")))?;
    distinct((0..=count as i64).map(|at| numbering.name(first + at * step)).collect())
}

/// Whether a name has a place for a whole number.
pub(super) fn is_pattern(name: &str) -> bool {
    Numbering::in_pattern(name).is_some()
}

fn distinct(names: Vec<String>) -> Result<Vec<String>, Unusable> {
    if names.len() > MOST_FILES {
        return Err(Unusable::Damaged(format!("it names more than {MOST_FILES} files")));
    }
    let mut seen = BTreeSet::new();
    let twice = names.iter().find(|name| !seen.insert(name.as_str())).cloned();
    twice.map_or(Ok(names), |name| Err(Unusable::Damaged(format!("it names the file {name} twice"))))
}

/// The place of a number in a name: `%d`, `%3d`, `%03d` or `%.3d` of C's `printf`.
struct Numbering {
    before: String,
    behind: String,
    digits: usize,
    fill: char,
}

impl Numbering {
    fn in_pattern(pattern: &str) -> Option<Self> {
        let mut numbering: Option<Self> = None;
        let mut rest = pattern;
        let mut text = String::new();
        while let Some((before, behind)) = rest.split_once('%') {
            text.push_str(before);
            if let Some(behind) = behind.strip_prefix('%') {
                text.push('%');
                rest = behind;
                continue;
            }
            let end = behind.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let (width, behind) = behind.split_at(end);
            // One number alone.
            let behind = behind.strip_prefix(['d', 'i', 'u']).filter(|_| numbering.is_none())?;
            let (digits, fill) = match width.strip_prefix(['0', '.']) {
                Some(digits) => (digits, '0'),
                None => (width, ' '),
            };
            let digits = if digits.is_empty() { 0 } else { digits.parse().ok().filter(|&n| n <= MOST_DIGITS)? };
            numbering = Some(Self { before: std::mem::take(&mut text), behind: String::new(), digits, fill });
            rest = behind;
        }
        text.push_str(rest);
        numbering.map(|numbering| Self { behind: text, ..numbering })
    }

    fn name(&self, number: i64) -> String {
        let Self { before, behind, digits, fill } = self;
        let number = match fill {
            '0' => format!("{number:0digits$}"),
            _ => format!("{number:digits$}"),
        };
        format!("{before}{number}{behind}")
    }
}

/// Whether so many files can hold volumes of these lengths, each a part of so many dimensions, which lie one behind the other:
/// one part a file; parts of all dimensions share the last one evenly.
pub(super) fn fit(files: usize, lengths: &[u64], dimensions: usize) -> Result<(), Unusable> {
    let needed = pieces(lengths, dimensions).ok_or_else(|| {
        Unusable::Damaged(format!("it claims files of {dimensions} dimensions for {} sides", lengths.len()))
    })?;
    let fits = match lengths.last() {
        Some(last) if dimensions == lengths.len() => files > 0 && last.is_multiple_of(files as u64),
        _ => files as u64 == needed,
    };
    if fits { Ok(()) } else { Err(Unusable::Damaged(format!("it names {files} files where its sides make {needed}"))) }
}

/// How many parts of so many dimensions there are.
pub(super) fn pieces(lengths: &[u64], dimensions: usize) -> Option<u64> {
    let others = lengths.get(dimensions..).filter(|_| dimensions > 0)?;
    others.iter().try_fold(1u64, |product, &length| product.checked_mul(length))
}

/// Names for a sentence: the first few, and how many more there are.
pub(crate) fn in_words(names: &[String]) -> String {
    let first = names[..names.len().min(NAMES_SAID)].join(", ");
    match names.len().saturating_sub(NAMES_SAID) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_printf() {
        for (pattern, numbers, names) in [
            ("I.%03d", [8, 12, 2], &["I.008", "I.010", "I.012"][..]),
            ("a%d.raw", [1, 3, 1], &["a1.raw", "a2.raw", "a3.raw"]),
            ("100%%_%i", [3, 1, -2], &["100%_3", "100%_1"]),
            ("x%.2d", [9, 10, 1], &["x09", "x10"]),
            ("x%2u", [9, 11, 5], &["x 9"]),
        ] {
            assert_eq!(numbered(pattern, numbers).unwrap(), names, "{pattern}");
            assert!(is_pattern(pattern));
        }
        for pattern in ["a.raw", "100%.raw", "%s", "%x", "%d_%d", "%", "%%d", "%999d", "%1.2.3d"] {
            assert!(!is_pattern(pattern) && numbered(pattern, [1, 2, 1]).is_err(), "{pattern}");
        }
        for numbers in [[1, 2, 0], [1, 2, -1], [2, 1, 1], [1, i64::MAX, 1], [i64::MIN, i64::MAX, 1], [0, 70_000, 1]] {
            let error = numbered("%d", numbers).unwrap_err();
            assert!(matches!(&error, Unusable::Damaged(why) if why.contains("numbered from")), "{numbers:?}");
        }
        assert_eq!(numbered("%d", [5, 5, 1]).unwrap(), ["5"]);
    }

    #[test]
    fn a_list_is_its_lines() {
        assert_eq!(listed(b"a.raw\r\n b 2.raw \n\n", None).unwrap(), ["a.raw", "b 2.raw"]);
        assert_eq!(listed(b"a\nb\nc", Some(2)).unwrap(), ["a", "b"]);
        assert!(matches!(listed(b"a\nb\na", None), Err(Unusable::Damaged(why)) if why.contains("the file a twice")));
        let many: String = (0..=MOST_FILES).map(|at| format!("{at}\n")).collect();
        assert!(
            matches!(listed(many.as_bytes(), None), Err(Unusable::Damaged(why)) if why.contains("more than 65536"))
        );
    }

    #[test]
    fn files_fit_the_sides() {
        assert_eq!(fit(4, &[2, 3, 4], 2), Ok(()));
        assert_eq!(fit(12, &[2, 3, 4], 1), Ok(()));
        assert_eq!(fit(20, &[2, 3, 4, 5], 2), Ok(()));
        // Slabs share the last side.
        assert_eq!(fit(2, &[2, 3, 4], 3), Ok(()));
        for (files, dimensions) in [(3, 2), (3, 3), (0, 3), (0, 2), (4, 0), (4, 4)] {
            assert!(fit(files, &[2, 3, 4], dimensions).is_err(), "{files} of {dimensions} dimensions");
        }
        assert!(fit(1, &[2, u64::MAX, u64::MAX], 1).is_err());
    }

    #[test]
    fn a_sentence_has_few_names() {
        let names: Vec<String> = (1..=7).map(|at| format!("{at}.raw")).collect();
        assert_eq!(in_words(&names[..2]), "1.raw, 2.raw");
        assert_eq!(in_words(&names), "1.raw, 2.raw, 3.raw, 4.raw, 5.raw and 2 more");
    }
}
