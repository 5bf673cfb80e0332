// NIfTI files for the tests, made of the sample.

import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";

/** A file of the sample whose header puts its first voxel at this place of the patient, in mm, axes along the patient's. */
export async function placed(path, millimetres, place, name) {
  const bytes = gunzipSync(await readFile(path));
  bytes.writeUInt8(2, 123);
  bytes.writeInt16LE(0, 252);
  bytes.writeInt16LE(1, 254);
  millimetres.forEach((mm, axis) => {
    bytes.writeFloatLE(mm, 80 + 4 * axis);
    for (let column = 0; column < 4; column++) bytes.writeFloatLE(column === axis ? mm : column === 3 ? place[axis] : 0, 280 + 16 * axis + 4 * column);
  });
  return { name, bytes: gzipSync(bytes) };
}

/** A file of the sample with these millimetres between columns, rows and slices, and without a place in the patient. */
export async function spaced(path, millimetres, name) {
  const bytes = gunzipSync(await readFile(path));
  millimetres.forEach((mm, axis) => bytes.writeFloatLE(mm, 80 + 4 * axis));
  // In millimetres; neither of the two places is given.
  bytes.writeUInt8(2, 123);
  bytes.writeInt16LE(0, 252);
  bytes.writeInt16LE(0, 254);
  return { name, bytes: gzipSync(bytes) };
}
