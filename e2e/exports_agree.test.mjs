// CSV, JSON, report, SEG and NIfTI of one study say the same of it, figure by figure.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { sampleStudy } from "./dicom.mjs";
import { facts, findings, launch, message, openWith, place, print, saved, savedMask, segmented, shown } from "./browser.mjs";

/** Whether a printed length has one decimal and is the figure to half of its last digit: halves may go either way. */
const isRounded = (printed, figure) => /^\d+\.\d mm$/.test(printed ?? "") && Math.abs(parseFloat(printed) - figure) <= 0.05 + 1e-9;

const LONE = ["TCGA_CS_4941_19960909_13", "TCGA_DU_7300_19910814_13"].map((name) => `public/samples/${name}.webp`);
const SIZE = { width: 256, height: 256 };
/** Millimetres between columns, rows and slices: neither square nor one. */
const SPACING = [0.75, 0.5, 6];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Rows of a table by their headings. */
function table(csv) {
  const cells = (line) => [...line.matchAll(/(^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, , quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const [names, ...rows] = csv.trimEnd().split("\n").map(cells);
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [names[at], cell])));
}

/** Marked voxels of each slice of a NIfTI-1 file of 8 bit. */
function niftiAreas(file) {
  const bytes = gunzipSync(file);
  const [columns, rows, slices] = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  const voxels = bytes.subarray(bytes.readFloatLE(108));
  return Array.from({ length: slices }, (_, at) => {
    const slice = voxels.subarray(at * columns * rows, (at + 1) * columns * rows);
    return slice.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  });
}

/** Marked bits of each frame of a segmentation, whose frames follow each other without gaps. */
function segAreas(bytes) {
  // (7FE0,0010) in explicit little endian, the last element of the file.
  const at = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  const data = bytes.subarray(at + 12, at + 12 + bytes.readUInt32LE(at + 8));
  const area = SIZE.width * SIZE.height;
  const frames = Math.floor((8 * data.length) / area);
  return Array.from({ length: frames }, (_, frame) => {
    let marked = 0;
    for (let bit = frame * area; bit < (frame + 1) * area; bit++) marked += (data[bit >> 3] >> (bit & 7)) & 1;
    return marked;
  });
}

/** What the report says, by key, and its rows by slice. */
async function report(page) {
  await print(page);
  return page.evaluate(() => {
    const text = (element) => element.textContent.trim();
    const cells = [...document.querySelectorAll("[data-report]")].map((cell) => [cell.dataset.report, cell.dataset.raw ?? text(cell)]);
    const rows = [...document.querySelectorAll("[data-report-slice]")].map((row) => [row.dataset.reportSlice, [...row.children].map(text)]);
    return { ...Object.fromEntries(cells), rows: Object.fromEntries(rows), text: document.querySelector('[data-panel="report"]').textContent };
  });
}

