"""
A network of torchvision with random weights. Usage: torchvision_network.py FOLDER, which holds request.json (network,
classes, shape of the images) and gets weights.safetensors, images.safetensors, and logits.safetensors and
gradients.safetensors (each label the least likely class, so that there is much to learn), both in evaluation mode: in
training mode batch norm over so few images magnifies rounding so much that PyTorch's own gradients differ by some percent
between float32 and float64.
"""

import json
import os
import sys

import torch
import torch.nn.functional as F
import torchvision

import safetensors_file


def main(folder):
    torch.set_num_threads(1)
    torch.manual_seed(5)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    model = getattr(torchvision.models, request["network"])(num_classes=request["classes"])
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            # Neither zeros nor ones, so that nothing of it can be left out unnoticed.
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    images = torch.randn(request["shape"])
    write(folder, "weights", {name: t for name, t in model.state_dict().items() if t.is_floating_point()})
    write(folder, "images", {"images": images})

    model.eval()
    logits = model(images)
    write(folder, "logits", {"logits": logits})
    F.cross_entropy(logits, logits.argmin(1)).backward()
    write(folder, "gradients", {name: p.grad for name, p in model.named_parameters()})


def write(folder, name, tensors):
    safetensors_file.write(os.path.join(folder, name + ".safetensors"), tensors)


if __name__ == "__main__":
    main(sys.argv[1])
