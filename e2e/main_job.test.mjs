// The main job: a dropped slice becomes a mask, the same on every device, and nothing leaves the computer.

import assert from "node:assert/strict";
import { basename, parse } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  SITE, action, ahead, caughtUp, clicks, command, deepestError, dice, drop, facts, findings, gated, launch, marked, message, messages, open,
  pick, place, readLabel, ready, running, savedMask, shown, shows, thumbnails, until,
} from "./browser.mjs";

const SLICE = "TCGA_CS_4941_19960909_13";
const OTHER = "TCGA_DU_7300_19910814_13";
const EMPTY = "TCGA_HT_7881_19981015_18";
const sample = (name) => `public/samples/${name}`;

/** Two devices round differently: a few pixels on the outline may tip over. */
const SAME_MASK = 0.999;
/** What the shipped model reaches on this slice, less a margin for the outline. */
const AGAINST_LABEL = 0.85;

/** Two slices side by side, the larger first: where each begins on the page, and which part of it was cut out. */
const FIGURE = "e2e/fixtures/figure_560x340.png";
const ON_FIGURE = [
  { name: SLICE, from: [22, 3], to: [300, 50] },
  { name: OTHER, from: [48, 24], to: [30, 40] },
];
/** What the shipped model reaches on the smaller one, less a margin. */
const ON_SMALL = 0.7;

/** A slice's label where the figure shows it. */
async function onFigure({ name, from, to }) {
  const label = await readLabel(sample(`${name}_mask.png`));
  const [width, height] = [560, 340];
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const at = (x, y) => x >= 0 && y >= 0 && x < label.width && y < label.height && marked(label, x, y);
  const pixels = Array.from({ length: width * height }, (_, i) => at((i % width) - dx, Math.floor(i / width) - dy));
  return { width, height, pixels };
}

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** What each device made of the same click. */
const clicked = [];

for (const [query, device] of [["?device=cpu", "CPU"], ["?device=webgpu", "WebGPU"]]) {
  describe(`on ${device}`, () => {
    test("a dropped slice and its label get the native engine's mask and a Dice, a click one answer", { timeout: 400_000 }, async () => {
      const { page, context, complaints, requests } = await open(browser, { query });
      // Dropped before the engine stands: it must not be lost.
      await drop(page, [sample(`${SLICE}.webp`), sample(`${SLICE}_mask.png`)]);
      assert.equal(await ready(page), device);
      const found = await findings(page, 300_000);
      assert.equal(await page.locator('[data-fact="presence"]').getAttribute("data-said"), "tumour");

      const mask = await savedMask(page);
      const native = await readLabel(`target/native-masks/${SLICE}_mask.png`);
      assert.ok(dice(mask, native) >= SAME_MASK, `Dice ${dice(mask, native)} against the native engine`);
      assert.equal(found.area, `${mask.pixels.filter(Boolean).length} px`);

      const { dice: shown, iou } = await facts(page);
      assert.ok(parseFloat(shown) >= AGAINST_LABEL, `Dice ${shown} against the label`);
      assert.ok(Math.abs(parseFloat(iou) - parseFloat(shown) / (2 - parseFloat(shown))) < 2e-3);

      const { x, y, missed } = deepestError(mask, await readLabel(sample(`${SLICE}_mask.png`)));
      await page.mouse.click(...(await place(page, mask, x, y)), { button: missed ? "left" : "right" });
      await findings(page, 300_000);
      clicked.push(await savedMask(page));
      assert.notDeepEqual(clicked.at(-1).pixels, mask.pixels);
      const same = dice(clicked.at(-1), clicked[0]);
      assert.ok(same >= SAME_MASK, `after a click a Dice of ${same} against the first device`);

      assert.deepEqual(complaints, []);
      const elsewhere = requests.filter((url) => !url.startsWith(SITE) && !/^(blob|data):/.test(url));
      assert.deepEqual(elsewhere, []);
      await context.close();
    });

    test("the PyTorch twin's logits come out to 1e-4", { timeout: 200_000 }, async () => {
      const model = process.env.REFERENCE_MODEL;
      assert.ok(model, "REFERENCE_MODEL names no model: run `cargo xtask test`");
      const { page, context } = await open(browser, { query: `${query}&model=${model}` });
      assert.equal(await ready(page), device);
      const title = await page.locator("[data-device]").getAttribute("title");
      const difference = parseFloat(/difference of a logit (\S+)\./.exec(title)[1]);
      assert.ok(difference <= 1e-4, title);
      await context.close();
    });
  });
}

