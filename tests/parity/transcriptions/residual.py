"""
Residual networks, dense ones and their contemporaries that torchvision lacks, written down from their papers and their
authors' code; the names of weights are theirs or, where they have none in PyTorch, CnnTools'.
"""

import functools

import torch
import torch.nn as nn
import torch.nn.functional as F


def conv(inputs, outputs, kernel, stride=1, groups=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=bias)


# Sums of as many branches as a network has blocks, each as large as the whole, would magnify rounding.
GAIN = 0.5


class SqueezeExcitation(nn.Module):
    """Hu et al. 2017, figure 3."""

    def __init__(self, channels):
        super().__init__()
        self.fc1 = conv(channels, channels // 16, 1, bias=True)
        self.fc2 = conv(channels // 16, channels, 1, bias=True)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class ChannelGate(nn.Module):
    """Woo et al. 2018, equation 2."""

    def __init__(self, channels):
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(channels, channels // 16), nn.ReLU(), nn.Linear(channels // 16, channels))

    def forward(self, x):
        gate = torch.sigmoid(self.mlp(x.mean((2, 3))) + self.mlp(x.amax((2, 3))))
        return x * gate[:, :, None, None]


class SpatialGate(nn.Module):
    """Equation 3, with the batch norm of the authors' code."""

    def __init__(self):
        super().__init__()
        self.spatial = nn.ModuleDict({"conv": conv(2, 1, 7), "bn": nn.BatchNorm2d(1)})

    def forward(self, x):
        planes = torch.stack((x.amax(1), x.mean(1)), dim=1)
        return x * torch.sigmoid(self.spatial["bn"](self.spatial["conv"](planes)))


class Cbam(nn.Sequential):
    def __init__(self, channels):
        super().__init__()
        self.ChannelGate = ChannelGate(channels)
        self.SpatialGate = SpatialGate()


class AttentionBlock(nn.Module):
    """A residual block with attention before the addition."""

    def __init__(self, inputs, planes, stride, bottleneck, attention):
        super().__init__()
        outputs = planes * 4 if bottleneck else planes
        shapes = ([(inputs, planes, 1, 1), (planes, planes, 3, stride), (planes, outputs, 1, 1)] if bottleneck
                  else [(inputs, planes, 3, stride), (planes, planes, 3, 1)])
        self.depth = len(shapes)
        for i, shape in enumerate(shapes, 1):
            setattr(self, f"conv{i}", conv(*shape))
            setattr(self, f"bn{i}", nn.BatchNorm2d(shape[1]))
        self.attention = ATTENTIONS[attention]
        setattr(self, self.attention, attention(outputs))
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))
        else:
            self.downsample = None

    def forward(self, x):
        y = x
        for i in range(1, self.depth + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = F.relu(y) if i < self.depth else y
        return F.relu(getattr(self, self.attention)(y) + (x if self.downsample is None else self.downsample(x)))


ATTENTIONS = {SqueezeExcitation: "se", Cbam: "cbam"}


class AttentionResNet(nn.Module):
    gain = GAIN

    def __init__(self, channels, classes, options, blocks, bottleneck, attention):
        super().__init__()
        self.is_small = options["Stem"] == "Conv3x3"
        self.conv1 = conv(channels, 64, 3) if self.is_small else conv(channels, 64, 7, 2)
        self.bn1 = nn.BatchNorm2d(64)
        width = 64
        for stage, count in enumerate(blocks, 1):
            planes = 32 << stage
            layers = []
            for block in range(count):
                stride = 2 if stage > 1 and block == 0 else 1
                layers.append(AttentionBlock(width, planes, stride, bottleneck, attention))
                width = planes * 4 if bottleneck else planes
            setattr(self, f"layer{stage}", nn.Sequential(*layers))
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = x if self.is_small else F.max_pool2d(x, 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class CifarBlock(nn.Module):
    """He et al. 2016, figures 2 (shortcuts) and 4 (placements), each written out."""

    def __init__(self, inputs, outputs, stride, bottleneck, is_first, options):
        super().__init__()
        self.shortcut_type, self.placement, self.is_first = options["Shortcut"], options["Placement"], is_first
        self.stride, self.zeros = stride, outputs - inputs
        self.changes = stride != 1 or inputs != outputs
        self.dropout = float(options.get("Dropout", 0))
        inner = outputs // 4
        shapes = ([(inputs, inner, 1, stride), (inner, inner, 3, 1), (inner, outputs, 1, 1)] if bottleneck
                  else [(inputs, outputs, 3, stride), (outputs, outputs, 3, 1)])
        self.depth = len(shapes)
        for i, shape in enumerate(shapes, 1):
            setattr(self, f"bn{i}", nn.BatchNorm2d(shape[0 if self.placement == "FullPreactivation" else 1]))
            setattr(self, f"conv{i}", conv(*shape))
        if self.shortcut_type == "Convolution" or (self.shortcut_type == "Projection" and self.changes):
            bare = self.placement in ("FullPreactivation", "BatchNormAfterAddition")
            self.shortcut = nn.Sequential(
                conv(inputs, outputs, 1, stride), *([] if bare else [nn.BatchNorm2d(outputs)]))
        if self.shortcut_type in ("ExclusiveGating", "ShortcutOnlyGating"):
            self.gate = conv(inputs, outputs, 1, stride, bias=True)

    def forward(self, x):
        y = x
        for i in range(1, self.depth + 1):
            convolve, norm = getattr(self, f"conv{i}"), getattr(self, f"bn{i}")
            is_last = i == self.depth
            if self.placement == "FullPreactivation":
                y = F.relu(norm(y))
                x = y if i == 1 and self.is_first else x
                y = convolve(y)
            elif self.placement == "ReluOnlyPreactivation":
                y = F.relu(y)
                x = y if i == 1 and self.is_first else x
                y = norm(convolve(y))
            elif self.placement == "ReluBeforeAddition":
                y = F.relu(norm(convolve(y)))
            elif self.placement == "BatchNormAfterAddition":
                y = F.relu(norm(self.add(convolve(y), x))) if is_last else F.relu(norm(convolve(y)))
            else:
                y = F.relu(self.add(norm(convolve(y)), x)) if is_last else F.relu(norm(convolve(y)))
        return y if self.placement in ("Original", "BatchNormAfterAddition") else self.add(y, x)

    def add(self, y, x):
        kind = self.shortcut_type
        if hasattr(self, "shortcut"):
            return y + self.shortcut(x)
        s = x
        if self.changes:
            before = self.zeros // 2
            s = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, before, self.zeros - before))
        if kind == "ConstantScaling":
            return 0.5 * y + 0.5 * s
        if kind == "ExclusiveGating":
            g = torch.sigmoid(self.gate(x))
            return g * y + (1 - g) * s
        if kind == "ShortcutOnlyGating":
            return y + (1 - torch.sigmoid(self.gate(x))) * s
        return y + (F.dropout(s, 0.5, self.training) if kind == "Dropout" else s)


class CifarResNet(nn.Module):
    gain = GAIN

    def __init__(self, channels, classes, options, blocks, first, stages, bottleneck=False):
        super().__init__()
        self.placement, self.stages = options["Placement"], len(stages)
        self.activates_first = self.placement in ("ReluOnlyPreactivation", "FullPreactivation")
        self.conv1 = conv(channels, first, 3)
        if self.placement == "FullPreactivation":
            self.bn = nn.BatchNorm2d(stages[-1])
        else:
            self.bn1 = nn.BatchNorm2d(first)
        width = first
        for stage, outputs in enumerate(stages, 1):
            layers = []
            for block in range(blocks):
                stride = 2 if stage > 1 and block == 0 else 1
                layers.append(CifarBlock(width, outputs, stride, bottleneck, block == 0, options))
                width = outputs
            setattr(self, f"layer{stage}", nn.Sequential(*layers))
        self.linear = nn.Linear(width, classes)

    def forward(self, x):
        x = self.conv1(x)
        x = x if self.placement == "FullPreactivation" else self.bn1(x)
        x = x if self.activates_first else F.relu(x)
        for stage in range(1, self.stages + 1):
            x = getattr(self, f"layer{stage}")(x)
        x = self.bn(x) if self.placement == "FullPreactivation" else x
        x = F.relu(x) if self.activates_first else x
        return self.linear(x.mean((2, 3)))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth, bottleneck):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = conv(inputs, 4 * growth, 1) if bottleneck else conv(inputs, growth, 3)
        if bottleneck:
            self.norm2 = nn.BatchNorm2d(4 * growth)
            self.conv2 = conv(4 * growth, growth, 3)
        self.bottleneck = bottleneck

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x)))
        return torch.cat((x, self.conv2(F.relu(self.norm2(y))) if self.bottleneck else y), 1)


