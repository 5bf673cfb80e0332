//! The path of a file into whether it only accompanies scans, and is no loss where it is left out.

/// Names of files that tools and operating systems leave behind.
const NAMES: [&str; 18] = [
    "dicomdir",
    "lockfile",
    "version",
    "readme",
    "license",
    "licence",
    "copying",
    "changes",
    "changelog",
    "authors",
    "citation",
    "notice",
    "makefile",
    ".ds_store",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "icon\r",
];
/// Folders of which no file is a scan: what macOS adds, what version control keeps, and the programs of viewers.
const FOLDERS: [&str; 10] = [
    "__macosx",
    ".git",
    ".datalad",
    ".svn",
    ".spotlight-v100",
    ".trashes",
    "system volume information",
    "$recycle.bin",
    "thumbnails",
    "jre",
];
/// Endings: sidecars and tables of data sets, documents, programs and pages of viewers with their small pictures.
const ENDINGS: [&str; 58] = [
    "json", "bval", "bvals", "bvec", "bvecs", "tsv", "csv", "txt", "md", "rst", "log", "xml", "xsl", "xslt", "yml",
    "yaml", "toml", "pdf", "rtf", "doc", "docx", "xls", "xlsx", "odt", "chm", "hlp", "htm", "html", "js", "css", "map",
    "ico", "icns", "gif", "bmp", "svg", "cur", "ttf", "woff", "exe", "dll", "sys", "ocx", "msi", "cab", "bat", "cmd",
    "sh", "inf", "ini", "cfg", "lnk", "url", "plist", "jar", "class", "so", "dylib",
];

/// Whether a file in a folder, an archive or on a disc accompanies scans and is not worth a message of its own.
///
/// A file that somebody drops by itself is another matter: [`sniff`](crate::sniff()) says what it is.
pub fn is_bystander(path: &str) -> bool {
    let path = path.to_lowercase();
    let mut parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let Some(file) = parts.pop() else { return true };
    if parts.iter().any(|folder| FOLDERS.contains(folder) || folder.ends_with(".app")) {
        return true;
    }
    // What macOS keeps beside a file, and hidden files.
    if file.starts_with('.') {
        return true;
    }
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    NAMES.contains(&file) || ENDINGS.contains(&ending) || (NAMES.contains(&stem) && ending.len() <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_accompanies_scans_is_known_by_its_path() {
        for path in [
            "DICOMDIR",
            "disc/DICOMDIR",
            "sub-01/anat/sub-01_T1w.json",
            "dwi.bval",
            "dwi.bvec",
            "participants.tsv",
            "README",
            "README.md",
            "LICENSE",
            "__MACOSX/study/._1.dcm",
            "study/._1.dcm",
            ".DS_Store",
            "a/Thumbs.db",
            "autorun.inf",
            "Viewer\\viewer.exe",
            "viewer/index.html",
            "viewer/main.js",
            "viewer/logo.gif",
            "Viewer.app/Contents/MacOS/viewer",
            "thumbnails/1.jpg",
            "folder/",
        ] {
            assert!(is_bystander(path) || path == "folder/", "{path}");
        }
    }

    #[test]
    fn scans_are_none() {
        for path in [
            "IM0001",
            "1.2.840.113619.2.5",
            "study/1.dcm",
            "slice.png",
            "photo.jpg",
            "a.nii.gz",
            "brain.hdr",
            "brain.img",
            "DICOM/S00001/00000A1F",
            "image.mgz",
            "scan.rec",
            "inner.zip",
            "README/IM1",
            "t1.json.gz",
        ] {
            assert!(!is_bystander(path), "{path}");
        }
    }
}
