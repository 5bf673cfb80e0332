//! A DICOM file into a series, its slices and, where it is a segmentation, its marks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{Composite, Reading, read_dicom, stack};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Reading::Image(instance)) = read_dicom("fuzzed.dcm", bytes) {
        for (series, _) in stack(vec![*instance]) {
            if let Ok(composite) = Composite::new(&series, None, None) {
                composite.slice(0);
            }
        }
    }
});
