"""
Networks of the Inception family that torchvision lacks, written from their papers and their authors' code, with timm's
names of weights.
"""

import re
from collections import OrderedDict

import torch
import torch.nn as nn
import torchvision


class Unit(nn.Module):
    """A convolution, batch norm and ReLU."""

    def __init__(self, inputs, outputs, kernel, stride=1, padding=0):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


def step(inputs, text):
    """
    A layer and its number of outputs. "64:3" has 64 filters of 3x3 and "64:1x7" of 1x7, padded to keep the size unless a v
    (valid) ends it; "64:3/2" has a stride of 2 and no padding. "max/2" and "avg" are pooling.
    """
    if text == "max/2":
        return nn.MaxPool2d(3, 2), inputs
    if text == "avg":
        return nn.AvgPool2d(3, 1, 1, count_include_pad=False), inputs
    filters, height, width, end = re.fullmatch(r"(\d+):(\d)(?:x(\d))?(v|/2)?", text).groups()
    kernel = (int(height), int(width or height))
    padding = (0, 0) if end else (kernel[0] // 2, kernel[1] // 2)
    return Unit(inputs, int(filters), kernel, 2 if end == "/2" else 1, padding), int(filters)


def chain(inputs, text):
    layers = []
    for word in text.split():
        layer, inputs = step(inputs, word)
        layers.append(layer)
    return (layers[0] if len(layers) == 1 else nn.Sequential(*layers)), inputs


class Mixed(nn.Module):
    """Branches by name, side by side."""

    def __init__(self, inputs, **branches):
        super().__init__()
        self.names = list(branches)
        self.outputs = 0
        for name, text in branches.items():
            module, outputs = chain(inputs, text)
            self.add_module(name, module)
            self.outputs += outputs

    def forward(self, x):
        return torch.cat([getattr(self, name)(x) for name in self.names], 1)


class Residual(Mixed):
    def __init__(self, channels, scale, last=False, **branches):
        super().__init__(channels, **branches)
        self.conv2d = nn.Conv2d(self.outputs, channels, 1)
        self.scale, self.last = scale, last

    def forward(self, x):
        y = x + self.scale * self.conv2d(super().forward(x))
        return y if self.last else torch.relu(y)


class ForkedMixed(nn.Module):
    """Version 4's last modules: two branches fork into 1x3 and 3x1."""

    def __init__(self):
        super().__init__()
        self.branch0 = step(1536, "256:1")[0]
        self.branch1_0 = step(1536, "384:1")[0]
        self.branch1_1a = step(384, "256:1x3")[0]
        self.branch1_1b = step(384, "256:3x1")[0]
        self.branch2_0 = step(1536, "384:1")[0]
        self.branch2_1 = step(384, "448:3x1")[0]
        self.branch2_2 = step(448, "512:1x3")[0]
        self.branch2_3a = step(512, "256:1x3")[0]
        self.branch2_3b = step(512, "256:3x1")[0]
        self.branch3 = chain(1536, "avg 256:1")[0]

    def forward(self, x):
        y = self.branch1_0(x)
        z = self.branch2_2(self.branch2_1(self.branch2_0(x)))
        return torch.cat([
            self.branch0(x), self.branch1_1a(y), self.branch1_1b(y), self.branch2_3a(z), self.branch2_3b(z), self.branch3(x),
        ], 1)


def head(channels, classes, name):
    return OrderedDict([("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), (name, nn.Linear(channels, classes))])


def repeat(count, make):
    return nn.Sequential(*(make() for _ in range(count)))


def inception_v4(classes):
    features = nn.Sequential(
        step(3, "32:3/2")[0], step(32, "32:3v")[0], step(32, "64:3")[0],
        Mixed(64, maxpool="max/2", conv="96:3/2"),
        Mixed(160, branch0="64:1 96:3v", branch1="64:1 64:1x7 64:7x1 96:3v"),
        Mixed(192, conv="192:3/2", maxpool="max/2"),
        *repeat(4, lambda: Mixed(
            384, branch0="96:1", branch1="64:1 96:3", branch2="64:1 96:3 96:3", branch3="avg 96:1")),
        Mixed(384, branch0="384:3/2", branch1="192:1 224:3 256:3/2", branch2="max/2"),
        *repeat(7, lambda: Mixed(
            1024, branch0="384:1", branch1="192:1 224:1x7 256:7x1",
            branch2="192:1 192:7x1 224:1x7 224:7x1 256:1x7", branch3="avg 128:1")),
        Mixed(1024, branch0="192:1 192:3/2", branch1="256:1 256:1x7 320:7x1 320:3/2", branch2="max/2"),
        *repeat(3, ForkedMixed),
    )
    return nn.Sequential(OrderedDict(features=features, **head(1536, classes, "last_linear")))


def residual_stem():
    return OrderedDict(
        conv2d_1a=step(3, "32:3/2")[0], conv2d_2a=step(32, "32:3v")[0], conv2d_2b=step(32, "64:3")[0],
        maxpool_3a=nn.MaxPool2d(3, 2),
        conv2d_3b=step(64, "80:1")[0], conv2d_4a=step(80, "192:3v")[0])


def inception_resnet_v1(classes):
    return nn.Sequential(OrderedDict(
        **residual_stem(),
        conv2d_4b=step(192, "256:3/2")[0],
        repeat=repeat(5, lambda: Residual(256, 0.17, branch0="32:1", branch1="32:1 32:3", branch2="32:1 32:3 32:3")),
        mixed_6a=Mixed(256, branch0="384:3/2", branch1="192:1 192:3 256:3/2", branch2="max/2"),
        repeat_1=repeat(10, lambda: Residual(896, 0.1, branch0="128:1", branch1="128:1 128:1x7 128:7x1")),
        mixed_7a=Mixed(
            896, branch0="256:1 384:3/2", branch1="256:1 256:3/2", branch2="256:1 256:3 256:3/2", branch3="max/2"),
        repeat_2=repeat(5, lambda: Residual(1792, 0.2, branch0="192:1", branch1="192:1 192:1x3 192:3x1")),
        **head(1792, classes, "classif")))


def inception_resnet_v2(classes):
    def last(scale, **options):
        return Residual(2080, scale, branch0="192:1", branch1="192:1 224:1x3 256:3x1", **options)

    return nn.Sequential(OrderedDict(
        **residual_stem(),
        maxpool_5a=nn.MaxPool2d(3, 2),
        mixed_5b=Mixed(192, branch0="96:1", branch1="48:1 64:5", branch2="64:1 96:3 96:3", branch3="avg 64:1"),
        repeat=repeat(10, lambda: Residual(320, 0.17, branch0="32:1", branch1="32:1 32:3", branch2="32:1 48:3 64:3")),
        mixed_6a=Mixed(320, branch0="384:3/2", branch1="256:1 256:3 384:3/2", branch2="max/2"),
        repeat_1=repeat(20, lambda: Residual(1088, 0.1, branch0="192:1", branch1="128:1 160:1x7 192:7x1")),
        mixed_7a=Mixed(
            1088, branch0="256:1 384:3/2", branch1="256:1 288:3/2", branch2="256:1 288:3 320:3/2", branch3="max/2"),
        repeat_2=repeat(9, lambda: last(0.2)),
        block8=last(1, last=True),
        conv2d_7b=step(2080, "1536:1")[0],
        **head(1536, classes, "classif")))


def separable(inputs, outputs):
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
        pointwise=nn.Conv2d(inputs, outputs, 1, bias=False)))


class XceptionBlock(nn.Module):
    def __init__(self, widths, halve, relu_first=True):
        super().__init__()
        if halve:
            self.skip = nn.Conv2d(widths[0], widths[-1], 1, 2, bias=False)
            self.skipbn = nn.BatchNorm2d(widths[-1])
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.ReLU(), separable(inputs, outputs), nn.BatchNorm2d(outputs)]
        self.rep = nn.Sequential(*layers[0 if relu_first else 1:], *([nn.MaxPool2d(3, 2, 1)] if halve else []))
        self.halve = halve

    def forward(self, x):
        return self.rep(x) + (self.skipbn(self.skip(x)) if self.halve else x)


def xception(classes):
    middle = {f"block{i}": XceptionBlock([728] * 4, halve=False) for i in range(4, 12)}
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(3, 32, 3, 2, bias=False), bn1=nn.BatchNorm2d(32), act1=nn.ReLU(),
        conv2=nn.Conv2d(32, 64, 3, bias=False), bn2=nn.BatchNorm2d(64), act2=nn.ReLU(),
        block1=XceptionBlock([64, 128, 128], halve=True, relu_first=False),
        block2=XceptionBlock([128, 256, 256], halve=True),
        block3=XceptionBlock([256, 728, 728], halve=True),
        **middle,
        block12=XceptionBlock([728, 728, 1024], halve=True),
        conv3=separable(1024, 1536), bn3=nn.BatchNorm2d(1536), act3=nn.ReLU(),
        conv4=separable(1536, 2048), bn4=nn.BatchNorm2d(2048), act4=nn.ReLU(),
        **head(2048, classes, "fc")))


