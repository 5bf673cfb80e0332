// A session file: everything that was done comes back on another computer beside the same images, and nothing else changes.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  action, clicks, command, dab, drop, facts, findings, launch, message, openWith, place, print, same, saved, savedMask, segmented,
  shown, thumbnails, until,
} from "./browser.mjs";
import { unzipped, zipped } from "./zip.mjs";

const SLICE = "public/samples/TCGA_DU_6405_19851005_49.webp";
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

    const record = JSON.parse(unzipped(session.bytes)["gliolens-session.json"]);
    const others = {
      newer: [{ ...record, version: 3 }, "newer version"],
      emptied: [{ ...record, slices: [] }, "holds no corrections"],
      short: [{ ...record, maps: [...record.maps, [256, 256]] }, "is damaged"],
    };
    const before = await walked(page);
    for (const [name, [changed, words]] of Object.entries(others)) {
      const maps = unzipped(session.bytes)["maps.f32"];
      const bytes = zipped({ "gliolens-session.json": Buffer.from(JSON.stringify(changed)), "maps.f32": maps });
      await drop(page, [{ name: `${name}.zip`, bytes }]);
      await message(page, [`${name}.zip`, words]);
    }
    assertSame(await walked(page), before);
    assert.match(await shown(page), /DU_6405/);
    assert.equal(await thumbnails(page).count(), 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
