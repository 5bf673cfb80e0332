// The built site below a path of a static host that sends no headers of its own, as GitHub Pages does: the main job, also offline.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { after, before, describe, test } from "node:test";
import { deepestError, dice, drop, facts, findings, launch, marked, open, place, readLabel, ready, savedMask, until } from "./browser.mjs";

const PATH = "/name/";
const SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";
const LABEL = "public/samples/TCGA_CS_4941_19960909_13_mask.png";
/** What the shipped model reaches on this slice, less a margin for the outline. */
const AGAINST_LABEL = 0.85;
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".png": "image/png",
};

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The folder `dist` below a path, and nothing beside it; `outside` lists what was asked for elsewhere. */
async function host() {
  const outside = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    // Static hosts lead a folder's name to the folder.
    if (`${pathname}/` === PATH) return response.writeHead(301, { location: PATH }).end();
    if (!pathname.startsWith(PATH)) outside.push(pathname);
    const name = pathname.slice(PATH.length) || "index.html";
    const file = pathname.startsWith(PATH) ? await readFile(`dist/${name}`).catch(() => null) : null;
    response.writeHead(file ? 200 : 404, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" });
    response.end(file);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://localhost:${server.address().port}`, outside, stop };
}

test("no program in the page reaches another host", { timeout: 120_000 }, async () => {
  const { origin, stop } = await host();
  const { page, context } = await open(browser, { site: `${origin}${PATH}` });
  const refused = await page.evaluate(async () => {
    const directives = [];
    addEventListener("securitypolicyviolation", (event) => directives.push(event.effectiveDirective));
    await fetch("http://127.0.0.1:1/").catch(() => {});
    await new Promise((resolve) => {
      const picture = new Image();
      picture.onerror = resolve;
      picture.src = "http://127.0.0.1:1/picture.png";
    });
    await new Promise((resolve) => {
      const script = document.createElement("script");
      script.onerror = resolve;
      script.src = "http://127.0.0.1:1/script.js";
      document.head.append(script);
    });
    await new Promise((resolve) => setTimeout(resolve));
    return directives;
  });
  assert.deepEqual(refused.toSorted(), ["connect-src", "img-src", "script-src-elem"]);
  await context.close();
  await stop();
});

describe("below a path of a static host", () => {
  test("a slice gets its mask, a click corrects it, and both work again without the host", { timeout: 300_000 }, async () => {
    const { origin, outside, stop } = await host();
    const site = `${origin}${PATH}`;
    // Asked for as people type it, without the last slash.
    const { page, context, complaints, requests } = await open(browser, { site: site.slice(0, -1), query: "?device=cpu" });
    assert.equal(new URL(page.url()).pathname, PATH);
    await page.goto(`${site}?device=cpu&offline`);
    assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), false, "the host sends no such headers");
    assert.equal(await ready(page), "CPU");
    await drop(page, [SLICE, LABEL]);
    await findings(page);
    const mask = await savedMask(page);
    const label = await readLabel(LABEL);
    assert.ok(dice(mask, label) >= AGAINST_LABEL, `Dice ${dice(mask, label)} against the label`);
    const { x, y, missed } = deepestError(mask, label);
    const { area } = await facts(page);
    await page.mouse.click(...(await place(page, mask, x, y)), { button: missed ? "left" : "right" });
    await until(page, (area) => ![undefined, area].includes(document.querySelector('[data-fact="area"]')?.textContent.trim()), {
      given: area,
    });
    await findings(page);
    assert.equal(marked(await savedMask(page), x, y), missed);

    // Kept whole, and for this path alone.
    const scope = () => navigator.serviceWorker.getRegistration().then((kept) => kept?.active && kept.scope);
    assert.equal(await until(page, scope), site);
    // Browsers ask every host for this one by themselves.
    assert.deepEqual(outside.filter((path) => path !== "/favicon.ico"), []);
    const elsewhere = requests.filter((url) => !url.startsWith(site.slice(0, -1)) && !/^(blob|data):/.test(url));
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(complaints, []);

    await stop();
    await page.reload();
    assert.equal(await ready(page), "CPU");
    await drop(page, [SLICE]);
    await findings(page);
    assert.deepEqual((await savedMask(page)).pixels, mask.pixels);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
