//! Bytes of NIfTI and Analyze files into volumes, and a label map into the bytes of one.
//!
//! Written here because the one kept crate reads NIfTI-1 only. Offsets and meanings are those of `nifti1.h` and
//! `nifti2.h` (NIfTI Data Format Working Group, 2003 and 2011), and of `dbh.h` (Mayo Clinic, Analyze 7.5, 1991).

mod header;
mod pair;
mod placement;
mod read;
mod write;

use imaging::GridSize;
use thiserror::Error;

pub(crate) use header::{Form, form_of};
pub use pair::{read_pair, read_pair_volume};
pub use read::{is_label_map, is_own_mask, read_nifti, read_nifti_volume};
pub use write::write_nifti;

/// What marks a mask that this program wrote.
const OWN_MASK: &str = "ResUnet++ tumour mask";
/// The intent code of labels (`NIFTI_INTENT_LABEL`).
const INTENT_LABEL: i32 = 1002;

/// Why a NIfTI file cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NiftiError {
    /// The file ends early, is no NIfTI, or contradicts itself.
    #[error("the NIfTI file is damaged or cut short; download or copy it again ({0})")]
    Damaged(String),
    /// The header points to a file of its own for the data.
    #[error("this is the header of a pair (.hdr, .img); drop both together")]
    Pair,
    /// Values on meshes of the cortex.
    #[error("this is a CIFTI file, which holds values on brain surfaces; drop a volume as NIfTI")]
    Surface,
    /// The values are a row of numbers.
    #[error("it holds {0} numbers (a surface or a table), which is no image; drop a volume")]
    NoImage(GridSize),
    /// The data is of a kind that is no intensity.
    #[error("the NIfTI file holds {}, which are no intensities; save it as whole numbers or floats", type_name(*.0))]
    DataType(i16),
    /// The header claims more than can be read.
    #[error("the NIfTI header claims {0} bytes of data, more than can be read; save it smaller or as fewer volumes")]
    TooLarge(u64),
    /// There is no volume of this number.
    #[error("it holds {count} volumes, so none has the number {number}")]
    NoVolume {
        /// The number that was asked for, from 1.
        number: usize,
        /// Volumes there are.
        count: usize,
    },
}

/// What a data type is that holds no intensity (`nifti1.h`, `DT_…`).
fn type_name(datatype: i16) -> &'static str {
    match datatype {
        1 => "single bits",
        32 | 1792 | 2048 => "complex numbers",
        128 | 2304 => "colours",
        1536 => "floats of 128 bit",
        _ => "values of an unknown kind",
    }
}
