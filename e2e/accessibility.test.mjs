// What screen readers, keyboards and weak eyes need: axe-core on everything that the page shows, and a way by keys alone.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { broken } from "./axe.mjs";
import { ahead, action, arrived, box, command, drop, facts, findings, launch, onScreen, open, openWith, view } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SPACING, showBeside } from "./later.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const LABEL = "public/samples/TCGA_DU_7300_19910814_13_mask.png";
const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`);
const PHONE = { width: 390, height: 844 };
const ON_ITS_SIDE = { width: 844, height: 390 };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const [where, size] of [["a desktop", undefined], ["a phone", PHONE], ["a phone on its side", ON_ITS_SIDE]]) {
  describe(`on ${where} nothing is in the way of people who see little or use keys`, () => {
    test("as the page opens, and in its help", { timeout: 120_000 }, async () => {
      const { page, context } = await openWith(browser, [], { size });
      assert.deepEqual(await broken(page), []);
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await broken(page), []);
      await context.close();
    });

    test("with a slice and its label, corrected, and with a bad file", { timeout: 120_000 }, async () => {
      const { page, context } = await openWith(browser, [SLICE, LABEL], { size });
      await findings(page);
      await view(page).click();
      await findings(page);
      await drop(page, [{ name: "letter.txt", bytes: Buffer.from("Dear colleague") }]);
      await page.locator('[data-notice="error"]').waitFor();
      assert.deepEqual(await broken(page), []);
      await context.close();
    });

    test("with a study, and before its report is printed", { timeout: 120_000 }, async () => {
      const { page, context } = await openWith(browser, STUDY, { size });
      await findings(page);
      assert.deepEqual(await broken(page), []);
      await page.locator('[data-save="report"]').click();
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await broken(page), []);
      await context.close();
    });

    test("in every layout, and in the menu of what has no room in the bar", { timeout: 180_000 }, async () => {
      const { page, context } = await openWith(browser, STUDY, { size });
      await findings(page);
      // One view, three sequences side by side, four views with three dimensions, and the study from the side alone.
      for (const [key, layout] of [["5", "one"], ["7", "sequences"], ["8", "four"]]) {
        await page.keyboard.press(key);
        await page.locator(`[data-layout="${layout}"]`).waitFor();
        if (layout === "four") await page.locator('[data-space="open"]').waitFor();
        assert.deepEqual(await broken(page), [], `layout ${key}`);
      }
      await page.keyboard.press("6");
      if (size !== ON_ITS_SIDE) {
        await page.locator('[data-cut="Sagittal"]').dblclick();
        await page.locator('[data-layout="sagittal"]').waitFor();
        assert.deepEqual(await broken(page), [], "from the side alone");
      }
      await page.keyboard.press("b");
      await page.keyboard.press("h");
      const more = action(page, "more");
      if (await more.isVisible()) await more.click();
      assert.deepEqual(await broken(page), [], "the menu, the brush and the probabilities");
      await context.close();
    });

    if (size) {
      test("between two time points, in three dimensions alone, and from the front alone", { timeout: 300_000 }, async () => {
        const { page, context } = await openWith(browser, await sampleStudy(SPACING), { size: PHONE });
        await findings(page);
        await page.locator('[data-cut="Coronal"]').dblclick();
        await page.locator('[data-layout="coronal"]').waitFor();
        await page.setViewportSize(size);
        assert.ok((await box(page, '[data-cut="Coronal"]')).height > 100, "the cut is seen");
        assert.deepEqual(await broken(page), [], "from the front alone");
        await page.keyboard.press("8");
        await page.locator('[data-space="open"]').waitFor();
        await page.locator('[data-view="space"]').dblclick();
        await page.locator('[data-layout="space"]').waitFor();
        assert.deepEqual(await broken(page), [], "in three dimensions alone");
        await page.keyboard.press("6");
        await showBeside(page);
        assert.deepEqual(await broken(page), [], "two time points");
        await context.close();
      });
    }

    test("while files are read, and where FLAIR is missing", { timeout: 120_000 }, async () => {
      // What is called so is never read.
      const hold = ahead('addEventListener("message", (event) => new TextDecoder().decode(event.data[0]).includes("held.png") && event.stopImmediatePropagation());');
      const { page, context } = await openWith(browser, STUDY.slice(0, 1), { size, route: hold });
      await page.locator('[data-doubt="no-flair"]').waitFor();
      assert.deepEqual(await broken(page), [], "FLAIR is missing");
      await drop(page, [{ name: "held.png", bytes: await readFile(LABEL) }]);
      await page.locator("[data-opening]").waitFor({ state: "attached" });
      assert.deepEqual(await broken(page), [], "a file is read");
      await context.close();
    });

    test("while the page shows itself", { timeout: 120_000 }, async () => {
      const { page, context } = await open(browser, { size, query: "?device=cpu&demo=1" });
      await page.locator("[data-demo]").waitFor({ timeout: 90_000 });
      assert.deepEqual(await broken(page), []);
      await context.close();
    });
  });
}

describe("keys alone", () => {
  /** Goes on from control to control until one of this name has the focus. */
  async function tabTo(page, name) {
    const focused = () => {
      const { ariaLabel, innerText } = document.activeElement;
      return ariaLabel ?? innerText;
    };
    for (let at = 0; at < 80; at++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(focused)) === name) return;
    }
    throw new Error(`no control is called ${name}`);
  }
  const area = async (page) => (await facts(page)).area;

  test("open a sample, move its threshold, take that back and look at the mask before", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, []);
    await tabTo(page, "Try it on this slice");
    await page.keyboard.press("Enter");
    await findings(page);
    const automatic = await area(page);

    await tabTo(page, "Sensitivity");
    for (let step = 0; step < 20; step++) await page.keyboard.press("ArrowRight");
    const moved = await area(page);
    assert.notEqual(moved, automatic);
    await page.keyboard.press("m");
    assert.equal(await command(page, "mask").getAttribute("aria-pressed"), "false");
    await page.keyboard.press("m");

    const before = command(page, "before");
    await before.focus();
    await page.keyboard.down(" ");
    assert.equal(await before.getAttribute("aria-pressed"), "true");
    await page.keyboard.up(" ");
    assert.equal(await before.getAttribute("aria-pressed"), "false");
    assert.equal(await area(page), moved);

    await page.locator('[data-slider="threshold"]').focus();
    await page.keyboard.press("Control+z");
    assert.equal(await area(page), automatic);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("stay within the help until it is closed, and then are back where they were", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, STUDY);
    await findings(page);
    const slice = await onScreen(page);
    const drawn = () => view(page).evaluate((canvas) => canvas.toDataURL());
    const before = await drawn();
    await tabTo(page, "Help");
    await page.keyboard.press("Enter");
    const help = page.getByRole("dialog");
    await help.waitFor();
    for (const key of ["ArrowDown", "j", "+", "Tab", "Tab", "Tab", "Tab"]) {
      await page.keyboard.press(key);
      const inside = () => document.activeElement === document.body || Boolean(document.activeElement.closest("dialog"));
      assert.ok(await page.evaluate(inside), `${key} leaves the help`);
    }
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Help");
    assert.deepEqual(await onScreen(page), slice, "the keys did nothing to the slice behind the help");
    assert.equal(await drawn(), before);
    await page.keyboard.press("j");
    await arrived(page, [slice[0] + 1, slice[1]]);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
