//! A directory of a TIFF file into the planes of its page.

use super::codec::{Chunk, Compression};
use super::damaged;
use super::directory::{Directory, tag};
use super::numbers::{Format, Layout, Predictor};
use crate::decode::{DecodeError, LONGEST_SIDE, LONGEST_SLICE, MEMORY, Numbers, check_sides};
use crate::grid::{Point, Size};

/// What the numbers of a page show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colours {
    /// One grey; `inverted` where low numbers are bright.
    Grey { inverted: bool },
    /// Numbers that stand for colours of a list.
    Palette,
    /// Red, green and blue.
    Rgb,
}

/// The kinds of page that are no slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Image,
    Thumbnail,
    Mask,
}

/// A page: what its directory says of it, checked only once its pixels are asked for.
pub struct Page<'a> {
    directory: Directory<'a>,
    pub width: u32,
    pub height: u32,
    /// Numbers of a pixel, those beyond its colours included.
    pub samples: usize,
}

impl<'a> Page<'a> {
    /// The page of a directory; sides that are missing are 0.
    pub fn new(directory: Directory<'a>) -> Self {
        let side = |tag| directory.number(tag).map_or(0, |side| u32::try_from(side).unwrap_or(u32::MAX));
        let samples = directory.number(tag::SAMPLES).unwrap_or(1).clamp(1, u16::MAX.into()) as usize;
        Self { width: side(tag::WIDTH), height: side(tag::HEIGHT), samples, directory }
    }

    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// What the page is for (tags NewSubfileType and SubfileType).
    pub fn purpose(&self) -> Use {
        let kinds = self.directory.number(tag::SUBFILE_TYPE).unwrap_or(0);
        if kinds & 4 != 0 || self.directory.number(tag::PHOTOMETRIC) == Some(4) {
            Use::Mask
        } else if kinds & 1 != 0 || self.directory.number(tag::OLD_SUBFILE_TYPE) == Some(2) {
            Use::Thumbnail
        } else {
            Use::Image
        }
    }

    /// Whether the file is a camera's, with the image itself in a directory below this one.
    pub fn is_camera_raw(&self) -> bool {
        let bytes = self.directory.fields.bytes;
        let hidden = self.purpose() == Use::Thumbnail && self.directory.has(tag::SUB_DIRECTORIES);
        hidden || self.directory.has(tag::DNG_VERSION) || bytes.get(8..10) == Some(b"CR") && bytes[0] == b'I'
    }

    pub fn description(&self) -> String {
        self.directory.text(tag::DESCRIPTION).unwrap_or_default()
    }

    /// Pixels along x and y in a unit of length, and that unit's name where the tag names one.
    pub fn resolution(&self) -> ([Option<f64>; 2], Option<&'static str>) {
        let unit = match self.directory.number(tag::RESOLUTION_UNIT) {
            Some(2) => Some("inch"),
            Some(3) => Some("cm"),
            _ => None,
        };
        let per_unit = [tag::X_RESOLUTION, tag::Y_RESOLUTION].map(|tag| self.directory.decimal(tag));
        (if self.is_turned() { [per_unit[1], per_unit[0]] } else { per_unit }, unit)
    }

    /// Slices that lie in the page behind each other (tag ImageDepth).
    pub fn depth(&self) -> u64 {
        self.directory.number(tag::IMAGE_DEPTH).unwrap_or(1)
    }

    /// What the page shows.
    ///
    /// # Errors
    ///
    /// Names the colours that hold no intensities.
    pub fn colours(&self) -> Result<Colours, DecodeError> {
        let unsupported = |what: &str| {
            Err(DecodeError::Unsupported(format!(
                "the TIFF holds {what}, from which no MR intensities can be read; export it as grey or RGB"
            )))
        };
        let converted = matches!(self.directory.number(tag::COMPRESSION), Some(7 | 50001));
        match self.directory.number(tag::PHOTOMETRIC) {
            Some(0) => Ok(Colours::Grey { inverted: true }),
            Some(1 | 4) => Ok(Colours::Grey { inverted: false }),
            Some(2) if self.samples >= 3 => Ok(Colours::Rgb),
            None if self.samples >= 3 => Ok(Colours::Rgb),
            None => Ok(Colours::Grey { inverted: false }),
            Some(2) => Err(damaged("it has fewer than three colours")),
            Some(3) => Ok(Colours::Palette),
            Some(6) if converted && self.samples >= 3 => Ok(Colours::Rgb),
            Some(5) => unsupported("CMYK printing colours"),
            Some(6) => unsupported("brightness and colour apart (YCbCr)"),
            Some(8..=10) => unsupported("Lab colours"),
            Some(32844 | 32845) => unsupported("brightness as logarithms (LogLuv)"),
            Some(32803 | 34892) => unsupported("the raw data of a camera"),
            Some(other) => unsupported(&format!("colours of an unknown kind ({other})")),
        }
    }

