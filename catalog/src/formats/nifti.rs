//! NIfTI: one volume, several in time, or a label map.

use study::{FileKind, LabelMap, is_label_map, is_own_mask, read_nifti};

use super::{Content, Format, Holds};
use crate::labels::Label;

pub(super) const NIFTI: Format = Format {
    name: "NIfTI",
    extensions: &["nii", "nii.gz"],
    holds: Holds::Study,
    labels: true,
    fuzz_target: "nifti",
    kind: FileKind::Nifti,
    read,
};

fn read(name: &str, bytes: &[u8], _: &dyn Fn() -> f64) -> Result<Content, String> {
    let volumes = read_nifti(name, bytes).map_err(|error| error.to_string())?;
    Ok(match &volumes[..] {
        [(series, _)] if is_label_map(series, bytes) => {
            Content::Label(Label::map(name, LabelMap::of(series), is_own_mask(bytes)))
        }
        _ => Content::Volumes(volumes),
    })
}
