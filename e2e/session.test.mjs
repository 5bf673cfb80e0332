// A session file: everything that was done comes back on another computer beside the same images, and nothing else changes.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  action, clicks, command, dab, drop, facts, findings, launch, message, openWith, place, print, same, saved, savedMask, segmented,
  shown, thumbnails, until,
} from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SPACING, laterStudy } from "./later.mjs";
import { unzipped, zipped } from "./zip.mjs";

const SLICE = "public/samples/TCGA_DU_6405_19851005_49.webp";
const OTHER_SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";
const FLAIR = "public/samples/TCGA_CS_4941_19960909_flair.nii.gz";
const SIZE = { width: 256, height: 256 };
const COMMENTS = "No midline shift.";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const undoes = (page) => command(page, "undo").getAttribute("title");

/** A click of tumour, answered. */
async function click(page, x, y) {
  await page.keyboard.press("c");
  await page.mouse.click(...(await place(page, SIZE, x, y)));
  await clicks(page).first().waitFor();
  await until(page, () => !document.querySelector("[data-running], [data-pending]"));
}

/** Every mask of the history on screen, from the newest step back, each with what undo says; ends where it began. */
async function walked(page) {
  const steps = [];
  for (;;) {
    steps.push({ mask: await savedMask(page), undoes: await undoes(page) });
    if (await command(page, "undo").isDisabled()) break;
    await page.keyboard.press("Control+z");
  }
  for (let at = 1; at < steps.length; at++) await page.keyboard.press("Control+y");
  return steps;
}

function assertSame(there, here) {
  assert.deepEqual(there.map((step) => step.undoes), here.map((step) => step.undoes));
  here.forEach((step, at) => assert.ok(same(there[at].mask, step.mask), `mask ${at} steps back`));
}

/** A lone slice with a click, a dab and another threshold, and comments: its session, and its history. */
async function worked() {
  const { page, context, complaints } = await openWith(browser, [SLICE]);
  await findings(page);
  await click(page, 110, 150);
  await dab(page, SIZE, 30, 200);
  await page.locator('[data-slider="threshold"]').press("ArrowRight");
  await print(page, COMMENTS);
  const [history, area, session] = [await walked(page), (await facts(page)).area, await saved(page, "session")];
  assert.equal(history.length, 4);
  assert.deepEqual(complaints, []);
  await context.close();
  return { history, area, session };
}

/** A session file like this one, with another record. */
function changed(session, name, record) {
  const maps = unzipped(session.bytes)["maps.f32"];
  return { name, bytes: zipped({ "gliolens-session.json": Buffer.from(JSON.stringify(record)), "maps.f32": maps }) };
}

const recordOf = (session) => JSON.parse(unzipped(session.bytes)["gliolens-session.json"]);

