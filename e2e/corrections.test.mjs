// Corrections: clicks that the network answers, strokes by hand, and the way back.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import {
  box, caughtUp, clicks, command, deepestError, dice, drop, facts, findings, gated, launch, marked, message, open, pick, place, readLabel,
  ready, running, same, savedMask, shown, shows, until, view,
} from "./browser.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const NEIGHBOUR = "public/samples/TCGA_CS_4941_19960909_13.webp";
/** Not square: a swapped axis would show. */
const CROP = "e2e/fixtures/crop_221x203.png";
/** A slice with missed tumour as its deepest errors, one with false tumour, and the Dice that three clicks on them gain at least. */
const WRONG = [
  { slice: "TCGA_DU_7300_19910814_13", missed: true },
  { slice: "TCGA_CS_4941_19960909_13", missed: false },
];
const RAISED = 0.02;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Clicks on a pixel and waits for the network's answer. */
async function click(page, size, [x, y], options = {}) {
  await page.mouse.click(...(await place(page, size, x, y)), options);
  await findings(page);
}

/** Drags along some pixels; `halfway` happens before the last one. */
async function drag(page, size, path, halfway = async () => {}) {
  await page.mouse.move(...(await place(page, size, ...path[0])));
  await page.mouse.down();
  for (const point of path.slice(1, -1)) await page.mouse.move(...(await place(page, size, ...point)), { steps: 4 });
  await halfway();
  await page.mouse.move(...(await place(page, size, ...path.at(-1))), { steps: 4 });
  await page.mouse.up();
}


async function opened(files, route) {
  const opened = await open(browser, { query: "?device=cpu", route });
  await drop(opened.page, files);
  await ready(opened.page);
  await findings(opened.page);
  return opened;
}

