// The views of a study: outline, crosshair, sequences side by side, ruler, swipes; the finding, the slices to review, the plot.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  action, arrived, box, command, drawn, findings, launch, onScreen, openWith, place, savedMask, segmented, until, view,
} from "./browser.mjs";

const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((part) => `public/samples/TCGA_CS_4941_19960909_${part}.nii.gz`);
const SIZE = { width: 256, height: 256 };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Red, green and blue of the canvas at a pixel of the slice. */
async function colour(page, x, y) {
  const [left, top] = await place(page, SIZE, x, y);
  const frame = await box(page, '[data-view="main"]');
  const at = { x: left - frame.x, y: top - frame.y };
  return page.evaluate(({ x, y }) => {
    const canvas = document.querySelector('[data-view="main"]');
    const scale = canvas.width / canvas.clientWidth;
    return [...canvas.getContext("2d").getImageData(x * scale, y * scale, 1, 1).data].slice(0, 3);
  }, at);
}

const grey = ([r, g, b]) => r === g && g === b;
const cutAt = (page, name) => page.locator(`[data-cut="${name}"]`).getAttribute("data-at").then(Number);

describe("a study that is segmented as a whole", () => {
  let page, context, complaints;
  before(async () => {
    ({ page, context, complaints } = await openWith(browser, STUDY));
    await findings(page);
    await page.keyboard.press("a");
    await segmented(page);
    await page.keyboard.press("g");
  });
  after(async () => {
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("shows its finding, and the way to the slice with the largest product", async () => {
    const volume = page.locator('[data-fact="volume"]');
    const marked = Number(await volume.getAttribute("data-marked"));
    assert.ok(marked >= 5 && marked <= 12, `${marked} slices`);
    const largest = Number(await page.locator('[data-fact="largest"]').getAttribute("data-slice"));
    await action(page, "show-largest").click();
    await arrived(page, [largest, 23]);
    const here = await page.locator('[data-fact="diameters"]').textContent();
    assert.equal(here, (await page.locator('[data-fact="largest"]').textContent()).trim());
    const sections = await page.locator("[data-panel='results'] [data-section]").evaluateAll((all) => all.filter((section) => section.checkVisibility()).map((section) => section.dataset.section));
    assert.deepEqual(sections.filter((section) => ["finding", "slice", "review", "compare"].includes(section)), ["finding", "slice", "review", "compare"]);
    const letters = await page.locator("[data-panel='tools'] kbd").evaluateAll((all) => all.filter((key) => key.checkVisibility()).map((key) => key.textContent));
    assert.ok(letters.length >= 10 && letters.every(Boolean) && new Set(letters).size === letters.length, `each tool shows its own letter: ${letters}`);
    const products = await page.evaluate(() => document.querySelectorAll("[data-bar='tumour']").length);
    assert.equal(products, marked, "the plot has a bar for each");
  });

  test("is outlined and filled, outlined, or bare, by one key", async () => {
    // The middle of the tumour, away from every outline.
    const tumour = [108, 105];
    assert.ok(!grey(await colour(page, ...tumour)), "filled");
    await page.keyboard.press("m");
    await until(page, () => document.querySelector('[data-command="outline"]').ariaPressed === "true");
    assert.ok(grey(await colour(page, ...tumour)), "outlined alone");
    const orange = () => page.evaluate(() => {
      const canvas = document.querySelector('[data-view="main"]');
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) count += data[at] > data[at + 2] + 60;
      return count;
    });
    assert.ok((await orange()) > 300, "there is an outline");
    await page.keyboard.press("m");
    await until(page, () => document.querySelector('[data-command="outline"]').ariaPressed === "false");
    assert.equal(await orange(), 0);
    await page.keyboard.press("m");
  });

  test("is cut where the pointer tool clicks, and where any tool points with Shift", async () => {
    await page.keyboard.press("v");
    await page.mouse.click(...(await place(page, SIZE, 90, 140)));
    await until(page, () => document.querySelector('[data-cut="Sagittal"]').dataset.at === "90");
    assert.equal(await cutAt(page, "Coronal"), 140);
    assert.equal(await page.locator('[data-mark="crosshair"]').count(), 1);
    await page.keyboard.press("c");
    await page.keyboard.down("Shift");
    assert.equal(await page.locator('[data-mark="crosshair"]').count(), 0, "a click tool has no crosshair");
    await page.mouse.move(...(await place(page, SIZE, 120, 77)));
    const crosshair = page.locator('[data-mark="crosshair"]');
    await crosshair.waitFor();
    const [left, top] = await place(page, SIZE, 120, 77);
    const frame = await box(page, '[data-view="main"]');
    const [, y] = (await crosshair.getAttribute("d")).match(/^M0 ([\d.]+)/).map(Number);
    assert.ok(Math.abs(y - (top - frame.y)) < 1.5 && left > frame.x, "it is where the pointer is");
    await page.keyboard.up("Shift");
    await crosshair.waitFor({ state: "detached" });
    await until(page, () => document.querySelector('[data-cut="Coronal"]').dataset.at === "77");
    assert.equal(await cutAt(page, "Sagittal"), 120);
    assert.equal(await page.locator('[data-mark="click"]').count(), 0, "that was no prompt");
  });

  test("moves with the middle button once it is enlarged, and opens alone on a double click", async () => {
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    const before = await colour(page, 60, 60);
    const [x, y] = await place(page, SIZE, 128, 128);
    await page.mouse.move(x, y);
    await page.mouse.down({ button: "middle" });
    await page.mouse.move(x + 60, y + 40, { steps: 4 });
    await page.mouse.up({ button: "middle" });
    assert.notDeepEqual(await colour(page, 60, 60), before);
    await page.keyboard.press("0");
    await page.keyboard.press("v");
    await page.mouse.dblclick(x, y);
    await page.locator('[data-layout="one"]').waitFor();
    await page.mouse.dblclick(x, y);
    await page.locator('[data-layout="main-and-two"]').waitFor();
  });

  test("opens a reformat alone by Enter or a double click, and then shows again what was there", async () => {
    await page.keyboard.press("8");
    await page.locator('[data-layout="four"]').waitFor();
    const sagittal = page.locator('[data-cut="Sagittal"]');
    await sagittal.focus();
    await page.keyboard.press("Enter");
    await page.locator('[data-layout="sagittal"]').waitFor();
    await sagittal.dblclick();
    await page.locator('[data-layout="four"]').waitFor();
    await page.locator('[data-view="space"]').focus();
    await page.keyboard.press("Enter");
    await page.locator('[data-layout="space"]').waitFor();
    await page.keyboard.press("Enter");
    await page.locator('[data-layout="four"]').waitFor();
    await page.keyboard.press("6");
    await page.locator('[data-layout="main-and-two"]').waitFor();
  });

  test("has its window changed by the right button in a reformat too, and set back by a double click of it", async () => {
    const windowed = () => page.locator('[data-menu="window"]').inputValue();
    const sagittal = page.locator('[data-cut="Sagittal"]');
    const before = await cutAt(page, "Coronal");
    const { x, y, width, height } = await box(page, '[data-cut="Sagittal"]');
    await page.mouse.move(x + width / 3, y + height / 2);
    await page.mouse.down({ button: "right" });
    await page.mouse.move(x + width / 3 + 40, y + height / 2 + 30, { steps: 4 });
    await page.mouse.up({ button: "right" });
    await until(page, () => document.querySelector('[data-menu="window"]').value !== "window-auto");
    await sagittal.click({ button: "right" });
    await sagittal.click({ button: "right" });
    await until(page, () => document.querySelector('[data-menu="window"]').value === "window-auto");
    assert.equal(await cutAt(page, "Coronal"), before, "that was no place for the crosshair");
    assert.equal(await windowed(), "window-auto");
  });

  test("is measured with its lengths at the lines", async () => {
    await page.keyboard.press("d");
    const [longest, perpendicular] = (await page.locator('[data-fact="diameters"]').textContent()).match(/[\d.]+/g);
    assert.ok((await page.locator('[data-mark="longest"] text').textContent()).startsWith(longest));
    assert.ok((await page.locator('[data-mark="perpendicular"] text').textContent()).startsWith(perpendicular));
    await page.keyboard.press("c");
  });

  test("lists the slices to review, which keys go through", async () => {
    const rows = page.locator("[data-review][data-reason]");
    const reasons = await rows.evaluateAll((all) => all.map((row) => [Number(row.dataset.review), row.dataset.reason]));
    assert.ok(reasons.length > 0 && reasons.length < 23, `${reasons.length} of 23`);
    const marked = await page.evaluate(() => [...document.querySelectorAll("[data-bar]")].flatMap((bar, at) => (bar.dataset.bar === "tumour" ? [at + 1] : [])));
    for (const end of [marked[0], marked.at(-1)]) assert.ok(reasons.some(([slice]) => slice === end), `slice ${end} ends the mask`);
    const open = () => page.locator("ul[data-open]").getAttribute("data-open").then(Number);
    const before = await open();
    assert.equal(before, reasons.length);
    await page.keyboard.press("Home");
    await page.locator('[data-view="areas"]').focus();
    await page.keyboard.press("Home");
    await arrived(page, [1, 23]);
    await page.keyboard.press("r");
    const first = reasons[0][0] === 1 ? reasons[1][0] : reasons[0][0];
    await arrived(page, [first, 23]);
    await page.keyboard.press("y");
    await until(page, (before) => Number(document.querySelector("ul[data-open]").dataset.open) === before - 1, { given: before });
    assert.equal(await page.locator(`[data-review="${first}"][data-accepted]`).count(), 1);
    assert.equal(await page.locator("[data-bar][data-review]").count(), before - 1, "the plot marks what is left");
    await page.locator(`[data-review="${first}"] [data-action="accept-slice"]`).click();
    await until(page, (before) => Number(document.querySelector("ul[data-open]").dataset.open) === before, { given: before });
  });

  test("has a plot that keys and a screen reader use", async () => {
    const plot = page.locator('[data-view="areas"]');
    await plot.focus();
    // Words for how sure it is, the number where the pointer rests; never a certainty.
    const words = new Set();
    await page.keyboard.press("Home");
    for (let slice = 1; slice <= 23; slice++) {
      await arrived(page, [slice, 23]);
      await drawn(page);
      const [said, title] = await page.locator('[data-fact="presence"]').evaluate((fact) => [fact.textContent.trim(), fact.title]);
      words.add(said);
      assert.match(title, /\d/);
      assert.doesNotMatch(said + title, /\b100 ?%|100\.0/);
      await page.keyboard.press("ArrowRight");
    }
    assert.deepEqual([...words].toSorted(), ["None found", "Tumour", "Unsure – look at this slice"]);
    await page.keyboard.press("ArrowLeft");
    await arrived(page, [22, 23]);
    const aria = await plot.evaluate((e) => [e.ariaValueMin, e.ariaValueMax, e.ariaValueNow, e.ariaValueText]);
    assert.deepEqual(aria.slice(0, 3), ["1", "23", "22"]);
    assert.ok(aria[3].includes("22") && aria[3].length > 8, aria[3]);
    const marked = await page.evaluate(() => [...document.querySelectorAll("[data-bar]")].flatMap((bar, at) => (getComputedStyle(bar, "::after").content === "none" ? [] : [at + 1])));
    assert.deepEqual(marked, [22], "the bar of the slice on screen is marked");
    await page.keyboard.press("g");
    // What it is, its largest area, and numbers of slices; a slice that a person corrected is marked while it is.
    const written = await plot.evaluate((e) => e.parentElement.innerText);
    assert.match(written, /^Area by slice\s+max [\d.]+ (px|c?m+²)/);
    for (const number of ["1", "5", "10", "23"]) assert.match(written, new RegExp(`(^|\\s)${number}(\\s|$)`));
    const corrected = page.locator("[data-bar][data-corrected]");
    assert.equal(await corrected.count(), 0);
    await page.keyboard.press("b");
    await page.mouse.click(...(await place(page, SIZE, 60, 60)));
    await until(page, () => document.querySelectorAll("[data-bar][data-corrected]").length === 1);
    assert.notEqual(await corrected.evaluate((bar) => getComputedStyle(bar).borderTopColor), await page.locator('[data-bar="tumour"]:not([data-corrected])').first().evaluate((bar) => getComputedStyle(bar).borderTopColor));
    await page.keyboard.press("Control+z");
    await until(page, () => document.querySelectorAll("[data-bar][data-corrected]").length === 0);
    await page.keyboard.press("c");
  });

  test("shows its sequences side by side, at one enlargement", async () => {
    await page.keyboard.press("7");
    const others = page.locator("[data-sequence]:has(canvas)");
    await others.nth(1).waitFor();
    const widths = await page.evaluate(() => [...document.querySelectorAll('[data-view="main"], [data-sequence] canvas')].map((e) => Math.round(e.getBoundingClientRect().width)));
    assert.ok(Math.max(...widths) - Math.min(...widths) <= 2 && widths[0] > 200, String(widths));
    await page.mouse.move(...(await place(page, SIZE, 100, 100)));
    await page.locator('[data-mark="pointed"]').first().waitFor();
    const [main, other] = [await box(page, '[data-view="main"]'), await box(page, "[data-sequence] canvas")];
    const mark = await box(page, '[data-mark="pointed"]');
    const [x] = await place(page, SIZE, 100, 100);
    assert.ok(Math.abs(mark.x + mark.width / 2 - other.x - (x - main.x)) < 2, "the same place is marked there");
    await page.locator('[data-sequence="2"] canvas').click();
    await page.locator('[data-panel="viewer"][data-order="2"]').waitFor();
    assert.equal(await page.locator('[data-sequence="1"] canvas').count(), 1, "FLAIR is beside it now");
    await page.locator('[data-sequence="1"] canvas').click();
    await page.keyboard.press("6");
    await page.locator('[data-layout="main-and-two"]').waitFor();
  });
});

test("a part of fewer than five pixels is seen wherever masks are, as it counts in area and files", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, STUDY.slice(1, 2));
  await findings(page);
  const [x, y] = [20, 20];
  const before = await colour(page, x, y);
  assert.ok(grey(before), String(before));
  await page.keyboard.press("b");
  for (let step = 0; step < 20; step++) await page.keyboard.press("[");
  await page.mouse.click(...(await place(page, SIZE, x, y)));
  await page.mouse.move(...(await place(page, SIZE, 200, 30)));
  const { pixels } = await savedMask(page);
  assert.equal([...pixels.keys()].filter((at) => pixels[at] && Math.hypot((at % SIZE.width) - x, Math.floor(at / SIZE.width) - y) < 9).length, 1);
  // Filled, outlined, and over the probabilities.
  for (const key of [null, "m", "h"]) {
    if (key) await page.keyboard.press(key);
    const [r, , b] = await colour(page, x, y);
    assert.ok(r > b + 60, `${key}: ${await colour(page, x, y)}`);
  }
  await page.keyboard.press("h");
  await until(page, () => document.querySelector('[data-command="heat"]').ariaPressed === "false");
  assert.ok(grey(await colour(page, x, y)), "and nowhere where masks are hidden");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("on a phone on its side the views that had no room are drawn once they are asked for", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, STUDY, { size: { width: 844, height: 390 } });
  await findings(page);
  const brightest = (cut) =>
    page.evaluate((cut) => {
      const canvas = document.querySelector(`[data-cut="${cut}"]`);
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.reduce((most, value, at) => (at % 4 === 0 ? Math.max(most, value) : most), 0);
    }, cut);
  await page.keyboard.press("8");
  await page.locator('[data-layout="four"]').waitFor();
  for (const cut of ["Sagittal", "Coronal"]) {
    await page.locator(`[data-cut="${cut}"]`).waitFor();
    await drawn(page);
    assert.ok((await brightest(cut)) > 100, cut);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("on a phone a finger goes through the slices", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, STUDY.slice(1, 2), { size: { width: 390, height: 844 } });
  await findings(page);
  const [before, of] = await onScreen(page);
  const frame = await view(page).boundingBox();
  const touch = await context.newCDPSession(page);
  const x = frame.x + frame.width / 2;
  const middle = frame.y + frame.height / 2;
  const finger = (type, y) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  await finger("touchStart", middle);
  for (let way = 10; way <= 90; way += 10) await finger("touchMove", middle - way);
  await finger("touchEnd");
  await until(page, (before) => Number(document.querySelector("[data-corner]").dataset.place) > before, { given: before });
  const [after] = await onScreen(page);
  assert.ok(after - before >= 2 && after - before <= 4 && after <= of, `from ${before} to ${after}`);
  assert.equal(await page.locator('[data-mark="click"]').count(), 0, "that was no prompt");
  assert.equal(await command(page, "undo").isDisabled(), true);
  assert.deepEqual(complaints, []);
  await context.close();
});
