"""Reads what the test `exports` left in target/exports/ with other people's programs, and measures it with them.

nibabel and SimpleITK read the NIfTI masks, pydicom, highdicom and dcmqi the DICOM segmentations of all kinds, reports and pictures, which
dciodvfy checks; every marked voxel must lie in the phantom's ellipsoid, and none of it may be missing. scikit-image measures what the page's
figures say, which reports must repeat.
`cargo xtask test` runs it.
"""

import json
import math
import sys
import tempfile
from pathlib import Path

import highdicom
import nibabel
import numpy
import pydicom
import SimpleITK
from programs import tool, validated
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


def of_itk(image):
    """The marked voxels of an image, and where they are."""
    marked = SimpleITK.GetArrayFromImage(image).transpose(2, 1, 0) > 0
    affine = numpy.eye(4)
    affine[:3, :3] = numpy.array(image.GetDirection()).reshape(3, 3) * numpy.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return marked, places(marked.shape, affine)


def check_nifti(folder):
    image = nibabel.load(folder / "mask.nii.gz")
    # Both forms are there and say the same, for programs that prefer the quaternion.
    for code, form in [image.header.get_sform(coded=True)[::-1], image.header.get_qform(coded=True)[::-1]]:
        assert code > 0 and numpy.allclose(form, image.affine, atol=1e-4), f"{folder.name}: {code}, {form}"
    marked = numpy.asarray(image.dataobj) > 0
    lps = numpy.diag([-1, -1, 1, 1]) @ image.affine
    check(f"{folder.name}, nibabel", marked, places(marked.shape, lps))
    itk = SimpleITK.ReadImage(str(folder / "mask.nii.gz"))
    check(f"{folder.name}, SimpleITK", *of_itk(itk))
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


def sources_of(folder):
    return {file.SOPInstanceUID: file for file in map(pydicom.dcmread, sorted(folder.glob("source-*.dcm")))}


def planes_of(source):
    """The place of every pixel of every frame of a source image."""
    shared = getattr(source, "SharedFunctionalGroupsSequence", None)
    orientation = shared[0].PlaneOrientationSequence[0] if shared else source
    measures = shared[0].PixelMeasuresSequence[0] if shared else source
    positions = [frame.PlanePositionSequence[0] for frame in source.PerFrameFunctionalGroupsSequence] if shared else [source]
    row, column = numpy.array(orientation.ImageOrientationPatient, float).reshape(2, 3)
    dy, dx = map(float, measures.PixelSpacing)
    index = numpy.stack(numpy.meshgrid(numpy.arange(source.Columns), numpy.arange(source.Rows)), -1)
    for at in positions:
        yield index @ numpy.stack([row * dx, column * dy]) + numpy.array(at.ImagePositionPatient, float)


def kind_of(folder, file):
    if file == "labelmap":
        return "LABELMAP"
    # A lone slice whose packed bits readers would doubt has a byte a pixel.
    in_bytes = file == "probabilities" or folder.name.startswith("lone-in-bytes")
    return "FRACTIONAL" if in_bytes else "BINARY"


def check_segmentation(folder, file):
    dataset = pydicom.dcmread(folder / f"{file}.dcm")
    sources = sources_of(folder)
    seg = highdicom.seg.Segmentation.from_dataset(dataset)
    kind = kind_of(folder, file)
    assert seg.segmentation_type.value == kind and dataset.SegmentsOverlap == "NO"
    assert dataset.DimensionOrganizationType == "3D"
    numbers = [segment.SegmentNumber for segment in dataset.SegmentSequence]
    assert numbers == ([0, 1] if kind == "LABELMAP" else [1]), numbers
    description = seg.get_segment_description(1)
    by = "SEMIAUTOMATIC" if file == "reported" else "AUTOMATIC"
    assert description.algorithm_type.value == by, description.algorithm_type
    assert seg.StudyInstanceUID == next(iter(sources.values())).StudyInstanceUID
    found = {uid for _, _, uid in seg.get_source_image_uids()}
    assert found == set(sources), "the segmentation refers to other images"
    # Every slice that a person would look up by its image.
    options = {"assert_missing_frames_are_empty": True}
    if kind == "FRACTIONAL":
        options |= {"segment_numbers": [1], "rescale_fractional": True}
    else:
        options |= {"combine_segments": True}
    [first, *_] = sources.values()
    frames = int(getattr(first, "NumberOfFrames", 1))
    if frames > 1:
        pixels = seg.get_pixels_by_source_frame(first.SOPInstanceUID, list(range(1, frames + 1)), **options)
    else:
        pixels = seg.get_pixels_by_source_instance(list(sources), **options)
    pixels = pixels[..., 0] if kind == "FRACTIONAL" else pixels
    # As in exports.rs.
    least = 0.25 if file == "probabilities" else 0.5
    wheres = [where for source in sources.values() for where in planes_of(source)]
    assert len(wheres) == len(pixels)
    for at, (where, plane) in enumerate(zip(wheres, pixels)):
        inside = tumour(where)
        clear = numpy.abs(inside) > 1e-3
        assert (((inside < 0) == (plane >= least))[clear]).all(), f"{folder.name}, {file}: slice {at} is wrong"
    if file == "probabilities":
        assert dataset.SegmentationFractionalType == "PROBABILITY" and dataset.MaximumFractionalValue == 255
        assert len(numpy.unique(pixels)) > 2, "probabilities are more than marks"
    # And by the places that the frames give themselves.
    for group in dataset.PerFrameFunctionalGroupsSequence:
        image = group.DerivationImageSequence[0].SourceImageSequence[0]
        source = sources[image.ReferencedSOPInstanceUID]
        theirs = source
        if frames > 1:
            theirs = source.PerFrameFunctionalGroupsSequence[int(image.ReferencedFrameNumber) - 1].PlanePositionSequence[0]
        ours = group.PlanePositionSequence[0].ImagePositionPatient
        assert numpy.allclose(numpy.array(ours, float), numpy.array(theirs.ImagePositionPatient, float), atol=1e-4)


