"""Writes what the PyTorch twin answers: network.json, weights.safetensors, answers.safetensors.

Run with torch and safetensors installed: python make_vectors.py

A narrow network keeps the files small; every layer, every grid and a non-square image are in it. Running statistics and
normalisation parameters are drawn at random, so that no mistake in them goes unseen.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from twin import ResUnetPlusPlus

WIDTHS = (8, 16, 24, 32, 40)
WIDTH, HEIGHT = 96, 64

torch.manual_seed(20)
network = ResUnetPlusPlus(WIDTHS).eval()
for module in network.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        torch.nn.init.uniform_(module.weight, 0.5, 1.5)
        torch.nn.init.normal_(module.bias, 0.0, 0.3)
        module.running_mean.normal_(0.0, 0.3)
        module.running_var.uniform_(0.5, 2.0)

planes = torch.randn(1, 3, HEIGHT, WIDTH)
guidance = torch.zeros(1, 3, HEIGHT, WIDTH)
guidance[0, 0, 20:31, 40:51] = 1.0
guidance[0, 1, 50:61, 70:81] = 1.0
guidance[0, 2, 10:40, 30:60] = 1.0
with torch.no_grad():
    mask, presence = network(planes)
    guided, _ = network(planes, guidance)

here = Path(__file__).parent
(here / "network.json").write_text(
    json.dumps({"inputs": 3, "widths": list(WIDTHS), "normalization": "Batch"}) + "\n"
)
weights = {k: v for k, v in network.state_dict().items() if not k.endswith("num_batches_tracked")}
save_file(weights, here / "weights.safetensors")
save_file({"planes": planes, "mask": mask, "presence": presence}, here / "answers.safetensors")
save_file({"guidance": guidance, "mask": guided}, here / "guided.safetensors")
print("logits from", mask.min().item(), "to", mask.max().item())
