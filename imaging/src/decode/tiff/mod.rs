//! Bytes of a TIFF file into the slice that is meant, or into all of its pages.
//!
//! The container is read here: the kept crate `tiff` opens no file whose first page it does not decode, and knows no
//! palettes, no numbers of 12 bit, no ZSTD without a C library and no stacks behind one directory. The codecs are crates.

mod codec;
mod description;
mod directory;
mod numbers;
mod page;

pub(super) use directory::is_tiff;

use description::{Axis, Description, unit_mm};
use directory::{MOST_DIRECTORIES, directories};
use numbers::Format;
use page::{Colours, Page, Use};

use super::planes::{Numbers, Planes};
use super::{Channel, DecodeError, LONGEST_SLICE, LeftOutPages, Pages, SHORTEST_SIDE, readable};
use crate::grid::{Size, SpacingMm};

/// Bytes that the numbers of all pages may take.
const ALL_PAGES_BYTES: u64 = 1 << 30;

fn damaged(what: &str) -> DecodeError {
    DecodeError::Damaged(what.into())
}

/// How many slices a picture file holds; 1 for all but TIFF files with several pages, and for damaged files.
///
/// Reads directories and no pixels, so it is quick. Thumbnails and masks of other pages do not count. Where there are more
/// than one, [`decode_pages`] reads them all; [`decode`](super::decode) reads only the page that is meant.
pub fn pages_in(bytes: &[u8]) -> usize {
    if is_tiff(bytes) { Tiff::open(bytes).map_or(1, |file| file.count()) } else { 1 }
}

/// All pages of a TIFF file, in the order of its slices: as ImageJ or OME describe it, else as they lie in the file.
///
/// Of pages of several sizes, those are read whose size has the most pixels in all; [`Pages::left_out`] counts the others.
///
/// # Errors
///
/// [`DecodeError`] says what is wrong with the file; a file without pages is [`DecodeError::UnknownFormat`].
pub fn decode_pages(bytes: &[u8]) -> Result<Pages, DecodeError> {
    readable(bytes)?;
    if is_tiff(bytes) { Tiff::open(bytes)?.read_all() } else { Err(DecodeError::UnknownFormat) }
}

/// A file whose directories are known, and which of its pages belong together.
pub(super) struct Tiff<'a> {
    pages: Vec<Page<'a>>,
    /// The pages that are shown, of one size.
    kept: Vec<usize>,
    left_out: LeftOutPages,
    description: Description,
    /// Slices that lie behind the only page without directories of their own, it included.
    behind: u64,
}

/// What pages of one stack have in common: columns, rows, colours if those are read, and planes of grey.
type Kind = (u32, u32, Option<Colours>, usize);

impl<'a> Tiff<'a> {
    /// Reads the directories and decides which pages are meant: of those that are neither thumbnails nor masks, the size
    /// that has the most pixels in all.
    pub fn open(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let pages: Vec<Page> = directories(bytes)?.into_iter().map(Page::new).collect();
        let Some(first) = pages.first() else { return Err(damaged("it has no page")) };
        if first.is_camera_raw() {
            return Err(DecodeError::Unsupported(
                "the file is a raw image of a camera; export it as JPEG, PNG or TIFF".into(),
            ));
        }
        let description = Description::of(&first.description());
        let mut left_out = LeftOutPages::default();
        let uses: Vec<Use> = pages.iter().map(Page::purpose).collect();
        let mut candidates: Vec<usize> = (0..pages.len()).filter(|&at| uses[at] == Use::Image).collect();
        if candidates.is_empty() {
            candidates = (0..pages.len()).collect();
        } else {
            left_out.thumbnails = uses.iter().filter(|&&page| page == Use::Thumbnail).count();
            left_out.masks = uses.iter().filter(|&&page| page == Use::Mask).count();
        }
        let kind = |at: usize| -> Kind {
            let page: &Page = &pages[at];
            (page.width, page.height, page.colours().ok(), page.bands())
        };
        let mut kinds: Vec<(Kind, u64)> = Vec::new();
        for &at in &candidates {
            let seen = pages[at].width.min(pages[at].height) >= SHORTEST_SIDE;
            let pixels = if seen { pages[at].pixels() } else { 0 };
            match kinds.iter_mut().find(|(known, _)| *known == kind(at)) {
                Some((_, sum)) => *sum = sum.saturating_add(pixels),
                None => kinds.push((kind(at), pixels)),
            }
        }
        // The first of equals.
        let best = kinds.iter().rev().max_by_key(|(_, pixels)| *pixels).map(|(kind, _)| *kind);
        let kept: Vec<usize> = candidates.iter().copied().filter(|&at| Some(kind(at)) == best).collect();
        left_out.other_sizes = candidates.len() - kept.len();
        let told = description.pages.map_or(first.depth(), |pages| pages as u64);
        let behind = match candidates[..] {
            [only] if told > 1 => slices_behind(&pages[only], told)?,
            _ => 1,
        };
        Ok(Self { pages, kept, left_out, description, behind })
    }

