"""A network of torchvision with random weights. Usage: torchvision_network.py FOLDER; see network_comparison.py."""

import sys

import torchvision

import network_comparison

HEADS = {
    "googlenet": [("inception4a", "aux1"), ("inception4d", "aux2")],
    "inception_v3": [("Mixed_6e", "AuxLogits")],
}


def create(request):
    make = getattr(torchvision.models, request["network"])
    if request["heads"] is None:
        return make(num_classes=request["classes"])
    return network_comparison.keep_signals(
        make(num_classes=request["classes"], aux_logits=request["heads"], init_weights=False))


if __name__ == "__main__":
    network_comparison.answer(sys.argv[1], create, HEADS)
