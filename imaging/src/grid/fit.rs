//! Where a slice lies on the network's grid, and the way back.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::F32;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::imageops::{crop_imm, replace};
use image::{ImageBuffer, Luma};

use super::frame::Frame;
use super::middle::{corner_from_middle, middle_from_corner};
use super::point::Point;
use super::scale::click_scale;
use super::size::Size;

/// A field of numbers, row by row.
type Field = ImageBuffer<Luma<f32>, Vec<f32>>;

/// Place of a slice, or of a part of it, on the network's grid: scaled with its aspect ratio kept, centred, the rest padded.
///
/// The grid is no larger than the padding to a multiple needs, so a wide slice gives a wide grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The slice's own.
    source: Size,
    frame: Frame,
    /// Width and height of the frame.
    framed: (u32, u32),
    scaled: (u32, u32),
    offset: (u32, u32),
    network: (u32, u32),
}

impl Fit {
    /// The place of a `width × height` slice whose longer side becomes `longest_side`.
    ///
    /// # Panics
    ///
    /// If a number is zero or does not fit 32 bit.
    pub fn new(width: usize, height: usize, longest_side: usize, multiple: usize) -> Self {
        Self::framed(Frame::whole(width, height), Size { width, height }, longest_side, multiple)
    }

    /// The place of a part of a slice of some size; what is outside of it the network does not see.
    ///
    /// # Panics
    ///
    /// As [`Self::new`].
    pub fn framed(frame: Frame, source: Size, longest_side: usize, multiple: usize) -> Self {
        let Size { width, height } = frame.size();
        assert!(width.min(height).min(longest_side).min(multiple) > 0, "sizes are positive");
        let longest = width.max(height);
        let scale = |side: usize| ((side * longest_side + longest / 2) / longest).max(1);
        let pad = |side: usize| side.next_multiple_of(multiple);
        let pair = |x: usize, y: usize| {
            let side = |side: usize| u32::try_from(side).expect("a side fits 32 bit");
            (side(x), side(y))
        };
        let (sx, sy) = (scale(width), scale(height));
        let (nx, ny) = (pad(sx), pad(sy));
        Self {
            source,
            frame,
            framed: pair(width, height),
            scaled: pair(sx, sy),
            offset: pair((nx - sx) / 2, (ny - sy) / 2),
            network: pair(nx, ny),
        }
    }

    /// Size of the network's grid.
    pub fn network(&self) -> Size {
        Size { width: self.network.0 as usize, height: self.network.1 as usize }
    }

    /// The part of the slice that the network sees.
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// How large everything about a click is on the slice, see [`click_scale`].
    pub fn click_scale(&self) -> f32 {
        click_scale(self.framed.0 as usize, self.framed.1 as usize)
    }

    /// A place on the source grid, on the network's; whole numbers are the middles of pixels on either.
    pub fn network_point(&self, Point { x, y }: Point) -> Point {
        // Scaled are distances from the corner.
        let along = |at: f32, framed: u32, scaled: u32, offset: u32| {
            middle_from_corner(corner_from_middle(at) * scaled as f32 / framed as f32) + offset as f32
        };
        let origin = self.frame.origin();
        let (x, y) = (x - origin.x as f32, y - origin.y as f32);
        Point {
            x: along(x, self.framed.0, self.scaled.0, self.offset.0),
            y: along(y, self.framed.1, self.scaled.1, self.offset.1),
        }
    }

    /// A length on the source grid, on the network's, in pixels.
    pub fn network_length(&self, length: f32) -> f32 {
        length * self.scaled.0.max(self.scaled.1) as f32 / self.framed.0.max(self.framed.1) as f32
    }

    /// Numbers on the source grid, resampled onto the network's; `padding` fills what the slice does not cover.
    ///
    /// # Panics
    ///
    /// If `values` is not as long as the source has pixels.
    pub fn network_from_source(&self, values: &[f32], padding: f32) -> Vec<f32> {
        self.network_from_frame(self.frame.cut(values, self.source.width, padding), padding)
    }

    /// As [`Self::network_from_source`], of numbers on the frame's grid.
    pub(crate) fn network_from_frame(&self, values: Vec<f32>, padding: f32) -> Vec<f32> {
        if self.framed == self.network {
            return values;
        }
        let scaled = resample(field(values, self.framed), self.scaled);
        let mut network = Field::from_pixel(self.network.0, self.network.1, Luma([padding]));
        replace(&mut network, &scaled, self.offset.0.into(), self.offset.1.into());
        network.into_raw()
    }