    /// How many slices the file has, those of other sizes included.
    pub fn count(&self) -> usize {
        let pages = self.stack_length() + self.left_out.other_sizes;
        if pages == 1 { self.main().bands() } else { pages }
    }

    fn main(&self) -> &Page<'a> {
        &self.pages[self.kept[0]]
    }

    fn stack_length(&self) -> usize {
        if self.behind > 1 { self.behind as usize } else { self.kept.len() }
    }

    /// Size of the page that is meant.
    pub fn size(&self) -> Size {
        self.main().shown_size()
    }

    /// The page that is meant, alone, as it is looked at.
    pub fn picture(&self) -> Result<Planes, DecodeError> {
        self.page(0, false, 1)
    }

    /// The planes of a slice of the stack: numbers of a palette as they are stored or as colours.
    fn page(&self, at: usize, as_stored: bool, bands: usize) -> Result<Planes, DecodeError> {
        let (page, further) = match self.kept.get(at) {
            Some(&page) => (&self.pages[page], 0),
            None => (self.main(), at as u64),
        };
        let colours = page.colours()?;
        let (layout, Size { width, height }) = (page.layout()?, page.shown_size());
        let wanted = if colours == Colours::Rgb { 3 } else { bands };
        let mut planes = page.planes(wanted, further)?;
        // What is beyond 16 bit has no full scale of its own.
        let mut full_scale =
            (layout.format == Format::Unsigned && layout.bits <= 16).then(|| f64::from((1u32 << layout.bits) - 1));
        if colours == Colours::Palette && !as_stored {
            let palette = page.palette().ok_or_else(|| damaged("its list of colours is missing"))?;
            planes = coloured(&planes[0], &palette)?;
            full_scale = Some(f64::from(u16::MAX));
        }
        let inverted = colours == Colours::Grey { inverted: true };
        Ok(Planes { width, height, planes, full_scale, inverted })
    }

    /// All slices of the stack.
    pub fn read_all(&self) -> Result<Pages, DecodeError> {
        let main = self.main();
        let Size { width, height } = main.shown_size();
        if width.max(height) > LONGEST_SLICE as usize {
            return Err(DecodeError::TooLarge { width: main.width, height: main.height });
        }
        let (length, as_stored) = (self.stack_length(), self.description.palette_is_display);
        let bands = main.bands();
        let planes = match main.colours()? {
            Colours::Grey { .. } => bands,
            Colours::Palette if as_stored => 1,
            Colours::Palette | Colours::Rgb => 3,
        };
        let widest =
            self.kept.iter().try_fold(0, |most: u64, &at| Ok(most.max(self.pages[at].layout()?.bytes_in_memory())));
        let total = widest?.saturating_mul(main.pixels()).saturating_mul(length as u64).saturating_mul(planes as u64);
        if total > ALL_PAGES_BYTES {
            return Err(DecodeError::PagesTooLarge { mebibytes: total >> 20 });
        }
        let pages: Result<Vec<Planes>, _> = (0..length).map(|at| self.page(at, as_stored, bands)).collect();
        Ok(Pages {
            width,
            height,
            channels: self.channels(pages?),
            spacing_mm: self.spacing_mm(),
            calibration: self.description.calibration,
            window: self.description.window,
            left_out: self.left_out,
        })
    }

    /// The pages in the order of their slices, one stack for each channel and time.
    fn channels(&self, mut pages: Vec<Planes>) -> Vec<Channel> {
        let told = self.description.clone().for_pages(pages.len());
        let [channels, times] = [Axis::Channel, Axis::Time].map(|axis| told.length(axis));
        let bands = pages.iter().map(|page| page.planes.len()).max().unwrap_or(1);
        let inverted = pages[0].inverted;
        let coloured = self.main().bands() == 1;
        if let ([only], false) = (&mut pages[..], coloured) {
            // All slices are samples of one page.
            return vec![Channel { label: String::new(), pages: std::mem::take(&mut only.planes), inverted }];
        }
        let grey = coloured && pages.iter().all(|page| page.planes.iter().all(|plane| *plane == page.planes[0]));
        let bands = if grey { 1 } else { bands };
        let mut stacks = Vec::new();
        for time in 0..times {
            for channel in 0..channels {
                for band in 0..bands {
                    let mut parts = Vec::new();
                    match told.channels.get(channel) {
                        _ if channels == 1 => {}
                        Some(name) if !name.is_empty() => parts.push(name.clone()),
                        _ => parts.push(format!("channel {} of {channels}", channel + 1)),
                    }
                    match band {
                        _ if bands == 1 => {}
                        _ if coloured => parts.push(["red", "green", "blue"][band].into()),
                        _ => parts.push(format!("channel {} of {bands}", band + 1)),
                    }
                    if times > 1 {
                        parts.push(format!("time {} of {times}", time + 1));
                    }
                    let belongs =
                        |at: &usize| told.place(*at, Axis::Channel) == channel && told.place(*at, Axis::Time) == time;
                    let mut places: Vec<usize> = (0..pages.len()).filter(belongs).collect();
                    places.sort_by_key(|&at| told.place(at, Axis::Slice));
                    let take =
                        |at: usize| std::mem::replace(&mut pages[at].planes[band], Numbers::Unsigned(Vec::new()));
                    stacks.push(Channel {
                        label: parts.join(", "),
                        pages: places.into_iter().map(take).collect(),
                        inverted,
                    });
                }
            }
        }
        stacks
    }

    /// Distances along x, y and between slices, only where the file gives all three.
    fn spacing_mm(&self) -> Option<SpacingMm> {
        let (per_unit, unit) = self.main().resolution();
        let unit = self.description.unit_mm.or(unit_mm(unit));
        let [x, y, z] = self.description.spacing_mm;
        let along = |told: Option<f64>, per_unit: Option<f64>| {
            told.or_else(|| Some(unit? / per_unit?)).filter(|mm| mm.is_normal())
        };
        Some(SpacingMm { x: along(x, per_unit[0])?, y: along(y, per_unit[1])?, z: z? })
    }
}

/// How many slices lie behind a page without directories, of as many as the file tells of.
fn slices_behind(page: &Page, told: u64) -> Result<u64, DecodeError> {
    let there = page.contiguous()?;
    if there < 1.5 {
        // One slice of a stack, saved alone with the description of all.
        Ok(1)
    } else if told > MOST_DIRECTORIES as u64 {
        Err(DecodeError::TooManyPages { pages: MOST_DIRECTORIES })
    } else if there >= told as f64 {
        Ok(told)
    } else {
        let there = there as u64;
        Err(DecodeError::Damaged(format!("it says that it holds {told} slices, and only {there} are there")))
    }
}

/// The colours that stand for the numbers of a plane.
fn coloured(plane: &Numbers, palette: &[u16]) -> Result<Vec<Numbers>, DecodeError> {
    let Numbers::Unsigned(plane) = plane else { return Err(damaged("its numbers do not choose colours of a list")) };
    let colours = palette.len() / 3;
    let channel = |at: usize| {
        let list = &palette[at * colours..(at + 1) * colours];
        Numbers::Unsigned(plane.iter().map(|&number| list.get(usize::from(number)).copied().unwrap_or(0)).collect())
    };
    Ok((0..3).map(channel).collect())
}
