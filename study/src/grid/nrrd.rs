//! The header of NRRD (Teem, "Definition of NRRD File Format"): lines of `field: value` up to an empty one.

use super::fields::Fields;
use super::{Described, Encoding, Numbers, Skip, Unusable, count, files, placed, size, spaced};
use crate::geometry::Placement;
use crate::raw::{Kind, Layout};
use crate::series::SeriesWarning;

/// Bytes that a header may have: those of segmentations name every segment.
const HEADER_BYTES: usize = 1 << 20;
/// Keys of the line that says where the numbers lie.
const FILES: [&str; 2] = ["data file", "datafile"];
/// Axes that a file may have (`NRRD_DIM_MAX`).
const MOST_AXES: usize = 16;

/// Whether a file begins as one does.
pub(crate) fn is_nrrd(start: &[u8]) -> bool {
    start.starts_with(b"NRRD000")
}

/// The lines of a header.
fn fields(bytes: &[u8]) -> Result<Fields, Unusable> {
    let (mut fields, mut length) = (Vec::new(), 0);
    for (at, line) in bytes[..bytes.len().min(HEADER_BYTES)].split_inclusive(|&byte| byte == b'\n').enumerate() {
        length += line.len();
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        if line.is_empty() {
            return Ok(Fields { all: fields, length });
        }
        // The first line is the mark; `:=` are somebody's own keys.
        let own = line.split_once(":=").is_some_and(|(key, _)| !key.contains(": "));
        if at > 0 && !line.starts_with('#') && !own {
            let field = line.split_once(':').map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned()));
            // What follows are names, up to the end of the file.
            let is_list = field.as_ref().is_some_and(|(key, value)| FILES.contains(&key.as_str()) && is_list(value));
            fields.extend(field);
            if is_list {
                return Ok(Fields { all: fields, length });
            }
        }
    }
    // A header that names another file may end with the file.
    let whole = length == bytes.len();
    if whole { Ok(Fields { all: fields, length }) } else { Err(Unusable::Damaged("its header does not end".into())) }
}

pub(super) fn describe(bytes: &[u8]) -> Result<Described, Unusable> {
    let header = fields(bytes)?;
    let kind = kind(header.required("type")?)?;
    let lengths: Result<Vec<u64>, _> = header.required("sizes")?.split_whitespace().map(str::parse).collect();
    let lengths = lengths.map_err(|_| Unusable::Damaged("its sizes are no numbers".into()))?;
    if header.number(&["dimension"])? != lengths.len() as i64 || lengths.len() > MOST_AXES {
        return Err(Unusable::Damaged(format!("it claims {} sides and another dimension", lengths.len())));
    }
    let axes = Axes::of(&header, lengths.len())?;
    let (spatial, other) = axes.divided(&header)?;
    let interleaved = other.first().is_some_and(|first| *first < spatial[0]);
    let along = |axes: &[usize]| axes.iter().map(|&axis| lengths[axis]).collect::<Vec<u64>>();
    let (placement, warnings) = axes.placement(&spatial);
    let layout = Layout {
        size: size(&along(&spatial))?,
        count: count(&along(&other))?,
        interleaved,
        kind,
        big_endian: header.get(&["endian"]).is_some_and(|order| order.eq_ignore_ascii_case("big")),
        slope: 1.0,
        intercept: 0.0,
        placement,
        warnings,
    };
    let encoding = match header.required("encoding")?.to_lowercase().as_str() {
        "raw" => Encoding::Raw,
        "gzip" | "gz" => Encoding::Gzip,
        "bzip2" | "bz2" => Encoding::Bzip2,
        "ascii" | "text" | "txt" => Encoding::Text,
        other => return Err(Unusable::Encoding(other.to_owned())),
    };
    if encoding != Encoding::Text && kind.bytes() > 1 && header.get(&["endian"]).is_none() {
        return Err(Unusable::Damaged("its header does not say which byte of a number comes first (endian)".into()));
    }
    let lines = usize::try_from(header.number(&["line skip", "lineskip"])?)
        .map_err(|_| Unusable::Damaged("it skips fewer lines than none".into()))?;
    let skip = match header.number(&["byte skip", "byteskip"])? {
        -1 => Skip::Rest,
        bytes => {
            Skip::Bytes(u64::try_from(bytes).map_err(|_| Unusable::Damaged("it skips fewer bytes than none".into()))?)
        }
    };
    let numbers = match header.get(&FILES) {
        None => Numbers::Here(header.length),
        Some(value) => Numbers::Files(names(value, &bytes[header.length..], &lengths)?),
    };
    Ok(Described { layout, numbers, encoding, lines, skip })
}

