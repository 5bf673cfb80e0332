// DICOM files for the tests: one MR slice in explicit little endian, with whatever header a test wants, and a study of them.

import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

/** Bytes of an element; numbers are written as `US`, everything else as its text. */
function element(tag, vr, value) {
  let bytes;
  if (Buffer.isBuffer(value)) bytes = value;
  else if (vr === "US") {
    bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
  } else bytes = Buffer.from(String(value), "latin1");
  if (bytes.length % 2) bytes = Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
  const long = ["OB", "OW"].includes(vr);
  const header = Buffer.alloc(long ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4, "latin1");
  if (long) header.writeUInt32LE(bytes.length, 8);
  else header.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([header, bytes]);
}

const MR = "1.2.840.10008.5.1.4.1.1.4";
const EXPLICIT = "1.2.840.10008.1.2.1";

/**
 * A slice of `columns` × `rows` whose 16-bit `pixels` are a buffer. `header` adds or replaces elements: a tag as a number,
 * its VR and its value; a value of null leaves an element out.
 */
export function dicomSlice({ columns, rows, pixels, position, number, series = "1", description = "FLAIR", syntax = EXPLICIT, header = [] }) {
  const instance = `1.2.3.${series}.${number}`;
  const elements = new Map(
    [
      [0x00080008, "CS", "ORIGINAL\\PRIMARY\\M"],
      [0x00080016, "UI", MR],
      [0x00080018, "UI", instance],
      [0x00080060, "CS", "MR"],
      [0x0008103e, "LO", description],
      [0x00100010, "PN", "Doe^Jane"],
      [0x00100020, "LO", "42"],
      [0x00180050, "DS", "5"],
      [0x0020000d, "UI", "1.2.3"],
      [0x0020000e, "UI", `1.2.3.${series}`],
      [0x00200013, "IS", number],
      [0x00200032, "DS", position.join("\\")],
      [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
      [0x00200052, "UI", "1.2.3.9"],
      [0x00280002, "US", 1],
      [0x00280004, "CS", "MONOCHROME2"],
      [0x00280010, "US", rows],
      [0x00280011, "US", columns],
      [0x00280030, "DS", "1\\1"],
      [0x00280100, "US", 16],
      [0x00280101, "US", 16],
      [0x00280102, "US", 15],
      [0x00280103, "US", 0],
      [0x7fe00010, "OW", pixels],
      ...header,
    ].map(([tag, vr, value]) => [tag, [vr, value]]),
  );
  const dataset = [...elements].filter(([, [, value]]) => value !== null).sort(([a], [b]) => a - b);
  const meta = Buffer.concat([element(0x00020002, "UI", MR), element(0x00020003, "UI", instance), element(0x00020010, "UI", syntax)]);
  const length = Buffer.alloc(12);
  length.writeUInt32LE(0x00000002, 0);
  length.write("UL", 4, "latin1");
  length.writeUInt16LE(4, 6);
  length.writeUInt32LE(meta.length, 8);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    length,
    meta,
    ...dataset.map(([tag, [vr, value]]) => element(tag, vr, value)),
  ]);
}

/** A grey disk, brighter towards the patient's left, so that sides show. */
export function disk(columns, rows, brightness = 1) {
  const pixels = Buffer.alloc(2 * columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const inside = Math.hypot(x / columns - 0.5, y / rows - 0.5) < 0.4;
      pixels.writeUInt16LE(inside ? Math.round((200 + (600 * x) / columns) * brightness) : 0, 2 * (y * columns + x));
    }
  }
  return pixels;
}

/**
 * The sample's FLAIR as DICOM files of a patient who must not be named in any export; millimetres between columns, rows and slices, and
 * what else stands in the header.
 */
export async function sampleStudy([x, y, z], more = []) {
  const bytes = gunzipSync(await readFile("public/samples/TCGA_CS_4941_19960909_flair.nii.gz"));
  const start = bytes.readFloatLE(108);
  const [columns, rows, slices] = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  const area = columns * rows;
  return Array.from({ length: slices }, (_, at) => {
    const pixels = Buffer.alloc(2 * area);
    for (let pixel = 0; pixel < area; pixel++) pixels.writeUInt16LE(bytes[start + at * area + pixel], 2 * pixel);
    // Distance of rows first.
    const header = [[0x00280030, "DS", `${y}\\${x}`], [0x00180050, "DS", `${z}`], [0x00080020, "DA", "20240201"], ...more];
    const bytesOfSlice = dicomSlice({ columns, rows, pixels, position: [0, 0, z * at], number: at + 1, description: "AX FLAIR", header });
    return { name: `IM${at + 1}`, bytes: bytesOfSlice };
  });
}
