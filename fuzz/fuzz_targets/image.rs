//! A picture into a slice or a label.
#![no_main]

use imaging::{decode, decode_label};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drop(decode(bytes));
    drop(decode_label(bytes));
});
