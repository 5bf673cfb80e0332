// Bad input: each file gets a message with its name, and what was on screen stays.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { PNG } from "pngjs";
import { dismissAll, drop, facts, findings, launch, message, open, ready, savedMask, shown, shows, until } from "./browser.mjs";

const SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const png = (width, height) => PNG.sync.write(new PNG({ width, height }));

/** A PNG whose header claims another size, with the right checksum. */
function claiming(width, height) {
  const bytes = png(20, 20);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  let crc = ~0;
  for (const byte of bytes.subarray(12, 29)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  bytes.writeUInt32BE(~crc >>> 0, 29);
  return bytes;
}

test("every bad file is named with its reason, and the mask on screen stays", { timeout: 240_000 }, async () => {
  const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
  await drop(page, [SLICE]);
  await ready(page);
  const before = await findings(page);
  const mask = await savedMask(page);

  const whole = await readFile(SLICE);
  const fixtures = "e2e/fixtures/";
  const bad = [
    [{ name: "empty.png", bytes: [] }, "an empty file"],
    [{ name: "cut.webp", bytes: whole.subarray(0, 900) }, "damaged or cut short"],
    [{ name: "letter.png", bytes: Buffer.from("Dear colleague,") }, "a text file"],
    [{ name: "dot.png", bytes: png(1, 1) }, "only 1 × 1 pixels"],
    [{ name: "vast.png", bytes: claiming(60000, 60000) }, "claims to be 60000 × 60000 pixels"],
    [{ name: "print.jpg", bytes: await readFile(`${fixtures}cmyk.jpg`) }, "CMYK"],
    [{ name: "loop.webp", bytes: await readFile(`${fixtures}animated.webp`) }, "animation"],
    [{ name: "photo.heic", bytes: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic") }, "PNG or JPEG"],
    [{ name: "small_mask.png", bytes: await readFile(`${fixtures}label_40x30.png`) }, "the label has 40 × 30 pixels"],
  ];
  for (const [file, reason] of bad) {
    await drop(page, [file]);
    const name = file.name.replace(/_mask\.png$/, "");
    await message(page, [name, reason]);
    await dismissAll(page);
    assert.equal((await facts(page)).area, before.area, `${file.name} changed what is on screen`);
  }
  assert.deepEqual((await savedMask(page)).pixels, mask.pixels);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("16-bit and palette images open", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
  await ready(page);
  for (const name of ["grey16_80x48.png", "palette_64x96.png", "grey16_80x48.tif"]) {
    await drop(page, [`e2e/fixtures/${name}`]);
    await shows(page, name);
    await findings(page);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("200 files at once all open, the first on screen", { timeout: 240_000 }, async () => {
  const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
  await ready(page);
  const bytes = await readFile(SLICE);
  await drop(page, Array.from({ length: 200 }, (_, at) => ({ name: `slice_${at + 1}.webp`, bytes })));
  await until(page, () => document.querySelectorAll("[data-thumbnail] canvas").length === 200);
  await findings(page);
  assert.equal(await shown(page), "slice_1.webp");
  assert.deepEqual(complaints, []);
  await context.close();
});
