//! The first bytes of a file that is not read into what it is, and what to do with it.

use imaging::name_of_foreign_picture;
use thiserror::Error;

use crate::layers::{LAYERS, Layer};

/// Kinds of files that are not read, by what their first bytes say. In words: what it is, and what to do.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Foreign {
    /// No bytes.
    #[error("an empty file; download or copy it again")]
    Empty,
    /// A layer of compression that gives nothing.
    #[error("a {0} file that is damaged or cut short; download or copy it again")]
    CutCompressed(Layer),
    /// Compressed over and over.
    #[error("a file that is compressed more than {LAYERS} times over; unpack it first")]
    Nested,

    /// The contents of a disc.
    #[error("a DICOMDIR, the table of contents of a disc; drop the whole folder that it lies in")]
    DicomDir,
    /// Grey ordinates of the cortex.
    #[error("a CIFTI file, which holds values on brain surfaces; drop a volume as NIfTI")]
    Cifti,
    /// Meshes in XML.
    #[error("a GIFTI file, which holds brain surfaces; drop a volume as NIfTI")]
    Gifti,
    /// FreeSurfer's surfaces.
    #[error("a surface of FreeSurfer; drop the volume instead (.mgz)")]
    FreeSurferSurface,
    /// Volumes of the Montreal Neurological Institute.
    #[error("a MINC volume; convert it to NIfTI (mnc2nii x.mnc x.nii)")]
    Minc,
    /// Volumes of AFNI.
    #[error("a file of an AFNI volume (.HEAD, .BRIK); convert it to NIfTI (3dAFNItoNIFTI x+orig)")]
    Afni,
    /// Volumes of MRtrix.
    #[error("a volume of MRtrix; convert it to NIfTI (mrconvert x.mif x.nii.gz)")]
    Mrtrix,
    /// Research exports of Philips scanners.
    #[error("a file of a Philips PAR/REC pair; convert it to NIfTI (dcm2niix), or export it as DICOM")]
    ParRec,
    /// Headers of nuclear medicine.
    #[error("an Interfile header; convert the volume to NIfTI, or export it as DICOM")]
    Interfile,
    /// Measurements before reconstruction.
    #[error("a file of raw data of a scanner, before reconstruction; export the images as DICOM")]
    RawData,
    /// Lines along nerves.
    #[error("a file of nerve tracts (TrackVis, MRtrix), which holds no images")]
    Tracts,
    /// Meshes and grids of VTK.
    #[error("a VTK file; save the volume as NIfTI")]
    Vtk,

    /// An array of numpy.
    #[error("an array of NumPy, which does not say where its numbers lie; save it as NIfTI (nibabel)")]
    NumPy,
    /// A file of MATLAB.
    #[error("a MATLAB file; save the volume as NIfTI (niftiwrite)")]
    Matlab,
    /// A file of the HDF Group.
    #[error("an HDF5 file; save the volume in it as NIfTI")]
    Hdf5,
    /// A file of netCDF.
    #[error("a netCDF file; save the volume in it as NIfTI (a MINC 1 file: mnc2nii)")]
    NetCdf,
    /// Objects of Python.
    #[error("a pickle of Python or a model of PyTorch; save the volume in it as NIfTI")]
    Pickle,
    /// A database.
    #[error("an SQLite database; export the images as DICOM")]
    Sqlite,

    /// A picture of a format that is not read, as [`imaging`] calls it.
    #[error("{0}; save it as PNG or JPEG, or drop the DICOM file that it was made of")]
    Picture(&'static str),
    /// A film.
    #[error("{0} video; save its pictures as PNG, or drop the DICOM files that it was made of")]
    Video(&'static str),
    /// Sound.
    #[error("a sound file, which holds no images")]
    Sound,

    /// An archive that is not opened.
    #[error("{0} archive, which is not read; unpack it first and drop its files")]
    Archive(&'static str),
    /// One of several files that are an archive together.
    #[error("a piece of a zip archive, or a damaged one; unpack all pieces together and drop their files")]
    PieceOfZip,
    /// A disc in a file.
    #[error("the image of a disc; open it and drop the files in it")]
    Disc,

    /// A document for printing.
    #[error("a PDF document; reports hold no images to measure, drop the DICOM files")]
    Pdf,
    /// A document of an office program.
    #[error("an Office document; pictures pasted into it are no longer scans, drop the DICOM files")]
    Office,
    /// A program.
    #[error("{0} program, which holds no images")]
    Program(&'static str),
    /// A few words in place of a file, in data sets that are kept in versions.
    #[error(
        "a pointer of Git LFS or git-annex to a file that was not downloaded; download the file itself (git lfs pull, git annex get)"
    )]
    Pointer,
    /// Text that only reads as such.
    #[error("a text file, which holds no images")]
    Text,
    /// Text in braces.
    #[error("a JSON file, which accompanies images but holds none")]
    Json,
    /// Text in tags.
    #[error("an XML file, which holds no images")]
    Xml,
    /// A page of the web.
    #[error("a web page (HTML), perhaps instead of a download that needs a login; download the file again")]
    Html,
    /// A table.
    #[error("a table (CSV or TSV), which holds no images")]
    Table,
    /// Nothing that is known.
    #[error("a file of an unknown kind; slices come as PNG, JPEG, WebP or TIFF, volumes as DICOM or NIfTI")]
    Unknown,
}

/// Bytes at a place that mark a kind.
type Mark = (usize, &'static [u8], Foreign);

const MARKS: [Mark; 52] = [
    (0, b"mrtrix image", Foreign::Mrtrix),
    (0, b"!INTERFILE", Foreign::Interfile),
    (0, b"# vtk DataFile", Foreign::Vtk),
    (0, b"ISMRMRD", Foreign::RawData),
    (0, &[0xff, 0xff, 0xfe], Foreign::FreeSurferSurface),
    (0, b"TRACK\0", Foreign::Tracts),
    (0, b"mrtrix tracks", Foreign::Tracts),
    (0, b"version https://git-lfs.github.com/spec", Foreign::Pointer),
    (0, b"/annex/objects/", Foreign::Pointer),
    (0, b"\x93NUMPY", Foreign::NumPy),
    (0, b"MATLAB 5.0 MAT-file", Foreign::Matlab),
    (0, b"MATLAB 7.3 MAT-file", Foreign::Matlab),
    (0, b"\x89HDF\r\n\x1a\n", Foreign::Hdf5),
    (512, b"\x89HDF\r\n\x1a\n", Foreign::Hdf5),
    (0, b"CDF\x01", Foreign::NetCdf),
    (0, b"CDF\x02", Foreign::NetCdf),
    (0, &[0x80, 0x02, b'}'], Foreign::Pickle),
    (0, &[0x80, 0x02, 0x8a], Foreign::Pickle),
    (0, &[0x80, 0x03], Foreign::Pickle),
    (0, &[0x80, 0x04, 0x95], Foreign::Pickle),
    (0, &[0x80, 0x05, 0x95], Foreign::Pickle),
    (0, b"SQLite format 3\0", Foreign::Sqlite),
    (0, &[0x1a, 0x45, 0xdf, 0xa3], Foreign::Video("a Matroska or WebM")),
    (0, b"FLV\x01", Foreign::Video("a Flash")),
    (0, &[0, 0, 1, 0xba], Foreign::Video("an MPEG")),
    (0, &[0, 0, 1, 0xb3], Foreign::Video("an MPEG")),
    (0, &[0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11], Foreign::Video("a Windows Media")),
    (0, b"OggS", Foreign::Sound),
    (0, b"ID3", Foreign::Sound),
    (0, b"fLaC", Foreign::Sound),
    (0, b"7z\xbc\xaf\x27\x1c", Foreign::Archive("a 7z")),
    (0, b"Rar!\x1a\x07", Foreign::Archive("a RAR")),
    (0, b"MSCF\0\0\0\0", Foreign::Archive("a Windows cabinet (CAB)")),
    (2, b"-lh5-", Foreign::Archive("an LHA")),
    (0, &[0x60, 0xea], Foreign::Archive("an ARJ")),
    (0, b"!<arch>\n", Foreign::Archive("an ar or Debian")),
    (0, b"LZIP\x01", Foreign::Archive("an lzip")),
    (0, &[0x04, 0x22, 0x4d, 0x18], Foreign::Archive("an LZ4")),
    (0, &[0x1f, 0x9d], Foreign::Archive("a compress (.Z)")),
    (0, &[0x5d, 0, 0], Foreign::Archive("an LZMA")),
    (0, b"%PDF-", Foreign::Pdf),
    (0, b"{\\rtf", Foreign::Office),
    (0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], Foreign::Office),
    (0, b"MZ", Foreign::Program("a Windows")),
    (0, b"\x7fELF", Foreign::Program("a Linux")),
    (0, &[0xca, 0xfe, 0xba, 0xbe], Foreign::Program("a Mac or Java")),
    (0, &[0xcf, 0xfa, 0xed, 0xfe], Foreign::Program("a Mac")),
    (0, &[0xce, 0xfa, 0xed, 0xfe], Foreign::Program("a Mac")),
    (0, &[0xfe, 0xed, 0xfa, 0xcf], Foreign::Program("a Mac")),
    (0, b"\0asm", Foreign::Program("a WebAssembly")),
    (0, b"dex\n", Foreign::Program("an Android")),
    (0, b"#!", Foreign::Program("a script")),
];

impl Foreign {
    /// What a file is that begins so; `name` in lower case.
    pub(crate) fn of(name: &str, start: &[u8]) -> Self {
        if start.is_empty() {
            return Self::Empty;
        }
        let ends = |ending: &str| name.ends_with(ending);
        if let Some((.., foreign)) =
            MARKS.iter().find(|(at, mark, _)| start.get(*at..).is_some_and(|b| b.starts_with(mark)))
        {
            return match foreign {
                Self::Hdf5 if ends(".mnc") => Self::Minc,
                Self::Hdf5 if start.starts_with(b"MATLAB") => Self::Matlab,
                Self::NetCdf if ends(".mnc") => Self::Minc,
                foreign => *foreign,
            };
        }
        if let Some(name) = name_of_foreign_picture(start) {
            return Self::Picture(name);
        }
        match (start.get(4..8), start.get(8..12)) {
            (Some(b"ftyp"), Some(b"M4A ")) => return Self::Sound,
            (Some(b"ftyp"), _) => return Self::Video("an MP4 or QuickTime"),
            (Some(b"moov" | b"mdat" | b"wide" | b"free"), _) => return Self::Video("a QuickTime"),
            (_, Some(b"AVI ")) if start.starts_with(b"RIFF") => return Self::Video("an AVI"),
            (_, Some(b"WAVE")) if start.starts_with(b"RIFF") => return Self::Sound,
            _ => {}
        }
        if let Some(text) = text_of(start) {
            return Self::of_text(name, &text);
        }
        match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "rec" | "par" => Self::ParRec,
            "brik" | "head" => Self::Afni,
            "mnc" => Self::Minc,
            "mif" => Self::Mrtrix,
            "mat" => Self::Matlab,
            "tga" => Self::Picture("a TGA image"),
            "dat" if is_twix(start) => Self::RawData,
            "zip" => Self::PieceOfZip,
            "7z" => Self::Archive("a 7z"),
            "rar" => Self::Archive("a RAR"),
            "iso" => Self::Disc,
            _ => Self::Unknown,
        }
    }

    /// What a zip archive is whose first file says that it is more than that.
    pub(crate) fn of_zip(start: &[u8]) -> Option<Self> {
        let length = u16::from_le_bytes(start.get(26..28)?.try_into().ok()?);
        let name = start.get(30..30 + usize::from(length))?;
        // Documents keep their kind in a first file of its own, not compressed (OpenDocument 1.3, part 2, 3.3).
        let kind = start.get(30 + name.len()..).unwrap_or_default();
        let office = kind.starts_with(b"application/vnd.oasis.opendocument") || kind.starts_with(b"application/epub");
        match name {
            b"[Content_Types].xml" | b"_rels/.rels" => Some(Self::Office),
            b"mimetype" if office => Some(Self::Office),
            b"META-INF/" | b"META-INF/MANIFEST.MF" | b"AndroidManifest.xml" => Some(Self::Program("a Java or Android")),
            name if name.ends_with(b".npy") => Some(Self::NumPy),
            name if name.ends_with(b"/data.pkl") => Some(Self::Pickle),
            _ => None,
        }
    }

    /// Whether fewer bytes say so than numbers of voxels begin with by chance.
    pub(crate) fn is_by_few_bytes(start: &[u8]) -> bool {
        /// Bytes that are no chance.
        const MANY: usize = 4;
        let marked = |(at, mark, _): &&Mark| start.get(*at..).is_some_and(|bytes| bytes.starts_with(mark));
        let longest = MARKS.iter().filter(marked).map(|(_, mark, _)| mark.len()).max();
        longest.is_none_or(|length| length < MANY)
    }

    fn of_text(name: &str, text: &str) -> Self {
        let ends = |ending: &str| name.ends_with(ending);
        let lower = text.trim_start().to_lowercase();
        let first = lower.lines().next().unwrap_or_default();
        if lower.contains(".git/annex/objects/") && lower.lines().count() == 1 {
            Self::Pointer
        } else if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
            Self::Html
        } else if lower.contains("<gifti") {
            Self::Gifti
        } else if lower.starts_with("<?xml") || (lower.starts_with('<') && lower.contains('>')) {
            Self::Xml
        } else if lower.contains("data description file") || (ends(".par") && first.starts_with('#')) {
            Self::ParRec
        } else if ends(".head") && lower.contains("type") {
            Self::Afni
        } else if lower.starts_with('{') || (lower.starts_with('[') && !lower.starts_with("[autorun")) {
            Self::Json
        } else if ends(".csv") || ends(".tsv") || is_table(text) {
            Self::Table
        } else {
            Self::Text
        }
    }

    /// Whether it reads as text: a weak mark, which a name outranks.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Json | Self::Table)
    }

    /// The same with all of a file in sight: discs say what they are further in.
    pub(crate) fn looked_at_whole(self, bytes: &[u8]) -> Self {
        // The descriptor of ISO 9660 lies in sector 16, the trailer of a Mac's disc in the last 512 bytes.
        let iso = bytes.get(32_769..32_774) == Some(b"CD001");
        let mac = bytes.len().checked_sub(512).is_some_and(|at| bytes[at..].starts_with(b"koly"));
        if self == Self::Unknown && (iso || mac) { Self::Disc } else { self }
    }
}

