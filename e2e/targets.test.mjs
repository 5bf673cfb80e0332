// Sizes over all states of the page: no text under 12 px anywhere, and on phones nothing to press that is smaller than a finger.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { action, command, deepestError, drop, findings, launch, open, openWith, place, readLabel, savedMask, segmented } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SPACING, showBeside } from "./later.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13";
const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`);
const SIZES = [[1440, 900], [1280, 600], [844, 390], [390, 844]];
/** The smallest text, in CSS pixels. */
const TEXT_PX = 12;
/** Shorter side of what a finger has to hit (WCAG 2.5.5). */
const FINGER_PX = 44;
/** What can be pressed, moved or filled in, and all that may have text; within an open dialog, where there is one. */
const PARTS = {
  dialog: "dialog[open]",
  texts: ":is(body, dialog) *",
  targets: 'button, summary, select, [role="slider"], input:not([type="checkbox"], [type="file"]), label:has(> input[type="checkbox"])',
};
const TOOLS = ["c", "x", "s", "u", "b", "e", "o", "v", "w", "d"];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const isPhone = ([width, height]) => Math.min(width, height) < 400;

/** What is wrong with what is seen: text that is too small, and on phones buttons, menus, fields and sliders that are. */
async function small(page, size) {
  return page.evaluate(
    ({ text, finger, parts }) => {
      const root = document.querySelector(parts.dialog) ?? document;
      const name = (e) => `${e.tagName.toLowerCase()} ${JSON.stringify({ ...e.dataset })} ${(e.ariaLabel ?? e.textContent).trim().slice(0, 40)}`;
      const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
      const texts = [...root.querySelectorAll(parts.texts)].filter((e) => shown(e) && [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
      const tiny = texts.filter((e) => {
        // What is hidden in favour of a shorter form is no text on screen.
        const px = parseFloat(getComputedStyle(e).fontSize);
        return px > 0 && px < text - 0.01;
      });
      const wrong = tiny.map((e) => `text of ${getComputedStyle(e).fontSize}: ${name(e)}`);
      if (finger) {
        const targets = [...root.querySelectorAll(parts.targets)];
        for (const target of targets.filter(shown)) {
          const { width, height } = target.getBoundingClientRect();
          if (Math.min(width, height) < finger - 0.5) wrong.push(`${width.toFixed(0)} × ${height.toFixed(0)}: ${name(target)}`);
        }
      }
      return wrong;
    },
    { text: TEXT_PX, finger: isPhone(size) ? FINGER_PX : 0, parts: PARTS },
  );
}

for (const size of SIZES) {
  const [width, height] = size;
  describe(`on ${width} × ${height} everything is large enough`, () => {
    const fine = async (page, state) => assert.deepEqual(await small(page, size), [], state);
    const options = { size: { width, height } };

    test("as the page opens, in its help, and in the tour", { timeout: 180_000 }, async () => {
      const { page, context } = await openWith(browser, [], options);
      await fine(page, "the first screen");
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await fine(page, "the help");
      await page.keyboard.press("Escape");
      await action(page, "try").click();
      await page.locator("[data-tour]").waitFor();
      await findings(page);
      await fine(page, "the tour");
      await context.close();
    });

    test("with a slice and its label, corrected and measured, with every tool", { timeout: 180_000 }, async () => {
      const { page, context } = await openWith(browser, [`${SLICE}.webp`, `${SLICE}_mask.png`], options);
      await findings(page);
      const mask = await savedMask(page);
      // On a phone what saves it lies below the image.
      await page.locator('[data-view="main"]').scrollIntoViewIfNeeded();
      const { x, y } = deepestError(mask, await readLabel(`${SLICE}_mask.png`));
      await page.mouse.click(...(await place(page, mask, x, y)));
      await findings(page);
      await page.keyboard.press("d");
      await page.mouse.move(...(await place(page, mask, 20, 200)));
      await page.mouse.down();
      await page.mouse.move(...(await place(page, mask, 80, 200)), { steps: 4 });
      await page.mouse.up();
      await page.locator("[data-length-row]").waitFor();
      await drop(page, [{ name: "letter.txt", bytes: Buffer.from("Dear colleague") }]);
      await page.locator('[data-notice="error"]').waitFor();
      await page.locator('[data-panel="more-formats"] summary').click();
      await page.locator('[data-panel="times"] summary').click();
      await page.locator('[data-action="keep"]').setChecked(true);
      for (const tool of TOOLS) {
        await page.keyboard.press(tool);
        await fine(page, `tool ${tool}`);
      }
      await context.close();
    });

    test("with a study that is segmented as a whole, in every layout, menu and dialog", { timeout: 300_000 }, async () => {
      const { page, context } = await openWith(browser, STUDY, options);
      await findings(page);
      await page.keyboard.press("a");
      await segmented(page);
      await page.locator("[data-review][data-reason]").first().waitFor();
      await page.locator('[data-panel="by-slice"] summary').click();
      await fine(page, "the panel");
      for (const [key, layout] of [["5", "one"], ["7", "sequences"], ["6", "main-and-two"]]) {
        await page.keyboard.press(key);
        await page.locator(`[data-layout="${layout}"]`).waitFor();
        await fine(page, layout);
      }
      await page.keyboard.press("h");
      if (await action(page, "more").isVisible()) {
        await action(page, "more").click();
        await fine(page, "the menu of the bar");
        await page.keyboard.press("Escape");
      }
      await page.locator('[data-save="report"]').click();
      await page.getByRole("dialog").waitFor();
      await fine(page, "the report");
      await page.keyboard.press("Escape");
      await page.locator("[data-close]").first().click();
      await page.locator("[data-closed]").waitFor();
      await fine(page, "closed");
      await context.close();
    });

    test("where FLAIR is missing, and while the page shows itself", { timeout: 180_000 }, async () => {
      const { page, context } = await openWith(browser, STUDY.slice(0, 1), options);
      await page.locator('[data-doubt="no-flair"]').waitFor();
      await fine(page, "FLAIR is missing");
      await context.close();
      const shown = await open(browser, { ...options, query: "?device=cpu&demo=1" });
      await shown.page.locator("[data-demo]").waitFor({ timeout: 90_000 });
      await fine(shown.page, "the demonstration");
      await shown.context.close();
    });

    test("in three dimensions and between two time points", { timeout: 300_000 }, async () => {
      const { page, context } = await openWith(browser, await sampleStudy(SPACING), options);
      await findings(page);
      await command(page, "whole-volume").first().click();
      await segmented(page);
      await page.keyboard.press("8");
      await page.locator('[data-space="open"]').waitFor();
      await fine(page, "four views");
      await page.keyboard.press("6");
      await showBeside(page);
      await command(page, "whole-volume").first().click();
      await segmented(page);
      await page.locator('[data-plot="heights"]').waitFor();
      await fine(page, "two time points");
      await context.close();
    });
  });
}
