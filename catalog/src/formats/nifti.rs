//! NIfTI, in one file or in two: one volume, several in time, or a label map.

use study::{
    FileKind, LabelMap, NiftiError, Pair, PairPart, Pairs, Series, SeriesWarning, is_label_map, is_own_mask, pair_key,
    read_nifti, read_nifti_volume, read_pair, read_pair_volume,
};

use super::{Content, Format, Holds, Input};
use crate::labels::Label;
use crate::studies::Reader;

pub(super) const NIFTI: Format = Format {
    name: "NIfTI",
    extensions: &["nii", "nii.gz"],
    holds: Holds::Study,
    labels: true,
    fuzz_target: "nifti",
    kinds: &[FileKind::Nifti],
    read,
};

pub(super) const PAIR: Format = Format {
    name: "NIfTI or Analyze pair",
    extensions: &["hdr", "img"],
    kinds: &[FileKind::PairHeader, FileKind::PairData],
    read: read_half,
    ..NIFTI
};

fn read(&Input { name, bytes, .. }: &Input, _: &mut Pairs) -> Result<Content, String> {
    let volumes = read_nifti(name, bytes).map_err(|error| error.to_string())?;
    let (called, kept) = (name.to_owned(), bytes);
    Ok(content(name, volumes, bytes, || {
        let kept = kept.to_vec();
        Box::new(move |index| only(read_nifti_volume(&called, &kept, index)))
    }))
}

fn read_half(input: &Input, pairs: &mut Pairs) -> Result<Content, String> {
    let part = match pair_key(input.path) {
        Some((_, part)) => part,
        None => PairPart::Header,
    };
    let Some(Pair { name, header, data }) = pairs.add(input.path, part, input.bytes.to_vec()) else {
        return Ok(Content::Half);
    };
    let name = name.rsplit(['/', '\\']).next().unwrap_or(&name);
    let volumes = read_pair(name, &header, &data).map_err(|error| error.to_string())?;
    let called = name.to_owned();
    Ok(content(name, volumes, &header.clone(), || {
        Box::new(move |index| only(read_pair_volume(&called, &header, &data, index)))
    }))
}

/// A volume without what is odd about it, which was said of the first.
fn only(read: Result<(Series, Vec<SeriesWarning>), NiftiError>) -> Result<Series, String> {
    read.map(|(series, _)| series).map_err(|error| error.to_string())
}

/// `reader` makes what reads another volume, where there are too many.
fn content(
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