def googlenet(classes, heads=False):
    return torchvision.models.GoogLeNet(classes, aux_logits=heads, init_weights=False)


def googlenet5x5(classes):
    """Torchvision's with the paper's kernel in its third branches."""
    model = googlenet(classes, heads=True)
    for name, module in model.named_children():
        if name.startswith("inception"):
            unit = module.branch3[1]
            unit.conv = nn.Conv2d(unit.conv.in_channels, unit.conv.out_channels, 5, padding=2, bias=False)
    return model


class Excitation(nn.Module):
    """Hu et al. 2017, figure 3."""

    def __init__(self, channels):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // 16, 1)
        self.fc2 = nn.Conv2d(channels // 16, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


def se_googlenet(classes):
    model = googlenet(classes)
    outputs = {"3a": 256, "3b": 480, "4a": 512, "4b": 512, "4c": 512, "4d": 528, "4e": 832, "5a": 832, "5b": 1024}
    for name, channels in outputs.items():
        module = model.get_submodule("inception" + name)
        module.se = Excitation(channels)
        module.register_forward_hook(lambda module, inputs, output: module.se(output))
    return model


class FactorisedA(nn.Module):
    """Inception v2's first modules: every 5x5 is two 3x3."""

    def __init__(self, inputs, pooled):
        super().__init__()
        self.branch1x1 = Unit(inputs, 64, 1)
        self.branch5x5_1 = Unit(inputs, 48, 1)
        self.branch5x5_2 = Unit(48, 64, 3, padding=1)
        self.branch5x5_3 = Unit(64, 64, 3, padding=1)
        self.branch3x3dbl_1 = Unit(inputs, 64, 1)
        self.branch3x3dbl_2 = Unit(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Unit(96, 96, 3, padding=1)
        self.branch_pool = Unit(inputs, pooled, 1)

    def forward(self, x):
        return torch.cat([
            self.branch1x1(x),
            self.branch5x5_3(self.branch5x5_2(self.branch5x5_1(x))),
            self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x))),
            self.branch_pool(nn.functional.avg_pool2d(x, 3, 1, 1)),
        ], 1)


def inception_v2(classes):
    model = torchvision.models.Inception3(classes, aux_logits=False, init_weights=False)
    model.Mixed_5b, model.Mixed_5c, model.Mixed_5d = FactorisedA(192, 32), FactorisedA(256, 64), FactorisedA(288, 64)
    return model


def create(request):
    return globals()[request["network"]](request["classes"])