/** A figure as the report rounds it. */
const written = (value, unit) => {
  if (unit === "mm²" && value >= 100) return written(value / 100, "cm²");
  return `${value.toFixed(value >= 100 ? 0 : unit === "ml" && value > 0 && value < 1 ? 2 : 1)} ${unit}`;
};
const near = (a, b, tolerance, what) => assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a} and ${b}`);

/** Every export of the study on screen against every other; what they agree on. */
async function agreed(page) {
  const files = {};
  for (const what of ["csv", "json", "nifti", "seg"]) files[what] = await saved(page, what);
  const rows = table(files.csv.bytes.toString());
  const json = JSON.parse(files.json.bytes);
  const areas = niftiAreas(files.nifti.bytes);
  const printed = await report(page);
  const shown = await facts(page);

  const marked = areas.reduce((sum, area) => sum + area, 0);
  assert.equal(json.voxels, marked);
  near(json.volume_ml, (marked * SPACING[0] * SPACING[1] * SPACING[2]) / 1000, 1e-6, "volume");
  assert.equal(printed.volume, written(json.volume_ml, "ml"));
  assert.equal(shown.volume, printed.volume);
  assert.deepEqual(segAreas(files.seg.bytes), areas.filter((area) => area > 0), "one frame a marked slice");

  assert.equal(rows.length, json.per_slice.length);
  for (const [at, row] of rows.entries()) {
    const other = json.per_slice[at];
    assert.equal(Number(row.slice), other.slice);
    assert.equal(Number(row.area_px), areas[other.slice - 1]);
    assert.equal(other.area_px, areas[other.slice - 1]);
    near(other.area_mm2, other.area_px * SPACING[0] * SPACING[1], 1e-6, "area");
    near(Number(row.area_mm2), other.area_mm2, 0.005001, "area");
    for (const key of ["longest", "perpendicular", "product"]) {
      assert.equal(row[key] === "", other[key] === null, key);
      if (other[key] !== null) near(Number(row[key]), other[key], 0.005001, key);
    }
    if (other.presence !== null) near(Number(row.presence), other.presence, 0.000051, "presence");
    for (const [key, value] of [["corrected", other.corrected], ["segmented", other.segmented], ["diameters_drawn", other.drawn], ["small_parts_left_out", other.small_parts_left_out]]) {
      assert.equal(row[key], String(value), `${key} of slice ${other.slice}`);
    }
    assert.equal(Number(row.threshold), json.threshold);
    near(Number(row.volume_ml), json.volume_ml, 0.005001, "volume");
    assert.equal(row.study, json.name);
    assert.equal(row.study_date, "2024-02-01");
    assert.equal(row.series_flair, json.series[1]);
    const line = printed.rows[other.slice];
    if (line) {
      assert.equal(line[1], written(other.area_mm2, "mm²"));
      assert.ok(isRounded(line[2], other.longest), `${line[2]}, ${other.longest}`);
      assert.ok(isRounded(line[3], other.perpendicular), `${line[3]}, ${other.perpendicular}`);
      assert.equal(line[4], other.corrected ? "yes" : "");
    }
  }
  const with_mask = json.per_slice.filter((row) => row.area_px > 0);
  const largest = with_mask.toSorted((a, b) => b.area_px - a.area_px)[0];
  assert.equal(printed.area, `slice ${largest.slice}: ${written(largest.area_mm2, "mm²")}`);
  const long = with_mask.toSorted((a, b) => b.product - a.product)[0];
  const first = /^slice (\d+): ([\d.]+) × ([\d.]+ mm), product ([\d.]+ c?m+²)/.exec(printed.largest);
  assert.equal(Number(first?.[1]), long.slice, printed.largest);
  assert.ok(isRounded(`${first[2]} mm`, long.longest) && isRounded(first[3], long.perpendicular), printed.largest);
  assert.equal(first[4], written(long.product, "mm²"));

  const answered = json.per_slice.filter((row) => row.segmented).length;
  assert.equal(json.slices_segmented, answered);
  assert.equal(printed.segmented, `${answered} of ${areas.length}`);
  assert.equal(parseFloat(printed.threshold), json.threshold);
  assert.ok(files.seg.bytes.includes(`Probability threshold ${json.threshold}`), "the segmentation says its threshold");
  assert.equal(json.corrected, json.per_slice.some((row) => row.corrected));
  assert.equal(printed.corrected, json.corrected ? "yes" : "no");
  assert.equal(files.seg.bytes.includes("SEMIAUTOMATIC"), json.corrected);
  assert.equal(Boolean(printed["small-parts"]), json.per_slice.some((row) => row.small_parts_left_out));
  assert.equal(json.study_date, printed["study-date"]);
  assert.match(printed.date, /^\d{4}-\d{2}-\d{2}$/);
  for (const text of [files.csv.bytes.toString(), files.json.bytes.toString(), printed.text]) {
    assert.ok(!/doe/i.test(text), "the patient is named");
  }
  return { json, printed, areas };
}

describe("exports of a study agree in every figure", () => {
  test("untouched, with another threshold, and corrected", { timeout: 400_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, await sampleStudy(SPACING));
    await findings(page);
    const one = await agreed(page);
    assert.equal(one.json.slices_segmented, 1, "the others have no answer");

    await page.keyboard.press("a");
    await segmented(page);
    const untouched = await agreed(page);
    assert.equal(untouched.json.corrected, false, "nobody has touched it");
    assert.equal(untouched.json.slices_segmented, 23);

    await page.locator('[data-slider="threshold"]').fill("-80");
    const strict = await agreed(page);
    assert.ok(strict.json.threshold > 0.9 && strict.json.voxels < untouched.json.voxels);
    assert.equal(strict.json.corrected, false);
    await page.keyboard.press("j");
    assert.equal((await agreed(page)).json.threshold, strict.json.threshold, "it is the study's");
    await page.keyboard.press("Control+z");
    await message(page, "Undone on all slices: threshold");
    assert.deepEqual((await agreed(page)).areas, untouched.areas);

    await page.keyboard.press("b");
    await page.mouse.click(...(await scaledPlace(page, 30, 30)));
    const corrected = await agreed(page);
    assert.equal(corrected.json.corrected, true);
    assert.equal(corrected.json.per_slice.filter((row) => row.corrected).length, 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("of a lone slice they hold that slice alone", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, LONE);
    await findings(page);
    const name = await shown(page);
    const mask = await savedMask(page);
    const json = JSON.parse((await saved(page, "json")).bytes);
    assert.deepEqual(json.per_slice.map((row) => row.name), [name]);
    assert.equal(json.per_slice[0].area_px, mask.pixels.filter(Boolean).length);
    assert.ok(json.volume_ml === null && !("voxels" in json), "a slice has no volume");
    assert.equal(table((await saved(page, "csv")).bytes.toString()).length, 1);
    const printed = await report(page);
    assert.equal(printed.study, name);
    assert.ok(!("volume" in printed) && !("segmented" in printed));
    assert.equal(parseFloat(printed.threshold), json.threshold);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

/** Where a pixel of a slice whose pixels are not square lies on the page. */
async function scaledPlace(page, x, y) {
  const tall = { width: SIZE.width, height: (SIZE.height * SPACING[1]) / SPACING[0] };
  return place(page, tall, x, ((y + 0.5) * SPACING[1]) / SPACING[0] - 0.5);
}
