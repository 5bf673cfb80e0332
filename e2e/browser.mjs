// A real browser on the built site: starting it, handing files over, reading what it shows.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";

export const SITE = process.env.SITE ?? "http://localhost:8080/";

/** How long anything on the page may take that has no time of its own, in milliseconds. */
const PATIENCE = 60_000;

/** The first byte of the messages that tests look for, as `protocol/tests/journey.rs` checks. */
export const MESSAGES = { SEGMENT: 10, REFINE: 11, READY: 3 };

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
  ...["quic", "background-networking", "component-update", "sync"].map((feature) => `--disable-${feature}`),
];

/** The program that BROWSER_PROGRAM names, headless. */
export async function launch() {
  return chromium.launch({ executablePath: which(process.env.BROWSER_PROGRAM ?? "chromium"), args: FLAGS });
}

/** A page of the site, with everything it complains of and asks for. */
export async function open(browser, { site = SITE, query = "", size = { width: 1440, height: 900 }, locale = "en-GB", route } = {}) {
  const context = await browser.newContext({ viewport: size, locale, acceptDownloads: true });
  // Others may be at work on this computer.
  context.setDefaultTimeout(PATIENCE);
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

/**
 * A gate between a question to the network and its answer, for `route`: each worker stops at it once for every question, with
 * the slice prepared and nothing computed, and lets messages in meanwhile, as it does between any two of its steps. It is
 * open at first.
 */
export function gated() {
  const stopped = [];
  const awaited = [];
  let open = true;
  let passes = 0;
  const through = () => {
    while (stopped.length && (open || passes > 0)) {
      if (!open) passes--;
      // A page that is closed meanwhile asks no more.
      stopped.shift().fulfill({ body: "" }).catch(() => {});
    }
    for (const { count, resolve } of awaited) if (count <= stopped.length) resolve();
  };
  const program = `{
    const wait = setTimeout;
    let asked = false;
    addEventListener("message", ({ data }) => (asked ||= [${MESSAGES.SEGMENT}, ${MESSAGES.REFINE}].includes(data[0][0])));
    self.setTimeout = (then, ms) => {
      if (!asked) return wait(then, ms);
      asked = false;
      fetch("./gate").then(() => wait(then, ms));
    };
  }`;
  return {
    async route(context) {
      await ahead(program)(context);
      await context.route("**/gate", (route) => {
        stopped.push(route);
        through();
      });
    },
    /** Stops every question from now on. */
    shut() {
      open = false;
      passes = 0;
    },
    /** Lets so many questions through a gate that is shut, those that are stopped first. */
    pass(count) {
      passes += count;
      through();
    },
    /** Lets all of them through. */
    open() {
      open = true;
      through();
    },
    /** Waits until so many questions are stopped at once, each of a worker of its own. */
    async stopped(count = 1) {
      await new Promise((resolve) => {
        awaited.push({ count, resolve });
        through();
      });
    },
  };
}

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
  await until(page, () => Boolean(document.querySelector("[data-page]")));
  await page.evaluate((contents) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of contents) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector("[data-page]").dispatchEvent(event);
  }, contents);
}

/** Waits for the answer to the slice on screen, and asks for it where that is no head, as phantoms are; its facts by name. */
export async function findings(page, timeout = 180_000) {
  const answered = () => {
    document.querySelector('[data-action="segment-doubted"]')?.click();
    return !document.querySelector("[data-running]") && Boolean(document.querySelector('[data-fact="presence"]'));
  };
  await until(page, answered, { timeout });
  return facts(page);
}

/** What the panel says, by name. */
export async function facts(page) {
  return page.evaluate(() =>
    Object.fromEntries([...document.querySelectorAll("[data-fact]")].map((e) => [e.dataset.fact, e.textContent.trim()])),
  );
}

/** Waits until every slice of the study on screen has its answer. */
export async function segmented(page, timeout = 120_000) {
  const all = () => {
    const { segmented, of } = document.querySelector('[data-fact="volume"]')?.dataset ?? {};
    return segmented !== undefined && segmented === of && !document.querySelector("[data-running]");
  };
  await until(page, all, { timeout });
}

/** Number of the slice on screen, and how many its study has. */
export async function onScreen(page) {
  return page.evaluate(() => {
    const { place, of } = document.querySelector("[data-corner]").dataset;
    return [place, of].map(Number);
  });
}

/** Waits until a slice is on screen, by its number and how many its study has. */
export async function arrived(page, [place, of]) {
  const there = ([place, of]) => {
    const shown = document.querySelector("[data-corner]")?.dataset;
    return Number(shown?.place) === place && Number(shown.of) === of;
  };
  await until(page, there, { given: [place, of] });
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
  const view = await box(page, '[data-view="main"]');
  const scale = Math.min(view.width / size.width, view.height / size.height);
  return [
    view.x + (view.width - size.width * scale) / 2 + (x + 0.5) * scale,
    view.y + (view.height - size.height * scale) / 2 + (y + 0.5) * scale,
  ];
}

// From here on a page is Playwright's.

/** Until what has changed is drawn and laid out, which is in the frame after. */
export const drawn = (page) =>
  page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(settled)))));

