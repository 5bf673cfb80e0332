//! A picture into a slice, a label or all of its pages.
#![no_main]

use imaging::{decode, decode_label, decode_pages, is_halved, pages_in};
use libfuzzer_sys::fuzz_target;
use study::read_pages;

fuzz_target!(|bytes: &[u8]| {
    drop(decode(bytes));
    drop(decode_label(bytes));
    is_halved(bytes);
    let pages = decode_pages(bytes);
    assert!(pages_in(bytes) > 0);
    if let Ok(pages) = pages {
        let length = pages.channels[0].pages.len();
        assert!(pages.channels.iter().all(|channel| channel.pages.len() == length), "stacks are of one length");
        drop(read_pages("pages.tif", bytes));
    }
});
