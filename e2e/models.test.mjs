// Models that the site offers: a menu where there are several, and each kind of network in the page, on both devices.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { command, dab, drop, facts, findings, launch, open, place, ready } from "./browser.mjs";

const SHIPPED = "lgg-resunetpp";
const SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";
const SIZE = { width: 256, height: 256 };
/** Networks of random weights, one of each kind, that lie in the tested site only: `{ id, name, prompts }`. */
const UNTRAINED = JSON.parse(process.env.UNTRAINED_MODELS ?? "[]");

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Answers for the site's list of models. */
const listing = (models) => (context) => context.route("**/models/index.json", (route) => route.fulfill({ json: models }));
const menu = (page) => page.locator('[data-menu="model"]');

/** The largest difference of a logit from the native engine's, as the page states it. */
async function difference(page) {
  const title = await page.locator("[data-device]").getAttribute("title");
  return parseFloat(/difference of a logit (\S+)\./.exec(title)[1]);
}

test("where the site has one model there is no menu", async () => {
  const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
  const listed = page.waitForResponse((answer) => answer.url().endsWith("/models/index.json"));
  await ready(page);
  assert.equal((await (await listed).json())[0].id, SHIPPED);
  assert.equal(await menu(page).count(), 0);
  assert.equal(await page.locator("[data-prompts]").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

describe("networks of random weights", { skip: UNTRAINED.length ? false : "UNTRAINED_MODELS names none: run `cargo xtask test`" }, () => {
  test("the menu loads the page with the model chosen, which brings its own tools", async () => {
    const { id, name } = UNTRAINED.find((model) => !model.prompts);
    const models = [{ id: SHIPPED, name: "Shipped" }, { id, name }];
    const { page, context, complaints } = await open(browser, { query: "?device=cpu", route: listing(models) });
    await ready(page);
    await drop(page, [SLICE]);
    await findings(page);
    assert.deepEqual(await menu(page).locator("[data-model]").allTextContents(), ["Shipped", name]);
    assert.equal(await menu(page).inputValue(), SHIPPED);

    await menu(page).selectOption(id);
    await page.waitForURL((url) => url.searchParams.get("model") === id && url.searchParams.get("device") === "cpu");
    await ready(page);
    assert.equal(await page.locator('[data-prompts="none"]').count(), 1);
    await drop(page, [SLICE]);
    await findings(page);
    assert.equal(await menu(page).inputValue(), id);
    for (const prompting of ["add", "remove", "scribble", "around"]) {
      assert.ok(await command(page, prompting).isDisabled(), prompting);
    }
    // Whatever random weights mark, one of the two changes it.
    const areas = [(await facts(page)).area];
    await page.keyboard.press("e");
    await page.mouse.click(...(await place(page, SIZE, 128, 128)));
    areas.push((await facts(page)).area);
    await dab(page, SIZE, 20, 20);
    areas.push((await facts(page)).area);
    assert.ok(new Set(areas).size > 1, areas.join(", "));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  for (const { id, name, prompts } of UNTRAINED) {
    test(`${name}: what the native engine says, and a mask`, { timeout: 120_000 }, async () => {
      const { page, context, complaints } = await open(browser, { query: `?device=cpu&model=${id}` });
      assert.equal(await ready(page), "CPU");
      assert.ok((await difference(page)) <= 2e-3, name);
      assert.equal(await page.locator('[data-prompts="none"]').count(), prompts ? 0 : 1);
      await drop(page, [SLICE]);
      await findings(page);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  for (const { id, name } of UNTRAINED.filter((model) => model.graphics)) {
    test(`${name}: the same on WebGPU`, { timeout: 400_000 }, async () => {
      const { page, context } = await open(browser, { query: `?device=webgpu&model=${id}` });
      assert.equal(await ready(page, 380_000), "WebGPU");
      assert.ok((await difference(page)) <= 2e-3, name);
      await context.close();
    });
  }
});