# The program as the observer of a report, by its UID.
DEVICE = "2.25.215713047526089318290135417340938128077"
# Units of changes since an earlier study, by private codes.
CHANGES = {"volume-change": "ml", "volume-change-pc": "%", "diameter-change": "mm", "vde": "mm/a", "product-change": "%"}
CHANGES |= {"new-lesions": "1", "new-lesions-ml": "ml"}


def changes(since):
    keys = ["ml", "percent", "mean_diameter_mm", "mm_per_year", "product_percent", "new_lesions", "new_lesions_ml"]
    return dict(zip(CHANGES, (since[key] for key in keys)))


def check_follow_up(folder, since, content, report):
    """When the study before was, by whose codes changes are named, and the side."""
    by_code = {item.ConceptNameCodeSequence[0].CodeValue: item for item in content}
    [scheme] = report.CodingSchemeIdentificationSequence
    private = {item.ConceptNameCodeSequence[0].CodingSchemeDesignator for code, item in by_code.items() if code in CHANGES}
    assert private == {scheme.CodingSchemeDesignator} == {"99GLIOLENS"}
    offset = by_code["128740"]
    assert offset.RelationshipType == "HAS OBS CONTEXT" and offset.MeasuredValueSequence[0].NumericValue == since["days"]
    assert offset.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue == "d"
    assert offset.ContentSequence[0].ConceptCodeSequence[0].CodeValue == "earlier-study"
    assert str(by_code["earlier-date"].Date).replace("-", "") == since["date"]
    assert by_code["rano-lgg-2011"].TextValue == since["response"]
    [side] = by_code["363698007"].ContentSequence
    assert side.RelationshipType == "HAS CONCEPT MOD" and side.ConceptNameCodeSequence[0].CodeValue == "272741003"
    assert side.ConceptCodeSequence[0].CodeValue == "24028007", "the right"
    ends = [float(item.MeasuredValueSequence[0].NumericValue) for item in by_code["vde"].ContentSequence]
    assert numpy.allclose(ends, since["interval"]), f"{folder.name}: {ends}"
    # Without patient data the days stay and the date goes.
    without = folder / "without-patient-data" / "report.dcm"
    assert since["date"].encode() not in without.read_bytes() and b"earlier-study" in without.read_bytes()


def figures_of(measures):
    """What a report says of a study, by the codes of the figures: volume, largest area, and the axes of the slice with the longest."""
    largest = max(measures["slices"], key=lambda row: row["area_mm2"])
    longest = max(measures["slices"], key=lambda row: row["longest_mm"] or 0)
    figures = {"118565006": measures["volume_ml"], "42798000": largest["area_mm2"]}
    return figures | {"103339001": longest["longest_mm"], "103340004": longest["perpendicular_mm"]}


