//! An NRRD, MetaImage or MGH file, or a header and numbers of their own, into volumes and their slices.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{Composite, GridFormat, Series, data_file, read_grid, read_grid_volume};

/// Where an input is cut into a header and numbers.
const HEADER_BYTES: usize = 512;

fuzz_target!(|bytes: &[u8]| {
    let (header, data) = bytes.split_at(bytes.len().min(HEADER_BYTES));
    for format in [GridFormat::Nrrd, GridFormat::MetaImage, GridFormat::Mgh] {
        for (series, _) in read_grid(format, "fuzzed", bytes, None).into_iter().flatten().take(3) {
            show(&series);
        }
        if let Ok((series, _)) = read_grid_volume(format, "fuzzed", bytes, None, 2) {
            show(&series);
        }
        if let Ok(Some(_)) = data_file(format, header)
            && let Ok(volumes) = read_grid(format, "fuzzed", header, Some(data))
        {
            volumes.iter().take(3).for_each(|(series, _)| show(series));
        }
    }
});

fn show(series: &Series) {
    if let Ok(composite) = Composite::new(series, None, None) {
        composite.slice(0);
    }
}
