//! Runs that are killed, and a disk that is full: what was written stays whole, and the same command completes the rest.

mod sample;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use sample::{cells, command, model, said, segment, table, write_sample};

/// Slices of each study.
const SLICES: usize = 2;
const STUDIES: [&str; 3] = ["p1", "p2", "p3"];
/// How long a run may take to come as far as it is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// Studies in a folder each.
fn write_studies(input: &Path) {
    for study in STUDIES {
        write_sample(&input.join(study), SLICES, |sequence| format!("{study}_{sequence}.nii"));
    }
}

/// The masks in a folder, by name.
fn masks(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(out).into_iter().flatten().flatten();
    let masks = files.filter(|file| file.file_name().to_string_lossy().ends_with("_mask.nii.gz"));
    masks.map(|file| (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).unwrap())).collect()
}

/// The table without how long each study took.
fn timeless(out: &Path) -> Vec<Vec<String>> {
    let mut rows = table(out);
    let at = rows[0].iter().position(|name| name == "seconds").unwrap();
    rows.iter_mut().for_each(|row| drop(row.remove(at)));
    rows
}

#[test]
fn a_run_that_is_killed_twice_ends_as_one_that_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let [input, quiet, out] = ["in", "quiet", "out"].map(|name| folder.path().join(name));
    write_studies(&input);
    let whole = segment(&input, &quiet, &["--jobs", "1"]);
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    let expected = masks(&quiet);
    assert_eq!(expected.len(), STUDIES.len());

    // The first time as a mask appears, perhaps before its row; the second time within a study.
    for (count, later) in [(1, Duration::ZERO), (2, Duration::from_millis(150))] {
        let mut run = command(&input, &out, &["--jobs", "1"]).spawn().unwrap();
        let started = Instant::now();
        while masks(&out).len() < count {
            assert!(started.elapsed() < PATIENCE, "no mask {count}");
            assert_eq!(run.try_wait().unwrap(), None, "it ended by itself");
            sleep(Duration::from_millis(2));
        }
        sleep(later);
        run.kill().unwrap();
        assert_ne!(run.wait().unwrap().code(), Some(0), "it was killed too late");
        for (name, mask) in masks(&out) {
            assert!(mask == expected[&name], "{name} is not whole after a kill");
        }
    }
    let last = segment(&input, &out, &["--jobs", "1"]);
    assert_eq!(last.status.code(), Some(0), "{}", said(&last));
    assert!(said(&last).contains("were done by an earlier run"), "{}", said(&last));
    assert!(masks(&out) == expected, "other masks than without an interruption");
    assert_eq!(timeless(&out), timeless(&quiet));
    let left = fs::read_dir(out.join(".gliolens")).unwrap().flatten().map(|file| file.file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().ends_with(".part")), "pieces are left");
}

/// A small disk in memory on which the first study is written, then nothing more has room, then all has; what is on it after each
/// run is laid aside. It is gone with the shell.
const SMALL_DISK: &str = r#"
mount -t tmpfs -o size=1m tmpfs "$OUT" || exit 9
run() {
    name=$1; shift
    "$PROGRAM" segment "$@" --out "$OUT" --model "$MODEL" --jobs 1 2> "$ASIDE/$name.txt"
    echo $? > "$ASIDE/$name.code"
    cp -r "$OUT" "$ASIDE/$name"
}
run first "$IN/p1"
cat /dev/zero > "$OUT/filler" 2> /dev/null
run full "$IN/p1" "$IN/p2"
rm "$OUT/filler" "$ASIDE/full/filler"
run last "$IN/p1" "$IN/p2"
"#;

#[test]
fn a_full_disk_is_named_and_what_was_written_stays_whole() {
    // A file system of one's own, as an administrator or as one within a space of one's own.
    let spaces = [&["--mount"][..], &["--mount", "--map-root-user"]];
    let can = |space: &&[&str]| {
        let mount = "mount -t tmpfs tmpfs /mnt";
        let tried = Command::new("unshare").args(*space).args(["sh", "-c", mount]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    let Some(space) = spaces.into_iter().find(can) else {
        println!("skipped: no small disk can be mounted here (unshare --mount)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let [input, out, aside] = ["in", "out", "aside"].map(|name| folder.path().join(name));
    write_studies(&input);
    [&out, &aside].into_iter().for_each(|folder| fs::create_dir(folder).unwrap());
    let mut shell = Command::new("unshare");
    shell.args(space).args(["sh", "-c", SMALL_DISK]);
    shell.env("IN", &input).env("OUT", &out).env("ASIDE", &aside).env("MODEL", model());
    let shell = shell.env("PROGRAM", env!("CARGO_BIN_EXE_gliolens")).output().unwrap();
    let left = |name: &str| fs::read_to_string(aside.join(name)).unwrap_or_default();
    assert_eq!(left("first.code").trim(), "0", "{}{}", left("first.txt"), said(&shell));

    let first = masks(&aside.join("first"));
    assert_eq!(first.len(), 1);
    let full = left("full.txt");
    assert_eq!(left("full.code").trim(), "1", "{full}");
    assert!(full.contains("the disk is full: ") && full.contains("p2"), "{full}");
    assert!(full.contains("make room and run the same command again"), "{full}");
    assert!(masks(&aside.join("full")) == first, "the first mask changed, or half of the second is there");
    assert_eq!(timeless(&aside.join("full")), timeless(&aside.join("first")));

    assert_eq!(left("last.code").trim(), "0", "{}", left("last.txt"));
    let last = masks(&aside.join("last"));
    assert_eq!(last.len(), 2);
    assert!(first.iter().all(|(name, mask)| last[name] == *mask));
    assert_eq!(cells(&aside.join("last"), "status"), ["done", "done"]);
}
