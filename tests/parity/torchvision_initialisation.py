"""
How torchvision initialises. Usage: torchvision_initialisation.py FOLDER, which holds request.json (names of networks) and
gets result.json: by network and tensor its mean and deviation.
"""

import json
import os
import sys

import torch
import torchvision


def spread(tensor):
    deviation, mean = torch.std_mean(tensor.double(), unbiased=False)
    return {"mean": mean.item(), "deviation": deviation.item()}


def main(folder):
    torch.set_num_threads(1)
    torch.manual_seed(6)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        networks = json.load(file)
    result = {}
    for network in networks:
        tensors = getattr(torchvision.models, network)().state_dict()
        result[network] = {name: spread(t) for name, t in tensors.items() if t.is_floating_point()}
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main(sys.argv[1])
