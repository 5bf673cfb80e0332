//! Volumes of research programs: NRRD, MetaImage and MGH, in one file or with their numbers in others.

use study::{FileKind, GridFormat, Pair, Pairs, data_files, read_grid, read_grid_volume};

use super::volumes::content;
use super::{Content, Format, Holds, Input};

pub(super) const NRRD: Format = Format {
    name: "NRRD",
    extensions: &["nrrd", "nhdr"],
    kinds: &[FileKind::Nrrd],
    read: |input, pairs| read(GridFormat::Nrrd, input, pairs),
    ..MGH
};

pub(super) const META_IMAGE: Format = Format {
    name: "MetaImage",
    extensions: &["mha", "mhd", "raw", "zraw"],
    kinds: &[FileKind::MetaImage],
    read: |input, pairs| read(GridFormat::MetaImage, input, pairs),
    ..MGH
};

pub(super) const MGH: Format = Format {
    name: "MGH",
    extensions: &["mgh", "mgz"],
    holds: Holds::Study,
    labels: true,
    fuzz_target: "grid",
    kinds: &[FileKind::Mgh],
    read: |input, pairs| read(GridFormat::Mgh, input, pairs),
};

fn read(format: GridFormat, input: &Input, pairs: &mut Pairs) -> Result<Content, String> {
    let files = data_files(format, input.bytes).map_err(|error| error.to_string())?;
    if files.is_empty() {
        return volumes(format, input.name, input.bytes, Vec::new());
    }
    match pairs.add_header(input.path, format, files, input.bytes.to_vec()) {
        Some(pair) => of_pair(format, pair),
        None => Ok(Content::Half),
    }
}

/// A header and its numbers.
pub(super) fn of_pair(format: GridFormat, Pair { name, header, data, .. }: Pair) -> Result<Content, String> {
    let short = name.rsplit(['/', '\\']).next().unwrap_or(&name);
    let content = volumes(format, short, &header, data)?;
    Ok(Content::Headed { header: name, content: Box::new(content) })
}

fn volumes(format: GridFormat, name: &str, header: &[u8], data: Vec<Vec<u8>>) -> Result<Content, String> {
    let volumes = read_grid(format, name, header, &data).map_err(|error| error.to_string())?;
    let called = name.to_owned();
    // None of them has a mark for labels: the name says so.
    Ok(content(name, volumes, &[], || {
        let header = header.to_vec();
        Box::new(move |index| {
            let volume = read_grid_volume(format, &called, &header, &data, index);
            volume.map(|(series, _)| series).map_err(|error| error.to_string())
        })
    }))
}