describe("on the CPU", () => {
  test("other slices get the native engine's masks too, whatever their size and kind", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await ready(page);
    const fixtures = ["crop_221x203.png", "flair16_320x384.png", "screen_640x360.png", "page_480x440.png", "photograph_720x960.jpg"].map(
      (name) => `e2e/fixtures/${name}`,
    );
    for (const file of [sample(`${OTHER}.webp`), ...fixtures]) {
      await drop(page, [file]);
      await shows(page, basename(file));
      await findings(page);
      const [mask, native] = [await savedMask(page), await readLabel(`target/native-masks/${parse(file).name}_mask.png`)];
      assert.ok(native.pixels.some(Boolean), `${file}: nothing to compare`);
      assert.ok(dice(mask, native) >= SAME_MASK, `${file}: Dice ${dice(mask, native)} against the native engine`);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("of a page with two slices the network looks at the larger, and at the other once that is clicked on", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await drop(page, [FIGURE]);
    await ready(page);
    await findings(page);
    const [large, small] = await Promise.all(ON_FIGURE.map(onFigure));
    const first = await savedMask(page);
    assert.ok(dice(first, large) >= AGAINST_LABEL, `Dice ${dice(first, large)} of the larger slice`);

    const edge = () => page.evaluate(() => Number(document.querySelector('[data-mark="region"] rect').getAttribute("x")));
    const movedFrom = (x) =>
      until(page, (x) => Number(document.querySelector('[data-mark="region"] rect').getAttribute("x")) !== x, { given: x });
    const before = await edge();
    const clickOn = async (x, y, options) => page.mouse.click(...(await place(page, first, x, y)), options);
    await clickOn(100, 150);
    await movedFrom(before);
    await findings(page);
    const second = await savedMask(page);
    assert.ok(dice(second, small) >= ON_SMALL, `Dice ${dice(second, small)} of the other slice`);

    await clickOn(280, 20);
    await message(page, "no other head");

    // A correction is not given up for another look.
    const { x, y, missed } = deepestError(second, small);
    await clickOn(x, y, { button: missed ? "left" : "right" });
    await clicks(page).waitFor();
    await findings(page);
    const corrected = await savedMask(page);
    assert.ok(dice(corrected, small) > dice(second, small));
    await clickOn(400, 170);
    await message(page, "first undo");
    assert.deepEqual((await savedMask(page)).pixels, corrected.pixels);
    const after = await edge();
    await page.keyboard.press("Control+z");
    await clickOn(400, 170);
    await movedFrom(after);
    await findings(page);
    assert.deepEqual((await savedMask(page)).pixels, first.pixels);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("where a picture shows several sequences, the network goes on to one in which it finds a tumour", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await drop(page, ["e2e/fixtures/row_768x256.png"]);
    await ready(page);
    // The largest head is looked at first: pre-contrast, which alone shows none.
    await until(page, () => parseInt(document.querySelector('[data-fact="area"]')?.textContent) > 0);
    const mask = await savedMask(page);
    const label = await readLabel(sample(`${SLICE}_mask.png`));
    const marks = mask.pixels.flatMap((marked, at) => (marked ? [at % mask.width] : []));
    const panel = Math.floor(marks[0] / label.width);
    assert.ok(panel > 0 && marks.every((x) => Math.floor(x / label.width) === panel), "marks in one of the others");
    const there = Array.from({ length: 256 * 256 }, (_, at) => marked(mask, panel * 256 + (at % 256), Math.floor(at / 256)));
    const reached = dice({ ...label, pixels: there }, label);
    assert.ok(reached >= ON_SMALL, `Dice ${reached} against the label`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("an empty slice skips the decoder, and can be segmented anyway", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await drop(page, [sample(`${EMPTY}.webp`), sample(`${EMPTY}_mask.png`)]);
    await ready(page);
    const found = await findings(page);
    assert.equal(found.area, "0 px");
    assert.equal((await facts(page)).agreement, "Label: no tumour. Agrees.");
    await action(page, "segment-anyway").click();
    await action(page, "segment-anyway").waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the threshold moves the mask without running the network", { timeout: 120_000 }, async () => {
    const { page, context } = await open(browser, { query: "?device=cpu" });
    await drop(page, [sample(`${SLICE}.webp`)]);
    await ready(page);
    await findings(page);
    const slider = page.locator('[data-slider="threshold"]');
    const areas = [];
    // The model's own, and two that are less sensitive.
    for (const place of ["0", "-45", "-80"]) {
      await slider.fill(place);
      areas.push(parseInt((await facts(page)).area));
      assert.equal(await running(page).count(), 0);
    }
    assert.ok(areas[0] > areas[1] && areas[1] > areas[2] && areas[2] > 0, `areas ${areas}`);
    await context.close();
  });

  test("the newest slice wins, and stopping stops", { timeout: 120_000 }, async () => {
    const gate = gated();
    const { page, context, complaints } = await open(browser, { query: "?device=cpu", route: gate.route });
    await ready(page);
    await drop(page, ["e2e/fixtures/crop_221x203.png", sample(`${SLICE}.webp`), sample(`${EMPTY}.webp`)]);
    await thumbnails(page).nth(2).waitFor();
    await findings(page);
    gate.shut();
    await pick(page, 1);
    await gate.stopped();
    assert.equal(await running(page).count(), 1);
    // Away from a slice while it runs, then back: the last one asked for is answered.
    for (const at of [2, 1, 2]) await pick(page, at);
    const second = await shown(page);
    gate.open();
    await findings(page);
    assert.equal(await shown(page), second);
    assert.equal(await running(page).count(), 0);

    // One that cannot have been answered on the way.
    gate.shut();
    await drop(page, [sample(`${OTHER}.webp`)]);
    await gate.stopped();
    await command(page, "stop").click();
    await page.locator('[data-waiting="stopped"]').waitFor();
    gate.open();
    await caughtUp(page);
    assert.equal(await page.locator('[data-fact="presence"]').count(), 0, "a stopped run was drawn");
    await action(page, "segment").click();
    await findings(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

test("a WebGPU device that only imitates a graphics card is left for the CPU, unless it is asked for", { timeout: 300_000 }, async () => {
  const { page, context, complaints } = await open(browser);
  await page.locator('[data-trial="over"]').click({ timeout: 200_000 });
  await message(page, "WebGPU is slower than the CPU here and is not used");
  assert.equal(await ready(page), "CPU");
  assert.equal(await page.locator('[data-trial="running"]').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a worker program that does not arrive is said, with what to do", { timeout: 60_000 }, async () => {
  const missing = (context) => context.route("**/files_bg.wasm", (route) => route.fulfill({ status: 404 }));
  const { page, context } = await open(browser, { route: missing });
  const text = await message(page, "The engine stopped");
  assert.match(text, /files_bg\.wasm: the server answered 404/);
  assert.match(text, /[Rr]eload the page/);
  await context.close();
});

test("a part of the page's program that does not arrive is said, and fetched when asked for again", { timeout: 120_000 }, async () => {
  let lost = true;
  const missing = (context) => context.route("**/parts-*/**", (route) => (lost ? route.abort() : route.continue()));
  const { page, context } = await open(browser, { route: missing });
  await action(page, "try").waitFor();
  await page.keyboard.press("?");
  await message(page, "A part of this page could not be loaded");
  lost = false;
  await page.keyboard.press("?");
  await page.keyboard.press("?");
  await page.locator('[data-panel="help"]').waitFor();
  await context.close();
});

/** To the workers a CPU seems slow, beside which the software adapter is worth it; `program` stands in front of both. */
const faster = (program) => ahead(`
  const now = performance.now.bind(performance);
  let pace = 1000;
  performance.now = () => pace * now();
  const ask = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...wish) {
    pace = 1;
    const device = await ask.apply(this, wish);
    (${program})(new BroadcastChannel("card"), device);
    return device;
  };`);

/** The page waits for as long as anything takes: its waits of a minute end when a test says so, however busy the computer. */
const patient = (context) =>
  context.addInitScript(() => {
    const wait = window.setTimeout.bind(window);
    const held = [];
    window.setTimeout = (then, ms, ...rest) => (ms >= 60_000 ? held.push(then) : wait(then, ms, ...rest));
    window.endPatience = () => held.splice(0).forEach((then) => then());
  });

/** Ends the page's waits of a minute until it says something. */
async function minutesUntil(page, said) {
  for (let minutes = 0; !(await messages(page)).some((text) => text.includes(said)); minutes++) {
    assert.ok(minutes < 120, `never said: ${said}`);
    await page.waitForTimeout(500);
    await page.evaluate(() => window.endPatience());
  }
}

/** A graphics card that was taken and then fails: what happens to it, and what the page says. */
for (const [failure, program, said] of [
  ["goes away", "(card, device) => (card.onmessage = () => device.destroy())", "WebGPU failed (the device failed"],
  [
    "no longer answers",
    "(card) => (card.onmessage = () => (GPUBuffer.prototype.mapAsync = () => new Promise(() => {})))",
    "WebGPU failed (no answer within 60 s)",
  ],
]) {
  test(`the CPU answers until a graphics card has passed, and again when it ${failure}`, { timeout: 300_000 }, async () => {
    const route = async (context) => {
      await patient(context);
      await faster(program)(context);
    };
    const { page, context, complaints } = await open(browser, { route });
    const same = async (name) => {
      const native = await readLabel(`target/native-masks/${name}_mask.png`);
      assert.ok(dice(await savedMask(page), native) >= SAME_MASK, name);
    };
    assert.equal(await ready(page), "CPU");
    await drop(page, [sample(`${SLICE}.webp`)]);
    await findings(page);
    await same(SLICE);
    await page.locator('[data-device="WebGPU"]').waitFor({ timeout: 200_000 });
    assert.deepEqual(complaints, []);

    // In the middle of a question, whose answer comes all the same.
    await page.evaluate(() => new BroadcastChannel("card").postMessage("fail"));
    await drop(page, [sample(`${OTHER}.webp`)]);
    await shows(page, OTHER);
    if (failure === "no longer answers") await minutesUntil(page, said);
    await message(page, said);
    await findings(page);
    assert.equal(await ready(page), "CPU");
    await same(OTHER);
    await pick(page, 0);
    await same(SLICE);
    await context.close();
  });
}

/** WebGPU as it is on some machine: what to put in front of the worker's program, and what the page says. */
for (const [behaviour, program, said] of [
  [
    // As in cubecl issue 1641: shaders are skipped, and buffers keep what was in them.
    "computes nothing",
    "GPUComputePassEncoder.prototype.dispatchWorkgroups = () => {};",
    "WebGPU failed the self-test and is not used",
  ],
  [
    "brings its worker down",
    "GPUDevice.prototype.createShaderModule = () => { throw new Error('out of memory'); };",
    "WebGPU failed (Uncaught Error: out of memory)",
  ],
  [
    "never answers",
    "GPUBuffer.prototype.mapAsync = () => new Promise(() => {});",
    "WebGPU failed (no answer within 60 s)",
  ],
]) {
  test(`a WebGPU device that ${behaviour} is refused, and takes nothing with it`, { timeout: 300_000 }, async () => {
    const route = async (context) => {
      await patient(context);
      await ahead(program)(context);
    };
    const { page, context } = await open(browser, { route });
    assert.equal(await ready(page), "CPU");
    await drop(page, [sample(`${SLICE}.webp`)]);
    await findings(page);
    // A correction from before.
    await page.mouse.click(...(await place(page, { width: 256, height: 256 }, 20, 20)));
    await page.locator('[data-command="undo"]:enabled').waitFor();
    await findings(page);
    const corrected = await savedMask(page);
    assert.ok(marked(corrected, 20, 20));
    if (behaviour === "never answers") await minutesUntil(page, said);
    await message(page, said, { timeout: 200_000 });
    assert.equal(await ready(page), "CPU");
    assert.equal(await thumbnails(page).count(), 1);
    assert.deepEqual((await savedMask(page)).pixels, corrected.pixels);
    await command(page, "undo").click();
    const native = await readLabel(`target/native-masks/${SLICE}_mask.png`);
    assert.ok(dice(await savedMask(page), native) >= SAME_MASK);
    await context.close();
  });
}

test("a WebGPU device that was asked for and is refused leaves what was dropped to the CPU", { timeout: 300_000 }, async () => {
  const broken = "GPUDevice.prototype.createShaderModule = () => { throw new Error('out of memory'); };";
  const { page, context } = await open(browser, { query: "?device=webgpu", route: ahead(broken) });
  await drop(page, [sample(`${SLICE}.webp`)]);
  await message(page, "WebGPU failed", { timeout: 200_000 });
  assert.equal(await ready(page), "CPU");
  await findings(page);
  const native = await readLabel(`target/native-masks/${SLICE}_mask.png`);
  assert.ok(dice(await savedMask(page), native) >= SAME_MASK);
  await context.close();
});
