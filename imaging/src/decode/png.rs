//! The chunks of a PNG file, for what its decoder does not look at.

/// Whether the palette of a PNG, if it has one, is a list of three bytes a colour; the decoder inside `image` panics
/// otherwise (png 0.18.1).
pub fn has_whole_palette(png: &[u8]) -> bool {
    chunks(png).all(|(kind, length)| kind != *b"PLTE" || length > 0 && length.is_multiple_of(3))
}

/// Whether the file has several frames.
pub fn is_animated(png: &[u8]) -> bool {
    chunks(png).any(|(kind, _)| kind == *b"acTL")
}

/// Kind and length of every chunk of a PNG.
fn chunks(png: &[u8]) -> impl Iterator<Item = ([u8; 4], usize)> {
    /// Bytes of the signature, and of length, kind and checksum of a chunk (PNG specification, 5.2 and 5.3).
    const SIGNATURE: usize = 8;
    const FRAME: usize = 12;
    let mut at = SIGNATURE;
    std::iter::from_fn(move || {
        let &[a, b, c, d, kind @ ..] = png.get(at..)?.first_chunk::<8>()?;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        at = at.saturating_add(FRAME).saturating_add(length);
        Some((kind, length))
    })
}
