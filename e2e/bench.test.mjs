// Texts to send along: with ?bench the page measures itself on the sample study; from the help come diagnostics.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { action, findings, launch, message, open, openWith, ready } from "./browser.mjs";
import { sampleStudy } from "./dicom.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test("?bench times slices, a volume and clicks, and leaves nothing open", { timeout: 300_000 }, async () => {
  const { page, context, complaints } = await open(browser, { query: "?device=cpu&bench" });
  await page.locator('[data-bench="running"], [data-bench="done"]').waitFor({ timeout: 60_000 });
  assert.equal(await ready(page), "CPU");
  await page.locator('[data-bench="done"]').waitFor({ timeout: 240_000 });
  const text = await page.locator('[data-field="bench"]').inputValue();
  const number = (pattern) => Number(text.match(pattern)?.[1]);
  const slices = number(/volume: (\d+) slices/);
  const [slice, encoder, whole, click] = [/network ([\d.]+) ms/, /encoder ([\d.]+) ms/, /slices in (\d+) ms/, /click: ([\d.]+) ms/].map(number);
  const said = text.replaceAll("\n", "; ");
  assert.equal(slices, 23, said);
  assert.ok(0 < encoder && encoder < slice, said);
  // Slices without a tumour end at the encoder; whatever a slice needs, all need it.
  assert.ok(slices * encoder * 0.5 < whole, said);
  assert.ok(1 < click && click < 60_000, said);
  assert.match(text, /^Gliolens .*\nengine: .* on CPU/);
  assert.doesNotMatch(text, /TCGA/, "a patient is named");
  console.log(said);
  await page.locator('[data-action="bench-close"]').click();
  assert.equal(await page.locator("[data-thumbnail]").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("diagnostics are copied to the clipboard and say nothing of the patient", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, await sampleStudy([1, 1, 5]));
  await findings(page);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("before"));
  await page.keyboard.press("?");
  await action(page, "diagnostics").click();
  await message(page, "on the clipboard");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /^Gliolens \d+\.\d+\.\d+\nengine: .* on CPU \(.*\), self-test \d\.\de-\d+/);
  assert.match(text, /\nlatest slice: normalise [\d.]+ ms/);
  assert.match(text, /\nbrowser: .*\ncores: \d+/);
  // Name, date and series of the study, what its files are called, and its identifiers.
  for (const named of ["Doe", "Jane", "20240201", "2024-02-01", "AX FLAIR", "IM1", "1.2.3."]) assert.ok(!text.includes(named), `${named}: ${text}`);
  assert.deepEqual(complaints, []);
  await context.close();
});
