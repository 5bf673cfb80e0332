//! The colours of everything that is drawn on a canvas; those of the page are in `public/style.css`.

/// Colours that people with any colour vision tell apart (Okabe and Ito 2008): vermilion for ours …
pub const MASK: [u8; 3] = [230, 120, 0];
/// … and sky blue for the label.
pub const LABEL: [u8; 3] = [86, 180, 233];

/// … and green for that of another time point.
pub const EARLIER: [u8; 3] = [0, 200, 140];

/// The faint shell of the head in three dimensions.
pub const SHELL: [u8; 3] = [184, 196, 214];

/// A mask of what the network was not made for.
pub const DOUBTED: [u8; 3] = [150, 150, 150];

/// What lies around a slice.
pub const AROUND_SLICE: &str = "#05070a";
/// Behind plots and figures.
pub const PANEL: &str = "#0b0e13";
/// Behind an image of a figure.
pub const BLACK: &str = "#000";
/// Text on it, and less important text.
pub const TEXT: &str = "#e6e9ef";
pub const FAINT_TEXT: &str = "#9aa4b2";
/// Where the slice on screen and the cuts lie.
pub const CROSSHAIR: &str = "rgba(86, 180, 233, 0.95)";

/// The colour of a mask, doubted or not.
pub fn mask(doubted: bool) -> [u8; 3] {
    if doubted { DOUBTED } else { MASK }
}

/// Colour of a probability: even steps in lightness, so that order shows without colour vision.
pub fn heat(probability: f32) -> [u8; 3] {
    const STOPS: [[f32; 3]; 5] =
        [[20.0, 10.0, 60.0], [110.0, 20.0, 110.0], [200.0, 60.0, 70.0], [245.0, 140.0, 20.0], [250.0, 245.0, 140.0]];
    let at = probability.clamp(0.0, 1.0) * 4.0;
    let low = (at as usize).min(3);
    let part = at - low as f32;
    std::array::from_fn(|c| (STOPS[low][c] * (1.0 - part) + STOPS[low + 1][c] * part) as u8)
}

/// A colour for style sheets.
pub fn css([r, g, b]: [u8; 3]) -> String {
    format!("rgb({r}, {g}, {b})")
}
