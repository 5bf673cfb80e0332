//! A plane's number and a mask's mark at a place between pixels, whose middles are whole numbers.

use imaging::Mask;

/// Linear interpolation; beyond its edge the image goes on as it ends.
pub fn bilinear(plane: &[f32], width: usize, height: usize, x: f32, y: f32) -> f32 {
    let (x, y) = (x.clamp(0.0, width as f32 - 1.0), y.clamp(0.0, height as f32 - 1.0));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let row = |y: usize| plane[y * width + left] * (1.0 - fx) + plane[y * width + right] * fx;
    row(top) * (1.0 - fy) + row(bottom) * fy
}

/// Whether the pixel nearest to a place is marked; none is beyond the edge.
pub fn nearest(label: &Mask, x: f32, y: f32) -> bool {
    x > -0.5 && y > -0.5 && label.contains((x + 0.5) as usize, (y + 0.5) as usize)
}
