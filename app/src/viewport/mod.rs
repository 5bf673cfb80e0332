//! What is looked at, and how: sequences, levels, overlays, zoom and pan.

pub mod canvas;
pub mod levels;
pub mod look;
pub mod projection;
pub mod scale_bar;
pub mod space;
pub mod theme;
pub mod wheel;

use std::collections::HashMap;

use imaging::{Mask, Point, Size, corner_from_middle, middle_from_corner};
use leptos::prelude::*;
use protocol::Region;

use crate::documents::Documents;
use crate::documents::picture::{Levels, Picture};
use crate::language::{Text, text};
use crate::owner::Owner;
use canvas::SendCanvas;
use look::{Look, ZOOM, ZOOM_STEP};
use projection::CanvasFromSlice;

/// Slices from which a study is cut from the side and the front.
const REFORMATS_FROM: usize = 3;

/// What of a slice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequences {
    /// One sequence: pre-contrast (0), FLAIR (1) or post-contrast (2).
    One(usize),
    /// All three as red, green and blue.
    Composite,
}

impl Sequences {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// What one of them is called, by its number in the network's order.
    pub fn name(at: usize) -> Text {
        match at {
            0 => text!("sequence-pre"),
            1 => text!("sequence-flair"),
            _ => text!("sequence-post"),
        }
    }

    /// The sequence whose levels stand for all.
    pub fn leading(self) -> usize {
        match self {
            Self::One(index) => index,
            Self::Composite => 1,
        }
    }
}

/// What lies over the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    None,
    /// The mask, filled and outlined.
    Mask,
    /// The mask, outlined.
    Outline,
    /// The probabilities, as a heat map.
    Heat,
}

/// Which views there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The slice alone.
    One,
    /// The slice, and the study cut from the side and the front.
    MainAndTwo,
    /// The slice in each of its sequences, side by side.
    Sequences,
    /// The cut from the side alone.
    Sagittal,
    /// The cut from the front alone.
    Coronal,
    /// The slice, both cuts and the tumour in three dimensions.
    Four,
    /// The tumour in three dimensions alone.
    Space,
    /// The slice beside the same place in another study.
    FollowUp,
}

impl Layout {
    /// Name for style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::MainAndTwo => "main-and-two",
            Self::Sequences => "sequences",
            Self::Sagittal => "sagittal",
            Self::Coronal => "coronal",
            Self::Four => "four",
            Self::Space => "space",
            Self::FollowUp => "follow-up",
        }
    }

    /// Whether the tumour is shown in three dimensions.
    pub fn has_space(self) -> bool {
        matches!(self, Self::Four | Self::Space)
    }
}

/// The store of what is looked at. Copies are the same.
#[derive(Clone, Copy)]
pub struct Viewport {
    documents: Documents,
    /// Levels that a person set.
    levels: RwSignal<HashMap<Owner, [Levels; 3]>>,
    /// Which views there are.
    pub layout: RwSignal<Layout>,
    /// What of the slice is shown.
    pub sequences: RwSignal<Sequences>,
    /// What lies over it.
    pub overlay: RwSignal<Overlay>,
    /// Opacity of the overlay's fill, 0..=1.
    pub opacity: RwSignal<f32>,
    /// Whether the label's outline is shown.
    pub label_shown: RwSignal<bool>,
    /// Where the pointer is on the slice on screen, in its pixels.
    pub pointer: RwSignal<Option<(f64, f64)>>,
    /// Whether keys put it there, so that it has to be shown.
    pub keyed: RwSignal<bool>,
    /// Whether the reformats follow it, as they do while Shift is held.
    pub aiming: RwSignal<bool>,
    /// Width and height of the canvas in CSS pixels.
    pub canvas_px: RwSignal<(f64, f64)>,
    /// What part of the slice is on it.
    pub look: RwSignal<Look>,
    /// Where the slice lies on it, in CSS pixels.
    pub canvas_from_slice: Memo<Option<CanvasFromSlice>>,
    /// The part of the slice that the network looks at, where that is not all: left, top, width and height in pixels.
    pub region: Memo<Option<Region>>,
    /// Where the reformats cut, as shares of the slice's width and height.
    pub cross: RwSignal<(f64, f64)>,
    /// Opacity of another time point over the slice, 0..=1.
    pub fade: RwSignal<f32>,
    /// What that shows there, while it is seen.
    pub faded: RwSignal<Option<SendCanvas>>,
    /// Whether two time points are shown at once in three dimensions.
    pub both_times: RwSignal<bool>,
    /// The study for which a person chose that place.
    aimed: StoredValue<Option<Owner>>,
    /// The views that were there before one was shown alone.
    before_alone: StoredValue<Layout>,
    shape: Memo<Option<(Size, f64)>>,
}

