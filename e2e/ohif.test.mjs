// Our segmentations in the real OHIF, beside a real Orthanc: each marks the pixels that it should, on the slices that it should.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { PNG } from "pngjs";
import { sampleStudy } from "./dicom.mjs";
import { OHIF, ohif } from "./ohif_server.mjs";
import { ORTHANC, PORT, orthanc } from "./pacs_servers.mjs";
import { command, findings, launch, openWith, saved, segmented } from "./browser.mjs";

/** What the native tests of `study` leave, a grid each: slices of every direction, oblique and mirrored, and one file with all frames. */
const EXPORTS = "target/exports";
const GRIDS = ["axial-dicom", "flipped-dicom", "sagittal-dicom", "coronal-dicom", "oblique-dicom", "oblique-enhanced"];
/** Classes of segmentations: BINARY, and LABELMAP. */
const BINARY = "1.2.840.10008.5.1.4.1.1.66.4";
const LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7";
/** Between rows and columns of different distances, mixed up axes show. */
const SPACING = [0.75, 1, 6];
/** Of the sample's slices, those that the page is given: the network takes a while for each. */
const [FIRST, LAST] = [9, 14];
/** The difference of the brightest colour to the darkest from which a pixel of the screen is no grey. */
const COLOURED = 30;
/** How long it may take until what is loaded is drawn. */
const PATIENCE_MS = 30_000;
/** Screen pixels around marks that may be either: edges are smoothed, and outlined. */
const EDGE_PX = 4;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The marked pixels of a NIfTI mask, by where its slices begin in the patient (LPS, in mm). */
function slicesOf(file) {
  const bytes = gunzipSync(file);
  const [columns, rows, slices] = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  const values = bytes.subarray(bytes.readFloatLE(108));
  const row = (at) => [0, 1, 2, 3].map((column) => bytes.readFloatLE(280 + 16 * at + 4 * column));
  const affine = [0, 1, 2].map(row);
  return Array.from({ length: slices }, (_, slice) => {
    const [x, y, z] = affine.map(([, , step, start]) => start + step * slice);
    const area = columns * rows;
    const marks = [];
    for (let at = 0; at < area; at++) if (values[slice * area + at] === 1) marks.push(at);
    return { position: [-x, -y, z], columns, marks };
  });
}

/** What OHIF shows on the images of a series once a segmentation is loaded, in the form of `slicesOf`. Runs in OHIF. */
function layer(segmentationId) {
  const { cache, metaData } = window.cornerstone;
  const { Labelmap } = window.services.segmentationService.getSegmentation(segmentationId).representationData;
  return Labelmap.imageIds.map((id) => {
    const image = cache.getImage(id);
    const marks = [];
    image.voxelManager.getScalarData().forEach((value, at) => value && marks.push(at));
    const { imagePositionPatient, columns } = metaData.get("imagePlaneModule", image.referencedImageId);
    return { position: [...imagePositionPatient], columns, marks };
  });
}

/** The same slice of two lists, by its place. */
const sameSlice = (slices, { position }) => slices.filter((slice) => slice.position.every((v, axis) => Math.abs(v - position[axis]) < 0.01));

/** Compares what OHIF shows with what the mask marks, slice by slice and pixel by pixel. */
function agree(found, expected, name) {
  assert.equal(found.length, expected.length, `${name}: slices`);
  assert.ok(expected.some(({ marks }) => marks.length > 0), `${name}: nothing is marked`);
  for (const slice of expected) {
    const there = sameSlice(found, slice);
    assert.equal(there.length, 1, `${name}: no slice at ${slice.position}`);
    assert.equal(there[0].columns, slice.columns);
    assert.deepEqual(there[0].marks, slice.marks, `${name}: other marks at ${slice.position}`);
  }
}

/** The slice on screen: where it begins, and where each pixel's middle lies on its canvas. Runs in OHIF. */
function onScreen() {
  const { services, cornerstone } = window;
  const viewport = services.cornerstoneViewportService.getCornerstoneViewport(services.viewportGridService.getActiveViewportId());
  const id = viewport.getCurrentImageId();
  const plane = cornerstone.metaData.get("imagePlaneModule", id);
  const { imagePositionPatient, columns, rows, rowCosines, columnCosines, rowPixelSpacing, columnPixelSpacing } = plane;
  const middle = (at) => {
    const [right, down] = [columnPixelSpacing * (at % columns), rowPixelSpacing * Math.floor(at / columns)];
    return viewport.worldToCanvas([0, 1, 2].map((axis) => imagePositionPatient[axis] + right * rowCosines[axis] + down * columnCosines[axis]));
  };
  return { position: [...imagePositionPatient], middles: Array.from({ length: columns * rows }, (_, at) => [...middle(at)]) };
}

/** Compares the colours on screen with the marks of the slice that is shown, once it is drawn. */
async function looksMarked(page, expected, name) {
  for (const end = Date.now() + PATIENCE_MS; ; await page.waitForTimeout(200)) {
    const wrong = await look(page, expected, name).then(() => null, (error) => error);
    if (!wrong) return;
    if (Date.now() > end) throw wrong;
  }
}

