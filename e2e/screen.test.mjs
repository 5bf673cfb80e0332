// The screen: how much of it the image gets, the window at which a slice opens, layouts, and keys to the slices with tumour.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { action, arrived, box, command, findings, launch, onScreen, openWith, place, segmented, until } from "./browser.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const FLAIR = "public/samples/TCGA_CS_4941_19960909_flair.nii.gz";

/** Waits until the window is that of a command. */
async function windowIs(page, name) {
  const menu = page.locator('[data-menu="window"]');
  for (const end = Date.now() + 20_000; (await menu.inputValue()) !== name; ) assert.ok(Date.now() < end, `never ${name}`);
}

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Brightness of the canvas at a pixel of the slice, 0 to 255. */
async function brightness(page, size, x, y) {
  const [left, top] = await place(page, size, x, y);
  const view = await box(page, '[data-view="main"]');
  return page.evaluate(
    ({ x, y }) => {
      const canvas = document.querySelector('[data-view="main"]');
      const scale = canvas.width / canvas.clientWidth;
      return canvas.getContext("2d").getImageData(x * scale, y * scale, 1, 1).data[1];
    },
    { x: left - view.x, y: top - view.y },
  );
}

describe("the image", () => {
  for (const [width, height, least] of [[1440, 900, 700], [1280, 600, 480], [844, 390, 300], [390, 844, 380]]) {
    test(`has at least ${least} px of height on ${width} × ${height}`, { timeout: 120_000 }, async () => {
      const { page, context, complaints } = await openWith(browser, [FLAIR], { size: { width, height } });
      await findings(page);
      const view = await box(page, '[data-view="main"]');
      assert.ok(view.height >= least, `${view.height} px`);
      assert.ok(view.y + view.height <= height, "all of it is in the window");
      const smallest = await page.evaluate(() => {
        const shown = [...document.querySelectorAll("[data-page] *")].filter((e) => e.checkVisibility() && e.childNodes.length && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
        return Math.min(...shown.map((e) => parseFloat(getComputedStyle(e).fontSize)).filter((size) => size > 0));
      });
      assert.ok(smallest >= 12, `text of ${smallest} px`);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
});

test("on a phone what has no room in the bar is in a menu", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [FLAIR], { size: { width: 390, height: 844 } });
  await findings(page);
  await page.locator('[data-panel="top-bar"][data-fit="menu"]').waitFor();
  assert.equal(await command(page, "heat").isVisible(), false);
  await action(page, "more").focus();
  await page.keyboard.press("Enter");
  await command(page, "heat").click();
  assert.equal(await command(page, "heat").getAttribute("aria-pressed"), "true");
  await page.locator('[data-menu="window"]').selectOption("window-full");
  await page.keyboard.press("Escape");
  await command(page, "heat").waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "more", "the focus is back");
  await page.setViewportSize({ width: 1440, height: 900 });
  await command(page, "heat").waitFor();
  assert.equal(await action(page, "more").isVisible(), false);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a slice by itself opens with a window at which its brain is seen, and Auto brings that back", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [SLICE]);
  await findings(page);
  const size = { width: 256, height: 256 };
  // White matter beside the midline, which is at a fifth of the file's range.
  const brain = () => brightness(page, size, 100, 165);
  const automatic = await brain();
  assert.ok(automatic > 90 && automatic < 220, `${automatic} of 255`);
  await page.keyboard.press("2");
  await windowIs(page, "window-full");
  const full = await brain();
  assert.ok(full < automatic - 15, `${full} over the full range, ${automatic} at first`);
  await page.keyboard.press("v");
  const [x, y] = await place(page, size, 128, 128);
  await page.mouse.click(x, y, { button: "right", clickCount: 1 });
  await page.mouse.click(x, y, { button: "right", clickCount: 2 });
  await windowIs(page, "window-auto");
  assert.equal(await brain(), automatic);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("layouts show one view or three, and keys go to the slices with tumour", { timeout: 180_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [FLAIR]);
  await findings(page);
  const width = async () => (await box(page, '[data-view="main"]')).width;
  const narrow = await width();
  await page.keyboard.press("5");
  await until(page, (narrow) => document.querySelector('[data-view="main"]').clientWidth > narrow, { given: narrow });
  assert.equal(await page.locator("[data-cut]").first().isVisible(), false);
  await command(page, "layout-main").click();
  await until(page, (narrow) => document.querySelector('[data-view="main"]').clientWidth === Math.round(narrow), { given: narrow });

  await page.keyboard.press("a");
  await segmented(page);
  await page.keyboard.press("g");
  const largest = await onScreen(page);
  await page.keyboard.press(".");
  await until(page, (largest) => document.querySelector("[data-corner]").dataset.place !== largest, { given: String(largest[0]) });
  await page.keyboard.press(",");
  await arrived(page, largest);
  for (let step = 0; step < 23; step++) await page.keyboard.press(".");
  const [last, of] = await onScreen(page);
  assert.ok(last < of, "it stops at the last slice with a mask");
  assert.deepEqual(complaints, []);
  await context.close();
});
