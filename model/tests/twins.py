"""Writes what PyTorch twins of the networks answer: twins/*.safetensors, which `twins.rs` compares with.

Run with torch installed: python model/tests/twins.py [name ...]

Module and parameter names equal the Rust fields. Weights are not stored: both sides make them of a tensor's name by the same
integers, see `numbers`. Running statistics and normalisation parameters are made so too, so that no mistake in them goes unseen.
Each twin is also built with the defaults of its paper and its parameters without the presence head are printed. Networks on residual
encoders, Jha's and VM-UNet are in `literature.py`.
"""

import json
import math
import struct
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent / "reference"))
from twin import Presence

WIDTH, HEIGHT = 48, 32
MASK = 2**32 - 1


def numbers(name, count):
    """Numbers in 0..1 that look random, the same for the same name."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & MASK
    for i in range(count):
        x = (i * 2654435761 + seed) & MASK
        x ^= x >> 15
        x = (x * 2246822519) & MASK
        x ^= x >> 13
        x = (x * 3266489917) & MASK
        x ^= x >> 16
        yield x / 2**32


def tensor(name, shape, scale, shift):
    values = [scale * u + shift for u in numbers(name, math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).float()


def fill(network):
    """Gives every parameter and running statistic its numbers."""
    linear = {name for name, module in network.named_modules() if isinstance(module, nn.Linear)}
    norms = {name for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}
    for name, values in network.state_dict().items():
        module, _, field = name.rpartition(".")
        if field == "num_batches_tracked":
            continue
        if module in norms:
            field = {"weight": "gamma", "bias": "beta"}.get(field, field)
        name = f"{module}.{field}"
        # burn keeps the weights of a linear layer the other way round.
        transposed = module in linear and field == "weight"
        shape = list(values.shape)[::-1] if transposed else list(values.shape)
        if field in ("gamma", "running_var"):
            made = tensor(name, shape, 1.0, 0.5)
        elif len(shape) > 1:
            bound = math.sqrt(4.0 / (math.prod(shape[1:]) if len(shape) == 4 else shape[0]))
            made = tensor(name, shape, 2.0 * bound, -bound)
        else:
            made = tensor(name, shape, 0.6, -0.3)
        values.copy_(made.T if transposed else made)


class Convolution(nn.Module):
    """Convolution, batch normalisation and, if asked for, ReLU."""

    def __init__(self, inputs, outputs, kernel=3, bias=True, relu=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.norm = nn.BatchNorm2d(outputs)
        self.relu = relu

    def forward(self, x):
        y = self.norm(F.conv2d(x, self.weight, self.bias, padding=self.weight.shape[-1] // 2))
        return F.relu(y) if self.relu else y


class DoubleConvolution(nn.Module):
    def __init__(self, inputs, outputs, bias=True):
        super().__init__()
        self.first = Convolution(inputs, outputs, bias=bias)
        self.second = Convolution(outputs, outputs, bias=bias)

    def forward(self, x):
        return self.second(self.first(x))


class Contracting(nn.Module):
    def __init__(self, widths, bias=True):
        super().__init__()
        self.levels = nn.ModuleList(DoubleConvolution(a, b, bias) for a, b in zip([3, *widths], widths))

    def forward(self, x):
        maps = [self.levels[0](x)]
        for level in self.levels[1:]:
            maps.append(level(F.max_pool2d(maps[-1], 2)))
        return maps


class Enlarge(nn.Module):
    def __init__(self, inputs, outputs, form):
        super().__init__()
        self.transposed = nn.ConvTranspose2d(inputs, outputs, 2, 2) if form == "transposed" else None
        self.resized = Convolution(inputs, outputs) if form == "resized" else None

    def forward(self, x):
        if self.transposed is not None:
            return self.transposed(x)
        return self.resized(F.interpolate(x, scale_factor=2, mode="nearest"))


class AdditiveGate(nn.Module):
    def __init__(self, skip, decoder, inner):
        super().__init__()
        self.from_skip = Convolution(skip, inner, kernel=1, relu=False)
        self.from_decoder = Convolution(decoder, inner, kernel=1, relu=False)
        self.gate = Convolution(inner, 1, kernel=1, relu=False)

    def forward(self, skip, decoder):
        return skip * torch.sigmoid(self.gate(F.relu(self.from_skip(skip) + self.from_decoder(decoder))))


class Expanding(nn.Module):
    def __init__(self, skip, coarse, form, gated):
        super().__init__()
        self.enlarge = Enlarge(coarse, skip, form)
        self.gate = AdditiveGate(skip, skip, skip // 2) if gated else None
        self.merge = DoubleConvolution(2 * skip, skip, form == "resized")

    def forward(self, skip, coarse):
        enlarged = self.enlarge(coarse)
        if self.gate is not None:
            skip = self.gate(skip, enlarged)
        return self.merge(torch.cat([skip, enlarged], dim=1))


def doubling(width):
    return [width << level for level in range(5)]


class Unet(nn.Module):
    def __init__(self, width=64, up="transposed", gated=False):
        super().__init__()
        widths = doubling(width)
        self.down = Contracting(widths, up == "resized")
        self.presence = Presence(widths[-1])
        self.up = nn.ModuleList(Expanding(widths[i], widths[i + 1], up, gated) for i in (3, 2, 1, 0))
        self.output = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x):
        *skips, coarsest = self.down(x)
        y = coarsest
        for up, skip in zip(self.up, reversed(skips)):
            y = up(skip, y)
        return self.output(y), self.presence(coarsest)


class AttentionUnet(Unet):
    def __init__(self, width=64):
        super().__init__(width, "resized", gated=True)


class UnetPlusPlus(nn.Module):
    def __init__(self, width=32, deep_supervision=True):
        super().__init__()
        widths = doubling(width)
        self.down = Contracting(widths)
        self.presence = Presence(widths[-1])
        places = [(column, level) for column in range(1, 5) for level in range(5 - column)]
        self.nodes = nn.ModuleList(
            DoubleConvolution(column * widths[level] + widths[level + 1], widths[level]) for column, level in places
        )
        self.places = places
        self.output = nn.Conv2d(width, 1, 1)
        self.deep = nn.ModuleList(nn.Conv2d(width, 1, 1) for _ in range(3 if deep_supervision else 0))

    def forward(self, x):
        node = {(0, level): map_ for level, map_ in enumerate(self.down(x))}
        for (column, level), convolutions in zip(self.places, self.nodes):
            coarser = F.interpolate(node[column - 1, level + 1], scale_factor=2, mode="bilinear", align_corners=True)
            earlier = [node[i, level] for i in range(column)]
            node[column, level] = convolutions(torch.cat([*earlier, coarser], dim=1))
        return self.output(node[4, 0]), self.presence(node[0, 4])


class FullScale(nn.Module):
    def __init__(self, level, width):
        super().__init__()
        self.level = level
        inputs = [c if i <= level or i == 4 else 5 * width for i, c in enumerate(doubling(width))]
        self.branches = nn.ModuleList(Convolution(c, width) for c in inputs)
        self.merge = Convolution(5 * width, 5 * width)

    def onto_grid(self, i, x):
        factor = 2 ** abs(i - self.level)
        if i < self.level:
            return F.max_pool2d(x, factor)
        if i > self.level:
            return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)
        return x

    def forward(self, maps):
        seen = [branch(self.onto_grid(i, x)) for i, (branch, x) in enumerate(zip(self.branches, maps))]
        return self.merge(torch.cat(seen, dim=1))


class Unet3Plus(nn.Module):
    def __init__(self, width=64, deep_supervision=True, classification_guided=True):
        super().__init__()
        widths = doubling(width)
        self.down = Contracting(widths)
        self.presence = None if classification_guided else Presence(widths[-1])
        self.guide = nn.Conv2d(widths[-1], 2, 1) if classification_guided else None
        self.up = nn.ModuleList(FullScale(level, width) for level in (3, 2, 1, 0))
        self.output = nn.Conv2d(5 * width, 1, 3, padding=1)
        channels = [5 * width] * 3 + [widths[-1]] if deep_supervision else []
        self.deep = nn.ModuleList(nn.Conv2d(c, 1, 3, padding=1) for c in channels)

    def told(self, coarsest):
        if self.guide is None:
            return self.presence(coarsest)
        classes = F.adaptive_max_pool2d(self.guide(coarsest), 1).flatten(1)
        return classes[:, 1:] - classes[:, :1]

    def forward(self, x):
        encoded = self.down(x)
        decoded = [*encoded]
        for up in self.up:
            decoded[up.level] = up(decoded)
        return self.output(decoded[0]), self.told(encoded[-1])


class InstanceConvolution(nn.Module):
    """Convolution, instance normalisation and leaky ReLU."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.gamma = nn.Parameter(torch.ones(outputs))
        self.beta = nn.Parameter(torch.zeros(outputs))
        self.stride = stride

    def forward(self, x):
        y = F.conv2d(x, self.weight, self.bias, stride=self.stride, padding=1)
        return F.leaky_relu(F.instance_norm(y, weight=self.gamma, bias=self.beta), 0.01)


