"""Reads what the batch program's tests left with other people's programs: DICOM files of target/exports-batch/ with pydicom, highdicom,
dcmqi and dciodvfy, whose measures must be those of the table beside them, and data sets of target/bids/ with the BIDS validator. And the
other way: volumes that SimpleITK and nibabel write go through the batch program, whose masks must lie where they do.

`cargo xtask test` runs it.
"""

import csv
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import highdicom
import nibabel
import numpy
import pydicom
import SimpleITK

sys.path.insert(0, str(Path(__file__).parents[2] / "study/tests"))
from programs import tool, validated

# Names of figures by their codes.
VOLUME, AREA, LONGEST, PERPENDICULAR = "118565006", "42798000", "103339001", "103340004"


def figures_of(folder, segmentation):
    """The figures of a study by its table, and its largest area by its segmentation."""
    with open(folder / "studies.csv", newline="") as file:
        # Of several the one whose files these are.
        [row] = [row for row in csv.DictReader(file) if row["volume_ml"] and row["files"].count(".dcm") == 2][:1]
    measures = segmentation.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    pixel = math.prod(map(float, measures.PixelSpacing))
    frames = numpy.atleast_3d(segmentation.pixel_array)
    marked = frames.reshape(-1, segmentation.Rows * segmentation.Columns).sum(axis=1)
    volume = marked.sum() * pixel * float(measures.SpacingBetweenSlices) / 1000
    assert abs(volume - float(row["volume_ml"])) < 0.001, f"{folder.name}: {volume} ml"
    in_table = {VOLUME: "volume_ml", LONGEST: "longest", PERPENDICULAR: "perpendicular"}
    return {code: float(row[column]) for code, column in in_table.items()} | {AREA: marked.max() * pixel}


def check_dicom(folder):
    [segmentation, report] = [folder / "mask.dcm", folder / "report.dcm"]
    for path in [segmentation, report]:
        validated(path)
    dataset = pydicom.dcmread(segmentation)
    figures = figures_of(folder, dataset)
    sources = {pydicom.dcmread(path).SOPInstanceUID for path in folder.glob("source-*.dcm")}
    found = {uid for _, _, uid in highdicom.seg.Segmentation.from_dataset(dataset).get_source_image_uids()}
    # Without patient data images have other identifiers.
    named = folder.name == "with-patient-data"
    assert len(found) == len(sources) and (found == sources) == named, f"{folder.name}: {found}"
    [group] = highdicom.sr.srread(report).content.get_volumetric_roi_measurement_groups()
    assert group.referenced_segment.referenced_sop_instance_uid == dataset.SOPInstanceUID
    read = {measure.name.value: measure.value for measure in group.get_measurements()}
    with tempfile.TemporaryDirectory() as out:
        said = tool("segimage2itkimage", "--inputDICOM", segmentation, "--outputDirectory", out)
        if said is not None:
            marked = (SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(f"{out}/1.nrrd")) > 0).sum()
            assert marked == dataset.pixel_array.sum(), f"{folder.name}: dcmqi reads other voxels"
        said = tool("tid1500reader", "--inputDICOM", report, "--outputMetadata", f"{out}/report.json")
        if said is not None:
            [measured] = json.loads(Path(f"{out}/report.json").read_text())["Measurements"]
            by_dcmqi = {item["quantity"]["CodeValue"]: float(item["value"]) for item in measured["measurementItems"]}
            assert by_dcmqi.keys() == read.keys()
            assert all(math.isclose(by_dcmqi[code], read[code], rel_tol=1e-6) for code in read), by_dcmqi
    assert read.keys() == figures.keys(), f"{folder.name}: {read}"
    for code, figure in figures.items():
        # Tables are rounded to hundredths of a millimetre.
        assert abs(read[code] - figure) < 0.006, f"{folder.name}: {code} is {read[code]}, not {figure}"
    print(f"{folder.name}: as pydicom, highdicom, dcmqi and dciodvfy read it")


def check_data_set(folder):
    said = tool("bids-validator-deno", folder, "--json")
    if said is None:
        return
    # Behind it there may be what was said on the error stream.
    found, _ = json.JSONDecoder().raw_decode(said)
    issues = found["issues"]["issues"]
    errors = [issue for issue in issues if issue.get("severity", "error") == "error"]
    assert not errors, f"{folder}: {json.dumps(errors, indent=1)}"
    print(f"{folder.name}: the BIDS validator finds no error; it warns of {sorted({issue['code'] for issue in issues})}")


# A part of the sample's slices, turned about the body's axis: their FLAIR, and how far one is from the next along each axis, in mm.
SAMPLE, SLICES, SPACING = "public/samples/TCGA_CS_4941_19960909_flair.nii.gz", slice(11, 13), (0.75, 1.0, 6.0)
TURNED = numpy.array([[0.96, 0.28, 0.0], [-0.28, 0.96, 0.0], [0.0, 0.0, 1.0]])


def written_by_others(folder):
    """The same slices in every format that another program writes; their affine in RAS."""
    sample = nibabel.load(SAMPLE)
    voxels = numpy.asarray(sample.dataobj)[:, :, SLICES].astype("int16")
    sides = sample.affine[:3, :3] / numpy.linalg.norm(sample.affine[:3, :3], axis=0)
    affine = numpy.eye(4)
    affine[:3, :3], affine[:3, 3] = TURNED @ sides * SPACING, (-61.5, 40.25, 12.75)
    lps = numpy.diag([-1, -1, 1, 1]) @ affine
    image = SimpleITK.GetImageFromArray(voxels.transpose(2, 1, 0))
    image.SetSpacing(SPACING)
    image.SetOrigin(lps[:3, 3].tolist())
    image.SetDirection((lps[:3, :3] / SPACING).flatten().tolist())
    for ending in ["nrrd", "nhdr", "mha", "mhd"]:
        (folder / ending).mkdir()
        SimpleITK.WriteImage(image, str(folder / ending / f"flair.{ending}"), useCompression=ending in ["nrrd", "mha"])
    for ending in ["mgh", "mgz"]:
        (folder / ending).mkdir()
        nibabel.save(nibabel.MGHImage(voxels.astype("float32"), affine), folder / ending / f"flair.{ending}")
    return affine


def check_grids(program):
    """Masks of volumes that others wrote have the grid of their volume, and are alike in every format."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        studies = folder / "studies"
        studies.mkdir()
        affine = written_by_others(studies)
        masks = []
        for study in sorted(studies.iterdir()):
            out = folder / f"out-{study.name}"
            ran = subprocess.run([program, "segment", study, "--out", out, "--anyway", "--jobs", "1"], capture_output=True, text=True)
            [mask] = [nibabel.load(path) for path in out.rglob("*.nii.gz")] or [None]
            assert mask is not None, f"{study.name}: {ran.stdout}{ran.stderr}"
            assert numpy.allclose(mask.affine, affine, atol=1e-3), f"{study.name}: {mask.affine}"
            masks.append(numpy.asarray(mask.dataobj))
            print(f"{study.name}: read as SimpleITK or nibabel wrote it")
        assert len(masks) == 6 and masks[0].any() and all(numpy.array_equal(mask, masks[0]) for mask in masks)


exports, data_sets = [sorted(Path(folder).iterdir()) for folder in sys.argv[1:3]]
assert len(exports) == 2 and len(data_sets) == 2, f"{exports}, {data_sets}: run the tests of the batch program first"
for folder in exports:
    check_dicom(folder)
for folder in data_sets:
    check_data_set(folder)
check_grids(sys.argv[3])
