"""
Whitening by numpy in double precision. Usage: whitening.py FOLDER, which holds request.json (epsilon) and data.safetensors
(images: (N, C, H, W; uint8)), and gets result.safetensors: zca and pca, (N, C, H, W), of pca the axis of the largest
variance first and the sign as it comes.
"""

import json
import os
import sys

import numpy
import torch

import safetensors_file


def main(folder):
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        epsilon = json.load(file)["epsilon"]
    images = safetensors_file.read(os.path.join(folder, "data.safetensors"))["images"].numpy()
    rows = images.reshape(len(images), -1).astype(numpy.float64) / 255
    rows -= rows.mean(axis=0)
    # Of rows = A diag(s) Bᵀ, s² / N are the variances along the axes B.
    _, s, axes = numpy.linalg.svd(rows, full_matrices=True)
    variances = numpy.zeros(rows.shape[1])
    variances[:len(s)] = s ** 2 / len(rows)
    pca = rows @ axes.T / numpy.sqrt(variances + epsilon)
    results = {"zca": pca @ axes, "pca": pca}
    safetensors_file.write(
        os.path.join(folder, "result.safetensors"),
        {name: torch.from_numpy(values.reshape(images.shape)).float() for name, values in results.items()})


main(sys.argv[1])
