// The ruler: lengths on slices and in reformats, by the pointer and by keys; what is saved of them, and the way back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { action, arrived, box, command, drop, findings, launch, message, onScreen, openWith, place, print, saved, until, view } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const SIZE = { width: 256, height: 256 };
/** Distances of columns, rows and slices, in mm. */
const SPACING = [0.8, 0.9, 5];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const marks = (page) => page.locator('[data-panel="viewer"] [data-mark="length"]');
const rows = (page) => page.locator("[data-length-row]");
const count = (page, number) => until(page, (number) => document.querySelectorAll("[data-length-row]").length === number, { given: number });

/** What the ruler says at a line, as a number and its unit. */
const said = async (mark) => {
  const [, number, unit] = (await mark.textContent()).match(/([\d.]+)\s*(\S+)/);
  return [Number(number), unit];
};

/** Drags from one place of the page to another. */
async function drag(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 });
  await page.mouse.move(...to, { steps: 3 });
  await page.mouse.up();
}

/** Where a place of the reformat on screen lies on the page, as shares of its canvas. */
async function within(page, cut, x, y) {
  const { x: left, y: top, width, height } = await box(page, `[data-cut="${cut}"]`);
  return [left + x * width, top + y * height];
}

/** The lengths of the JSON that the page saves, with its spacing. */
async function measured(page) {
  const { lengths, spacing_mm } = JSON.parse((await saved(page, "json")).bytes.toString());
  return { lengths, spacing_mm };
}

