// The slices between two corrected ones, filled from both.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { action, arrived, clicks, command, facts, findings, launch, message, onScreen, openWith, running, same, savedMask, until } from "./browser.mjs";

const PATIENT = "public/samples/TCGA_CS_4941_19960909";
const VOLUMES = ["t1_pre", "flair", "t1_post"].map((sequence) => `${PATIENT}_${sequence}.nii.gz`);
const LABEL = `${PATIENT}_label.nii.gz`;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const settled = (page) => until(page, () => !document.querySelector("[data-running], [data-pending]"));

test("two slices made right fill those between, as one step", { timeout: 240_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [...VOLUMES, LABEL]);
  await findings(page);
  const fill = command(page, "fill-between");
  const [middle, slices] = await onScreen(page);
  assert.ok(!(await fill.isEnabled()), "nothing is corrected");

  const take = async (slice) => {
    for (let [at] = await onScreen(page); at !== slice; at += Math.sign(slice - at)) {
      await page.keyboard.press(slice > at ? "ArrowDown" : "ArrowUp");
      await arrived(page, [at + Math.sign(slice - at), slices]);
    }
    await findings(page);
  };
  const [first, last] = [middle - 1, middle + 2];
  for (const slice of [first, last]) {
    await take(slice);
    await action(page, "use-label").click();
    await settled(page);
  }
  await take(middle);
  const automatic = await savedMask(page);
  const before = Number((await facts(page)).dice);
  assert.ok(await fill.isEnabled());
  await fill.click();
  await message(page, "2 slices between the two corrected ones were filled", { timeout: 120_000 });
  assert.equal(await running(page).count(), 0);
  await take(middle);
  const filled = await savedMask(page);
  assert.ok(!same(filled, automatic), "it is another mask than the network's own");
  assert.equal(await clicks(page).count(), 0);
  const agrees = Number((await facts(page)).dice);
  assert.ok(agrees > before - 0.02 && agrees > 0.8, `${agrees} from ${before}`);

  // One step, from every slice that it changed.
  await command(page, "undo").click();
  assert.ok(same(await savedMask(page), automatic));
  await take(middle + 1);
  assert.ok(!/between/.test(await command(page, "undo").getAttribute("title")));
  await command(page, "redo").click();
  await take(middle);
  assert.ok(same(await savedMask(page), filled));
  assert.deepEqual(complaints, []);
  await context.close();
});
