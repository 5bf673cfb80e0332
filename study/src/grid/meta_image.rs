//! The header of MetaImage (Kitware, MetaIO): lines of `key = value`, the last of which says where the numbers lie.

use super::fields::Fields;
use super::{Described, Encoding, Numbers, Skip, Unusable, count, files, placed, size, spaced};
use crate::raw::{Kind, Layout};

/// Bytes that a header may have.
const HEADER_BYTES: usize = 1 << 16;
/// The key of the last line.
const LAST: &str = "elementdatafile";

/// Whether a file begins as a header does.
pub(crate) fn is_meta_image(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&start[..start.len().min(1024)]).to_lowercase();
    let mut keys = start.lines().map(|line| line.split('=').next().unwrap_or_default().trim());
    match keys.next() {
        Some("objecttype") => start.contains("image"),
        Some("ndims" | "comment" | "id" | "name") => start.contains("ndims") && start.contains("dimsize"),
        _ => false,
    }
}

/// The lines of a header.
fn fields(bytes: &[u8]) -> Result<Fields, Unusable> {
    let (mut fields, mut length) = (Vec::new(), 0);
    for line in bytes[..bytes.len().min(HEADER_BYTES)].split_inclusive(|&byte| byte == b'\n') {
        length += line.len();
        let line = String::from_utf8_lossy(line);
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().to_lowercase();
        let is_last = key == LAST;
        fields.push((key, value.trim().to_owned()));
        if is_last {
            return Ok(Fields { all: fields, length });
        }
    }
    Err(Unusable::Damaged("its header does not say where its numbers lie (ElementDataFile)".into()))
}

pub(super) fn describe(bytes: &[u8]) -> Result<Described, Unusable> {
    let header = fields(bytes)?;
    let lengths: Vec<u64> = header.numbers(&["dimsize"])?.unwrap_or_default();
    let dimensions: Vec<usize> = header.numbers(&["ndims"])?.unwrap_or_default();
    let dimensions = dimensions.first().copied().unwrap_or(lengths.len());
    if lengths.len() != dimensions || !(2..=16).contains(&dimensions) {
        return Err(Unusable::Damaged(format!("it claims {dimensions} dimensions and {} sides", lengths.len())));
    }
    if header.get(&["elementnumberofchannels"]).is_some_and(|channels| channels != "1") {
        return Err(Unusable::Values("colours or vectors".into()));
    }
    let kind = kind(header.get(&["elementtype"]).unwrap_or_default())?;
    let spatial = dimensions.min(3);
    let big_endian = header.is_true(&["binarydatabyteordermsb", "elementbyteordermsb"]);
    let compressed = header.is_true(&["compresseddata"]);
    let binary = header.get(&["binarydata"]).is_none() || header.is_true(&["binarydata"]);
    let encoding = match (binary, compressed) {
        (false, _) => Encoding::Text,
        (true, true) => Encoding::Zlib,
        (true, false) => Encoding::Raw,
    };
    let skip = match header.get(&["headersize"]).map(str::parse::<i64>) {
        None | Some(Ok(0)) => Skip::Bytes(0),
        Some(Ok(-1)) => Skip::Rest,
        Some(Ok(bytes)) if bytes > 0 => Skip::Bytes(bytes as u64),
        Some(_) => return Err(Unusable::Damaged("its HeaderSize is no number of bytes".into())),
    };
    let file = header.get(&[LAST]).unwrap_or_default();
    let numbers = match file {
        "LOCAL" | "Local" | "local" => Numbers::Here(header.length),
        "" => return Err(Unusable::Damaged("it does not name the file of its numbers".into())),
        value => Numbers::Files(names(value, &bytes[header.length..], &lengths)?),
    };
    let (placement, warnings) = placement(&header, dimensions)?;
    let layout = Layout {
        size: size(&lengths[..spatial])?,
        count: count(&lengths[spatial..])?,
        interleaved: false,
        kind,
        big_endian,
        slope: 1.0,
        intercept: 0.0,
        placement,
        warnings,
    };
    Ok(Described { layout, numbers, encoding, lines: 0, skip })
}

