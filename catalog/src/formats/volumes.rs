//! The volumes of a file into what a study takes them for: sequences, one of too many, or a label.

use study::{LabelMap, Series, SeriesWarning, is_label_map, is_own_mask};

use super::Content;
use crate::labels::Label;
use crate::studies::Reader;

/// `reader` makes what reads another volume, where there are too many.
pub(super) fn content(
    name: &str,
    mut volumes: Vec<(Series, Vec<SeriesWarning>)>,
    header: &[u8],
    reader: impl FnOnce() -> Reader,
) -> Content {
    if let [(series, _)] = &volumes[..]
        && is_label_map(series, header)
    {
        return Content::Label(Label::map(name, LabelMap::of(series), is_own_mask(header)));
    }
    let count = volumes.iter().flat_map(|(_, warnings)| warnings).find_map(|warning| match warning {
        SeriesWarning::FirstOf(count) => Some(*count),
        _ => None,
    });
    match (count, volumes.pop()) {
        (Some(count), Some(first)) if volumes.is_empty() => {
            Content::Many { name: name.to_owned(), first: Box::new(first), count, read: reader() }
        }
        (_, last) => {
            volumes.extend(last);
            Content::Volumes(volumes)
        }
    }
}
