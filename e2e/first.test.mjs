// The first screen: a slice that the real engine has just outlined, what a visitor can do from there, links to studies, and the
// page that shows itself.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MESSAGES, action, box, drop, facts, findings, launch, message, open, openWith, ready, shown, shows, thumbnails, until } from "./browser.mjs";

const SLICE = "public/samples/TCGA_DU_7300_19910814_13.webp";
const LARGE = "TCGA_CS_4941_19960909_13.webp";
const STUDY = ["t1_pre", "flair", "t1_post"].map((name) => `TCGA_CS_4941_19960909_${name}.nii.gz`);
/** Milliseconds from navigation, on a computer that others may be busy on; docs/figures.md has what a quiet one takes. */
const FIRST_PAINT = 1500;
const FIRST_OUTLINE = 8000;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const first = (page) => page.locator('[data-panel="first"]');
const preview = (page) => page.locator("[data-preview]");
const outlined = (page) => page.locator('[data-preview="outlined"]').waitFor({ timeout: 60_000 });

describe("the first screen", () => {
  test("shows a slice that the engine in this browser has just outlined, soon", { timeout: 120_000 }, async () => {
    const asked = (context) =>
      context.addInitScript(({ SEGMENT }) => {
        globalThis.asked = 0;
        globalThis.Worker = class extends Worker {
          postMessage(message, ...given) {
            globalThis.asked += message[0][0] === SEGMENT;
            super.postMessage(message, ...given);
          }
        };
        new MutationObserver(() => {
          if (document.querySelector('[data-preview="outlined"]')) globalThis.outlinedAt ??= performance.now();
        }).observe(document, { subtree: true, childList: true, attributes: true });
      }, MESSAGES);
    const { page, context, complaints } = await open(browser, { query: "?device=cpu", route: asked });
    await outlined(page);
    const times = await page.evaluate(() => ({
      asked: globalThis.asked,
      outlined: globalThis.outlinedAt,
      paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    }));
    assert.equal(times.asked, 1, "the mask is an answer of the network");
    assert.ok(times.paint < FIRST_PAINT, `first paint after ${times.paint} ms`);
    assert.ok(times.outlined < FIRST_OUTLINE, `outlined after ${times.outlined} ms`);
    const { timeMs, area } = await preview(page).evaluate((figure) => figure.dataset);
    assert.ok(Number(timeMs) > 10 && Number(timeMs) < times.outlined, `${timeMs} ms`);
    assert.match(await preview(page).textContent(), new RegExp(`${(timeMs / 1000).toFixed(2)} s`));

    // The same as of the slice that is opened for real.
    await page.evaluate(() => localStorage.setItem("tour-seen", "true"));
    await action(page, "try").click();
    await shows(page, LARGE);
    assert.equal((await findings(page)).area, `${area} px`);
    assert.equal(await page.locator("[data-tour]").count(), 0);
    await thumbnails(page, "data-close").click();
    await outlined(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("has nothing but itself, and all of it on any screen", { timeout: 120_000 }, async () => {
    for (const [width, height] of [[1440, 900], [1280, 600], [844, 390], [390, 844]]) {
      const { page, context, complaints } = await openWith(browser, [], { size: { width, height } });
      await outlined(page);
      for (const panel of ["tools", "strip", "results", "viewer"]) {
        assert.equal(await page.locator(`[data-panel="${panel}"]`).isVisible(), false, panel);
      }
      assert.equal(await page.locator("[data-sample]").count(), 5);
      const pictures = await page.locator("[data-sample] img").evaluateAll((all) => all.map((image) => image.naturalWidth));
      assert.ok(pictures.every((width) => width > 0), `${pictures}`);
      const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      assert.ok(fits, `${width} × ${height} scrolls sideways`);
      for (const what of ["try", "open-files", "open-folder"]) {
        const { y, height: high } = await box(page, `[data-action="${what}"]`);
        assert.ok(y + high <= height, `${what} is in the window of ${width} × ${height}`);
        assert.ok(high >= 44, `${what} is ${high} px high`);
      }
      const slice = await box(page, "[data-preview]");
      assert.ok(slice.width >= 250 && slice.y < height - 250, `${JSON.stringify(slice)} on ${width} × ${height}`);
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });

  test("makes way at once for whatever is dropped, and is back when that is closed", { timeout: 120_000 }, async () => {
    // Before there is any engine.
    const { page, context, complaints } = await open(browser, { query: "?device=cpu" });
    await drop(page, [SLICE]);
    await findings(page);
    assert.equal(await first(page).count(), 0);
    assert.equal(await thumbnails(page).count(), 1, "the slice of the first screen is no document");
    await thumbnails(page, "data-close").click();
    await outlined(page);
    // A file that cannot be opened leaves it, and says why.
    await drop(page, [{ name: "letter.txt", bytes: Buffer.from("Dear colleague") }]);
    await message(page, "letter.txt");
    await page.locator('[data-notice="error"]').waitFor();
    await outlined(page);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), action(page, "open-files").click()]);
    await chooser.setFiles([SLICE]);
    await findings(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

describe("a link to a study", () => {
  test("opens all its files", { timeout: 120_000 }, async () => {
    const query = `?device=cpu&${STUDY.map((name) => `study=./samples/${name}`).join("&")}`;
    const { page, context, complaints } = await open(browser, { query });
    await ready(page);
    await findings(page);
    assert.match(await shown(page), /TCGA_CS_4941/);
    assert.equal(await page.locator("[data-corner]").getAttribute("data-of"), "23");
    assert.equal(await thumbnails(page).count(), 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("to another site is refused without asking it, and one to nothing is said", { timeout: 120_000 }, async () => {
    const query = "?device=cpu&study=https://example.org/7.zip&study=//example.org/8.zip&study=./samples/none.zip";
    const { page, context, requests } = await open(browser, { query });
    await message(page, ["https://example.org/7.zip", "another site"]);
    await message(page, ["//example.org/8.zip", "another site"]);
    await message(page, ["./samples/none.zip", "404"]);
    assert.deepEqual(requests.filter((url) => new URL(url).host.includes("example.org")), []);
    await outlined(page);
    await drop(page, [SLICE]);
    await findings(page);
    await context.close();
  });
});

describe("with ?demo", () => {
  // The first event of a pointer has moved by nothing, and does not count.
  const nudge = (page, x, y) => page.mouse.move(x, y, { steps: 2 });
  const scene = (page, name) => page.locator(`[data-demo="${name}"]`).waitFor({ timeout: 90_000 });

  test("the page shows itself over and over until somebody touches it", { timeout: 300_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: "?device=cpu&demo=15" });
    for (const name of ["drop", "mask", "click"]) await scene(page, name);
    await until(page, () => Number(document.querySelector('[data-fact="dice"]')?.textContent) > 0.8);
    await scene(page, "volume");
    await until(page, () => {
      const { segmented, of } = document.querySelector('[data-fact="volume"]')?.dataset ?? {};
      return of === "23" && segmented === of;
    });
    await scene(page, "drop");
    await scene(page, "mask");
    await scene(page, "volume");
    // With a study on its way.
    await page.keyboard.press("a");
    await until(page, () => !document.querySelector("[data-demo]"));
    // The study may come after its files were read.
    await page.waitForTimeout(3000);
    await outlined(page);
    assert.equal(await thumbnails(page).count(), 0);
    assert.equal(await page.locator("[data-closed]").count(), 0);
    // Before it begins again.
    await nudge(page, 50, 60);
    await drop(page, [SLICE]);
    await findings(page);
    assert.equal(await shown(page), SLICE.split("/").at(-1));
    assert.ok((await facts(page)).area);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("it waits for as long as somebody is at work", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await openWith(browser, [], { query: "?device=cpu&demo=5" });
    const stopped = () => until(page, () => !document.querySelector("[data-demo]"));
    await nudge(page, 90, 200);
    await stopped();
    for (let at = 0; at < 20; at++) {
      await page.mouse.move(100 + 9 * at, 200);
      await page.waitForTimeout(400);
      assert.equal(await page.locator("[data-demo]").count(), 0);
    }
    await scene(page, "drop");
    await page.mouse.click(300, 300);
    await stopped();
    await first(page).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
