//! Pages of a TIFF file, or lone pictures that are numbered slices, into volumes.

use imaging::{Channel, DecodeError, GridSize, Numbers, Pages, SEQUENCES, Slice, decode_pages};
use thiserror::Error;

use crate::floats::settle;
use crate::geometry::{Geometry, Placement};
use crate::role::role_of;
use crate::series::{Origin, Series, SeriesWarning};
use crate::volume::{Stored, Values, Volume};

/// What three channels are, in the order of the LGG data set.
const CONVENTION: [&str; SEQUENCES] = ["pre-contrast", "FLAIR", "post-contrast"];
/// Missing numbers that are named one by one; more are counted.
const NAMED: usize = 8;

/// Why pictures make no volume.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StackError {
    /// There are too few.
    #[error("one picture is no volume; choose two or more slices of it")]
    TooFew,
    /// They differ in size.
    #[error("{first} and {other} differ in size; a volume needs slices of one size")]
    Sizes {
        /// Name of the first picture.
        first: String,
        /// Name of the first that differs.
        other: String,
    },
}

/// The volumes of a picture file with several pages: one for each channel and time.
///
/// Three channels are pre-contrast, FLAIR and post-contrast, unless their own names say what they are. Whether a file has
/// several pages says [`imaging::pages_in`].
///
/// # Errors
///
/// As [`decode_pages`].
pub fn read_pages(name: &str, bytes: &[u8]) -> Result<Vec<(Series, Vec<SeriesWarning>)>, DecodeError> {
    Ok(series_of(name, decode_pages(bytes)?))
}

/// The same of pages that are decoded already.
fn series_of(name: &str, pages: Pages) -> Vec<(Series, Vec<SeriesWarning>)> {
    let short = name.rsplit('/').next().unwrap_or(name);
    let labels: Vec<String> = pages.channels.iter().map(|channel| channel.label.clone()).collect();
    let names = names(short, &labels);
    let placement = pages.spacing_mm.map_or(Placement::Unknown, Placement::Spaced);
    let [intercept, slope] = pages.calibration.unwrap_or([0.0, 1.0]);
    let window = pages.window.filter(|_| pages.channels.len() == 1).map(|[low, high]| {
        let [low, high] = [low, high].map(|number| intercept + slope * number);
        [(low + high) / 2.0, (high - low).abs()]
    });
    let left_out = (pages.left_out.count() > 0).then_some(SeriesWarning::PagesLeftOut {
        thumbnails: pages.left_out.thumbnails,
        masks: pages.left_out.masks,
        other_sizes: pages.left_out.other_sizes,
    });
    let (width, height) = (pages.width, pages.height);
    let series = pages.channels.into_iter().zip(names).enumerate().map(|(at, (channel, name))| {
        let Channel { pages, inverted, .. } = channel;
        let geometry = Geometry { size: GridSize::new(width, height, pages.len()), placement };
        let (values, odd) = values(pages, slope, intercept);
        let mut warnings = if at == 0 { Vec::from_iter(left_out.clone()) } else { Vec::new() };
        warnings.extend(odd);
        match placement {
            _ if at > 0 => {}
            Placement::Unknown => warnings.push(SeriesWarning::NoSpacing),
            _ => warnings.push(SeriesWarning::NoPlace),
        }
        (Series { inverted, window, ..plain(name, Volume { geometry, values }) }, warnings)
    });
    series.collect()
}

/// A series of a file without references.
fn plain(name: String, volume: Volume) -> Series {
    Series { name, volume, inverted: false, window: None, origin: Origin::File, patient: Vec::new() }
}

/// Names of the volumes of a file: its own with the channel behind it.
fn names(file: &str, labels: &[String]) -> Vec<String> {
    let told = labels.iter().any(|label| role_of(label).is_some());
    let by_convention = labels.len() == SEQUENCES && !told;
    // The file's own name would decide the sequence of all three.
    let own = if labels.len() > 1 && role_of(file).is_some() { "" } else { file };
    let name = |(at, label): (usize, &String)| {
        let label = if by_convention { format!("{label} ({})", CONVENTION[at]) } else { label.clone() };
        let parts = [own, label.as_str()].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    };
    if let [_] = labels { vec![file.to_owned()] } else { labels.iter().enumerate().map(name).collect() }
}

