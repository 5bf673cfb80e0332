// Where a tumour lies: its side and the midline, on screen, by key, in the report and in files.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { action, command, findings, launch, openWith, print, saved, segmented, until } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";
import { spaced } from "./nifti.mjs";
import { unzipped } from "./zip.mjs";

const SPACING = [1, 1, 5];
const FLAIR = "public/samples/TCGA_CS_4941_19960909_flair.nii.gz";
/** SNOMED's right, and right and left. */
const SIDES = { right: "24028007", both: "51440002" };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const location = (page) => page.locator('[data-fact="location"]');
/** Where the midline is drawn. */
const line = (page) => page.locator('[data-mark="midline"]').getAttribute("d");
/** Millimetres from the tumour's middle to the midline. */
const middle = async (page) => Number((await location(page).textContent()).match(/middle ([\d.]+)/)[1]);

test("the side of a tumour is said, its midline shown and moved by key, and both are in report and files", { timeout: 180_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await sampleStudy(SPACING));
  await findings(page);
  assert.equal(await location(page).count(), 0, "not before all slices are known");
  await command(page, "whole-volume").click();
  await segmented(page);
  await location(page).waitFor();
  // Columns run to the patient's left, and the tumour is on the smaller ones.
  assert.match(await location(page).textContent(), /right hemisphere/);

  assert.equal(await page.locator('[data-mark="midline"]').count(), 0);
  await action(page, "midline").click();
  const [drawn, before] = [await line(page), await middle(page)];
  await action(page, "midline-right").focus();
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press("Enter");
  await until(page, (drawn) => document.querySelector('[data-mark="midline"]').getAttribute("d") !== drawn, { given: drawn });
  assert.ok(Math.abs((await middle(page)) - before - 3) < 0.25, `${before}, ${await middle(page)}`);

  const said = (await location(page).textContent()).trim();
  const json = JSON.parse((await saved(page, "json")).bytes.toString()).location;
  assert.equal(json.side, "right hemisphere");
  assert.ok(json.reliable && Math.abs(json.middle_from_midline_mm - (await middle(page))) < 0.06, JSON.stringify(json));
  const files = unzipped((await saved(page, "dicom-report")).bytes);
  const report = Buffer.from(files["report.dcm"]);
  const [side, other] = json.percent_on_side >= 90 ? [SIDES.right, SIDES.both] : [SIDES.both, SIDES.right];
  assert.ok(report.includes("272741003") && report.includes(side) && !report.includes(other), `${json.percent_on_side} %`);
  await print(page);
  assert.equal((await page.locator('[data-report="location"]').textContent()).trim(), said);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a file without a place has sides of the picture, and says that it has no others", { timeout: 180_000 }, async () => {
  const { page, context } = await openWith(browser, [await spaced(FLAIR, SPACING, "flair.nii.gz")]);
  await findings(page);
  await command(page, "whole-volume").click();
  await segmented(page);
  await location(page).waitFor();
  assert.match(await location(page).textContent(), /side of the patient unknown/);
  const json = JSON.parse((await saved(page, "json")).bytes.toString()).location;
  assert.match(json.side, /of the picture, side of the patient unknown/);
  await context.close();
});
