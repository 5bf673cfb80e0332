//! The description in a TIFF file's first page into the order and spacing of its pages, as ImageJ, OME and tifffile write it.
//!
//! Sources: `ij/io/FileSaver.java` and `TiffDecoder.java` of ImageJ 1.54 for its keys; the OME model's `Pixels` element
//! (schema 2016-06), whose lengths are in µm unless said otherwise.

/// An axis that pages follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Channel,
    Slice,
    Time,
}

/// What a description says of the pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// How many pages there are, if it is said; they may lie behind each other without directories.
    pub pages: Option<usize>,
    /// The axes that the pages follow, the fastest first, with their lengths.
    pub order: [(Axis, usize); 3],
    /// Distances of pixels and slices in mm that the description itself names.
    pub spacing_mm: [Option<f64>; 3],
    /// Millimetres of the unit that the tags XResolution and YResolution count in.
    pub unit_mm: Option<f64>,
    /// Intensity of a stored zero and of a step, where numbers are calibrated.
    pub calibration: Option<[f64; 2]>,
    /// The lowest and highest number of the window that was on screen.
    pub window: Option<[f64; 2]>,
    /// Names of channels.
    pub channels: Vec<String>,
    /// Whether the palette is only how a program shows grey numbers.
    pub palette_is_display: bool,
}

impl Description {
    /// Nothing.
    fn none() -> Self {
        Self {
            pages: None,
            order: [(Axis::Channel, 1), (Axis::Slice, 1), (Axis::Time, 1)],
            spacing_mm: [None; 3],
            unit_mm: None,
            calibration: None,
            window: None,
            channels: Vec::new(),
            palette_is_display: false,
        }
    }

    /// What a text says; nothing for texts of other programs.
    pub fn of(text: &str) -> Self {
        if text.starts_with("ImageJ=") {
            imagej(text)
        } else if let Some(pixels) = element(text, "<Pixels") {
            ome(text, pixels)
        } else if text.starts_with('{') {
            tifffile(text)
        } else {
            Self::none()
        }
    }

    /// Where a page lies along an axis.
    pub fn place(&self, page: usize, axis: Axis) -> usize {
        let mut faster = 1usize;
        for (this, length) in self.order {
            if this == axis {
                return page / faster % length;
            }
            faster = faster.saturating_mul(length);
        }
        0
    }

    pub fn length(&self, axis: Axis) -> usize {
        self.order.iter().find(|(this, _)| *this == axis).map_or(1, |(_, length)| *length)
    }

    /// The same for a file of so many pages: an order that does not give them all is none, and times without slices are
    /// slices.
    pub fn for_pages(mut self, pages: usize) -> Self {
        let told = self.order.iter().try_fold(1usize, |product, (_, length)| product.checked_mul(*length));
        if told != Some(pages) {
            self.order = [(Axis::Slice, pages), (Axis::Channel, 1), (Axis::Time, 1)];
        }
        if self.length(Axis::Slice) == 1 {
            let swapped = |axis| match axis {
                Axis::Time => Axis::Slice,
                Axis::Slice => Axis::Time,
                Axis::Channel => Axis::Channel,
            };
            self.order = self.order.map(|(axis, length)| (swapped(axis), length));
        }
        self
    }
}

/// Millimetres of a unit of length; none for pixels and what else is no length.
fn millimetres(unit: &str) -> Option<f64> {
    Some(match unit.trim().to_lowercase().as_str() {
        "mm" | "millimeter" | "millimetre" | "millimeters" => 1.0,
        "cm" | "centimeter" | "centimetre" => 10.0,
        "m" | "meter" | "metre" => 1000.0,
        "inch" | "in" | "inches" => 25.4,
        "nm" | "nanometer" => 1e-6,
        "µm" | "μm" | "um" | "micron" | "microns" | "micrometer" | "\\u00b5m" | "&#181;m" | "&#xb5;m" => 1e-3,
        _ => return None,
    })
}

/// A unit that a tag or description names, in mm.
pub fn unit_mm(unit: Option<&str>) -> Option<f64> {
    unit.and_then(millimetres)
}

fn usable(length: f64) -> Option<f64> {
    Some(length.abs()).filter(|length| length.is_normal())
}

/// Lines of `key=value`.
fn imagej(text: &str) -> Description {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).map(str::trim);
    let count = |key: &str| value(key).and_then(|value| value.parse::<usize>().ok()).filter(|count| *count > 0);
    let decimal = |key: &str| value(key).and_then(|value| value.parse::<f64>().ok());
    let channels = count("channels").unwrap_or(1);
    let frames = count("frames").unwrap_or(1);
    let pages = count("images");
    let rest = pages.unwrap_or(1) / channels.saturating_mul(frames).max(1);
    let unit = millimetres(value("unit").unwrap_or_default());
    let step = decimal("spacing").and_then(usable).zip(unit).map(|(step, unit)| step * unit);
    let linear = decimal("c0").zip(decimal("c1")).filter(|_| value("cf") == Some("0"));
    Description {
        pages,
        order: [(Axis::Channel, channels), (Axis::Slice, count("slices").unwrap_or(rest.max(1))), (Axis::Time, frames)],
        spacing_mm: [None, None, step],
        unit_mm: unit,
        calibration: linear.filter(|(a, b)| a.is_finite() && b.is_normal()).map(|(zero, step)| [zero, step]),
        window: decimal("min").zip(decimal("max")).filter(|(low, high)| low < high).map(|(low, high)| [low, high]),
        palette_is_display: true,
        ..Description::none()
    }
}

