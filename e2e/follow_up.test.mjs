// Two time points of one patient, from drop to report; the later one is made of the sample.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { action, command, drop, findings, launch, openWith, print, saved, segmented, until, voxels } from "./browser.mjs";
import { broken } from "./axe.mjs";
import { sampleStudy } from "./dicom.mjs";
import { SHIFT_MM, SPACING, TURN_DEGREES, laterStudy } from "./later.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const visits = (page) => page.locator("[data-visit]");

/** The volume of each study of the timeline. */
const volumes = (page) => page.locator("[data-visit] [data-volume]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.volume)));

test("a tumour is followed from one study to the next, from drop to report", { timeout: 400_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await sampleStudy(SPACING));
  await findings(page);
  await command(page, "whole-volume").click();
  await segmented(page);
  assert.equal(await visits(page).count(), 0, "one study is no timeline");
  const started = Date.now();
  await drop(page, await laterStudy("20250131"));
  await visits(page).nth(1).waitFor();
  assert.equal(await visits(page).count(), 2, "they are of one patient, as their files say");
  await findings(page);
  await action(page, "compare-studies").click();
  await action(page, "register").click();
  await page.locator('[data-view="other"][data-registered="true"]').waitFor();
  const seconds = (Date.now() - started) / 1000;
  console.log(`opened, registered and its figures shown: ${seconds.toFixed(1)} s`);
  assert.ok(seconds < 60, `${seconds} s`);
  const registered = await page.locator("[data-link]").textContent();
  const [turned, moved] = registered.match(/[\d.]+/g).map(Number);
  assert.ok(Math.abs(turned - TURN_DEGREES) < 1, registered);
  assert.ok(Math.abs(moved - Math.hypot(...SHIFT_MM)) < 1.5, registered);

  await command(page, "whole-volume").click();
  await segmented(page);
  await until(page, () => !document.querySelector('[data-caution="incomplete"]'));
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

  // The other time point's mask lies over this one's, since both are of one tumour.
  const green = await page.evaluate(() => {
    const canvas = document.querySelector('[data-view="main"]');
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 1] > 150 && data[at] < 90 && data[at + 2] > 80) count++;
    return count;
  });
  assert.ok(green > 50, "the earlier outline is seen in the main view");

  const json = JSON.parse((await saved(page, "json")).bytes.toString());
  assert.deepEqual(json.follow_up.studies.map((study) => study.date), ["2024-02-01", "2025-01-31"]);
  assert.ok(Math.abs(json.follow_up.mm_per_year - rate) < 0.05);
  const csv = (await saved(page, "timeline")).bytes.toString().trim().split("\n");
  assert.equal(csv.length, 3);
  await print(page);
  const printed = await page.locator('[data-report="follow-up"]').textContent();
  assert.match(printed, /2024-02-01/);
  assert.match(printed, /mm\/year/);

  // Back to what headers say.
  await action(page, "unregister").click();
  await page.locator('[data-view="other"][data-registered="false"]').waitFor();
  assert.match(await page.locator("[data-link]").textContent(), /[Nn]ot registered/);
  assert.deepEqual(complaints, []);
  await context.close();
});
