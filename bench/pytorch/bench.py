"""
PyTorch's side of the benchmarks. CnnTools.Bench starts it, tells it on the first line of standard input what to set up
(JSON), and then on each line how many units of work to do; it answers each line with one of JSON. It times itself, so
that the pipe does not count.
"""

import json
import sys
import time

import torch

import evaluation
import networks
import safetensors_file
import training


def main():
    torch.set_num_threads(1)
    setup = json.loads(sys.stdin.readline())
    data = safetensors_file.read(setup["data"])
    images = data["images"]
    model = create(setup["network"])
    if setup["work"].startswith("augment"):
        import augmentation  # needs torchvision

        def loop(_, images, __, batch):
            return augmentation.work(setup["work"].split()[1], images, batch, setup["mean"], setup["deviation"])
    elif setup["work"].startswith("epoch"):
        import epochs  # needs torchvision

        loop = {"epoch000": epochs.seed000, "epoch001": epochs.seed001}[setup["work"]]
    else:
        loop = {"train000": training.seed000, "train001": training.seed001, "evaluate": evaluation.seed001}[setup["work"]]
        images = networks.normalise(images, setup["mean"], setup["deviation"])
    work = loop(model, images, data["labels"], setup["batch"])
    answer({"version": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads()})

    for line in sys.stdin:
        count = int(line)
        cpu, wall = time.process_time(), time.perf_counter()
        values = sum(next(work) for _ in range(count))
        answer({
            "seconds": time.perf_counter() - wall, "cpuSeconds": time.process_time() - cpu, "value": values / count,
        })


def create(network):
    if network != "ResNet18":
        return networks.create(network)
    import torchvision

    # Its usual form for images as small as CIFAR-10's.
    model = torchvision.models.resnet18(num_classes=10)
    model.conv1 = torch.nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1, bias=False)
    model.maxpool = torch.nn.Identity()
    return model


def answer(message):
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
