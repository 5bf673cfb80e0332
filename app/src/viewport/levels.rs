//! Which numbers of an image are black and white: presets and turning round.

use leptos::prelude::*;

use super::Viewport;
use crate::documents::picture::Levels;

/// Share of the levels' width by which a CSS pixel of a drag changes them.
const DRAG_STEP: f64 = 1.0 / 250.0;

/// Levels that a person can ask for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Those of the file, or those at which the brain can be seen.
    Auto,
    /// Everything.
    Full,
    /// Half as wide as automatic.
    HighContrast,
    /// Twice as wide.
    LowContrast,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Full, Self::HighContrast, Self::LowContrast];

    /// The command that asks for it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Auto => "window-auto",
            Self::Full => "window-full",
            Self::HighContrast => "window-high",
            Self::LowContrast => "window-low",
        }
    }

    /// The levels, from the usual ones and the range of the numbers.
    fn levels(self, (black, white): Levels, (low, high): Levels) -> Levels {
        let middle = (black + white) / 2.0;
        let scaled = |factor: f64| {
            let half = (white - black) / 2.0 * factor;
            (middle - half, middle + half)
        };
        match self {
            Self::Auto => (black, white),
            Self::Full if black > white => (high, low),
            Self::Full => (low, high),
            Self::HighContrast => scaled(0.5),
            Self::LowContrast => scaled(2.0),
        }
    }
}

impl Viewport {
    /// Shows the sequence on screen of the slice, and of all of its study, at a preset's levels.
    pub fn take_preset(self, preset: Preset) {
        let Some(all) = untrack(move || self.preset_levels(preset)) else { return };
        self.set_levels(|sequence, _| all[sequence]);
    }

    /// The preset that the slice on screen is shown at.
    pub fn preset(self) -> Option<Preset> {
        let picture = self.documents.picture.get()?;
        let (shown, at) = (self.levels_of(&picture), self.sequences.get().leading());
        let is_shown = |preset| self.preset_levels(preset).is_some_and(|all| all[at] == shown[at]);
        Preset::ALL.into_iter().find(|preset| is_shown(*preset))
    }

    fn preset_levels(self, preset: Preset) -> Option<[Levels; 3]> {
        let picture = self.documents.picture.get()?;
        let study = self.documents.study_on_screen();
        Some(std::array::from_fn(|at| {
            let range = study.as_ref().map_or((0.0, 255.0), |study| {
                let (low, high) = study.range(at);
                (f64::from(low), f64::from(high))
            });
            preset.levels(picture.levels[at], range)
        }))
    }

    /// Changes them as a drag of the pointer over so many CSS pixels does.
    pub fn drag_levels(self, way_px: (f64, f64)) {
        self.set_levels(|_, levels| dragged(levels, way_px));
    }

    /// Turns black and white round.
    pub fn invert(self) {
        self.set_levels(|_, (black, white)| (white, black));
    }
}

/// Levels after a drag: to the right contrast falls, upwards the image becomes brighter.
fn dragged((black, white): Levels, (dx, dy): (f64, f64)) -> Levels {
    let width = white - black;
    let sign = if width < 0.0 { -1.0 } else { 1.0 };
    let wider = (width.abs() * (1.0 + dx * DRAG_STEP)).max(1.0);
    let middle = (black + white) / 2.0 + sign * dy * DRAG_STEP * wider;
    (middle - sign * wider / 2.0, middle + sign * wider / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_widens_to_the_right_and_brightens_upwards_whichever_end_is_white() {
        let after = |levels, way| {
            let (black, white) = dragged(levels, way);
            (black.round(), white.round())
        };
        assert_eq!(after((100.0, 300.0), (25.0, 0.0)), (90.0, 310.0));
        assert_eq!(after((300.0, 100.0), (25.0, 0.0)), (310.0, 90.0));
        assert_eq!(after((100.0, 300.0), (0.0, -25.0)), (80.0, 280.0), "what was grey is nearer to white");
        assert_eq!(after((300.0, 100.0), (0.0, -25.0)), (320.0, 120.0));
        let (black, white) = dragged((100.0, 300.0), (-10_000.0, 0.0));
        assert_eq!(white - black, 1.0, "never turned round");
    }

    #[test]
    fn presets_keep_the_middle_and_the_direction() {
        let range = (10.0, 900.0);
        assert_eq!(Preset::HighContrast.levels((100.0, 300.0), range), (150.0, 250.0));
        assert_eq!(Preset::LowContrast.levels((100.0, 300.0), range), (0.0, 400.0));
        assert_eq!(Preset::Full.levels((100.0, 300.0), range), (10.0, 900.0));
        assert_eq!(Preset::Full.levels((300.0, 100.0), range), (900.0, 10.0));
    }
}
