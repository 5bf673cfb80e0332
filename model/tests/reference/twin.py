"""PyTorch twin of `model::ResUnetPlusPlus`: the same layers, the same parameter names, in evaluation mode.

Module and parameter names equal the Rust fields, so that one safetensors file loads into both.
"""

import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (16, 32, 64, 128, 256)
ASPP_RATES = (6, 12, 18)


class Convolution(nn.Module):
    """Convolution without bias, batch normalisation and, if asked for, ReLU."""

    def __init__(self, inputs, outputs, kernel=3, dilation=1, relu=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel, kernel))
        self.norm = nn.BatchNorm2d(outputs)
        self.dilation = dilation
        self.padding = dilation * (kernel // 2)
        self.relu = relu
        nn.init.kaiming_normal_(self.weight)

    def linear(self, x):
        return F.conv2d(x, self.weight, padding=self.padding, dilation=self.dilation)

    def forward(self, x):
        y = self.norm(self.linear(x))
        return F.relu(y) if self.relu else y


class Stem(nn.Module):
    def __init__(self, inputs, guidance, outputs):
        super().__init__()
        self.image = Convolution(inputs, outputs)
        self.guidance = nn.Parameter(torch.empty(outputs, guidance, 3, 3))
        nn.init.kaiming_normal_(self.guidance)

    def forward(self, x, guidance=None):
        y = self.image.linear(x)
        if guidance is not None:
            y = y + F.conv2d(guidance, self.guidance, padding=1)
        return F.relu(self.image.norm(y))


class Residual(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = Convolution(inputs, outputs)
        self.second = Convolution(outputs, outputs, relu=False)
        self.shortcut = Convolution(inputs, outputs, kernel=1, relu=False) if inputs != outputs else None

    def forward(self, x):
        shortcut = x if self.shortcut is None else self.shortcut(x)
        return F.relu(self.second(self.first(x)) + shortcut)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, reduction=8):
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // reduction)
        self.excite = nn.Linear(channels // reduction, channels)

    def forward(self, x):
        s = x.mean(dim=(2, 3))
        s = torch.sigmoid(self.excite(F.relu(self.squeeze(s))))
        return x * s[:, :, None, None]


class Down(nn.Module):
    def __init__(self, inputs, outputs, squeeze_excite):
        super().__init__()
        self.widen = Convolution(inputs, outputs)
        self.residual = Residual(outputs, outputs)
        self.squeeze_excite = SqueezeExcite(outputs) if squeeze_excite else None

    def forward(self, x):
        y = self.residual(self.widen(F.max_pool2d(x, 2)))
        return y if self.squeeze_excite is None else self.squeeze_excite(y)


class Aspp(nn.Module):
    def __init__(self, channels, rates=ASPP_RATES):
        super().__init__()
        self.branches = nn.ModuleList(
            [Convolution(channels, channels, relu=False)]
            + [Convolution(channels, channels, dilation=r, relu=False) for r in rates]
        )
        self.project = Convolution(channels, channels, kernel=1)

    def forward(self, x):
        return self.project(sum(branch(x) for branch in self.branches))


class Attention(nn.Module):
    def __init__(self, skip, decoder):
        super().__init__()
        self.from_skip = Convolution(skip, skip, relu=False)
        self.from_decoder = Convolution(decoder, skip, relu=False)
        self.gate = Convolution(skip, 1, kernel=1, relu=False)

    def forward(self, skip, decoder):
        joint = F.relu(F.max_pool2d(self.from_skip(skip), 2) + self.from_decoder(decoder))
        return decoder * torch.sigmoid(self.gate(joint))


class Up(nn.Module):
    def __init__(self, skip, decoder):
        super().__init__()
        self.attention = Attention(skip, decoder)
        self.residual = Residual(decoder + skip, skip)

    def forward(self, skip, decoder):
        y = F.interpolate(self.attention(skip, decoder), scale_factor=2, mode="nearest")
        return self.residual(torch.cat([y, skip], dim=1))


class Presence(nn.Module):
    def __init__(self, channels, hidden=64):
        super().__init__()
        self.hidden = nn.Linear(2 * channels, hidden)
        self.output = nn.Linear(hidden, 1)

    def forward(self, x):
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        return self.output(F.relu(self.hidden(pooled)))


class ResUnetPlusPlus(nn.Module):
    def __init__(self, widths=WIDTHS, inputs=3, guidance=3):
        super().__init__()
        self.stem = Stem(inputs, guidance, widths[0])
        self.stem_squeeze_excite = SqueezeExcite(widths[0])
        last = len(widths) - 2
        self.down = nn.ModuleList(
            [Down(a, b, i != last) for i, (a, b) in enumerate(zip(widths[:-1], widths[1:]))]
        )
        self.bridge = Aspp(widths[-1])
        self.presence = Presence(widths[-1])
        self.up = nn.ModuleList([Up(a, b) for a, b in reversed(list(zip(widths[:-1], widths[1:])))])
        self.context = Aspp(widths[0])
        self.output = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x, guidance=None):
        skips = [self.stem_squeeze_excite(self.stem(x, guidance))]
        for down in self.down:
            skips.append(down(skips[-1]))
        bottleneck = skips.pop()
        y = self.bridge(bottleneck)
        for up, skip in zip(self.up, reversed(skips)):
            y = up(skip, y)
        return self.output(self.context(y)), self.presence(bottleneck)
