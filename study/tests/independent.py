"""Reads what the test `exports` left in target/exports/ with other people's programs, and measures it with them.

nibabel and SimpleITK read the NIfTI masks, pydicom, highdicom and dcmqi the DICOM segmentations, which dciodvfy checks; every marked voxel must lie in
the phantom's ellipsoid, and none of it may be missing. scikit-image measures what the page's figures say.
`cargo xtask test` runs it.
"""

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
from skimage.measure import regionprops


def tumour(places):
    """The phantom of exports.rs, at places in mm (LPS)."""
    x, y, z = numpy.moveaxis(places, -1, 0)
    return ((x - 12) / 18) ** 2 + ((y + 8) / 11) ** 2 + ((z - 5) / 14) ** 2 - 1


def places(shape, affine):
    index = numpy.stack(numpy.meshgrid(*map(numpy.arange, shape), indexing="ij"), -1)
    return index @ affine[:3, :3].T + affine[:3, 3]


def check(name, marked, where):
    inside = tumour(where)
    # On the surface itself rounding decides.
    clear = numpy.abs(inside) > 1e-3
    wrong = int(((inside < 0) != marked)[clear].sum())
    assert marked.any() and wrong == 0, f"{name}: {wrong} of {marked.size} voxels are wrong"


def check_nifti(folder):
    image = nibabel.load(folder / "mask.nii.gz")
    # Both forms are there and say the same, for programs that prefer the quaternion.
    for code, form in [image.header.get_sform(coded=True)[::-1], image.header.get_qform(coded=True)[::-1]]:
        assert code > 0 and numpy.allclose(form, image.affine, atol=1e-4), f"{folder.name}: {code}, {form}"
    marked = numpy.asarray(image.dataobj) > 0
    lps = numpy.diag([-1, -1, 1, 1]) @ image.affine
    check(f"{folder.name}, nibabel", marked, places(marked.shape, lps))
    itk = SimpleITK.ReadImage(str(folder / "mask.nii.gz"))
    array = SimpleITK.GetArrayFromImage(itk).transpose(2, 1, 0) > 0
    direction = numpy.array(itk.GetDirection()).reshape(3, 3) * numpy.array(itk.GetSpacing())
    affine = numpy.eye(4)
    affine[:3, :3], affine[:3, 3] = direction, itk.GetOrigin()
    check(f"{folder.name}, SimpleITK", array, places(array.shape, affine))
    return marked, lps, itk


def check_measures(folder, marked, lps, itk):
    measures = json.loads((folder / "measures.json").read_text())
    statistics = SimpleITK.LabelShapeStatisticsImageFilter()
    statistics.Execute(itk)
    volume = statistics.GetPhysicalSize(1) / 1000
    assert math.isclose(volume, measures["volume_ml"], rel_tol=1e-5), f"{folder.name}: {volume} ml"
    # Slices as the page shows them: columns to the left, rows to the back, slices to the head.
    canonical = nibabel.as_closest_canonical(nibabel.Nifti1Image(marked.astype("u1"), numpy.diag([-1, -1, 1, 1]) @ lps))
    slices = numpy.asarray(canonical.dataobj)[::-1, ::-1]
    dx, dy, _ = measures["spacing_mm"]
    assert slices.shape[2] == len(measures["slices"])
    for at, ours in enumerate(measures["slices"]):
        plane = slices[:, :, at]
        if not plane.any():
            assert ours["area_mm2"] == 0 and ours["longest_mm"] is None
            continue
        theirs = regionprops(plane.astype(int), spacing=(dx, dy))[0]
        assert math.isclose(theirs.area, ours["area_mm2"], rel_tol=1e-6), f"{folder.name}, slice {at}: {theirs.area} mm²"
        # A pixel's width apart: scikit-image measures around a hull of its own.
        longest = theirs.feret_diameter_max
        assert abs(longest - ours["longest_mm"]) <= max(dx, dy), f"{folder.name}, slice {at}: {longest} mm"
        assert ours["perpendicular_mm"] <= ours["longest_mm"]


def check_segmentation(folder):
    dataset = pydicom.dcmread(folder / "mask.dcm")
    sources = {file.SOPInstanceUID: file for file in map(pydicom.dcmread, sorted(folder.glob("source-*.dcm")))}
    seg = highdicom.seg.Segmentation.from_dataset(dataset)
    # A lone slice whose packed bits readers would doubt has a byte a pixel.
    kind = "FRACTIONAL" if folder.name.startswith("lone-in-bytes") else "BINARY"
    assert seg.number_of_segments == 1 and seg.segmentation_type.value == kind
    description = seg.get_segment_description(1)
    assert description.algorithm_type.value == "AUTOMATIC", description.algorithm_type
    assert seg.StudyInstanceUID == next(iter(sources.values())).StudyInstanceUID
    found = {uid for _, _, uid in seg.get_source_image_uids()}
    assert found == set(sources), "the segmentation refers to other images"
    # Every slice that a person would look up by its image.
    pixels = seg.get_pixels_by_source_instance(
        list(sources), combine_segments=True, assert_missing_frames_are_empty=True
    )
    for (uid, source), marked in zip(sources.items(), pixels):
        row, column = numpy.array(source.ImageOrientationPatient, float).reshape(2, 3)
        dy, dx = map(float, source.PixelSpacing)
        affine = numpy.eye(4)
        affine[:3, 0], affine[:3, 1], affine[:3, 3] = row * dx, column * dy, source.ImagePositionPatient
        index = numpy.stack(numpy.meshgrid(numpy.arange(source.Columns), numpy.arange(source.Rows)), -1)
        where = index @ affine[:3, :2].T + affine[:3, 3]
        inside = tumour(where)
        clear = numpy.abs(inside) > 1e-3
        assert (((inside < 0) == (marked > 0))[clear]).all(), f"{folder.name}: the frame of {uid} is wrong"
    # And by the places that the frames give themselves.
    for frame, group in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        uid = group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        ours = group.PlanePositionSequence[0].ImagePositionPatient
        assert numpy.allclose(numpy.array(ours, float), numpy.array(sources[uid].ImagePositionPatient, float), atol=1e-4)


def tool(name, *arguments):
    """What a program beside this interpreter says, or nothing where it is absent."""
    program = Path(sys.executable).parent / name
    if not program.exists():
        print(f"skipped: {name} is absent")
        return None
    ran = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    return ran.stdout + ran.stderr


def check_by_programs(folder):
    said = tool("dciodvfy", folder / "mask.dcm")
    assert said is None or "Error" not in said, f"{folder.name}: {said}"
    marked = int(pydicom.dcmread(folder / "mask.dcm").pixel_array.astype(bool).sum())
    with tempfile.TemporaryDirectory() as out:
        said = tool("segimage2itkimage", "--inputDICOM", folder / "mask.dcm", "--outputDirectory", out)
        if said is not None:
            read = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(f"{out}/1.nrrd"))
            assert (read > 0).sum() == marked, f"{folder.name}: dcmqi reads other voxels"


folders = sorted(Path(sys.argv[1]).iterdir())
assert len(folders) == 16, f"{len(folders)} exports: run `cargo test -p study` first"
for folder in folders:
    check_measures(folder, *check_nifti(folder))
    if (folder / "mask.dcm").exists():
        check_segmentation(folder)
        check_by_programs(folder)
    print(f"{folder.name}: as nibabel, SimpleITK, scikit-image, pydicom, highdicom, dcmqi and dciodvfy read it")