    /// How many planes of grey intensities the page has: further ones count unless they are said to be alpha, and a second
    /// one only if it is said to be none.
    pub fn bands(&self) -> usize {
        let extra = self.directory.numbers(tag::EXTRA_SAMPLES);
        match (self.colours(), extra) {
            (Ok(Colours::Grey { .. }), Some(extra)) => 1 + extra.iter().filter(|&&kind| kind == 0).count(),
            (Ok(Colours::Grey { .. }), None) if self.samples > 2 => self.samples,
            _ => 1,
        }
        .min(self.samples)
    }

    /// The kind of its numbers.
    ///
    /// # Errors
    ///
    /// If they are of a kind that is not read, or of several.
    pub fn layout(&self) -> Result<Layout, DecodeError> {
        let unsupported = |what: String| {
            DecodeError::Unsupported(format!(
                "the TIFF holds {what}, which are not read; save it as 16-bit or 32-bit numbers"
            ))
        };
        let alike = |tag, otherwise| {
            let numbers = self.directory.numbers(tag).filter(|numbers| !numbers.is_empty()).unwrap_or(vec![otherwise]);
            numbers.iter().all(|number| *number == numbers[0]).then_some(numbers[0])
        };
        let bits = alike(tag::BITS, 1).ok_or_else(|| unsupported("samples of several sizes".into()))?;
        let format = match alike(tag::SAMPLE_FORMAT, 1) {
            Some(1 | 4) => Format::Unsigned,
            Some(2) => Format::Signed,
            Some(3) => Format::Float,
            Some(5 | 6) => return Err(unsupported("complex numbers".into())),
            _ => return Err(unsupported("numbers of several or unknown kinds".into())),
        };
        let known = match format {
            Format::Float => matches!(bits, 16 | 32 | 64),
            Format::Unsigned => matches!(bits, 1..=32 | 64),
            Format::Signed => matches!(bits, 2..=32 | 64),
        };
        if known {
            Ok(Layout { bits: bits as usize, format })
        } else {
            Err(unsupported(format!("numbers of {bits} bit")))
        }
    }

    /// Bytes of the page's pixels without compression.
    fn stored_bytes(&self) -> Result<u64, DecodeError> {
        let row = u64::from(self.width) * self.samples as u64 * self.layout()?.bits as u64;
        Ok(row.div_ceil(8) * u64::from(self.height))
    }

    /// The colours of the palette, 16 bit each: all reds, greens, blues.
    pub fn palette(&self) -> Option<Vec<u16>> {
        let colours = self.directory.numbers(tag::COLOUR_MAP)?;
        // Some programs fill in 8 bit only; libtiff looks for that, too.
        let scale = if colours.iter().all(|&colour| colour < 256) { 257 } else { 1 };
        Some(colours.into_iter().map(|colour| (colour * scale) as u16).collect())
    }

    /// Whether rows of the file become columns (tag Orientation, 5 to 8).
    fn is_turned(&self) -> bool {
        matches!(self.directory.number(tag::ORIENTATION), Some(5..=8))
    }

    /// Its size as the page is shown.
    pub fn shown_size(&self) -> Size {
        let (width, height) = (self.width as usize, self.height as usize);
        if self.is_turned() { Size::new(height, width) } else { Size::new(width, height) }
    }

    /// The first planes of the page, as it is to be shown, or of the page that lies `further` pages behind it without a
    /// directory of its own.
    ///
    /// # Errors
    ///
    /// If the page is too large, of a kind that is not read, or damaged.
    pub fn planes(&self, wanted: usize, further: u64) -> Result<Vec<Numbers>, DecodeError> {
        check_sides(self.width, self.height)?;
        let layout = self.layout()?;
        let stored = self.stored_bytes()?;
        let largest = layout.bits.max(8) as u64 / 8 * self.samples as u64 * self.pixels();
        if largest > MEMORY || layout.bits > 16 && self.width.max(self.height) > LONGEST_SLICE {
            return Err(DecodeError::TooLarge { width: self.width, height: self.height });
        }
        let plan = Plan::of(self, layout)?;
        let mut planes: Vec<Numbers> =
            (0..wanted.min(self.samples)).map(|_| layout.zeros(self.pixels() as usize)).collect();
        plan.fill(&mut planes, further * stored)?;
        let orientation = self.directory.number(tag::ORIENTATION).unwrap_or(1);
        let turned = |plane: Numbers| plane.oriented(self.width as usize, self.height as usize, orientation);
        Ok(planes.into_iter().map(turned).collect())
    }