/// Intensities of pages as they are stored, and what is odd about them.
fn values(pages: Vec<Numbers>, slope: f64, intercept: f64) -> (Values, Vec<SeriesWarning>) {
    let unsigned = pages.iter().all(|page| matches!(page, Numbers::Unsigned(_)));
    let signed = pages.iter().all(|page| matches!(page, Numbers::Signed(_)));
    if unsigned || signed {
        let zero = if signed { 0x8000 } else { 0 };
        let stored = pages.into_iter().map(|page| match page {
            Numbers::Unsigned(numbers) => numbers,
            Numbers::Signed(numbers) => numbers.into_iter().map(|v| v as u16 ^ 0x8000).collect(),
            Numbers::Floats(_) | Numbers::Wide(_) => unreachable!("all are whole numbers of 16 bit"),
        });
        return (Values::Integers { stored: Stored::new(stored), zero, slope, intercept }, Vec::new());
    }
    let ranges = pages.iter().filter_map(Numbers::range);
    let range = ranges.reduce(|[low, high], [a, b]| [low.min(a), high.max(b)]);
    let wide = pages.iter().all(|page| matches!(page, Numbers::Wide(_)));
    if let (Some([low, high]), true) = (range, wide)
        && high - low <= f64::from(u16::MAX)
        && pages.iter().all(|page| page.map(|v| v.fract() == 0.0).into_iter().all(|whole| whole))
    {
        // Wide whole numbers within a range of 16 bit stay exact, which single precision would round.
        let stored = pages.into_iter().map(|page| page.map(|v| (v - low) as u16));
        return (
            Values::Integers { stored: Stored::new(stored), zero: 0, slope, intercept: intercept + slope * low },
            Vec::new(),
        );
    }
    let largest = f64::from(f32::MAX);
    let mut floats: Vec<f32> = Vec::with_capacity(pages.iter().map(Numbers::len).sum());
    for page in pages {
        // A number beyond single precision is as large as that can be, not infinite.
        let value = |v: f64| (if v.is_finite() { (intercept + slope * v).clamp(-largest, largest) } else { v }) as f32;
        floats.append(&mut page.map(value));
    }
    let odd = settle(&mut floats);
    (Values::Floats(floats), odd)
}

/// The volumes of lone pictures, the slices of one volume: in the order of the number in their names, all of one size.
///
/// Grey pictures make one volume, coloured ones three: pre-contrast, FLAIR and post-contrast. Numbers that are missing
/// between the first and the last are warned of. `name` is what the volume is called.
///
/// # Errors
///
/// [`StackError`] says why they make no volume.
pub fn stack_of_pictures(
    name: &str,
    mut slices: Vec<(String, Slice)>,
) -> Result<Vec<(Series, Vec<SeriesWarning>)>, StackError> {
    if slices.len() < 2 {
        return Err(StackError::TooFew);
    }
    let [width, height] = [slices[0].1.width(), slices[0].1.height()];
    if let Some((other, _)) = slices.iter().find(|(_, slice)| [slice.width(), slice.height()] != [width, height]) {
        return Err(StackError::Sizes { first: slices[0].0.clone(), other: other.clone() });
    }
    slices.sort_by_cached_key(|(name, _)| parts(stem(name)));
    let mut warnings = Vec::new();
    let numbers = numbers(&slices.iter().map(|(name, _)| stem(name)).collect::<Vec<_>>());
    if let Some(missing) = numbers.and_then(|numbers| missing(&numbers)) {
        warnings.push(missing);
    }
    warnings.push(SeriesWarning::NoSpacing);
    let geometry = Geometry { size: GridSize::new(width, height, slices.len()), placement: Placement::Unknown };
    // A black slice of a coloured volume is grey by itself.
    let grey = slices.iter().all(|(_, slice)| slice.is_single_sequence());
    let labels = ["red", "green", "blue"].map(str::to_owned);
    let names = if grey { vec![name.to_owned()] } else { names(name, &labels) };
    let series = names.into_iter().enumerate().map(|(sequence, name)| {
        let values = whole(&slices, sequence);
        (plain(name, Volume { geometry, values }), std::mem::take(&mut warnings))
    });
    Ok(series.collect())
}

/// The intensities of a sequence as the whole numbers of 8 or 16 bit that they were, else as they are.
fn whole(slices: &[(String, Slice)], sequence: usize) -> Values {
    let planes = || slices.iter().map(|(_, slice)| slice.sequence(sequence));
    // Single precision holds a share of 65535 to a hundredth; two shares of 16 bit differ by more in units of 8 bit.
    for (full, tolerance) in [(255.0, 1e-4), (65535.0, 1e-2)] {
        let fits = |v: &f32| (v * full - (v * full).round()).abs() <= tolerance && (0.0..=1.0).contains(v);
        if planes().all(|plane| plane.iter().all(fits)) {
            let stored = Stored::new(planes().map(|plane| plane.iter().map(|v| (v * full).round() as u16).collect()));
            return Values::Integers { stored, zero: 0, slope: 1.0, intercept: 0.0 };
        }
    }
    Values::Floats(planes().flatten().copied().collect())
}

/// A name without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A piece of a name, so that numbers are compared as such.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}

fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        // What is too long for a number is text.
        let number = part.parse().ok().filter(|_| digits);
        parts.push(number.map_or_else(|| Part::Text(part.to_lowercase()), Part::Number));
        rest = behind;
    }
    parts
}

/// The numbers that tell sorted names apart, if they differ in one number only.
fn numbers(names: &[&str]) -> Option<Vec<u64>> {
    let all: Vec<Vec<Part>> = names.iter().map(|name| parts(name)).collect();
    let (first, others) = all.split_first()?;
    let mut differing = (0..first.len()).filter(|&at| others.iter().any(|parts| parts.get(at) != first.get(at)));
    let (at, None) = (differing.next()?, differing.next()) else { return None };
    let alike = others.iter().all(|parts| parts.len() == first.len());
    let number = |parts: &Vec<Part>| match parts[at] {
        Part::Number(number) => Some(number),
        Part::Text(_) => None,
    };
    if alike { all.iter().map(number).collect() } else { None }
}

/// A warning that names the numbers that are missing in an even count.
fn missing(numbers: &[u64]) -> Option<SeriesWarning> {
    let steps = || numbers.windows(2).map(|pair| pair[1] - pair[0]).filter(|&step| step > 0);
    let step = steps().min()?;
    let gaps = || numbers.windows(2).filter(move |pair| pair[1] - pair[0] > step);
    let count = gaps().map(|pair| (pair[1] - pair[0] - 1) / step).sum();
    let absent = gaps().flat_map(|pair| (pair[0] + step..pair[1]).step_by(step as usize));
    let first: Vec<u64> = absent.take(NAMED).collect();
    (!first.is_empty()).then_some(SeriesWarning::MissingNumbers { count, first })
}

#[cfg(test)]
mod tests {
    use imaging::LeftOutPages;

    use super::*;

    fn pages(channels: Vec<(&str, Vec<Numbers>)>) -> Pages {
        let channel = |(label, pages): (&str, Vec<Numbers>)| Channel { label: label.into(), pages, inverted: false };
        Pages {
            width: 2,
            height: 1,
            channels: channels.into_iter().map(channel).collect(),
            spacing_mm: None,
            calibration: None,
            window: None,
            left_out: LeftOutPages::default(),
        }
    }

    fn all(values: &Values) -> Vec<f64> {
        (0..values.len()).map(|at| values.get(at)).collect()
    }

    #[test]
    fn whole_numbers_stay_as_stored() {
        let signed = vec![Numbers::Signed(vec![-5000, 4998]), Numbers::Signed(vec![0, i16::MIN])];
        let [(series, warnings)] = &series_of("a/b.tif", pages(vec![("", signed)]))[..] else { panic!("one series") };
        assert_eq!(all(&series.volume.values), [-5000.0, 4998.0, 0.0, -32768.0]);
        assert!(matches!(series.volume.values, Values::Integers { slope: 1.0, .. }));
        assert_eq!((series.volume.geometry.size.axes(), series.name.as_str()), ([2, 1, 2], "b.tif"));
        assert_eq!(warnings[..], [SeriesWarning::NoSpacing]);
        let wide = vec![Numbers::Wide(vec![4e9 + 1.0, 4e9 + 65536.0])];
        let [(series, _)] = &series_of("b.tif", pages(vec![("", wide)]))[..] else { panic!("one series") };
        assert_eq!(all(&series.volume.values), [4e9 + 1.0, 4e9 + 65536.0]);
    }

    #[test]
    fn a_calibration_and_a_spacing_are_taken_over() {
        let stored = vec![Numbers::Unsigned(vec![32768, 32778])];
        let calibrated = Pages {
            calibration: Some([-32768.0, 1.0]),
            window: Some([32768.0, 32868.0]),
            spacing_mm: Some([0.5, 0.75, 5.0].into()),
            left_out: LeftOutPages { thumbnails: 1, ..LeftOutPages::default() },
            ..pages(vec![("", stored)])
        };
        let [(series, warnings)] = &series_of("b.tif", calibrated)[..] else { panic!("one series") };
        assert_eq!(all(&series.volume.values), [0.0, 10.0]);
        assert_eq!(
            (series.window, series.volume.geometry.placement),
            (Some([50.0, 100.0]), Placement::Spaced([0.5, 0.75, 5.0].into()))
        );
        let left_out = SeriesWarning::PagesLeftOut { thumbnails: 1, masks: 0, other_sizes: 0 };
        assert_eq!(left_out.to_string(), "1 page of the file was not used: 1 thumbnail");
        assert_eq!(warnings[..], [left_out, SeriesWarning::NoPlace]);
    }

