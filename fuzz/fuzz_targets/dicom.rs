//! A DICOM file into a series and its slices or, where it is a segmentation, into what it marks on a known study.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use study::{Composite, Reading, read_dicom, read_segmentation, stack};

/// The study that the seeds among segmentations mark.
static STUDY: LazyLock<Option<Composite>> =
    LazyLock::new(|| match read_dicom("study.dcm", include_bytes!("../seeds/dicom/MR_small.dcm")) {
        Ok(Reading::Image(instance)) => {
            let (series, _) = stack(vec![*instance]).into_iter().next()?;
            Composite::new(&series, None, None).ok()
        }
        _ => None,
    });

fuzz_target!(|bytes: &[u8]| {
    match read_dicom("fuzzed.dcm", bytes) {
        Ok(Reading::Image(instance)) => {
            for (series, _) in stack(vec![*instance]) {
                if let Ok(composite) = Composite::new(&series, None, None) {
                    composite.slice(0);
                }
            }
        }
        Ok(Reading::Segmentation(file)) => {
            let study = STUDY.as_ref().expect("the seed is an image");
            if let Ok(label) = read_segmentation(&file, study) {
                drop(label.on(study));
            }
        }
        _ => {}
    }
});
