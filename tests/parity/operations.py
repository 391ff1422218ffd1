"""
Single operations with their gradients. Usage: operations.py FOLDER, which holds

    request.json           a list of cases: name, operation, arguments
    data.safetensors       the inputs, as CASE/INPUT

and gets result.safetensors: CASE/output, CASE/gradient/INPUT for each float input, and CASE/after/INPUT for those that
the operation writes to. The gradients are those of the cross entropy of the output, flattened, against labels 0, 1, 2
and so on: the one scalar that CnnTools differentiates.
"""

import json
import os
import sys

import torch
import torch.nn.functional as F

import safetensors_file

WRITTEN = ("running_mean", "running_var")
ACTIVATIONS = {
    "ReLU": torch.relu, "Tanh": torch.tanh, "Sigmoid": torch.sigmoid, "ReLU6": F.relu6, "SiLU": F.silu,
    "HardSwish": F.hardswish, "HardSigmoid": F.hardsigmoid,
}


def pad2d(t, padding, mode, value):
    top, bottom, left, right = padding
    around = (left, right, top, bottom)
    if mode in ("Zeros", "Constant"):
        return F.pad(t["x"], around, "constant", value if mode == "Constant" else 0)
    return F.pad(t["x"], around, mode.lower())


OPERATIONS = {
    "conv2d": lambda t, stride, padding, dilation, groups: F.conv2d(
        t["x"], t["weight"], t.get("bias"), stride, padding, dilation, groups),
    "pad2d": pad2d,
    "max_pool2d": lambda t, kernel, stride, padding, ceil: F.max_pool2d(
        t["x"], kernel, stride, padding, ceil_mode=ceil),
    "avg_pool2d": lambda t, kernel, stride, padding, ceil, count_padding: F.avg_pool2d(
        t["x"], kernel, stride, padding, ceil_mode=ceil, count_include_pad=count_padding),
    "adaptive_avg_pool2d": lambda t, size: F.adaptive_avg_pool2d(t["x"], size),
    "batch_norm2d": lambda t, training, momentum, epsilon: F.batch_norm(
        t["x"], t["running_mean"], t["running_var"], t.get("weight"), t.get("bias"), training, momentum, epsilon),
    "linear": lambda t: F.linear(t["x"], t["weight"], t.get("bias")),
    "activate": lambda t, function: ACTIVATIONS[function](t["x"]),
    "concat": lambda t, dimension: torch.cat((t["x"], t["y"]), dimension),
    "add": lambda t: t["x"] + t["y"],
    "multiply": lambda t: t["x"] * t["y"],
    "adaptive_max_pool2d": lambda t, size: F.adaptive_max_pool2d(t["x"], size),
    "local_response_norm": lambda t, size, alpha, beta, k: F.local_response_norm(t["x"], size, alpha, beta, k),
    "affine": lambda t, scale, shift: scale * t["x"] + shift,
    "max": lambda t, dimension: torch.max(t["x"], dimension, keepdim=True)[0],
    "mean": lambda t, dimension: torch.mean(t["x"], dimension, keepdim=True),
    "reshape": lambda t, sizes: t["x"].reshape(sizes),
    "pad_channels": lambda t, before, after: F.pad(t["x"], (0, 0, 0, 0, before, after)),
    "softmax": lambda t, dimension: torch.softmax(t["x"], dimension),
    "cross_entropy": lambda t, smoothing: F.cross_entropy(t["x"], labels_for(t["x"]), label_smoothing=smoothing),
}


def labels_for(rows):
    return torch.arange(len(rows)) % rows.shape[1]


def main(folder):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        cases = json.load(file)
    data = safetensors_file.read(os.path.join(folder, "data.safetensors"))
    results = {}
    for case in cases:
        prefix = case["name"] + "/"
        inputs = {name[len(prefix):]: tensor for name, tensor in data.items() if name.startswith(prefix)}
        for name, tensor in inputs.items():
            tensor.requires_grad_(name not in WRITTEN)
        output = OPERATIONS[case["operation"]](inputs, **case["arguments"])
        results[prefix + "output"] = output
        if output.dim() == 0:
            output.backward()
        else:
            rows = output.flatten(1)
            F.cross_entropy(rows, labels_for(rows)).backward()
        for name, tensor in inputs.items():
            results[prefix + ("after/" if name in WRITTEN else "gradient/") + name] = (
                tensor if name in WRITTEN else tensor.grad)
    safetensors_file.write(os.path.join(folder, "result.safetensors"), results)


if __name__ == "__main__":
    main(sys.argv[1])