/// The files that the last line names, as MetaIO reads it: one; `LIST`, and of how many dimensions the piece in each is, with
/// the names in lines of their own; or a pattern, which may have spaces, with its first and last number and their step.
fn names(value: &str, behind: &[u8], lengths: &[u64]) -> Result<Vec<String>, Unusable> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let number = |word: &str| {
        word.parse::<i64>().map_err(|_| Unusable::Damaged(format!("{word:?} is no number (ElementDataFile)")))
    };
    let slices = lengths.len() - 1;
    if words[0] == "LIST" {
        let dimensions = words.get(1).map(|word| number(word)).transpose()?.and_then(|n| usize::try_from(n).ok());
        let dimensions = dimensions.filter(|n| (1..=lengths.len()).contains(n)).unwrap_or(slices);
        let names = files::listed(behind, files::pieces(lengths, dimensions))?;
        return files::fit(names.len(), lengths, dimensions).map(|()| names);
    }
    if !value.contains('%') {
        return Ok(vec![value.to_owned()]);
    }
    let (pattern, numbers) = words.split_at(words.len().saturating_sub(3).max(1));
    let numbers: Vec<i64> = numbers.iter().map(|word| number(word)).collect::<Result<_, _>>()?;
    let last = |first: i64| first.saturating_add_unsigned(lengths[slices]).saturating_sub(1);
    let numbers = match numbers[..] {
        [] => [1, last(1), 1],
        [first] => [first, last(first), 1],
        [first, last] => [first, last, 1],
        [first, last, step, ..] => [first, last, step],
    };
    let names = files::numbered(&pattern.join(" "), numbers)?;
    files::fit(names.len(), lengths, slices).map(|()| names)
}

/// The types of `metaTypes.h`; what is long there has four bytes.
fn kind(name: &str) -> Result<Kind, Unusable> {
    Ok(match name.to_uppercase().as_str() {
        "MET_UCHAR" => Kind::U8,
        "MET_CHAR" => Kind::I8,
        "MET_USHORT" => Kind::U16,
        "MET_SHORT" => Kind::I16,
        "MET_UINT" | "MET_ULONG" => Kind::U32,
        "MET_INT" | "MET_LONG" => Kind::I32,
        "MET_ULONG_LONG" => Kind::U64,
        "MET_LONG_LONG" => Kind::I64,
        "MET_FLOAT" => Kind::F32,
        "MET_DOUBLE" => Kind::F64,
        "" => return Err(Unusable::Damaged("it does not say of what type its numbers are".into())),
        other => return Err(Unusable::Values(format!("values of the type {other}"))),
    })
}

/// ITK reads directions and origin as LPS, whatever the line AnatomicalOrientation says (`itkMetaImageIO.cxx`); a row of the
/// matrix is the direction of an axis.
fn placement(
    header: &Fields,
    dimensions: usize,
) -> Result<(crate::geometry::Placement, Vec<crate::series::SeriesWarning>), Unusable> {
    let spacing: Option<Vec<f64>> = header.numbers(&["elementspacing", "elementsize"])?;
    let matrix: Option<Vec<f64>> = header.numbers(&["transformmatrix", "rotation", "orientation"])?;
    let origin: Option<Vec<f64>> = header.numbers(&["offset", "position", "origin"])?;
    let step = |axis: usize| match (&spacing, axis < dimensions) {
        (Some(spacing), true) => spacing.get(axis).copied().unwrap_or(0.0),
        (_, true) => 0.0,
        (_, false) => 1.0,
    };
    let steps = [0, 1, 2].map(step);
    if dimensions < 3 || (matrix.is_none() && origin.is_none()) {
        return Ok(spaced(steps));
    }
    if matrix.as_ref().is_some_and(|matrix| matrix.len() != dimensions * dimensions) {
        return Err(Unusable::Damaged("its TransformMatrix has another number of numbers than its dimensions".into()));
    }
    let direction = |axis: usize, row: usize| match &matrix {
        Some(matrix) => matrix[axis * dimensions + row],
        None => f64::from(u8::from(axis == row)),
    };
    let columns = [0, 1, 2].map(|axis| [0, 1, 2].map(|row| steps[axis] * direction(axis, row)));
    let at = |row: usize| origin.as_ref().map_or(Some(0.0), |origin| origin.get(row).copied());
    let origin = [at(0), at(1), at(2)].map(|at| at.unwrap_or(f64::NAN));
    Ok(match placed(columns, origin) {
        Some(placement) => (placement, Vec::new()),
        None => spaced(steps),
    })
}