describe("clicks", () => {
  for (const { slice, missed } of WRONG) {
    test(`on ${missed ? "missed" : "false"} tumour raise the Dice, and undo brings every mask back`, { timeout: 120_000 }, async () => {
      const [image, labelled] = [`public/samples/${slice}.webp`, `public/samples/${slice}_mask.png`];
      const { page, context, complaints } = await opened([image, labelled]);
      const label = await readLabel(labelled);
      const masks = [await savedMask(page)];
      for (let made = 0; made < 3; made++) {
        const mask = masks.at(-1);
        const { x, y, ...error } = deepestError(mask, label);
        assert.equal(error.missed, missed, "the deepest error is of the other kind: choose another slice");
        await click(page, mask, [x, y], missed ? {} : { button: "right" });
        masks.push(await savedMask(page));
        assert.equal(marked(masks.at(-1), x, y), missed, "a click's own pixel is on the side that was asked for");
        const mark = await page.locator(`[data-mark="click"][data-kind="${missed ? "tumour" : "background"}"] circle`).last().boundingBox();
        const [left, top] = await place(page, mask, x, y);
        assert.ok(Math.hypot(mark.x + mark.width / 2 - left, mark.y + mark.height / 2 - top) < 1.5, "its mark lies there");
      }
      assert.equal(await clicks(page).count(), masks.length - 1);
      const diameters = page.locator('[data-fact="diameters"]');
      const measured = await diameters.textContent();
      const scores = masks.map((mask) => dice(mask, label));
      assert.ok(scores.at(-1) >= scores[0] + RAISED, `Dice ${scores.map((score) => score.toFixed(3))}`);
      assert.equal((await facts(page)).dice, scores.at(-1).toFixed(3));

      for (const mask of masks.slice(0, -1).reverse()) {
        await page.keyboard.press("Control+z");
        assert.ok(same(await savedMask(page), mask));
      }
      for (const mask of masks.slice(1)) {
        await page.keyboard.press("Control+y");
        assert.ok(same(await savedMask(page), mask));
      }
      assert.equal(await diameters.textContent(), measured, "they were measured on the answer, not on the mask before it");
      assert.equal(await running(page).count(), 0, "going back and forth runs no network");
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  test("in a hurry: the newest wins, stopping takes it back, and far off the slice nothing happens", { timeout: 120_000 }, async () => {
    const gate = gated();
    const { page, context, complaints } = await opened([SLICE], gate.route);
    const automatic = await savedMask(page);
    const corner = await box(page, '[data-view="main"]');
    await page.mouse.click(corner.x + 3, corner.y + 3);
    assert.ok(await command(page, "undo").isDisabled());

    gate.shut();
    for (const [x, y] of [[120, 60], [121, 70], [119, 80]]) {
      await page.mouse.click(...(await place(page, automatic, x, y)));
      // The others come while the first is being answered.
      await gate.stopped();
    }
    gate.open();
    await findings(page);
    const both = await savedMask(page);
    for (const [x, y] of [[120, 60], [121, 70], [119, 80]]) assert.ok(marked(both, x, y));

    gate.shut();
    await page.mouse.click(...(await place(page, automatic, 30, 200)));
    await gate.stopped();
    await command(page, "stop").click();
    assert.ok(same(await savedMask(page), both), "a stopped click leaves the mask as it was");
    gate.open();
    await caughtUp(page);
    assert.ok(same(await savedMask(page), both), "and is not answered later");
    await command(page, "reset").click();
    assert.ok(same(await savedMask(page), automatic));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("made while the model loads are answered once it stands", { timeout: 120_000 }, async () => {
    let deliver;
    const clicked = new Promise((resolve) => (deliver = resolve));
    const { page, context, complaints } = await open(browser, {
      query: "?device=cpu",
      route: (context) =>
        context.route("**/weights.safetensors", async (route) => {
          await clicked;
          await route.continue();
        }),
    });
    await drop(page, [SLICE]);
    await shows(page, "TCGA_DU_7300");
    await page.mouse.click(...(await place(page, { width: 256, height: 256 }, 30, 200)));
    deliver();
    await ready(page);
    await findings(page);
    assert.ok(marked(await savedMask(page), 30, 200));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the mask is carried to the next slice", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened([NEIGHBOUR, SLICE]);
    await pick(page, 0);
    await findings(page);
    const first = await shown(page);
    await page.keyboard.press("n");
    await findings(page);
    assert.notEqual(await shown(page), first);
    assert.ok(!(await command(page, "undo").isDisabled()));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the mask is carried through all slices, and not over a corrected one", { timeout: 240_000 }, async () => {
    const bytes = await readFile(SLICE);
    const names = ["s_1.webp", "s_2.webp", "s_3.webp", "s_4.webp"];
    const { page, context, complaints } = await opened(names.map((name) => ({ name, bytes })));
    const show = async (index) => {
      await pick(page, index);
      await findings(page);
    };
    const undo = command(page, "undo");
    // The last slice is corrected by hand, so nothing is carried over it.
    await show(3);
    await page.keyboard.press("b");
    await page.mouse.click(...(await place(page, { width: 256, height: 256 }, 40, 40)));
    const byHand = await savedMask(page);
    await show(1);
    await page.keyboard.press("Shift+N");
    await message(page, "propagated to 2 slices", { timeout: 120_000 });
    assert.match(await shown(page), /s_2/, "back where it began");
    assert.match(await undo.getAttribute("title"), /mask propagated/, "it is one step, from every slice that it is about");
    for (const index of [0, 2]) {
      await show(index);
      assert.ok(!(await undo.isDisabled()), names[index]);
      assert.ok((await savedMask(page)).pixels.some(Boolean));
    }
    await show(3);
    assert.ok(same(await savedMask(page), byHand));
    await show(1);
    await undo.click();
    await message(page, "Undone on s_1.webp, s_3.webp: mask propagated.");
    for (const index of [0, 2]) {
      await show(index);
      assert.ok(await undo.isDisabled(), `${names[index]} has it no more`);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("by hand", () => {
  test("brush, eraser and lasso mark the pixels under them, also where the window changes on the way", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened([CROP]);
    const size = { width: 221, height: 203 };
    const automatic = await savedMask(page);
    assert.deepEqual([automatic.width, automatic.height], [size.width, size.height]);

    await page.keyboard.press("b");
    await drag(page, size, [[20, 180], [60, 180], [100, 180]], async () => {
      await page.setViewportSize({ width: 1200, height: 800 });
      // Until the page has laid itself out.
      await until(page, () => {
        const canvas = document.querySelector('[data-view="main"]');
        return innerWidth === 1200 && canvas.width === Math.floor(canvas.getBoundingClientRect().width * devicePixelRatio);
      });
      const [drawn, brush] = await Promise.all(['[data-mark="stroke"]', '[data-mark="brush"]'].map((mark) => box(page, mark)));
      const radius = brush.width / 2;
      const [[left], [right]] = await Promise.all([place(page, size, 20, 180), place(page, size, 60, 180)]);
      const { x, width } = drawn;
      assert.ok(Math.abs(x - left) < radius + 2 && Math.abs(x + width - right) < radius + 2, "the stroke is seen as it is drawn");
    });
    const painted = await savedMask(page);
    for (const x of [20, 60, 100]) assert.ok(marked(painted, x, 180), `column ${x}`);
    assert.ok(!marked(painted, 60, 195) && !marked(painted, 115, 180));

    await page.keyboard.press("e");
    await drag(page, size, [[40, 190], [40, 170]]);
    const erased = await savedMask(page);
    assert.ok(!marked(erased, 40, 180) && marked(erased, 25, 180) && marked(erased, 55, 180));

    await page.keyboard.press("o");
    await drag(page, size, [[150, 150], [200, 150], [200, 190], [150, 190]]);
    const filled = await savedMask(page);
    assert.ok(marked(filled, 175, 170) && !marked(filled, 145, 170) && !marked(filled, 175, 145));

    // What was done by hand outlives a click.
    await page.keyboard.press("c");
    await click(page, size, [110, 100]);
    const clicked = await savedMask(page);
    assert.ok(marked(clicked, 110, 100) && marked(clicked, 25, 180) && marked(clicked, 175, 170) && !marked(clicked, 40, 180));

    await page.keyboard.down(" ");
    assert.ok(same(await savedMask(page), clicked), "the mask that is saved is the corrected one");
    await page.keyboard.up(" ");
    for (let step = 0; step < 4; step++) await page.keyboard.press("Control+z");
    assert.ok(same(await savedMask(page), automatic));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a hundred strokes can be taken back one by one", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await opened([SLICE]);
    const automatic = await savedMask(page);
    const viewer = () => box(page, '[data-panel="viewer"]');
    const before = await viewer();
    await page.keyboard.press("b");
    assert.deepEqual(await viewer(), before, "the brush's slider does not move the slice");
    for (let step = 0; step < 100; step++) {
      await page.mouse.click(...(await place(page, automatic, 20 + 2 * step, 30 + step)));
    }
    const painted = await savedMask(page);
    assert.ok(painted.pixels.filter(Boolean).length > automatic.pixels.filter(Boolean).length + 2000);
    for (let step = 0; step < 100; step++) await page.keyboard.press("Control+z");
    assert.ok(same(await savedMask(page), automatic));
    assert.ok(await command(page, "undo").isDisabled());
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
