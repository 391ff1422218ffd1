"""
torchvision's functional transforms on tensors of bytes, image by image. Usage: augmentation.py FOLDER, which holds

    request.json           mean, deviation and a list of cases: name, data, step, its numbers, and a draw for each image
    data.safetensors       the images (N, C, H, W; uint8) under the names of data

and gets result.safetensors: under each case's name the images as float32; those of Cutout and RandomErasing normalised.
"""

import json
import os
import sys

import torch
import torchvision.transforms.functional as F
from torchvision.transforms import InterpolationMode
from torchvision.transforms.autoaugment import _apply_op

import safetensors_file

# The order of AdjustmentKind.
KINDS = [
    "Identity", "ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate", "Brightness", "Color", "Contrast", "Sharpness",
    "Posterize", "Solarize", "AutoContrast", "Equalize", "Hue",
]
PADDINGS = ["constant", "edge", "reflect", "symmetric"]
MODES = [InterpolationMode.NEAREST, InterpolationMode.BILINEAR]


def fill_of(numbers):
    """None pads with zeros; a fill of zeros would darken the edges of bilinear samples twice."""
    return [float(numbers["fill"])] if numbers["fill"] else None


def random_crop(image, numbers, draw):
    height, width = image.shape[-2:]
    padded = F.pad(image, [numbers["padding"]] * 4, numbers["fill"], PADDINGS[numbers["mode"]])
    return F.crop(padded, draw["vertical"], draw["horizontal"], height, width)


def flip(image, numbers, draw):
    return (F.hflip if numbers["horizontal"] else F.vflip)(image) if draw else image


def cutout(image, numbers, draw):
    """Each square cut to the image, as the paper's authors do it with numpy.clip."""
    for box in draw:
        top, left = max(box["top"], 0), max(box["left"], 0)
        image[:, top:box["top"] + box["height"], left:box["left"] + box["width"]] = 0
    return image


def random_erasing(image, numbers, draw):
    value = torch.tensor([numbers["value"]])[:, None, None]
    return F.erase(image, draw["top"], draw["left"], draw["height"], draw["width"], value)


def random_resized_crop(image, numbers, draw):
    return F.resized_crop(image, draw["top"], draw["left"], draw["height"], draw["width"], list(image.shape[-2:]))


def random_rotation(image, numbers, draw):
    return F.rotate(image, draw, MODES[numbers["mode"]], fill=fill_of(numbers))


def random_affine(image, numbers, draw):
    return F.affine(
        image, draw["angle"], [draw["right"], draw["down"]], draw["scale"], [draw["shearX"], draw["shearY"]],
        MODES[numbers["mode"]], fill_of(numbers))


def color_jitter(image, numbers, draw):
    functions = {
        "Brightness": F.adjust_brightness, "Contrast": F.adjust_contrast, "Color": F.adjust_saturation, "Hue": F.adjust_hue,
    }
    for adjustment in draw:
        kind = KINDS[adjustment["kind"]]
        image = functions[kind](image, adjustment["magnitude"]) if kind != "Identity" else image
    return image


def rand_augment(image, numbers, draw):
    for adjustment in draw:
        kind, magnitude = KINDS[adjustment["kind"]], adjustment["magnitude"]
        # The transform's own table adds the 1 that a factor has already.
        magnitude -= 1 if kind in ("Brightness", "Color", "Contrast", "Sharpness") else 0
        image = _apply_op(image, kind, magnitude, MODES[numbers["mode"]], fill_of(numbers))
    return image


STEPS = {
    "RandomCrop": random_crop, "Flip": flip, "Cutout": cutout, "RandomErasing": random_erasing,
    "RandomResizedCrop": random_resized_crop, "RandomRotation": random_rotation, "RandomAffine": random_affine,
    "ColorJitter": color_jitter, "RandAugment": rand_augment,
}


def main(folder):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "request.json")) as file:
        request = json.load(file)
    data = safetensors_file.read(os.path.join(folder, "data.safetensors"))
    results = {}
    for case in request["cases"]:
        images = data[case["data"]]
        if case["step"] in ("Cutout", "RandomErasing"):
            images = F.normalize(images / 255, [request["mean"]], [request["deviation"]])
        step = STEPS[case["step"]]
        changed = [step(image.clone(), case["numbers"], draw) for image, draw in zip(images, case["draws"])]
        results[case["name"]] = torch.stack(changed).float()
    safetensors_file.write(os.path.join(folder, "result.safetensors"), results)


if __name__ == "__main__":
    main(sys.argv[1])
