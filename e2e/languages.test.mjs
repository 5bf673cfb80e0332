// The languages: chosen by the browser, the address or the menu; all texts change without a new load, and have room.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { command, drawn, drop, findings, launch, open, openWith, print, ready, until } from "./browser.mjs";

const STUDY = ["t1_pre", "flair", "t1_post", "seg"].map((name) => `public/samples/TCGA_CS_4941_19960909_${name}.nii.gz`);
const LANGUAGES = ["en", "de", "zh"];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The texts of a language that are on one line, as its file has them; an attribute stands under its message's name and its own. */
async function texts(tag) {
  const texts = {};
  let message;
  for (const line of (await readFile(`app/locales/${tag}.ftl`, "utf8")).split("\n")) {
    const [, name, value] = /^([a-z][\w-]*) =(.*)$/.exec(line) ?? [];
    const [, attribute, its] = /^ {4}\.(\w+) = (.*)$/.exec(line) ?? [];
    if (name) texts[(message = name)] = value.trim();
    if (attribute) texts[`${message}.${attribute}`] = its.trim();
  }
  return texts;
}

/** The language that the page says it is in. */
const speaks = (page, tag) => page.waitForFunction((tag) => document.documentElement.lang === tag, tag);

/** Chooses a language in the help, which is closed again. */
async function choose(page, tag) {
  await page.locator('button[data-command="help"]').click();
  await page.locator('[data-menu="language"]').selectOption(tag);
  await speaks(page, tag);
  await page.keyboard.press("Escape");
  await page.locator('[data-panel="help"]').waitFor({ state: "hidden" });
}

/** The bars once they have settled: how much of each would have to be scrolled to, its height, and what of it is not in the view. */
async function bars(page) {
  await drawn(page);
  return page.evaluate(() => {
    const view = document.querySelector('[data-panel="viewer"]').getBoundingClientRect();
    const named = ["top-bar", "tools", "tool-options"].map((bar) => [bar, document.querySelector(`[data-panel="${bar}"]`)]);
    const all = [...named, ["toolbar", document.querySelector('[data-panel="top-bar"] [role="toolbar"]')]];
    return all.filter(([, e]) => e.checkVisibility()).map(([bar, e]) => {
      const parts = [...e.getElementsByTagName("*")].filter((part) => ["BUTTON", "INPUT", "KBD"].includes(part.tagName));
      const shown = parts.filter((part) => part.checkVisibility());
      const out = ({ left, right, bottom }) => left < view.left || right > view.right || bottom > view.bottom;
      const outside = shown.filter((part) => out(part.getBoundingClientRect())).map((part) => part.outerHTML.slice(0, 80));
      return { bar, wider: e.scrollWidth - e.clientWidth, height: e.getBoundingClientRect().height, outside };
    });
  });
}

/** What the buttons of commands are called, by their commands; the study's own button says how many slices it has. */
const called = (page) =>
  page.evaluate(() => {
    const buttons = [...document.querySelectorAll("button[data-command]:not([data-command='whole-volume'])")];
    return Object.fromEntries(buttons.map((button) => [button.dataset.command, button.ariaLabel ?? button.textContent]));
  });