/** The canvas with the slice. */
export const view = (page) => page.locator('[data-view="main"]');

/** The button of a command. */
export const command = (page, id) => page.locator(`[data-command="${id}"]`);

/** The button of something that is no command. */
export const action = (page, id) => page.locator(`[data-action="${id}"]`);

/** What the network is computing, while it is. */
export const running = (page) => page.locator("[data-running]");

/** The marks of clicks on the slice. */
export const clicks = (page) => page.locator('[data-mark="click"]');

/** Paints a dab on a pixel of a whole slice. */
export async function dab(page, size, x, y) {
  await page.keyboard.press("b");
  await page.mouse.click(...(await place(page, size, x, y)));
}

/** Everything that is open, as pictures; a part of each: `data-pick`, `data-close`. */
export const thumbnails = (page, part) => page.locator(`[data-thumbnail]${part ? ` [${part}]` : ""}`);

/** Shows what is open at a place of the strip. */
export const pick = (page, at) => thumbnails(page, "data-pick").nth(at).click();

/** What the slice or study on screen is called. */
export const shown = (page) => page.locator("[data-shown]").getAttribute("data-shown");

/** Waits until something is on screen whose name has this in it. */
export const shows = (page, name) => page.locator(`[data-shown*="${name}"]`).waitFor();

/** Texts of all messages about what is on screen, also of those that are put away. */
export const messages = (page) => page.locator("[data-notice]").allTextContents();

/** Waits until there is a message with all of these words in it, or with `gone` until there is none; its text. */
export async function message(page, words, { timeout = PATIENCE, gone = false } = {}) {
  const has = (text) => [words].flat().every((part) => (part instanceof RegExp ? part.test(text) : text.includes(part)));
  for (const end = Date.now() + timeout; ; ) {
    const texts = await messages(page);
    const found = texts.find(has);
    if ((found === undefined) === gone) return found;
    if (Date.now() > end) throw new Error(`${words} ${gone ? "are" : "are not"} in the messages: ${texts.join(" | ")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Takes all messages off the screen. */
export async function dismissAll(page) {
  const button = page.locator('[data-notice] [data-dismiss="one"]');
  while (await button.count()) await button.first().click();
}

let last = 0;

/** Waits until the worker with the files has done what it was asked before: it then reads this one, which is no picture. */
export async function caughtUp(page) {
  const name = `last_${++last}.png`;
  await drop(page, [{ name, bytes: Buffer.from("after all that") }]);
  await message(page, name);
}

/** The mask on screen, as the page saves it: width, height and a boolean a pixel. */
export async function savedMask(page) {
  const { width, height, data } = PNG.sync.read((await saved(page, "mask")).bytes);
  return { width, height, pixels: Array.from({ length: width * height }, (_, at) => data[4 * at] > 127) };
}

/** A mask in a PNG file: a label, or what the native engine writes. */
export async function readLabel(path) {
  const { width, height, data } = PNG.sync.read(await readFile(path));
  return { width, height, pixels: Array.from({ length: width * height }, (_, at) => data[4 * at] > 127) };
}

/** The voxels of a NIfTI-1 file of 8 bit. */
export function voxels(file) {
  const bytes = gunzipSync(file);
  const size = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  return { size, values: bytes.subarray(bytes.readFloatLE(108)) };
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

/** Whether two masks mark the same pixels. */
export const same = (a, b) => a.pixels.every((marked, at) => marked === b.pixels[at]);

/** Dice of two masks; 1 where both are empty. */
export function dice(a, b) {
  if (a.width !== b.width || a.height !== b.height) throw new Error("masks of different sizes");
  const both = a.pixels.filter((marked, at) => marked && b.pixels[at]).length;
  const sum = [a, b].reduce((sum, mask) => sum + mask.pixels.filter(Boolean).length, 0);
  return sum === 0 ? 1 : (2 * both) / sum;
}

/** When each page saved a file, in ms. */
const savings = new WeakMap();
/** Chromium drops what a page saves beyond ten files in a short while. */
const FILES_AT_ONCE = 9;
const A_WHILE_MS = 12_000;

/** The bytes that a button saves, which may be folded away. */
export async function saved(page, what) {
  const times = savings.get(page) ?? [];
  savings.set(page, times);
  const early = A_WHILE_MS - (Date.now() - (times.at(-FILES_AT_ONCE) ?? 0));
  if (early > 0) await page.waitForTimeout(early);
  times.push(Date.now());
  const button = page.locator(`[data-save="${what}"]`);
  if (!(await button.isVisible())) await page.locator('[data-panel="more-formats"] summary').click();
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Prints the report of what is on screen, without a printer; what the page is called meanwhile. */
export async function print(page, comments) {
  await page.evaluate(() => {
    window.printedAs = null;
    window.print = () => (window.printedAs = document.title);
  });
  await page.locator('[data-save="report"]').click();
  if (comments !== undefined) await page.locator('[data-field="comments"]').fill(comments);
  await action(page, "print").click();
  await page.waitForFunction(() => window.printedAs);
  return page.evaluate(() => window.printedAs);
}

/** Where a program lies. */
export function which(program) {
  return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}
