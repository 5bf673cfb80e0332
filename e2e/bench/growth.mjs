// How cost grows: with slices, with pixels, with studies that are open, with clicks and with minutes of use. Prints times and memory, and
// draws both in one picture. By itself: `node e2e/bench/growth.mjs`, with the addresses of site and browser as for the browser tests.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { command, computer, drop, findings, launch, open, place, ready, segmented, shows, thumbnails } from "../browser.mjs";
import { opening, resident } from "./study.mjs";

const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const SEQUENCES = ["t1_pre", "flair", "t1_post"];
const PICTURE = "docs/pictures/growth.svg";
const SIZE = { width: 256, height: 256 };

const SLICES = [23, 46, 92, 184, 368];
const SIDES = [128, 256, 512, 1024];
const STUDIES = 8;
const CLICKS = [1, 10, 50, 100, 200, 350, 500];
/** Clicks whose mean stands for a number of clicks. */
const COUNTED = 10;
const MINUTES = 3;
/** Cores that the browser is told of, so that a volume has one as clicks do. */
const CORES = 2;
/** A study that was closed can be had back for ten seconds. */
const FORGOTTEN_MS = 13_000;

/** Measures all curves and draws them. */
export async function growth(browser) {
  console.log("\nhow cost grows, three sequences, on the CPU");
  const curves = [
    await alongSizes(browser, "slices of 256 × 256", SLICES, (slices) => ({ side: 256, slices })),
    await alongSizes(browser, "pixels along a side, 23 slices", SIDES, (side) => ({ side, slices: 23 })),
    await alongStudies(browser),
    await alongClicks(browser),
    await alongMinutes(browser),
  ];
  await writeFile(PICTURE, drawn(curves));
  console.log(`drawn in ${PICTURE}`);
}

/** From a click at a place of the page to its mask, in ms. */
export async function clicked(page, at) {
  await page.evaluate(() => {
    globalThis.answer = new Promise((resolve) => {
      addEventListener("pointerup", () => {
        const started = performance.now();
        const look = () => (document.querySelector("[data-running]") ? requestAnimationFrame(look) : resolve(performance.now() - started));
        requestAnimationFrame(look);
      }, { once: true });
    });
  });
  await page.mouse.click(...at);
  return page.evaluate(() => globalThis.answer);
}

/** Opening, segmenting and closing one study, of several sizes, each in a page of its own. */
async function alongSizes(browser, along, values, size) {
  const curve = { along, times: { opening: [], "all masks": [] }, memory: { open: [], closed: [] } };
  for (const value of values) {
    const { page, context } = await open(browser, { query: "?device=cpu", route: computer(CORES) });
    await ready(page);
    const { side, slices } = size(value);
    const before = await held(browser, page);
    const files = await grown("a", side, slices);
    curve.times.opening.push([value, await opening(page, files, slices)]);
    await findings(page);
    const started = performance.now();
    await command(page, "whole-volume").click();
    await segmented(page, 600_000);
    curve.times["all masks"].push([value, performance.now() - started]);
    curve.memory.open.push([value, (await held(browser, page)) - before]);
    await closeAll(page);
    curve.memory.closed.push([value, (await held(browser, page)) - before]);
    await context.close();
  }
  return said(curve);
}

/** Studies that stay open beside each other, until all are closed; then one more. */
async function alongStudies(browser) {
  const curve = { along: "studies that are open", times: { opening: [] }, memory: { open: [], "closed, one opened": [] } };
  const { page, context } = await open(browser, { query: "?device=cpu", route: computer(CORES) });
  await ready(page);
  const before = await held(browser, page);
  const another = async (number) => {
    const name = `study${number}`;
    const files = await grown(name, 256, 23);
    const started = performance.now();
    await drop(page, files);
    await shows(page, name);
    const passed = performance.now() - started;
    await findings(page);
    return passed;
  };
  for (let number = 1; number <= STUDIES; number++) {
    curve.times.opening.push([number, await another(number)]);
    curve.memory.open.push([number, (await held(browser, page)) - before]);
  }
  await closeAll(page);
  curve.memory["closed, one opened"].push([0, (await held(browser, page)) - before]);
  await another(STUDIES + 1);
  curve.memory["closed, one opened"].push([1, (await held(browser, page)) - before]);
  await context.close();
  return said(curve);
}

