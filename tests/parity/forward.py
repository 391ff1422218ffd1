"""
One pass in evaluation mode. Usage: forward.py FOLDER, which holds request.json (network, mean, deviation),
initial.safetensors and data.safetensors (images), and gets logits.safetensors.
"""

import json
import os
import sys

import torch

import networks
import safetensors_file


def main(folder):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    images = safetensors_file.read(os.path.join(folder, "data.safetensors"))["images"]
    model = networks.create(request["network"])
    model.load_state_dict(safetensors_file.read(os.path.join(folder, "initial.safetensors")))
    model.eval()
    with torch.no_grad():
        logits = model(networks.normalise(images, request["mean"], request["deviation"]))
    safetensors_file.write(os.path.join(folder, "logits.safetensors"), {"logits": logits})


if __name__ == "__main__":
    main(sys.argv[1])
