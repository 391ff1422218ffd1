"""
A state dict that goes into a network of torchvision, strictly. Usage: read_state_dict.py FOLDER, which holds request.json
(network, classes) and net.pth, and gets result.safetensors: the network's floating-point tensors.
"""

import json
import os
import sys

import torch
import torchvision

import safetensors_file


def main(folder):
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    path = os.path.join(folder, "net.pth")
    state = torch.load(path)
    assert all(torch.equal(tensor, state[name]) for name, tensor in torch.load(path, weights_only=True).items())
    model = getattr(torchvision.models, request["network"])(num_classes=request["classes"])
    assert list(state) == list(model.state_dict()), "the names, or their order"
    assert all(state[name].dtype == tensor.dtype for name, tensor in model.state_dict().items())
    model.load_state_dict(state, strict=True)
    floats = {name: t for name, t in model.state_dict().items() if t.is_floating_point()}
    safetensors_file.write(os.path.join(folder, "result.safetensors"), floats)


if __name__ == "__main__":
    main(sys.argv[1])
