// Two time points of one patient, from drop to report. The later one is made here of the sample: the head is turned and moved by
// known amounts, and what lies around its tumour is widened.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { action, command, drop, findings, launch, openWith, print, saved, segmented, until, voxels } from "./browser.mjs";
import { broken } from "./axe.mjs";
import { dicomSlice, sampleStudy } from "./dicom.mjs";

const SPACING = [1, 1, 5];
const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const TURN_DEGREES = 6;
const SHIFT_MM = [7, -4, 5];
/** Within this of the tumour's middle everything is widened, most in the middle. */
const REACH_MM = 60;
const WIDENED = 1.25;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function volume(path) {
  const bytes = gunzipSync(await readFile(path));
  const [columns, rows, slices] = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  return { size: [columns, rows, slices], values: bytes.subarray(bytes.readFloatLE(108)) };
}

/** The later study's FLAIR, as DICOM files of the same patient. */
async function laterStudy(date) {
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
    const header = [[0x00180050, "DS", `${SPACING[2]}`], [0x00080020, "DA", date], [0x0020000d, "UI", "1.2.7"], [0x00200052, "UI", "1.2.7.9"]];
    return { name: `LATER${k + 1}`, bytes: dicomSlice({ columns, rows, pixels, position: [0, 0, SPACING[2] * k], number: k + 1, series: "7", description: "AX FLAIR", header }) };
  });
}

const visits = (page) => page.locator("[data-visit]");

/** The volume of each study of the timeline. */
const volumes = (page) => page.locator("[data-visit] [data-volume]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.volume)));

test("a tumour is followed from one study to the next, from drop to report", { timeout: 400_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await sampleStudy(SPACING));
  await findings(page);
  await command(page, "whole-volume").click();
  await segmented(page);
  assert.equal(await visits(page).count(), 0, "one study is no timeline");
  const started = Date.now();
  await drop(page, await laterStudy("20250131"));
  await visits(page).nth(1).waitFor();
  assert.equal(await visits(page).count(), 2, "they are of one patient, as their files say");
  await findings(page);
  await action(page, "compare-studies").click();
  await action(page, "register").click();
  await page.locator('[data-view="other"][data-registered="true"]').waitFor();
  const seconds = (Date.now() - started) / 1000;
  console.log(`opened, registered and its figures shown: ${seconds.toFixed(1)} s`);
  assert.ok(seconds < 60, `${seconds} s`);
  const registered = await page.locator("[data-link]").textContent();
  const [turned, moved] = registered.match(/[\d.]+/g).map(Number);
  assert.ok(Math.abs(turned - TURN_DEGREES) < 1, registered);
  assert.ok(Math.abs(moved - Math.hypot(...SHIFT_MM)) < 1.5, registered);

  await command(page, "whole-volume").click();
  await segmented(page);
  await until(page, () => !document.querySelector('[data-caution="incomplete"]'));
  const [earlier, later] = await volumes(page);
  assert.ok(later > 1.2 * earlier, `${earlier}, ${later} ml`);
  const change = Number(await page.locator("[data-change]").getAttribute("data-change"));
  assert.ok(Math.abs(change - (later - earlier)) < 0.01);
  const { values } = voxels((await saved(page, "nifti")).bytes);
  const marked = values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  assert.ok(Math.abs((marked * SPACING[0] * SPACING[1] * SPACING[2]) / 1000 / later - 1) < 0.01, "the volume is that of the mask");
  // 1 February 2024 to 31 January 2025, a leap day between.
  const diameter = (ml) => Math.cbrt((6000 * ml) / Math.PI);
  const rate = ((diameter(later) - diameter(earlier)) / 365) * 365.25;
  const said = await page.locator('[data-fact="velocity"]').textContent();
  assert.ok(Math.abs(Number(said.match(/\+?(-?[\d.]+) mm\/year/)[1]) - rate) < 0.06, `${said} ${rate}`);
  assert.match(said, /365 days/);
  assert.match(await page.locator('[data-fact="response"]').textContent(), /not a diagnosis/);

  assert.deepEqual(await broken(page), [], "nothing is in the way of people who see little or use keys");

  // The other time point's mask lies over this one's, since both are of one tumour.
  const green = await page.evaluate(() => {
    const canvas = document.querySelector('[data-view="main"]');
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 1] > 150 && data[at] < 90 && data[at + 2] > 80) count++;
    return count;
  });
  assert.ok(green > 50, "the earlier outline is seen in the main view");

  const json = JSON.parse((await saved(page, "json")).bytes.toString());
  assert.deepEqual(json.follow_up.studies.map((study) => study.date), ["2024-02-01", "2025-01-31"]);
  assert.ok(Math.abs(json.follow_up.mm_per_year - rate) < 0.05);
  const csv = (await saved(page, "timeline")).bytes.toString().trim().split("\n");
  assert.equal(csv.length, 3);
  await print(page);
  const printed = await page.locator('[data-report="follow-up"]').textContent();
  assert.match(printed, /2024-02-01/);
  assert.match(printed, /mm\/year/);

  // Back to what headers say.
  await action(page, "unregister").click();
  await page.locator('[data-view="other"][data-registered="false"]').waitFor();
  assert.match(await page.locator("[data-link]").textContent(), /[Nn]ot registered/);
  assert.deepEqual(complaints, []);
  await context.close();
});