impl Viewport {
    /// A store that looks at whatever is on screen.
    pub fn new(documents: Documents) -> Self {
        let Documents { picture, .. } = documents;
        let canvas_px = RwSignal::new((0.0, 0.0));
        let look = RwSignal::new(Look::WHOLE);
        // A slice of another size begins whole; one of the same size keeps the look, so that neighbours can be compared.
        let shape = Memo::new(move |_| picture.get().map(|picture| (picture.size(), picture.aspect())));
        Effect::new(move |_| {
            shape.track();
            look.set(Look::WHOLE);
        });
        let canvas_from_slice = Memo::new(move |_| {
            let ((slice, aspect), (width, height), look) = (shape.get()?, canvas_px.get(), look.get());
            let whole = CanvasFromSlice::within(slice, aspect, (0.0, 0.0), (width, height));
            let about = |at: f64, middle: f64, shift: f64| middle + (at - middle) * look.zoom + shift;
            let (x, y) = (about(whole.x, width / 2.0, look.x), about(whole.y, height / 2.0, look.y));
            Some(CanvasFromSlice { x, y, scale: whole.scale * look.zoom, aspect })
        });
        Self {
            documents,
            levels: RwSignal::new(HashMap::new()),
            layout: RwSignal::new(Layout::MainAndTwo),
            sequences: RwSignal::new(Sequences::One(1)),
            overlay: RwSignal::new(Overlay::Mask),
            opacity: RwSignal::new(0.35),
            label_shown: RwSignal::new(true),
            pointer: RwSignal::new(None),
            keyed: RwSignal::new(false),
            aiming: RwSignal::new(false),
            canvas_px,
            look,
            canvas_from_slice,
            region: Memo::new(move |_| picture.with(|picture| picture.as_ref()?.info.view.part)),
            cross: RwSignal::new((0.5, 0.5)),
            fade: RwSignal::new(0.0),
            faded: RwSignal::new(None),
            both_times: RwSignal::new(false),
            aimed: StoredValue::new(None),
            before_alone: StoredValue::new(Layout::MainAndTwo),
            shape,
        }
    }

    /// Shows one view alone, or if it is, those that were there before.
    pub fn maximise(self, alone: Layout) {
        let layout = self.layout.get_untracked();
        let before = self.before_alone.get_value();
        if !matches!(layout, Layout::One | Layout::Sagittal | Layout::Coronal | Layout::Space) {
            self.before_alone.set_value(layout);
        }
        self.layout.set(if layout == alone { before } else { alone });
    }

    /// Shows all of the slice; if that is shown already, what of it the network looks at.
    pub fn fit(self) {
        let part = self.region.get_untracked().filter(|_| self.look.get_untracked() == Look::WHOLE);
        match part {
            Some(part) => self.show(part),
            None => self.look.set(Look::WHOLE),
        }
    }

    /// Shows a part of the slice on screen, as large as it can be.
    pub fn show(self, part: Region) {
        let (Some((slice, aspect)), size) = (self.shape.get_untracked(), self.canvas_px.get_untracked()) else {
            return;
        };
        self.look.set(Look::at(part, CanvasFromSlice::within(slice, aspect, (0.0, 0.0), size), size));
    }

    /// The pointer is somewhere, by a hand.
    pub fn point_by_hand(self, point: Option<(f64, f64)>) {
        self.pointer.set(point);
        if self.keyed.get_untracked() {
            self.keyed.set(false);
        }
    }

    /// Moves the pointer by so many pixels of the slice, from its middle where it was nowhere; never off the slice.
    pub fn point_by_keys(self, (dx, dy): (f64, f64)) -> Option<(f64, f64)> {
        let Size { width, height } = self.documents.size()?;
        let at = self.pointer.get_untracked().unwrap_or(((width / 2) as f64, (height / 2) as f64));
        let moved = |at: f64, by: f64, length: usize| (at.round() + by).clamp(0.0, length as f64 - 1.0);
        let point = (moved(at.0, dx, width), moved(at.1, dy, height));
        self.put_pointer(point);
        Some(point)
    }

    /// Puts the pointer somewhere by keys.
    pub fn put_pointer(self, point: (f64, f64)) {
        self.pointer.set(Some(point));
        self.keyed.set(true);
    }

