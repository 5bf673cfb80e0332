// The guided tour: a first visitor corrects a slice that comes with the page.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  action, box, command, dice, drop, findings, launch, open, readLabel, ready, savedMask, shows, thumbnails, view,
} from "./browser.mjs";

const MISSED = "TCGA_DU_6405_19851005_49";
const LABEL = `public/samples/${MISSED}_mask.png`;
const OTHER = "public/samples/TCGA_DU_7300_19910814_13.webp";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const card = (page, number) => page.locator(number ? `[data-tour="${number}"]` : "[data-tour]");
const step = (page, number) => card(page, number).waitFor({ timeout: 120_000 });

describe("the guided tour", () => {
  test("leads a first visitor to a tumour that the network missed, which one click brings in", { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await action(page, "try").click();
    await step(page, 1);
    await ready(page);
    await findings(page);
    await action(page, "next-step").click();
    await step(page, 2);
    await shows(page, MISSED);
    await findings(page);
    const label = await readLabel(LABEL);
    assert.equal(dice(await savedMask(page), label), 0, "the network alone marks nothing of it");
    const ring = page.locator('[data-mark="ring"] circle').last();
    assert.equal(await ring.evaluate((circle) => getComputedStyle(circle).stroke), "rgb(255, 225, 77)", "the ring is seen on a dark brain");
    assert.equal(await view(page).getAttribute("data-tool"), "add");
    const slice = await box(page, '[data-view="main"]');
    const { x, y, width, height } = await box(page, '[data-mark="ring"]');
    const at = [x + width / 2, y + height / 2];
    assert.ok(at[0] > slice.x && at[0] < slice.x + slice.width && at[1] > slice.y && at[1] < slice.y + slice.height);
    await page.mouse.click(...at);
    await step(page, 3);
    const mask = await savedMask(page);
    const after = dice(mask, label);
    assert.ok(after > 0.8, `Dice ${after} after one click`);
    const said = await card(page).evaluate(({ dataset }) => [dataset.diceBefore, dataset.diceAfter].map(Number));
    assert.deepEqual(said.map((dice) => dice.toFixed(3)), [0, after].map((dice) => dice.toFixed(3)));
    assert.match(await card(page).textContent(), new RegExp(`0\\.00.*${after.toFixed(2)}`));
    await action(page, "end-tour").click();
    assert.equal(await command(page, "undo").isEnabled(), true);

    await page.reload();
    await action(page, "try").click();
    await findings(page);
    assert.equal(await card(page).count(), 0, "a second visit is not led again");
    await page.keyboard.press("?");
    await action(page, "restart-tour").click();
    await step(page, 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("stands back for a visitor's own slice, and can be skipped", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await ready(page);
    await drop(page, [OTHER]);
    await findings(page);
    assert.equal(await card(page).count(), 0);
    await thumbnails(page, "data-close").click();
    await action(page, "try").click();
    await step(page, 1);
    await drop(page, [OTHER]);
    await shows(page, "TCGA_DU_7300");
    assert.equal(await card(page).count(), 0);
    await thumbnails(page, "data-pick").first().click();
    await step(page, 1);
    await action(page, "end-tour").click();
    assert.equal(await card(page).count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