class DenseNet(nn.Module):
    """Huang et al. 2016, section 3 for CIFAR; bottleneck with compression by a half (BC) or neither."""

    gain = GAIN

    def __init__(self, channels, classes, options, depth, growth, bottleneck):
        super().__init__()
        layers = (depth - 4) // (6 if bottleneck else 3)
        width = 2 * growth if bottleneck else 16
        self.features = nn.Sequential()
        self.features.add_module("conv0", conv(channels, width, 3))
        for block in (1, 2, 3):
            dense = nn.Sequential()
            for layer in range(1, layers + 1):
                dense.add_module(f"denselayer{layer}", DenseLayer(width, growth, bottleneck))
                width += growth
            self.features.add_module(f"denseblock{block}", dense)
            if block < 3:
                transition = nn.Sequential()
                transition.add_module("norm", nn.BatchNorm2d(width))
                transition.add_module("relu", nn.ReLU())
                transition.add_module("conv", conv(width, width // 2 if bottleneck else width, 1))
                transition.add_module("pool", nn.AvgPool2d(2))
                width = width // 2 if bottleneck else width
                self.features.add_module(f"transition{block}", transition)
        self.features.add_module("norm5", nn.BatchNorm2d(width))
        self.classifier = nn.Linear(width, classes)

    def forward(self, x):
        return self.classifier(F.relu(self.features(x)).mean((2, 3)))


class Separable(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv_dw = conv(inputs, inputs, 3, stride, groups=inputs)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv_pw = conv(inputs, outputs, 1)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.bn2(self.conv_pw(F.relu(self.bn1(self.conv_dw(x))))))


class MobileNetV1(nn.Module):
    """Howard et al. 2017, table 1."""

    def __init__(self, channels, classes, options):
        super().__init__()
        self.conv_stem = conv(channels, 32, 3, 2)
        self.bn1 = nn.BatchNorm2d(32)
        width, stages = 32, []
        for outputs in ([64], [128] * 2, [256] * 2, [512] * 6, [1024] * 2):
            blocks = []
            for i, output in enumerate(outputs):
                blocks.append(Separable(width, output, 2 if i == 0 and output > 64 else 1))
                width = output
            stages.append(nn.Sequential(*blocks))
        self.blocks = nn.Sequential(*stages)
        self.classifier = nn.Linear(width, classes)

    def forward(self, x):
        return self.classifier(self.blocks(F.relu(self.bn1(self.conv_stem(x)))).mean((2, 3)))


class PaperResponseNorm(nn.Module):
    """Krizhevsky et al. 2012, section 3.3, channel by channel: k = 2, n = 5, alpha = 1e-4, beta = 0.75."""

    def forward(self, x):
        squares = x * x
        sums = [squares[:, max(0, c - 2):c + 3].sum(1) for c in range(x.shape[1])]
        return x / (2 + 1e-4 * torch.stack(sums, 1)) ** 0.75


class AlexNet2012(nn.Module):
    def __init__(self, channels, classes, options, side):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 96, 11, 4, 2), nn.ReLU(), PaperResponseNorm(), nn.MaxPool2d(3, 2),
            conv(96, 256, 5, groups=2, bias=True), nn.ReLU(), PaperResponseNorm(), nn.MaxPool2d(3, 2),
            conv(256, 384, 3, bias=True), nn.ReLU(),
            conv(384, 384, 3, groups=2, bias=True), nn.ReLU(),
            conv(384, 256, 3, groups=2, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2))
        features = self.features(torch.zeros(1, channels, side, side)).numel()
        self.classifier = nn.Sequential(
            nn.Linear(features, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
            nn.Linear(4096, classes))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def alexnet_d2l(channels, classes, options, side):
    features = nn.Sequential(
        nn.Conv2d(channels, 96, 11, 4, 1), nn.ReLU(), nn.MaxPool2d(3, 2),
        conv(96, 256, 5, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2),
        conv(256, 384, 3, bias=True), nn.ReLU(), conv(384, 384, 3, bias=True), nn.ReLU(),
        conv(384, 256, 3, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten())
    count = features(torch.zeros(1, channels, side, side)).numel()
    return nn.Sequential(
        *features, nn.Linear(count, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, classes))


def nin(channels, classes, options):
    def block(inputs, outputs, kernel, stride, padding):
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, kernel, stride, padding), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 1), nn.ReLU(), nn.Conv2d(outputs, outputs, 1), nn.ReLU())

    return nn.Sequential(
        block(channels, 96, 11, 4, 0), nn.MaxPool2d(3, 2), block(96, 256, 5, 1, 2), nn.MaxPool2d(3, 2),
        block(256, 384, 3, 1, 1), nn.MaxPool2d(3, 2), nn.Dropout(), block(384, classes, 3, 1, 1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten())


def attention(attention, bottleneck, *blocks):
    return functools.partial(AttentionResNet, blocks=blocks, bottleneck=bottleneck, attention=attention)


def cifar(blocks, bottleneck=False):
    stages = (64, 128, 256) if bottleneck else (16, 32, 64)
    return functools.partial(CifarResNet, blocks=blocks, first=16, stages=stages, bottleneck=bottleneck)


def densenet(depth, growth, bottleneck=False):
    return functools.partial(DenseNet, depth=depth, growth=growth, bottleneck=bottleneck)


NETWORKS = {
    "SEResNet18": attention(SqueezeExcitation, False, 2, 2, 2, 2),
    "SEResNet34": attention(SqueezeExcitation, False, 3, 4, 6, 3),
    "SEResNet50": attention(SqueezeExcitation, True, 3, 4, 6, 3),
    "SEResNet101": attention(SqueezeExcitation, True, 3, 4, 23, 3),
    "CbamResNet18": attention(Cbam, False, 2, 2, 2, 2),
    "CbamResNet34": attention(Cbam, False, 3, 4, 6, 3),
    "CbamResNet50": attention(Cbam, True, 3, 4, 6, 3),
    "CifarResNet20": cifar(3),
    "CifarResNet56": cifar(9),
    "CifarResNet110": cifar(18),
    "PreActResNet18": functools.partial(CifarResNet, blocks=2, first=64, stages=(64, 128, 256, 512)),
    "PreActResNet110": cifar(18),
    "PreActResNet164": cifar(18, bottleneck=True),
    "PreActResNet1001": cifar(111, bottleneck=True),
    "WideResNet28_10": functools.partial(CifarResNet, blocks=4, first=16, stages=(160, 320, 640)),
    "DenseNet40_k12": densenet(40, 12),
    "DenseNet100_k12": densenet(100, 12),
    "DenseNetBC100_k12": densenet(100, 12, bottleneck=True),
    "DenseNetBC190_k40": densenet(190, 40, bottleneck=True),
    "DenseNetBC250_k24": densenet(250, 24, bottleneck=True),
    "MobileNetV1": MobileNetV1,
    "AlexNet2012": AlexNet2012,
    "AlexNetD2l": alexnet_d2l,
    "NiN": nin,
}


def create(request):
    _, channels, side, _ = request["shape"]
    network = NETWORKS[request["network"]]
    sided = {"side": side} if request["network"].startswith("AlexNet") else {}
    return network(channels, request["classes"], request["options"], **sided)
