"""
Files of torch.save, of every kind that holds weights. Usage: write_state_dicts.py FOLDER, which gets, for each CASE,

    CASE.zip.pth, CASE.legacy.pth, CASE.protocol4.pth    the same object in three formats
    CASE.safetensors                                     its floating-point tensors in single precision

and result.json, the list of cases.
"""

import collections
import json
import os
import sys

import torch
import torch.nn as nn

import safetensors_file


def make_cases():
    """What is saved, and its state dict, by name."""
    torch.manual_seed(7)
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8, 5))
    for _ in range(7):
        net[1](torch.randn(2, 8, 4, 4))
    optimizer = torch.optim.Adam(net.parameters())
    state = net.state_dict()
    base = torch.randn(4, 5, 6)
    views = {
        "whole": base,
        "transposed": base.permute(2, 0, 1),
        "row": base[2],
        "step": base[:, ::2, 1:5],
        "scalar": base[1, 2, 3],
        "again": base,
        "empty": base[:0],
    }
    nested = {
        "epoch": 3, "lr": 1e-3, "best": None, "done": False, "big": 2 ** 70, "history": [(1, 0.5), (2, 0.25)],
        "state_dict": state, "optimizer": optimizer.state_dict(), "rng": torch.get_rng_state(), "size": torch.Size([1, 2]),
        "type": torch.float32,
    }
    return {
        "state_dict": (state, state),
        "half": (same := {name: t.half() for name, t in state.items() if t.is_floating_point()}, same),
        "bfloat16": (same := {name: t.bfloat16() for name, t in state.items() if t.is_floating_point()}, same),
        "float64": (same := {name: torch.randn(t.shape, dtype=torch.float64) for name, t in state.items()}, same),
        "views": (views, views),
        "parameters": (same := dict(net.named_parameters()), same),
        "nested": (nested, state),
        "parallel": (collections.OrderedDict(("module." + name, t) for name, t in state.items()), state),
        "channels_last": (same := net.to(memory_format=torch.channels_last).state_dict(), same),
    }


def main(folder):
    cases = make_cases()
    for name, (saved, state) in cases.items():
        path = os.path.join(folder, name)
        torch.save(saved, path + ".zip.pth")
        torch.save(saved, path + ".legacy.pth", _use_new_zipfile_serialization=False)
        torch.save(saved, path + ".protocol4.pth", pickle_protocol=4)
        floats = {key: tensor.float() for key, tensor in state.items() if tensor.is_floating_point()}
        safetensors_file.write(path + ".safetensors", floats)
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump(list(cases), file)


if __name__ == "__main__":
    main(sys.argv[1])