/** Clicks on one slice, all of them in its history, with the tumour's and the background's by turns. */
async function alongClicks(browser) {
  const curve = { along: "clicks on a slice", times: { click: [], undo: [] }, memory: { open: [] } };
  const { page, context } = await open(browser, { query: "?device=cpu", route: computer(CORES) });
  await ready(page);
  await drop(page, await grown("clicks", 256, 23));
  await findings(page);
  const before = await held(browser, page);
  const times = [];
  for (let number = 1; number <= CLICKS.at(-1); number++) {
    await page.keyboard.press(number % 2 ? "c" : "x");
    // Steps that meet no place twice, over the middle of the head.
    const [x, y] = [80 + ((number * 37) % 97), 80 + ((number * 53) % 101)];
    times.push(await clicked(page, await place(page, SIZE, x, y)));
    if (!CLICKS.includes(number)) continue;
    const last = times.slice(-COUNTED);
    curve.times.click.push([number, last.reduce((sum, time) => sum + time, 0) / last.length]);
    curve.memory.open.push([number, (await held(browser, page)) - before]);
    const started = performance.now();
    await command(page, "undo").click();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    curve.times.undo.push([number, performance.now() - started]);
    await command(page, "redo").click();
  }
  await context.close();
  return said(curve);
}

/** A study that is scrolled, windowed and corrected over and over. */
async function alongMinutes(browser) {
  const curve = { along: "minutes of use", times: { click: [], "a slice further": [] }, memory: { open: [] } };
  const { page, context } = await open(browser, { query: "?device=cpu", route: computer(CORES) });
  await ready(page);
  await drop(page, await grown("minutes", 256, 23));
  await findings(page);
  await command(page, "whole-volume").click();
  await segmented(page);
  const before = await held(browser, page);
  const started = Date.now();
  for (let number = 1, next = 0.5; next <= MINUTES; number++) {
    await page.keyboard.press("c");
    const click = await clicked(page, await place(page, SIZE, 90 + ((number * 37) % 70), 90 + ((number * 53) % 70)));
    await page.keyboard.press("Control+z");
    const further = await page.evaluate(async () => {
      const canvas = document.querySelector('[data-view="main"]');
      const lengths = [];
      for (let step = 0; step < 40; step++) {
        const started = performance.now();
        canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: step < 20 ? 100 : -100, bubbles: true, cancelable: true }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
        lengths.push(performance.now() - started);
      }
      return lengths.toSorted((a, b) => a - b)[20];
    });
    if ((Date.now() - started) / 60_000 < next) continue;
    curve.times.click.push([next, click]);
    curve.times["a slice further"].push([next, further]);
    curve.memory.open.push([next, (await held(browser, page)) - before]);
    next += 0.5;
  }
  await context.close();
  return said(curve);
}

/** A study of the sample's sequences with so many pixels along each side and so many slices. */
async function grown(name, side, slices) {
  return Promise.all(
    SEQUENCES.map(async (sequence) => {
      const bytes = gunzipSync(await readFile(`${PATIENT}_${sequence}.nii.gz`));
      const start = bytes.readFloatLE(108);
      const [width, height, depth] = [42, 44, 46].map((at) => bytes.readInt16LE(at));
      const each = bytes.readInt16LE(72) / 8;
      const header = Buffer.from(bytes.subarray(0, start));
      [side, side, slices].forEach((count, axis) => header.writeInt16LE(count, 42 + 2 * axis));
      [(240 / side), (240 / side), 5].forEach((mm, axis) => header.writeFloatLE(mm, 80 + 4 * axis));
      header.writeUInt8(2, 123);
      header.writeInt16LE(0, 252);
      header.writeInt16LE(0, 254);
      const voxels = Buffer.alloc(side * side * slices * each);
      for (let z = 0, to = 0; z < slices; z++) {
        for (let y = 0; y < side; y++) {
          const row = start + ((z % depth) * height + Math.floor((y * height) / side)) * width * each;
          for (let x = 0; x < side; x++, to += each) {
            const from = row + Math.floor((x * width) / side) * each;
            bytes.copy(voxels, to, from, from + each);
          }
        }
      }
      return { name: `${name}_${sequence}.nii.gz`, mimeType: "application/gzip", ...both(gzipSync(Buffer.concat([header, voxels]), { level: 1 })) };
    }),
  );
}

