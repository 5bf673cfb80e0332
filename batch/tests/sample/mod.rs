//! A few slices of the sample study as files, the program on them, and what it leaves.
#![allow(dead_code, reason = "each test program uses its part")]

pub mod desk;
pub mod series;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::read::GzDecoder;

/// The first slice that is taken; the tumour is in all.
const FIRST: usize = 10;
pub const SEQUENCES: [&str; 3] = ["t1_pre", "flair", "t1_post"];

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// An empty folder below `target`, for what other people's programs read afterwards.
pub fn left(name: &str) -> PathBuf {
    let folder = root().join("target").join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder of the model.
pub fn model() -> PathBuf {
    root().join("public/models/lgg-resunetpp")
}

/// What a packed file holds.
pub fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(&fs::read(path).unwrap()[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

/// So many slices of a sequence of the sample, as a NIfTI file.
pub fn sample(sequence: &str, slices: usize) -> Vec<u8> {
    let bytes = unpacked(&root().join(format!("public/samples/TCGA_CS_4941_19960909_{sequence}.nii.gz")));
    let slice = 256 * 256;
    let mut header = bytes[..352].to_vec();
    header[46..48].copy_from_slice(&(slices as i16).to_le_bytes());
    [header, bytes[352 + FIRST * slice..][..slices * slice].to_vec()].concat()
}

/// Writes the sample into a folder, as files of a subject.
pub fn write_sample(folder: &Path, slices: usize, name: impl Fn(&str) -> String) {
    for sequence in SEQUENCES {
        let path = folder.join(name(sequence));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, sample(sequence, slices)).unwrap();
    }
}

/// The program on a folder.
pub fn command(input: &Path, out: &Path, more: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gliolens"));
    program.arg("segment").arg(input).arg("--out").arg(out).args(more).arg("--model").arg(model());
    program
}

pub fn segment(input: &Path, out: &Path, more: &[&str]) -> Output {
    command(input, out, more).output().unwrap()
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The rows of the table, its heading first; no cell has a line break here.
pub fn table(out: &Path) -> Vec<Vec<String>> {
    fs::read_to_string(out.join("studies.csv")).unwrap().lines().map(split).collect()
}

/// The cell of a column in each row.
pub fn cells(out: &Path, column: &str) -> Vec<String> {
    let rows = table(out);
    let at = rows[0].iter().position(|name| name == column).unwrap();
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

fn split(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cells.last_mut().unwrap().push(letter),
        }
    }
    cells
}

/// The labels of a NIfTI file that this program wrote.
pub fn labels(path: &Path) -> Vec<u8> {
    unpacked(path).split_off(352)
}
