// What the test `exports` left in target/exports/, read by the reader of the viewers OHIF and Cornerstone3D: every DICOM
// segmentation of the kinds that it reads must put as many marks on every source image as this program did. `cargo xtask test` runs it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Cornerstone3DSEG } from "@cornerstonejs/adapters/cornerstone3D";
import { cache, metaData } from "@cornerstonejs/core";
import dcmjs from "dcmjs";

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

/// The bytes of a file in a buffer of their own.
function bytesOf(path) {
    return new Uint8Array(readFileSync(path)).buffer;
}

/// What the reader asks of a source image, by the names of its modules.
function modules(image) {
    const [x, y] = [image.ImageOrientationPatient.slice(0, 3), image.ImageOrientationPatient.slice(3)].map(axis => axis.map(Number));
    const [down_mm, right_mm] = image.PixelSpacing.map(Number);
    return {
        instance: image,
        generalImageModule: { sopInstanceUID: image.SOPInstanceUID, instanceNumber: Number(image.InstanceNumber) },
        generalSeriesModule: { seriesInstanceUID: image.SeriesInstanceUID, modality: image.Modality },
        imagePixelModule: { bitsAllocated: image.BitsAllocated, samplesPerPixel: 1, rows: image.Rows, columns: image.Columns },
        imagePlaneModule: {
            frameOfReferenceUID: image.FrameOfReferenceUID,
            rows: image.Rows,
            columns: image.Columns,
            imageOrientationPatient: [...x, ...y],
            rowCosines: x,
            columnCosines: y,
            imagePositionPatient: image.ImagePositionPatient.map(Number),
            pixelSpacing: [down_mm, right_mm],
            rowPixelSpacing: down_mm,
            columnPixelSpacing: right_mm,
            sliceThickness: Number(image.SliceThickness),
        },
    };
}

/// The segmentations of a folder. Probabilities are no marks, and sources of several frames have no image of their own here.
const KINDS = ["mask", "labelmap", "reported"];

/// Marks on each source image of a folder, by the whole-file path of the reader.
async function marksOf(folder, kind) {
    const images = new Map();
    for (const name of readdirSync(folder).filter(name => name.startsWith("source-")).sort()) {
        const file = DicomMessage.readFile(bytesOf(join(folder, name)));
        images.set(`source:${folder}/${name}`, modules(DicomMetaDictionary.naturalizeDataset(file.dict)));
    }
    const provider = (module, id) => images.get(id)?.[module];
    metaData.addProvider(provider);
    const ids = [...images.keys()];
    const reader = Cornerstone3DSEG.Segmentation ?? Cornerstone3DSEG;
    const segmentation = { get: metaData.get, addCustomMetadata() {} };
    const read = await reader.createLabelmapsFromDICOMBuffer(ids, bytesOf(join(folder, `${kind}.dcm`)), segmentation);
    const [layer, ...more] = read.labelMapImages;
    assert.deepEqual([more.length, read.overlappingSegments], [0, false], "segments overlap");
    // A label map describes its background too.
    const segments = read.segMetadata.data.filter(segment => segment && Number(segment.SegmentNumber) > 0);
    assert.equal(segments.length, 1, "one segment");
    const marks = layer.map(image => image.getPixelData().filter(value => value === 1).length);
    metaData.removeProvider(provider);
    cache.purgeCache();
    return marks;
}

const exports = process.argv[2];
const folders = readdirSync(exports).sort().map(name => join(exports, name)).filter(folder => existsSync(join(folder, "mask.dcm")));
assert.ok(folders.length > 0, "no exports: run `cargo test -p study` first");
for (const folder of folders) {
    if (folder.endsWith("-enhanced")) {
        console.log(`${folder}: skipped, its source has several frames`);
        continue;
    }
    const expected = JSON.parse(readFileSync(join(folder, "marked-pixels.json"), "utf8"));
    for (const kind of KINDS) assert.deepEqual(await marksOf(folder, kind), expected, `${folder}, ${kind}`);
    console.log(`${folder}: as Cornerstone3D reads it`);
}
