"""A network of torchvision with random weights. Usage: torchvision_network.py FOLDER; see network_comparison.py."""

import sys

import torchvision

import network_comparison

HEADS = {
    "googlenet": [("inception4a", "aux1"), ("inception4d", "aux2")],
    "inception_v3": [("Mixed_6e", "AuxLogits")],
}


def create(request):
    options = {} if request["heads"] is None else {"aux_logits": request["heads"], "init_weights": False}
    return getattr(torchvision.models, request["network"])(num_classes=request["classes"], **options)


if __name__ == "__main__":
    network_comparison.answer(sys.argv[1], create, HEADS)
