"""
Images by Pillow. Usage: images.py FOLDER, which holds

    *.png, *.jpg           pictures of the test's own

and gets more pictures that Pillow writes, result.json and, for each of its entries, the pixels that Pillow reads:
file (the picture), shape (C, H, W), pixels (a file of bytes, in that order), size (height and width that it was scaled
to; null: as it is), grayscale (whether it was converted to grey). Pictures are turned upright; alpha is dropped, as
convert("RGB") does; of 16 bits the upper 8 are kept.
"""

import json
import os
import sys

import numpy
from PIL import Image, ImageOps

SIZES = ((32, 32), (17, 90), (200, 150), (1, 1), (48, 64))


def scene(width=64, height=48):
    """Smooth colours with a few edges, so that JPEG has something to do."""
    y, x = numpy.mgrid[0:height, 0:width]
    planes = numpy.stack([x * 255 / width, y * 255 / height, 128 + 100 * numpy.sin(x / 5) * numpy.cos(y / 7)], 2)
    planes[10:20, 20:40] = (250, 20, 60)
    planes[30:, ::4] *= 0.5
    return Image.fromarray(planes.astype("uint8"), "RGB")


def write_pictures(folder):
    path = lambda name: os.path.join(folder, name)
    rgb = scene()
    alpha = Image.fromarray((numpy.arange(64 * 48).reshape(48, 64) % 256).astype("uint8"), "L")
    grey = rgb.convert("L")
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    grey_alpha = grey.copy()
    grey_alpha.putalpha(alpha)
    sixteen = Image.fromarray((numpy.asarray(grey).astype("uint16") * 250 + 77).astype("uint16"))
    for name, image in (
        ("rgb", rgb), ("rgba", rgba), ("l", grey), ("la", grey_alpha), ("1", grey.convert("1")), ("i16", sixteen),
        ("p256", rgb.quantize(256)), ("p16", rgb.quantize(16)), ("p2", rgb.quantize(2)),
    ):
        image.save(path(f"pillow-{name}.png"))
    rgb.quantize(16).save(path("pillow-trns.png"), transparency=3)
    for subsampling in (0, 1, 2):
        rgb.save(path(f"pillow-s{subsampling}.jpg"), quality=80, subsampling=subsampling)
    rgb.save(path("pillow-progressive.jpg"), quality=70, progressive=True)
    grey.save(path("pillow-grey.jpg"), quality=70)
    scene(33, 21).save(path("pillow-odd.jpg"), quality=95)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        scene(20, 12).save(path(f"pillow-exif{orientation}.jpg"), exif=exif.tobytes())
        scene(20, 12).save(path(f"pillow-exif{orientation}.png"), exif=exif.tobytes())
    rgb.convert("CMYK").save(path("cmyk.jpg"))


def read(path):
    image = Image.open(path)
    if image.format == "PNG" and image.tile[0][3] == "LA;16B":
        return image.getchannel("R")  # Pillow takes it for colours
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        return Image.fromarray((numpy.asarray(image) >> 8).astype("uint8"), "L")
    return image.convert("L") if image.mode in ("1", "L", "LA") else image.convert("RGB")


def main(folder):
    write_pictures(folder)
    results = []

    def add(name, image, size, grayscale):
        pixels = numpy.atleast_3d(numpy.asarray(image)).transpose(2, 0, 1)
        file = f"{len(results)}.bin"
        pixels.tofile(os.path.join(folder, file))
        results.append({"file": name, "shape": pixels.shape, "pixels": file, "size": size, "grayscale": grayscale})

    for name in sorted(os.listdir(folder)):
        if not name.endswith((".png", ".jpg")) or name == "cmyk.jpg":
            continue
        image = read(os.path.join(folder, name))
        add(name, image, None, False)
        if name in ("pillow-rgb.png", "pillow-l.png"):
            add(name, image.convert("L"), None, True)
            for height, width in SIZES:
                add(name, image.resize((width, height), Image.BILINEAR), (height, width), False)
    with open(os.path.join(folder, "result.json"), "w") as file:
        json.dump(results, file)


main(sys.argv[1])
