// All that can be saved of a study: which files come, what they are called, and that they say nothing of the patient when asked not to.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { PNG } from "pngjs";
import { sampleStudy } from "./dicom.mjs";
import { laterStudy } from "./later.mjs";
import { unzipped } from "./zip.mjs";
import { action, drop, findings, launch, openWith, print, saved } from "./browser.mjs";

/** What the study says of its patient, by tag; sequences of its numbers are in no export without patient data. */
const WHOSE = [
  [0x00080020, "DA", "20240317"],
  [0x00080030, "TM", "074613"],
  [0x00080050, "SH", "ACC-90125"],
  [0x00080090, "PN", "Referrer^Rita"],
  [0x0008103e, "LO", "AX FLAIR OF JANE"],
  [0x00100010, "PN", "Doe^Jane"],
  [0x00100020, "LO", "PID-77310"],
  [0x00100030, "DA", "19571103"],
  [0x00200010, "SH", "SID-4471"],
];
/** Their values, the beginning of all identifiers, and what names are made of. */
const IDENTIFYING = [...WHOSE.map(([, , value]) => value), "1.2.3.", "Doe", "Jane", "JANE", "2024-03-17", "IM1"];
/** When the same patient was examined again. */
const LATER = "20250131";
const OF_TWO = [...IDENTIFYING, LATER, "2025-01-31", "1.2.7", "LATER"];
/** What each button saves, by its name: what the file's name ends with. */
const FILES = {
  seg: "mask.dcm",
  nifti: "mask.nii.gz",
  csv: "measures.csv",
  json: "measures.json",
  mask: "mask.png",
  picture: "overlay.png",
  "label-map": "label-map.dcm",
  probabilities: ["probabilities.dcm"],
  "dicom-picture": "picture.dcm",
  "dicom-report": "report.zip",
  stl: "tumour.stl",
  obj: "tumour.obj",
  glb: "tumour.glb",
};

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const opened = async () => {
  const session = await openWith(browser, await sampleStudy([0.75, 0.75, 6], WHOSE));
  await findings(session.page);
  return session;
};

/** The files that one button saves, those in a zip by themselves, each with the name of the saved one before it. */
async function files(page, what) {
  const { name, bytes } = await saved(page, what);
  assert.ok(name.endsWith(`_${FILES[what]}`), name);
  if (name.endsWith(".zip")) return Object.entries(unzipped(bytes)).map(([within, bytes]) => ({ name: `${name}_${within}`, bytes }));
  return [{ name, bytes: name.endsWith(".gz") ? gunzipSync(bytes) : bytes }];
}

/** The pixels of a DICOM picture: the last of its elements, in bytes. */
function pixelsOf(bytes) {
  const at = bytes.lastIndexOf(Buffer.from("\xe0\x7f\x10\x00OB\0\0", "latin1"));
  assert.ok(at > 0, "it has pixels");
  return bytes.subarray(at + 12, at + 12 + bytes.readUInt32LE(at + 8));
}

/** Fails where a file holds one of these values. */
function assertNone({ name, bytes }, values) {
  for (const value of values) {
    // Among pixels and corners a few letters may be there by chance.
    if (value.length < 5 && !/(csv|json|obj|report\.dcm)$/.test(name)) continue;
    assert.ok(!bytes.includes(value), `${name} holds ${value}`);
  }
}

const SOP_CLASSES = {
  "mask.dcm": "1.2.840.10008.5.1.4.1.1.66.4",
  "label-map.dcm": "1.2.840.10008.5.1.4.1.1.66.7",
  "probabilities.dcm": "1.2.840.10008.5.1.4.1.1.66.4",
  "report.dcm": "1.2.840.10008.5.1.4.1.1.88.34",
  "picture.dcm": "1.2.840.10008.5.1.4.1.1.7",
};

