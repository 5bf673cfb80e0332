// Numbers and what a person did: the report, the sensitivity, agreement of a volume, work that is not lost, clicks that count.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { PNG } from "pngjs";
import { sampleStudy } from "./dicom.mjs";
import {
  action, clicks, command, drop, facts, findings, gated, launch, openWith, pick, place, print, ready, saved, segmented, thumbnails,
  until, view,
} from "./browser.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const VOLUMES = ["t1_pre", "flair", "t1_post"].map((name) => `${PATIENT}_${name}.nii.gz`);
const LABEL = `${PATIENT}_seg.nii.gz`;
const SIZE = { width: 256, height: 256 };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const escape = (page) => page.keyboard.press("Escape");
const field = (page) => page.locator('[data-field="comments"]');
const report = (page, key) => page.locator(`[data-report="${key}"]`);
/** Whether leaving the page goes without a question. */
const leaves = (page) => page.evaluate(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })));

describe("the report", () => {
  test("of a study has three planes to scale with sides and mask, the area of each slice, and comments", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, await sampleStudy([0.75, 0.75, 6]));
    await findings(page);
    await page.keyboard.press("a");
    await segmented(page);
    const usual = await page.title();
    assert.match(await print(page, "No midline shift.\nCompare with the study of 2023-11-02."), /^AX_FLAIR.*_report$/, "a PDF is named after the study");
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert.equal(await page.title(), usual);
    await page.emulateMedia({ media: "print" });

    const planes = await page.locator("[data-plane]").evaluateAll((all) =>
      all.map((figure) => {
        const image = figure.querySelector("[data-plane] > img");
        const { placed, toScale, plane } = figure.dataset;
        const { width, height } = image.getBoundingClientRect();
        return { plane, placed, toScale, caption: figure.textContent, src: image.src, width, height, columns: image.naturalWidth, rows: image.naturalHeight };
      }),
    );
    assert.deepEqual(planes.map(({ plane }) => plane), ["axial", "sagittal", "coronal"]);
    const scales = [];
    for (const { plane, placed, toScale, src, width, height, columns, rows } of planes) {
      assert.deepEqual([placed, toScale], ["true", "true"], plane);
      const { data } = PNG.sync.read(Buffer.from(src.slice(src.indexOf(",") + 1), "base64"));
      let marked = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] > data[at + 2] + 60) marked++;
      assert.ok(marked > columns * rows * 0.005, `${plane}: ${marked} pixels of mask`);
      assert.ok(Math.abs(width / height - columns / rows) < 0.02, `${plane} is stretched`);
      scales.push(columns / width);
    }
    assert.ok(Math.max(...scales) / Math.min(...scales) < 1.02, `one scale on paper: ${scales}`);

    assert.equal(await page.locator("[data-area-of]").count(), 23);
    assert.match(await report(page, "largest").textContent(), /^slice \d+: [\d.]+ × [\d.]+ mm, product [\d.]+ cm²/);
    assert.match(await report(page, "area").textContent(), /^slice \d+: [\d.]+ cm²$/);
    assert.match(await report(page, "threshold").textContent(), /^0\.\d+ \(default\)$/);
    assert.equal(await report(page, "study-date").getAttribute("data-raw"), "2024-02-01");
    assert.equal((await report(page, "study-date").textContent()).trim(), "2024-02-01");
    assert.equal(await report(page, "series-flair").textContent(), "AX FLAIR");
    assert.match(await report(page, "comments").textContent(), /^No midline shift\.\nCompare/);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    if (process.env.PICTURES) await page.pdf({ preferCSSPageSize: true, path: `${process.env.PICTURES}/report.pdf` });
    assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, "pages");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("of a lone slice says that its side and scale are unknown, and keeps the comments of each slice", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    assert.equal(await leaves(page), true, "there is nothing to lose");
    await page.locator('[data-save="report"]').click();
    await field(page).fill("Left frontal.");
    // Keys belong to the text, and Escape keeps it.
    await field(page).press("End");
    await page.keyboard.type(" b");
    await escape(page);
    assert.equal(await field(page).isVisible(), false);
    assert.equal(await leaves(page), false, "comments are work");

    await drop(page, [`${PATIENT}_13.webp`]);
    await until(page, () => document.querySelectorAll("[data-thumbnail]").length === 2);
    await findings(page);
    await page.locator('[data-save="report"]').click();
    assert.equal(await field(page).inputValue(), "", "of the other slice");
    await action(page, "close-report").click();
    await pick(page, 0);
    await findings(page);
    await print(page);
    assert.equal(await report(page, "comments").textContent(), "Left frontal. b");
    assert.equal(await leaves(page), true, "they are on paper");
    await thumbnails(page, "data-close").first().click();
    await page.locator("[data-reopen]").click();
    await findings(page);
    await page.locator('[data-save="report"]').click();
    assert.equal(await field(page).inputValue(), "Left frontal. b", "closing takes nothing that can come back");
    await escape(page);
    const plane = page.locator('[data-plane="axial"]');
    assert.deepEqual([await plane.getAttribute("data-placed"), await plane.getAttribute("data-to-scale")], ["false", "false"]);
    assert.equal(await page.locator("[data-plane]").count(), 1);
    await page.emulateMedia({ media: "print" });
    if (process.env.PICTURES) await page.pdf({ preferCSSPageSize: true, path: `${process.env.PICTURES}/slice.pdf` });
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

test("a labelled volume has one Dice, which panel, JSON, CSV and report share", { timeout: 240_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [...VOLUMES, LABEL]);
  await findings(page);
  assert.equal((await facts(page))["volume-dice"], undefined, "22 slices have no mask");
  await page.keyboard.press("a");
  await segmented(page);
  const voxels = (file) => {
    const bytes = gunzipSync(file);
    const size = [42, 44, 46].reduce((product, at) => product * bytes.readInt16LE(at), 1);
    const start = bytes.readFloatLE(108);
    return bytes.subarray(start, start + size);
  };
  const mask = voxels((await saved(page, "nifti")).bytes);
  const label = voxels(await readFile(LABEL));
  let [both, sum] = [0, 0];
  for (let at = 0; at < mask.length; at++) {
    both += mask[at] > 0 && label[at] > 0 ? 1 : 0;
    sum += (mask[at] > 0 ? 1 : 0) + (label[at] > 0 ? 1 : 0);
  }
  const dice = (2 * both) / sum;
  assert.equal((await facts(page))["volume-dice"], dice.toFixed(3));
  const json = JSON.parse((await saved(page, "json")).bytes);
  assert.ok(Math.abs(json.volume_dice - dice) < 1e-9);
  const lines = (await saved(page, "csv")).bytes.toString().trimEnd().split("\n");
  assert.ok(lines[0].endsWith(",volume_dice") && lines[1].endsWith(`,${dice.toFixed(4)}`), lines[1]);
  await print(page);
  assert.equal(await report(page, "volume-dice").textContent(), dice.toFixed(3));
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the sensitivity has its default as a tick in the middle, and a double click goes back to it", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [SLICE]);
  const { area } = await findings(page);
  const slider = page.locator('[data-slider="threshold"]');
  const own = await slider.getAttribute("data-value");
  const off = () =>
    page.evaluate(() => {
      const [tick, slider] = ["[data-tick]", '[data-slider="threshold"]'].map((name) => document.querySelector(name).getBoundingClientRect());
      return tick.x + tick.width / 2 - slider.x - slider.width / 2;
    });
  assert.ok(Math.abs(await off()) < 1, `${await off()} px beside the middle`);
  assert.equal(await slider.inputValue(), "0");
  await slider.fill("60");
  const more = parseInt((await facts(page)).area);
  assert.ok(Number(await slider.getAttribute("data-value")) < Number(own) && more > parseInt(area), "more sensitive, a larger mask");
  assert.match(await slider.getAttribute("aria-valuetext"), /^\+60\b.*0\.\d+/);
  assert.equal(await leaves(page), false, "a threshold is work");
  await slider.dblclick();
  assert.equal(await slider.getAttribute("data-value"), own);
  assert.equal((await facts(page)).area, area);
  assert.deepEqual(complaints, []);
  await context.close();
});

