//! DICOM: images of a series, or a segmentation.

use protocol::Why;
use study::{FileKind, Pairs, Reading, read_dicom};

use super::{Content, Format, Holds, Input};
use crate::labels::Label;
use crate::reasons::why;

pub(super) const DICOM: Format = Format {
    name: "DICOM",
    extensions: &["dcm"],
    holds: Holds::Study,
    labels: true,
    fuzz_target: "dicom",
    kinds: &[FileKind::Dicom],
    read,
};

fn read(&Input { name, bytes, .. }: &Input, _: &mut Pairs) -> Result<Content, Why> {
    Ok(match read_dicom(name, bytes).map_err(|error| why(&error))? {
        Reading::Image(instance) => Content::Images(instance),
        Reading::Segmentation(file) => Content::Label(Label::segmentation(name, file)),
        Reading::LeftOut(reason) => Content::LeftOut(reason),
    })
}
