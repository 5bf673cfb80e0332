// Which studies are of one patient, and what their dates give: files that name strangers alike, joining, typed dates, fast growth.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { command, dab, drop, findings, launch, openWith, segmented, shows, until } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";

const SIZE = { width: 256, height: 256 };
const SPACING = [1, 1, 5];
const NAME = 0x00100010;
const DATE = 0x00080020;
const STUDY = 0x0020000d;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const visits = (page) => page.locator("[data-visit]");
const caution = (page, what) => page.locator(`[data-caution="${what}"]`);
const velocity = (page) => page.locator('[data-fact="velocity"]');

/** The slices of an examination of the sample's patient that show tumour, with what else stands in its header. */
const few = async (more) => (await sampleStudy(SPACING, more)).slice(9, 17);

/** Another examination. */
const another = (study, more = []) => few([[STUDY, "UI", study], [DATE, "DA", "20250131"], ...more]);

test("strangers under one patient ID are apart until a person joins them, and come apart again", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await few());
  await findings(page);
  await drop(page, await another("1.2.8", [[NAME, "PN", "Roe^Richard"]]));
  const join = page.locator("[data-join]");
  await join.waitFor();
  assert.equal(await visits(page).count(), 0, "an ID alone ties nobody");
  assert.ok(await caution(page, "identifier").isVisible(), "that both have it is said");

  await join.click();
  await visits(page).nth(1).waitFor();
  assert.equal(await visits(page).count(), 2);
  assert.equal(await join.count(), 0);
  assert.ok(!(await caution(page, "identifier").isVisible()));
  assert.match(await velocity(page).textContent(), /365 days/);
  await page.locator("[data-part]").click();
  await join.waitFor();
  assert.equal(await visits(page).count(), 0);

  // A file that does not say how large a voxel is can be joined, and has no figures to compare.
  await drop(page, ["public/samples/TCGA_CS_4941_19960909_flair.nii.gz"]);
  await shows(page, "TCGA_CS_4941");
  assert.ok(!(await caution(page, "unscaled").count()));
  await join.first().click();
  await caution(page, "unscaled").waitFor();
  assert.match(await caution(page, "unscaled").textContent(), /TCGA_CS_4941_19960909_flair/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("without two dates there is no rate; a typed one gives it, and fast growth is marked", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await few());
  const whole = async () => {
    await command(page, "whole-volume").click();
    await segmented(page);
  };
  await shows(page, "AX FLAIR");
  await whole();
  await drop(page, await another("1.2.8", [[NAME, "PN", "DOE^JANE^^"], [DATE, "DA", null]]));
  await visits(page).nth(1).waitFor();
  assert.equal(await page.locator("[data-join], [data-part]").count(), 0, "their files tie them, whatever capitals are used");
  await whole();
  assert.match(await velocity(page).textContent(), /date is missing/);

  const date = page.locator("[data-date]");
  assert.equal(await date.count(), 1, "only where the files have none");
  const typed = async (day, said) => {
    await date.fill(day);
    await until(page, (said) => new RegExp(said).test(document.querySelector('[data-fact="velocity"]')?.textContent), { given: said });
    return velocity(page).textContent();
  };
  assert.doesNotMatch(await typed("2024-02-01", "of one day"), /mm\/year/);
  assert.match(await typed("2025-01-31", "365 days"), /mm\/year/);
  assert.equal(await page.locator("[data-fast]").count(), 0, "the same head twice does not grow");
  assert.equal(await caution(page, "corrected").count(), 0);

  // One day later, more of it.
  await typed("2024-02-02", "1 days");
  for (const y of [100, 128, 156]) await dab(page, SIZE, 205, y);
  await page.locator('[data-fact="velocity"][data-fast]').waitFor();
  assert.match(await velocity(page).textContent(), /more than 8 mm\/year/);
  assert.ok(await caution(page, "corrected").isVisible(), "the interval is not that of a mask that a person drew");
  assert.ok((await page.locator("[data-interval]").textContent()).includes("95 %"));

  // Taken out of the timeline's order: the date before the first.
  await typed("2023-02-01", "365 days");
  const order = await visits(page).evaluateAll((rows) => rows.map((row) => Boolean(row.querySelector("[data-date]"))));
  assert.deepEqual(order, [true, false], "in the order of their days");
  assert.deepEqual(complaints, []);
  await context.close();
});
