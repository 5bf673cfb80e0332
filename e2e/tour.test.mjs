// The guided tour: a first visitor corrects a slice that comes with the page.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  action, deepestError, drop, facts, findings, launch, open, place, readLabel, ready, savedMask, thumbnails, view,
} from "./browser.mjs";

const LABEL = "public/samples/TCGA_DU_7300_19910814_13_mask.png";
const OTHER = "public/samples/TCGA_CS_4941_19960909_13.webp";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const card = (page, number) => page.locator(number ? `[data-tour="${number}"]` : "[data-tour]");
const step = (page, number) => card(page, number).waitFor({ timeout: 120_000 });

describe("the guided tour", () => {
  test("leads a first visitor to a corrected mask, once", { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await step(page, 1);
    assert.match(await card(page).textContent(), /Tour, 1 of 3/);
    await action(page, "open-sample").click();
    await ready(page);
    await step(page, 2);
    const ring = page.locator('[data-mark="ring"] circle').last();
    assert.equal(await ring.evaluate((circle) => getComputedStyle(circle).stroke), "rgb(255, 225, 77)", "the ring is seen on a dark brain");
    const automatic = await savedMask(page);
    const before = Number((await facts(page)).dice);
    const error = deepestError(automatic, await readLabel(LABEL));
    // The tour has taken the tool that mends the error in the ring.
    const tool = await view(page).getAttribute("data-tool");
    assert.equal(tool, error.missed ? "add" : "remove");
    await page.mouse.click(...(await place(page, automatic, error.x, error.y)));
    await step(page, 3);
    assert.ok(Number((await facts(page)).dice) > before, "following the tour mends the mask");
    await action(page, "end-tour").click();
    await page.reload();
    await ready(page);
    assert.equal(await card(page).count(), 0, "a second visit is not led again");
    await page.keyboard.press("?");
    await action(page, "restart-tour").click();
    await step(page, 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("stands back for a visitor's own slice, and can be skipped", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await step(page, 1);
    await drop(page, [OTHER]);
    await ready(page);
    await findings(page);
    assert.equal(await card(page).count(), 0);
    await thumbnails(page, "data-close").click();
    await step(page, 1);
    await action(page, "end-tour").click();
    assert.equal(await card(page).count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
