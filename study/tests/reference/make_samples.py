"""What pydicom and nibabel read in the sample files, for the test `samples` to compare with.

    python -m venv venv
    venv/bin/pip install pydicom==3.* nibabel==5.* pylibjpeg pylibjpeg-openjpeg pylibjpeg-libjpeg
    venv/bin/python study/tests/reference/make_samples.py <folder with dicom/ and nifti/> > study/tests/reference/samples.json
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import nibabel
import numpy
import pydicom

warnings.simplefilter("ignore")


def digest(values):
    """Size, and SHA-256 of all intensities as 64-bit floats, columns fastest."""
    values = numpy.asarray(values, dtype="<f8")
    return {"voxels": int(values.size), "sha256": hashlib.sha256(values.tobytes(order="F")).hexdigest()}


def dicom(path):
    file = pydicom.dcmread(path)
    pixels = file.pixel_array.astype("f8")
    slope, intercept = float(file.get("RescaleSlope", 1)), float(file.get("RescaleIntercept", 0))
    pixels = pixels * slope + intercept
    # From [frame, row, column] to columns first.
    pixels = pixels.reshape((-1,) + pixels.shape[-2:])
    return digest(pixels.transpose(2, 1, 0))


def nifti(path):
    image = nibabel.load(path)
    values = numpy.asanyarray(image.dataobj).astype("f8")
    # RAS to LPS.
    affine = numpy.diag([-1, -1, 1, 1]) @ image.affine
    return digest(values) | {"affine": affine[:3].tolist()}


root = Path(sys.argv[1])
found = {}
for path in sorted(root.rglob("*")):
    name = str(path.relative_to(root))
    if path.suffix == ".dcm":
        try:
            found[name] = dicom(path)
        except Exception as error:
            found[name] = {"error": type(error).__name__}
    elif path.name.endswith((".nii", ".nii.gz")):
        found[name] = nifti(path)
json.dump(found, sys.stdout, indent=1)
print()
