"""
torchvision's stochastic depth by rows. Usage: stochastic_depth.py FOLDER, which holds request.json (probability,
training) and data.safetensors (input: (N, C, H, W)), and gets result.safetensors (output).
"""

import json
import os
import sys

import torch
from torchvision.ops import stochastic_depth

import safetensors_file


def main(folder):
    torch.manual_seed(0)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    images = safetensors_file.read(os.path.join(folder, "data.safetensors"))["input"]
    output = stochastic_depth(images, request["probability"], "row", request["training"])
    safetensors_file.write(os.path.join(folder, "result.safetensors"), {"output": output})


main(sys.argv[1])
