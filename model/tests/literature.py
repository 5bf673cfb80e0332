"""Writes what PyTorch answers for networks on residual encoders, Jha's and VM-UNet: twins/*.safetensors, which `twins.rs` compares with.

Run with torch, torchvision and segmentation-models-pytorch 0.6 installed: python model/tests/literature.py [name ...]

PSPNet and DeepLab are put together of torchvision's residual networks and segmentation-models-pytorch's modules in the order of the
papers; `NAMES` turns their names into those of the Rust fields. Jha's ResUNet++ and VM-UNet are written anew. Weights are made of
names as `twins.py` says.
"""

import json
import math
import re
import sys
from pathlib import Path

import torch
from segmentation_models_pytorch.decoders.deeplabv3.decoder import ASPP, SeparableConv2d
from segmentation_models_pytorch.decoders.pspnet.decoder import PSPModule
from segmentation_models_pytorch.encoders._utils import replace_strides_with_dilation
from torch import nn
from torch.nn import functional as F
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from twins import HEIGHT, Presence, counted, tensor
from twins import write as write_file

RESNET_WIDTH = 4


def larger(x, size):
    return F.interpolate(x, size=size, mode="bilinear", align_corners=True)


class Encoder(ResNet):
    """torchvision's residual network with fewer channels, dilated as segmentation-models-pytorch does it."""

    def __init__(self, block, layers, output_stride):
        super().__init__(block, layers)
        self.conv1 = nn.Conv2d(3, RESNET_WIDTH, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(RESNET_WIDTH)
        del self.fc
        for stride, stage in ((16, self.layer3), (32, self.layer4)):
            if stride > output_stride:
                replace_strides_with_dilation(stage, stride // output_stride)
        self.channels = [RESNET_WIDTH * block.expansion * factor for factor in (1, 2, 4, 8)]

    def _make_layer(self, block, planes, *arguments, **named):
        if planes == 64:
            self.inplanes = RESNET_WIDTH
        return super()._make_layer(block, planes * RESNET_WIDTH // 64, *arguments, **named)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        features = []
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            features.append(x)
        return features


def normalized(inputs, outputs, kernel):
    convolution = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class PspNet(nn.Module):
    def __init__(self, block, layers):
        super().__init__()
        self.encoder = Encoder(block, layers, 8)
        *_, third, fourth = self.encoder.channels
        self.presence = Presence(fourth)
        self.branches = PSPModule(fourth).blocks
        self.classifier = nn.ModuleDict(
            {"mix": normalized(2 * fourth, fourth // 4, 3), "output": nn.Conv2d(fourth // 4, 1, 1)}
        )
        self.auxiliary = nn.ModuleDict(
            {"mix": normalized(third, third // 4, 3), "output": nn.Conv2d(third // 4, 1, 1)}
        )

    def forward(self, x):
        *_, third, fourth = self.encoder(x)
        pyramid = torch.cat([fourth] + [branch(fourth) for branch in self.branches], dim=1)
        answers = [
            larger(head["output"](head["mix"](features)), x.shape[2:])
            for head, features in ((self.classifier, pyramid), (self.auxiliary, third))
        ]
        return answers[0], self.presence(fourth)

    NAMES = [
        (r"branches\.(\d)\.pool\.1\.0\.", r"branches.\1."),
        (r"branches\.(\d)\.pool\.1\.1\.", r"branches.\1.norm."),
        (r"\.mix\.0\.", ".mix."),
        (r"\.mix\.1\.", ".mix.norm."),
    ]


class DeepLab(nn.Module):
    def __init__(self, block, layers, plus):
        super().__init__()
        self.encoder = Encoder(block, layers, 16)
        channels = 4 * RESNET_WIDTH
        first, *_, fourth = self.encoder.channels
        self.presence = Presence(fourth)
        self.pyramid = ASPP(fourth, channels, (6, 12, 18), separable=plus, dropout=0.5)
        if plus:
            reduced = 3 * RESNET_WIDTH // 4
            refine = [
                nn.Sequential(
                    SeparableConv2d(inputs, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()
                )
                for inputs in (channels + reduced, channels)
            ]
            self.decoder = nn.ModuleDict({"reduce": normalized(first, reduced, 1), "refine": nn.ModuleList(refine)})
        self.classifiers = nn.ModuleList([nn.Conv2d(channels, 1, 1)])
        self.plus = plus

    def forward(self, x):
        first, *_, fourth = self.encoder(x)
        y = self.pyramid(fourth)
        if self.plus:
            y = torch.cat([larger(y, first.shape[2:]), self.decoder["reduce"](first)], dim=1)
            for refine in self.decoder["refine"]:
                y = refine(y)
        return larger(self.classifiers[0](y), x.shape[2:]), self.presence(fourth)

    NAMES = [
        (r"pyramid\.convs\.0\.0\.", "pyramid.point."),
        (r"pyramid\.convs\.0\.1\.", "pyramid.point.norm."),
        (r"pyramid\.convs\.4\.1\.", "pyramid.mean."),
        (r"pyramid\.convs\.4\.2\.", "pyramid.mean.norm."),
        (r"pyramid\.convs\.(\d)\.0\.0\.weight", lambda m: f"pyramid.separable.{int(m[1]) - 1}.depthwise"),
        (r"pyramid\.convs\.(\d)\.0\.1\.", lambda m: f"pyramid.separable.{int(m[1]) - 1}.pointwise."),
        (r"pyramid\.convs\.(\d)\.0\.", lambda m: f"pyramid.plain.{int(m[1]) - 1}."),
        (r"pyramid\.project\.0\.", "pyramid.project."),
        (r"pyramid\.project\.1\.", "pyramid.project.norm."),
        (r"decoder\.reduce\.0\.", "decoder.reduce."),
        (r"decoder\.reduce\.1\.", "decoder.reduce.norm."),
        (r"decoder\.refine\.(\d)\.0\.0\.weight", r"decoder.refine.\1.depthwise"),
        (r"decoder\.refine\.(\d)\.0\.1\.", r"decoder.refine.\1.pointwise."),
        (r"decoder\.refine\.(\d)\.1\.", r"decoder.refine.\1.pointwise.norm."),
    ]

    def names(self):
        kind = "separable" if self.plus else "plain"
        norm = ".pointwise.norm." if self.plus else ".norm."
        behind = (r"pyramid\.convs\.([123])\.1\.", lambda m: f"pyramid.{kind}.{int(m[1]) - 1}{norm}")
        return [*self.NAMES, behind]


class Convolution(nn.Module):
    """A convolution with bias, and batch normalisation and ReLU where they are asked for."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, dilation=1, norm=False, relu=False):
        super().__init__()
        plain = nn.Conv2d(inputs, outputs, kernel)
        self.weight, self.bias = plain.weight, plain.bias
        self.norm = nn.BatchNorm2d(outputs) if norm else None
        self.options = {"stride": stride, "dilation": dilation, "padding": dilation * (kernel // 2)}
        self.relu = relu

    def forward(self, x):
        y = F.conv2d(x, self.weight, self.bias, **self.options)
        y = y if self.norm is None else self.norm(y)
        return F.relu(y) if self.relu else y


class Normalized(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(self.norm(x))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, preactivated=True):
        super().__init__()
        self.entry = Normalized(inputs) if preactivated else nn.Identity()
        self.first = Convolution(inputs, outputs, stride=stride, norm=True, relu=True)
        self.second = Convolution(outputs, outputs)
        self.shortcut = Convolution(inputs, outputs, kernel=1, stride=stride, norm=True)
        squeezed = max(outputs // 8, 1)
        self.squeeze = nn.Linear(outputs, squeezed, bias=False)
        self.excite = nn.Linear(squeezed, outputs, bias=False)

    def forward(self, x):
        y = self.second(self.first(self.entry(x))) + self.shortcut(x)
        factors = torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean(dim=(2, 3))))))
        return y * factors[:, :, None, None]


class Pyramid(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.branches = nn.ModuleList(
            [Convolution(inputs, outputs, dilation=rate, norm=True) for rate in (1, 6, 12, 18)]
        )
        self.mix = Convolution(outputs, outputs, kernel=1)

    def forward(self, x):
        return self.mix(sum(branch(x) for branch in self.branches))


class Preactivated(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.entry = Normalized(inputs)
        self.convolution = Convolution(inputs, outputs)

    def forward(self, x):
        return self.convolution(self.entry(x))


class Up(nn.Module):
    def __init__(self, skip, decoder, outputs):
        super().__init__()
        self.skip = Preactivated(skip, decoder)
        self.decoder = Preactivated(decoder, decoder)
        self.gate = Preactivated(decoder, decoder)
        self.block = Block(decoder + skip, outputs, 1)

    def forward(self, skip, x):
        x = self.gate(F.max_pool2d(self.skip(skip), 2) + self.decoder(x)) * x
        return self.block(torch.cat([F.interpolate(x, scale_factor=2, mode="nearest"), skip], dim=1))


class JhaResUnetPp(nn.Module):
    def __init__(self, width):
        super().__init__()
        w = width
        self.down = nn.ModuleList(
            [Block(3, w, 1, preactivated=False), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2), Block(4 * w, 8 * w, 2)]
        )
        self.presence = Presence(8 * w)
        self.bridge = Pyramid(8 * w, 16 * w)
        self.up = nn.ModuleList([Up(4 * w, 16 * w, 8 * w), Up(2 * w, 8 * w, 4 * w), Up(w, 4 * w, 2 * w)])
        self.context = Pyramid(2 * w, w)
        self.output = nn.Conv2d(w, 1, 1)

    def forward(self, x):
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        coarsest = skips.pop()
        y = self.bridge(coarsest)
        for up, skip in zip(self.up, reversed(skips)):
            y = up(skip, y)
        return self.output(self.context(y)), self.presence(coarsest)

    NAMES = []


STATES = 16


class Scan(nn.Module):
    """Selective scan in four directions, pixel by pixel."""

    def __init__(self, channels):
        super().__init__()
        inner, rank = 2 * channels, -(-channels // 16)
        self.input = nn.Linear(channels, 2 * inner, bias=False)
        self.depthwise = nn.Conv2d(inner, inner, 3, padding=1, groups=inner)
        self.parameters_ = nn.Parameter(torch.randn(4, rank + 2 * STATES, inner) * inner**-0.5)
        self.step = nn.Parameter(torch.randn(4, inner, rank) * rank**-0.5)
        self.step_bias = nn.Parameter(torch.randn(4, inner) - 3)
        self.log_decay = nn.Parameter(torch.arange(1.0, STATES + 1).log().repeat(4, inner, 1))
        self.skip = nn.Parameter(torch.rand(4, inner))
        self.norm = nn.LayerNorm(inner)
        self.output = nn.Linear(inner, channels, bias=False)

    def scan(self, x, direction):
        """[batch, inner, pixels] to the same."""
        rank = self.step.shape[2]
        numbers = torch.einsum("bdl,cd->bcl", x, self.parameters_[direction])
        entrance, leaving = numbers[:, rank : rank + STATES], numbers[:, rank + STATES :]
        step = torch.einsum("brl,dr->bdl", numbers[:, :rank], self.step[direction])
        step = F.softplus(step + self.step_bias[direction][:, None])
        rates = -self.log_decay[direction].exp()
        state, answers = torch.zeros(*x.shape[:2], STATES), []
        for t in range(x.shape[2]):
            kept = torch.exp(step[:, :, t, None] * rates)
            state = kept * state + (step[:, :, t] * x[:, :, t])[:, :, None] * entrance[:, None, :, t]
            answers.append((state * leaving[:, None, :, t]).sum(2))
        return torch.stack(answers, 2) + self.skip[direction][:, None] * x

    def forward(self, x):
        x, gate = self.input(x).chunk(2, dim=3)
        x = F.silu(self.depthwise(x.permute(0, 3, 1, 2)))
        batch, inner, height, width = x.shape
        rows, columns = x.flatten(2), x.transpose(2, 3).flatten(2)
        y = self.scan(rows, 0) + self.scan(rows.flip(2), 2).flip(2)
        z = self.scan(columns, 1) + self.scan(columns.flip(2), 3).flip(2)
        y = y.view(batch, inner, height, width) + z.view(batch, inner, width, height).transpose(2, 3)
        return self.output(self.norm(y.permute(0, 2, 3, 1)) * F.silu(gate))


class Vss(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.scan = Scan(channels)

    def forward(self, x):
        return x + self.scan(self.norm(x))


class Halve(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(4 * channels)
        self.reduce = nn.Linear(4 * channels, 2 * channels, bias=False)

    def forward(self, x):
        parts = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        return self.reduce(self.norm(torch.cat(parts, 3)))


class Enlarge(nn.Module):
    def __init__(self, channels, widened, factor):
        super().__init__()
        self.expand = nn.Linear(channels, widened * channels, bias=False)
        self.norm = nn.LayerNorm(widened * channels // factor**2)
        self.factor = factor

    def forward(self, x):
        batch, height, width, _ = x.shape
        y = self.expand(x).view(batch, height, width, self.factor, self.factor, -1).transpose(2, 3)
        return self.norm(y.reshape(batch, self.factor * height, self.factor * width, -1))


class VmUnet(nn.Module):
    def __init__(self, width, down, up):
        super().__init__()
        channels = [width, 2 * width, 4 * width, 8 * width]
        stage = lambda channels, blocks: nn.ModuleList([Vss(channels) for _ in range(blocks)])
        self.patches = nn.Conv2d(3, width, 4, stride=4)
        self.patches.norm = nn.LayerNorm(width)
        self.down = nn.ModuleList([stage(c, blocks) for c, blocks in zip(channels, down)])
        self.halve = nn.ModuleList([Halve(c) for c in channels[:3]])
        self.presence = Presence(channels[3])
        self.up = nn.ModuleList([stage(c, blocks) for c, blocks in zip(reversed(channels), up)])
        self.double_ = nn.ModuleList([Enlarge(c, 2, 2) for c in (8 * width, 4 * width, 2 * width)])
        self.last = Enlarge(width, 4, 4)
        self.output = nn.Conv2d(width // 4, 1, 1)

    def forward(self, x):
        x = self.patches.norm(self.patches(x).permute(0, 2, 3, 1))
        skips = []
        for index, blocks in enumerate(self.down):
            skips.append(x)
            for block in blocks:
                x = block(x)
            if index < 3:
                x = self.halve[index](x)
        presence = self.presence(x.permute(0, 3, 1, 2))
        for index, blocks in enumerate(self.up):
            if index > 0:
                x = self.double_[index - 1](x + skips[-index])
            for block in blocks:
                x = block(x)
        return self.output(self.last(x).permute(0, 3, 1, 2)), presence

    NAMES = [(r"parameters_", "parameters"), (r"double_", "double")]


ENCODER_NAMES = [
    (r"encoder\.conv1\.", "encoder.stem."),
    (r"encoder\.bn1\.", "encoder.stem.norm."),
    (r"encoder\.layer(\d)\.(\d+)\.conv(\d)\.", lambda m: f"encoder.layer{m[1]}.{m[2]}.convolutions.{int(m[3]) - 1}."),
    (r"encoder\.layer(\d)\.(\d+)\.bn(\d)\.", lambda m: f"encoder.layer{m[1]}.{m[2]}.convolutions.{int(m[3]) - 1}.norm."),
    (r"\.downsample\.0\.", ".shortcut."),
    (r"\.downsample\.1\.", ".shortcut.norm."),
    (r"encoder\.layer(\d)\.", lambda m: f"encoder.stages.{int(m[1]) - 1}."),
]


def fill(network):
    """Gives every parameter and running statistic the numbers of its name in Rust."""
    kinds = dict(network.named_modules())
    norms = (nn.BatchNorm2d, nn.LayerNorm)
    patterns = [*ENCODER_NAMES, *(network.names() if hasattr(network, "names") else network.NAMES)]
    for key, values in network.state_dict().items():
        module, _, field = key.rpartition(".")
        if field == "num_batches_tracked":
            continue
        name = key
        for pattern, new in patterns:
            name = re.sub(pattern, new, name)
        if isinstance(kinds[module], norms):
            field = {"weight": "gamma", "bias": "beta"}.get(field, field)
            name = f"{name.rpartition('.')[0]}.{field}"
        # burn keeps the weights of a linear layer the other way round.
        transposed = isinstance(kinds[module], nn.Linear) and field == "weight"
        shape = list(values.shape)[::-1] if transposed else list(values.shape)
        if field in ("gamma", "running_var"):
            made = tensor(name, shape, 1.0, 0.5)
        elif len(shape) in (2, 4):
            bound = math.sqrt(4.0 / (math.prod(shape[1:]) if len(shape) == 4 else shape[0]))
            made = tensor(name, shape, 2.0 * bound, -bound)
        else:
            made = tensor(name, shape, 0.6, -0.3)
        values.copy_(made.T if transposed else made)


EIGHTEEN, FIFTY = (BasicBlock, [2, 2, 2, 2]), (Bottleneck, [3, 4, 6, 3])

# Name of the file: the network, what is not as in the paper, and the width of the image.
TWINS = {
    "pspnet": (lambda: PspNet(*EIGHTEEN), {"kind": "pspnet", "width": 4, "depth": "eighteen"}, 48),
    "deeplab_v3": (
        lambda: DeepLab(*EIGHTEEN, plus=False),
        {"kind": "deeplab", "width": 4, "depth": "eighteen", "version": "v3"},
        48,
    ),
    "deeplab_v3_plus": (lambda: DeepLab(*FIFTY, plus=True), {"kind": "deeplab", "width": 4}, 48),
    "jha_resunet_pp": (lambda: JhaResUnetPp(4), {"kind": "jha_resunet_pp", "width": 4}, 48),
    "vm_unet": (
        lambda: VmUnet(32, (1, 2, 1, 1), (1, 1, 2, 1)),
        {"kind": "vm_unet", "width": 32, "down": [1, 2, 1, 1], "up": [1, 1, 2, 1]},
        64,
    ),
}


def main():
    folder = Path(__file__).parent / "twins"
    # Layer normalisation of few channels enlarges rounding: only that of the side that is compared should count.
    torch.set_default_dtype(torch.float64)
    for name in sys.argv[1:] or TWINS:
        twin, options, width = TWINS[name]
        planes = tensor("planes", [1, 3, HEIGHT, width], 4.0, -2.0).double()
        with torch.no_grad():
            network = twin().eval()
            fill(network)
            logits, presence = network(planes)
        answers = {"logits": logits, "presence": presence}
        write_file(folder / f"{name}.safetensors", answers, {"network": json.dumps(options)})
        print(f"{name}: logits from {logits.min().item():.2f} to {logits.max().item():.2f}, presence {presence.item():.2f}")
    assert counted(JhaResUnetPp(16)) == 4_062_993
    assert counted(VmUnet(96, (2, 2, 2, 2), (2, 2, 2, 1))) == 27_427_561


if __name__ == "__main__":
    main()