    /// How many pages, as a fraction, lie behind each other from this one on; one if its parts lie apart.
    pub fn contiguous(&self) -> Result<f64, DecodeError> {
        check_sides(self.width, self.height)?;
        let stored = self.stored_bytes()?.max(1);
        let plan = Plan::of(self, self.layout()?)?;
        let first = plan.offsets.first().copied().unwrap_or(0);
        let mut end = first;
        let one_after_another = plan.offsets.iter().zip(&plan.lengths).all(|(&offset, &length)| {
            let follows = offset == end;
            end = offset.saturating_add(length);
            follows
        });
        let joined = one_after_another && plan.compression == Compression::None && plan.tile.is_none();
        let bytes = self.directory.fields.bytes.len() as u64;
        Ok(if joined { bytes.saturating_sub(first) as f64 / stored as f64 } else { 1.0 })
    }
}

/// Where the parts of a page, whose sides are checked, lie and how they are stored.
struct Plan<'a> {
    page: &'a Page<'a>,
    layout: Layout,
    compression: Compression,
    predictor: Predictor,
    planar: bool,
    /// Size of a tile, if the page has tiles.
    tile: Option<Size>,
    rows_per_strip: usize,
    offsets: Vec<u64>,
    lengths: Vec<u64>,
    jpeg_tables: Option<&'a [u8]>,
}

impl<'a> Plan<'a> {
    fn of(page: &'a Page<'a>, layout: Layout) -> Result<Self, DecodeError> {
        let directory = &page.directory;
        let compression = Compression::of(directory.number(tag::COMPRESSION).unwrap_or(1))?;
        if compression.is_picture() && (layout.bits, layout.format) != (8, Format::Unsigned) {
            return Err(DecodeError::Unsupported(format!(
                "the TIFF holds JPEG or WebP pictures of {} bit, which are not read; save it uncompressed",
                layout.bits
            )));
        }
        if compression == Compression::Group3 && directory.number(tag::T4_OPTIONS).unwrap_or(0) & 1 == 1 {
            return Err(DecodeError::Unsupported(
                "the TIFF is a fax of two-dimensional lines, which is not read; save it uncompressed".into(),
            ));
        }
        let predictor = match directory.number(tag::PREDICTOR).unwrap_or(1) {
            _ if !compression.takes_predictor() => Predictor::None,
            0 | 1 => Predictor::None,
            2 if matches!(layout.bits, 8 | 16 | 24 | 32 | 64) => Predictor::Differences,
            3 if layout.format == Format::Float => Predictor::Floating,
            other => return Err(damaged(&format!("predictor {other} does not go with its numbers"))),
        };
        let tiled = directory.has(tag::TILE_OFFSETS) || directory.has(tag::TILE_WIDTH);
        let side = |tag| directory.number(tag).filter(|side| (1..=u64::from(LONGEST_SIDE) * 2).contains(side));
        let tile = match (tiled, side(tag::TILE_WIDTH), side(tag::TILE_HEIGHT)) {
            (false, ..) => None,
            (true, Some(width), Some(height)) => Some(Size::new(width as usize, height as usize)),
            _ => return Err(damaged("its tiles have no usable size")),
        };
        let (offsets, lengths) = if tiled && directory.has(tag::TILE_OFFSETS) {
            (tag::TILE_OFFSETS, tag::TILE_LENGTHS)
        } else {
            (tag::STRIP_OFFSETS, tag::STRIP_LENGTHS)
        };
        let height = page.height as usize;
        let rows = directory.number(tag::ROWS_PER_STRIP).map_or(height, |rows| rows.min(height as u64) as usize);
        let offsets = directory.numbers(offsets).ok_or_else(|| damaged("it does not say where its pixels lie"))?;
        let mut plan = Self {
            page,
            layout,
            compression,
            predictor,
            planar: directory.number(tag::PLANAR) == Some(2) && page.samples > 1,
            tile,
            rows_per_strip: rows.max(1),
            lengths: Vec::new(),
            jpeg_tables: directory.bytes(tag::JPEG_TABLES),
            offsets,
        };
        plan.lengths =
            directory.numbers(lengths).filter(|lengths| lengths.len() >= plan.offsets.len()).unwrap_or_else(|| {
                let all = directory.fields.bytes.len() as u64;
                let length = |(chunk, &offset): (usize, &u64)| match compression {
                    Compression::None => plan.chunk_bytes(plan.chunk_rows(chunk)) as u64,
                    _ => all.saturating_sub(offset),
                };
                plan.offsets.iter().enumerate().map(length).collect()
            });
        Ok(plan)
    }

