//! Zip and tar: other files, archives among them.

use study::FileKind;

use super::{Content, Format, Holds};

pub(super) const ZIP: Format = archive("zip", &["zip"], &[FileKind::Zip]);
pub(super) const TAR: Format = archive("tar", &["tar", "tar.gz", "tgz"], &[FileKind::Tar]);

const fn archive(name: &'static str, extensions: &'static [&'static str], kinds: &'static [FileKind]) -> Format {
    let read = |_: &super::Input, _: &mut study::Pairs| Ok(Content::Archive);
    Format { name, extensions, holds: Holds::Files, labels: false, fuzz_target: "zip", kinds, read }
}
