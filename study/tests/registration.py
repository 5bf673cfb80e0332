"""Lays the pairs that the test `registration` left in target/registration/ onto each other with SimpleITK, beside ours.

Both are compared with the motion that the heads were moved by: the mean distance over a ball of 65 mm around the fixed volume's
middle, and the angle. SimpleITK is set up as its own examples do: Mattes' mutual information, a tenth of the voxels, three levels,
from the middles of the grids.

`cargo xtask test` runs it.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy
import SimpleITK

# What ours has to reach, in mm and degrees.
MOST_MM, MOST_DEGREES = 1.0, 1.0


def affine(rows):
    return numpy.vstack([rows, [0, 0, 0, 1]])


def errors(found, truth, middle):
    steps = numpy.linspace(-65, 65, 9)
    points = numpy.stack(numpy.meshgrid(steps, steps, steps), -1).reshape(-1, 3)
    points = points[(points**2).sum(1) <= 65**2] + middle
    points = numpy.hstack([points, numpy.ones((len(points), 1))])
    distances = numpy.linalg.norm(((found - truth) @ points.T)[:3], axis=0)
    turn = (found @ numpy.linalg.inv(truth))[:3, :3]
    return distances.mean(), numpy.degrees(numpy.arccos(numpy.clip((numpy.trace(turn) - 1) / 2, -1, 1)))


def by_simpleitk(fixed, moving):
    start = time.perf_counter()
    first = SimpleITK.CenteredTransformInitializer(
        fixed, moving, SimpleITK.Euler3DTransform(), SimpleITK.CenteredTransformInitializerFilter.GEOMETRY
    )
    method = SimpleITK.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(numberOfHistogramBins=50)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(0.1, seed=1)
    method.SetInterpolator(SimpleITK.sitkLinear)
    method.SetOptimizerAsGradientDescent(learningRate=1.0, numberOfIterations=200, convergenceWindowSize=10)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2, 1])
    method.SetSmoothingSigmasPerLevel([2, 1, 0])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOn()
    method.SetInitialTransform(first, inPlace=False)
    found = method.Execute(fixed, moving)
    seconds = time.perf_counter() - start
    origin = numpy.array(found.TransformPoint((0, 0, 0)))
    columns = [numpy.array(found.TransformPoint(tuple(axis))) - origin for axis in numpy.eye(3)]
    return affine(numpy.column_stack([*columns, origin])), seconds


# As many threads as ours had, for a fair time.
SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(int(os.environ.get("RAYON_NUM_THREADS", os.cpu_count())))
folders = sorted(Path(sys.argv[1]).iterdir())
assert len(folders) >= 4, f"{len(folders)} pairs: run `cargo test -p study` first"
for folder in folders:
    said = json.loads((folder / "ours.json").read_text())
    fixed, moving = (SimpleITK.ReadImage(str(folder / f"{name}.nii"), SimpleITK.sitkFloat32) for name in ["fixed", "moving"])
    truth, ours = affine(said["truth"]), affine(said["moving_from_fixed"])
    middle = numpy.array(fixed.TransformContinuousIndexToPhysicalPoint([(size - 1) / 2 for size in fixed.GetSize()]))
    far, degrees = errors(ours, truth, middle)
    theirs, seconds = by_simpleitk(fixed, moving)
    their_far, their_degrees = errors(theirs, truth, middle)
    print(
        f"{folder.name}: ours {far:.2f} mm, {degrees:.2f}°, {said['seconds']:.2f} s; "
        f"SimpleITK {their_far:.2f} mm, {their_degrees:.2f}°, {seconds:.2f} s"
    )
    assert far <= MOST_MM and degrees <= MOST_DEGREES, f"{folder.name}: {far} mm, {degrees}°"
