//! Pixels on a canvas: slices as grey levels, masks as fill and outline, probabilities as a heat map.

use imaging::{Contour, Mask, ProbabilityMap, Size, contour};
use js_sys::Array;
use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CanvasWindingRule, HtmlCanvasElement, ImageData, ResizeObserver};

use super::projection::CanvasFromSlice;
use super::theme::LABEL;
use super::{Overlay, Sequences, theme};
use crate::documents::picture::{self, Levels, Picture};

/// Enlargement from which an image's pixels are shown as squares.
const SQUARES_FROM: f64 = 12.0;

/// How a mask is drawn.
#[derive(Clone, Copy, Debug)]
pub struct MaskStyle {
    /// Filled and outlined, outlined, over its probabilities, or not at all.
    pub overlay: Overlay,
    /// Its colour.
    pub colour: [u8; 3],
    /// Opacity of the fill, 0..=1.
    pub opacity: f32,
    /// Width of the outline, in pixels of the surface.
    pub line: f64,
}

/// A surface to draw on.
pub struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Canvas {
    /// The drawing surface of an element.
    pub fn of(element: HtmlCanvasElement) -> Self {
        let context = element.get_context("2d").ok().flatten().expect("every browser draws in two dimensions");
        Self { element, context: context.unchecked_into() }
    }

    /// A surface that is not on the page.
    pub fn detached(width: usize, height: usize) -> Self {
        let document = web_sys::window().and_then(|window| window.document()).expect("the page has a document");
        let element = document.create_element("canvas").expect("the name of the element is valid");
        let canvas = Self::of(element.unchecked_into());
        canvas.resize(width, height);
        canvas
    }

    /// The browser's drawing functions.
    pub fn context(&self) -> &CanvasRenderingContext2d {
        &self.context
    }

    /// Its element.
    pub fn element(&self) -> &HtmlCanvasElement {
        &self.element
    }

    /// Its width and height in pixels.
    pub fn size(&self) -> [usize; 2] {
        [self.element.width() as usize, self.element.height() as usize]
    }

    /// Red, green, blue and opacity of all pixels, row by row.
    pub fn rgba(&self) -> Vec<u8> {
        let [width, height] = self.size().map(|side| side as f64);
        let pixels = self.context.get_image_data(0.0, 0.0, width, height).expect("the surface is the page's own");
        pixels.data().0
    }

    /// Sets the size in pixels of the surface, which clears it if it changes.
    pub fn resize(&self, width: usize, height: usize) {
        if (self.element.width(), self.element.height()) != (width as u32, height as u32) {
            self.element.set_width(width as u32);
            self.element.set_height(height as u32);
        }
    }

    /// Gives the surface as many pixels as its element has on this screen; their numbers, and how many make one of CSS.
    pub fn fit(&self) -> (f64, f64, f64) {
        let density = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let side = |length: i32| f64::from(length) * density;
        let (width, height) = (side(self.element.client_width()), side(self.element.client_height()));
        self.resize(width as usize, height as usize);
        (width, height, density)
    }

    /// Fills the surface with one colour.
    pub fn clear(&self, colour: &str) {
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(0.0, 0.0, self.element.width().into(), self.element.height().into());
    }

    /// Copies a mask or a map onto a place on this surface: every pixel of it stays a square.
    pub fn stamp(&self, other: &Self, place: CanvasFromSlice) {
        self.copy(other, place, place.scale < 1.0 || place.aspect != 1.0);
    }

    /// Copies an image onto a place on this surface, interpolated until its pixels are looked at one by one.
    pub fn stamp_image(&self, other: &Self, place: CanvasFromSlice) {
        self.copy(other, place, place.scale < SQUARES_FROM);
    }

    /// Copies an image over what is there, as [`Self::stamp_image`], with an opacity of 0..=1.
    pub fn fade_in(&self, other: &Self, place: CanvasFromSlice, opacity: f32) {
        self.context.set_global_alpha(opacity.into());
        self.stamp_image(other, place);
        self.context.set_global_alpha(1.0);
    }

    fn copy(&self, other: &Self, place: CanvasFromSlice, smooth: bool) {
        self.context.set_image_smoothing_enabled(smooth);
        let (width, height) = (f64::from(other.element.width()), f64::from(other.element.height()));
        let (width, height) = (width * place.scale, height * place.scale * place.aspect);
        self.context
            .draw_image_with_html_canvas_element_and_dw_and_dh(&other.element, place.x, place.y, width, height)
            .expect("a canvas can be drawn on another");
    }

    /// Draws the outline of a mask that follows from no probabilities, as [`Self::trace_contour`].
    pub fn trace(&self, mask: &Mask, place: CanvasFromSlice, colour: [u8; 3], width: f64) {
        self.trace_contour(&contour(mask, None), place, colour, width);
    }

    /// Draws the outline of a mask; that of a label is dashed, so that it is told apart without its colour. No line goes around
    /// specks, and they count all the same: they are filled.
    pub fn trace_contour(&self, contour: &Contour, place: CanvasFromSlice, colour: [u8; 3], width: f64) {
        self.context.set_stroke_style_str(&theme::css(colour));
        self.context.set_line_width(width);
        self.context.set_line_join("round");
        let dashes = [3.0 * width, 2.5 * width];
        self.dash(if colour == LABEL { &dashes } else { &[] });
        self.go_along(contour, place);
        self.context.stroke();
        self.dash(&[]);
        self.fill_specks(contour, place, colour);
    }

    /// Draws a mask in a style; nothing where its overlay is off.
    pub fn draw_mask(&self, contour: &Contour, place: CanvasFromSlice, style: MaskStyle) {
        match style.overlay {
            Overlay::None => return,
            Overlay::Mask => self.fill_contour(contour, place, style.colour, style.opacity),
            Overlay::Outline | Overlay::Heat => {}
        }
        // Over the probabilities too, so that the threshold is seen there.
        self.trace_contour(contour, place, style.colour, style.line);
    }

    /// Fills what the outline of a mask goes around.
    fn fill_contour(&self, contour: &Contour, place: CanvasFromSlice, colour: [u8; 3], opacity: f32) {
        self.context.set_fill_style_str(&theme::css(colour));
        self.context.set_global_alpha(opacity.into());
        self.go_along(contour, place);
        self.context.fill_with_canvas_winding_rule(CanvasWindingRule::Evenodd);
        self.context.set_global_alpha(1.0);
    }

    /// Fills the specks of a mask pixel by pixel.
    fn fill_specks(&self, contour: &Contour, place: CanvasFromSlice, colour: [u8; 3]) {
        self.context.set_fill_style_str(&theme::css(colour));
        for at in &contour.specks {
            let (x, y) = place.canvas_corner((at.x as f64, at.y as f64));
            self.context.fill_rect(x, y, place.scale, place.scale * place.aspect);
        }
    }

    fn go_along(&self, contour: &Contour, place: CanvasFromSlice) {
        self.context.begin_path();
        for line in &contour.lines {
            for (at, point) in line.iter().enumerate() {
                let (x, y) = place.canvas_point((point.x, point.y));
                if at == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
            }
            self.context.close_path();
        }
    }

    fn dash(&self, lengths_px: &[f64]) {
        let lengths: Array = lengths_px.iter().map(|&length| JsValue::from_f64(length)).collect();
        self.context.set_line_dash(&lengths).expect("lengths are positive numbers");
    }

    /// Writes a line of text, its base line at `y`.
    pub fn write(&self, text: &str, x: f64, y: f64, colour: &str, size: u32) {
        self.context.set_fill_style_str(colour);
        self.context.set_font(&format!("{size}px system-ui, sans-serif"));
        self.context.fill_text(text, x, y).expect("text can be drawn");
    }

    /// The surface as a picture that an address holds.
    pub fn address(&self) -> String {
        self.element.to_data_url().expect("the canvas holds only the user's own pixels")
    }

    fn put(&self, rgba: &[u8], width: usize) {
        let data = ImageData::new_with_u8_clamped_array(Clamped(rgba), width as u32);
        let put = data.and_then(|data| self.context.put_image_data(&data, 0.0, 0.0));
        put.expect("the pixels fill whole rows");
    }
}

