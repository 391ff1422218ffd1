"""
Reads a safetensors file and writes it again, by a reader and writer of its own. Usage: safetensors_copy.py FOLDER, which
holds data.safetensors and gets result.safetensors: the same tensors and metadata, with one text more, and as TYPE/NAME
each tensor in half precision, bfloat16 and double precision.
"""

import os
import sys

import torch

import safetensors_file


def main(folder):
    path = os.path.join(folder, "data.safetensors")
    tensors = safetensors_file.read(path)
    others = {
        f"{dtype}/{name}": tensor.to(dtype)
        for name, tensor in tensors.items() for dtype in (torch.float16, torch.bfloat16, torch.float64)
    }
    metadata = {**safetensors_file.read_metadata(path), "héllo": 'wörld "quoted"\n'}
    safetensors_file.write(os.path.join(folder, "result.safetensors"), {**tensors, **others}, metadata)


if __name__ == "__main__":
    main(sys.argv[1])
