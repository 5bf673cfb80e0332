// A large DICOM series: how long until it can be scrolled, how smoothly it scrolls, and how much memory it takes.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dicomSlice, disk } from "../dicom.mjs";
import { message, open, place, ready } from "../browser.mjs";

const SIDE = 512;
const SLICES = 200;
const FRAMES = 180;

/** Opens a 512 × 512 × 200 series and scrolls it; writes rows by `row`. */
export async function study(browser, row) {
  const folder = await mkdtemp(join(tmpdir(), "series-"));
  const files = Array.from({ length: SLICES }, (_, at) => join(folder, `IM${at}`));
  for (const [at, file] of files.entries()) {
    const pixels = disk(SIDE, SIDE, 1 + at / SLICES);
    await writeFile(file, dicomSlice({ columns: SIDE, rows: SIDE, pixels, position: [-256, -256, at], number: at + 1 }));
  }
  // Without an engine, so that nothing computes while frames are counted; then with it.
  console.log(`\na DICOM series of ${SIDE} × ${SIDE} × ${SLICES}, 16 bit`);
  for (const engine of ["while the network segments", "alone"]) {
    const { page, context } = await open(browser, {
      query: "?device=cpu",
      route: (context) => (engine === "alone" ? context.route("**/manifest.json", (route) => route.abort()) : undefined),
    });
    if (engine === "alone") await message(page, "The model could not be loaded");
    else await ready(page);
    const before = await resident(browser);
    const opened = await opening(page, files, SLICES);
    const after = await resident(browser);
    const { mean, worst, slow } = await scrolling(page);
    console.log(`${engine}:`);
    row(opened, "from the choice of the files to the first slice (bar: at most 3000)");
    if (before !== undefined) row((after - before) / (SIDE * SIDE * SLICES * 2), "memory, times the decoded volume (bar: at most 3)", "×", 2);
    row(1000 / mean, "frames a second while every frame scrolls (bar: at least 30)", "Hz");
    row(worst, `longest frame of ${FRAMES} (bar: at most 50); ${slow} over 50`);
    await context.close();
  }
  await rm(folder, { recursive: true });
}

/** From the choice of files to the first slice of their study, which has so many, in ms; files are paths, or names with their bytes. */
export async function opening(page, files, slices) {
  const chosen = page.evaluate(
    () =>
      new Promise((resolve) => {
        document.querySelector('[data-open="files"]').addEventListener("change", () => resolve(performance.now()), {
          capture: true,
          once: true,
        });
      }),
  );
  await page.locator('[data-open="files"]').setInputFiles(files);
  const started = await chosen;
  await page.waitForFunction((of) => document.querySelector("[data-corner]")?.dataset.of === of, String(slices), { polling: "raf" });
  return (await page.evaluate(() => performance.now())) - started;
}

async function scrolling(page) {
  const [x, y] = await place(page, { width: SIDE, height: SIDE }, SIDE / 2, SIDE / 2);
  await page.mouse.move(x, y);
  return page.evaluate(async (frames) => {
    const canvas = document.querySelector('[data-view="main"]');
    const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const lengths = [];
    let last = await next();
    for (let frame = 0; frame < frames; frame++) {
      // Down to the end of the series and up again.
      const deltaY = frame < frames / 2 ? 100 : -100;
      canvas.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
      const now = await next();
      lengths.push(now - last);
      last = now;
    }
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    return { mean, worst: Math.max(...lengths), slow: lengths.filter((length) => length > 50).length };
  }, FRAMES);
}

/** Bytes that the browser's page processes hold, where the system says so. */
export async function resident(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  let sum = 0;
  for (const { id, type } of processInfo) {
    if (type !== "renderer") continue;
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => undefined);
    if (status === undefined) return undefined;
    sum += 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
  }
  return sum;
}