    #[test]
    fn what_is_no_number_is_the_darkest_and_counted() {
        let floats = vec![Numbers::Floats(vec![f32::NAN, 3.5]), Numbers::Floats(vec![-2.0, f32::INFINITY])];
        let [(series, warnings)] = &series_of("b.tif", pages(vec![("", floats)]))[..] else { panic!("one series") };
        assert_eq!(all(&series.volume.values), [-2.0, 3.5, -2.0, -2.0]);
        assert_eq!(warnings[0], SeriesWarning::NotFinite(2));
        let huge = vec![Numbers::Wide(vec![1e300, 0.5])];
        let [(series, warnings)] = &series_of("b.tif", pages(vec![("", huge)]))[..] else { panic!("one series") };
        assert_eq!((all(&series.volume.values), warnings.len()), (vec![f64::from(f32::MAX), 0.5], 1));
    }

    #[test]
    fn three_channels_are_named_by_the_convention() {
        let page = || vec![Numbers::Unsigned(vec![1, 2])];
        let roles = |file: &str, labels: [&str; 3]| {
            let all = series_of(file, pages(labels.into_iter().map(|label| (label, page())).collect()));
            let choice = crate::role::choose(&all.iter().map(|(series, _)| series).collect::<Vec<_>>());
            let names: Vec<String> = all.iter().map(|(series, _)| series.name.clone()).collect();
            (names, [choice.pre, choice.flair, choice.post])
        };
        let in_order = [Some(0), Some(1), Some(2)];
        let (names, found) = roles("TCGA_CS_4941.tif", ["red", "green", "blue"]);
        assert_eq!((names[1].as_str(), found), ("TCGA_CS_4941.tif, green (FLAIR)", in_order));
        assert_eq!(roles("brain flair.tif", ["red", "green", "blue"]).1, in_order, "the file's name decides nothing");
        assert_eq!(roles("a.tif", ["T1", "T1 post", "FLAIR"]).1, [Some(0), Some(2), Some(1)], "own names first");
    }

    fn picture(value: u8) -> Slice {
        Slice::new(2, 1, vec![vec![f32::from(value) / 255.0, 1.0]])
    }

    #[test]
    fn numbered_pictures_are_sorted_by_their_number() {
        let named = [(10, "s_10.png"), (2, "s_2.png"), (1, "s_001.png"), (4, "s_4.png"), (9, "s_9.PNG")];
        let slices = named.into_iter().map(|(value, name)| (name.to_owned(), picture(value))).collect();
        let [(series, warnings)] = &stack_of_pictures("s", slices).unwrap()[..] else { panic!("one series") };
        assert_eq!(
            all(&series.volume.values).iter().step_by(2).copied().collect::<Vec<_>>(),
            [1.0, 2.0, 4.0, 9.0, 10.0]
        );
        let missing = SeriesWarning::MissingNumbers { count: 5, first: vec![3, 5, 6, 7, 8] };
        assert_eq!(warnings[..], [missing.clone(), SeriesWarning::NoSpacing]);
        let said = "the slices with the numbers 3, 5, 6, 7, 8 are missing; volumes and reformats are only approximate";
        assert_eq!(missing.to_string(), said);
    }

    #[test]
    fn an_even_count_misses_nothing() {
        assert_eq!(missing(&[2, 4, 6, 8]), None);
        assert_eq!(missing(&[2, 4, 8]), Some(SeriesWarning::MissingNumbers { count: 1, first: vec![6] }));
        assert_eq!(missing(&[5, 5]), None);
        let far = SeriesWarning::MissingNumbers { count: u64::MAX - 2, first: (2..10).collect() };
        assert_eq!(missing(&[0, 1, u64::MAX]), Some(far));
        assert_eq!(numbers(&["a1b1", "a1b2"]), Some(vec![1, 2]));
        assert_eq!(numbers(&["a1b1", "a2b2"]), None, "two numbers differ");
        assert_eq!(numbers(&["a1", "b1"]), None);
    }

    #[test]
    fn coloured_pictures_are_three_volumes_and_sizes_must_agree() {
        let coloured = Slice::new(2, 1, vec![vec![0.1, 0.2], vec![0.3, 0.4], vec![0.5, 0.61]]);
        let slices = vec![("a1.tif".to_owned(), picture(0)), ("a2.tif".to_owned(), coloured)];
        let all = stack_of_pictures("a", slices.clone()).unwrap();
        assert_eq!(all.iter().map(|(series, _)| role_of(&series.name).is_some()).collect::<Vec<_>>(), [true; 3]);
        assert!((all[1].0.volume.values.get(3) - 0.4).abs() < 1e-6);
        let larger = ("b3.tif".to_owned(), Slice::new(3, 1, vec![vec![0.0; 3]]));
        let error = stack_of_pictures("a", [slices, vec![larger]].concat()).unwrap_err();
        assert_eq!(error, StackError::Sizes { first: "a1.tif".into(), other: "b3.tif".into() });
        assert_eq!(stack_of_pictures("a", Vec::new()), Err(StackError::TooFew));
    }
}
