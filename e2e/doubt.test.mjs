// What the network was not made for: a picture of no head, a study without FLAIR. Its mask counts for nothing until it is asked for.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { PNG } from "pngjs";
import { action, command, drop, findings, launch, onScreen, openWith, segmented, thumbnails, until, view } from "./browser.mjs";

const PART = (name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A face as children draw it. */
function smiley() {
  const side = 256;
  const png = new PNG({ width: side, height: side });
  const within = (x, y, cx, cy, r) => Math.hypot(x - cx, y - cy) < r;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const eye = within(x, y, 95, 100, 14) || within(x, y, 161, 100, 14);
      const mouth = within(x, y, 128, 140, 60) && !within(x, y, 128, 125, 62) && y > 140;
      const level = eye || mouth ? [20, 20, 20] : within(x, y, 128, 128, 110) ? [250, 220, 40] : [255, 255, 255];
      png.data.set([...level, 255], 4 * (y * side + x));
    }
  }
  return { name: "smiley.png", bytes: PNG.sync.write(png) };
}

test("a picture of no head says so, and has no figures before they are asked for", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [smiley()]);
  await page.locator('[data-doubt="no-head"]').waitFor();
  await until(page, () => !document.querySelector("[data-running]"));
  assert.equal(await page.locator('[data-fact="presence"], [data-fact="area"]').count(), 0);
  assert.equal(await page.locator('[data-panel="saving"]').isVisible(), false, "nothing to take along");
  const coloured = () => page.evaluate(() => {
    const canvas = document.querySelector('[data-view="main"]');
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    // Orange on what is grey: the face itself is shown by one of its colours.
    for (let at = 0; at < data.length; at += 4) count += data[at] > data[at + 2] + 40;
    return count;
  });
  assert.equal(await coloured(), 0, "what it marks is grey");
  await action(page, "segment-doubted").click();
  await findings(page);
  assert.equal(await page.locator("[data-doubt]").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a study without FLAIR is not segmented before a person wants it, and FLAIR ends the doubt", { timeout: 180_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [PART("t1_pre")]);
  await page.locator('[data-doubt="no-flair"]').waitFor();
  await page.keyboard.press("a");
  // As long as an answer takes, several times over.
  await page.waitForTimeout(3000);
  assert.equal(await page.locator("[data-running]").count(), 0);
  assert.equal(await page.locator('[data-fact="presence"]').count(), 0);
  await action(page, "segment-doubted").click();
  await findings(page);
  const place = await onScreen(page);
  await page.keyboard.press("b");
  await view(page).click({ position: { x: 300, y: 300 } });
  assert.equal(await command(page, "undo").isEnabled(), true);

  // FLAIR of the same patient takes its place by itself; what stood in for it becomes the pre-contrast sequence.
  await drop(page, [PART("flair")]);
  await until(page, () => document.querySelector("[data-shown]").dataset.shown.includes("flair"));
  await findings(page);
  assert.equal(await page.locator("[data-doubt]").count(), 0);
  assert.equal(await thumbnails(page).count(), 1, "it is one study");
  assert.ok((await thumbnails(page).first().getAttribute("data-thumbnail")).includes("flair"));
  assert.deepEqual(await onScreen(page), place);
  assert.equal(await command(page, "undo").isEnabled(), true, "what was painted stays");
  const chosen = await page.locator("select[data-sequence]").evaluateAll((all) => all.map((menu) => menu.selectedOptions[0].textContent));
  assert.deepEqual(chosen.map((name) => /t1_pre|flair/.exec(name)?.[0]), ["t1_pre", "flair", undefined]);
  await page.keyboard.press("a");
  await segmented(page);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("samples are heads", { timeout: 120_000 }, async () => {
  const files = ["TCGA_CS_4941_19960909_13", "TCGA_DU_7300_19910814_13", "TCGA_HT_7881_19981015_18"];
  const { page, context } = await openWith(browser, []);
  for (const file of files) {
    const bytes = await readFile(`public/samples/${file}.webp`);
    await drop(page, [{ name: `${file}.webp`, bytes }]);
    await until(page, (file) => document.querySelector("[data-shown]")?.dataset.shown.includes(file), { given: file });
    await findings(page);
    assert.equal(await page.locator("[data-doubt]").count(), 0, file);
  }
  await context.close();
});
