// A whole volume, on one core and with helpers on others.

import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { command, computer, drop, findings, open, ready, segmented } from "../browser.mjs";
import { resident } from "./study.mjs";

const PATIENT = "public/samples/TCGA_CS_4941_19960909";
/** The sample's 23 slices so many times over. */
const TIMES = 6;
/** Cores that the browser is told of; one is for the page, and one for the first worker. */
const CORES = [2, 3];

/** Segments a volume on one core and on two; writes rows by `row`. */
export async function whole(browser, row) {
  const files = await Promise.all(["t1_pre", "flair", "t1_post"].map(taller));
  console.log(`\na volume of ${23 * TIMES} slices as a whole, 256 × 256, three sequences, on the CPU`);
  for (const cores of CORES) {
    const { page, context } = await open(browser, { query: "?device=cpu", route: computer(cores) });
    await ready(page);
    await drop(page, files);
    await findings(page);
    const before = await resident(browser);
    let most = before;
    const started = performance.now();
    await command(page, "whole-volume").click();
    const done = segmented(page, 300_000);
    for (let ended = false; !ended; ) {
      const pause = new Promise((resolve) => setTimeout(resolve, 500));
      ended = await Promise.race([done.then(() => true), pause.then(() => false)]);
      most = Math.max(most, await resident(browser));
    }
    row((performance.now() - started) / 1000, `on ${cores - 1} of the cores`, "s");
    row((most - before) / 1e6, "more memory meanwhile", "MB", 0);
    await context.close();
  }
}

/** A sequence of the sample with its slices over and over. */
async function taller(sequence) {
  const bytes = gunzipSync(await readFile(`${PATIENT}_${sequence}.nii.gz`));
  const [header, voxels] = [bytes.subarray(0, bytes.readFloatLE(108)), bytes.subarray(bytes.readFloatLE(108))];
  header.writeInt16LE(header.readInt16LE(46) * TIMES, 46);
  return { name: `${sequence}.nii.gz`, bytes: gzipSync(Buffer.concat([header, ...Array(TIMES).fill(voxels)]), { level: 1 }) };
}
