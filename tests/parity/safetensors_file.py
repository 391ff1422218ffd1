"""Reads and writes safetensors files: eight bytes of length, a JSON header, then the values of each tensor."""

import json
import struct

import numpy
import torch

DTYPES = {"F32": numpy.float32, "I64": numpy.int64, "U8": numpy.uint8}
NAMES = {
    torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64",
    torch.uint8: "U8",
}


def read(path):
    """All tensors of a file, by name."""
    header, data = _load(path)
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


def read_metadata(path):
    """The free texts of a file, by name."""
    return _load(path)[0].get("__metadata__", {})


def write(path, tensors, metadata=None):
    """Writes tensors of the types in NAMES, and free texts."""
    header, blocks, offset = {"__metadata__": metadata} if metadata else {}, [], 0
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous()
        # numpy has no bfloat16: its bits are written.
        block = (values.view(torch.int16) if values.dtype == torch.bfloat16 else values).numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(block)],
        }
        blocks.append(block)
        offset += len(block)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def _load(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length)), file.read()
