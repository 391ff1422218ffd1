"""A network of the folder transcriptions with random weights. Usage: transcription.py FOLDER; see network_comparison.py."""

import importlib
import sys

import network_comparison

GOOGLENET_HEADS = [("inception4a", "aux1"), ("inception4d", "aux2")]


def create(request):
    """request's source: the file of transcriptions."""
    model = importlib.import_module("transcriptions." + request["source"]).create(request)
    return network_comparison.keep_signals(model)


if __name__ == "__main__":
    network_comparison.answer(sys.argv[1], create, {"googlenet5x5": GOOGLENET_HEADS})
