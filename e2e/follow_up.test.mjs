// Two time points of one patient, from drop to report; the later one is made of the sample.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { action, box, caughtUp, command, dab, drawn, drop, launch, openWith, print, saved, segmented, shows, until, voxels } from "./browser.mjs";
import { broken } from "./axe.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SHIFT_MM, SPACING, TURN_DEGREES, laterStudy } from "./later.mjs";
import { unzipped } from "./zip.mjs";

const SIZE = { width: 256, height: 256 };
/** How long two studies may take from drop to figures, registered and segmented as a whole: not twice what two idle cores take. */
const SECONDS = 30;
/** The tumour of the later study on any slice, with what was widened around it, in pixels; pixels are 1 mm here. */
const TUMOUR = { x: 108, y: 80, reach: 70 };
const PHONE = { width: 390, height: 844 };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const visits = (page) => page.locator("[data-visit]");

/** The volume of each study of the timeline. */
const volumes = (page) => page.locator("[data-visit] [data-volume]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.volume)));

/** How many new lesions the page counts; null where it does not look for any. */
const newLesions = (page) => page.locator('[data-fact="new-lesions"]').getAttribute("data-count").then((count) => count && Number(count));

/** Mean difference of grey levels between the slice and the other time point beside it, which are drawn at one size; without a
 * disk of the slice if one is named. */
async function apart(page, without) {
  await drawn(page);
  return page.evaluate(({ without, size }) => {
    const [main, other] = ['[data-view="main"]', '[data-view="other"] canvas'].map((selector) => {
      const canvas = document.querySelector(selector);
      return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    });
    const [width, height] = [Math.min(main.width, other.width), Math.min(main.height, other.height)];
    const scale = Math.min(main.width / size.width, main.height / size.height);
    const slice = (at, length, along) => (at - (length - along * scale) / 2) / scale;
    let [sum, count] = [0, 0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [column, row] = [slice(x, main.width, size.width), slice(y, main.height, size.height)];
        if (without && Math.hypot(column - without.x, row - without.y) < without.reach) continue;
        sum += Math.abs(main.data[4 * (y * main.width + x)] - other.data[4 * (y * other.width + x)]);
        count++;
      }
    }
    return sum / count;
  }, { without, size: SIZE });
}

/** Pixels of a canvas in the colours of outlines: the study's own on screen, and the other one's. */
const outlines = (page, selector) =>
  page.evaluate((selector) => {
    const canvas = document.querySelector(selector);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [own, other] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b] = data.subarray(at, at + 3);
      own += r > 180 && g > 70 && g < 180 && b < 80;
      other += g > 150 && r < 90 && b > 80;
    }
    return { own, other };
  }, selector);

/** Warm and green pixels of the view in three dimensions. */
async function colours(page) {
  const png = (await page.locator('[data-view="space"]').screenshot()).toString("base64");
  return page.evaluate(async (png) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
    let [warm, green] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b] = data.subarray(at, at + 3);
      warm += r > 45 && r > 1.3 * b && r > 1.1 * g;
      green += g > 60 && g > 1.4 * r;
    }
    return { warm, green };
  }, png);
}

/** The first number of a content item in a structured report that is named by a code. */
function figure(report, code) {
  // (0040,A30A), a decimal string.
  const at = report.indexOf(Buffer.from([0x40, 0x00, 0x0a, 0xa3]), report.indexOf(code));
  return Number(report.toString("latin1", at + 8, at + 8 + report.readUInt16LE(at + 6)));
}

