"""Training steps of the PyTorch twin on random images, timed: the counterpart of `train speed`.

Usage: training_speed.py <side> <batch> <steps> <full|mixed>
"""

import sys
import time

import torch
from torch.nn import functional as F
from twin import ResUnetPlusPlus

WARM_UP = 3


def jaccard(logits, labels):
    probabilities = logits.sigmoid()
    both = (probabilities * labels).sum()
    return 1 - (both + 1) / (probabilities.sum() + labels.sum() - both + 1)


def main():
    side, batch, steps = map(int, sys.argv[1:4])
    mixed = sys.argv[4] == "mixed"
    torch.manual_seed(1)
    network = ResUnetPlusPlus().train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-3)
    images = torch.rand(batch, 3, side, side).mul(2).sub(1).contiguous(memory_format=torch.channels_last)
    labels = (torch.rand(batch, 1, side, side) < 0.02).float()
    presence = torch.ones(batch, 1)
    for step in range(WARM_UP + steps):
        if step == WARM_UP:
            start = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mixed):
            logits, present = network(images)
        logits, present = logits.float(), present.float()
        loss = (
            jaccard(logits, labels)
            + 0.5 * F.binary_cross_entropy_with_logits(logits, labels)
            + 0.1 * F.binary_cross_entropy_with_logits(present, presence)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"step {step + 1:>3}  loss {loss.item():.4f}")
    seconds = time.perf_counter() - start
    print(f"PyTorch {torch.__version__}: {steps * batch / seconds:.2f} slices/s, batch {batch}, {side}², {sys.argv[4]}")


main()
