//! A NIfTI file into volumes, their slices and labels.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{Composite, LabelMap, is_label_map, read_nifti};

fuzz_target!(|bytes: &[u8]| {
    for (series, _) in read_nifti("fuzzed_seg.nii", bytes).into_iter().flatten().take(3) {
        if let Ok(composite) = Composite::new(&series, None, None) {
            composite.slice(0);
            if is_label_map(&series, bytes) {
                LabelMap::of(&series).on(&composite).expect("a volume fits itself");
            }
        }
    }
});
