// Studies: DICOM and NIfTI in, scrolled, segmented as a whole, measured, saved, and what was saved back in.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { dicomSlice, disk } from "./dicom.mjs";
import {
  MESSAGES, action, arrived, command, computer, dice, drop, findings, gated, launch, message, messages, onScreen, open, openWith, place,
  print, ready, running, saved, savedMask, segmented, shows, thumbnails, until,
} from "./browser.mjs";

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

/** The voxels of a NIfTI-1 file of 8 bit. */
function voxels(file) {
  const bytes = gunzipSync(file);
  const size = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  return { size, values: bytes.subarray(bytes.readFloatLE(108)) };
}

/** A dataset's slices as DICOM files, one a millimetre-spaced slice. */
function series(count, options = {}) {
  return Array.from({ length: count }, (_, at) => ({
    name: `IM${at}`,
    bytes: dicomSlice({ columns: 64, rows: 48, pixels: disk(64, 48), position: [-32, -24, 5 * at], number: at + 1, ...options }),
  }));
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
    assert.equal(await chosen(page.getByLabel("FLAIR", { exact: true })), "…flair.nii.gz");
    await page.locator('[data-caution="missing"]').waitFor();
    await page.getByLabel("Post-contrast").selectOption("");
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

  test("is cut from the side and the front where pointer and keys say", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened(VOLUMES);
    await findings(page);
    const cut = (name) => page.getByLabel(name, { exact: true });
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

describe("DICOM", () => {
  test("series come in by place, windows and sides by the header, patients hidden, and SEG goes out and in", { timeout: 240_000 }, async () => {
    const folder = "target/exports/oblique-dicom";
    assert.ok(existsSync(folder), `${folder} is absent: run \`cargo test -p study\` first`);
    const files = (await readdir(folder)).filter((name) => name.startsWith("source-")).map((name) => `${folder}/${name}`);
    const { page, context, complaints } = await opened(files.toReversed());
    await findings(page);
    assert.deepEqual(await onScreen(page), [7, 13]);
    assert.equal(await page.locator("[data-sides]").textContent(), "RLAP");
    assert.ok(!(await page.evaluate(() => document.body.innerText)).includes("Phantom"), "the patient's name is on screen");
    await page.locator("[data-patient] summary").click();
    assert.ok((await page.locator("[data-patient]").innerText()).includes("Phantom, Asymmetric"));

    // The mask that independent readers have checked.
    await drop(page, [`${folder}/mask.dcm`]);
    await message(page, "mask.dcm is back as the mask");
    const [nifti, seg] = [await saved(page, "nifti"), await saved(page, "seg")];
    assert.ok(seg.name.endsWith(".dcm"));
    const expected = voxels(await readFile(`${folder}/mask.nii.gz`));
    assert.ok(Buffer.compare(voxels(nifti.bytes).values, expected.values) === 0, "the mask moved");
    // A person's hand is in it now: it is drawn semi-automatically.
    assert.ok(seg.bytes.includes("SEMIAUTOMATIC"));
    await command(page, "reset").click();
    await drop(page, [{ name: "again.dcm", bytes: seg.bytes }]);
    await message(page, "again.dcm is back as the mask");
    assert.ok(Buffer.compare(voxels((await saved(page, "nifti")).bytes).values, expected.values) === 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a folder opens as a whole: series, masks of either kind, and what is none of these", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await ready(page);
    // A folder that is dropped; the browser's own protocol makes a real drop of it.
    const protocol = await context.newCDPSession(page);
    const data = { items: [], files: [`${process.cwd()}/target/exports/sagittal-dicom`], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await protocol.send("Input.dispatchDragEvent", { type, x: 500, y: 400, data });
    }
    await findings(page);
    assert.deepEqual(await onScreen(page), [26, 50]);
    await thumbnails(page, "data-close").click();

    // And one that is picked.
    await page.getByLabel("Open a folder").setInputFiles("target/exports/axial-dicom");
    await arrived(page, [7, 12]);
    await findings(page);
    for (const words of ["mask.dcm is back", "mask.nii.gz is back", /other files? left out \(/]) await message(page, words);
    await page.locator('[data-panel="by-slice"] summary').click();
    await page.locator('[data-panel="by-slice"] td').first().waitFor();
    const rows = await page.locator('[data-panel="by-slice"] tr').count();
    assert.ok(rows > 5 && rows <= 13, `${rows} rows`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("bad files are named with their reason, and the rest of the drop opens", { timeout: 120_000 }, async () => {
    const good = series(6);
    const one = (options) => dicomSlice({ columns: 64, rows: 48, pixels: disk(64, 48), position: [0, 0, 90], number: 99, series: "9", ...options });
    const cut = good[0].bytes.subarray(0, 4000);
    const bad = [
      [{ name: "cut.dcm", bytes: cut }, "cut.dcm", "damaged or cut short"],
      [{ name: "short.dcm", bytes: one({ pixels: Buffer.alloc(100) }) }, "short.dcm", "the pixel data has 100 bytes"],
      [{ name: "video.dcm", bytes: one({ syntax: "1.2.840.10008.1.2.4.102" }) }, "video.dcm", "transfer syntax"],
      [{ name: "scout.dcm", bytes: one({ header: [[0x00080008, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER"]] }) }, "scout.dcm", "a localiser"],
      [{ name: "ct.dcm", bytes: one({ header: [[0x00080060, "CS", "CT"], [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"]] }) }, "ct.dcm", "no MR image but CT"],
      [{ name: "capture.dcm", bytes: one({ header: [[0x00280002, "US", 3]] }) }, "capture.dcm", "a colour capture"],
      [{ name: "vast.dcm", bytes: one({ header: [[0x00280010, "US", 60000], [0x00280011, "US", 60000]] }) }, "vast.dcm", "more than can be read"],
      [{ name: "pair.nii", bytes: nifti({ magic: "ni1" }) }, "pair.nii", ".img file is missing"],
      [{ name: "huge.nii", bytes: nifti({ side: 32000 }) }, "huge.nii", "more than can be read"],
      [{ name: "locked.zip", bytes: locked() }, "locked.zip", "protected by a password"],
    ];
    const { page, context, complaints } = await opened([...good, ...bad.map(([file]) => file)]);
    await findings(page);
    assert.equal((await onScreen(page))[1], 6);
    const hidden = page.locator('[data-notice="more"]');
    for (let left = bad.length; left > 0 && bad.length; left--) {
      const texts = await messages(page);
      for (const text of texts) {
        const found = bad.findIndex(([, name, reason]) => text.includes(name) && text.includes(reason));
        if (found >= 0) bad.splice(found, 1);
      }
      if (bad.length && (await hidden.count())) await page.locator('[data-notice] [data-dismiss="one"]').first().click();
    }
    assert.deepEqual(bad.map(([, name, reason]) => `${name}: ${reason}`), [], "not said");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("missing slices, a second series and duplicates are said, with where", { timeout: 120_000 }, async () => {
    const gap = series(8).filter((_, at) => at !== 4);
    const twin = { ...gap[2], name: "copy" };
    const post = series(8, { series: "2", description: "AX T1 POST GD" }).map((file) => ({ ...file, name: `post-${file.name}` }));
    const { page, context, complaints } = await opened([...gap, twin, ...post]);
    await findings(page);
    await message(page, "between IM3 and IM5 lie 10.0 mm where 5.0 mm are usual");
    await message(page, "is there twice");
    assert.equal(await chosen(page.getByLabel("Post-contrast")), "AX T1 POST GD");
    await page.locator("[data-resampled]").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  /** A NIfTI-1 header with nothing behind it. */
  function nifti({ magic = "n+1", side = 20 }) {
    const bytes = Buffer.alloc(352);
    bytes.writeInt32LE(348, 0);
    [3, side, side, side].forEach((v, at) => bytes.writeInt16LE(v, 40 + 2 * at));
    bytes.writeInt16LE(2, 70);
    bytes.writeFloatLE(352, 108);
    bytes.write(magic, 344, "latin1");
    return bytes;
  }

  /** An archive of one stored file that says it is encrypted. */
  function locked() {
    const name = Buffer.from("secret.dcm");
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(1, 6);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(1, 8);
    central.writeUInt16LE(name.length, 28);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(central.length + name.length, 12);
    end.writeUInt32LE(local.length + name.length, 16);
    return Buffer.concat([local, name, central, name, end]);
  }
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
