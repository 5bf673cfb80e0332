// The main job in the other engines: Firefox, and WebKit for Safari. What they compute is what Chromium computes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SITE, arrived, box, drop, findings, place, readLabel, segmented, until } from "./browser.mjs";
import { firefox, webkit } from "./engines.mjs";

const SLICE = "TCGA_CS_4941_19960909_13";
const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const SIZE = { width: 256, height: 256 };
/** What the shipped model reaches on the slice and on its patient, less a margin for the outline. */
const AGAINST_LABEL = 0.85;
/** Engines may round differently: this share of the mask's pixels may tip over. */
const TIPPED = 0.001;

const area = async (page) => parseInt((await findings(page)).area);

/** Drags along pixels of the slice; a single one is clicked. */
async function drag(page, path) {
  await page.drag(await Promise.all(path.map(([x, y]) => place(page, SIZE, x, y))));
}

/** Presses the button of a command. */
async function push(page, id) {
  const { x, y, width, height } = await box(page, `[data-command="${id}"]`);
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
        await page.goto(SITE);
        assert.equal(await until(page, () => document.querySelector("[data-device]")?.dataset.device), "CPU");
        await drop(page, [`public/samples/${SLICE}.webp`, `public/samples/${SLICE}_mask.png`]);
        const found = await findings(page);
        assert.ok(parseFloat(found.dice) >= AGAINST_LABEL, `Dice ${found.dice}`);
        const native = (await readLabel(`target/native-masks/${SLICE}_mask.png`)).pixels.filter(Boolean).length;
        const first = await area(page);
        assert.ok(Math.abs(first - native) <= TIPPED * native, `${first} px, natively ${native} px`);

        const before = await box(page, '[data-panel="viewer"]');
        await page.press("b");
        await until(page, () => document.querySelector('[data-view="main"]').dataset.tool === "brush");
        assert.deepEqual(await box(page, '[data-panel="viewer"]'), before, "the brush's slider does not move the slice");
        await drag(page, [[20, 20], [40, 20], [60, 20]]);
        const painted = await area(page);
        assert.ok(painted > first + 40, `painted: ${first} to ${painted} px`);
        await push(page, "undo");
        assert.equal(await area(page), first);

        await page.press("c");
        await drag(page, [[20, 20]]);
        await until(page, (first) => parseInt(document.querySelector('[data-fact="area"]').textContent) !== first, {
          given: first,
        });
        assert.ok((await area(page)) > first, "the clicked pixel is tumour");

        await drop(page, ["t1_pre", "flair", "t1_post", "seg"].map((part) => `${PATIENT}_${part}.nii.gz`));
        await arrived(page, [12, 23]);
        await findings(page);
        // With a helper, whatever this computer has.
        await page.evaluate(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 4 }) && true);
        await push(page, "whole-volume");
        await segmented(page);
        assert.ok(parseFloat((await findings(page)).dice) >= AGAINST_LABEL);
      } finally {
        await page.close();
      }
    });
  });
}
