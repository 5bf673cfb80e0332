// The native program against the page: of the same files both draw the same mask.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { sampleStudy } from "./dicom.mjs";
import { command, findings, launch, openWith, saved, segmented, voxels } from "./browser.mjs";

/** The program `gliolens`; none where the tests go without. */
const PROGRAM = process.env.BATCH_PROGRAM;
const MODEL = "public/models/lgg-resunetpp";
/** Of the sample's slices, the few that are taken: tumour is in most of them. */
const [FIRST, LAST] = [9, 14];
/** Two engines on other processors may round a pixel at the threshold another way. */
const LEAST_DICE = 0.999;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A few slices of the sample's three sequences, as NIfTI files of one subject. */
async function volumes() {
  return Promise.all(
    ["t1_pre", "flair", "t1_post"].map(async (sequence) => {
      const whole = gunzipSync(await readFile(`public/samples/TCGA_CS_4941_19960909_${sequence}.nii.gz`));
      const [columns, rows] = [42, 44].map((at) => whole.readInt16LE(at));
      const start = whole.readFloatLE(108);
      const header = Buffer.from(whole.subarray(0, start));
      header.writeInt16LE(LAST - FIRST, 46);
      const slices = whole.subarray(start + FIRST * columns * rows, start + LAST * columns * rows);
      return { name: `a_${sequence}.nii`, bytes: Buffer.concat([header, slices]) };
    }),
  );
}

/** The mask of a study as the page saves it, once all of its slices are segmented. */
async function ofThePage(files) {
  const { page, context, complaints } = await openWith(browser, files);
  await findings(page);
  await command(page, "whole-volume").click();
  await segmented(page);
  const mask = voxels((await saved(page, "nifti")).bytes);
  assert.deepEqual(complaints, []);
  await context.close();
  return mask;
}

/** The only mask that the program writes of some files. */
async function ofTheProgram(files) {
  const folder = await mkdtemp(join(tmpdir(), "batch-"));
  try {
    for (const { name, bytes } of files) {
      const path = join(folder, "in", name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    const out = join(folder, "out");
    await promisify(execFile)(PROGRAM, ["segment", join(folder, "in"), "--out", out, "--model", MODEL]);
    const masks = (await readdir(out)).filter((name) => name.endsWith("_mask.nii.gz"));
    assert.equal(masks.length, 1, `${masks}`);
    return voxels(await readFile(join(out, masks[0])));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Dice of two masks of one grid. */
function dice(a, b) {
  assert.deepEqual(a.size, b.size);
  let [both, sum] = [0, 0];
  a.values.forEach((value, at) => {
    both += Number(value === 1 && b.values[at] === 1);
    sum += Number(value === 1) + Number(b.values[at] === 1);
  });
  assert.ok(sum > 1000, `${sum} marks in both together`);
  return (2 * both) / sum;
}

describe("the native program and the page", { skip: PROGRAM ? false : "BATCH_PROGRAM is not set" }, () => {
  const studies = [
    ["three sequences as NIfTI", volumes],
    ["FLAIR alone as DICOM", async () => (await sampleStudy([0.75, 1, 6])).slice(FIRST, LAST)],
  ];
  for (const [name, files] of studies) {
    test(`draw the same mask of ${name}`, { timeout: 400_000 }, async () => {
      const study = await files();
      const [page, program] = [await ofThePage(study), await ofTheProgram(study)];
      const found = dice(page, program);
      console.log(`page against program, ${name}: Dice ${found.toFixed(5)}`);
      assert.ok(found >= LEAST_DICE, `${found}`);
    });
  }
});
