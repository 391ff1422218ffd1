"""torchvision's transforms on images in memory (uint8), one after the other, as a Dataset with a transform applies them."""

import torch
import torchvision.transforms as T

BEFORE = {
    "crop": lambda: T.RandomCrop(32, padding=4),
    "flip": lambda: T.RandomHorizontalFlip(),
    "resizedcrop": lambda: T.RandomResizedCrop(32),
    "rotation": lambda: T.RandomRotation(15),
    "jitter": lambda: T.ColorJitter(0.4, 0.4, 0.4, 0.1),
    "randaugment": lambda: T.RandAugment(2, 9),
}
AFTER = {"erasing": lambda: T.RandomErasing(0.5)}


def work(name, images, batch_size, mean, deviation):
    """Yields the mean of each batch."""
    steps = [BEFORE[name]()] if name in BEFORE else []
    steps += [T.ConvertImageDtype(torch.float), T.Normalize(mean, deviation)]
    steps += [AFTER[name]()] if name in AFTER else []
    transform = T.Compose(steps)
    start = 0
    while True:
        batch = torch.stack([transform(image) for image in images[start:start + batch_size]])
        start = (start + batch_size) % len(images)
        yield batch.mean().item()
