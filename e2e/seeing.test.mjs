// What a reader of images takes for granted: the number under the pointer, a scale, windows by the mouse, and room for a finger.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { box, clicks, drawn as settled, findings, launch, openWith, place, until } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";

const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((part) => `public/samples/TCGA_CS_4941_19960909_${part}.nii.gz`);
const SIZE = { width: 256, height: 256 };
/** Millimetres between columns and rows, and slices. */
const SPACING = [0.5, 0.5, 5];
const SIZES = [[1440, 900], [1280, 600], [844, 390], [390, 844]];
/** Least side of what a finger has to hit, in px (WCAG 2.5.5). */
const FINGER_PX = 44;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The canvas of a view as a sum of its numbers, which any change of its window changes. */
const drawn = (page, name) =>
  page.evaluate((name) => {
    const canvas = document.querySelector(`[data-view="${name}"]`);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value, at) => (sum + value * ((at % 251) + 1)) % 1_000_000_007, 0);
  }, name);

/** How far the greys of the head are from their mean, in the main view. */
const spread = (page) =>
  page.evaluate(() => {
    const canvas = document.querySelector('[data-view="main"]');
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0.35 * width, 0.35 * height, 0.3 * width, 0.3 * height);
    const greys = Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]).filter((_, at) => data[4 * at] === data[4 * at + 2]);
    const mean = greys.reduce((sum, grey) => sum + grey, 0) / greys.length;
    return Math.sqrt(greys.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / greys.length);
  });

test("the number under the pointer is the file's, and a bar of so many millimetres is as long on the slice", { timeout: 120_000 }, async () => {
  const files = await sampleStudy(SPACING);
  const { page, context, complaints } = await openWith(browser, files);
  await findings(page);
  const [x, y] = [108, 105];
  const stored = files.map(({ bytes }) => bytes.readUInt16LE(bytes.length - 2 * SIZE.width * SIZE.height + 2 * (y * SIZE.width + x)));
  const [left, top] = await place(page, SIZE, x, y);
  await page.mouse.move(left, top);
  const probe = await page.locator("[data-probe]").textContent();
  assert.match(probe, new RegExp(`column ${x + 1}, row ${y + 1}:`), "and where that is, counted from 1");
  const at = Number(await page.locator("[data-corner]").getAttribute("data-place"));
  const value = [stored[at - 1], stored[files.length - at]].find((value) => new RegExp(`(^|\\D)${value}(\\D|$)`).test(probe));
  assert.ok(value > 0, `${probe}: neither ${stored[at - 1]} nor ${stored[files.length - at]}`);

  const bar = page.locator("[data-scale-mm]");
  const mm = Number(await bar.getAttribute("data-scale-mm"));
  const [from, to] = [await place(page, SIZE, 0, 0), await place(page, SIZE, 100, 0)];
  const pxPerMm = (to[0] - from[0]) / (100 * SPACING[0]);
  const { width } = await bar.boundingBox();
  assert.ok(mm > 0 && Math.abs(width - mm * pxPerMm) <= 1.5, `${mm} mm are ${width} px, ${mm * pxPerMm} px on the slice`);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a drag with the right button changes the window and says nothing to the network", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, STUDY);
  await findings(page);
  await page.keyboard.press("v");
  const [x, y] = await place(page, SIZE, 128, 128);
  const first = await drawn(page, "main");
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(x + 40, y + 25, { steps: 4 });
  await page.mouse.up({ button: "right" });
  await until(page, () => document.querySelector('[data-menu="window"]').value !== "window-auto");
  const windowed = await drawn(page, "main");
  assert.notEqual(windowed, first);
  assert.equal(await clicks(page).count(), 0, "no prompt");

  // Each sequence has a window of its own.
  const menu = page.locator('[data-menu="window"]');
  await page.locator('[data-show="pre"]').click();
  await until(page, () => document.querySelector('[data-menu="window"]').value === "window-auto");
  await page.locator('[data-show="flair"]').click();
  await until(page, () => document.querySelector('[data-menu="window"]').value !== "window-auto");

  // Presets, by the spread of the greys that are shown.
  const sums = {};
  for (const preset of ["window-full", "window-low", "window-high", "window-auto"]) {
    await menu.selectOption(preset);
    await until(page, (preset) => document.querySelector('[data-menu="window"]').value === preset, { given: preset });
    await settled(page);
    sums[preset] = await spread(page);
  }
  assert.ok(sums["window-high"] > sums["window-auto"] && sums["window-auto"] > sums["window-low"], JSON.stringify(sums));
  assert.ok(sums["window-auto"] > sums["window-full"], JSON.stringify(sums));

  assert.deepEqual(complaints, []);
  await context.close();
});

for (const [width, height] of SIZES) {
  test(`what is saved is asked for in the window, on ${width} × ${height}`, { timeout: 120_000 }, async () => {
    const { page, context } = await openWith(browser, STUDY, { size: { width, height } });
    await findings(page);
    const panel = page.locator('[data-panel="saving"]');
    await panel.waitFor();
    // Upright, a phone has the image and its result above; a button among the tools leads there.
    const leads = page.locator('[data-action="to-saving"]');
    assert.equal(await leads.isVisible(), height > width);
    if (height > width) await leads.click();
    await until(page, (height) => {
      const { y } = document.querySelector('[data-panel="saving"]').getBoundingClientRect();
      return y >= 0 && y < height;
    }, { given: height });

    if (Math.min(width, height) < 400) {
      const small = await page.evaluate((least) => {
        const targets = document.querySelectorAll("[data-command], [data-panel='saving'] button, [data-panel='top-bar'] button");
        const shown = [...targets].filter((target) => target.checkVisibility());
        const measured = shown.map((target) => [target.dataset.command ?? target.dataset.action ?? target.textContent, target.getBoundingClientRect()]);
        return measured.filter(([, { width, height }]) => Math.min(width, height) < least - 0.5).map(([name, { width, height }]) => `${name} ${width} × ${height}`);
      }, FINGER_PX);
      assert.deepEqual(small, []);
    }
    await context.close();
  });
}
