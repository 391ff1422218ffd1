"""Writes tests/data/operations.json: operations on small data with PyTorch's results, for tests/Operations.Tests.ps1.

Each case names a cmdlet, its parameters as PowerShell takes them, and what PyTorch gives. Run it again after a change of
the cases: python3 operations_reference.py > ../data/operations.json
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(5)
CASES = []


def numbers(*sizes):
    """Whole numbers from -4 to 5: sums of their products are exact."""
    return torch.randint(-4, 6, sizes).float()


def fractions(*sizes):
    return torch.round(torch.randn(sizes) * 100) / 100


def short(value):
    """Numbers with the digits that a 32-bit one has."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [short(item) for item in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value


def squeezed(output):
    """A single plane without a batch is a matrix."""
    return output[0] if output.dim() == 3 and output.shape[0] == 1 else output


def case(name, command, data, parameters, expected, weights=None):
    CASES.append({
        "name": name, "command": command, "input": data.tolist(), "parameters": parameters,
        "expected": squeezed(expected).tolist(), **({"weights": weights} if weights else {}),
    })


def convolution(name, data, kernel, parameters, **options):
    """Data of one image; options are conv2d's."""
    bias = torch.tensor([float(b) for b in parameters["Bias"]]) if "Bias" in parameters else None
    image = data if data.dim() == 3 else data[None]
    weight = kernel if kernel.dim() == 4 else kernel[None] if kernel.dim() == 3 else kernel[None, None]
    expected = F.conv2d(image[None], weight, bias, **options)[0]
    case(name, "Invoke-Convolution", data, {"Kernel": kernel.tolist(), **parameters}, expected)


def pooling(name, data, parameters, pool):
    image = data if data.dim() == 3 else data[None]
    case(name, "Invoke-Pooling", data, parameters, pool(image[None])[0])


def convolutions():
    plane = numbers(6, 7)
    convolution("same padding", plane, numbers(3, 3), {"Padding": "Same"}, padding="same")
    convolution("same padding, even kernel", plane, numbers(2, 4), {"Padding": "Same"}, padding="same")
    convolution("same padding, dilated", plane, numbers(3, 3), {"Padding": "Same", "Dilation": 2}, padding="same", dilation=2)
    convolution("full padding", plane, numbers(3, 2), {"Padding": "Full"}, padding=(2, 1))
    convolution("full padding, dilated", plane, numbers(3, 2), {"Padding": "Full", "Dilation": [2, 3]},
                padding=(4, 3), dilation=(2, 3))
    convolution("valid padding", plane, numbers(3, 2), {"Padding": "Valid"})
    convolution("pairs", numbers(2, 9, 8), numbers(3, 2, 5, 2), {"Stride": [2, 1], "Padding": [2, 0], "Dilation": [1, 3]},
                stride=(2, 1), padding=(2, 0), dilation=(1, 3))
    convolution("seed 000's stride (2, 1): two rows down, one column to the right", plane, numbers(2, 2), {"Stride": [2, 1]},
                stride=(2, 1))
    convolution("dilation", plane, numbers(3, 3), {"Dilation": 2}, dilation=2)
    convolution("groups", numbers(4, 5, 5), numbers(6, 2, 3, 3), {"Groups": 2, "Padding": 1}, groups=2, padding=1)
    convolution("seed 000, section 3.5: two filters with bias, stride 2, padding 1", torch.randint(0, 3, (3, 5, 5)).float(),
                torch.randint(-1, 2, (2, 3, 3, 3)).float(), {"Stride": 2, "Padding": 1, "Bias": [1, 0]}, stride=2, padding=1)
    convolution("fractions", fractions(3, 6, 6), fractions(2, 3, 3, 3), {"Padding": 1}, padding=1)

    image, kernel = numbers(3, 5, 6), numbers(3, 3)
    case("one plane over all channels", "Invoke-Convolution", image, {"Kernel": kernel.tolist()},
         F.conv2d(image[None], kernel.repeat(1, 3, 1, 1))[0])
    case("one plane, each channel for itself", "Invoke-Convolution", image, {"Kernel": kernel.tolist(), "PerChannel": True},
         F.conv2d(image[None], kernel.repeat(3, 1, 1, 1), groups=3)[0])
    two = numbers(2, 1, 3, 3)
    case("two filters of one plane, each channel for itself", "Invoke-Convolution", image,
         {"Kernel": two.tolist(), "PerChannel": True}, F.conv2d(image[None], two.repeat(3, 1, 1, 1), groups=3)[0])
    case("a plane of its own for each channel", "Invoke-Convolution", image,
         {"Kernel": (own := numbers(3, 2, 2)).tolist(), "PerChannel": True}, F.conv2d(image[None], own[:, None], groups=3)[0])
    case("a batch", "Invoke-Convolution", (batch := numbers(2, 3, 4, 4)), {"Kernel": (four := numbers(4, 3, 3, 3)).tolist()},
         F.conv2d(batch, four))
    padded = F.pad(plane[None, None], (1, 2, 0, 3), mode="reflect")
    case("reflected rows and columns, four numbers", "Invoke-Convolution", plane,
         {"Kernel": kernel.tolist(), "Padding": [0, 3, 1, 2], "PaddingMode": "Reflect"}, F.conv2d(padded, kernel[None, None])[0])
    case("a true convolution", "Invoke-Convolution", plane, {"Kernel": kernel.tolist(), "Flip": True, "Padding": "Full"},
         F.conv2d(plane[None, None], kernel.flip(0, 1)[None, None], padding=2)[0])


