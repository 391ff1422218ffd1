"""
Trains a network as CnnTools was told to: the same first weights, the same batches in the same order. A plain training
loop, independent of CnnTools. Usage: train.py FOLDER, which holds

    request.json           network, optimizer, its options, mean, deviation, batches (epoch by epoch, indices of images), and
                           extras: clipNorm, clipValue, decayWeightsOnly, emaDecay, accumulate (images of one backward pass),
                           classWeights, mixes (of each batch: share, partners, cut as [top, left, bottom, right] or null)
    data.safetensors       train.images (uint8), train.labels, test.images, test.labels
    initial.safetensors    the weights to begin with

and gets

    result.json            losses of every step; for each epoch the train and test figures
    gradients.safetensors  after the first backward pass
    final.safetensors      the weights after the last step, or their average with batch norm's statistics computed anew
"""

import copy
import json
import os
import sys

import torch
import torch.nn as nn
import torch.optim.swa_utils

import networks
import safetensors_file


def test(model, images, labels):
    model.eval()
    with torch.no_grad():
        outputs = model(images)
        loss = nn.functional.cross_entropy(outputs, labels).item()
        accuracy = (outputs.argmax(dim=-1) == labels).sum().item() / len(labels)
    return loss, accuracy


def groups(model, options, decay_weights_only):
    parameters = list(model.parameters())
    if not decay_weights_only:
        return parameters
    return [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": options["weight_decay"]},
        {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0},
    ]


def clip(model, extras):
    if "clipNorm" in extras:
        nn.utils.clip_grad_norm_(model.parameters(), extras["clipNorm"])
    if "clipValue" in extras:
        nn.utils.clip_grad_value_(model.parameters(), extras["clipValue"])


def update(averaged, model, decay, first):
    for average, value in zip(averaged.state_dict().values(), model.state_dict().values()):
        if average.is_floating_point():
            average.copy_(value if first else decay * average + (1 - decay) * value)


def floats(model):
    return {name: value for name, value in model.state_dict().items() if value.is_floating_point()}


def mix(x, y, drawn, classes):
    """Mixed images and soft targets."""
    soft = nn.functional.one_hot(y, classes).float()
    share, partners, cut = drawn["share"], drawn["partners"], drawn["cut"]
    if cut is None:
        x = share * x + (1 - share) * x[partners]
    else:
        top, left, bottom, right = cut
        mixed = x.clone()
        mixed[:, :, top:bottom, left:right] = x[partners][:, :, top:bottom, left:right]
        x = mixed
    return x, share * soft + (1 - share) * soft[partners]


def main(folder):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    data = safetensors_file.read(os.path.join(folder, "data.safetensors"))
    images, test_images = (
        networks.normalise(data[name], request["mean"], request["deviation"]) for name in ("train.images", "test.images"))
    labels = data["train.labels"]

    model = networks.create(request["network"])
    model.load_state_dict(safetensors_file.read(os.path.join(folder, "initial.safetensors")))
    extras = request.get("extras") or {}
    weights = torch.tensor(extras["classWeights"]) if "classWeights" in extras else None
    criterion = nn.CrossEntropyLoss(weight=weights)
    optimizer = networks.optimizer(
        request["optimizer"], groups(model, request["options"], "decayWeightsOnly" in extras), request["options"])
    averaged = copy.deepcopy(model) if "emaDecay" in extras else model
    mixes = iter(extras.get("mixes", []))

    losses, epochs = [], []
    for batches in request["batches"]:
        loss_sum = correct = seen = 0
        model.train()
        for batch in batches:
            x, y = images[batch], labels[batch]
            target = y
            if "mixes" in extras:
                x, target = mix(x, y, next(mixes), 10)
            optimizer.zero_grad()
            outputs, loss = [], torch.zeros(())
            size = extras.get("accumulate", len(y))
            for part, wanted in zip(x.split(size), target.split(size)):
                outputs.append(model(part))
                share = criterion(outputs[-1], wanted) * len(part) / len(x)
                share.backward()
                loss += share.detach()
            outputs = torch.cat(outputs)
            if not losses:
                gradients = {name: p.grad for name, p in model.named_parameters()}
                safetensors_file.write(os.path.join(folder, "gradients.safetensors"), gradients)
            clip(model, extras)
            optimizer.step()
            if "emaDecay" in extras:
                with torch.no_grad():
                    update(averaged, model, extras["emaDecay"], not losses)
            losses.append(loss.item())
            loss_sum += loss.item() * len(y)
            correct += (outputs.argmax(dim=-1) == y).sum().item()
            seen += len(y)
        if "emaDecay" in extras:
            torch.optim.swa_utils.update_bn(((images[batch],) for batch in batches), averaged)
        test_loss, test_accuracy = test(averaged, test_images, data["test.labels"])
        epochs.append({
            "trainLoss": loss_sum / seen, "trainAccuracy": correct / seen,
            "testLoss": test_loss, "testAccuracy": test_accuracy,
        })

    safetensors_file.write(os.path.join(folder, "final.safetensors"), floats(averaged))
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump({"losses": losses, "epochs": epochs}, file)


if __name__ == "__main__":
    main(sys.argv[1])