test("a tumour is followed from one study to the next, from drop to report", { timeout: 400_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, []);
  const [earlierFiles, laterFiles] = [await sampleStudy(SPACING), await laterStudy("20250131")];
  // From the first drop until both are segmented as a whole, registered, and their figures shown; nothing that is checked in between
  // takes long.
  const started = Date.now();
  await drop(page, earlierFiles);
  await shows(page, "AX FLAIR");
  await command(page, "whole-volume").click();
  await segmented(page);
  assert.equal(await visits(page).count(), 0, "one study is no timeline");
  await drop(page, laterFiles);
  await visits(page).nth(1).waitFor();
  assert.equal(await visits(page).count(), 2, "they are of one patient, as their files say");
  assert.equal(await newLesions(page), null);
  assert.match(await page.locator('[data-fact="new-lesions"]').textContent(), /not looked for: not registered/);
  await command(page, "whole-volume").click();
  await segmented(page);
  await action(page, "compare-studies").click();
  await page.locator('[data-view="other"][data-registered="false"]').waitFor();
  assert.equal(await page.locator('[data-panel="fade"]').count(), 0, "nothing is laid over the slice that is not registered");
  // Bare slices.
  await page.keyboard.press("m");
  await page.keyboard.press("m");
  const byHeaders = await apart(page, TUMOUR);
  await action(page, "register").click();
  await page.locator('[data-view="other"][data-registered="true"]').waitFor();
  await until(page, () => !document.querySelector('[data-caution="incomplete"]') && document.querySelector("[data-change]"));
  const seconds = (Date.now() - started) / 1000;
  console.log(`both opened, segmented, registered and their figures shown: ${seconds.toFixed(1)} s`);
  assert.ok(seconds <= SECONDS, `${seconds} s`);
  const laid = await apart(page, TUMOUR);
  console.log(`grey levels beside the tumour: ${byHeaders.toFixed(1)} apart by headers, ${laid.toFixed(1)} registered`);
  assert.ok(laid < 0.75 * byHeaders, `${byHeaders}, ${laid}`);
  await page.keyboard.press("m");
  const registered = await page.locator("[data-link]").textContent();
  const [turned, moved] = registered.match(/[\d.]+/g).map(Number);
  assert.ok(Math.abs(turned - TURN_DEGREES) < 1, registered);
  assert.ok(Math.abs(moved - Math.hypot(...SHIFT_MM)) < 1.5, registered);

  const [earlier, later] = await volumes(page);
  assert.ok(later > 1.2 * earlier, `${earlier}, ${later} ml`);
  const change = Number(await page.locator("[data-change]").getAttribute("data-change"));
  assert.ok(Math.abs(change - (later - earlier)) < 0.01);
  const { values } = voxels((await saved(page, "nifti")).bytes);
  const marked = values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  assert.ok(Math.abs((marked * SPACING[0] * SPACING[1] * SPACING[2]) / 1000 / later - 1) < 0.01, "the volume is that of the mask");
  // 1 February 2024 to 31 January 2025, a leap day between.
  const diameter = (ml) => Math.cbrt((6000 * ml) / Math.PI);
  const rate = ((diameter(later) - diameter(earlier)) / 365) * 365.25;
  const said = await page.locator('[data-fact="velocity"]').textContent();
  assert.ok(Math.abs(Number(said.match(/\+?(-?[\d.]+) mm\/year/)[1]) - rate) < 0.06, `${said} ${rate}`);
  assert.match(said, /365 days/);
  assert.match(await page.locator('[data-fact="response"]').textContent(), /not a diagnosis/);

  assert.deepEqual(await broken(page), [], "nothing is in the way of people who see little or use keys");

  // Both masks are outlined in either view, since both are of one tumour.
  for (const selector of ['[data-view="main"]', '[data-view="other"] canvas']) {
    const seen = await outlines(page, selector);
    assert.ok(seen.own > 50 && seen.other > 50, `${selector}: ${JSON.stringify(seen)}`);
  }
  // And their areas along the head, one curve each.
  for (const curve of ["own", "other"]) {
    const points = await page.locator(`[data-curve="${curve}"]`).getAttribute("points");
    assert.equal(points.trim().split(" ").length, 23);
  }
  const product = page.locator("[data-visit] [data-product]");
  assert.ok((await product.evaluateAll((cells) => cells.every((cell) => Number(cell.dataset.product) > 100 && cell.textContent.includes("cm²")))));

  // A slider between the two, over bare slices.
  const fade = page.locator('[data-slider="fade"]');
  await page.keyboard.press("m");
  await page.keyboard.press("m");
  const before = await apart(page);
  await fade.fill("1");
  const covered = await apart(page);
  assert.ok(before > 0.3 && covered < 0.1 * before, `${before}, ${covered}`);
  await fade.fill("0.5");
  const half = await apart(page);
  assert.ok(half > 0.3 * before && half < 0.7 * before, `${before}, ${half}`);
  assert.equal(await fade.getAttribute("aria-valuetext"), "50 %");
  await fade.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await fade.inputValue(), "0.51", "it goes by keys");
  await page.keyboard.press("Home");
  assert.ok(Math.abs((await apart(page)) - before) < 0.01, "taken back, the slice is as it was");
  await page.keyboard.press("m");

  // A lesion that a person paints far from all that was there, and takes back.
  const known = await newLesions(page);
  await dab(page, SIZE, 205, 128);
  await until(page, (count) => Number(document.querySelector('[data-fact="new-lesions"]')?.dataset.count) === count, { given: known + 1 });
  assert.match(await page.locator('[data-fact="response"]').textContent(), /new lesion: progressive disease/);
  await page.keyboard.press("Control+z");
  await until(page, (count) => Number(document.querySelector('[data-fact="new-lesions"]')?.dataset.count) === count, { given: known });
  await page.keyboard.press("Control+y");
  await until(page, (count) => Number(document.querySelector('[data-fact="new-lesions"]')?.dataset.count) === count, { given: known + 1 });

  const json = JSON.parse((await saved(page, "json")).bytes.toString());
  const [first, second] = json.follow_up.studies;
  assert.deepEqual([first.new_lesions, second.new_lesions], [null, known + 1]);
  assert.ok(second.new_lesions_ml >= 0.05, `${second.new_lesions_ml} ml`);
  assert.equal(json.follow_up.rano_lgg_2011_by_new_lesions, "progressive disease");
  const files = unzipped((await saved(page, "dicom-report")).bytes);
  const report = Buffer.from(files["report.dcm"]);
  for (const word of ["99GLIOLENS", "20240201", "rano-lgg-2011", "no diagnosis: progressive disease"]) {
    assert.ok(report.includes(word), `${word} is not in the structured report`);
  }
  for (const [code, value] of [["128740", 365], ["volume-change", second.change_ml], ["vde", second.mm_per_year], ["new-lesions", known + 1]]) {
    assert.ok(Math.abs(figure(report, code) - value) < 1e-6, `${code}: ${figure(report, code)}, ${value}`);
  }
  await page.keyboard.press("Control+z");
  await until(page, (count) => Number(document.querySelector('[data-fact="new-lesions"]')?.dataset.count) === count, { given: known });
  assert.deepEqual(json.follow_up.studies.map((study) => study.date), ["2024-02-01", "2025-01-31"]);
  const grown = ((diameter(second.volume_ml) - diameter(first.volume_ml)) / 365) * 365.25;
  assert.ok(Math.abs(json.follow_up.mm_per_year - grown) < 0.05);
  const csv = (await saved(page, "timeline")).bytes.toString().trim().split("\n");
  assert.equal(csv.length, 3);
  await print(page);
  const printed = await page.locator('[data-report="follow-up"]').textContent();
  assert.match(printed, /2024-02-01/);
  assert.match(printed, /mm\/year/);
  assert.match(printed, /new lesion/i);

  // Both in three dimensions, in two colours.
  await page.keyboard.press("8");
  await page.locator('[data-space="open"]').waitFor();
  await page.locator('[data-told]').waitFor({ state: "hidden" });
  assert.equal(await page.locator("[data-time]").count(), 0);
  assert.ok((await colours(page)).green < 20, "one time point is seen");
  await command(page, "both-times").click();
  const both = await (async () => {
    for (let tries = 0; ; tries++) {
      const found = await colours(page);
      if ((found.green > 50 && found.warm > 50) || tries > 60) return found;
      await page.waitForTimeout(500);
    }
  })();
  assert.ok(both.green > 50 && both.warm > 50, JSON.stringify(both));
  const times = await page.locator("[data-time]").allTextContents();
  assert.ok(times[0].includes("2025") && times[1].includes("2024"), `${times}`);
  await page.keyboard.press("p");
  assert.equal(await page.locator("[data-time]").count(), 0);
  await page.keyboard.press("9");

  // On a phone the slider has its place, and the page no fault.
  await page.setViewportSize(PHONE);
  const { x, width } = await box(page, '[data-slider="fade"]');
  assert.ok(x >= 0 && x + width <= PHONE.width && width > 100, `${x}, ${width}`);
  assert.deepEqual(await broken(page), [], "on a phone");
  await page.setViewportSize({ width: 1440, height: 900 });

  // Back to what headers say.
  await action(page, "unregister").click();
  await page.locator('[data-view="other"][data-registered="false"]').waitFor();
  assert.match(await page.locator("[data-link]").textContent(), /[Nn]ot registered/);

  // Stopped on its way, nothing is registered, nor is it later.
  await action(page, "register").click();
  await until(page, () => /Registering/.test(document.querySelector("[data-link]").textContent));
  await action(page, "unregister").click();
  await until(page, () => /[Nn]ot registered/.test(document.querySelector("[data-link]").textContent));
  await caughtUp(page);
  await page.waitForTimeout(1000);
  assert.equal(await page.locator('[data-view="other"]').getAttribute("data-registered"), "false");
  assert.match(await page.locator("[data-link]").textContent(), /[Nn]ot registered/);
  assert.deepEqual(complaints, []);
  await context.close();
});
