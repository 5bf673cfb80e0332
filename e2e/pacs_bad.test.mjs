// Beside a PACS that answers badly: each answer is told by what happened, and nothing that is open is lost.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { sampleStudy } from "./dicom.mjs";
import { QUERY, dialog, failure, within } from "./pacs_page.mjs";
import { PORT, attributes, json, multipart, pretended } from "./pacs_servers.mjs";
import { action, command, findings, launch, message, openWith, same, savedMask, shown } from "./browser.mjs";

/** The study of `sampleStudy`, and its series. */
const [STUDY, SERIES] = ["1.2.3", "1.2.3.1"];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

describe("beside a PACS that answers badly", { skip: PORT ? false : "DICOM_WEB_PORT is not set" }, () => {
  /** What a PACS says of one study, and of its only series. */
  const STUDIES = [attributes(["0020000D", STUDY], ["00100020", "42"])];
  const ALL_SERIES = [attributes(["0020000E", SERIES], ["00080060", "MR"], ["00201209", 23])];
  const html = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Log in</h1>");
  const silent = () => {};
  /** A minute of silence, by the page's own clock. */
  const minute = (page) => page.clock.fastForward(66_000);
  const withClock = (context) => context.clock.install();

  let pacs, files, answer;
  before(async () => {
    pacs = await pretended();
    files = await sampleStudy([0.75, 0.75, 6]);
    answer = multipart(files);
  });
  after(() => pacs?.stop());

  /** A PACS that is sound but for the images of its series. */
  const soundBut = (images) => (request, response) => {
    const { pathname } = new URL(request.url, "http://pacs");
    if (pathname.endsWith("/studies")) return json(response, STUDIES);
    if (pathname.endsWith("/series")) return json(response, ALL_SERIES);
    return images(request, response);
  };
  const half = (bytes) => bytes.subarray(0, bytes.length / 2);
  const head = (response) => response.writeHead(200, { "content-type": answer.type });

  test("each is told by what happened, and what is open stays as it is", { timeout: 300_000 }, async () => {
    const own = await sampleStudy([0.75, 0.75, 6], [[0x0008103e, "LO", "AX FLAIR HERE"]]);
    const { page, context } = await openWith(browser, own, { query: QUERY, route: withClock });
    await findings(page);
    const mask = await savedMask(page);
    const name = await shown(page);
    await page.locator('[data-panel="top-bar"] [data-command="pacs-open"]').click();

    const searches = [
      [(_, response) => response.writeHead(401).end(), /does not let you in \(status 401\)/],
      [(_, response) => response.writeHead(403).end(), /status 403/],
      [(_, response) => response.writeHead(404).end(), /no such study.*status 404/],
      [(_, response) => response.writeHead(500).end(), /could not answer \(status 500\)/],
      [(_, response) => html(response), /no DICOM answer \(“text\/html”\)/],
      [(_, response) => response.writeHead(200, { "content-type": "application/dicom+json" }).end("<h1>"), /no DICOM answer/],
      [(request) => request.socket.destroy(), /could not answer \(status 502\)/],
      [silent, /Nothing came from the PACS for a minute/, minute],
    ];
    for (const [answers, words, meanwhile] of searches) {
      const before = pacs.asked.length;
      pacs.answer = answers;
      await action(page, "pacs-search").click();
      await dialog(page).locator('[data-pacs-doing="true"]').waitFor({ timeout: 1000 }).catch(() => {});
      if (meanwhile) {
        while (pacs.asked.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
        await meanwhile(page);
      }
      assert.match(await failure(page), words);
      // The next answer clears it.
      pacs.answer = soundBut(silent);
      await action(page, "pacs-search").click();
      await page.locator(`[data-study="${STUDY}"]`).waitFor();
      await dialog(page).locator("[data-pacs-failed]:empty").waitFor({ state: "attached" });
    }

    const images = [
      [(_, response) => response.writeHead(401).end(), /status 401/],
      [(_, response) => html(response), /no DICOM answer \(“text\/html”\)/],
      [(_, response) => head(response).end(half(answer.body)), /broke off after 11 images. Nothing was opened/],
      [(_, response) => head(response).end("no parts at all"), /broke off after 0 images/],
      [(_, response) => head(response).write(half(answer.body), () => setTimeout(() => response.destroy(), 200)), /the connection broke/],
      [(_, response) => void head(response).write(half(answer.body)), /Nothing came from the PACS for a minute/, minute],
    ];
    for (const [answers, words, meanwhile] of images) {
      pacs.answer = soundBut(answers);
      await page.locator(`[data-study="${STUDY}"]`).click();
      if (meanwhile) {
        await page.waitForFunction(() => /^11 /.test(document.querySelector('[data-pacs-doing="true"]')?.textContent.trim() ?? ""));
        await meanwhile(page);
      }
      assert.match(await failure(page), words);
    }
    pacs.answer = (request, response) => json(response, request.url.includes("/series") ? [attributes(["00080060", "CT"])] : STUDIES);
    await page.locator(`[data-study="${STUDY}"]`).click();
    assert.match(await failure(page), /no MR series in the PACS \(CT\)/);

    // A person who does not want to wait.
    pacs.answer = soundBut((_, response) => void head(response).write(half(answer.body)));
    await page.locator(`[data-study="${STUDY}"]`).click();
    await within(page, "pacs-cancel", "pacs").click();
    assert.match(await failure(page), /Cancelled/);
    await within(page, "pacs-close", "pacs").click();

    assert.equal(await shown(page), name);
    assert.ok(same(await savedMask(page), mask), "the mask that was there");
    await context.close();
  });

  test("a mask that is not stored is still there, and one without patient data is not sent", { timeout: 300_000 }, async () => {
    const { page, context } = await openWith(browser, files, { query: QUERY, route: withClock });
    await findings(page);
    const mask = await savedMask(page);
    const posts = () => pacs.asked.filter((line) => line.startsWith("POST"));
    /** A PACS that has the study and answers so to what is sent. */
    const stores = (answers) => (request, response, sent) => (request.method === "GET" ? json(response, STUDIES) : answers(request, response, sent));
    const failed = { "00081198": { vr: "SQ", Value: [attributes(["00081197", 0x0110])] } };
    const bad = [
      [(_, response) => response.writeHead(401).end(), /status 401/],
      [(_, response) => html(response), /no DICOM answer/],
      // As Orthanc says it, without a Content-Type.
      [(_, response) => response.writeHead(409).end(JSON.stringify(failed)), /stored 0 of 1 files \(reason 0110\). The mask is still here/],
      [(_, response) => json(response, failed), /stored 0 of 1 files/],
      [silent, /Nothing came from the PACS for a minute.*not known whether the mask was stored/, minute],
    ];
    await command(page, "pacs-send").click();
    for (const [answers, words, meanwhile] of bad) {
      const before = posts().length;
      pacs.answer = stores(answers);
      await action(page, "pacs-send").click();
      while (posts().length === before) await new Promise((resolve) => setTimeout(resolve, 20));
      await meanwhile?.(page);
      assert.match(await failure(page, "pacs-send"), words);
    }
    pacs.answer = (_, response) => response.writeHead(404).end();
    const before = posts().length;
    await action(page, "pacs-send").click();
    assert.match(await failure(page, "pacs-send"), /status 404/);
    await within(page, "pacs-close", "pacs-send").click();
    assert.ok(same(await savedMask(page), mask));

    await action(page, "without-patient").check();
    await command(page, "pacs-send").click();
    assert.match(await page.locator("[data-pacs-without]").innerText(), /other identifiers and would not belong to the study/);
    assert.equal(await action(page, "pacs-send").isVisible(), false);
    await within(page, "pacs-close", "pacs-send").click();
    assert.equal(posts().length, before, "nothing was sent");
    await action(page, "without-patient").uncheck();

    // What is sent is a file of DICOM as one part.
    let sent;
    pacs.answer = stores((_, response, bytes) => {
      sent = bytes;
      json(response, { "00081199": { vr: "SQ", Value: [{}] } });
    });
    await command(page, "pacs-send").click();
    await action(page, "pacs-send").click();
    await message(page, "The PACS stored 1 file with the study.");
    assert.ok(posts().at(-1).endsWith(`/studies/${STUDY}`));
    assert.equal(sent.toString("latin1").match(/DICM/g).length, 1);
    await context.close();
  });
});
