//! Why a file is not read.

use imaging::DecodeError;
use study::{
    ArchiveError, DicomError, Foreign, GridError, LabelMapError, LeftOut, Missing, NiftiError, SegmentationError,
    StackError, Unusable, UnwrapError,
};

use super::{Explained, Values, bare, count, plain, word};

impl Explained for Foreign {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Empty => bare("foreign-empty"),
            Self::CutCompressed(layer) => ("foreign-cut", vec![word("layer", layer)]),
            Self::Nested => bare("layers-nested"),
            Self::DicomDir => bare("foreign-dicomdir"),
            Self::Cifti => bare("foreign-cifti"),
            Self::Gifti => bare("foreign-gifti"),
            Self::FreeSurferSurface => bare("foreign-freesurfer"),
            Self::Minc => bare("foreign-minc"),
            Self::Afni => bare("foreign-afni"),
            Self::Mrtrix => bare("foreign-mrtrix"),
            Self::ParRec => bare("foreign-par-rec"),
            Self::Interfile => bare("foreign-interfile"),
            Self::RawData => bare("foreign-raw-data"),
            Self::Tracts => bare("foreign-tracts"),
            Self::Vtk => bare("foreign-vtk"),
            Self::NumPy => bare("foreign-numpy"),
            Self::Matlab => bare("foreign-matlab"),
            Self::Hdf5 => bare("foreign-hdf5"),
            Self::NetCdf => bare("foreign-netcdf"),
            Self::Pickle => bare("foreign-pickle"),
            Self::Sqlite => bare("foreign-sqlite"),
            Self::Picture(name) => ("foreign-picture", vec![word("kind", plain(name))]),
            Self::Video(name) => ("foreign-video", vec![word("kind", plain(name))]),
            Self::Sound => bare("foreign-sound"),
            Self::Archive(name) => ("foreign-archive", vec![word("kind", plain(name))]),
            Self::PieceOfZip => bare("foreign-piece-of-zip"),
            Self::Disc => bare("foreign-disc"),
            Self::Pdf => bare("foreign-pdf"),
            Self::Office => bare("foreign-office"),
            Self::Program(name) => ("foreign-program", vec![word("kind", plain(name))]),
            Self::Pointer => bare("foreign-pointer"),
            Self::Text => bare("foreign-text"),
            Self::Json => bare("foreign-json"),
            Self::Xml => bare("foreign-xml"),
            Self::Html => bare("foreign-html"),
            Self::Table => bare("foreign-table"),
            Self::Unknown => bare("foreign-unknown"),
        }
    }
}

impl Explained for UnwrapError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Damaged { layer, why } => ("layer-damaged", vec![word("layer", layer), word("detail", why)]),
            Self::TooLarge => bare("unpacks-too-large"),
            Self::Nested => bare("layers-nested"),
        }
    }
}

impl Explained for ArchiveError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Damaged(detail) => ("archive-damaged", vec![word("detail", detail)]),
            Self::Password => bare("archive-password"),
            Self::TooLarge => bare("unpacks-too-large"),
            Self::Method(method) => ("archive-method", vec![word("method", method)]),
            Self::SameNames => bare("archive-same-names"),
            Self::Empty => bare("archive-empty"),
            Self::Nested => bare("archive-nested"),
            Self::Layer(error) => error.key(),
        }
    }
}

impl Explained for Missing {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Half(half) => ("missing-half", vec![word("half", half)]),
            Self::Files { names, of } => {
                ("missing-files", vec![count("count", names.len()), count("of", *of), word("names", names.join(", "))])
            }
        }
    }
}

impl Explained for DicomError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Damaged(detail) => ("dicom-damaged", vec![word("detail", detail)]),
            Self::TransferSyntax(syntax) => ("dicom-syntax", vec![word("syntax", syntax)]),
            Self::PixelLength { expected, found } => {
                ("dicom-length", vec![count("expected", *expected), count("found", *found)])
            }
            Self::TooLarge { columns, rows, frames } => {
                ("dicom-too-large", vec![count("columns", *columns), count("rows", *rows), count("frames", *frames)])
            }
            Self::Values => bare("dicom-values"),
            Self::Header(detail) => ("dicom-header", vec![word("detail", detail)]),
        }
    }
}