/// Whether the line of the files says that their names follow.
fn is_list(value: &str) -> bool {
    value.split_whitespace().next() == Some("LIST")
}

/// The files that the line of them names: one; a pattern with its first and last number and their step; or a list, in lines of
/// its own. Each holds one piece of one dimension less than there are axes, unless a last number says of how many.
fn names(value: &str, behind: &[u8], lengths: &[u64]) -> Result<Vec<String>, Unusable> {
    let mut words = value.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_list = is_list(value);
    if !is_list && !files::is_pattern(first) {
        return match value {
            "" => Err(Unusable::Damaged("it does not name the file of its numbers".into())),
            name => Ok(vec![name.to_owned()]),
        };
    }
    let numbers: Result<Vec<i64>, _> = words.map(str::parse).collect();
    let (names, dimensions) = match numbers.as_deref() {
        Ok([]) if is_list => (files::listed(behind, None)?, None),
        Ok([dimensions]) if is_list => (files::listed(behind, None)?, Some(*dimensions)),
        Ok([from, to, step]) if !is_list => (files::numbered(first, [*from, *to, *step])?, None),
        Ok([from, to, step, dimensions]) if !is_list => {
            (files::numbered(first, [*from, *to, *step])?, Some(*dimensions))
        }
        _ => return Err(Unusable::Damaged(format!("{value:?} does not say which files its numbers lie in"))),
    };
    let dimensions = dimensions.map_or(lengths.len().saturating_sub(1), |n| usize::try_from(n).unwrap_or(0));
    files::fit(names.len(), lengths, dimensions)?;
    Ok(names)
}

fn kind(name: &str) -> Result<Kind, Unusable> {
    let name = name.to_lowercase();
    Ok(match name.as_str() {
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => Kind::U8,
        "signed char" | "int8" | "int8_t" => Kind::I8,
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => Kind::U16,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => Kind::I16,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => Kind::U32,
        "int" | "signed int" | "int32" | "int32_t" => Kind::I32,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => Kind::U64,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => Kind::I64,
        "float" => Kind::F32,
        "double" => Kind::F64,
        _ => return Err(Unusable::Values(format!("values of the type {name}"))),
    })
}

/// What a header says of its axes.
struct Axes {
    count: usize,
    /// Steps in the patient along each, where it is one of space.
    directions: Option<Vec<Option<Vec<f64>>>>,
    /// Distances of samples, where nothing says in which direction.
    spacings: Option<Vec<f64>>,
    kinds: Vec<String>,
    /// Signs that bring the header's space to LPS; none if its sides are not known.
    signs: Option<[f64; 3]>,
    origin: Option<Vec<f64>>,
}

impl Axes {
    fn of(header: &Fields, count: usize) -> Result<Self, Unusable> {
        let signs = match header.get(&["space"]).unwrap_or_default().to_lowercase().trim_end_matches("-time") {
            "left-posterior-superior" | "lps" | "lpst" => Some([1.0, 1.0, 1.0]),
            "right-anterior-superior" | "ras" | "rast" => Some([-1.0, -1.0, 1.0]),
            "left-anterior-superior" | "las" | "last" => Some([1.0, -1.0, 1.0]),
            _ => None,
        };
        let directions = header.get(&["space directions"]).map(vectors).transpose()?;
        let spacings = header
            .get(&["spacings"])
            .map(|text| text.split_whitespace().map(|word| word.parse().unwrap_or(f64::NAN)).collect::<Vec<f64>>());
        let kinds: Vec<String> =
            header.get(&["kinds"]).unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
        let origin = header.get(&["space origin"]).map(vectors).transpose()?.and_then(|mut all| all.pop().flatten());
        let lengths = [directions.as_ref().map(Vec::len), spacings.as_ref().map(Vec::len)];
        if lengths.iter().flatten().any(|length| *length != count) || !(kinds.is_empty() || kinds.len() == count) {
            return Err(Unusable::Damaged("its header describes another number of axes than it has".into()));
        }
        Ok(Self { count, directions, spacings, kinds, signs, origin })
    }

