//! A NIfTI file, or a header and voxels of their own, into volumes, their slices and labels.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{Composite, LabelMap, Series, is_label_map, read_nifti, read_nifti_volume, read_pair};

/// Where an input is cut into a header and voxels: behind the longer header.
const HEADER_BYTES: usize = 540;

fuzz_target!(|bytes: &[u8]| {
    for (series, _) in read_nifti("fuzzed_seg.nii", bytes).into_iter().flatten().take(3) {
        show(&series, bytes);
    }
    if let Ok((series, _)) = read_nifti_volume("fuzzed.nii", bytes, 2) {
        show(&series, bytes);
    }
    let (header, data) = bytes.split_at(bytes.len().min(HEADER_BYTES));
    for (series, _) in read_pair("fuzzed_seg.hdr", header, data).into_iter().flatten().take(3) {
        show(&series, header);
    }
});

fn show(series: &Series, bytes: &[u8]) {
    if let Ok(composite) = Composite::new(series, None, None) {
        composite.slice(0);
        if is_label_map(series, bytes) {
            LabelMap::of(series).on(&composite).expect("a volume fits itself");
        }
    }
}
