"""Grow from seeds, as in 3D Slicer: every pixel goes to the seed that the least sum of differences of brightness leads to."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from skimage.draw import polygon2mask

from lines import serve

# Radius of the brush that seeds are painted with, in pixels.
BRUSH_PX = 3.0
# What a step costs beside the difference of brightness, as a share of the brightest: of equal ways, the shorter.
STEP = 1e-4


def edges(flair):
    """The graph of the eight neighbours of every pixel, each step as long as brightness differs."""
    height, width = flair.shape
    at = np.arange(height * width).reshape(height, width)
    pairs = [
        (at[:, :-1], at[:, 1:]),
        (at[:-1], at[1:]),
        (at[:-1, :-1], at[1:, 1:]),
        (at[:-1, 1:], at[1:, :-1]),
    ]
    a = np.concatenate([a.ravel() for a, _ in pairs])
    b = np.concatenate([b.ravel() for _, b in pairs])
    values = flair.ravel()
    lengths = np.abs(values[a] - values[b]) + STEP
    return coo_matrix((lengths, (a, b)), shape=(values.size, values.size)).tocsr()


def painted(pixels, shape):
    """What a round brush covers along some pixels."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    covered = np.zeros(shape, bool)
    for row, column in pixels:
        covered |= (rows - row) ** 2 + (columns - column) ** 2 <= BRUSH_PX**2
    return covered


def outside(prompt, shape):
    """Pixels outside of a closed line."""
    return ~polygon2mask(shape, prompt.places[:, ::-1])


def seeds(state):
    """Seeds of tumour and of none: what was painted, later paint over earlier, the slice's frame, and the outside of a loop."""
    shape = state.slice.shape
    tumor = np.zeros(shape, bool)
    background = np.zeros(shape, bool)
    background[[0, -1], :] = True
    background[:, [0, -1]] = True
    for prompt in state.prompts:
        if prompt.kind in ("box", "loop"):
            background |= outside(prompt, shape)
            if not tumor.any():
                # Nobody has painted the tumour yet: its middle is the loop's.
                middle = np.round(prompt.box().reshape(2, 2).mean(axis=0)).astype(int)
                tumor |= painted([middle[::-1]], shape) & ~background
            continue
        paint = painted(prompt.pixels(shape), shape)
        tumor, background = (tumor | paint, background & ~paint) if prompt.tumor else (tumor & ~paint, background | paint)
    return tumor, background


def answer(state):
    """Grows the seeds over the slice."""
    tumor, background = seeds(state)
    if not tumor.any():
        return tumor
    if state.kept is None:
        state.kept = edges(state.slice.flair / max(float(state.slice.flair.max()), 1e-6))
    sources = np.flatnonzero((tumor | background).ravel())
    _, _, nearest = dijkstra(state.kept, directed=False, indices=sources, min_only=True, return_predecessors=True)
    return tumor.ravel()[nearest].reshape(tumor.shape)


HOW = (
    f"FastGrowCut (Zhu et al. 2014) on FLAIR, seeds painted with a brush of {BRUSH_PX:g} px radius; the slice's frame and the outside "
    "of a box or loop are seeds of no tumour, the middle of a first box or loop is one of tumour"
)
serve("grow from seeds", ["click", "scribble", "box", "loop"], HOW, answer)