    /// The axes of space, and the others: what is first among them lies side by side.
    fn divided(&self, header: &Fields) -> Result<(Vec<usize>, Vec<usize>), Unusable> {
        /// Words in kinds of axes whose numbers mean something together.
        const TOGETHER: [&str; 5] = ["color", "complex", "matrix", "quaternion", "normal"];
        let known = |axis: usize| {
            let kind = self.kinds.get(axis).map_or("", String::as_str);
            match &self.directions {
                Some(directions) => {
                    directions[axis].as_ref().is_some_and(|step| step.iter().take(3).any(|v| *v != 0.0))
                }
                None if !kind.is_empty() => ["domain", "space", "???", "none"].contains(&kind),
                None => self.spacings.as_ref().is_none_or(|spacings| spacings[axis].is_finite()),
            }
        };
        let mut spatial: Vec<usize> = (0..self.count).filter(|&axis| known(axis)).collect();
        // Where nothing says so, the fourth is time.
        spatial.truncate(3);
        let other: Vec<usize> = (0..self.count).filter(|axis| !spatial.contains(axis)).collect();
        let kind = |axis: &usize| self.kinds.get(*axis).map_or("", String::as_str);
        if let Some(kind) = other.iter().map(kind).find(|kind| TOGETHER.iter().any(|word| kind.contains(word))) {
            return Err(Unusable::Values(format!("numbers that belong together ({kind})")));
        }
        let (Some(&first), Some(&last)) = (spatial.first(), spatial.last()) else {
            return Err(Unusable::Damaged("it has no axis in space".into()));
        };
        let in_one = last - first + 1 == spatial.len();
        let on_one_side = other.iter().all(|axis| *axis < first) || other.iter().all(|axis| *axis > last);
        match spatial.len() > 1 && in_one && on_one_side {
            true => Ok((spatial, other)),
            false => Err(Unusable::Damaged(format!(
                "its axes lie in an order that is no volume ({})",
                header.required("sizes")?
            ))),
        }
    }

    fn placement(&self, spatial: &[usize]) -> (Placement, Vec<SeriesWarning>) {
        let Some(directions) = &self.directions else {
            let step = |at: usize| match (spatial.get(at), &self.spacings) {
                (Some(axis), Some(spacings)) => spacings[*axis],
                (Some(_), None) => 0.0,
                (None, _) => 1.0,
            };
            return spaced([0, 1, 2].map(step));
        };
        let step = |at: usize| -> Option<[f64; 3]> {
            let step = directions[*spatial.get(at)?].as_ref()?;
            Some([0, 1, 2].map(|row| step.get(row).copied().unwrap_or(0.0)))
        };
        let lengths = [0, 1, 2].map(|at| step(at).map_or(1.0, |[x, y, z]| (x * x + y * y + z * z).sqrt()));
        let (Some(a), Some(b), Some(c), Some(signs)) = (step(0), step(1), step(2), self.signs) else {
            return spaced(lengths);
        };
        let turned = |vector: [f64; 3]| [0, 1, 2].map(|row| signs[row] * vector[row]);
        let origin = self.origin.as_ref().filter(|origin| origin.len() >= 3);
        let Some(origin) = origin.map(|origin| [origin[0], origin[1], origin[2]]) else { return spaced(lengths) };
        match placed([a, b, c].map(turned), turned(origin)) {
            Some(placement) => (placement, Vec::new()),
            None => spaced(lengths),
        }
    }
}

/// Vectors such as `(1,0,0) (0,1,0) none`.
fn vectors(text: &str) -> Result<Vec<Option<Vec<f64>>>, Unusable> {
    let damaged = || Unusable::Damaged(format!("{text:?} are no vectors"));
    let mut vectors = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix("none") {
            vectors.push(None);
            rest = behind.trim_start();
            continue;
        }
        let (vector, behind) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(damaged)?;
        let numbers: Result<Vec<f64>, _> = vector.split(',').map(|number| number.trim().parse()).collect();
        vectors.push(Some(numbers.map_err(|_| damaged())?));
        rest = behind.trim_start();
    }
    Ok(vectors)
}
