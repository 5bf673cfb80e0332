//! Whole runs of the program: how much of the engine's own speed it keeps on all cores, and how much memory it takes.
//!
//! `cargo bench --package gliolens` measures both, with `-- throughput` or `-- memory` one of them. Nothing else should run meanwhile.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::thread::{available_parallelism, sleep};
use std::time::{Duration, Instant};

use imaging::Surroundings;
use pollster::block_on;
use sample::{SEQUENCES, command, said, segment, write_sample};
use study::Composite;

/// Studies whose slices are computed for the speed, and slices of each: so many that loading the model matters little.
const STUDIES: usize = 20;
const SLICES: usize = 12;
/// What the program keeps at least of the speed that its threads would have if each had the engine to itself.
const LEAST_SHARE: f64 = 0.9;

/// Large studies: pixels of a row and of a column, slices, and how many, since one is read while another is computed.
const SIDE: usize = 512;
const LARGE_SLICES: usize = 200;
const LARGE_STUDIES: usize = 2;
/// Memory that two threads may take of them, in MB.
const MOST_MB: f64 = 1500.0;

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |what: &str| wanted.is_empty() || wanted.iter().any(|name| name == what);
    let mut holds = true;
    if is_wanted("throughput") {
        holds &= throughput();
    }
    if is_wanted("memory") {
        holds &= memory();
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Slices a second of a whole run, beside those of the engine alone on one thread before and after it.
fn throughput() -> bool {
    let jobs = available_parallelism().map_or(1, usize::from);
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    for study in 0..STUDIES {
        write_sample(&input.join(format!("p{study}")), SLICES, |sequence| format!("{sequence}.nii"));
    }
    let (mut catalog, study, _) = sample::desk::opened(SLICES);
    let study = catalog.take_study(study).unwrap();
    let before = engine_alone(&study);
    println!("engine alone, one thread: {before:.2} slices/s");
    let started = Instant::now();
    let run = segment(&input, &folder.path().join("out"), &["--jobs", &jobs.to_string()]);
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    let whole = (STUDIES * SLICES) as f64 / seconds;
    println!("gliolens segment, {jobs} threads, start and files included: {whole:.2} slices/s over {seconds:.1} s");
    let after = engine_alone(&study);
    println!("engine alone again: {after:.2} slices/s");
    let share = whole / (jobs as f64 * (before + after) / 2.0);
    println!("share kept: {share:.3} (at least {LEAST_SHARE})");
    share >= LEAST_SHARE
}

/// Slices a second of the engine, on this thread.
fn engine_alone(study: &Composite) -> f64 {
    let segmenter = sample::desk::segmenter();
    let threshold = segmenter.manifest().threshold;
    let surroundings = Surroundings::Volume(study.statistics());
    let compute = |at: usize| {
        let prepared = segmenter.prepare_in(&study.slice(at), &surroundings);
        let (_, map) = block_on(segmenter.segment_prepared(&prepared)).unwrap();
        map.mask(threshold).area_px()
    };
    // The first takes what it needs for all.
    compute(0);
    let rounds = 3;
    let started = Instant::now();
    let marked: usize = (0..rounds).flat_map(|_| 0..SLICES).map(compute).sum();
    assert!(marked > 0);
    (rounds * SLICES) as f64 / started.elapsed().as_secs_f64()
}

/// The most memory that the program takes at any time of large studies, as Linux counts it.
fn memory() -> bool {
    if !Path::new("/proc/self/status").exists() {
        println!("memory: not measured, since this system has no /proc");
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    for study in 0..LARGE_STUDIES {
        for sequence in SEQUENCES {
            let place = input.join(format!("p{study}"));
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join(format!("{sequence}.nii")), enlarged(sequence)).unwrap();
        }
    }
    let mut run = command(&input, &folder.path().join("out"), &["--jobs", "2"]).spawn().unwrap();
    let status = format!("/proc/{}/status", run.id());
    let mut most_kb = 0.0f64;
    let ended = loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        most_kb = most_kb.max(kb.unwrap_or_default());
        if let Some(ended) = run.try_wait().unwrap() {
            break ended;
        }
        sleep(Duration::from_millis(20));
    };
    assert!(ended.success(), "{ended}");
    let most_mb = most_kb * 1.024e-3;
    println!(
        "memory of {LARGE_STUDIES} studies of 3 x {SIDE} x {SIDE} x {LARGE_SLICES}, 2 threads: {most_mb:.0} MB (at most {MOST_MB:.0})"
    );
    most_mb > 0.0 && most_mb <= MOST_MB
}

/// A sequence of the sample with four pixels for each and its slices over and over, 16 bit, as a NIfTI file.
fn enlarged(sequence: &str) -> Vec<u8> {
    const OWN_SIDE: usize = SIDE / 2;
    let small = sample::sample(sequence, SLICES);
    let (header, pixels) = small.split_at(352);
    let mut bytes = header.to_vec();
    for (at, length) in [SIDE, SIDE, LARGE_SLICES].into_iter().enumerate() {
        bytes[42 + 2 * at..44 + 2 * at].copy_from_slice(&(length as i16).to_le_bytes());
    }
    // Unsigned numbers of 16 bit.
    bytes[70..72].copy_from_slice(&512i16.to_le_bytes());
    bytes[72..74].copy_from_slice(&16i16.to_le_bytes());
    for slice in 0..LARGE_SLICES {
        let slice = &pixels[slice % SLICES * OWN_SIDE * OWN_SIDE..][..OWN_SIDE * OWN_SIDE];
        for row in 0..SIDE {
            let row = &slice[row / 2 * OWN_SIDE..][..OWN_SIDE];
            bytes.extend(row.iter().flat_map(|&value| [value, 0, value, 0]));
        }
    }
    bytes
}
