"""Exports the full-size PyTorch twin to ONNX, for onnxruntime to be measured beside: export_onnx.py OUTPUT"""

import sys

import torch
from twin import ResUnetPlusPlus

torch.manual_seed(0)
torch.onnx.export(
    ResUnetPlusPlus().eval(),
    (torch.randn(1, 3, 256, 256),),
    sys.argv[1],
    input_names=["planes"],
    output_names=["mask", "presence"],
    dynamo=False,
)
