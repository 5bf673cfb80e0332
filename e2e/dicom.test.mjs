// DICOM in: series, folders, bad files, what is odd about a series; segmentations out and in.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { dicomSlice, disk } from "./dicom.mjs";
import {
  arrived, command, drop, findings, launch, message, messages, onScreen, open, openWith, ready, saved, thumbnails, voxels,
} from "./browser.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const opened = (files, options) => openWith(browser, files, options);

/** What a menu shows. */
const chosen = (menu) => menu.evaluate((menu) => menu.selectedOptions[0].textContent);

/** A dataset's slices as DICOM files, one a millimetre-spaced slice. */
function series(count, options = {}) {
  return Array.from({ length: count }, (_, at) => ({
    name: `IM${at}`,
    bytes: dicomSlice({ columns: 64, rows: 48, pixels: disk(64, 48), position: [-32, -24, 5 * at], number: at + 1, ...options }),
  }));
}

describe("DICOM", () => {
  test("series come in by place, windows and sides by the header, patients hidden, and SEG goes out and in", { timeout: 240_000 }, async () => {
    const folder = "target/exports/oblique-dicom";
    assert.ok(existsSync(folder), `${folder} is absent: run \`cargo test -p study\` first`);
    const files = (await readdir(folder)).filter((name) => name.startsWith("source-")).map((name) => `${folder}/${name}`);
    const { page, context, complaints } = await opened(files.toReversed());
    await findings(page);
    assert.deepEqual(await onScreen(page), [7, 13]);
    assert.equal(await page.locator("[data-sides]").textContent(), "RLAP");
    assert.ok(!(await page.evaluate(() => document.body.innerText)).includes("Asymmetric"), "the patient's name is on screen");
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
    await page.locator('[data-open="folder"]').setInputFiles("target/exports/axial-dicom");
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
    await message(page, "holds a slice that another file holds too");
    assert.equal(await chosen(page.locator('[data-sequence="2"]')), "AX T1 POST GD");
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
