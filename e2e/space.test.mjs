// The tumour in three dimensions, and its surface as files.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { box, command, dismissAll, findings, launch, message, openWith, saved, segmented, until, view } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** What a binary STL encloses, in ml, and how often each of its edges is there, both ways counted as one. */
function solid(bytes) {
  const triangles = bytes.readUInt32LE(80);
  assert.equal(bytes.length, 84 + 50 * triangles);
  let six = 0;
  const edges = new Map();
  for (let at = 0; at < triangles; at++) {
    const corner = (k) => [0, 4, 8].map((axis) => bytes.readFloatLE(84 + 50 * at + 12 + 12 * k + axis));
    const [a, b, c] = [corner(0), corner(1), corner(2)];
    six += a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    for (const [from, to] of [[a, b], [b, c], [c, a]]) {
      const key = [from.join(), to.join()].sort().join("|");
      edges.set(key, (edges.get(key) ?? 0) + 1);
    }
  }
  return { ml: six / 6000, triangles, closed: [...edges.values()].every((count) => count === 2) };
}

test("the tumour turns in the head, and its surface is as large as its mask", { timeout: 300_000 }, async () => {
  const { page, context, complaints, requests } = await openWith(browser, await sampleStudy([1, 1, 5]));
  await findings(page);
  assert.ok(!requests.some((url) => url.includes("three")), "nothing of it is loaded before it is asked for");
  await command(page, "whole-volume").click();
  await segmented(page);
  const ml = Number((await page.locator('[data-fact="volume"]').textContent()).match(/[\d.]+/)[0]);
  assert.ok(ml > 1);

  await page.keyboard.press("8");
  const space = page.locator('[data-space="open"]');
  await space.waitFor();
  // Four views of one size.
  const boxes = await page.evaluate(() =>
    ['[data-view="main"]', '[data-cut-of="Sagittal"]', '[data-cut-of="Coronal"]', "[data-space]"].map((part) => {
      const { width, height } = document.querySelector(part).getBoundingClientRect();
      return [width, height];
    }),
  );
  for (const [width, height] of boxes) assert.ok(Math.abs(width - boxes[0][0]) < 3 && Math.abs(height - boxes[0][1]) < 3, JSON.stringify(boxes));

  // The tumour's colour is on the canvas, and moves while it turns.
  const orange = async () => {
    const png = (await page.locator("[data-view=space]").screenshot()).toString("base64");
    return page.evaluate(async (png) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))]));
      const { width, height } = picture;
      const canvas = new OffscreenCanvas(width, height).getContext("2d");
      canvas.drawImage(picture, 0, 0);
      const { data } = canvas.getImageData(0, 0, width, height);
      const found = [];
      for (let at = 0; at < data.length; at += 4) if (data[at] > 90 && data[at] > 1.4 * data[at + 1] && data[at + 1] > 1.4 * data[at + 2]) found.push((at / 4) % width);
      return found;
    }, png);
  };
  const seen = async () => {
    for (let tries = 0; tries < 60; tries++) {
      const found = await orange();
      if (found.length > 50) return found.reduce((sum, x) => sum + x, 0) / found.length;
      await page.waitForTimeout(500);
    }
    assert.fail("no tumour is seen");
  };
  await seen();
  // In the faint shell of the head, with the planes of the other views.
  const parts = (await page.locator('[data-view="space"]').getAttribute("data-parts")).split(" ");
  assert.deepEqual(parts, ["axial", "coronal", "head", "sagittal", "tumor"]);
  const spin = page.locator('[data-action="spin"]');
  if ((await spin.getAttribute("aria-pressed")) === "true") await spin.click();
  await page.locator("[data-view=space]").focus();
  // It stopped somewhere in its turn: there it may lie as far to one side as it goes, and two of its places may be alike, but not all.
  const places = [await seen()];
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press("ArrowRight");
    places.push(await seen());
  }
  assert.ok(Math.max(...places) - Math.min(...places) > 1, `keys turn it: ${places}`);
  assert.ok(await view(page).isVisible());

  for (const [kind, check] of [
    ["stl", (bytes) => {
      const { ml: enclosed, closed, triangles } = solid(bytes);
      assert.ok(closed && triangles > 100);
      assert.ok(Math.abs(enclosed / ml - 1) < 0.02, `${enclosed} of ${ml} ml`);
    }],
    ["obj", (bytes) => assert.match(bytes.toString(), /^v -?\d/m)],
    ["glb", (bytes) => assert.equal(bytes.subarray(0, 4).toString(), "glTF")],
  ]) {
    const file = await saved(page, kind);
    assert.match(file.name, new RegExp(`tumour\\.${kind}$`));
    check(file.bytes);
  }
  await page.keyboard.press("6");
  assert.equal(await page.locator("[data-space]").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

/** Pixels along each side of the canvas whose frames are counted, and how many a second they have to be at least. */
const SIDE = 512;
const FRAMES_PER_SECOND = 15;

test("it turns by itself, and fast enough without a graphics card", { timeout: 300_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await sampleStudy([1, 1, 5]));
  await findings(page);
  await command(page, "whole-volume").click();
  await segmented(page);
  await page.keyboard.press("8");
  await page.locator('[data-space="open"]').waitFor();
  await page.locator('[data-view="space"]').dblclick();
  await page.locator('[data-layout="space"]').waitFor();
  // The window around a canvas of that size: panels may change their widths with it.
  for (let tries = 0; tries < 6; tries++) {
    const canvas = await box(page, '[data-view="space"]');
    const { width, height } = page.viewportSize();
    await page.setViewportSize({ width: Math.round(width + SIDE - canvas.width), height: Math.round(height + SIDE - canvas.height) });
  }
  await until(page, (side) => {
    const { width, height } = document.querySelector('[data-view="space"]');
    return Math.abs(width - side) < 3 && Math.abs(height - side) < 3;
  }, { given: SIDE });
  const spin = page.locator('[data-action="spin"]');
  // A hand that turned it ended that, as a double click may.
  if ((await spin.getAttribute("aria-pressed")) === "false") await spin.click();
  await page.waitForTimeout(4000);
  const rate = Number(await page.locator('[data-view="space"]').getAttribute("data-frames-per-second"));
  console.log(`${SIDE} × ${SIDE} pixels: ${rate} frames a second`);
  assert.ok(rate >= FRAMES_PER_SECOND, `${rate}`);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what has no size has no surface, and says why", { timeout: 120_000 }, async () => {
  const volume = "public/samples/TCGA_CS_4941_19960909_flair.nii.gz";
  const { page, context } = await openWith(browser, [volume]);
  await findings(page);
  await page.keyboard.press("8");
  await until(page, () => document.querySelector("[data-told]")?.textContent.includes("how large a voxel is"));
  await page.locator('[data-panel="more-formats"]').evaluate((more) => (more.open = true));
  for (const kind of ["stl", "obj", "glb"]) {
    await page.locator(`[data-save="${kind}"]`).click();
    await message(page, "how far apart its voxels are");
    await dismissAll(page);
  }
  await context.close();
});
