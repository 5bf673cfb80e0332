//! DICOM: images of a series, or a segmentation.

use study::{FileKind, Pairs, Reading, read_dicom};

use super::{Content, Format, Holds, Input};
use crate::labels::Label;

pub(super) const DICOM: Format = Format {
    name: "DICOM",
    extensions: &["dcm"],
    holds: Holds::Study,
    labels: true,
    fuzz_target: "dicom",
    kinds: &[FileKind::Dicom],
    read,
};

fn read(&Input { name, bytes, .. }: &Input, _: &mut Pairs) -> Result<Content, String> {
    Ok(match read_dicom(name, bytes).map_err(|error| error.to_string())? {
        Reading::Image(instance) => Content::Images(instance),
        Reading::Segmentation(file) => Content::Label(Label::segmentation(name, file)),
        Reading::LeftOut(why) => Content::LeftOut(why),
    })
}
