//! A zip or tar archive, and layers of compression, into files and their kinds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{Budget, Part, sniff, unpack, unwrapped};

/// Smaller than that of a page, so that bombs end soon.
const BYTES: u64 = 1 << 22;

fuzz_target!(|bytes: &[u8]| {
    // What is said is an error or nothing; that it returns, within its budget, is what counts.
    let mut left = BYTES;
    drop(unpack(bytes, &mut Budget::new(BYTES, 200), |part| {
        if let Part::File { name, bytes } = part {
            left = left.checked_sub(bytes.len() as u64).expect("no more than the budget comes out");
            let _ = sniff(&name, &bytes);
        }
    }));
    if let (Ok(file), kind) = (unwrapped("fuzzed", bytes, &mut Budget::new(BYTES, 1)), sniff("fuzzed", bytes)) {
        assert_eq!(sniff("fuzzed", &file.bytes), kind, "the kind is the same with and without layers");
    }
});