/** Bytes under the names that a drop and a choice of files have for them. */
const both = (bytes) => ({ bytes, buffer: bytes });

/** Closes everything, until it cannot be had back. */
async function closeAll(page) {
  const close = thumbnails(page, "data-close");
  while (await close.count()) await close.first().click();
  await page.waitForTimeout(FORGOTTEN_MS);
}

/** Megabytes that the page and its workers hold once nobody holds what is done with. */
async function held(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.detach();
  await page.waitForTimeout(1000);
  return (await resident(browser)) / 1e6;
}

/** How a quantity grows with another: 1 is in proportion to it, 0 not at all; between the two largest of it. */
function power(points) {
  const [[x, y], [u, v]] = points.slice(-2);
  return Math.log(Math.max(v, 1) / Math.max(y, 1)) / Math.log(u / x);
}

/** Prints a curve. */
function said(curve) {
  console.log(`  ${curve.along}`);
  for (const [unit, lines] of [["ms", curve.times], ["MB", curve.memory]]) {
    for (const [name, points] of Object.entries(lines)) {
      const values = points.map(([x, y]) => `${x}: ${y.toFixed(unit === "ms" && y < 100 ? 1 : 0)}`).join("   ");
      const grows = points.length > 2 ? `   (power ${power(points).toFixed(2)})` : "";
      console.log(`    ${name.padEnd(20)} ${unit}   ${values}${grows}`);
    }
  }
  return curve;
}

/** The curves as an SVG: a column for each, times above and memory below. */
function drawn(curves) {
  const [wide, high, gap, left, top] = [210, 150, 62, 56, 44];
  const inks = ["#0b6fb8", "#b3541e"];
  const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 1, useGrouping: false });
  const parts = curves.flatMap(({ along, times, memory }, column) =>
    [["ms", times], ["MB", memory]].map(([unit, lines], row) => {
      const [x0, y0] = [left + column * (wide + gap), top + row * (high + 74)];
      const points = Object.values(lines).flat();
      const most = (axis) => Math.max(...points.map((point) => point[axis]), 1);
      const [right, up] = [most(0), most(1)];
      const at = ([x, y]) => `${(x0 + (x / right) * wide).toFixed(1)},${(y0 + high - (Math.max(y, 0) / up) * high).toFixed(1)}`;
      const drawnLines = Object.entries(lines).map(([name, line], ink) => `
    <polyline points="${line.map(at).join(" ")}" fill="none" stroke="${inks[ink]}" stroke-width="2"/>
    ${line.map((point) => `<circle cx="${at(point).split(",")[0]}" cy="${at(point).split(",")[1]}" r="3" fill="${inks[ink]}"/>`).join("")}
    <text x="${x0 + 8}" y="${y0 - 8 - 14 * (Object.keys(lines).length - 1 - ink)}" fill="${inks[ink]}">${name}</text>`);
      return `
  <g>
    <path d="M${x0},${y0}V${y0 + high}H${x0 + wide}" fill="none" stroke="#555"/>
    <text x="${x0 - 6}" y="${y0 + 5}" text-anchor="end">${number(up)}</text>
    <text x="${x0 - 6}" y="${y0 + high}" text-anchor="end">0 ${unit}</text>
    <text x="${x0 + wide}" y="${y0 + high + 16}" text-anchor="end">${number(right)}</text>
    <text x="${x0}" y="${y0 + high + 32}">${along}</text>${drawnLines.join("")}
  </g>`;
    }),
  );
  const [width, height] = [left + curves.length * (wide + gap), top + 2 * (high + 74)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">
  <rect width="100%" height="100%" fill="#fff"/>${parts.join("")}
</svg>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const browser = await launch();
  await growth(browser);
  await browser.close();
}
