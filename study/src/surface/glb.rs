//! Surfaces into a binary glTF file.
//!
//! # Source
//!
//! glTF 2.0, ISO/IEC 12113:2022.

use serde_json::{Value, json};

use super::Solid;

/// Kinds of numbers and of buffers (sections 3.6.2.2 and 3.6.2.1).
const FLOAT: u32 = 5126;
const UNSIGNED_INT: u32 = 5125;
const ARRAY_BUFFER: u32 = 34962;
const ELEMENT_ARRAY_BUFFER: u32 = 34963;
/// From mm in LPS to metres with +Y to the head and +Z to the front, column by column (section 3.4).
const METRES_FROM_LPS_MM: [f64; 16] =
    [0.001, 0.0, 0.0, 0.0, 0.0, 0.0, -0.001, 0.0, 0.0, 0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];

/// The surfaces as a binary glTF file. Numbers are mm in LPS; the scene's one root turns them into glTF's metres and axes.
pub fn write_glb(solids: &[Solid<'_>]) -> Vec<u8> {
    let mut parts = Parts::default();
    let solids: Vec<Solid<'_>> = solids.iter().filter(|solid| !solid.surface.triangles.is_empty()).copied().collect();
    let mut meshes = Vec::new();
    let mut materials = Vec::new();
    for (at, Solid { name, surface, colour }) in solids.iter().enumerate() {
        let positions = parts.vectors(&surface.positions_mm, true);
        let normals = parts.vectors(&surface.normals(), false);
        let indices = parts.indices(surface.triangles.as_flattened());
        let primitive = json!({
            "attributes": { "POSITION": positions, "NORMAL": normals }, "indices": indices, "material": at,
        });
        meshes.push(json!({ "name": name, "primitives": [primitive] }));
        materials.push(json!({
            "name": name,
            "alphaMode": if colour[3] < 1.0 { "BLEND" } else { "OPAQUE" },
            "doubleSided": colour[3] < 1.0,
            "pbrMetallicRoughness": { "baseColorFactor": colour, "metallicFactor": 0.0, "roughnessFactor": 0.6 },
        }));
    }
    let children: Vec<usize> = (1..=solids.len()).collect();
    let mut root = json!({ "name": "head, in mm", "matrix": METRES_FROM_LPS_MM });
    if !children.is_empty() {
        root["children"] = json!(children);
    }
    let nodes = solids.iter().enumerate().map(|(at, solid)| json!({ "name": solid.name, "mesh": at }));
    let nodes: Vec<Value> = [root].into_iter().chain(nodes).collect();
    let mut scene = json!({
        "asset": { "version": "2.0", "generator": "Gliolens" },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": nodes,
    });
    // Lists that are there are not empty.
    if !solids.is_empty() {
        scene["meshes"] = json!(meshes);
        scene["materials"] = json!(materials);
        scene["accessors"] = json!(parts.accessors);
        scene["bufferViews"] = json!(parts.views);
        scene["buffers"] = json!([{ "byteLength": parts.bytes.len() }]);
    }
    packed(scene.to_string().into_bytes(), parts.bytes)
}

/// The buffer, and what says where in it everything is.
#[derive(Default)]
struct Parts {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Parts {
    fn vectors(&mut self, vectors: &[[f32; 3]], with_limits: bool) -> usize {
        let mut accessor = json!({ "componentType": FLOAT, "count": vectors.len(), "type": "VEC3" });
        if with_limits {
            let limit = |of: fn(f32, f32) -> f32| {
                vectors.iter().copied().reduce(|a, b| std::array::from_fn(|axis| of(a[axis], b[axis])))
            };
            accessor["min"] = json!(limit(f32::min));
            accessor["max"] = json!(limit(f32::max));
        }
        self.add(vectors.iter().flatten().flat_map(|v| v.to_le_bytes()).collect(), ARRAY_BUFFER, accessor)
    }

    fn indices(&mut self, indices: &[u32]) -> usize {
        let accessor = json!({ "componentType": UNSIGNED_INT, "count": indices.len(), "type": "SCALAR" });
        self.add(indices.iter().flat_map(|v| v.to_le_bytes()).collect(), ELEMENT_ARRAY_BUFFER, accessor)
    }

    /// Adds numbers of four bytes, so that all begin at a multiple of four.
    fn add(&mut self, bytes: Vec<u8>, target: u32, mut accessor: Value) -> usize {
        let view = json!({ "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": bytes.len(), "target": target });
        accessor["bufferView"] = json!(self.views.len());
        self.views.push(view);
        self.bytes.extend(bytes);
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }
}

/// Header and chunks (section 4.4).
fn packed(mut scene: Vec<u8>, bytes: Vec<u8>) -> Vec<u8> {
    scene.resize(scene.len().next_multiple_of(4), b' ');
    let mut chunks = Vec::new();
    for (kind, chunk) in [(b"JSON", &scene), (b"BIN\0", &bytes)] {
        if !chunk.is_empty() {
            chunks.extend((chunk.len() as u32).to_le_bytes());
            chunks.extend(kind);
            chunks.extend(chunk);
        }
    }
    let length = (12 + chunks.len()) as u32;
    [b"glTF".as_slice(), &2u32.to_le_bytes(), &length.to_le_bytes(), &chunks].concat()
}
