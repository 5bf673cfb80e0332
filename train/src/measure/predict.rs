//! Image files and a model into masks: what the browser shows, from the command line.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::prelude::Device;
use engine::Segmenter;
use image::{GrayImage, Luma};
use imaging::decode;

/// The model in a folder, on the CPU, after its self-test.
///
/// # Errors
///
/// If a file is missing or the self-test fails.
pub fn load(folder: &Path) -> Result<Segmenter, Box<dyn Error>> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    Ok(pollster::block_on(engine::load(read, Device::flex()))?)
}

/// Writes `<name>_mask.png` (white where there is tumour) for every slice into `output`.
///
/// # Errors
///
/// Names the file that cannot be read or written.
pub fn predict(model: &Path, slices: &[PathBuf], output: &Path) -> Result<(), Box<dyn Error>> {
    let segmenter = load(model)?;
    fs::create_dir_all(output)?;
    for path in slices {
        let bytes = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let slice = decode(&bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        let (presence, map) = pollster::block_on(segmenter.segment(&slice))?;
        let mask = map.mask(segmenter.manifest().threshold);
        let name = format!("{}_mask.png", path.file_stem().unwrap_or_default().to_string_lossy());
        let white = |x: u32, y: u32| Luma([if mask.contains(x as usize, y as usize) { 255 } else { 0 }]);
        GrayImage::from_fn(mask.width() as u32, mask.height() as u32, white).save(output.join(&name))?;
        println!("{name}: presence {presence:.4}, area {} px", mask.area_px());
    }
    Ok(())
}

/// Repetitions of which the median is printed.
const REPETITIONS: usize = 9;

/// Prints how long each stage of one slice takes, the median of several runs.
///
/// # Errors
///
/// As [`predict`].
pub fn time(model: &Path, path: &Path) -> Result<(), Box<dyn Error>> {
    let segmenter = load(model)?;
    let bytes = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut times: [Vec<f64>; 4] = Default::default();
    for _ in 0..REPETITIONS {
        let mut clock = Instant::now();
        let mut lap = |stage: &mut Vec<f64>| {
            stage.push(clock.elapsed().as_secs_f64() * 1e3);
            clock = Instant::now();
        };
        let slice = decode(&bytes)?;
        lap(&mut times[0]);
        let prepared = segmenter.prepare(&slice);
        lap(&mut times[1]);
        let map = pollster::block_on(async { segmenter.decode(segmenter.encode(&prepared).await?).await })?;
        lap(&mut times[2]);
        std::hint::black_box(map.mask(segmenter.manifest().threshold));
        lap(&mut times[3]);
    }
    println!("\nnative engine on the CPU, one {} slice, median of {REPETITIONS}, in ms", path.display());
    for (stage, mut times) in ["decode", "normalise", "forward", "mask"].into_iter().zip(times) {
        times.sort_by(f64::total_cmp);
        println!("  {:>10.2}  {stage}", times[REPETITIONS / 2]);
    }
    Ok(())
}
