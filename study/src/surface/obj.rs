//! Surfaces into a Wavefront OBJ file.

use std::fmt::Write;

use super::Solid;

/// The surfaces as a Wavefront OBJ file in mm, an object each. `SPACE=LPS` in its first line is what 3D Slicer reads.
pub fn write_obj(solids: &[Solid<'_>]) -> String {
    let is_placed = solids.iter().all(|solid| solid.surface.is_placed);
    let space = if is_placed { "SPACE=LPS" } else { "SPACE=UNKNOWN" };
    let mut text = format!("# {space} UNIT=mm Gliolens\n");
    // Corners are counted from 1, through all objects.
    let mut first = 1;
    for Solid { name, surface, .. } in solids {
        let name: String =
            name.chars().map(|character| if character.is_whitespace() { '_' } else { character }).collect();
        let mut say = |line: std::fmt::Arguments<'_>| text.write_fmt(line).expect("a string takes all that is written");
        say(format_args!("o {name}\n"));
        for [x, y, z] in &surface.positions_mm {
            say(format_args!("v {x:.5} {y:.5} {z:.5}\n"));
        }
        for triangle in &surface.triangles {
            let [a, b, c] = triangle.map(|at| at + first);
            say(format_args!("f {a} {b} {c}\n"));
        }
        first += surface.positions_mm.len() as u32;
    }
    text
}