describe("what is saved of a DICOM study", () => {
  test("is of its kind, named after the study, and says whose it is", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await opened();
    for (const what of Object.keys(FILES)) {
      for (const { name, bytes } of await files(page, what)) {
        assert.match(name, /^AX_FLAIR_OF_JANE/);
        if (!name.endsWith(".dcm")) continue;
        const kind = Object.entries(SOP_CLASSES).find(([ending]) => name.endsWith(`_${ending}`));
        for (const value of [kind[1], "Doe^Jane", "PID-77310", "1.2.3.9"].slice(0, name.endsWith("mask.dcm") ? 4 : 3)) {
          assert.ok(bytes.includes(value), `${name} lacks ${value}`);
        }
      }
    }
    const json = JSON.parse((await saved(page, "json")).bytes);
    const [, report] = await files(page, "dicom-report");
    assert.ok(report.bytes.includes(String(json.volume_ml).slice(0, 6)), "the report's volume is that of the figures");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("holds nothing of the patient while that is asked for", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await opened();
    await action(page, "without-patient").check();
    for (const what of Object.keys(FILES)) {
      for (const { name, bytes } of await files(page, what)) {
        assert.match(name, /^study-\d+_/, what);
        assertNone({ name, bytes }, IDENTIFYING);
      }
    }
    const session = await saved(page, "session");
    assert.equal(session.name, "gliolens-session.zip");
    const texts = Object.entries(unzipped(session.bytes)).filter(([name]) => name.endsWith(".json"));
    assert.equal(texts.length, 2);
    const inside = texts.map(([, bytes]) => bytes.toString()).join("");
    for (const value of IDENTIFYING) assert.ok(!inside.includes(value), `the session holds ${value}`);
    assert.match(await print(page), /^study-\d+_report$/);
    const printed = await page.locator('[data-panel="report"]').textContent();
    for (const value of IDENTIFYING) assert.ok(!printed.includes(value), `the report holds ${value}`);
    await action(page, "without-patient").uncheck();
    assert.ok((await saved(page, "csv")).bytes.includes("AX FLAIR OF JANE"), "names are back, so the above proves something");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("and its pictures are those of any other patient, pixel by pixel", { timeout: 240_000 }, async () => {
    const pictures = async (whose) => {
      const { page, context } = await openWith(browser, await sampleStudy([0.75, 0.75, 6], whose));
      await findings(page);
      // The mask as another program's label: without the words by which the page knows its own.
      const label = gunzipSync((await saved(page, "nifti")).bytes).fill(0, 148, 228);
      await drop(page, [{ name: "label.nii", bytes: label }]);
      await page.locator('[data-save="comparison"]').waitFor();
      const take = async (what) => {
        const { name, bytes } = await saved(page, what);
        return name.endsWith(".dcm") ? pixelsOf(bytes) : PNG.sync.read(bytes).data;
      };
      const named = await take("comparison");
      await action(page, "without-patient").check();
      const taken = [];
      for (const what of ["mask", "picture", "dicom-picture", "comparison"]) taken.push(await take(what));
      await context.close();
      return { named, taken };
    };
    const another = WHOSE.map(([tag, vr, value]) => [tag, vr, vr === "DA" ? "19991231" : vr === "TM" ? "235959" : `${value.slice(0, 2)}OTHER`]);
    const [one, other] = [await pictures(WHOSE), await pictures(another)];
    assert.ok(!one.named.equals(other.named), "names are in pictures, so what follows proves something");
    for (const [at, pixels] of one.taken.entries()) assert.ok(pixels.equals(other.taken[at]), `picture ${at}`);
    // The DICOM picture shows a head, and the tumour's colour on it.
    const [, , dicom] = one.taken;
    const count = (is) => Array.from({ length: dicom.length / 3 }, (_, at) => is(...dicom.subarray(3 * at, 3 * at + 3))).filter(Boolean).length;
    assert.ok(count((r, g, b) => r > 90 && r > 1.4 * b) > 300, "the tumour");
    assert.ok(count((r, g, b) => r > 40 && Math.abs(r - g) < 8 && Math.abs(g - b) < 8) > 10_000, "the head");
  });

  test("nor does anything that is saved of two studies of a patient", { timeout: 240_000 }, async () => {
    const { page, context, complaints } = await opened();
    await drop(page, await laterStudy(LATER, WHOSE));
    await page.locator("[data-visit]").nth(1).waitFor();
    await findings(page);
    await action(page, "without-patient").check();
    const timeline = await saved(page, "timeline");
    assert.equal(timeline.name, "timeline.csv");
    assert.equal(timeline.bytes.toString().trim().split("\n").length, 3);
    const [json, , report] = [...(await files(page, "json")), ...(await files(page, "dicom-report"))];
    assert.equal(JSON.parse(json.bytes).follow_up.studies.length, 2);
    assert.ok(report.bytes.includes("earlier-study"), "it says what changed since the earlier one");
    for (const file of [timeline, json, report]) assertNone(file, OF_TWO);
    assert.match(await print(page), /^study-\d+_report$/);
    assert.equal(await page.locator('[data-report="follow-up"]').count(), 1);
    const printed = await page.locator('[data-panel="report"]').textContent();
    for (const value of OF_TWO) assert.ok(!printed.includes(value), `the report holds ${value}`);
    await action(page, "without-patient").uncheck();
    assert.ok((await saved(page, "timeline")).bytes.includes("2025-01-31"), "dates are back, so the above proves something");
    await print(page);
    assert.match(await page.locator('[data-report="follow-up"]').textContent(), /2025/);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
