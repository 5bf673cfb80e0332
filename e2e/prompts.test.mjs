// Prompts that say more than a click: scribbles, loops and boxes, by mouse, finger and keys.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MESSAGES, ahead, clicks, command, deepestError, dice, drop, facts, findings, launch, marked, open, place, readLabel, ready, running, same, savedMask, until, view } from "./browser.mjs";

/** A tumour that the network misses. */
const MISSED = "TCGA_DU_6405_19851005_49";
/** One around which it marks too much. */
const FALSE = "TCGA_CS_4941_19960909_13";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const marks = (page, shape) => page.locator(`[data-mark="${shape}"]`);

async function opened(slice, size, route) {
  const labelled = `public/samples/${slice}_mask.png`;
  const opened = await open(browser, { query: "?device=cpu", size, route });
  await drop(opened.page, [`public/samples/${slice}.webp`, labelled]);
  await ready(opened.page);
  await findings(opened.page);
  await opened.page.locator('[data-fact="dice"]').waitFor();
  return { ...opened, label: await readLabel(labelled), automatic: await savedMask(opened.page) };
}

/** Middle, width and height of what is marked. */
function extent(mask) {
  const at = mask.pixels.flatMap((marked, at) => (marked ? [at] : []));
  const [xs, ys] = [at.map((at) => at % mask.width), at.map((at) => Math.floor(at / mask.width))];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** A rough line around all that is marked. */
function around({ x, y, left, right, top, bottom }, margin) {
  const [a, b] = [((right - left) / 2) * 1.3 + margin, ((bottom - top) / 2) * 1.3 + margin];
  return Array.from({ length: 25 }, (_, at) => (at / 24) * 2 * Math.PI).map((turn) => [x + a * Math.cos(turn), y + b * Math.sin(turn)]);
}

/** Along the middle of what is marked, from column to column. */
function along(label, share) {
  const { left, right } = extent(label);
  const inset = ((right - left) * (1 - share)) / 2;
  return Array.from({ length: 7 }, (_, at) => Math.round(left + inset + ((right - left - 2 * inset) * at) / 6)).map((x) => {
    const rows = Array.from({ length: label.height }, (_, y) => y).filter((y) => marked(label, x, y));
    return [x, rows[Math.floor(rows.length / 2)]];
  });
}

async function draw(page, size, path, button = "left") {
  await page.mouse.move(...(await place(page, size, ...path[0])));
  await page.mouse.down({ button });
  for (const point of path.slice(1)) await page.mouse.move(...(await place(page, size, ...point)), { steps: 2 });
  await page.mouse.up({ button });
}

/** The Dice once the network has answered so many prompts of a shape. */
async function answered(page, shape, count = 1) {
  await marks(page, shape).nth(count - 1).waitFor();
  await until(page, () => !document.querySelector("[data-running], [data-pending]"));
  return Number((await facts(page)).dice);
}

/** Undo gives back the mask before to the bit, and redo the one after. */
async function thereAndBack(page, before) {
  const after = await savedMask(page);
  await page.keyboard.press("Control+z");
  assert.ok(same(await savedMask(page), before), "undo restores the mask");
  assert.equal(await page.locator("[data-mark=loop], [data-mark=scribble]").count(), 0);
  await page.keyboard.press("Control+y");
  assert.ok(same(await savedMask(page), after), "redo too");
  assert.equal(await running(page).count(), 0, "neither asks the network");
}

describe("a tumour that was missed comes in", () => {
  for (const boxed of [false, true]) {
    test(`by a ${boxed ? "box" : "loop"} around it, with the mouse`, { timeout: 120_000 }, async () => {
      const { page, context, complaints, label, automatic } = await opened(MISSED);
      assert.ok(dice(automatic, label) < 0.1);
      await page.keyboard.press("u");
      const at = extent(label);
      if (boxed) await command(page, "around-box").click();
      await draw(page, label, boxed ? [[at.left - 4, at.top - 3], [at.right + 3, at.bottom + 5]] : around(at, 3));
      assert.ok((await answered(page, "loop")) >= 0.6, `Dice ${(await facts(page)).dice}`);
      assert.equal(await marks(page, "loop").count(), 1);
      await thereAndBack(page, automatic);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  test("by a scribble, with the click tool and the mouse", { timeout: 120_000 }, async () => {
    const { page, context, complaints, label, automatic } = await opened(MISSED);
    await page.keyboard.press("c");
    const path = along(label, 0.6);
    await draw(page, label, path);
    assert.ok((await answered(page, "scribble")) >= 0.7, `Dice ${(await facts(page)).dice}`);
    const mask = await savedMask(page);
    for (const [x, y] of path) assert.ok(marked(mask, x, y), "its own pixels are on its side");
    assert.equal(await marks(page, "scribble").count(), 1);
    await thereAndBack(page, automatic);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("by a scribble with a finger, on a phone", { timeout: 120_000 }, async () => {
    const { page, context, complaints, label, automatic } = await opened(MISSED, { width: 390, height: 844 });
    await command(page, "scribble").click();
    // The mask was saved from further down the page.
    await view(page).scrollIntoViewIfNeeded();
    const touch = await context.newCDPSession(page);
    const finger = (type, at) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [{ x: at[0], y: at[1] }] : [] });
    const path = await Promise.all(along(label, 0.6).map(([x, y]) => place(page, label, x, y)));
    await finger("touchStart", path[0]);
    for (const at of path.slice(1)) await finger("touchMove", at);
    await finger("touchEnd");
    assert.ok((await answered(page, "scribble")) >= 0.7, `Dice ${(await facts(page)).dice}`);
    await thereAndBack(page, automatic);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("by a scribble with keys alone", { timeout: 120_000 }, async () => {
    const { page, context, complaints, label, automatic } = await opened(MISSED);
    await page.keyboard.press("s");
    const path = along(label, 0.6);
    // Where keys put the pointer first is the middle of the slice; each moves it by two pixels.
    let at = [label.width / 2, label.height / 2];
    const go = async ([x, y]) => {
      for (; Math.abs(x - at[0]) >= 2; at[0] += 2 * Math.sign(x - at[0])) await page.keyboard.press(`Control+Arrow${x > at[0] ? "Right" : "Left"}`);
      for (; Math.abs(y - at[1]) >= 2; at[1] += 2 * Math.sign(y - at[1])) await page.keyboard.press(`Control+Arrow${y > at[1] ? "Down" : "Up"}`);
    };
    await go(path[0]);
    assert.equal(await marks(page, "keyed").count(), 1, "it is seen where the keys put the pointer");
    await page.keyboard.press("Enter");
    for (const point of path.slice(1)) await go(point);
    await page.keyboard.press("Enter");
    assert.ok((await answered(page, "scribble")) >= 0.7, `Dice ${(await facts(page)).dice}`);
    await thereAndBack(page, automatic);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("what is no tumour goes", () => {
  test("by a scribble of the other side, a loop that denies, and a whole part at once", { timeout: 120_000 }, async () => {
    const { page, context, complaints, label, automatic } = await opened(FALSE);
    const before = dice(automatic, label);
    const wrong = { ...label, pixels: automatic.pixels.map((marked, at) => marked && !label.pixels[at]) };
    assert.ok(wrong.pixels.filter(Boolean).length > 100);

    // Along the row through its deepest point.
    const { x: middle, y } = deepestError(automatic, label);
    assert.ok(marked(wrong, middle, y), "the deepest error is of the other kind: choose another slice");
    const ends = [-1, 1].map((step) => {
      let x = middle;
      while (marked(wrong, x + step, y)) x += step;
      return x;
    });
    const path = [0.3, 0.5, 0.7].map((share) => [Math.round(ends[0] + share * (ends[1] - ends[0])), y]);
    await page.keyboard.press("x");
    await draw(page, label, path);
    await answered(page, "scribble");
    const scribbled = await savedMask(page);
    for (const [x, y] of path) assert.ok(!marked(scribbled, x, y));
    assert.ok(dice(scribbled, label) > before, `${dice(scribbled, label)} from ${before}`);
    await thereAndBack(page, automatic);

    // Nothing is left inside a loop that says so; the rest stays.
    await page.keyboard.press("u");
    await command(page, "say-background").click();
    const at = extent(scribbled);
    await draw(page, label, around({ ...at, right: at.x }, 2));
    await answered(page, "loop");
    const denied = await savedMask(page);
    assert.ok(!marked(denied, Math.round((at.left + at.x) / 2), Math.round(at.y)));

    const first = denied.pixels.indexOf(true);
    const [x, row] = [first % denied.width, Math.floor(first / denied.width)];
    await page.keyboard.down("Shift");
    await page.mouse.click(...(await place(page, denied, x, row)), { button: "right" });
    await page.keyboard.up("Shift");
    assert.ok(!marked(await savedMask(page), x, row));
    await page.keyboard.press("Control+z");
    assert.ok(same(await savedMask(page), denied));
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

/** A computer that takes so many times as long, by its workers' own clock, and that counts the prompts they are asked. */
const taking = (times) => (context) =>
  ahead(`{
    const now = performance.now.bind(performance);
    performance.now = () => now() * ${times};
    addEventListener("message", ({ data }) => data[0][0] === ${MESSAGES.REFINE} && fetch("./asked"));
  }`)(context);

describe("what a click would change", () => {
  const foreseen = (page) => marks(page, "foreseen");
  const counted = async (page) => {
    let asked = 0;
    await page.route("**/asked", (route) => {
      asked++;
      return route.fulfill({ body: "" });
    });
    return () => asked;
  };

  test("is outlined where the pointer rests, and a click takes it at once", { timeout: 120_000 }, async () => {
    const { page, context, complaints, label, automatic } = await opened(MISSED, undefined, taking(0.01));
    const asked = await counted(page);
    await page.keyboard.press("c");
    const { x, y } = extent(label);
    await page.mouse.move(...(await place(page, label, x, y)));
    await foreseen(page).waitFor();
    assert.ok(same(await savedMask(page), automatic), "nothing is changed by it");
    await page.mouse.move(...(await place(page, label, x, y)));
    await foreseen(page).waitFor();
    const questions = asked();
    await page.mouse.down();
    await page.mouse.up();
    await clicks(page).waitFor();
    assert.equal(await page.locator("[data-pending]").count(), 0, "its answer is there");
    assert.equal(await foreseen(page).count(), 0);
    const clicked = await savedMask(page);
    assert.ok(dice(clicked, label) > dice(automatic, label) + 0.2, `${dice(clicked, label)}`);
    assert.equal(asked(), questions);
    await thereAndBack(page, automatic);

    // The same click without a look ahead gives the same mask.
    await page.keyboard.press("Control+z");
    await page.mouse.move(0, 0);
    await page.mouse.move(...(await place(page, label, x, y)));
    await page.mouse.down();
    await page.mouse.up();
    await answered(page, "click");
    assert.ok(same(await savedMask(page), clicked));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("is not computed on a slow computer, nor shown where masks are off", { timeout: 120_000 }, async () => {
    const slow = await opened(MISSED, undefined, taking(100));
    const asked = await counted(slow.page);
    await slow.page.keyboard.press("c");
    const { x, y } = extent(slow.label);
    const rest = async (page) => {
      await page.mouse.move(...(await place(page, slow.label, x, y)));
      await page.waitForTimeout(600);
      assert.equal(await foreseen(page).count(), 0);
    };
    await rest(slow.page);
    assert.equal(asked(), 0);
    await slow.context.close();

    const fast = await opened(MISSED, undefined, taking(0.01));
    await fast.page.keyboard.press("c");
    // From the filled mask to its outline, and to none.
    for (let presses = 0; presses < 2; presses++) await fast.page.keyboard.press("m");
    await rest(fast.page);
    await fast.context.close();
  });
});
