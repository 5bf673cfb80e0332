// Everyday work: the way back, the wheel, what is closed, messages, and keys after the pointer.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import {
  action, arrived, caughtUp, clicks, command, dab, drawn, drop, facts, findings, launch, message, onScreen, openWith, pick, place, same, savedMask,
  segmented, thumbnails, until, view,
} from "./browser.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const VOLUMES = ["t1_pre", "flair", "t1_post"].map((name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`);
const SIZE = { width: 256, height: 256 };

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

describe("the way back", () => {
  test("over many slices is one step, from any slice, and says where", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [VOLUMES[1]]);
    await findings(page);
    await page.keyboard.press("a");
    await segmented(page);
    await dab(page, SIZE, 20, 20);
    const painted = await savedMask(page);
    await action(page, "keep-largest").click();
    await message(page, "were erased. Undo brings them back");
    assert.ok(!(await savedMask(page)).pixels[20 * 256 + 20]);
    assert.match(await command(page, "undo").getAttribute("title"), /^Undo: largest part only/);
    // From a slice that it did not change.
    await page.keyboard.press("PageUp");
    await arrived(page, [2, 23]);
    await findings(page);
    assert.match(await command(page, "undo").getAttribute("title"), /^Undo: largest part only/);
    await page.keyboard.press("Control+z");
    await message(page, /Undone on slices? [\d, –]+: largest part only\./);
    await page.keyboard.press("PageDown");
    await arrived(page, [12, 23]);
    await findings(page);
    assert.ok(same(await savedMask(page), painted));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("takes a double click back as one, and Space after it shows the mask before", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    const automatic = await savedMask(page);
    await page.mouse.dblclick(...(await place(page, SIZE, 30, 200)));
    await findings(page);
    assert.equal(await clicks(page).count(), 1, "a double click is one click");
    await page.mouse.click(...(await place(page, SIZE, 60, 200)));
    await findings(page);
    assert.equal(await clicks(page).count(), 2);

    await command(page, "undo").click();
    assert.equal(await clicks(page).count(), 1);
    await page.keyboard.down(" ");
    assert.equal(await command(page, "before").getAttribute("aria-pressed"), "true");
    await page.keyboard.up(" ");
    assert.equal(await clicks(page).count(), 1, "Space did not press the button again");
    await command(page, "undo").click();
    assert.ok(same(await savedMask(page), automatic));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("holds dragged diameters, whose perpendicular stays so", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    const { diameters } = await findings(page);
    await page.keyboard.press("d");
    const ends = async (name) =>
      page.locator(`[data-mark="${name}"] circle`).evaluateAll((circles) =>
        circles.map((circle) => circle.getAttribute("transform").match(/-?[\d.]+/g).map(Number)),
      );
    const corner = await view(page).boundingBox();
    const [[x, y]] = await ends("longest");
    await page.mouse.move(corner.x + x, corner.y + y);
    await page.mouse.down();
    await page.mouse.move(corner.x + x + 30, corner.y + y + 12, { steps: 5 });
    await page.mouse.up();
    assert.notEqual((await facts(page)).diameters, diameters);
    const [a, b] = await ends("longest");
    const [p, q] = await ends("perpendicular");
    const cosine =
      ((b[0] - a[0]) * (q[0] - p[0]) + (b[1] - a[1]) * (q[1] - p[1])) /
      (Math.hypot(b[0] - a[0], b[1] - a[1]) * Math.hypot(q[0] - p[0], q[1] - p[1]));
    assert.ok(Math.abs(cosine) < 0.02, `cosine ${cosine}`);
    await page.keyboard.press("Control+z");
    assert.equal((await facts(page)).diameters, diameters, "the drag was one step");
    assert.ok(await command(page, "undo").isDisabled());
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("closing", () => {
  test("can be undone for a while, and gives everything back", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    await dab(page, SIZE, 20, 20);
    const painted = await savedMask(page);
    await thumbnails(page, "data-close").click();
    await page.locator("[data-closed]").waitFor();
    assert.equal(await thumbnails(page).count(), 0);
    await page.locator("[data-reopen]").click();
    await findings(page);
    assert.ok(same(await savedMask(page), painted));
    assert.ok(await command(page, "undo").isEnabled());
    await thumbnails(page, "data-close").click();
    const closed = Date.now();
    await page.locator("[data-closed]").waitFor();
    await page.locator("[data-closed]").waitFor({ state: "detached" });
    assert.ok(Date.now() - closed > 9_000, "the way back is there for ten seconds");
    assert.equal(await thumbnails(page).count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the page asks before it takes unsaved corrections with it", { timeout: 120_000 }, async () => {
    const { page, context } = await openWith(browser, [SLICE]);
    await findings(page);
    const stays = () => page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
    assert.equal(await stays(), false, "there is nothing to lose");
    await dab(page, SIZE, 20, 20);
    assert.equal(await stays(), true);
    await savedMask(page);
    assert.equal(await stays(), false, "the mask is saved");
    await context.close();
  });
});

describe("looking", () => {
  test("the wheel scrolls slices and cuts wherever it is turned, and zooms with Ctrl alone", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, VOLUMES);
    await findings(page);
    assert.deepEqual(await onScreen(page), [12, 23]);
    const over = async (selector, dy) => {
      const { x, y, width, height } = await page.locator(selector).boundingBox();
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.waitForTimeout(250); // A movement of its own.
      await page.mouse.wheel(0, dy);
    };
    await over('[data-view="areas"]', 100);
    await arrived(page, [13, 23]);
    const cut = page.locator('[data-cut="Sagittal"]');
    const at = Number(await cut.getAttribute("data-at"));
    await over('[data-cut="Sagittal"]', 100);
    await until(page, (at) => Number(document.querySelector('[data-cut="Sagittal"]').dataset.at) === at + 1, { given: at });
    assert.deepEqual(await onScreen(page), [13, 23]);
    // With Ctrl it zooms around the pointer, and the slice stays.
    const image = () => view(page).evaluate((canvas) => canvas.toDataURL());
    await caughtUp(page); // The slice has its mask,
    await drawn(page); // and the crosshair follows the cut.
    const whole = await image();
    await page.keyboard.down("Control");
    await over('[data-view="main"]', -100);
    await until(page, (whole) => document.querySelector('[data-view="main"]').toDataURL() !== whole, { given: whole });
    assert.deepEqual(await onScreen(page), [13, 23]);
    await over('[data-view="main"]', 100);
    await page.keyboard.up("Control");
    await until(page, (whole) => document.querySelector('[data-view="main"]').toDataURL() === whole, { given: whole });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("keys pan, window and remove a part", { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, VOLUMES);
    await findings(page);
    const image = () => view(page).evaluate((canvas) => canvas.toDataURL());
    /** Presses a key that changes the image. */
    const changes = async (key) => {
      const before = await image();
      await page.keyboard.press(key);
      await until(page, (before) => document.querySelector('[data-view="main"]').toDataURL() !== before, { given: before });
    };
    const whole = await image();
    await page.keyboard.press("Shift+ArrowLeft");
    await page.waitForTimeout(100);
    assert.equal(await image(), whole, "a whole slice has nowhere to go");
    assert.deepEqual(await onScreen(page), [12, 23], "and Shift with an arrow goes to no other slice");
    for (const key of ["+", "+", "Shift+ArrowLeft", "Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"]) await changes(key);
    await page.keyboard.press("0");
    for (const key of ["Shift+W", "Shift+B", "Shift+D", "Shift+E"]) await changes(key);
    await page.locator('[data-menu="window"]').waitFor();
    assert.equal(await page.locator('[data-menu="window"]').inputValue(), "");

    // The pointer by keys, into the mask; the whole part goes, as one step.
    const automatic = await savedMask(page);
    const marked = [...automatic.pixels.keys()].filter((at) => automatic.pixels[at]);
    const middle = marked[marked.length >> 1];
    const [x, y] = [middle % SIZE.width, Math.floor(middle / SIZE.width)];
    await page.mouse.move(...(await place(page, SIZE, x, y)));
    await page.keyboard.press("Shift+Delete");
    await until(page, () => !document.querySelector('[data-command="undo"]').disabled);
    const without = await savedMask(page);
    assert.ok(!without.pixels[middle] && without.pixels.filter(Boolean).length < marked.length);
    await page.keyboard.press("Control+z");
    assert.ok(same(await savedMask(page), automatic));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the heat map has a scale with the threshold on it, and is in the reformats", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, VOLUMES);
    await findings(page);
    // A cut through the tumour.
    const { pixels } = await savedMask(page);
    const marked = [...pixels.keys()].filter((at) => pixels[at]);
    const row = Math.floor(marked[marked.length >> 1] / SIZE.width);
    const cut = page.locator('[data-cut="Coronal"]');
    await cut.hover();
    for (let at; (at = Number(await cut.getAttribute("data-at"))) !== row; ) {
      await page.mouse.wheel(0, Math.sign(row - at) * 100);
      await until(page, (at) => Number(document.querySelector('[data-cut="Coronal"]').dataset.at) !== at, { given: at });
    }
    const coronal = () => cut.evaluate((canvas) => canvas.toDataURL());
    const plain = await coronal();
    await page.keyboard.press("h");
    await page.locator('[data-legend="heat"]').waitFor();
    const tick = () => page.locator("[data-threshold]").evaluate((tick) => parseFloat(tick.style.left));
    const before = await tick();
    const slider = page.locator('[data-slider="threshold"]');
    await slider.fill("-41");
    await until(page, (before) => parseFloat(document.querySelector("[data-threshold]").style.left) !== before, { given: before });
    const set = 100 * Number(await slider.getAttribute("data-value"));
    assert.ok(Math.abs((await tick()) - set) < 0.1 && set > before, `the tick is at ${await tick()}, the threshold ${set} %`);
    assert.notEqual(plain, await coronal(), "no heat in the reformat");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the strip follows what is on screen", { timeout: 120_000 }, async () => {
    const bytes = await readFile(SLICE);
    const { page, context, complaints } = await openWith(browser, Array.from({ length: 15 }, (_, at) => ({ name: `s_${at + 1}.webp`, bytes })));
    await until(page, () => document.querySelectorAll("[data-thumbnail]").length === 15);
    await findings(page);
    await page.keyboard.press("PageDown");
    await until(page, () => {
      const names = ['[data-panel="strip"]', '[data-thumbnail]:has([aria-current="true"])'];
      const [strip, chosen] = names.map((name) => document.querySelector(name).getBoundingClientRect());
      return chosen.top >= strip.top - 1 && chosen.bottom <= strip.bottom + 1;
    });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("messages stay with their study, go with it, and are put away after a while", { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [SLICE]);
    await findings(page);
    await page.keyboard.press("a");
    const words = "open by itself";
    await message(page, words);
    await drop(page, [VOLUMES[1]]);
    await findings(page);
    await message(page, words, { gone: true }); // It is about the slice.
    await pick(page, 0);
    await page.locator('[data-panel="messages"][data-count="1"]').waitFor();
    await message(page, words);
    await thumbnails(page, "data-close").first().click();
    await message(page, words, { gone: true });
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