/// A canvas in a signal: the page has one thread, and signals ask for more than that.
pub type SendCanvas = SendWrapper<Canvas>;

/// Keeps the size of a canvas on screen, in CSS pixels; zero while it is not shown.
pub fn keep_size(surface: NodeRef<html::Canvas>, size: RwSignal<(f64, f64)>) {
    Effect::new(move |_| {
        let Some(element) = surface.get() else { return };
        let observed = element.clone();
        let resized = Closure::<dyn FnMut()>::new(move || {
            let bounds = observed.get_bounding_client_rect();
            size.set((bounds.width(), bounds.height()));
        });
        let observer =
            ResizeObserver::new(resized.as_ref().unchecked_ref()).expect("browsers with WebAssembly have it");
        observer.observe(&element);
        resized.forget();
    });
}

/// The slice as a picture, its sequences at some levels.
pub fn slice(picture: &Picture, sequences: Sequences, levels: [Levels; 3]) -> Canvas {
    let Size { width, height } = picture.size();
    match sequences {
        Sequences::One(index) => grey(picture.plane(index), width, height, levels[index]),
        Sequences::Composite => {
            let tables = levels.map(picture::table);
            let mut rgba = vec![255; 4 * width * height];
            for (channel, table) in tables.iter().enumerate() {
                let pixels = rgba.chunks_exact_mut(4).zip(picture.plane(channel));
                pixels.for_each(|(pixel, &number)| pixel[channel] = table[usize::from(number)]);
            }
            painted(rgba, width, height)
        }
    }
}

/// Numbers as grey levels.
pub fn grey(numbers: &[u16], width: usize, height: usize, levels: Levels) -> Canvas {
    let table = picture::table(levels);
    let mut rgba = vec![255; 4 * width * height];
    for (pixel, &number) in rgba.chunks_exact_mut(4).zip(numbers) {
        pixel[..3].fill(table[usize::from(number)]);
    }
    painted(rgba, width, height)
}

/// A mask in one colour, transparent elsewhere.
pub fn fill(mask: &Mask, colour: [u8; 3], opacity: f32) -> Canvas {
    let [r, g, b] = colour;
    let alpha = (opacity * 255.0) as u8;
    let rgba = mask.pixels().iter().flat_map(|&marked| [r, g, b, if marked { alpha } else { 0 }]).collect();
    painted(rgba, mask.width(), mask.height())
}

/// Probabilities from transparent through violet and orange to yellow.
pub fn heat(map: &ProbabilityMap, opacity: f32) -> Canvas {
    let rgba = map.values().iter().flat_map(|&probability| {
        let [r, g, b] = theme::heat(probability);
        // Unlikely pixels fade out, so that the image stays readable.
        let alpha = (probability * 4.0).min(1.0) * (0.35 + 0.65 * opacity);
        [r, g, b, (alpha * 255.0) as u8]
    });
    painted(rgba.collect(), map.width(), map.height())
}

fn painted(rgba: Vec<u8>, width: usize, height: usize) -> Canvas {
    let canvas = Canvas::detached(width, height);
    canvas.put(&rgba, width);
    canvas
}
