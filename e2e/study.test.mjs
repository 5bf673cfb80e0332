// Studies: NIfTI in, scrolled, segmented as a whole, measured, saved, and what was saved back in.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import {
  MESSAGES, action, arrived, command, computer, dice, drop, findings, gated, launch, message, onScreen, openWith, place, print, ready, running,
  saved, savedMask, segmented, shows, until, voxels,
} from "./browser.mjs";
import { placed } from "./nifti.mjs";

const MANIFEST = "public/models/lgg-resunetpp/manifest.json";
const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const VOLUMES = ["t1_pre", "flair", "t1_post"].map((sequence) => `${PATIENT}_${sequence}.nii.gz`);
const LABEL = `${PATIENT}_seg.nii.gz`;
const SIZE = { width: 256, height: 256 };
const SLICES = 23;
/** What the shipped model reaches on this patient, less a margin. */
const AGAINST_LABEL = 0.85;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const opened = (files, options) => openWith(browser, files, options);

/** What a menu shows. */
const chosen = (menu) => menu.evaluate((menu) => menu.selectedOptions[0].textContent);

async function segmentWhole(page) {
  await command(page, "whole-volume").click();
  await segmented(page);
}

/**
 * A computer with so many cores. Counts the workers, and those with a model; lets the second of them fail when it is given its
 * second slice. The first reads files.
 */
const on = (cores, gate) => async (context) => {
  await gate.route(context);
  await computer(cores)(context);
  await context.addInitScript(({ SEGMENT, READY }) => {
    Object.assign(globalThis, { working: 0, loaded: 0, failed: false });
    let made = 0;
    globalThis.Worker = class extends Worker {
      at = made++;
      slices = 0;
      constructor(...given) {
        super(...given);
        globalThis.working++;
        this.addEventListener("message", ({ data }) => (globalThis.loaded += data[0]?.[0] === READY));
      }
      postMessage(message, ...given) {
        if (this.at === 1 && message[0][0] === SEGMENT && ++this.slices === 2) {
          globalThis.failed = true;
          setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "out of memory" })));
        } else super.postMessage(message, ...given);
      }
      terminate() {
        globalThis.working--;
        super.terminate();
      }
    };
  }, MESSAGES);
};