    /// Numbers on the network's grid, resampled onto the source's, zero outside the frame: the inverse of
    /// [`Self::network_from_source`].
    ///
    /// # Panics
    ///
    /// If `values` is not as long as the network's grid has pixels.
    pub fn source_from_network(&self, values: Vec<f32>) -> Vec<f32> {
        let framed = if self.framed == self.network {
            values
        } else {
            let network = field(values, self.network);
            let scaled = crop_imm(&network, self.offset.0, self.offset.1, self.scaled.0, self.scaled.1).to_image();
            resample(scaled, self.framed).into_raw()
        };
        self.frame.put(&framed, self.source)
    }
}

fn field(values: Vec<f32>, (width, height): (u32, u32)) -> Field {
    Field::from_raw(width, height, values).expect("one number per pixel")
}

/// Linear interpolation, which averages where the field shrinks.
fn resample(field: Field, (width, height): (u32, u32)) -> Field {
    let (from_width, from_height) = field.dimensions();
    let pixels: Vec<F32> = field.into_raw().into_iter().map(F32::new).collect();
    let source = TypedImageRef::new(from_width, from_height, &pixels).expect("one number per pixel");
    let mut target = TypedImage::new(width, height);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize_typed(&source, &mut target, &options).expect("the whole field lies in the field");
    self::field(target.pixels().iter().map(|pixel| pixel.0).collect(), (width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_sets_own_size_is_left_alone() {
        let fit = Fit::new(256, 256, 256, 16);
        let values: Vec<f32> = (0..256 * 256).map(|v| v as f32).collect();
        assert_eq!(fit.network_from_source(&values, -1.0), values);
        assert_eq!(fit.source_from_network(values.clone()), values);
    }

    #[test]
    fn the_aspect_ratio_is_kept_and_sides_are_padded_to_the_multiple() {
        assert_eq!(Fit::new(512, 384, 256, 16).network(), Size::new(256, 192));
        assert_eq!(Fit::new(100, 300, 256, 16).network(), Size::new(96, 256));
        assert_eq!(Fit::new(4000, 16, 256, 16).network(), Size::new(256, 16));
    }

    #[test]
    fn a_plane_survives_the_way_there_and_back_off_square() {
        for (width, height) in [(512, 384), (100, 300), (131, 257), (640, 480)] {
            let fit = Fit::new(width, height, 256, 16);
            let plane = |x: f32, y: f32| 0.3 * x / width as f32 - 0.7 * y / height as f32;
            let values: Vec<f32> =
                (0..height).flat_map(|y| (0..width).map(move |x| plane(x as f32, y as f32))).collect();
            let back = fit.source_from_network(fit.network_from_source(&values, 9.0));
            assert_eq!(back.len(), values.len());
            let margin = 4;
            for y in margin..height - margin {
                for x in margin..width - margin {
                    let at = y * width + x;
                    assert!(
                        (back[at] - values[at]).abs() < 5e-3,
                        "{width}×{height} at {x},{y}: {} not {}",
                        back[at],
                        values[at]
                    );
                }
            }
        }
    }

    #[test]
    fn a_part_of_a_slice_lies_where_it_was_cut() {
        let frame = Frame::part(300..812, 100..612);
        let fit = Fit::framed(frame, Size::new(900, 700), 256, 16);
        assert_eq!((fit.network(), fit.click_scale(), fit.network_length(2.0)), (Size::new(256, 256), 2.0, 1.0));
        assert_eq!(fit.network_point(Point::new(300.5, 100.5)), Point::new(0.0, 0.0));
        let inside = |at: usize| (400..480).contains(&(at % 900)) && (200..300).contains(&(at / 900));
        let values: Vec<f32> = (0..900 * 700).map(|at| f32::from(u8::from(inside(at)))).collect();
        let network = fit.network_from_source(&values, 0.0);
        assert!((network[(125 - 50) * 256 + 70] - 1.0).abs() < 1e-6 && network[75 * 256 + 100] == 0.0);
        let back = fit.source_from_network(network);
        assert_eq!(back.len(), values.len());
        let differ = back.iter().zip(&values).filter(|(back, value)| (**back > 0.5) != (**value > 0.5)).count();
        assert!(differ < 40, "{differ} of {}", 80 * 100);
    }

    #[test]
    fn what_the_slice_does_not_cover_is_padding() {
        let fit = Fit::new(200, 100, 256, 32);
        let network = fit.network_from_source(&vec![1.0; 200 * 100], 0.0);
        assert_eq!(fit.network(), Size::new(256, 128));
        assert!(network.iter().all(|&v| v == 0.0 || (v - 1.0).abs() < 1e-6));
        assert_eq!(network.iter().filter(|&&v| v != 0.0).count(), 256 * 128);
        let fit = Fit::new(200, 90, 256, 32);
        let filled = fit.network_from_source(&vec![1.0; 200 * 90], 0.0).iter().filter(|&&v| v != 0.0).count();
        assert_eq!(filled, 256 * 115);
    }
}
