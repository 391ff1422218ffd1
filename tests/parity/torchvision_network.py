"""A network of torchvision with random weights. Usage: torchvision_network.py FOLDER; see network_comparison.py."""

import sys

import torchvision

import network_comparison

HEADS = {
    "googlenet": [("inception4a", "aux1"), ("inception4d", "aux2")],
    "inception_v3": [("Mixed_6e", "AuxLogits")],
}

# Where blocks that add up, each as large as the whole, would magnify rounding; see network_comparison.randomise.
GAINS = {"mobilenet_v3_large": 0.7}


def create(request):
    options = {} if request["heads"] is None else {"aux_logits": request["heads"], "init_weights": False}
    model = getattr(torchvision.models, request["network"])(num_classes=request["classes"], **options)
    model.gain = GAINS.get(request["network"], 1)
    return model


if __name__ == "__main__":
    network_comparison.answer(sys.argv[1], create, HEADS)