describe("a study", () => {
  test("is segmented as a whole, agrees with its label, and its mask comes back from NIfTI to the bit", { timeout: 300_000 }, async () => {
    const { page, context, complaints } = await opened([...VOLUMES, LABEL]);
    await findings(page);
    assert.deepEqual(await onScreen(page), [12, SLICES]);
    assert.match(await page.locator("[data-corner]").textContent(), /Slice 12 of 23/);
    await segmentWhole(page);

    const { size, values } = voxels((await saved(page, "nifti")).bytes);
    assert.deepEqual(size, [256, 256, SLICES]);
    const label = voxels(await readFile(LABEL)).values;
    const whole = (values) => ({ width: 256, height: 256 * SLICES, pixels: Array.from(values, (v) => v > 0) });
    const overlap = dice(whole(values), whole(label));
    assert.ok(overlap >= AGAINST_LABEL, `volume Dice ${overlap}`);

    // The slice on screen is that part of the file, and what it is by itself: asked for again, it is the same.
    const shown = await savedMask(page);
    const at = 11 * 256 * 256;
    assert.ok(shown.pixels.every((marked, pixel) => marked === (values[at + pixel] === 1)));

    // Erased here, back from the file; undo erases it again.
    await command(page, "lasso").click();
    const corners = [[2, 2], [253, 2], [253, 253], [2, 253]];
    await page.keyboard.down("Alt");
    await page.mouse.move(...(await place(page, SIZE, ...corners[0])));
    await page.mouse.down();
    for (const point of corners) await page.mouse.move(...(await place(page, SIZE, ...point)), { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up("Alt");
    assert.equal((await savedMask(page)).pixels.filter(Boolean).length, 0);
    const file = await saved(page, "nifti");
    assert.ok(file.name.endsWith("mask.nii.gz"));
    await drop(page, [{ name: "mine.nii.gz", bytes: Buffer.from(await reexport(page, values)) }]);
    await message(page, "mine.nii.gz is back as the mask");
    const back = voxels((await saved(page, "nifti")).bytes).values;
    assert.ok(Buffer.compare(back, values) === 0, "the mask that was dropped is not the mask that is saved");
    await command(page, "undo").click();
    assert.equal((await savedMask(page)).pixels.filter(Boolean).length, 0);
    assert.deepEqual(complaints, []);
    await context.close();

    /** The first file's bytes again: the page's own header with these voxels. */
    async function reexport(page, values) {
      const { gzipSync } = await import("node:zlib");
      const header = gunzipSync(file.bytes).subarray(0, 352);
      return gzipSync(Buffer.concat([header, values]));
    }
  });

  test("keeps its finished slices when it is stopped, and whole or one by one gives the same mask", { timeout: 240_000 }, async () => {
    const gate = gated();
    const { page, context, complaints } = await opened(VOLUMES, { route: gate.route });
    await findings(page);
    gate.shut();
    gate.pass(2);
    await command(page, "whole-volume").click();
    await page.locator('[data-running="volume"][data-progress="3"]').waitFor();
    await gate.stopped();
    assert.match(await running(page).textContent(), /3 of 23/);
    await command(page, "stop").click();
    gate.open();
    const volume = page.locator('[data-fact="volume"]');
    assert.deepEqual(await volume.evaluate(({ dataset }) => [dataset.segmented, dataset.of]), ["3", "23"]);
    // One more by hand, by a notch of the wheel.
    const [before] = await onScreen(page);
    const [x, y] = await place(page, SIZE, 128, 128);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 100);
    await arrived(page, [before + 1, SLICES]);
    await findings(page);
    const alone = await savedMask(page);
    await segmentWhole(page);
    // Only that a whole volume leaves small parts out, which is a step of its own.
    const undo = command(page, "undo");
    if (await undo.isEnabled()) await undo.click();
    assert.deepEqual((await savedMask(page)).pixels, alone.pixels);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("takes further cores for a whole volume, which changes nothing in the mask, and goes on where one of them fails", { timeout: 300_000 }, async () => {
    const masks = [];
    for (const cores of [2, 4]) {
      const gate = gated();
      const { page, context, complaints } = await opened(VOLUMES, { route: on(cores, gate) });
      await findings(page);
      gate.shut();
      await command(page, "whole-volume").click();
      // The first worker waits with a slice until its helpers are there, then hands them theirs before it is asked again.
      await gate.stopped();
      await until(page, (workers) => globalThis.loaded === workers, { given: cores - 1 });
      gate.pass(1);
      await gate.stopped(cores - 1);
      gate.pass(1);
      await page.locator('[data-running="volume"][data-progress="3"]').waitFor();
      const at_work = Number(await running(page).getAttribute("data-cores"));
      assert.ok(cores > 2 ? at_work === 2 || at_work === 3 : at_work === 1, `${at_work} cores`);
      assert.match(await running(page).textContent(), /3 of 23/);
      // The second slice of the first helper is lost with it.
      gate.open();
      await segmented(page);
      assert.equal(await page.evaluate(() => globalThis.failed), cores > 2);
      await page.waitForFunction(() => globalThis.working === 1);
      masks.push(voxels((await saved(page, "nifti")).bytes).values);
      assert.deepEqual(complaints, []);
      await context.close();
    }
    assert.ok(Buffer.compare(...masks) === 0);
  });

  test("can have its sequences reassigned, and says what is missing", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened(VOLUMES.slice(1));
    await findings(page);
    const first = await page.locator('[data-fact="presence"]').getAttribute("data-value");
    assert.equal(await chosen(page.locator('[data-sequence="1"]')), "…flair.nii.gz");
    await page.locator('[data-caution="missing"]').waitFor();
    await page.locator('[data-sequence="2"]').selectOption("");
    await page.waitForFunction((presence) => (document.querySelector('[data-fact="presence"]')?.dataset.value ?? presence) !== presence, first);
    await findings(page);
    const { missing_sequences: measured, metrics } = JSON.parse(await readFile(MANIFEST, "utf8"));
    const said = await page.locator('[data-caution="missing"]').textContent();
    assert.match(said, /Only FLAIR is there/);
    for (const dice of [measured.both, metrics.mean_volume_dice]) assert.ok(said.includes(dice.toFixed(2)), said);
    assert.deepEqual(await onScreen(page), [12, 23]);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("has a sequence that lies beside FLAIR registered to it, which can be taken back and is in the session", { timeout: 240_000 }, async () => {
    const OFF_MM = 6;
    const files = [await placed(VOLUMES[1], [1, 1, 5], [0, 0, 0], "a_flair.nii.gz"), await placed(VOLUMES[2], [1, 1, 5], [OFF_MM, 0, 0], "a_t1_post.nii.gz")];
    const { page, context, complaints } = await opened(files);
    await findings(page);
    const place = (page) => page.locator('[data-sequence-place="2"]');
    const isRegistered = (page, is) => page.locator(`[data-sequence-place="2"][data-registered="${is}"]`).waitFor();
    const presence = () => page.locator('[data-fact="presence"]').getAttribute("data-value");
    const asLabelled = await presence();
    assert.equal(await page.locator('[data-sequence-place="1"], [data-sequence-place="0"]').count(), 0, "FLAIR lies on itself, and there is no other");
    await isRegistered(page, false);
    assert.equal((await place(page).locator("[data-registration]").textContent()), "");

    // Stopped on its way, nothing is registered.
    await place(page).locator('[data-action="register-sequence"]').click();
    await place(page).locator('[data-action="unregister-sequence"]').click();
    await isRegistered(page, false);
    await place(page).locator('[data-action="register-sequence"]').waitFor();

    await place(page).locator('[data-action="register-sequence"]').click();
    await isRegistered(page, true);
    const said = await place(page).locator("[data-registration]").textContent();
    const [turned, moved] = said.match(/[\d.]+/g).map(Number);
    assert.ok(turned < 1 && Math.abs(moved - OFF_MM) < 2, said);
    await until(page, (before) => document.querySelector('[data-fact="presence"]')?.dataset.value !== before, { given: asLabelled });
    await findings(page);
    const session = await saved(page, "session");
    const { series_registered } = JSON.parse((await saved(page, "json")).bytes);
    assert.deepEqual(series_registered, [false, false, true]);

    await place(page).locator('[data-action="unregister-sequence"]').click();
    await isRegistered(page, false);
    await until(page, (before) => document.querySelector('[data-fact="presence"]')?.dataset.value === before, { given: asLabelled });
    assert.deepEqual(complaints, []);
    await context.close();

    const there = await opened(files);
    await findings(there.page);
    await drop(there.page, [session]);
    await isRegistered(there.page, true);
    assert.equal(await place(there.page).locator("[data-registration]").textContent(), said);
    assert.deepEqual(there.complaints, []);
    await there.context.close();
  });

  test("is cut from the side and the front where pointer and keys say", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened(VOLUMES);
    await findings(page);
    const cut = (name) => page.locator(`[data-cut="${name}"]`);
    const coronal = await cut("Coronal").screenshot();
    await cut("Sagittal").focus();
    for (let pressed = 0; pressed < 4; pressed += 1) await page.keyboard.press("Shift+ArrowRight");
    // The picture follows within a few frames.
    for (const end = Date.now() + 30_000; coronal.equals(await cut("Coronal").screenshot()); ) assert.ok(Date.now() < end, "the other cut stays");
    assert.deepEqual(await onScreen(page), [12, 23]);
    const { width, height } = await cut("Sagittal").boundingBox();
    await cut("Sagittal").click({ position: { x: width / 2, y: height / 2 - 15 } });
    await until(page, () => Number(document.querySelector("[data-corner]").dataset.place) > 12);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("without spacing is measured in pixels, with spacing in millimetres", { timeout: 120_000 }, async () => {
    const { page, context } = await opened([VOLUMES[1]]);
    const { area, diameters, volume } = await findings(page);
    assert.match(area, /^\d+ px$/);
    assert.match(diameters, / px$/);
    assert.match(volume, / voxels$/);
    assert.match(await page.locator("[data-sides]").textContent(), /side unknown/);
    const bytes = gunzipSync(await readFile(VOLUMES[1]));
    bytes.writeInt16LE(1, 254); // The matrix is valid …
    [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 4, 0].forEach((v, at) => bytes.writeFloatLE(v, 280 + 4 * at)); // … half a millimetre.
    await drop(page, [{ name: "spaced_flair.nii", bytes }]);
    await shows(page, "spaced_flair");
    const spaced = await findings(page);
    assert.match(spaced.area, / c?m+²$/);
    assert.match(spaced.volume, / ml$/);
    assert.equal(await page.locator("[data-sides]").textContent(), "RLAP");
    await context.close();
  });
});

describe("corrections", () => {
  test("are kept on this computer if wanted, come back after a reload, and can be forgotten", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await opened([VOLUMES[1]]);
    await findings(page);
    await action(page, "keep").check();
    const automatic = await savedMask(page);
    await page.mouse.click(...(await place(page, SIZE, 60, 200)));
    await findings(page);
    const corrected = await savedMask(page);
    assert.notDeepEqual(corrected.pixels, automatic.pixels);
    await page.locator('[data-kept-slices="1"]').waitFor();

    await page.reload();
    await ready(page);
    await drop(page, [VOLUMES[1]]);
    await findings(page);
    assert.deepEqual((await savedMask(page)).pixels, corrected.pixels);
    await action(page, "forget").click();
    await page.reload();
    await ready(page);
    await drop(page, [VOLUMES[1]]);
    await findings(page);
    assert.deepEqual((await savedMask(page)).pixels, automatic.pixels);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a full storage is said, and nothing on screen is lost", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened([VOLUMES[1]]);
    await findings(page);
    await action(page, "keep").check();
    await page.evaluate(() => {
      for (let size = 1 << 22; size >= 1; size >>= 1) {
        try {
          for (let at = 0; at < 8; at++) localStorage.setItem(`filler-${size}-${at}`, "x".repeat(size));
        } catch {}
      }
    });
    await page.mouse.click(...(await place(page, SIZE, 60, 200)));
    await findings(page);
    await message(page, "The browser's storage is full");
    assert.ok((await savedMask(page)).pixels[200 * 256 + 60]);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("loses the small parts of its mask at the end, which undo and redo take back and forth on any slice", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await opened(VOLUMES);
    await findings(page);
    await segmentWhole(page);
    const said = await message(page, /All \d+ slices are segmented/);
    const erased = Number(/Small parts away from the tumour were left out, (\d+) pixels? on/.exec(said)?.[1]);
    assert.ok(erased > 0, said);
    const marked = async () => voxels((await saved(page, "nifti")).bytes).values.reduce((sum, v) => sum + v, 0);
    const cleaned = await marked();
    await command(page, "undo").click();
    assert.equal(await marked(), cleaned + erased);
    await command(page, "redo").click();
    assert.equal(await marked(), cleaned);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the largest part alone is one step that undo takes back on every slice", { timeout: 240_000 }, async () => {
    const { page, context } = await opened([VOLUMES[1]]);
    await findings(page);
    await segmentWhole(page);
    await page.mouse.click(...(await place(page, SIZE, 20, 20)));
    await findings(page);
    const before = voxels((await saved(page, "nifti")).bytes).values;
    await action(page, "keep-largest").click();
    await message(page, /pixels on slices? [\d, –]+ were erased/);
    const cleaned = voxels((await saved(page, "nifti")).bytes).values;
    const count = (values) => values.reduce((sum, v) => sum + v, 0);
    assert.ok(count(cleaned) < count(before) && count(cleaned) > 0);
    await command(page, "undo").click();
    const undone = voxels((await saved(page, "nifti")).bytes).values;
    assert.ok(Buffer.compare(undone, before) === 0);
    await context.close();
  });
});

test("the report prints one page with picture, figures and notice", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await opened(VOLUMES);
  await findings(page);
  const usual = await page.title();
  assert.match(await print(page), /^TCGA_CS_4941_19960909_flair.*_report$/, "a PDF is named after the study");
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  assert.equal(await page.title(), usual);
  await page.emulateMedia({ media: "print" });
  const report = await page.locator('[data-panel="report"]').innerText();
  for (const part of ["Research use, not a medical device", "ResUnet++", "1 of 23", "CPU"]) assert.ok(report.includes(part), part);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, "pages");
  assert.deepEqual(complaints, []);
  await context.close();
});
