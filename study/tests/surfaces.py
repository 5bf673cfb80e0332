"""Reads what the test `surfaces` left in target/surfaces/ with trimesh: STL, OBJ and GLB have to be watertight, turned outwards, of
the volume that the mask's voxels have, and where the phantom is.

`cargo xtask test` runs it.
"""

import json
import sys
from pathlib import Path

import numpy
import trimesh

# The phantom's tumour in tests/phantom: middle and half axes, in mm (LPS).
MIDDLE, AXES = numpy.array([12, -8, 5]), numpy.array([18, 11, 14])
# glTF is in metres, with +Y to the head and +Z to the front.
LPS_MM_FROM_GLTF = numpy.array([[1000, 0, 0, 0], [0, 0, -1000, 0], [0, 1000, 0, 0], [0, 0, 0, 1]])


def read(path):
    mesh = trimesh.load(path, force="mesh")
    if path.suffix == ".glb":
        mesh.apply_transform(LPS_MM_FROM_GLTF)
    return mesh


folders = sorted(Path(sys.argv[1]).iterdir())
assert len(folders) == 9, f"{len(folders)} surfaces: run `cargo test -p study` first"
for folder in folders:
    said = json.loads((folder / "said.json").read_text())
    volumes = {}
    for path in sorted(folder.glob("*.[sog][tbl][ljb]")):
        mesh = read(path)
        name = f"{folder.name}, {path.suffix}"
        assert mesh.is_watertight and mesh.is_winding_consistent and mesh.is_volume, f"{name}: not closed"
        assert len(mesh.faces) == said["triangles"], f"{name}: {len(mesh.faces)} triangles"
        off = mesh.volume / 1000 / said["volume_ml"] - 1
        assert abs(off) < 0.02, f"{name}: {100 * off:.2f} % off"
        volumes[path.suffix] = off
        if path.stem == "tumour" and said["volume_ml"] > 1 and not folder.name.startswith(("few", "lone")):
            # A slice is 5 mm thick at most.
            assert numpy.allclose(mesh.center_mass, MIDDLE, atol=0.5), f"{name}: at {mesh.center_mass}"
            assert numpy.allclose(mesh.extents / 2, AXES, atol=2.5), f"{name}: {mesh.extents}"
    assert set(volumes) == {".stl", ".obj", ".glb"}, volumes
    worst = max(volumes.values(), key=abs)
    print(f"{folder.name}: watertight in STL, OBJ and GLB, {100 * worst:+.2f} % off the mask's {said['volume_ml']:.2f} ml (trimesh)")
