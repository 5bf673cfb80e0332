//! Zip: other files, archives among them.

use study::FileKind;

use super::{Content, Format, Holds};

pub(super) const ZIP: Format = Format {
    name: "zip",
    extensions: &["zip"],
    holds: Holds::Files,
    labels: false,
    fuzz_target: "zip",
    kind: FileKind::Zip,
    read: |_, _, _| Ok(Content::Archive),
};
