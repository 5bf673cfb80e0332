"""The protocol of a peer: requests and answers as lines of JSON. README.md beside this file describes it."""

import json
import sys
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Slice:
    """Three sequences of one slice, each an array of `height` rows, intensities in 0..1 of the file's full scale."""

    pre: np.ndarray
    flair: np.ndarray
    post: np.ndarray

    @property
    def shape(self):
        """Height and width."""
        return self.flair.shape


@dataclass(frozen=True)
class Prompt:
    """What was said of places (x, y), in pixels; whole numbers are the middles of pixels."""

    kind: str
    tumor: bool
    places: np.ndarray

    def box(self):
        """Left, top, right and bottom of its places."""
        return np.concatenate([self.places.min(axis=0), self.places.max(axis=0)])

    def spread(self, most):
        """Its places, at most so many of them, the first and the last among them."""
        if len(self.places) <= most:
            return self.places
        return self.places[np.linspace(0, len(self.places) - 1, most).round().astype(int)]

    def pixels(self, shape):
        """Pixels under its line, as an array of (row, column)."""
        steps = [self.places[:1]]
        for a, b in zip(self.places, self.places[1:]):
            count = max(int(np.ceil(np.abs(b - a).max() * 2)), 1)
            steps.append(a + (b - a) * (np.arange(1, count + 1) / count)[:, None])
        columns_rows = np.round(np.concatenate(steps)).astype(int)
        inside = (columns_rows >= 0).all(axis=1) & (columns_rows < [shape[1], shape[0]]).all(axis=1)
        return np.unique(columns_rows[inside][:, ::-1], axis=0)


@dataclass
class State:
    """What is known of a slice."""

    slice: Slice
    prompts: list = field(default_factory=list)
    previous: np.ndarray | None = None
    # What a peer keeps from one prompt to the next.
    kept: object = None


def greys(plane):
    """A plane as 8-bit greys, between the 0.5th and the 99.5th percentile of what is not black, as MedSAM's authors do with MR."""
    tissue = plane[plane > 0]
    if tissue.size == 0:
        return np.zeros(plane.shape, np.uint8)
    low, high = np.percentile(tissue, [0.5, 99.5])
    return np.round(np.clip((plane - low) / max(high - low, 1e-6), 0, 1) * 255).astype(np.uint8)


def to_runs(mask):
    """Lengths of the runs of a mask, row by row, by turns of no tumour and of tumour."""
    flat = np.asarray(mask, bool).ravel()
    turns = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate([[0], turns, [flat.size]])).tolist()
    return [0, *lengths] if flat[0] else lengths


def from_runs(runs, shape):
    """The mask of such lengths."""
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(shape)


def serve(peer, takes, how, answer):
    """Says what the peer is, then answers every line with the mask that `answer` makes of a `State`."""
    out = sys.stdout
    # What libraries print must not get among the answers.
    sys.stdout = sys.stderr

    def say(message):
        out.write(json.dumps(message) + "\n")
        out.flush()

    say({"peer": peer, "takes": takes, "how": how})
    state = None
    for line in sys.stdin:
        request = json.loads(line)
        opened = request.get("slice")
        if opened is not None:
            shape = (opened["height"], opened["width"])
            planes = {name: np.asarray(opened[name], np.float32).reshape(shape) for name in ("pre", "flair", "post")}
            state = State(Slice(**planes))
        state.prompts = [
            Prompt(prompt["kind"], prompt["tumor"], np.asarray(prompt["places"], np.float64).reshape(-1, 2))
            for prompt in request["prompts"]
        ]
        state.previous = from_runs(request["previous"], state.slice.shape)
        say({"mask": to_runs(answer(state))})
