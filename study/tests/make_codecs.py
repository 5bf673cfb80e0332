"""Writes the images of reference/codecs/: small DICOM files in every codec, which other people's decoders have read first.

Intensities follow a formula of the place, so a lossless file needs no expected values; of a lossy one those are kept that
dcmtk decodes (libjpeg's accurate integer transform), or OpenJPEG or CharLS. Every file is read by at least one decoder
that is not the one that wrote it. Streams with restart markers come from the two encoders below, since no library at hand
writes them. Run it in an environment with pydicom, pylibjpeg (libjpeg and openjpeg), python-gdcm, pyjpegls and imagecodecs,
and with the programs of dcmtk and gdcm on the path.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import jpeg_ls
import numpy
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import UID

COLUMNS, ROWS = 24, 20
FOLDER = Path(__file__).parent / "reference" / "codecs"
BASELINE, EXTENDED, LOSSLESS, LOSSLESS_SV1 = (f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70))
JPEG_LS, NEAR_LOSSLESS, JPEG_2000, JPEG_2000_LOSSY = (f"1.2.840.10008.1.2.4.{n}" for n in (80, 81, 90, 91))
RLE, EXPLICIT = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.1"


def formula(bits, signed, frame=0):
    """The phantom of codecs.rs: a slope, a disc, stripes, and noise in a corner; all of the range is used."""
    y, x = numpy.mgrid[:ROWS, :COLUMNS].astype(numpy.int64)
    highest = (1 << bits) - 1
    value = (x * 5 + y * 3 + frame * 7) * highest // 240
    disc = (x - 15) ** 2 + (y - 8) ** 2 < 30
    value = numpy.where(disc, highest - x * highest // 96, value)
    stripes = (x < 6) & (y >= 12)
    value = numpy.where(stripes, (x + y) % 2 * highest, value)
    noise = (x > 15) & (y > 13)
    value = numpy.where(noise, (x * 7919 + y * 104729 + x * y * 31) % (highest + 1), value)
    flat = y < 3
    value = numpy.where(flat, highest // 5, value)
    value = numpy.clip(value, 0, highest)
    return value - ((highest + 1) // 2 if signed else 0)


def smooth(bits, frame=0):
    """What a lossy codec is made for, and a step that it overshoots at."""
    y, x = numpy.mgrid[:ROWS, :COLUMNS].astype(numpy.int64)
    highest = (1 << bits) - 1
    value = (x * x + 3 * y * y + x * y + frame * 40) * highest // 2400
    return numpy.clip(numpy.where((x > 17) & (y < 9), highest, value), 0, highest)


class Writer:
    """Bits from the highest on, with a zero byte behind 255."""

    def __init__(self):
        self.data, self.bits = bytearray(), ""

    def put(self, value, count):
        if count:
            self.bits += format(value, f"0{count}b")
        while len(self.bits) >= 8:
            byte, self.bits = int(self.bits[:8], 2), self.bits[8:]
            self.data += bytes([byte, 0] if byte == 255 else [byte])

    def marker(self, code):
        self.put(0xFF >> (8 - -len(self.bits) % 8) if len(self.bits) % 8 else 0, -len(self.bits) % 8)
        self.data += bytes([0xFF, code])


def segment(code, *parts):
    body = b"".join(bytes(p) if not isinstance(p, int) else bytes([p]) for p in parts)
    return bytes([0xFF, code]) + (len(body) + 2).to_bytes(2, "big") + body


def category(value):
    return abs(value).bit_length()


def extra(value, size):
    return value if value > 0 else value + (1 << size) - 1


def lossless_jpeg(image, bits, predictor, shift=0, restart_rows=0):
    """ISO 10918-1, annex H, with codes of five bits for all categories."""
    rows, columns = image.shape
    symbols = list(range(17))
    out = b"\xff\xd8" + segment(0xC3, bits, rows.to_bytes(2, "big"), columns.to_bytes(2, "big"), [1, 1, 0x11, 0])
    out += segment(0xC4, 0, [17 if n == 5 else 0 for n in range(1, 17)], symbols)
    if restart_rows:
        out += segment(0xDD, (restart_rows * columns).to_bytes(2, "big"))
    out += segment(0xDA, [1, 1, 0x00, predictor, 0, shift])
    writer, number = Writer(), 0
    image = image >> shift
    for y in range(rows):
        first = y == 0 or (restart_rows and y % restart_rows == 0)
        if first and y:
            writer.marker(0xD0 + number % 8)
            number += 1
        for x in range(columns):
            a, b, c = (int(image[p]) if p[0] >= 0 and p[1] >= 0 else 0 for p in ((y, x - 1), (y - 1, x), (y - 1, x - 1)))
            if first:
                guess = 1 << (bits - shift - 1) if x == 0 else a
            elif x == 0:
                guess = b
            else:
                guess = [a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1][predictor - 1]
            difference = (int(image[y, x]) - guess + 0x8000) % 0x10000 - 0x8000
            size = 16 if difference == -0x8000 else category(difference)
            writer.put(size, 5)
            if size < 16:
                writer.put(extra(difference, size), size)
    writer.marker(0xD9)
    return out + bytes(writer.data)


def sequential_jpeg(image, bits, table, restart=0):
    """ISO 10918-1, annex F, with codes of eight bits for all symbols."""
    rows, columns = image.shape
    zigzag = sorted(((y, x) for y in range(8) for x in range(8)), key=lambda p: (p[0] + p[1], p[(p[0] + p[1]) % 2 == 0]))
    dc, ac = list(range(16)), [0, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 15)]
    wide = max(table) > 255
    out = b"\xff\xd8" + segment(0xDB, 0x10 if wide else 0, b"".join(q.to_bytes(1 + wide, "big") for q in table))
    out += segment(0xC1, bits, rows.to_bytes(2, "big"), columns.to_bytes(2, "big"), [1, 1, 0x11, 0])
    for head, symbols in ((0x00, dc), (0x10, ac)):
        out += segment(0xC4, head, [len(symbols) if n == 8 else 0 for n in range(1, 17)], symbols)
    if restart:
        out += segment(0xDD, restart.to_bytes(2, "big"))
    out += segment(0xDA, [1, 1, 0x00, 0, 63, 0])
    padded = numpy.pad(image, ((0, -rows % 8), (0, -columns % 8)), mode="edge").astype(float) - (1 << (bits - 1))
    basis = numpy.array([[numpy.sqrt((1 if k == 0 else 2) / 8) * numpy.cos((2 * n + 1) * k * numpy.pi / 16)
                          for n in range(8)] for k in range(8)])
    writer, previous, count = Writer(), 0, 0
    for top in range(0, padded.shape[0], 8):
        for left in range(0, padded.shape[1], 8):
            if restart and count and count % restart == 0:
                writer.marker(0xD0 + (count // restart - 1) % 8)
                previous = 0
            count += 1
            block = basis @ padded[top:top + 8, left:left + 8] @ basis.T
            values = [int(round(block[p] / q)) for p, q in zip(zigzag, table)]
            size = category(values[0] - previous)
            writer.put(dc.index(size), 8)
            writer.put(extra(values[0] - previous, size), size)
            previous, run = values[0], 0
            last = max((n for n in range(1, 64) if values[n]), default=0)
            for value in values[1:last + 1]:
                if value == 0:
                    run += 1
                    continue
                while run > 15:
                    writer.put(ac.index(0xF0), 8)
                    run -= 16
                size = category(value)
                writer.put(ac.index(run << 4 | size), 8)
                writer.put(extra(value, size), size)
                run = 0
            if last < 63:
                writer.put(ac.index(0), 8)
    writer.marker(0xD9)
    return out + bytes(writer.data)


def dataset(syntax, frames, bits, signed, allocated):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4", "2.25.1"
    data = FileDataset(None, Dataset(), file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = meta.MediaStorageSOPClassUID, "2.25.1", "MR"
    data.Rows, data.Columns, data.SamplesPerPixel = ROWS, COLUMNS, 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = allocated, bits, bits - 1
    data.PixelRepresentation = int(signed)
    if frames > 1:
        data.NumberOfFrames = frames
    return data


def words(image, bits, allocated):
    """Two's complement of the stored bits."""
    return (image & ((1 << bits) - 1)).astype(numpy.uint8 if allocated == 8 else numpy.uint16)


