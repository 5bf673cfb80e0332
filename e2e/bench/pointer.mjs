// From the pointer's movement to the frame that shows it, while the network runs. By itself: `node e2e/bench/pointer.mjs`, with
// the addresses of site and browser as for the browser tests.

import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { drop, findings, launch, open, place, ready } from "../browser.mjs";

const SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";
const SIZE = { width: 256, height: 256 };
const STROKES = 8;
/** Runs by itself, each in a page of its own. */
const RUNS = 5;

const sorted = (values) => values.toSorted((a, b) => a - b);

/** Paints strokes over a slice that is being segmented again and again; writes rows by `row`, and gives the median in ms. */
export async function pointer(browser, device, row) {
  const { page, context } = await open(browser, { query: `?device=${device}` });
  await ready(page, 400_000);
  await drop(page, [SLICE]);
  await findings(page, 400_000);
  await page.evaluate(() => {
    globalThis.frames = [];
    addEventListener("pointermove", (event) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        // Served after the frame is drawn.
        channel.port1.onmessage = () => {
          if (document.querySelector("[data-running]")) globalThis.frames.push(performance.now() - event.timeStamp);
        };
        channel.port2.postMessage(0);
      });
    }, { capture: true });
  });
  for (let stroke = 0; stroke < STROKES; stroke++) {
    await page.keyboard.press("c");
    await page.mouse.click(...(await place(page, SIZE, 30 + 20 * stroke, 40)));
    await page.keyboard.press("b");
    await page.mouse.move(...(await place(page, SIZE, 20, 180)));
    await page.mouse.down();
    for (let x = 20; x < 220; x += 4) await page.mouse.move(...(await place(page, SIZE, x, 180 + 3 * stroke)));
    await page.mouse.up();
  }
  const frames = sorted(await page.evaluate(() => globalThis.frames));
  await context.close();
  const median = frames[frames.length >> 1];
  row(median, `from pointer to frame while the network runs, median of ${frames.length} (bar: 16)`);
  row(frames[Math.floor(0.95 * frames.length)], "95 % of them within");
  return median;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const row = (value, name) => console.log(`  ${value.toFixed(1).padStart(10)} ms  ${name}`);
  const browser = await launch();
  const medians = [];
  for (let run = 0; run < RUNS; run++) medians.push(await pointer(browser, "cpu", row));
  await browser.close();
  row(sorted(medians)[RUNS >> 1], `median of ${RUNS} runs, load of the machine ${loadavg()[0].toFixed(1)}`);
}