    /// Moves an enlarged slice by so many CSS pixels; a whole one stays.
    pub fn pan(self, (dx, dy): (f64, f64)) {
        if self.look.get_untracked().zoom > ZOOM.0 {
            self.look.update(|look| (look.x, look.y) = (look.x + dx, look.y + dy));
        }
    }

    /// Enlarges by some steps around the middle.
    pub fn zoom(self, steps: f64) {
        self.look.update(|look| *look = look.zoomed(ZOOM_STEP.powf(steps), (0.0, 0.0)));
    }

    /// Lets the reformats cut at a point of the slice on screen; beside it, at its edge.
    pub fn aim(self, (x, y): (f64, f64)) {
        let Some(picture) = self.documents.picture.get_untracked() else { return };
        let Size { width, height } = picture.size();
        let share = |at: f64, length: usize| (corner_from_middle(at) / length as f64).clamp(0.0, 1.0);
        self.cross.set((share(x, width), share(y, height)));
        self.aimed.set_value(Some(picture.owner));
    }

    /// Lets the reformats cut through the middle of what a mask marks, unless a person chose another place in this study.
    pub fn aim_at_mask(self, owner: Owner, mask: &Mask) {
        if self.aimed.get_value() == Some(owner) {
            return;
        }
        if let Some(Point { x, y }) = mask.centroid() {
            let (width, height) = (mask.width() as f64, mask.height() as f64);
            self.cross.set((corner_from_middle(x) / width, corner_from_middle(y) / height));
        }
    }

    /// Whether the slice on screen has more than one sequence.
    pub fn has_sequences(self) -> bool {
        self.documents.picture.with(|picture| picture.as_ref().is_some_and(|picture| !picture.info.single_sequence))
    }

    /// Which views there are: of those asked for, those that the slice on screen has.
    pub fn shown_layout(self) -> Layout {
        match self.layout.get() {
            Layout::Sequences if !self.has_sequences() => Layout::MainAndTwo,
            Layout::Four | Layout::Space | Layout::FollowUp if !self.has_reformats() => Layout::MainAndTwo,
            layout => layout,
        }
    }

    /// Whether the study on screen has slices enough to be cut from the side and the front.
    pub fn has_reformats(self) -> bool {
        self.documents.study_on_screen().is_some_and(|study| study.slices() >= REFORMATS_FROM)
    }

    /// Where the reformats cut, on the slice on screen.
    pub fn cross_point(self) -> Option<(f64, f64)> {
        let Size { width, height } =
            self.documents.picture.with(|picture| picture.as_ref().map(|picture| picture.size()))?;
        let (x, y) = self.cross.get();
        Some((middle_from_corner(x * width as f64), middle_from_corner(y * height as f64)))
    }

    /// Goes on from the filled mask to its outline, to nothing, and round again.
    pub fn next_mask_overlay(self) {
        self.overlay.update(|current| {
            *current = match *current {
                Overlay::Mask => Overlay::Outline,
                Overlay::Outline => Overlay::None,
                Overlay::None | Overlay::Heat => Overlay::Mask,
            }
        });
    }

    /// Switches an overlay on, or off if it is.
    pub fn toggle(self, overlay: Overlay) {
        self.overlay.update(|current| *current = if *current == overlay { Overlay::None } else { overlay });
    }

    /// Shows a sequence that a slice with only one has.
    pub fn show_single(self) {
        self.sequences.set(Sequences::One(1));
    }

    /// Forgets the levels that a person set for a slice or a study.
    pub fn forget_levels(self, owner: Owner) {
        self.levels.update(|levels| {
            levels.remove(&owner);
        });
    }

    /// Levels that the sequences of a picture are shown with.
    pub fn levels_of(self, picture: &Picture) -> [Levels; 3] {
        self.levels.with(|levels| levels.get(&picture.owner).copied()).unwrap_or(picture.levels)
    }

    /// Levels of the sequence that is shown of the slice on screen.
    pub fn shown_levels(self) -> Option<Levels> {
        let picture = self.documents.picture.get()?;
        Some(self.levels_of(&picture)[self.sequences.get().leading()])
    }

    /// Sets the levels of the sequence that is shown, of all where they are shown as colours, by its number and its present
    /// levels.
    pub fn set_levels(self, set: impl Fn(usize, Levels) -> Levels) {
        let Some(picture) = self.documents.picture.get_untracked() else { return };
        let mut all = untrack(|| self.levels_of(&picture));
        match self.sequences.get_untracked() {
            Sequences::One(index) => all[index] = set(index, all[index]),
            Sequences::Composite => all = std::array::from_fn(|index| set(index, all[index])),
        }
        self.levels.update(|levels| {
            levels.insert(picture.owner, all);
        });
    }
}