def jpeg_2000(image, bits, level=0, reversible=True):
    options = {"codecformat": "j2k", "resolutions": 4}
    return imagecodecs.jpeg2k_encode(image, level=level, reversible=reversible, bitspersample=bits, **options)


def decode(path, plugin):
    data = pydicom.dcmread(path)
    data.pixel_array_options(decoding_plugin=plugin, raw=True)
    return data.pixel_array


def by_program(*command):
    """What a program decodes that writes a plain file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plain.dcm"
        subprocess.run([*map(str, command), str(out)], check=True, capture_output=True)
        return pydicom.dcmread(out).pixel_array


PROGRAMS = {"dcmtk": ["dcmdjpeg"], "gdcmconv": ["gdcmconv", "--raw"]}


LIST = {}


def keep(name, data, images, decoders, tolerance=0, lossy=False):
    """Writes a file once so many decoders agree on it; the values of a lossy one are those of the first.

    The decoders of a lossy file may differ from each other by `tolerance`, ours from the first by at most one.
    """
    path = FOLDER / f"{name}.dcm"
    data.save_as(path, enforce_file_format=True)
    size = path.stat().st_size
    assert size <= 4096, f"{name}: {size} bytes"
    results = {}
    for decoder in decoders:
        result = by_program(*PROGRAMS[decoder], path) if decoder in PROGRAMS else decode(path, decoder)
        results[decoder] = numpy.asarray(result).reshape(len(images), ROWS, COLUMNS).astype(numpy.int64)
    first = results[decoders[0]]
    for decoder, result in results.items():
        worst = int(abs(result - (first if lossy else numpy.stack(images))).max())
        assert worst <= tolerance, f"{name}: {decoder} is off by {worst}"
    if lossy:
        (FOLDER / f"{name}.bin").write_bytes(first.astype("<i2" if data.PixelRepresentation else "<u2").tobytes())
    LIST[name] = {"bits": data.BitsStored, "signed": bool(data.PixelRepresentation), "frames": len(images),
                  "tolerance": min(tolerance, 1), "lossy": lossy, "read_by": decoders}


def encapsulated(name, syntax, streams, images, bits, decoders, signed=False, allocated=16, fragments=1, table=True,
                 extended=False, **options):
    data = dataset(syntax, len(images), bits, signed, allocated)
    if extended:
        data.PixelData, data.ExtendedOffsetTable, data.ExtendedOffsetTableLengths = encapsulate_extended(streams)
    else:
        data.PixelData = encapsulate(streams, fragments_per_frame=fragments, has_bot=table)
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    keep(name, data, images, decoders, **options)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    [path.unlink() for path in FOLDER.iterdir()]
    both = ["pylibjpeg", "gdcm", "dcmtk"]
    # Lossless JPEG: every predictor, precisions, signs, restart markers, point transform.
    for predictor in range(1, 8):
        image = formula(12, False)
        stream = lossless_jpeg(image, 12, predictor)
        syntax = LOSSLESS_SV1 if predictor == 1 else LOSSLESS
        encapsulated(f"jpeg-lossless-12-predictor-{predictor}", syntax, [stream], [image], 12, both)
    for predictor, rows in ((1, 1), (1, 4), (4, 1), (5, 7), (6, 1), (7, 2)):
        image = formula(12, False)
        stream = lossless_jpeg(image, 12, predictor, restart_rows=rows)
        syntax = LOSSLESS_SV1 if predictor == 1 else LOSSLESS
        encapsulated(f"jpeg-lossless-12-predictor-{predictor}-restart-{rows}", syntax, [stream], [image], 12, both)
    for bits in (8, 10, 16):
        image, allocated = formula(bits, False), 8 if bits == 8 else 16
        array = image.astype(numpy.uint8 if bits == 8 else numpy.uint16)
        stream = imagecodecs.jpeg8_encode(array, lossless=True, predictor=1, bitspersample=bits)
        encapsulated(f"jpeg-lossless-{bits}-libjpeg-turbo", LOSSLESS_SV1, [stream], [image], bits, both, allocated=allocated)
    image = formula(16, True)
    stream = lossless_jpeg(words(image, 16, 16).astype(numpy.int64), 16, 1, restart_rows=5)
    encapsulated("jpeg-lossless-16-signed-restart-5", LOSSLESS_SV1, [stream], [image], 16, both, signed=True)
    image = formula(12, False) & ~3
    stream = lossless_jpeg(image, 12, 4, shift=2, restart_rows=3)
    encapsulated("jpeg-lossless-12-point-transform", LOSSLESS, [stream], [image], 12, ["gdcm", "dcmtk"])
    # Sequential JPEG: what libjpeg's integer transform gives.
    image = smooth(8)
    stream = imagecodecs.jpeg8_encode(image.astype(numpy.uint8), level=92)
    encapsulated("jpeg-baseline-8", BASELINE, [stream], [image], 8, ["dcmtk", "pylibjpeg", "gdcm"], allocated=8, tolerance=1, lossy=True)
    image = smooth(12)
    stream = imagecodecs.jpeg8_encode(image.astype(numpy.uint16), level=95, bitspersample=12)
    encapsulated("jpeg-extended-12-libjpeg-turbo", EXTENDED, [stream], [image], 12, ["dcmtk", "pylibjpeg"], tolerance=1, lossy=True)
    coarse = [40 + 12 * (n // 4) for n in range(64)]
    for name, image, table, restart in (
        ("jpeg-extended-12-restart-1", smooth(12), coarse, 1),
        ("jpeg-extended-12-restart-4", formula(12, False), [300] * 64, 4),
        ("jpeg-extended-12-fine", formula(12, False), [1] * 64, 0),
    ):
        encapsulated(name, EXTENDED, [sequential_jpeg(image, 12, table, restart)], [image], 12, ["dcmtk", "pylibjpeg"], tolerance=2, lossy=True)
    image = smooth(8)
    stream = sequential_jpeg(image, 8, [n // 8 + 1 for n in range(64)], 2)
    encapsulated("jpeg-extended-8-restart-2", EXTENDED, [stream], [image], 8, ["dcmtk", "pylibjpeg"], allocated=8, tolerance=1, lossy=True)
    # JPEG-LS.
    for bits in (8, 10, 12, 16):
        image, allocated = formula(bits, False), 8 if bits == 8 else 16
        stream = bytes(jpeg_ls.encode_array(words(image, bits, allocated)))
        encapsulated(f"jpeg-ls-{bits}", JPEG_LS, [stream], [image], bits, ["pylibjpeg", "gdcm"], allocated=allocated)
    image = formula(16, True)
    stream = bytes(jpeg_ls.encode_array(words(image, 16, 16)))
    encapsulated("jpeg-ls-16-signed", JPEG_LS, [stream], [image], 16, ["pylibjpeg", "gdcm"], signed=True)
    image = formula(12, False)
    stream = bytes(jpeg_ls.encode_array(words(image, 12, 16)))
    encapsulated("jpeg-ls-12-zeros-at-the-end", JPEG_LS, [stream[:-2] + b"\0" + stream[-2:]], [image], 12, ["pylibjpeg"])
    for bits, near in ((8, 2), (12, 3)):
        image, allocated = formula(bits, False), 8 if bits == 8 else 16
        stream = bytes(jpeg_ls.encode_array(words(image, bits, allocated), lossy_error=near))
        encapsulated(f"jpeg-ls-{bits}-near-{near}", NEAR_LOSSLESS, [stream], [image], bits, ["pylibjpeg", "gdcm"], allocated=allocated, lossy=True)
    # JPEG 2000.
    for bits, signed in ((8, False), (12, False), (12, True), (16, False), (16, True)):
        image, allocated = formula(bits, signed), 8 if bits == 8 else 16
        kind = ("i" if signed else "u") + str(allocated // 8)
        stream = jpeg_2000(image.astype(kind), bits)
        name = f"jpeg-2000-{bits}" + ("-signed" if signed else "")
        encapsulated(name, JPEG_2000, [stream], [image], bits, ["pylibjpeg", "gdcm"], signed=signed, allocated=allocated)
    image = smooth(12)
    stream = jpeg_2000(image.astype("u2"), 12, level=55, reversible=False)
    encapsulated("jpeg-2000-12-lossy", JPEG_2000_LOSSY, [stream], [image], 12, ["pylibjpeg", "gdcm"], tolerance=1, lossy=True)
    # Run lengths.
    for bits, signed in ((8, False), (12, False), (16, True)):
        image, allocated = formula(bits, signed), 8 if bits == 8 else 16
        data = dataset(EXPLICIT, 1, bits, signed, allocated)
        data.PixelData = words(image, bits, allocated).tobytes()
        data["PixelData"].VR = "OW"
        data.compress(RLE)
        keep(f"rle-{bits}", data, [image], ["gdcmconv"])
    # Two frames in two fragments each, and other tables.
    images = [formula(12, False, frame) for frame in range(2)]
    encode = {
        "jpeg": (LOSSLESS_SV1, lambda image: lossless_jpeg(image, 12, 1, restart_rows=10)),
        "jpeg-ls": (JPEG_LS, lambda image: bytes(jpeg_ls.encode_array(words(image, 12, 16)))),
        "jpeg-2000": (JPEG_2000, lambda image: jpeg_2000(image.astype("u2"), 12)),
    }
    for name, (syntax, encoder) in encode.items():
        streams = [encoder(image) for image in images]
        encapsulated(f"{name}-fragments-table", syntax, streams, images, 12, ["pylibjpeg"], fragments=2)
        encapsulated(f"{name}-fragments-no-table", syntax, streams, images, 12, ["pylibjpeg"], fragments=2, table=False)
        encapsulated(f"{name}-extended-table", syntax, streams, images, 12, ["pylibjpeg"], extended=True)
    (FOLDER / "codecs.json").write_text(json.dumps(LIST, indent=1) + "\n")
    print(len(LIST), "files,", sum(path.stat().st_size for path in FOLDER.iterdir()), "bytes")


if __name__ == "__main__":
    main()