class InstancePair(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = InstanceConvolution(inputs, outputs, stride)
        self.second = InstanceConvolution(outputs, outputs)

    def forward(self, x):
        return self.second(self.first(x))


class InstanceExpanding(nn.Module):
    def __init__(self, skip, coarse):
        super().__init__()
        self.enlarge = Enlarge(coarse, skip, "transposed")
        self.merge = InstancePair(2 * skip, skip)

    def forward(self, skip, coarse):
        return self.merge(torch.cat([self.enlarge(coarse), skip], dim=1))


class NnUnet(nn.Module):
    def __init__(self, width=32, most=512, grids=7, deep_supervision=True):
        super().__init__()
        widths = [min(most, width << grid) for grid in range(grids)]
        strides = [1] + [2] * (grids - 1)
        self.down = nn.ModuleList(InstancePair(a, b, s) for a, b, s in zip([3, *widths], widths, strides))
        self.presence = Presence(widths[-1])
        self.up = nn.ModuleList(InstanceExpanding(widths[i], widths[i + 1]) for i in reversed(range(grids - 1)))
        self.output = nn.Conv2d(width, 1, 1)
        self.deep = nn.ModuleList(nn.Conv2d(c, 1, 1) for c in (widths[1:-2] if deep_supervision else []))

    def forward(self, x):
        skips = []
        for pair in self.down:
            x = pair(x)
            skips.append(x)
        coarsest = skips.pop()
        y = coarsest
        for up, skip in zip(self.up, reversed(skips)):
            y = up(skip, y)
        return self.output(y), self.presence(coarsest)


# Name of the file: the kind, its class and what is not as in the paper.
TWINS = {
    "unet": ("unet", Unet, {"width": 4}),
    "unet_resized": ("unet", Unet, {"width": 4, "up": "resized"}),
    "unet_plus_plus": ("unet_plus_plus", UnetPlusPlus, {"width": 4}),
    "attention_unet": ("attention_unet", AttentionUnet, {"width": 4}),
    "unet_3_plus": ("unet_3_plus", Unet3Plus, {"width": 4}),
    "unet_3_plus_alone": (
        "unet_3_plus",
        Unet3Plus,
        {"width": 4, "deep_supervision": False, "classification_guided": False},
    ),
    "nn_unet": ("nn_unet", NnUnet, {"width": 4, "most": 12, "grids": 4}),
}


def write(path, tensors, metadata):
    """A safetensors file of 32-bit numbers."""
    header, data = {"__metadata__": metadata}, b""
    for name, values in tensors.items():
        values = values.flatten().tolist()
        start = len(data)
        data += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header, sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def counted(network):
    """Parameters without the presence head."""
    return sum(p.numel() for name, p in network.named_parameters() if not name.startswith("presence."))


def main():
    folder = Path(__file__).parent / "twins"
    folder.mkdir(exist_ok=True)
    planes = tensor("planes", [1, 3, HEIGHT, WIDTH], 4.0, -2.0)
    for name in sys.argv[1:] or TWINS:
        kind, twin, options = TWINS[name]
        with torch.no_grad():
            network = twin(**options).eval()
            fill(network)
            logits, presence = network(planes)
        config = json.dumps({"kind": kind, **options})
        write(folder / f"{name}.safetensors", {"logits": logits, "presence": presence}, {"network": config})
        full = {key: value for key, value in options.items() if key not in ("width", "most", "grids")}
        print(
            f"{name}: logits from {logits.min().item():.2f} to {logits.max().item():.2f}, presence {presence.item():.2f};",
            f"{counted(twin(**full))} parameters at the paper's width",
        )


if __name__ == "__main__":
    main()