async function look(page, expected, name) {
  const { position, middles } = await page.evaluate(onScreen);
  const [{ marks }] = sameSlice(expected, { position });
  assert.ok(marks.length > 0, `${name}: the slice that is shown first has no marks`);
  const { width, height, data } = PNG.sync.read(await page.locator('[data-viewport-uid] canvas').screenshot());
  const coloured = (at) => {
    const [x, y] = middles[at].map(Math.round);
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    const colours = [0, 1, 2].map((c) => data[4 * (y * width + x) + c]);
    return Math.max(...colours) - Math.min(...colours) > COLOURED;
  };
  const marked = new Set(marks);
  const near = (at) => marks.some((mark) => Math.hypot(middles[at][0] - middles[mark][0], middles[at][1] - middles[mark][1]) < reach);
  const step = Math.hypot(middles[1][0] - middles[0][0], middles[1][1] - middles[0][1]);
  const reach = 2 * step + EDGE_PX;
  // Around the tumour: letters at the edges of the view are coloured too.
  const bounds = [0, 1].map((axis) => marks.map((at) => middles[at][axis]).sort((a, b) => a - b)).map((sorted) => [sorted[0] - 3 * reach, sorted.at(-1) + 3 * reach]);
  const around = [...middles.keys()].filter((at) => !marked.has(at) && bounds.every(([from, to], axis) => middles[at][axis] >= from && middles[at][axis] <= to));
  const outside = around.filter((at) => !near(at));
  const count = (places, is) => places.filter((at) => coloured(at) === is).length;
  assert.equal(count(marks, false), 0, `${name}: marked pixels without a colour`);
  assert.ok(count(outside, false) > 20, `${name}: nothing to compare with`);
  assert.equal(count(outside, true), 0, `${name}: coloured pixels without a mark`);
}

/** Opens a study in OHIF beside a PACS that holds these files, and each segmentation of it by a double click, as people do. */
async function check(name, files, expected) {
  const pacs = await orthanc();
  const server = await ohif(PORT);
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  // Without its tour.
  await context.addInitScript(() => localStorage.setItem("shownTours", JSON.stringify(["basicViewerTour"])));
  try {
    await pacs.take(files);
    const [{ StudyInstanceUID: study }] = await pacs.tags("MR");
    const page = await context.newPage();
    await page.goto(`${server.address}viewer?StudyInstanceUIDs=${study}`);
    const thumbnails = page.locator('[data-cy="study-browser-thumbnail-no-image"]');
    await page.waitForFunction(() => window.services?.displaySetService?.getActiveDisplaySets().length === 3, null, { timeout: 120_000 });
    const kinds = [];
    for (let at = 0; at < 2; at++) {
      await thumbnails.nth(at).dblclick();
      const id = await page.waitForFunction(
        (at) => {
          const { segmentationService, viewportGridService } = window.services;
          const shown = segmentationService.getSegmentationRepresentations(viewportGridService.getActiveViewportId());
          return shown.length > at && shown.at(-1).segmentationId;
        },
        at,
        { timeout: 60_000 },
      );
      const segmentation = await id.jsonValue();
      const kind = await page.evaluate((id) => window.services.displaySetService.getDisplaySetByUID(id).SOPClassUID, segmentation);
      kinds.push(kind);
      agree(await page.evaluate(layer, segmentation), expected, `${name}, ${kind}`);
      await looksMarked(page, expected, `${name}, ${kind}`);
    }
    assert.deepEqual(kinds.sort(), [BINARY, LABEL_MAP]);
  } finally {
    await context.close();
    await server.stop();
    await pacs.stop();
  }
}

const lacking = [
  [OHIF, "OHIF (OHIF_FOLDER is not set)"],
  [ORTHANC, "Orthanc (ORTHANC_PROGRAM is not set)"],
  [PORT, "a port for Orthanc (DICOM_WEB_PORT is not set)"],
].filter(([there]) => !there);
const without = lacking.length ? `without ${lacking.map(([, what]) => what).join(", ")}` : false;

describe("OHIF shows our segmentations, BINARY and LABELMAP, where they are", { skip: without }, () => {
  test("as the page saves them", { timeout: 300_000 }, async () => {
    const study = (await sampleStudy(SPACING)).slice(FIRST, LAST);
    const { page, context } = await openWith(browser, study);
    await findings(page);
    await command(page, "whole-volume").click();
    await segmented(page);
    const [mask, seg, labelMap] = [await saved(page, "nifti"), await saved(page, "seg"), await saved(page, "label-map")];
    await context.close();
    await check("the page", [...study, seg, labelMap], slicesOf(mask.bytes));
  });

  for (const grid of GRIDS) {
    const folder = `${EXPORTS}/${grid}`;
    const skip = existsSync(`${folder}/labelmap.dcm`) ? without : `${folder} is not there: cargo xtask unit makes it`;
    test(`on the ${grid} phantom of the native tests`, { timeout: 300_000, skip }, async () => {
      const names = readdirSync(folder).filter((name) => name.startsWith("source-")).concat("mask.dcm", "labelmap.dcm");
      const files = names.map((name) => ({ name, bytes: readFileSync(`${folder}/${name}`) }));
      await check(grid, files, slicesOf(readFileSync(`${folder}/mask.nii.gz`)));
    });
  }
});