def poolings():
    plane, image = numbers(5, 6) - 6, numbers(2, 7, 5)
    pooling("max, padded: padding is below every value", plane, {"Kind": "Max", "Kernel": 3, "Stride": 2, "Padding": 1},
            lambda x: F.max_pool2d(x, 3, 2, 1))
    pooling("max, ceil mode", plane, {"Kind": "Max", "Kernel": [3, 2], "Stride": 2, "CeilMode": True},
            lambda x: F.max_pool2d(x, (3, 2), 2, ceil_mode=True))
    pooling("average, padding counts", plane, {"Kind": "Average", "Kernel": 3, "Stride": 2, "Padding": 1},
            lambda x: F.avg_pool2d(x, 3, 2, 1))
    pooling("average, padding does not count", plane,
            {"Kind": "Average", "Kernel": 3, "Stride": 2, "Padding": 1, "CountPadding": False},
            lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False))
    pooling("average, pairs", image, {"Kind": "Average", "Kernel": [3, 1], "Stride": [1, 2]},
            lambda x: F.avg_pool2d(x, (3, 1), (1, 2)))
    pooling("global average", image, {"Kind": "Average", "Global": True}, lambda x: F.adaptive_avg_pool2d(x, 1))
    pooling("global max", image, {"Kind": "Max", "Global": True}, lambda x: F.adaptive_max_pool2d(x, 1))
    pooling("adaptive average, uneven windows", image, {"Kind": "Average", "OutputSize": [3, 2]},
            lambda x: F.adaptive_avg_pool2d(x, (3, 2)))
    pooling("adaptive max, more than there is", image, {"Kind": "Max", "OutputSize": [9, 4]},
            lambda x: F.adaptive_max_pool2d(x, (9, 4)))


def layers():
    image = fractions(2, 3, 3)
    case("sigmoid", "Invoke-CnnLayer", image, {"Definition": "Sigmoid"}, torch.sigmoid(image))
    case("ReLU", "Invoke-CnnLayer", image, {"Definition": "ReLU"}, torch.relu(image))
    case("flatten", "Invoke-CnnLayer", image, {"Definition": "Flatten"}, image.flatten())

    rows, weight, bias = fractions(4, 5), fractions(3, 5), fractions(3)
    case("fully connected", "Invoke-CnnLayer", rows,
         {"Definition": "Linear 3", "AsRows": True, "Weights": {"weight": weight.tolist(), "bias": bias.tolist()}},
         F.linear(rows, weight, bias))

    for training in (False, True):
        batch, gamma, beta = fractions(3, 2, 2, 2), fractions(2), fractions(2)
        mean, variance = fractions(2), fractions(2).abs() + 0.5
        given = {"weight": gamma.tolist(), "bias": beta.tolist(), "running_mean": mean.tolist(), "running_var": variance.tolist()}
        output = F.batch_norm(batch, mean, variance, gamma, beta, training, 0.1, 1e-5)
        case(f"batch norm in {'training' if training else 'evaluation'}", "Invoke-CnnLayer", batch,
             {"Definition": "BatchNorm2d", "Weights": given, "Training": training}, output,
             {"bn1.running_mean": mean.tolist(), "bn1.running_var": variance.tolist()})

    weights = {f"se.fc{i}.{kind}": fractions(*sizes) for i, sizes in ((1, (1, 2, 1, 1)), (2, (2, 1, 1, 1)))
               for kind, sizes in (("weight", sizes), ("bias", sizes[:1]))}
    middle = torch.relu(F.conv2d(image.mean((1, 2))[None, :, None, None], weights["se.fc1.weight"], weights["se.fc1.bias"]))
    gate = torch.sigmoid(F.conv2d(middle, weights["se.fc2.weight"], weights["se.fc2.bias"]))
    case("squeeze and excitation", "Invoke-CnnLayer", image,
         {"Definition": "SqueezeExcite 2 -Name se", "Weights": {n: w.tolist() for n, w in weights.items()}}, image * gate[0])

    image = fractions(4, 3, 5)
    names = ("ChannelGate.mlp.1.weight", "ChannelGate.mlp.1.bias", "ChannelGate.mlp.3.weight", "ChannelGate.mlp.3.bias",
             "SpatialGate.spatial.conv.weight", "SpatialGate.spatial.bn.weight", "SpatialGate.spatial.bn.bias")
    weights = dict(zip(names, (fractions(*sizes) for sizes in ((2, 4), (2,), (4, 2), (4,), (1, 2, 7, 7), (1,), (1,)))))
    w1, b1, w2, b2, kernel, gamma, beta = weights.values()
    perceptron = lambda values: F.linear(torch.relu(F.linear(values, w1, b1)), w2, b2)
    scaled = image * torch.sigmoid(perceptron(image.mean((1, 2))) + perceptron(image.amax((1, 2))))[:, None, None]
    pooled = torch.stack([scaled.amax(0), scaled.mean(0)])[None]
    pixels = F.batch_norm(F.conv2d(pooled, kernel, padding=3), torch.zeros(1), torch.ones(1), gamma, beta)
    case("attention to channels and pixels (Woo et al. 2018)", "Invoke-CnnLayer", image,
         {"Definition": "Cbam 2 -Name cbam", "Weights": {f"cbam.{n}": w.tolist() for n, w in weights.items()}},
         scaled * torch.sigmoid(pixels)[0])


convolutions()
poolings()
layers()
print("[\n" + ",\n".join(json.dumps(short(c), separators=(",", ":")) for c in CASES) + "\n]")
