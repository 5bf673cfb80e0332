//! The view in three dimensions: a script beside the page that draws with WebGL2, loaded when it is asked for.

use imaging::middle_from_corner;
use js_sys::{Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::documents::oblique::{VoxelMotion, place};

#[wasm_bindgen]
extern "C" {
    /// `public/space.js`, as its own program.
    #[wasm_bindgen(js_name = loadSpace, catch)]
    async fn load_space() -> Result<JsValue, JsValue>;

    type Program;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Program, canvas: &HtmlCanvasElement) -> Result<Space, JsValue>;

    /// A view on a canvas.
    pub type Space;
    /// Shows a surface: corners as x, y and z in millimetres, and three corners for each triangle.
    #[wasm_bindgen(method)]
    pub fn surface(
        this: &Space,
        name: &str,
        positions: &Float32Array,
        corners: &Uint32Array,
        colour: &str,
        opacity: f64,
    );
    #[wasm_bindgen(method)]
    fn plane(this: &Space, name: &str, picture: &HtmlCanvasElement, corner: &[f64], along: &[f64], down: &[f64]);
    /// Takes a surface or a plane away.
    #[wasm_bindgen(method)]
    pub fn remove(this: &Space, name: &str);
    /// Turns what is seen by a movement in CSS pixels.
    #[wasm_bindgen(method)]
    pub fn turn(this: &Space, dx: f64, dy: f64);
    /// Enlarges what is seen.
    #[wasm_bindgen(method)]
    pub fn zoom(this: &Space, factor: f64);
    /// Lets it turn by itself, or no more.
    #[wasm_bindgen(method)]
    pub fn spin(this: &Space, spins: bool);
    /// Ends the view.
    #[wasm_bindgen(method)]
    pub fn close(this: &Space);
}

/// Loads the script and opens a view on a canvas.
///
/// # Errors
///
/// What the browser says where the script cannot be fetched or it has no WebGL2.
pub async fn open(canvas: HtmlCanvasElement) -> Result<Space, String> {
    let said =
        |error: JsValue| error.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(error).to_string()));
    load_space().await.and_then(|program| program.unchecked_into::<Program>().open(&canvas)).map_err(said)
}

/// A slice or a cut of a study, where it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plane {
    /// A slice, by its number.
    Axial(usize),
    /// A cut from the side, by its column.
    Sagittal(usize),
    /// A cut from the front, by its row.
    Coronal(usize),
}

impl Plane {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Axial(_) => "axial",
            Self::Sagittal(_) => "sagittal",
            Self::Coronal(_) => "coronal",
        }
    }

    /// Where the first corner of its first pixel lies in a grid of a size, and its edges along a row and down a column, in
    /// millimetres; cuts have the highest slice on top.
    fn place(self, [width, height, depth]: [usize; 3], grid: &VoxelMotion) -> [[f64; 3]; 3] {
        let [wide, deep, high] = [width, height, depth].map(|length| length as f64);
        let (first, top) = (middle_from_corner(0.0), middle_from_corner(high));
        let (corner, along, down) = match self {
            Self::Axial(at) => ([first, first, at as f64], [wide, 0.0, 0.0], [0.0, deep, 0.0]),
            Self::Sagittal(at) => ([at as f64, first, top], [0.0, deep, 0.0], [0.0, 0.0, -high]),
            Self::Coronal(at) => ([first, at as f64, top], [wide, 0.0, 0.0], [0.0, 0.0, -high]),
        };
        let from = place(grid, corner);
        let edge = |way: [f64; 3]| {
            let to = place(grid, std::array::from_fn(|axis| corner[axis] + way[axis]));
            std::array::from_fn(|axis| to[axis] - from[axis])
        };
        [from, edge(along), edge(down)]
    }
}

impl Space {
    /// Shows a picture of a plane of a grid.
    pub fn show(&self, plane: Plane, picture: &HtmlCanvasElement, size: [usize; 3], grid: &VoxelMotion) {
        let [corner, along, down] = plane.place(size, grid);
        self.plane(plane.name(), picture, &corner, &along, &down);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_cross_where_their_voxel_lies() {
        let size = [10, 20, 4];
        // Leaning a little, away from the origin.
        let grid: VoxelMotion = [1.0, 0.0, 0.5, -7.0, 0.0, 2.0, 0.0, 3.0, 0.0, 0.1, 5.0, 11.0];
        // The middle of voxel (3, 6, 2).
        let voxel = [3.0 + 1.0 - 7.0, 12.0 + 3.0, 0.6 + 10.0 + 11.0];
        for (plane, across, down) in [
            (Plane::Axial(2), 3.5 / 10.0, 6.5 / 20.0),
            (Plane::Sagittal(3), 6.5 / 20.0, 1.5 / 4.0),
            (Plane::Coronal(6), 3.5 / 10.0, 1.5 / 4.0),
        ] {
            let [corner, along, edge] = plane.place(size, &grid);
            let at: [f64; 3] = std::array::from_fn(|axis| corner[axis] + across * along[axis] + down * edge[axis]);
            assert!(at.iter().zip(voxel).all(|(a, b)| (a - b).abs() < 1e-9), "{plane:?}: {at:?}");
        }
    }
}