describe("nothing is lost", () => {
  test("drawn diameters are work until they are saved, and deleting them is a step", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    const { diameters } = await findings(page);
    await page.keyboard.press("d");
    const corner = await view(page).boundingBox();
    const at = await page.locator('[data-mark="longest"] circle').first().getAttribute("transform");
    const [x, y] = at.match(/-?[\d.]+/g).map(Number);
    await page.mouse.move(corner.x + x, corner.y + y);
    await page.mouse.down();
    await page.mouse.move(corner.x + x + 30, corner.y + y + 12, { steps: 5 });
    await page.mouse.up();
    const drawn = (await facts(page)).diameters;
    assert.notEqual(drawn, diameters);
    assert.equal(await leaves(page), false);
    await saved(page, "mask");
    assert.equal(await leaves(page), false, "a mask has no diameters");
    await saved(page, "csv");
    assert.equal(await leaves(page), true);
    await action(page, "compute-diameters").click();
    assert.equal((await facts(page)).diameters, diameters);
    await page.keyboard.press("Control+z");
    assert.equal((await facts(page)).diameters, drawn, "what was deleted is back");
    await page.keyboard.press("Control+z");
    assert.equal((await facts(page)).diameters, diameters);
    assert.ok(await command(page, "undo").isDisabled());
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a click counts at once, and shows that it waits for the network", { timeout: 120_000 }, async () => {
    const gate = gated();
    const { page, context, complaints } = await openWith(browser, [SLICE], { route: gate.route });
    await ready(page);
    await findings(page);
    gate.shut();
    await page.mouse.click(...(await place(page, SIZE, 30, 200)));
    const pending = page.locator('[data-mark="click"][data-pending]');
    await pending.waitFor();
    assert.ok(await command(page, "undo").isEnabled());
    await gate.stopped();
    await page.mouse.click(...(await place(page, SIZE, 60, 200)));
    assert.deepEqual([await clicks(page).count(), await pending.count()], [2, 2]);
    assert.equal(await leaves(page), false, "clicks are work, answered or not");
    await command(page, "undo").click();
    assert.deepEqual([await clicks(page).count(), await pending.count()], [1, 1]);
    gate.open();
    await findings(page);
    assert.deepEqual([await clicks(page).count(), await pending.count()], [1, 0]);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a double click whose halves are some pixels apart is one click, by mouse and by touch", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    const [x, y] = await place(page, SIZE, 30, 200);
    const cdp = await context.newCDPSession(page);
    // Seconds that the events carry: a busy computer sends them late.
    let now = Date.now() / 1000;
    const press = async (x, y, after) => {
      now += after;
      for (const type of ["mouseMoved", "mousePressed", "mouseReleased"]) {
        const button = type === "mouseMoved" ? "none" : "left";
        await cdp.send("Input.dispatchMouseEvent", { type, x, y, button, clickCount: 1, timestamp: now });
      }
    };
    await press(x, y, 0);
    await press(x + 3, y - 2, 0.2);
    await findings(page);
    assert.equal(await clicks(page).count(), 1);
    await press(x + 3, y - 2, 0.5);
    await findings(page);
    assert.equal(await clicks(page).count(), 2, "after a while it is another click");

    await cdp.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 1 });
    const tap = async (x, y, after) => {
      now += after;
      await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }], timestamp: now });
      await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [], timestamp: now });
    };
    const [u, v] = await place(page, SIZE, 220, 200);
    await tap(u, v, 1);
    await tap(u + 12, v + 9, 0.2);
    await findings(page);
    assert.equal(await clicks(page).count(), 3, "a finger hits the same place only so well");
    const [far, off] = await place(page, SIZE, 220, 30);
    await tap(far, off, 1);
    await findings(page);
    assert.equal(await clicks(page).count(), 4, "that is another place");
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
