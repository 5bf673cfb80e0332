//! NIfTI, in one file or in two: one volume, several in time, or a label map.

use study::{
    FileKind, NiftiError, Pair, PairPart, Pairs, Series, SeriesWarning, pair_key, read_nifti, read_nifti_volume,
    read_pair, read_pair_volume,
};

use super::volumes::content;
use super::{Content, Format, Holds, Input, grid};

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
    take(part, input, pairs)
}

/// A file that a header waits for.
pub(super) fn read_data(input: &Input, pairs: &mut Pairs) -> Result<Content, String> {
    take(PairPart::Data, input, pairs)
}

fn take(part: PairPart, input: &Input, pairs: &mut Pairs) -> Result<Content, String> {
    let Some(pair) = pairs.add(input.path, part, input.bytes.to_vec()) else { return Ok(Content::Half) };
    if let Some(format) = pair.format {
        return grid::of_pair(format, pair);
    }
    let Pair { name, header, data, .. } = pair;
    let data = data.into_iter().next().unwrap_or_default();
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