impl Explained for LeftOut {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Localiser => bare("left-localiser"),
            Self::Mosaic => bare("left-mosaic"),
            Self::Colour => bare("left-colour"),
            Self::NotMr(kind) => ("left-not-mr", vec![word("kind", plain(kind))]),
            Self::NoPixels(kind) => ("left-no-pixels", vec![word("kind", plain(kind))]),
        }
    }
}

impl Explained for NiftiError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Damaged(detail) => grid("grid-damaged", "NIfTI", vec![word("detail", detail)]),
            Self::Pair => bare("nifti-pair"),
            Self::Surface => bare("foreign-cifti"),
            Self::NoImage(size) => ("no-image", vec![word("size", size)]),
            Self::DataType(_) => grid("grid-values", "NIfTI", Vec::new()),
            Self::TooLarge(bytes) => grid("grid-too-large", "NIfTI", vec![count("bytes", *bytes)]),
            Self::NoVolume { number, count: volumes } => {
                ("no-volume", vec![count("number", *number), count("count", *volumes)])
            }
        }
    }
}

impl Explained for GridError {
    fn key(&self) -> (&'static str, Values) {
        let format = self.format.name();
        match &self.why {
            Unusable::Damaged(detail) => grid("grid-damaged", format, vec![word("detail", detail)]),
            Unusable::Values(_) => grid("grid-values", format, Vec::new()),
            Unusable::Encoding(detail) => grid("grid-encoding", format, vec![word("detail", detail)]),
            Unusable::Elsewhere(files) => {
                grid("grid-elsewhere", format, vec![count("count", files.len()), word("names", files.join(", "))])
            }
            Unusable::TooLarge(bytes) => grid("grid-too-large", format, vec![count("bytes", *bytes)]),
            Unusable::NoImage(size) => ("no-image", vec![word("size", size)]),
            Unusable::NoVolume { number, count: volumes } => {
                ("no-volume", vec![count("number", *number), count("count", *volumes)])
            }
        }
    }
}

/// A sentence about a file of a format of volumes.
fn grid(key: &'static str, format: &str, mut values: Values) -> (&'static str, Values) {
    values.push(word("format", format));
    (key, values)
}

impl Explained for SegmentationError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Kind(kind) => ("seg-kind", vec![word("kind", kind)]),
            Self::Damaged(detail) => ("seg-damaged", vec![word("detail", detail)]),
            Self::Pixels(detail) => ("seg-pixels", vec![word("detail", detail)]),
            Self::OtherStudy => bare("seg-other-study"),
        }
    }
}

impl Explained for LabelMapError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Grid { expected, found } => ("label-grid", vec![word("expected", expected), word("found", found)]),
            Self::Elsewhere => bare("label-elsewhere"),
        }
    }
}

impl Explained for StackError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::TooFew => bare("stack-too-few"),
            Self::Sizes { first, other } => ("stack-sizes", vec![word("first", first), word("other", other)]),
        }
    }
}

impl Explained for DecodeError {
    fn key(&self) -> (&'static str, Values) {
        match self {
            Self::Empty => bare("foreign-empty"),
            Self::UnknownFormat => bare("picture-unknown"),
            // Each is a sentence of its own, of which other languages have none.
            Self::Unsupported(_) => bare(""),
            Self::TooLarge { width, height } => {
                ("picture-too-large", vec![count("width", *width), count("height", *height)])
            }
            Self::TooSmall { width, height } => {
                ("picture-too-small", vec![count("width", *width), count("height", *height)])
            }
            Self::TooManyPages { pages } => ("picture-pages", vec![count("pages", *pages)]),
            Self::PagesTooLarge { mebibytes } => ("picture-pages-large", vec![count("mib", *mebibytes)]),
            Self::Damaged(detail) => ("file-damaged", vec![word("detail", detail)]),
        }
    }
}
