// NIfTI files for the tests, made of the sample.

import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";

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
