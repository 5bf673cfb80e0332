// With ?bench the page measures itself on the sample study and gives a text to copy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, ready } from "./browser.mjs";

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