describe("a length on a slice", () => {
  test("is drawn, moved, deleted, undone and saved, in pixels where the file gives no spacing", { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    await page.keyboard.press("d");
    await drag(page, await place(page, SIZE, 20, 200), await place(page, SIZE, 80, 200));
    await count(page, 1);
    const [length, unit] = await said(marks(page));
    assert.ok(Math.abs(length - 60) < 1 && unit === "px", `${length} ${unit}`);
    assert.match(await command(page, "undo").getAttribute("title"), /: length/);

    await drag(page, await place(page, SIZE, 80, 200), await place(page, SIZE, 80, 120));
    await until(page, () => parseFloat(document.querySelector('[data-mark="length"] text').textContent) > 95);
    assert.equal(await rows(page).count(), 1, "its end was moved");
    const moved = await said(marks(page));
    assert.ok(Math.abs(moved[0] - 100) < 1.5, `${moved[0]} px`);
    await page.keyboard.press("c");
    assert.equal(await marks(page).count(), 1, "it stays on the slice with another tool");

    const { lengths } = await measured(page);
    assert.equal(lengths.length, 1);
    const csv = (await saved(page, "csv")).bytes.toString().trim().split("\n");
    assert.ok(csv[0].split(",").includes("lengths") && csv[1].includes(`,"${lengths[0].length.toFixed(2)}",`), csv[1]);
    assert.deepEqual([lengths[0].plane, lengths[0].at, lengths[0].unit], ["axial", 1, "px"]);
    assert.ok(Math.abs(Math.hypot(...[0, 1].map((axis) => lengths[0].ends[0][axis] - lengths[0].ends[1][axis])) - lengths[0].length) < 1e-6);

    await action(page, "delete-length").click();
    await count(page, 0);
    await page.keyboard.press("Control+z");
    await count(page, 1);
    assert.deepEqual(await said(marks(page)), moved, "what was deleted is back");
    await page.keyboard.press("Control+z");
    await until(page, () => parseFloat(document.querySelector('[data-mark="length"] text').textContent) < 65);
    await page.keyboard.press("Control+z");
    await count(page, 0);
    assert.ok(await command(page, "undo").isDisabled(), "each drag was one step");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("is begun, ended, moved and deleted by keys", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    await page.keyboard.press("d");
    const right = async (times) => {
      for (let time = 0; time < times; time++) await page.keyboard.press("Control+ArrowRight");
    };
    // It begins two pixels beside the middle, and ends ten times as far.
    await right(1);
    await page.keyboard.press("Enter");
    await right(10);
    await page.keyboard.press("Enter");
    await count(page, 1);
    assert.deepEqual(await said(marks(page)), [20, "px"]);
    await right(5);
    assert.deepEqual(await said(marks(page)), [20, "px"], "it was let go");

    // Round the ends of the diameters to the line's second end.
    const ends = await page.locator('[data-panel="viewer"] [data-mark] circle').count();
    let pointer;
    const seen = new Set();
    do {
      await page.keyboard.press("q");
      pointer = await page.locator('[data-mark="keyed"]').getAttribute("transform");
      if (seen.has(pointer)) break;
      seen.add(pointer);
    } while (seen.size <= ends);
    assert.ok(seen.size >= 2, `${seen.size} ends`);
    const last = await page.locator('[data-mark="length"] circle').last().getAttribute("transform");
    while ((await page.locator('[data-mark="keyed"]').getAttribute("transform")) !== last) await page.keyboard.press("q");
    await page.keyboard.press("Enter");
    await right(5);
    await page.keyboard.press("Enter");
    await until(page, () => parseFloat(document.querySelector('[data-mark="length"] text').textContent) === 30);
    await page.keyboard.press("Delete");
    await count(page, 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("a length in a study", () => {
  test("is in millimetres on slices and in reformats, is listed, and is undone from any slice", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, await sampleStudy(SPACING));
    await findings(page);
    const [slice] = await onScreen(page);
    await page.keyboard.press("d");
    await drag(page, await place(page, SIZE, 60, 100), await place(page, SIZE, 160, 150));
    await count(page, 1);
    const expected = Math.hypot(100 * SPACING[0], 50 * SPACING[1]);
    const [length, unit] = await said(marks(page));
    assert.ok(Math.abs(length - expected) < 1.2 && unit === "mm", `${length} ${unit}, ${expected} mm drawn`);

    const at = Number(await page.locator('[data-cut="Sagittal"]').getAttribute("data-at"));
    await drag(page, await within(page, "Sagittal", 0.3, 0.4), await within(page, "Sagittal", 0.7, 0.6));
    await count(page, 2);
    const sagittal = page.locator('[data-cut-of="Sagittal"] [data-mark="length"]');
    const cut = await said(sagittal);
    assert.equal(cut[1], "mm");
    assert.deepEqual(await onScreen(page), [slice, 23], "a drag with the ruler does not scroll");
    const { lengths, spacing_mm } = await measured(page);
    const inCut = lengths.find(({ plane }) => plane === "sagittal");
    assert.equal(inCut.at, at + 1);
    const along = [0, 1, 2].map((axis) => (inCut.ends[0][axis] - inCut.ends[1][axis]) * spacing_mm[axis]);
    assert.equal(along[0], 0, "it lies in one column");
    assert.ok(Math.abs(Math.hypot(...along) - inCut.length) < 1e-6 && Math.abs(inCut.length - cut[0]) <= 0.051, `${Math.hypot(...along)} mm of ${cut[0]}`);
    assert.match((await saved(page, "csv")).bytes.toString(), new RegExp(`"sagittal ${at + 1}: ${inCut.length.toFixed(2)}"`));

    // Another plane does not show it; its row in the list leads back.
    await page.keyboard.press("PageDown");
    await until(page, (slice) => Number(document.querySelector("[data-corner]").dataset.place) !== slice, { given: slice });
    assert.equal(await marks(page).count(), 0, "the other slice has no length");
    await page.locator('[data-cut="Sagittal"]').hover();
    await page.mouse.wheel(0, 100);
    await sagittal.waitFor({ state: "detached" });
    await page.locator('[data-plane="sagittal"] [data-action="show-length"]').click();
    await sagittal.waitFor();
    await page.keyboard.press("Control+z");
    await count(page, 1);
    assert.equal(await sagittal.count(), 0, "undone from another slice than it was drawn on");
    await page.keyboard.press("Control+y");
    await count(page, 2);
    await page.locator('[data-plane="axial"] [data-action="show-length"]').click();
    await arrived(page, [slice, 23]);
    assert.equal(await marks(page).count(), 1);

    await print(page);
    const printed = await page.locator('[data-report="lengths"]').textContent();
    assert.ok([length, cut[0]].every((mm) => printed.includes(`${mm.toFixed(1)} mm`)), printed);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("comes back with a session, and is drawn by keys in a reformat", { timeout: 240_000 }, async () => {
    const files = await sampleStudy(SPACING);
    const { page, context, complaints } = await openWith(browser, files);
    await findings(page);
    await page.keyboard.press("d");
    await page.locator('[data-cut="Coronal"]').focus();
    await page.keyboard.press("Enter");
    for (let step = 0; step < 20; step++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await count(page, 1);
    const coronal = page.locator('[data-cut-of="Coronal"] [data-mark="length"]');
    const length = await said(coronal);
    assert.ok(Math.abs(length[0] - 20 * SPACING[0]) < 0.06, `${length[0]} mm of ${20 * SPACING[0]}`);
    await drag(page, await place(page, SIZE, 60, 100), await place(page, SIZE, 160, 150));
    await count(page, 2);
    const onSlice = await said(marks(page));
    const session = await saved(page, "session");
    await context.close();

    const other = await openWith(browser, [...files, session]);
    await message(other.page, [session.name, "corrections back"]);
    await findings(other.page);
    await count(other.page, 2);
    assert.deepEqual(await said(marks(other.page)), onSlice);
    const cut = Number(await other.page.locator('[data-plane="coronal"] [data-fact="length"]').textContent().then(parseFloat));
    assert.equal(cut, length[0]);
    // A new line does not take the number of one that came back.
    await other.page.keyboard.press("d");
    await drag(other.page, await place(other.page, SIZE, 40, 220), await place(other.page, SIZE, 90, 220));
    await count(other.page, 3);
    assert.deepEqual([...complaints, ...other.complaints], []);
    await other.context.close();
  });

  test("needs no mask", { timeout: 120_000 }, async () => {
    // Nothing is segmented before somebody says so: the page has no FLAIR.
    const { page, context } = await openWith(browser, ["public/samples/TCGA_CS_4941_19960909_t1_pre.nii.gz"]);
    await page.locator('[data-doubt="no-flair"]').waitFor();
    await page.keyboard.press("d");
    await drag(page, await place(page, SIZE, 60, 100), await place(page, SIZE, 160, 100));
    await count(page, 1);
    const [download] = await Promise.all([page.waitForEvent("download"), action(page, "save-lengths").click()]);
    assert.match(download.suggestedFilename(), /\.csv$/);
    assert.ok(await view(page).isVisible());
    await context.close();
  });
});
