"""MobileSAM (Zhang et al. 2023, arXiv 2306.14289), with clicks, boxes and its own previous logits."""

import argparse
import hashlib
import sys
import warnings
from pathlib import Path

import numpy as np
import torch

# The package uses names that timm has given up, and says so at length.
warnings.simplefilter("ignore")
from mobile_sam import SamPredictor, sam_model_registry

from lines import greys, serve

# Points that a scribble is given as.
POINTS = 5
# Logits of a mask that is not its own, inside and outside.
SURE = 10.0
# Embeddings that are kept: several robots prompt on the same slices, and an embedding takes most of the time.
EMBEDDINGS = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=Path(sys.prefix) / "weights" / "mobile_sam.pt")
    parser.add_argument("--sequences", choices=["flair", "three"], default="flair")
    arguments = parser.parse_args()
    predictor = SamPredictor(sam_model_registry["vit_t"](checkpoint=str(arguments.weights)).eval())
    embeddings = {}

    def embed(slice):
        planes = [slice.flair] * 3 if arguments.sequences == "flair" else [slice.pre, slice.flair, slice.post]
        image = np.stack([greys(plane) for plane in planes], axis=-1)
        key = hashlib.sha256(image.tobytes()).digest()
        if key not in embeddings:
            while len(embeddings) >= EMBEDDINGS:
                del embeddings[next(iter(embeddings))]
            predictor.set_image(image)
            embeddings[key] = (predictor.original_size, predictor.input_size, predictor.features)
        predictor.original_size, predictor.input_size, predictor.features = embeddings[key]
        predictor.is_image_set = True

    def answer(state):
        embed(state.slice)
        boxes = [prompt.box() for prompt in state.prompts if prompt.kind in ("box", "loop")]
        points = [(place, prompt.tumor) for prompt in state.prompts if prompt.kind in ("click", "scribble")
                  for place in prompt.spread(POINTS)]
        logits = state.kept
        if logits is None and state.previous.any():
            logits = of_mask(state.previous)
        clicked = len(state.prompts) == 1 and state.prompts[0].kind in ("click", "scribble") and logits is None
        masks, quality, low = predictor.predict(
            point_coords=np.array([place for place, _ in points]) if points else None,
            point_labels=np.array([int(tumor) for _, tumor in points]) if points else None,
            box=boxes[-1] if boxes else None,
            mask_input=logits,
            multimask_output=clicked,
        )
        chosen = smallest_that_holds(masks, points) if clicked else 0
        if chosen is None:
            chosen = int(quality.argmax())
        state.kept = low[chosen : chosen + 1]
        return masks[chosen]

    image = "FLAIR as all three colours" if arguments.sequences == "flair" else "pre-contrast, FLAIR and post-contrast as colours"
    how = (
        f"{image}, 1024 px; of the first prompt's three masks the smallest that holds it, then "
        f"one mask with the logits before it; a scribble is up to {POINTS} points, a loop its box"
    )
    serve("MobileSAM", ["click", "scribble", "box", "loop"], how, answer)


def smallest_that_holds(masks, points):
    """Which of some masks is the smallest with all points inside; none where none is."""
    at = np.round([place for place, _ in points]).astype(int)
    holding = [index for index, mask in enumerate(masks) if mask[at[:, 1], at[:, 0]].all()]
    return min(holding, key=lambda index: masks[index].sum(), default=None)


def of_mask(mask):
    """Logits of a mask on the grid that SAM takes them on: the longest side 256, the rest outside."""
    scale = 256 / max(mask.shape)
    sides = [max(round(side * scale), 1) for side in mask.shape]
    values = torch.from_numpy(np.where(mask, SURE, -SURE).astype(np.float32))[None, None]
    values = torch.nn.functional.interpolate(values, size=sides, mode="bilinear", align_corners=False)[0]
    return torch.nn.functional.pad(values, (0, 256 - sides[1], 0, 256 - sides[0]), value=-SURE).numpy()


with torch.no_grad():
    main()