describe("a session", () => {
  test("comes back with every step, before or after its images, and says what is missing", { timeout: 240_000 }, async () => {
    const { history, area, session } = await worked();
    assert.match(session.name, /^gliolens-session_\d{4}-\d\d-\d\d\.zip$/);
    const files = unzipped(session.bytes);
    const record = JSON.parse(files["gliolens-session.json"]);
    assert.equal(record.version, 2);
    assert.ok(Math.abs(record.saved_at_ms - Date.now()) < 600_000);
    const [{ steps }] = record.slices;
    assert.equal(steps.length, 3);
    assert.ok(steps.every((step, at) => step.at_ms >= (steps[at - 1]?.at_ms ?? record.saved_at_ms - 600_000) && step.at_ms <= record.saved_at_ms));
    assert.equal(JSON.parse(files["measures.json"]).per_slice[0].corrected, true);

    for (const first of ["images", "session"]) {
      const { page, context, complaints } = await openWith(browser, first === "images" ? [SLICE] : []);
      if (first === "images") await findings(page);
      await drop(page, [session]);
      if (first === "session") {
        await message(page, [session.name, "1 slice of it is not open", "DU_6405", "Open the same images"]);
        await drop(page, [SLICE]);
      }
      await message(page, [session.name, "1 slice has its corrections back"]);
      await findings(page);
      assert.equal((await facts(page)).area, area);
      assertSame(await walked(page), history);
      await page.locator('[data-save="report"]').click();
      assert.equal(await page.locator('[data-field="comments"]').inputValue(), COMMENTS);
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });

  test("of a study brings steps over many slices back as one", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [FLAIR]);
    await findings(page);
    await page.keyboard.press("a");
    await segmented(page);
    await dab(page, SIZE, 20, 20);
    await action(page, "keep-largest").click();
    await message(page, "were erased. Undo brings them back");
    const volume = (await facts(page)).volume;
    const session = await saved(page, "session");
    await context.close();

    const other = await openWith(browser, [FLAIR, session]);
    await message(other.page, [session.name, "corrections back"]);
    await findings(other.page);
    await other.page.keyboard.press("a");
    await segmented(other.page);
    assert.equal((await facts(other.page)).volume, volume);
    assert.match(await undoes(other.page), /^Undo: largest part only/);
    await other.page.keyboard.press("Control+z");
    await message(other.page, /Undone on slices? [\d, –]+: largest part only\./);
    assert.ok((await savedMask(other.page)).pixels[20 * 256 + 20], "the dab is back");
    assert.deepEqual([...complaints, ...other.complaints], []);
    await other.context.close();
  });

  test("changes nothing where somebody has worked, or where it cannot be read", { timeout: 240_000 }, async () => {
    const { session } = await worked();
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    await dab(page, SIZE, 200, 40);
    const own = await walked(page);
    await drop(page, [session]);
    await message(page, [session.name, "1 slice has been worked on here", "Undo that"]);
    assertSame(await walked(page), own);
    // As it says.
    await page.keyboard.press("Control+z");
    await drop(page, [session]);
    await message(page, [session.name, "1 slice has its corrections back"]);
    assert.equal((await walked(page)).length, 4);

    const record = recordOf(session);
    const others = {
      newer: [{ ...record, version: 3 }, "newer version"],
      emptied: [{ ...record, slices: [] }, "holds no corrections"],
      short: [{ ...record, maps: [...record.maps, [256, 256]] }, "is damaged"],
    };
    const before = await walked(page);
    for (const [name, [record, words]] of Object.entries(others)) {
      await drop(page, [changed(session, `${name}.zip`, record)]);
      await message(page, [`${name}.zip`, words]);
    }
    assertSame(await walked(page), before);
    assert.match(await shown(page), /DU_6405/);
    assert.equal(await thumbnails(page).count(), 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("of other images than those that are open names them and changes nothing", { timeout: 240_000 }, async () => {
    const { session, history } = await worked();
    const { page, context, complaints } = await openWith(browser, [OTHER_SLICE]);
    await findings(page);
    await dab(page, SIZE, 200, 40);
    const own = await walked(page);
    await drop(page, [session]);
    await message(page, [session.name, "0 slices have their corrections back", "1 slice of it is not open", "DU_6405", "Open the same images"]);
    assertSame(await walked(page), own);
    assert.match(await shown(page), /CS_4941/);
    assert.equal(await thumbnails(page).count(), 1);
    // And it still waits for them.
    await drop(page, [SLICE]);
    await message(page, [session.name, "1 slice has its corrections back"]);
    assert.equal(await thumbnails(page).count(), 2);
    await thumbnails(page, "data-pick").nth(1).click();
    await until(page, () => document.querySelector("[data-shown]").dataset.shown.includes("DU_6405"));
    await findings(page);
    assertSame(await walked(page), history);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("of another model gives masks back as they were saved, before or after the images, and says so", { timeout: 240_000 }, async () => {
    const { session, history } = await worked();
    const other = changed(session, "other-model.zip", { ...recordOf(session), model: "another model" });
    for (const first of ["images", "session"]) {
      const { page, context, complaints } = await openWith(browser, first === "images" ? [SLICE] : [other]);
      if (first === "images") await findings(page);
      else await message(page, [other.name, "1 slice of it is not open"]);
      await drop(page, [first === "images" ? other : SLICE]);
      await message(page, [other.name, "1 slice has its corrections back", "Another model had answered", "without their history"]);
      await findings(page);
      assert.ok(same(await savedMask(page), history[0].mask), "the mask is the one that was saved");
      assert.equal((await walked(page)).length, 2, "as one step");
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });

  test("of two studies brings back what was said of them as wholes", { timeout: 400_000 }, async () => {
    // Two patients by their files, and no dates.
    const earlier = await sampleStudy(SPACING, [[0x00080020, "DA", ""], [0x00100020, "LO", "A"]]);
    const later = await laterStudy("", [[0x00100020, "LO", "B"]]);
    const both = async () => {
      const opened = await openWith(browser, earlier);
      await findings(opened.page);
      await drop(opened.page, later);
      await until(opened.page, () => document.querySelector("[data-join]"));
      await findings(opened.page);
      return opened;
    };
    const visits = (page) => page.locator("[data-visit]");
    const dates = (page) => page.locator("[data-date]").evaluateAll((fields) => fields.map((field) => field.value).sort());
    const registered = (page) => page.locator('[data-view="other"][data-registered="true"]');

    const { page, context, complaints } = await both();
    assert.equal(await visits(page).count(), 0, "their files name two patients");
    await page.locator("[data-join]").click();
    await visits(page).nth(1).waitFor();
    for (const date of ["2024-02-01", "2025-01-31"]) {
      // Rows are drawn anew with each date.
      const at = await page.locator("[data-date]").evaluateAll((fields) => fields.findIndex((field) => !field.value));
      await page.locator("[data-date]").nth(at).fill(date);
      await until(page, (date) => [...document.querySelectorAll("[data-date]")].some((field) => field.value === date), { given: date });
    }
    await action(page, "compare-studies").click();
    await action(page, "register").click();
    await registered(page).waitFor();
    const link = await page.locator("[data-link]").textContent();
    await command(page, "whole-volume").click();
    await segmented(page);
    await page.locator('[data-fact="location"]').waitFor();
    await action(page, "midline").click();
    const found = await page.locator('[data-fact="location"]').textContent();
    for (let presses = 0; presses < 5; presses++) await action(page, "midline-right").click();
    const moved = await page.locator('[data-fact="location"]').textContent();
    assert.notEqual(moved, found);
    const session = await saved(page, "session");
    const { studies } = recordOf(session);
    assert.deepEqual([studies.joined, studies.dates, studies.midlines, studies.registrations].map((list) => list.length), [1, 2, 1, 1]);
    await action(page, "without-patient").check();
    assert.deepEqual(recordOf(await saved(page, "session")).studies.dates, [], "a date tells more than is wanted");
    assert.deepEqual(complaints, []);
    await context.close();

    const there = await both();
    await drop(there.page, [session]);
    await message(there.page, [session.name, "5 back"]);
    assert.equal(await visits(there.page).count(), 2);
    assert.deepEqual(await dates(there.page), ["2024-02-01", "2025-01-31"]);
    await action(there.page, "compare-studies").click();
    await registered(there.page).waitFor();
    assert.equal(await there.page.locator("[data-link]").textContent(), link);
    await segmented(there.page);
    await there.page.locator('[data-fact="location"]').waitFor();
    assert.equal(await there.page.locator('[data-fact="location"]').textContent(), moved);
    assert.deepEqual(there.complaints, []);
    await there.context.close();
  });
});
