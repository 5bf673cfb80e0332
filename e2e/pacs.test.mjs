// Beside a PACS: a study comes from a real Orthanc and its mask goes back; nothing is asked unless the address says so.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { broken } from "./axe.mjs";
import { dicomSlice, disk, sampleStudy } from "./dicom.mjs";
import { QUERY, dialog, failure, list } from "./pacs_page.mjs";
import { ORTHANC, PORT, orthanc } from "./pacs_servers.mjs";
import { unzipped } from "./zip.mjs";
import { action, arrived, caughtUp, command, findings, launch, message, messages, open, openWith, ready, saved, thumbnails, voxels } from "./browser.mjs";

const PHONE = { width: 390, height: 844 };
/** The study of `sampleStudy`, and its series. */
const [STUDY, SERIES] = ["1.2.3", "1.2.3.1"];
/** A long study: slices, and the seconds that it may take from the click to the first slice. */
const [SLICES, PATIENCE_S] = [200, 5];
const LONG = "1.2.7";
/** A study of several series. */
const SEVERAL = "1.2.8";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Files of a study of another patient. */
function other({ study, series, patient, id = patient.slice(0, 3), date = "20230105", count, side, modality = "MR", description = "FLAIR" }) {
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
    bytes: dicomSlice({ columns: side, rows: side, pixels, position: [0, 0, at], number: at + 1, description, header: header(at + 1) }),
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
      ...other({ study: SEVERAL, series: `${SEVERAL}.1`, patient: "Several^Sue", count: 4, side: 64 }),
      ...other({ study: SEVERAL, series: `${SEVERAL}.2`, patient: "Several^Sue", count: 5, side: 64, description: "T1" }),
      ...other({ study: SEVERAL, series: `${SEVERAL}.3`, patient: "Several^Sue", count: 1, side: 32, modality: "CT", description: "CT head" }),
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

  test("what it writes for a CD opens as one study, its DICOMDIR included", { timeout: 180_000 }, async () => {
    const bytes = await pacs.media(LONG);
    assert.equal(Object.keys(unzipped(bytes)).filter((name) => name.endsWith("DICOMDIR")).length, 1);
    const { page, context, complaints } = await openWith(browser, [{ name: "cd.zip", bytes }]);
    await arrived(page, [SLICES / 2 + 1, SLICES]);
    await caughtUp(page);
    const said = (await messages(page)).filter((text) => !text.includes("last_"));
    assert.deepEqual(said.filter((text) => /DICOMDIR/i.test(text)), []);
    assert.equal(await thumbnails(page).count(), 1);
    assert.deepEqual(complaints, []);
    await context.close();
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

  test("single series of a study are chosen by keys, and no others come", { timeout: 180_000 }, async () => {
    const { page, context, complaints, requests } = await open(browser, { query: QUERY });
    await ready(page);
    await list(page);
    await dialog(page).locator('[data-field="patient"]').fill("several");
    await action(page, "pacs-search").click();
    await page.locator(`[data-study="${SEVERAL}"]`).waitFor();
    const unfold = action(page, "pacs-series");
    await unfold.focus();
    await page.keyboard.press("Enter");
    const ticks = page.locator("[data-series]");
    await ticks.first().waitFor();
    assert.equal(await unfold.getAttribute("aria-expanded"), "true");
    const listed = () => ticks.evaluateAll((all) => all.map((tick) => [tick.dataset.series, tick.checked, tick.disabled]));
    const uids = [1, 2, 3].map((number) => `${SEVERAL}.${number}`);
    const [flair, t1, ct] = uids;
    assert.deepEqual((await listed()).sort(), [[flair, true, false], [t1, true, false], [ct, false, true]], "all MR at first");
    assert.equal((await listed()).at(-1)[0], ct, "MR first");
    const texts = await page.locator("label:has([data-series])").allInnerTexts();
    for (const words of [["FLAIR", "MR", "4 images"], ["T1", "MR", "5 images"], ["CT head", "CT", "1 image"]]) {
      assert.ok(texts.some((text) => words.every((word) => text.includes(word))), `${words}: ${texts}`);
    }
    assert.deepEqual(await broken(page), []);
    const opener = action(page, "pacs-open-series");
    assert.match(await opener.innerText(), /2 series.*9 images/);

    // From the button on, Tab reaches the ticks.
    for (const _ of [flair, t1]) {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
    }
    assert.ok((await listed()).every(([, ticked]) => !ticked), "none is left");
    assert.equal(await opener.isDisabled(), true);
    await page.locator(`[data-series="${flair}"]`).focus();
    await page.keyboard.press("Space");
    assert.match(await opener.innerText(), /1 series.*4 images/);
    await opener.focus();
    await page.keyboard.press("Enter");
    await dialog(page).waitFor({ state: "hidden" });
    await arrived(page, [3, 4]);
    const came = uids.filter((uid) => requests.some((url) => new URL(url).pathname.endsWith(`/series/${uid}`)));
    assert.deepEqual(came, [flair]);
    assert.deepEqual(complaints, []);

    // It folds again.
    await page.locator('[data-panel="top-bar"] [data-command="pacs-open"]').click();
    await unfold.click();
    await ticks.first().waitFor({ state: "detached" });
    assert.equal(await unfold.getAttribute("aria-expanded"), "false");
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
    await action(page, "pacs-series").first().click();
    await page.locator("[data-series]").first().waitFor();
    const small = await dialog(page).locator("[data-action], [data-study], [data-field], label:has([data-series])").evaluateAll((all) =>
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
