// Beside a PACS: a study comes from a real Orthanc and its mask goes back; nothing is asked unless the address says so.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { broken } from "./axe.mjs";
import { dicomSlice, disk, sampleStudy } from "./dicom.mjs";
import { ORTHANC, PORT, attributes, json, multipart, orthanc, pretended } from "./pacs_servers.mjs";
import { action, arrived, command, findings, launch, message, open, openWith, ready, same, saved, savedMask, shown, voxels } from "./browser.mjs";

const QUERY = "?pacs&device=cpu";
const PHONE = { width: 390, height: 844 };
/** The study of `sampleStudy`, and its series. */
const [STUDY, SERIES] = ["1.2.3", "1.2.3.1"];
/** A long study: slices, and the seconds that it may take from the click to the first slice. */
const [SLICES, PATIENCE_S] = [200, 5];
const LONG = "1.2.7";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const dialog = (page, name = "pacs") => page.locator(`[data-panel="${name}"]`);
const within = (page, id, name) => dialog(page, name).locator(`[data-action="${id}"]`);

/** Opens the list of studies from the first screen. */
async function list(page) {
  await page.locator('[data-panel="first"] [data-command="pacs-open"]').click();
  await dialog(page).waitFor();
}

/** Why something was not done, once that is said in a dialog. */
async function failure(page, name = "pacs") {
  const said = dialog(page, name).locator("[data-pacs-failed]:not(:empty)");
  await said.waitFor();
  assert.equal(await dialog(page, name).locator('[data-pacs-doing="true"]').count(), 0, "nothing is being done any more");
  return said.innerText();
}

/** Files of a study of another patient. */
function other({ study, series, patient, id = patient.slice(0, 3), date = "20230105", count, side, modality = "MR" }) {
  const pixels = disk(side, side);
  const header = (at) => [
    [0x00080018, "UI", `${series}.${at}`],
    [0x00080020, "DA", date],
    [0x00080060, "CS", modality],
    [0x00100010, "PN", patient],
    [0x00100020, "LO", id],
    [0x0020000d, "UI", study],
    [0x0020000e, "UI", series],
  ];
  return Array.from({ length: count }, (_, at) => ({
    name: `${at}`,
    bytes: dicomSlice({ columns: side, rows: side, pixels, position: [0, 0, at], number: at + 1, header: header(at + 1) }),
  }));
}

