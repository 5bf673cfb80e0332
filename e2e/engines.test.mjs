// The main job in the other engines: Firefox, and WebKit for Safari. What they compute is what Chromium computes.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { SITE, readPgm } from "./browser.mjs";
import { firefox, webkit } from "./engines.mjs";

const SLICE = "TCGA_CS_4941_19960909_13";
const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const SIZE = { width: 256, height: 256 };
/** What the shipped model reaches on the slice and on its patient, less a margin for the outline. */
const AGAINST_LABEL = 0.85;
/** Engines may round differently: this share of the mask's pixels may tip over. */
const TIPPED = 0.001;

/** What holds in the page sooner or later. */
async function until(page, what, ...given) {
  for (const end = Date.now() + 120_000; ; ) {
    const value = await page.evaluate(what, ...given);
    if (value) return value;
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function drop(page, paths) {
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), base64: (await readFile(path)).toString("base64") })),
  );
  await page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of files) {
      dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    }
    document.querySelector(".page").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, files);
}

/** What the panel says of the slice on screen, by name, once the network has answered. */
const findings = (page) =>
  until(page, () => {
    const facts = [...document.querySelectorAll("[data-fact]")].map((e) => [e.dataset.fact, e.textContent.trim()]);
    return !document.querySelector(".running") && facts.length > 0 && Object.fromEntries(facts);
  });

const area = async (page) => parseInt((await findings(page)).area);

const box = (page, selector) =>
  page.evaluate((selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return { x, y, width, height };
  }, selector);

/** Drags along pixels of the slice; a single one is clicked. */
async function drag(page, path) {
  const { x, y, width, height } = await box(page, ".viewer canvas");
  const scale = Math.min(width / SIZE.width, height / SIZE.height);
  const [left, top] = [x + (width - SIZE.width * scale) / 2, y + (height - SIZE.height * scale) / 2];
  await page.drag(path.map(([x, y]) => [left + (x + 0.5) * scale, top + (y + 0.5) * scale]));
}

async function push(page, name) {
  const { x, y, width, height } = await page.evaluate((name) => {
    const button = [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === name);
    const { x, y, width, height } = button.getBoundingClientRect();
    return { x, y, width, height };
  }, name);
  await page.drag([[x + width / 2, y + height / 2]]);
}

for (const [name, program, launch] of [
  ["Firefox", process.env.FIREFOX_PROGRAM, firefox],
  ["WebKit", process.env.WEBKIT_DRIVER, webkit],
]) {
  describe(`in ${name}`, { skip: program ? false : `${name} is not on this machine` }, () => {
    test("a slice and a study get their masks, and click, brush and undo change them", { timeout: 300_000 }, async () => {
      const page = await launch(program);
      try {
        await page.goto(`${SITE}?device=cpu`);
        assert.equal(await until(page, () => document.querySelector("[data-device]")?.dataset.device), "CPU");
        await drop(page, [`public/samples/${SLICE}.webp`, `public/samples/${SLICE}_mask.png`]);
        const found = await findings(page);
        assert.ok(parseFloat(found.dice) >= AGAINST_LABEL, `Dice ${found.dice}`);
        const native = (await readPgm(`target/native-masks/${SLICE}_mask.pgm`)).pixels.filter(Boolean).length;
        const first = await area(page);
        assert.ok(Math.abs(first - native) <= TIPPED * native, `${first} px, natively ${native} px`);

        const before = await box(page, ".viewer");
        await page.press("b");
        await until(page, () => document.querySelector(".viewer canvas").dataset.tool === "brush");
        assert.deepEqual(await box(page, ".viewer"), before, "the brush's slider does not move the slice");
        await drag(page, [[20, 20], [40, 20], [60, 20]]);
        const painted = await area(page);
        assert.ok(painted > first + 40, `painted: ${first} to ${painted} px`);
        await push(page, "Undo");
        assert.equal(await area(page), first);

        await page.press("c");
        await drag(page, [[20, 20]]);
        await until(page, (first) => parseInt(document.querySelector('[data-fact="area"]').textContent) !== first, first);
        assert.ok((await area(page)) > first, "the clicked pixel is tumour");

        await drop(page, ["t1_pre", "flair", "t1_post", "seg"].map((part) => `${PATIENT}_${part}.nii.gz`));
        await until(page, () => /Slice 12 of 23/.test(document.querySelector(".corner")?.textContent));
        await findings(page);
        await push(page, "Whole volume");
        await until(page, () => /All 23 slices are segmented/.test(document.body.innerText));
        assert.ok(parseFloat((await findings(page)).dice) >= AGAINST_LABEL);
      } finally {
        await page.close();
      }
    });
  });
}
