// A later study of the sample's patient: the head is turned and moved by known amounts, and what lies around its tumour is widened.

import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { drop, findings } from "./browser.mjs";
import { dicomSlice } from "./dicom.mjs";

/** Distances of columns, rows and slices, in mm. */
export const SPACING = [1, 1, 5];
const PATIENT = "public/samples/TCGA_CS_4941_19960909";
export const TURN_DEGREES = 6;
export const SHIFT_MM = [7, -4, 5];
/** Within this of the tumour's middle everything is widened, most in the middle. */
const REACH_MM = 60;
const WIDENED = 1.25;

async function volume(path) {
  const bytes = gunzipSync(await readFile(path));
  const [columns, rows, slices] = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  return { size: [columns, rows, slices], values: bytes.subarray(bytes.readFloatLE(108)) };
}

/** The later study's FLAIR, as DICOM files of the sample's patient, of a date as DICOM writes it, and what else stands in the header. */
export async function laterStudy(date, more = []) {
  const { size, values } = await volume(`${PATIENT}_flair.nii.gz`);
  const label = await volume(`${PATIENT}_seg.nii.gz`);
  const [columns, rows, slices] = size;
  const area = columns * rows;
  const marked = [];
  label.values.forEach((value, at) => value === 1 && marked.push([at % columns, Math.floor(at / columns) % rows, Math.floor(at / area)]));
  const mean = (axis) => (marked.reduce((sum, place) => sum + place[axis], 0) / marked.length) * SPACING[axis];
  const tumour = [0, 1, 2].map(mean);
  const middle = size.map((length, axis) => ((length - 1) / 2) * SPACING[axis]);
  const turn = (TURN_DEGREES * Math.PI) / 180;
  const value = ([x, y, z]) => {
    const [fx, fy, fz] = [x, y, z].map(Math.floor);
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const [i, j, k] = [fx + (corner & 1), fy + ((corner >> 1) & 1), fz + (corner >> 2)];
      if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) continue;
      sum += values[(k * rows + j) * columns + i] * (1 - Math.abs(x - i)) * (1 - Math.abs(y - j)) * (1 - Math.abs(z - k));
    }
    return sum;
  };
  return Array.from({ length: slices }, (_, k) => {
    const pixels = Buffer.alloc(2 * area);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        // Back by the motion, then narrowed.
        const at = [i, j, k].map((index, axis) => index * SPACING[axis] - middle[axis] - SHIFT_MM[axis]);
        const back = [Math.cos(turn) * at[0] + Math.sin(turn) * at[1], -Math.sin(turn) * at[0] + Math.cos(turn) * at[1], at[2]].map((mm, axis) => mm + middle[axis]);
        const off = back.map((mm, axis) => mm - tumour[axis]);
        const share = Math.min(Math.hypot(...off) / REACH_MM, 1);
        const narrowed = 1 / WIDENED + (1 - 1 / WIDENED) * share ** 2;
        pixels.writeUInt16LE(Math.round(value(off.map((mm, axis) => (mm * narrowed + tumour[axis]) / SPACING[axis]))), 2 * (j * columns + i));
      }
    }
    const header = [[0x00180050, "DS", `${SPACING[2]}`], ...more, [0x00080020, "DA", date], [0x0020000d, "UI", "1.2.7"], [0x00200052, "UI", "1.2.7.9"]];
    return { name: `LATER${k + 1}`, bytes: dicomSlice({ columns, rows, pixels, position: [0, 0, SPACING[2] * k], number: k + 1, series: "7", description: "AX FLAIR", header }) };
  });
}

/** Opens the later study and shows it beside the sample's, which is open. */
export async function showBeside(page) {
  await drop(page, await laterStudy("20250131"));
  await findings(page);
  await page.locator('[data-section="follow-up"]').waitFor();
  await page.keyboard.press("9");
  await page.locator('[data-view="other"]').waitFor();
}
