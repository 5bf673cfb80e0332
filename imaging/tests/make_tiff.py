"""Writes the TIFF files of imaging/tests/fixtures: small pages of known numbers in every form, by programs that are not ours.

    python3 -m venv venv && venv/bin/pip install tifffile imagecodecs numpy pillow && venv/bin/python make_tiff.py

The numbers follow formulas of page, row and column that tiff.rs repeats.
"""

from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

HERE = Path(__file__).parent / "fixtures"
ROWS, COLUMNS = 16, 20


def pages(count, kind):
    p, y, x = np.mgrid[0:count, 0:ROWS, 0:COLUMNS]
    small = (p * 40 + y * 7 + x * 5) % 256
    large = p * 1000 + y * 613 + x * 97
    values = {
        "u1": small,
        "i1": small - 128,
        "u2": large,
        "i2": large - 5000,
        "u4": large * 60000,
        "i4": (large - 5000) * 60000,
        "u8": large * 60000,
        "i8": (large - 5000) * 60000,
        "f2": small / 4,
        "f4": (large - 5000) / 8,
        "f8": (large - 5000) / 8,  # Eighths are exact.
    }
    return values[kind].astype(kind)


def colours(kind="u1", count=1):
    grey = pages(count, kind).astype(int)
    scale = 1 if kind == "u1" else 257
    return np.stack([(grey + band * 60 * scale) % (256 * scale) for band in range(3)], -1).astype(kind)


def write(name, data, **options):
    data = data[0] if len(data) == 1 else data
    metadata = options.pop("metadata", None)
    tifffile.imwrite(HERE / f"{name}.tif", data, metadata=metadata, software=False, **options)


write("big_little_u16", pages(1, "u2"), bigtiff=True)
write("big_big_i16", pages(1, "i2"), bigtiff=True, byteorder=">")
write("zstd_predictor_u16", pages(1, "u2"), compression="zstd", predictor=True)
write("zstd_i16", pages(1, "i2"), compression="zstd")
write("lzw_predictor_big_u16", pages(1, "u2"), compression="lzw", predictor=True, byteorder=">")
write("lzw_strips_u8", pages(1, "u1"), compression="lzw", rowsperstrip=3)
write("deflate_i8", pages(1, "i1"), compression="zlib")
write("deflate_predictor_big_u32", pages(1, "u4"), compression="zlib", predictor=True, byteorder=">")
write("packbits_u8", pages(1, "u1"), compression="packbits")
write("i32", pages(1, "i4"))
write("deflate_u64", pages(1, "u8"), compression="zlib")
write("deflate_i64", pages(1, "i8"), compression="zlib")
write("f16", pages(1, "f2"))
write("deflate_floating_f16", pages(1, "f2"), compression="zlib", predictor=3)
write("big_endian_f32", pages(1, "f4"), byteorder=">")
write("deflate_floating_f32", pages(1, "f4"), compression="zlib", predictor=3, byteorder=">")
write("lzw_floating_f64", pages(1, "f8"), compression="lzw", predictor=3)
write("tiles_u16", pages(1, "u2"), tile=(16, 16), compression="zlib")
write("white_u8", pages(1, "u1"), photometric="miniswhite")
write("jpeg_u8", pages(1, "u1"), compression="jpeg", compressionargs={"level": 95})
write("jpeg_subsampled_tiles_rgb", colours(), photometric="rgb", tile=(16, 16), compression="jpeg", subsampling=(2, 2),
      compressionargs={"level": 95})
write("jpeg_unconverted_rgb", colours(), photometric="rgb", compression="jpeg", compressionargs={"level": 95, "outcolorspace": "rgb"})
write("webp_rgb", colours(), photometric="rgb", compression="webp", compressionargs={"lossless": True})
write("planar_rgb16", np.moveaxis(colours("u2"), -1, 1), photometric="rgb", planarconfig="separate", compression="lzw",
      predictor=True)
write("planar_tiles_rgb", np.moveaxis(colours(), -1, 1), photometric="rgb", planarconfig="separate", tile=(16, 16),
      compression="zlib")
alpha = np.concatenate([colours(), np.full((1, ROWS, COLUMNS, 1), 9, "u1")], -1)
write("rgba", alpha, photometric="rgb", extrasamples=["unassalpha"])
grey_alpha = np.stack([pages(1, "u1"), np.full((1, ROWS, COLUMNS), 9, "u1")], -1)
write("grey_alpha", grey_alpha, photometric="minisblack", planarconfig="contig", extrasamples=["unassalpha"])
bands = np.moveaxis(pages(4, "u1"), 0, -1)[None]
write("four_bands", bands, photometric="minisblack", planarconfig="contig")
ramp = np.arange(256, dtype="u2")
write("palette", pages(1, "u1"), photometric="palette", colormap=np.stack([ramp * 257, (255 - ramp) * 257, ramp * 0]),
      compression="zlib")
write("turned", pages(1, "u1"), extratags=[(274, 3, 1, 6, True)])

write("pages_u8", pages(3, "u1"), photometric="minisblack")
write("truncated_u8", pages(4, "u1"), photometric="minisblack", metadata={}, truncate=True)
tifffile.imwrite(HERE / "imagej_u16.tif", pages(2, "u2"), imagej=True, truncate=True, resolution=(2, 1 / 0.75), software=False,
                 metadata={"spacing": 5.5, "unit": "mm", "axes": "ZYX"})
hyper = pages(4, "u1").reshape(2, 2, ROWS, COLUMNS)
tifffile.imwrite(HERE / "imagej_hyperstack.tif", hyper, imagej=True, software=False, metadata={"axes": "ZCYX"})
tifffile.imwrite(HERE / "ome_u8.ome.tif", pages(4, "u1").reshape(2, 2, ROWS, COLUMNS), software=False, compression="zlib",
                 metadata={
    "axes": "CZYX", "PhysicalSizeX": 900.0, "PhysicalSizeY": 0.9, "PhysicalSizeYUnit": "mm", "PhysicalSizeZ": 0.55,
    "PhysicalSizeZUnit": "cm", "Channel": {"Name": ["T1", "FLAIR"]}})
with tifffile.TiffWriter(HERE / "thumbnail_mask.tif") as file:
    file.write(pages(1, "u1")[0, ::2, ::2], subfiletype=1, metadata=None, software=False)
    file.write(pages(2, "u1")[0], metadata=None, software=False)
    file.write(pages(2, "u1")[0] > 99, subfiletype=4, metadata=None, software=False)
    file.write(pages(2, "u1")[1], metadata=None, software=False)
    file.write(np.zeros((17, 16), "u1"), metadata=None, software=False, compression="zlib")

for name, compression in [("fax4", "group4"), ("fax3", "group3"), ("bits", None)]:
    Image.fromarray(pages(1, "u1")[0] > 99).save(HERE / f"{name}.tif", compression=compression)

for path in sorted(HERE.glob("*.tif")):
    assert path.stat().st_size < 2500, (path, path.stat().st_size)