    fn chunk_width(&self) -> usize {
        self.tile.map_or(self.page.width as usize, |tile| tile.width)
    }

    /// Parts beside each other and below each other.
    fn chunks(&self) -> Size {
        let rows = self.tile.map_or(self.rows_per_strip, |tile| tile.height);
        Size::new((self.page.width as usize).div_ceil(self.chunk_width()), (self.page.height as usize).div_ceil(rows))
    }

    /// Rows that are stored of a part: the last strip may be shorter, tiles are whole.
    fn chunk_rows(&self, chunk: usize) -> usize {
        let down = self.chunks().height;
        let above = chunk % down.max(1) * self.rows_per_strip;
        self.tile.map_or(self.rows_per_strip.min((self.page.height as usize).saturating_sub(above)), |tile| tile.height)
    }

    /// Numbers of a pixel in one part.
    fn stride(&self) -> usize {
        if self.planar { 1 } else { self.page.samples }
    }

    fn row_bytes(&self) -> usize {
        (self.chunk_width() * self.stride() * self.layout.bits).div_ceil(8)
    }

    fn chunk_bytes(&self, rows: usize) -> usize {
        self.row_bytes() * rows
    }

    fn fill(&self, planes: &mut [Numbers], shift: u64) -> Result<(), DecodeError> {
        let Size { width: across, height: down } = self.chunks();
        let stored_planes = if self.planar { planes.len() } else { 1 };
        // Tiles may be larger than the page.
        let largest = self.row_bytes() as u64 * self.tile.map_or(self.rows_per_strip, |tile| tile.height) as u64;
        if largest > MEMORY {
            return Err(damaged("its tiles are much larger than its pages"));
        }
        if across * down * stored_planes > self.offsets.len() {
            return Err(damaged("some of its strips or tiles are missing"));
        }
        for chunk in 0..across * down * stored_planes {
            let (plane, at) = (chunk / (across * down), chunk % (across * down));
            let bytes = self.chunk(chunk, shift)?;
            let target = if self.planar { &mut planes[plane..=plane] } else { &mut *planes };
            self.place(bytes, Point::new(at % across, at / across), target);
        }
        Ok(())
    }

    /// The bytes of a part.
    fn chunk(&self, index: usize, shift: u64) -> Result<Vec<u8>, DecodeError> {
        let directory = &self.page.directory;
        let rows = self.chunk_rows(index);
        let length = self.chunk_bytes(rows);
        // Some programs write lengths wrongly. Of uncompressed parts it is known; of others as much is taken as there is,
        // since the codec notices what is missing.
        let offset = self.offsets[index].saturating_add(shift);
        let behind = (directory.fields.bytes.len() as u64).saturating_sub(offset);
        let stored = match self.compression {
            Compression::None => length as u64,
            _ => self.lengths[index].min(behind),
        };
        let data =
            directory.fields.range(offset, stored).ok_or_else(|| damaged("some of its pixels lie behind its end"))?;
        let chunk = Chunk {
            data,
            width_px: self.chunk_width(),
            rows,
            samples: self.stride(),
            length,
            jpeg_tables: self.jpeg_tables,
            keeps_colours: directory.number(tag::PHOTOMETRIC) != Some(6),
            low_bit_first: directory.number(tag::FILL_ORDER) == Some(2),
        };
        chunk.unpacked(self.compression)
    }

    /// Writes what is seen of a part to the planes.
    fn place(&self, mut bytes: Vec<u8>, at: Point<usize>, planes: &mut [Numbers]) {
        let (width, height) = (self.page.width as usize, self.page.height as usize);
        let left = at.x * self.chunk_width();
        let top = at.y * self.tile.map_or(self.rows_per_strip, |tile| tile.height);
        let (seen, stride) = (self.chunk_width().min(width - left), self.stride());
        let swapped = self.page.directory.fields.big_endian && !self.compression.is_picture();
        for (line, row) in bytes.chunks_exact_mut(self.row_bytes()).take(height - top).enumerate() {
            self.layout.restore(row, stride, self.predictor, swapped);
            for (sample, plane) in planes.iter_mut().enumerate() {
                self.layout.read(row, sample, stride, plane, (top + line) * width + left, seen);
            }
        }
    }
}
