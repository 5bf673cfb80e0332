// The site kept by its service worker: it opens without a server, and a newer version takes over at a later visit.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { sampleStudy } from "./dicom.mjs";
import { command, drop, findings, launch, open, ready, shows } from "./browser.mjs";

const SLICE = "public/samples/TCGA_CS_4941_19960909_13.webp";
const WEIGHTS = "models/lgg-resunetpp/weights.safetensors";
const QUERY = "?device=cpu&offline";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

let browser;
let stop;
before(async () => (browser = await launch()));
afterEach(() => stop());
after(() => browser.close());

/** The built site on a server of its own, which can be stopped; `changed` takes the place of files. */
async function host() {
  const changed = {};
  const served = [];
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://host").pathname.slice(1) || "index.html";
    served.push(name);
    const file = changed[name] ?? (await readFile(`dist/${name}`).catch(() => null));
    response.writeHead(file ? 200 : 404, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" });
    response.end(file);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { site: `http://localhost:${server.address().port}/`, changed, served };
}

/** The browser's record of the service worker, once `wanted` holds for it. */
async function registered(page, wanted) {
  const record = () =>
    navigator.serviceWorker.getRegistration().then((r) => r && { waiting: Boolean(r.waiting), active: Boolean(r.active) });
  while (!wanted(await page.evaluate(record))) await new Promise((resolve) => setTimeout(resolve, 100));
}

const isKept = (page) => page.locator("[data-kept]").waitFor({ timeout: 120_000 });

describe("without a network", () => {
  test("the page opens and draws a mask", { timeout: 180_000 }, async () => {
    const { site } = await host();
    const { page, context, complaints } = await open(browser, { site, query: QUERY });
    await ready(page);
    await isKept(page);
    await stop();
    assert.equal(await page.evaluate(() => fetch("./missing").then(() => true, () => false)), false, "no server answers");
    complaints.length = 0; // The browser says of that question that nobody answered.
    await page.reload();
    assert.equal(await ready(page), "CPU");
    await drop(page, [SLICE]);
    assert.ok(parseInt((await findings(page)).area) > 0);
    // The view in three dimensions comes from what is kept, too.
    await drop(page, await sampleStudy([1, 1, 5]));
    await shows(page, "AX FLAIR");
    await findings(page);
    await page.keyboard.press("8");
    await page.locator('[data-space="open"]').waitFor();
    await command(page, "help").click();
    await page.locator('[data-privacy="kept"]').waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a newer version waits until the older one is closed, and brings only what is new", { timeout: 180_000 }, async () => {
    const { site, changed, served } = await host();
    const { page, context, complaints } = await open(browser, { site, query: QUERY });
    await ready(page);
    await isKept(page);

    const text = async (name) => (await readFile(`dist/${name}`)).toString();
    changed["index.html"] = Buffer.from((await text("index.html")).replace("<html ", '<html data-version="new" '));
    const sum = createHash("sha256").update(changed["index.html"]).digest("base64");
    const files = await text("offline-files.js");
    changed["offline-files.js"] = Buffer.from(files.replace(/("index.html": ")[^"]*/, `$1${sum}`));
    served.length = 0;

    await page.reload();
    const isNew = (page) => page.evaluate(() => document.documentElement.dataset.version === "new");
    assert.equal(await isNew(page), false, "what is kept opens at once");
    await registered(page, (record) => record.waiting);
    await ready(page);
    let visit = page;
    while (!(await isNew(visit))) {
      await visit.close();
      visit = await context.newPage();
      await visit.goto(site + QUERY);
    }
    await ready(visit);
    assert.ok(!served.includes(WEIGHTS), `fetched again: ${served}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a version that is not complete is not kept", { timeout: 120_000 }, async () => {
    const { site, changed, served } = await host();
    // A file that only the service worker asks for, other than the build listed it.
    const altered = "samples/LICENCE.md";
    changed[altered] = Buffer.from("another");
    const { page, context } = await open(browser, { site, query: QUERY });
    await ready(page);
    while (!served.includes(altered)) await new Promise((resolve) => setTimeout(resolve, 100));
    await registered(page, (record) => !record);
    assert.equal(await page.locator("[data-kept]").count(), 0);
    await context.close();
  });
});
