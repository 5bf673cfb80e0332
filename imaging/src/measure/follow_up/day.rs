//! A day as files and people write it, into a number that days can be counted by.

use std::fmt;

/// Months of a year, and their days in a common year.
const DAYS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Days of a mean year of the Julian calendar, by which growth is given per year.
pub(super) const DAYS_OF_YEAR: f64 = 365.25;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day of this year, month and day of the month, both from 1; none if the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let days = DAYS.get(usize::from(month).checked_sub(1)?)?;
        let leap = month == 2 && year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        (year > 0 && (1..=days + u8::from(leap)).contains(&day)).then_some(Self { year, month, day })
    }

    /// The day that a text names: `20260317` as DICOM writes it (PS3.5 6.2, DA), `2026.03.17` as it did, or `2026-03-17`;
    /// none for anything else, a part of a date included.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\0']);
        let digits: String = text.chars().filter(|character| !matches!(character, '-' | '.')).collect();
        let separated = text.len() == 10
            && ['-', '.'].iter().any(|&mark| {
                let marks: Vec<usize> = text.char_indices().filter(|(_, c)| *c == mark).map(|(at, _)| at).collect();
                marks == [4, 7]
            });
        let is_whole = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_whole || !(separated || text.len() == 8) {
            return None;
        }
        Self::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
    }

    /// Days from this one to another, below zero if that is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        other.number() - self.number()
    }

    /// The year of the Gregorian calendar.
    pub(super) fn year(self) -> u16 {
        self.year
    }

    /// Days since 1 March of the year 0. Years begin in March, so that the leap day is the last of its year.
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month < 3);
        let since_march = (month + 9) % 12;
        // Months from March on have 31, 30, 31, 30, 31 days, and again.
        365 * year + year / 4 - year / 100 + year / 400 + (153 * since_march + 2) / 5 + day - 1
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn days_are_counted_across_leap_years_and_centuries() {
        let cases = [
            ("20240228", "20240301", 2),
            ("20230228", "20230301", 1),
            ("20240101", "20250101", 366),
            ("20230101", "20240101", 365),
            ("19000228", "19000301", 1),
            ("20000228", "20000301", 2),
            ("19700101", "20260317", 20_529),
            ("20260317", "20260310", -7),
        ];
        for (from, to, days) in cases {
            assert_eq!(day(from).days_until(day(to)), days, "{from} to {to}");
        }
    }

    #[test]
    fn every_day_is_one_after_the_day_before() {
        let mut last = Day::new(1896, 12, 31).unwrap();
        let mut count = 0;
        for (year, month, of) in (1897..2105).flat_map(|y| (1..=12).flat_map(move |m| (1..=31).map(move |d| (y, m, d))))
        {
            if let Some(next) = Day::new(year, month, of) {
                assert_eq!((last.days_until(next), last < next), (1, true), "{last} to {next}");
                (last, count) = (next, count + 1);
            }
        }
        // 208 years, 52 of them with a leap day but for 1900 and 2100.
        assert_eq!(count, 208 * 365 + 50);
    }

    #[test]
    fn dates_are_read_as_dicom_and_people_write_them() {
        for text in ["20260317", "2026.03.17", "2026-03-17", " 20260317 "] {
            assert_eq!(day(text).to_string(), "2026-03-17");
        }
        let wrong = [
            "",
            "2026",
            "202603",
            "20260230",
            "20261301",
            "00000101",
            "2026-0317",
            "20-26-0317",
            "2026/03/17",
            "２0260317",
        ];
        for text in wrong {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
