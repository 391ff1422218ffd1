"""
Outputs of layers and Grad-CAM. Usage: inspection.py FOLDER, which holds request.json (network, classes, layers, cam: the
layer of the map, label: its class), initial.safetensors and data.safetensors (input), and gets seen.safetensors: each
layer's output by its name, and "cam", scaled to the input's size.
"""

import json
import os
import sys

import torch
import torch.nn.functional as F
import torchvision

import networks
import safetensors_file


def create(name, classes):
    known = {"ResNet18": torchvision.models.resnet18}
    return known[name](num_classes=classes) if name in known else networks.create(name)


def main(folder):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    model = create(request["network"], request["classes"])
    missing, unexpected = model.load_state_dict(safetensors_file.read(os.path.join(folder, "initial.safetensors")), strict=False)
    # We count no batches.
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing)
    model.eval()
    modules = dict(model.named_modules())
    outputs = {}

    def watch(name):
        def keep(module, inputs, output):
            # What follows may work in place.
            outputs[name] = output
            return output.clone()
        modules[name].register_forward_hook(keep)

    for name in request["layers"]:
        watch(name)
    images = safetensors_file.read(os.path.join(folder, "data.safetensors"))["input"]
    logits = model(images)
    chosen = outputs[request["cam"]]
    gradient, = torch.autograd.grad(logits[:, request["label"]].sum(), chosen)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    seen = {name: output.detach().contiguous() for name, output in outputs.items()}
    cam = torch.relu((weights * chosen).sum(dim=1, keepdim=True))
    seen["cam"] = F.interpolate(cam, images.shape[2:], mode="bilinear", align_corners=False).detach().contiguous()
    seen["probability"] = torch.softmax(logits, 1)[:, request["label"]].detach().contiguous()
    safetensors_file.write(os.path.join(folder, "seen.safetensors"), seen)


if __name__ == "__main__":
    main(sys.argv[1])
