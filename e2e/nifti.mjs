// NIfTI files for the tests, made of the sample.

import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";

/** A file of the sample with these millimetres between columns, rows and slices, and without a place in the patient; `change` changes it further. */
export async function spaced(path, millimetres, name, change = () => {}) {
  const bytes = gunzipSync(await readFile(path));
  millimetres.forEach((mm, axis) => bytes.writeFloatLE(mm, 80 + 4 * axis));
  // In millimetres; neither of the two places is given.
  bytes.writeUInt8(2, 123);
  bytes.writeInt16LE(0, 252);
  bytes.writeInt16LE(0, 254);
  change(bytes);
  return { name, bytes: gzipSync(bytes) };
}

/** The same whose header puts its first voxel at this place of the patient, in mm, axes along the patient's. */
export const placed = (path, millimetres, place, name) =>
  spaced(path, millimetres, name, (bytes) => {
    bytes.writeInt16LE(1, 254);
    millimetres.forEach((mm, axis) =>
      [0, 1, 2, 3].forEach((column) => bytes.writeFloatLE(column === 3 ? place[axis] : column === axis ? mm : 0, 280 + 16 * axis + 4 * column)),
    );
  });
