//! DICOM: images of a series, or a segmentation.

use study::{FileKind, Reading, read_dicom};

use super::{Content, Format, Holds};
use crate::labels::Label;

pub(super) const DICOM: Format = Format {
    name: "DICOM",
    extensions: &["dcm"],
    holds: Holds::Study,
    labels: true,
    fuzz_target: "dicom",
    kind: FileKind::Dicom,
    read,
};

fn read(name: &str, bytes: &[u8], _: &dyn Fn() -> f64) -> Result<Content, String> {
    Ok(match read_dicom(name, bytes).map_err(|error| error.to_string())? {
        Reading::Image(instance) => Content::Images(instance),
        Reading::Segmentation(file) => Content::Label(Label::segmentation(name, file)),
        Reading::LeftOut(why) => Content::LeftOut(why),
    })
}