def check_report(folder):
    measures = json.loads((folder / "measures.json").read_text())
    segmentation = pydicom.dcmread(folder / "reported.dcm")
    report = highdicom.sr.srread(folder / "report.dcm")
    [group] = report.content.get_volumetric_roi_measurement_groups()
    segment = group.referenced_segment
    assert segment.referenced_sop_instance_uid == segmentation.SOPInstanceUID
    assert segment.referenced_segment_numbers[0] == 1
    assert group.tracking_uid == segmentation.SegmentSequence[0].TrackingUID
    assert group.finding_type == pydicom.sr.codedict.codes.SCT.Neoplasm
    # The group's own item is its container.
    said = {item.name.value: item.value for item in group[0].ContentSequence if item.ValueType == "TEXT"}
    assert said["111002"] == "Drawn by the network and corrected by a person. Probability threshold 0.25", said
    assert said["111001"] == "test" and said["112039"] == "Tumour", said
    [observer] = report.content.get_observer_contexts(pydicom.sr.codedict.codes.DCM.Device)
    device = observer.observer_identifying_attributes
    assert (device.uid, device.name, device.manufacturer_name) == (DEVICE, "Gliolens", "Gliolens"), device
    assert device.model_name == "test", device
    figures = figures_of(measures)
    units = {"118565006": "ml", "42798000": "mm2", "103339001": "mm", "103340004": "mm"}
    since = measures.get("since")
    if since:
        # highdicom takes every number of a group for a measure, that of its time point too.
        figures |= changes(since) | {"128740": since["days"]}
        units |= CHANGES | {"128740": "d"}
    found = {measure.name.value: measure for measure in group.get_measurements()}
    assert set(found) == set(figures), set(found)
    for code, figure in figures.items():
        assert math.isclose(found[code].value, figure, rel_tol=1e-9), f"{folder.name}: {code} is {found[code].value}"
        assert found[code].unit.value == units[code]
    if since:
        check_follow_up(folder, since, group[0].ContentSequence, report)
    # Evidence holds all that is referred to.
    series = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
    evidence = {file.ReferencedSOPInstanceUID for one in series for file in one.ReferencedSOPSequence}
    assert evidence == set(sources_of(folder)) | {segmentation.SOPInstanceUID}


def check_picture(folder):
    picture = pydicom.dcmread(folder / "picture.dcm")
    assert picture.pixel_array.shape == (11, 13, 3) and picture.BurnedInAnnotation == "NO"
    assert picture.pixel_array.reshape(-1).tolist() == [at % 256 for at in range(13 * 11 * 3)]
    assert {image.ReferencedSOPInstanceUID for image in picture.SourceImageSequence} == set(sources_of(folder))


def check_without_patient_data(folder):
    """Nothing that names the patient, and one study whatever the file."""
    [source, *_] = sources_of(folder).values()
    studies = set()
    for path in sorted((folder / "without-patient-data").glob("*.dcm")):
        dataset = pydicom.dcmread(path)
        assert dataset.PatientIdentityRemoved == "YES"
        assert dataset.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
        for keyword in ["PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName"]:
            assert not getattr(dataset, keyword), f"{path}: {keyword}"
        own = {source.StudyInstanceUID, source.SeriesInstanceUID, source.FrameOfReferenceUID, *sources_of(folder)}
        uids = {str(element.value) for element in dataset.iterall() if element.VR == "UI"}
        assert not own & uids, f"{path}: {own & uids}"
        studies.add((dataset.StudyInstanceUID, dataset.PatientID))
    assert len(studies) == 1 and source.PatientID not in {patient for _, patient in studies}


def check_by_programs(folder):
    for path in sorted(folder.glob("**/*.dcm")):
        if not path.name.startswith("source-"):
            validated(path)
    for file in ["mask", "labelmap", "reported"]:
        marked = int(pydicom.dcmread(folder / f"{file}.dcm").pixel_array.astype(bool).sum())
        with tempfile.TemporaryDirectory() as out:
            said = tool("segimage2itkimage", "--inputDICOM", folder / f"{file}.dcm", "--outputDirectory", out)
            if said is not None:
                read, where = of_itk(SimpleITK.ReadImage(f"{out}/1.nrrd"))
                assert read.sum() == marked, f"{folder.name}, {file}: dcmqi reads other voxels"
                check(f"{folder.name}, {file}, dcmqi", read, where)
    with tempfile.TemporaryDirectory() as out:
        read = Path(out) / "report.json"
        said = tool("tid1500reader", "--inputDICOM", folder / "report.dcm", "--outputMetadata", read)
        if said is not None:
            report = json.loads(read.read_text())
            [group] = report["Measurements"]
            values = {item["quantity"]["CodeValue"]: float(item["value"]) for item in group["measurementItems"]}
            measures = json.loads((folder / "measures.json").read_text())
            expected = figures_of(measures) | (changes(measures["since"]) if "since" in measures else {})
            assert expected.keys() <= values.keys(), f"{folder.name}: dcmqi reads {values}"
            assert "since" in measures or expected.keys() == values.keys(), f"{folder.name}: dcmqi reads {values}"
            for code, figure in expected.items():
                assert math.isclose(values[code], figure, rel_tol=1e-6), f"{folder.name}: {code} is {values[code]}"
            assert report["observerContext"]["DeviceObserverUID"] == DEVICE, report["observerContext"]


folders = sorted(Path(sys.argv[1]).iterdir())
assert len(folders) == 18, f"{len(folders)} exports: run `cargo test -p study` first"
for folder in folders:
    check_measures(folder, *check_nifti(folder))
    if (folder / "mask.dcm").exists():
        for file in ["mask", "labelmap", "probabilities", "reported"]:
            check_segmentation(folder, file)
        check_report(folder)
        check_picture(folder)
        check_without_patient_data(folder)
        check_by_programs(folder)
    print(f"{folder.name}: as nibabel, SimpleITK, scikit-image, pydicom, highdicom, dcmqi and dciodvfy read it")
