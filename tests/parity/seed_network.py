"""
A network of one of the seeds with random weights. Usage: seed_network.py FOLDER; see network_comparison.py. The request's
source is the seed's text: what its Python blocks say about networks is executed as it stands.
"""

import ast
import sys

import torch
import torch.nn.functional as F

import network_comparison

# Each seed's networks, in the order of its text, and how the names of their classes end: parts of them are classes too.
NETWORKS = [
    ["seed000_image_classification", "seed000_image_classification_optimised"],
    ["seed001_simple_cnn"],
    ["seed002_net", "seed002_homework_net", "seed002_inception_net", "seed002_residual_net"],
]
ENDINGS = ("Net", "CNN", "Classification")


def blocks(text):
    """What stands between two lines of ```, of which the first may name a language."""
    return [block.partition("\n")[2] for block in text.split("```")[1::2]]


def classes(text):
    for block in blocks(text):
        try:
            tree = ast.parse(block)
        except SyntaxError:
            continue
        yield from (node for node in tree.body if isinstance(node, ast.ClassDef))


def resnet18(text):
    """Seed 003's: its blocks about Residual, less their import of the package d2l, which they do not use."""
    names = {}
    for block in blocks(text):
        if "Residual(" in block:
            tree = ast.parse(block)
            tree.body = [node for node in tree.body if not (isinstance(node, ast.ImportFrom) and node.module == "d2l")]
            exec(compile(tree, "seed 003", "exec"), names)
    return names["net"]


def create(request):
    with open(request["source"], encoding="utf-8") as file:
        text = file.read()
    if request["network"] == "seed003_resnet18":
        return resnet18(text)
    names = {"torch": torch, "nn": torch.nn, "F": F}
    wanted = next(seed.index(request["network"]) for seed in NETWORKS if request["network"] in seed)
    for node in classes(text):
        exec(compile(ast.Module([node], []), request["source"], "exec"), names)
        wanted -= node.name.endswith(ENDINGS)
        if wanted < 0:
            # A later class of the same name would take its place.
            return names[node.name]()
    raise ValueError(f"{request['source']} has no {request['network']}.")


if __name__ == "__main__":
    network_comparison.answer(sys.argv[1], create)