/// Raw data of Siemens' scanners (VD and later): a zero, then how many measurements there are, of 64 at most.
fn is_twix(start: &[u8]) -> bool {
    matches!(start, [0, 0, 0, 0, 1..=64, 0, 0, 0, ..])
}

/// The beginning of a file as text, if it is one: nothing that no one types.
fn text_of(start: &[u8]) -> Option<String> {
    if let [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] = start {
        let ascii: String = rest.iter().filter(|&&byte| byte != 0).map(|&byte| char::from(byte)).collect();
        return Some(ascii).filter(|text| is_typed(text));
    }
    // Letters of older encodings read as Latin-1; the last one may be cut.
    let text = match std::str::from_utf8(start) {
        Ok(text) => text.to_owned(),
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(&start[..error.valid_up_to()]).into(),
        Err(_) => {
            let letters =
                start.iter().filter(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace()).count();
            if letters * 10 < start.len() * 8 {
                return None;
            }
            start.iter().map(|&byte| char::from(byte)).collect()
        }
    };
    is_typed(&text).then(|| text.trim_start_matches('\u{feff}').to_owned())
}

fn is_typed(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_control() || c.is_whitespace() || c == '\u{1b}')
}

/// Whether the first lines have the same number of commas, semicolons or tabs.
fn is_table(text: &str) -> bool {
    [',', ';', '\t'].iter().any(|separator| {
        let counts: Vec<usize> = text.lines().take(3).map(|line| line.matches(*separator).count()).collect();
        counts.len() == 3 && counts[0] > 0 && counts.iter().all(|count| *count == counts[0])
    })
}

#[cfg(test)]
mod tests;
