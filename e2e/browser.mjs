// A real browser on the built site: starting it, handing files over, reading what it shows.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";

export const SITE = process.env.SITE ?? "http://localhost:8080/";

/** Whether WebGPU is to run on the computer's graphics card; otherwise it runs on Chromium's own software adapter. */
export const GRAPHICS_CARD = Boolean(process.env.GRAPHICS_CARD);
const ADAPTER = GRAPHICS_CARD
  ? ["--use-angle=vulkan", "--use-vulkan=native", "--disable-vulkan-surface", "--ignore-gpu-blocklist"]
  : ["--use-webgpu-adapter=swiftshader"];
const FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  ...ADAPTER,
  "--enable-features=Vulkan",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The program that BROWSER_PROGRAM names, headless. */
export async function launch() {
  return chromium.launch({ executablePath: which(process.env.BROWSER_PROGRAM ?? "chromium"), args: FLAGS });
}

/** A page of the site, with everything it complains of and asks for. */
export async function open(browser, { site = SITE, query = "", size = { width: 1440, height: 900 }, route } = {}) {
  const context = await browser.newContext({ viewport: size, acceptDownloads: true });
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => requests.push(request.url()));
  if (route) await route(context);
  await page.goto(site + query);
  return { page, context, complaints, requests };
}

/** A page of the site on the CPU, ready, with these files dropped. */
export async function openWith(browser, files, options = {}) {
  const opened = await open(browser, { query: "?device=cpu", ...options });
  await ready(opened.page);
  if (files.length) await drop(opened.page, files);
  return opened;
}

/** Puts a program in front of the worker's. */
export const ahead = (program) => (context) =>
  context.route("**/worker-boot.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${program}\n${await response.text()}` });
  });

/** Draws out each of a worker's breaths, which let messages in between two steps, by so many milliseconds. */
export const slowed = (ms) => ahead(`{ const wait = setTimeout; self.setTimeout = (then, ms) => wait(then, ms + ${ms}); }`);

/** Lets the page find a computer with so many cores, and memory enough. */
export const computer = (cores) => (context) =>
  context.addInitScript((cores) => {
    Object.defineProperty(navigator, "hardwareConcurrency", { value: cores });
    Object.defineProperty(navigator, "deviceMemory", { value: 8 });
  }, cores);

/** Waits until the engine stands; the device it stands on. */
export async function ready(page, timeout = 180_000) {
  const lamp = page.locator("[data-device]");
  await lamp.waitFor({ timeout });
  return lamp.getAttribute("data-device");
}

// From here to `place` a page is anything with `evaluate`: Playwright's, or one of engines.mjs.

/** What holds in the page sooner or later. */
export async function until(page, what, { given, timeout = 120_000 } = {}) {
  for (const end = Date.now() + timeout; ; ) {
    const value = await page.evaluate(what, given);
    if (value) return value;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Drops files anywhere on the page, in one go; a file is a path or a name with its bytes. */
export async function drop(page, files) {
  const contents = await Promise.all(
    files.map(async (file) =>
      typeof file === "string"
        ? { name: basename(file), base64: (await readFile(file)).toString("base64") }
        : { name: file.name, base64: Buffer.from(file.bytes).toString("base64") },
    ),
  );
  await until(page, () => Boolean(document.querySelector(".page")));
  await page.evaluate((contents) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of contents) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector(".page").dispatchEvent(event);
  }, contents);
}

/** Waits for the answer to the slice on screen; its facts by name. */
export async function findings(page, timeout = 180_000) {
  const answered = () => !document.querySelector(".running") && Boolean(document.querySelector('[data-fact="presence"]'));
  await until(page, answered, { timeout });
  return facts(page);
}

/** What the panel says, by name. */
export async function facts(page) {
  return page.evaluate(() =>
    Object.fromEntries([...document.querySelectorAll("[data-fact]")].map((e) => [e.dataset.fact, e.textContent.trim()])),
  );
}

/** Where the first such element lies on the page. */
export async function box(page, selector) {
  return page.evaluate((selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return { x, y, width, height };
  }, selector);
}

/** Where the middle of a pixel of a whole slice lies on the page. */
export async function place(page, size, x, y) {
  const view = await box(page, ".viewer canvas");
  const scale = Math.min(view.width / size.width, view.height / size.height);
  return [
    view.x + (view.width - size.width * scale) / 2 + (x + 0.5) * scale,
    view.y + (view.height - size.height * scale) / 2 + (y + 0.5) * scale,
  ];
}

/** The mask on screen, as the page saves it: width, height and a boolean a pixel. */
export async function savedMask(page) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save mask" }).click(),
  ]);
  const { width, height, data } = PNG.sync.read(await readFile(await download.path()));
  return { width, height, pixels: Array.from({ length: width * height }, (_, at) => data[4 * at] > 127) };
}

/** A mask in a PNG file: a label, or what the native engine writes. */
export async function readLabel(path) {
  const { width, height, data } = PNG.sync.read(await readFile(path));
  return { width, height, pixels: Array.from({ length: width * height }, (_, at) => data[4 * at] > 127) };
}

/** The pixel farthest inside the region where `wrong` holds, by the distance to the nearest pixel where it does not. */
function deepest({ width, height }, wrong) {
  let best = { depth: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!wrong(x, y)) continue;
      let depth = 1;
      const square = (d) => {
        for (let v = y - d; v <= y + d; v++) for (let u = x - d; u <= x + d; u++) if (!wrong(u, v)) return false;
        return true;
      };
      while (square(depth)) depth++;
      if (depth > best.depth) best = { depth, x, y };
    }
  }
  return best;
}

/** The deepest point of the larger error of a mask, and whether tumour was missed there. */
export function deepestError(mask, label) {
  const errors = [true, false].map((missed) => ({
    missed,
    ...deepest(mask, (x, y) => marked(label, x, y) === missed && marked(mask, x, y) === !missed),
  }));
  return errors[0].depth >= errors[1].depth ? errors[0] : errors[1];
}

/** Whether a pixel of a mask is tumour. */
export const marked = (mask, x, y) => mask.pixels[y * mask.width + x];

/** Dice of two masks; 1 where both are empty. */
export function dice(a, b) {
  if (a.width !== b.width || a.height !== b.height) throw new Error("masks of different sizes");
  const both = a.pixels.filter((marked, at) => marked && b.pixels[at]).length;
  const sum = [a, b].reduce((sum, mask) => sum + mask.pixels.filter(Boolean).length, 0);
  return sum === 0 ? 1 : (2 * both) / sum;
}

/** Where a program lies. */
export function which(program) {
  return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}
