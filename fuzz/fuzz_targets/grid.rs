//! An NRRD, MetaImage or MGH file, or a header and the files of its numbers, into volumes and their slices.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{Composite, GridFormat, Series, data_files, read_grid, read_grid_volume};

/// Where an input is cut into a header and numbers.
const HEADER_BYTES: usize = 512;

fuzz_target!(|bytes: &[u8]| {
    let (header, data) = bytes.split_at(bytes.len().min(HEADER_BYTES));
    for format in [GridFormat::Nrrd, GridFormat::MetaImage, GridFormat::Mgh] {
        for (series, _) in read_grid(format, "fuzzed", bytes, &[]).into_iter().flatten().take(3) {
            show(&series);
        }
        if let Ok((series, _)) = read_grid_volume(format, "fuzzed", bytes, &[], 2) {
            show(&series);
        }
        let Ok(files) = data_files(format, header) else { continue };
        // As many as it names, of which there is something in each.
        let share = data.len().div_ceil(files.len().max(1)).max(1);
        let mut data: Vec<Vec<u8>> = data.chunks(share).map(<[u8]>::to_vec).collect();
        data.resize(files.len(), Vec::new());
        if let Ok(volumes) = read_grid(format, "fuzzed", header, &data) {
            volumes.iter().take(3).for_each(|(series, _)| show(series));
        }
    }
});

fn show(series: &Series) {
    if let Ok(composite) = Composite::new(series, None, None) {
        composite.slice(0);
    }
}