/// The attributes of the first element that begins so.
fn element<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let at = text.find(start)?;
    let rest = &text[at + start.len()..];
    Some(&rest[..rest.find('>').unwrap_or(rest.len())])
}

/// The value of an attribute.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.match_indices(name).find_map(|(at, _)| {
        let begins = element[..at].ends_with(|before: char| before.is_ascii_whitespace());
        let rest = element[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| begins && matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

fn ome(text: &str, pixels: &str) -> Description {
    let count = |name| attribute(pixels, name).and_then(|value| value.parse::<usize>().ok()).filter(|count| *count > 0);
    let length = |name: &str| {
        let length = attribute(pixels, name)?.parse::<f64>().ok().and_then(usable)?;
        let unit = attribute(pixels, &format!("{name}Unit"));
        Some(length * unit.map_or(Some(1e-3), millimetres)?)
    };
    let channels: Vec<&str> =
        text.match_indices("<Channel").filter_map(|(at, start)| element(&text[at..], start)).collect();
    // A channel of a coloured page counts for each of its colours.
    let samples = channels.iter().filter_map(|channel| attribute(channel, "SamplesPerPixel")?.parse::<usize>().ok());
    let colours = samples.max().unwrap_or(1).max(1);
    let axis = |letter| match letter {
        'C' => Some((Axis::Channel, count("SizeC").unwrap_or(1).div_ceil(colours))),
        'Z' => Some((Axis::Slice, count("SizeZ").unwrap_or(1))),
        'T' => Some((Axis::Time, count("SizeT").unwrap_or(1))),
        _ => None,
    };
    let order: Vec<_> = attribute(pixels, "DimensionOrder").unwrap_or("XYZCT").chars().filter_map(axis).collect();
    let names = channels.iter().filter_map(|channel| attribute(channel, "Name")).map(str::to_owned);
    Description {
        order: order.try_into().unwrap_or(Description::none().order),
        spacing_mm: ["PhysicalSizeX", "PhysicalSizeY", "PhysicalSizeZ"].map(length),
        channels: names.collect(),
        ..Description::none()
    }
}

/// The shape in the JSON of tifffile, which may leave out the directories of all pages but the first.
fn tifffile(text: &str) -> Description {
    let sides = text.split_once("\"shape\"").and_then(|(_, rest)| rest.split_once('[')?.1.split_once(']'));
    let Some((sides, _)) = sides.filter(|_| text.contains("\"truncated\": true")) else { return Description::none() };
    let sides: Option<Vec<usize>> = sides.split(',').map(|side| side.trim().parse().ok()).collect();
    let sides = sides.unwrap_or_default();
    // Colours last or first are not told apart: only plain stacks are counted.
    let pages = match sides[..] {
        [ref pages @ .., _, _] => pages.iter().try_fold(1usize, |product, &side| product.checked_mul(side)),
        _ => None,
    };
    Description { pages, ..Description::none() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyperstack_counts_channels_first() {
        let told =
            Description::of("ImageJ=1.54f\nimages=12\nchannels=3\nslices=4\nhyperstack=true\nunit=mm\nspacing=-5.5\n");
        let told = told.for_pages(12);
        assert_eq!((told.place(7, Axis::Channel), told.place(7, Axis::Slice), told.place(7, Axis::Time)), (1, 2, 0));
        assert_eq!((told.pages, told.spacing_mm[2], told.unit_mm), (Some(12), Some(5.5), Some(1.0)));
    }

    #[test]
    fn times_without_slices_are_slices() {
        let told = Description::of("ImageJ=1.54f\nimages=24\nframes=24\nmin=0.0\nmax=900\nc0=-32768\nc1=1\ncf=0\n")
            .for_pages(24);
        assert_eq!((told.length(Axis::Slice), told.length(Axis::Time)), (24, 1));
        assert_eq!((told.window, told.calibration), (Some([0.0, 900.0]), Some([-32768.0, 1.0])));
    }

    #[test]
    fn ome_names_units_and_order() {
        let text = "<OME><Image><Pixels ID=\"P\" DimensionOrder=\"XYZCT\" SizeC=\"2\" SizeZ='3' SizeT=\"1\" PhysicalSizeX=\"900\" \
                    PhysicalSizeY=\"0.9\" PhysicalSizeYUnit=\"mm\" PhysicalSizeZ=\"5\" PhysicalSizeZUnit=\"pixel\">\
                    <Channel ID=\"C0\" Name=\"T1\"/><Channel ID=\"C1\" Name=\"FLAIR\"/></Pixels></Image></OME>";
        let told = Description::of(text).for_pages(6);
        assert_eq!((told.place(4, Axis::Channel), told.place(4, Axis::Slice)), (1, 1));
        assert_eq!(
            (told.spacing_mm, &told.channels[..]),
            ([Some(0.9), Some(0.9), None], &["T1".into(), "FLAIR".into()][..])
        );
    }

    #[test]
    fn an_order_that_does_not_give_all_pages_is_none() {
        let told = Description::of("ImageJ=1.5\nimages=12\nchannels=5\n").for_pages(12);
        assert_eq!((told.length(Axis::Slice), told.length(Axis::Channel)), (12, 1));
        let hostile = Description::of(&format!("ImageJ=1\nchannels={0}\nslices={0}\nframes={0}", usize::MAX));
        assert_eq!(hostile.for_pages(2).length(Axis::Slice), 2);
        assert_eq!(Description::of("{\"shape\": [24, 5, 6], \"truncated\": true}").pages, Some(24));
        assert_eq!(Description::of("<Pixels").for_pages(1).length(Axis::Slice), 1);
    }
}