test("a page that is not told of a PACS asks for none and shows none", { timeout: 120_000 }, async () => {
  const { page, context, requests, complaints } = await openWith(browser, await sampleStudy([0.75, 0.75, 6]));
  await findings(page);
  assert.equal(await page.locator('[data-command^="pacs"], [data-panel^="pacs"]').count(), 0);
  assert.deepEqual(requests.filter((url) => url.includes("dicom-web")), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

const without = ORTHANC && PORT ? false : "no Orthanc: ORTHANC_PROGRAM or DICOM_WEB_PORT is not set";
describe("beside a real Orthanc", { skip: without }, () => {
  let pacs;
  before(async () => {
    pacs = await orthanc();
    await pacs.take([
      ...other({ study: "1.2.5", series: "1.2.5.1", patient: "Doe^John", count: 2, side: 32, modality: "CT" }),
      ...(await sampleStudy([0.75, 0.75, 6])),
      ...other({ study: STUDY, series: "1.2.3.8", patient: "Doe^Jane", id: "42", date: "20240201", count: 1, side: 32, modality: "CT" }),
      ...other({ study: LONG, series: "1.2.7.1", patient: "Long^Leo", count: SLICES, side: 256 }),
    ]);
  });
  after(() => pacs?.stop());

  test("a study is found and opened, and its mask goes back with a report that refer to the images", { timeout: 300_000 }, async () => {
    const { page, context, complaints, requests } = await open(browser, { query: QUERY });
    await ready(page);
    await list(page);
    assert.deepEqual(requests.filter((url) => url.includes("dicom-web")), [], "nothing is asked before a person asks");
    // By keys alone: the name has the focus.
    await page.keyboard.type("doe");
    await page.keyboard.press("Enter");
    await page.locator("[data-study]").first().waitFor();
    const found = await page.locator("[data-study]").evaluateAll((rows) => rows.map((row) => [row.dataset.study, row.innerText]));
    assert.deepEqual(found.map(([uid]) => uid), [STUDY, "1.2.5"], "MR first");
    for (const words of ["Doe, Jane", "42", "2024", "MR", "24 images"]) assert.ok(found[0][1].includes(words), `${words}: ${found[0][1]}`);
    assert.deepEqual(await broken(page), []);
    await page.locator(`[data-study="${STUDY}"]`).click();
    await dialog(page).waitFor({ state: "hidden" });
    await findings(page);
    await message(page, "1 other series of the study was left in the PACS (CT)");
    const mask = voxels((await saved(page, "nifti")).bytes).values;

    await command(page, "pacs-send").click();
    await dialog(page, "pacs-send").waitFor();
    for (const words of ["AX FLAIR", "Doe, Jane", "42"]) assert.ok((await page.locator("[data-pacs-send]").innerText()).includes(words), words);
    assert.match(await page.locator("[data-pacs-incomplete]").innerText(), /22 of 23 slices not segmented yet/);
    assert.deepEqual(await pacs.tags("SEG"), [], "nothing is sent before a person says so");
    assert.deepEqual(await broken(page), []);
    await action(page, "pacs-report").check();
    await action(page, "pacs-send").click();
    await message(page, "The PACS stored 2 files with the study.");
    const [[seg, ...segs], [report, ...reports]] = [await pacs.tags("SEG"), await pacs.tags("SR")];
    assert.deepEqual([segs, reports], [[], []]);
    assert.equal(seg.StudyInstanceUID, STUDY);
    assert.equal(report.StudyInstanceUID, STUDY);
    assert.equal(seg.PatientID, "42");
    const [referenced] = seg.ReferencedSeriesSequence;
    assert.equal(referenced.SeriesInstanceUID, SERIES);
    const images = referenced.ReferencedInstanceSequence.map((image) => image.ReferencedSOPInstanceUID);
    assert.deepEqual(images.sort(), Array.from({ length: 23 }, (_, at) => `${SERIES}.${at + 1}`).sort());
    assert.ok(JSON.stringify(report).includes(seg.SOPInstanceUID), "the report names the segmentation");
    const elsewhere = requests.filter((url) => url.includes("dicom-web") && !url.startsWith(new URL("dicom-web/", page.url()).href));
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(complaints, []);
    await context.close();

    // A link to the study opens it with its mask.
    const second = await open(browser, { query: `?pacs=${STUDY}&device=cpu` });
    await message(second.page, "is back as the mask", { timeout: 120_000 });
    await findings(second.page);
    assert.ok(Buffer.compare(voxels((await saved(second.page, "nifti")).bytes).values, mask) === 0, "the mask that came back");
    await second.context.close();
  });

  test(`a study of ${SLICES} slices is on screen within ${PATIENCE_S} s`, { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: QUERY });
    await ready(page);
    await list(page);
    await dialog(page).locator('[data-field="id"]').fill("Lon");
    await action(page, "pacs-search").click();
    const study = page.locator(`[data-study="${LONG}"]`);
    await study.waitFor();
    const start = performance.now();
    await study.click();
    await arrived(page, [SLICES / 2 + 1, SLICES]);
    const seconds = (performance.now() - start) / 1000;
    console.log(`${SLICES} slices from Orthanc: on screen after ${seconds.toFixed(2)} s`);
    assert.ok(seconds <= PATIENCE_S, `${seconds} s`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("studies come by pages, and those of a day alone; on a phone everything is large enough for a finger", { timeout: 180_000 }, async () => {
    await pacs.take(Array.from({ length: 23 }, (_, at) => other({ study: `1.2.9.${at}`, series: `1.2.9.${at}.1`, patient: `Many^${at}`, count: 1, side: 16 })).flat());
    const { page, context, complaints } = await open(browser, { query: QUERY, size: PHONE });
    await list(page);
    await dialog(page).locator('[data-field="patient"]').fill("many");
    await action(page, "pacs-search").click();
    const studies = page.locator("[data-study]");
    await studies.first().waitFor();
    assert.equal(await studies.count(), 20);
    assert.equal(await action(page, "pacs-previous").isVisible(), false);
    assert.deepEqual(await broken(page), []);
    const small = await dialog(page).locator("[data-action], [data-study], [data-field]").evaluateAll((all) =>
      all.filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 44).map((control) => control.outerHTML.slice(0, 90)),
    );
    assert.deepEqual(small, []);
    await action(page, "pacs-next").click();
    await page.waitForFunction(() => document.querySelectorAll("[data-study]").length === 3);
    assert.equal(await action(page, "pacs-next").isVisible(), false);
    await dialog(page).locator('[data-field="date"]').fill("2024-02-01");
    await dialog(page).locator('[data-field="patient"]').fill("");
    await action(page, "pacs-search").click();
    await page.locator(`[data-study="${STUDY}"]`).waitFor();
    assert.equal(await studies.count(), 1);
    await dialog(page).locator('[data-field="patient"]').fill("nobody");
    await action(page, "pacs-search").click();
    await page.locator("[data-pacs-none]").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a mask of a study that the PACS does not have is not sent", { timeout: 180_000 }, async () => {
    const files = await sampleStudy([0.75, 0.75, 6], [[0x0020000d, "UI", "1.2.99"]]);
    const { page, context } = await openWith(browser, files, { query: QUERY });
    await findings(page);
    await command(page, "pacs-send").click();
    await action(page, "pacs-send").click();
    assert.match(await failure(page, "pacs-send"), /does not have this study/);
    await context.close();
  });

  test("the copy of the site that is kept on this computer has nothing of the PACS", { timeout: 180_000 }, async () => {
    const { page, context, complaints } = await open(browser, { query: `${QUERY}&offline` });
    await ready(page);
    await page.locator("[data-kept]").waitFor({ timeout: 120_000 });
    await list(page);
    await action(page, "pacs-search").click();
    await page.locator(`[data-study="${STUDY}"]`).click();
    await findings(page);
    const kept = await page.evaluate(async () => {
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map((request) => request.url);
    });
    assert.ok(kept.length > 10);
    assert.deepEqual(kept.filter((url) => url.includes("dicom-web")), []);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

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
