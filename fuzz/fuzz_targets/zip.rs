//! A zip archive into its files and their kinds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use study::{kind_of, unpack};

fuzz_target!(|bytes: &[u8]| {
    // What it says is an error or nothing; that it returns is what counts.
    drop(unpack(bytes, |part| {
        kind_of(&part.name, &part.bytes);
    }));
});