test("the page speaks the browser's language, and the address has the last word", { timeout: 120_000 }, async () => {
  for (const [locale, query, tag] of [["de-CH", "", "de"], ["zh-Hans-CN", "", "zh"], ["fr-FR", "", "en"], ["de-DE", "?lang=zh", "zh"]]) {
    const { page, context, complaints } = await open(browser, { locale, query });
    await page.locator("[data-page]").waitFor();
    await speaks(page, tag);
    const { "page-title": title, tagline } = await texts(tag);
    assert.equal(await page.title(), title);
    assert.ok((await page.getByRole("heading", { level: 1 }).textContent()).includes(tagline), `${locale} ${query}`);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test("another language changes every text at once, messages too, and is kept", { timeout: 180_000 }, async () => {
  const { page, context, complaints, requests } = await openWith(browser, STUDY, { query: "?device=cpu&lang=en" });
  await findings(page);
  // Put away after a while, it follows the language all the same.
  const notice = page.locator('[data-text="label-loaded"]');
  await notice.waitFor({ state: "attached" });
  await page.evaluate(() => (globalThis.stayed = true));
  const english = { names: await called(page), notice: await notice.textContent() };
  assert.ok(!requests.some((url) => url.endsWith(".ftl")), "English comes with the page");
  for (const tag of ["de", "zh"]) {
    await choose(page, tag);
    const own = await texts(tag);
    for (const [id, name] of Object.entries(await called(page))) assert.equal(name, own[`command-${id}`], `${tag} ${id}`);
    assert.notEqual(await notice.textContent(), english.notice);
    assert.equal(await page.locator('[data-caution="missing"]').count(), 0);
  }
  assert.ok(await page.evaluate(() => globalThis.stayed), "the page was not loaded again");
  assert.ok(!page.url().includes("lang"), "the address no longer names another language");
  await page.reload();
  await page.locator("[data-page]").waitFor();
  await speaks(page, "zh");
  await ready(page);
  await choose(page, "en");
  assert.equal((await called(page)).help, english.names.help);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("numbers are written as the language writes them", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [STUDY[1]], { query: "?device=cpu&lang=de" });
  await findings(page);
  await command(page, "brush").click();
  const slider = page.locator('[data-panel="tool-options"] [data-slider]');
  assert.match(await slider.getAttribute("aria-valuetext"), /^\d+,\d/);
  await choose(page, "en");
  assert.match(await slider.getAttribute("aria-valuetext"), /^\d+\.\d/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what the readers of files say is in the language of the page, and what has no words there is marked as English", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [], { query: "?device=cpu&lang=de" });
  const own = await texts("de");
  await drop(page, [{ name: "letter.png", bytes: Buffer.from("Dear colleague,") }]);
  const foreign = page.locator('[data-text="file-says"]');
  await foreign.first().waitFor({ state: "attached" });
  assert.ok((await foreign.first().textContent()).includes(own["reader-foreign-text"]), await foreign.first().textContent());
  assert.equal(await page.locator('[data-notice] [lang="en"]').count(), 0);
  await choose(page, "zh");
  const chinese = (await texts("zh"))["reader-foreign-text"];
  await until(page, (words) => document.querySelector('[data-text="file-says"]').textContent.includes(words), { given: chinese });
  await choose(page, "en");
  assert.ok((await foreign.first().textContent()).includes("a text file"), "English is the reader's own");

  await choose(page, "de");
  await drop(page, ["e2e/fixtures/animated.webp"]);
  const english = page.locator('[data-notice] [lang="en"]');
  await english.first().waitFor({ state: "attached" });
  assert.match(await english.first().textContent(), /animation/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the times and what is measured are written as the language writes numbers", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await openWith(browser, [STUDY[1]], { query: "?device=cpu&lang=de" });
  await findings(page);
  await page.locator('[data-panel="times"] summary').click();
  const written = (await page.locator('[data-panel="times"] td').allTextContents()).join(" ");
  assert.match(written, /\d,\d ms/);
  assert.doesNotMatch(written, /\d\.\d/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the first screen and the printed report are in the language of the page", { timeout: 120_000 }, async () => {
  const { page, context, complaints } = await open(browser, { query: "?device=cpu&lang=de" });
  const own = await texts("de");
  const heading = page.locator("[data-heading]");
  await heading.waitFor();
  // English until the language has come.
  await until(page, (words) => document.querySelector("[data-heading]").textContent === words, { given: own["first-heading"] });
  assert.equal(await page.locator("[data-sample]").first().textContent(), own["sample-large"]);
  await drop(page, [STUDY[1]]);
  await findings(page);
  await print(page);
  const corrected = page.locator('[data-report="corrected"]');
  assert.equal(await corrected.textContent(), own.no);
  assert.equal(await page.locator('[data-report="voxel"]').textContent(), own["report-voxel-unknown"]);
  assert.ok((await page.locator('[data-panel="report"]').textContent()).includes(own["research-use"]));
  await choose(page, "en");
  assert.equal(await corrected.textContent(), (await texts("en")).no);
  assert.deepEqual(complaints, []);
  await context.close();
});

describe("every language", () => {
  for (const [width, height] of [[1440, 900], [1280, 600], [844, 390], [390, 844]]) {
    test(`has room on ${width} × ${height}, and every control has a name`, { timeout: 240_000 }, async () => {
      const { page, context, complaints } = await openWith(browser, STUDY, { size: { width, height } });
      await findings(page);
      for (const tag of LANGUAGES) {
        await choose(page, tag);
        await command(page, "brush").click();
        await drawn(page);
        const { cramped, nameless, wider } = await page.evaluate(() => {
          const controls = [...document.querySelectorAll("[data-page] :is(button, summary, label.open, .hint)")].filter((e) => e.checkVisibility());
          const cut = (e) => {
            if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") return true;
            const { left, right } = e.getBoundingClientRect();
            for (let outer = e.parentElement; outer; outer = outer.parentElement) {
              const frame = outer.getBoundingClientRect();
              const { overflowX } = getComputedStyle(outer);
              // What can be scrolled to is not lost.
              if (overflowX === "auto" || overflowX === "scroll") return false;
              if (overflowX !== "visible" && (left < frame.left - 1 || right > frame.right + 1)) return true;
            }
            return left < -1 || right > innerWidth + 1;
          };
          const name = (e) => e.dataset.command ?? e.dataset.action ?? e.className;
          const unnamed = (e) => e.tagName === "BUTTON" && !(e.ariaLabel ?? (e.textContent.trim() || e.title || [...e.children].some((child) => child.ariaLabel)));
          return {
            cramped: controls.filter(cut).map((e) => `${name(e)}: ${e.textContent}`),
            nameless: controls.filter(unnamed).map(name),
            wider: document.documentElement.scrollWidth - innerWidth,
          };
        });
        assert.deepEqual(cramped, [], tag);
        assert.deepEqual(nameless, [], tag);
        assert.ok(wider <= 0, `${tag}: ${wider} px wider than the window`);
        // Three sequences side by side leave the least room beside the slice that is worked on.
        for (const layout of ["6", "7"]) for (const tool of ["c", "u", "b", "v"]) {
          await page.keyboard.press(layout);
          await page.keyboard.press(tool);
          for (const { bar, wider, height, outside } of await bars(page)) {
            const where = `${tag}, ${bar}, layout ${layout}, tool ${tool}`;
            assert.ok(wider <= 1, `${where}: ${wider} px are out of sight`);
            if (bar !== "tool-options") continue;
            assert.ok(height <= 56, `${where}: ${height} px are more than one line`);
            assert.deepEqual(outside, [], `${where}: out of the slice's view`);
          }
        }
        await page.keyboard.press("6");
      }
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  test("that nobody has reviewed says so in the menu", { timeout: 60_000 }, async () => {
    const { page, context } = await open(browser);
    await page.locator("[data-page]").waitFor();
    await page.keyboard.press("?");
    for (const tag of LANGUAGES) {
      const says = await page.locator(`[data-menu="language"] option[value="${tag}"]`).textContent();
      const unreviewed = (await readFile(`app/locales/${tag}.ftl`, "utf8")).startsWith("### Unreviewed");
      assert.equal(/[（(]/.test(says), unreviewed, says);
    }
    await context.close();
  });
});
