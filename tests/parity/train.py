"""
Trains a network as CnnTools was told to: the same first weights, the same batches in the same order. A plain training
loop, independent of CnnTools. Usage: train.py FOLDER, which holds

    request.json           network, optimizer, its options, mean, deviation, batches (epoch by epoch, indices of images)
    data.safetensors       train.images (uint8), train.labels, test.images, test.labels
    initial.safetensors    the weights to begin with

and gets

    result.json            losses of every step; for each epoch the train and test figures
    gradients.safetensors  after the first backward pass
    final.safetensors      the weights after the last step
"""

import json
import os
import sys

import torch
import torch.nn as nn

import networks
import safetensors_file


def test(model, images, labels):
    model.eval()
    with torch.no_grad():
        outputs = model(images)
        loss = nn.functional.cross_entropy(outputs, labels).item()
        accuracy = (outputs.argmax(dim=-1) == labels).sum().item() / len(labels)
    return loss, accuracy


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
    criterion = nn.CrossEntropyLoss()
    optimizer = networks.optimizer(request["optimizer"], model.parameters(), request["options"])

    losses, epochs = [], []
    for batches in request["batches"]:
        loss_sum = correct = seen = 0
        model.train()
        for batch in batches:
            x, y = images[batch], labels[batch]
            outputs = model(x)
            loss = criterion(outputs, y)
            optimizer.zero_grad()
            loss.backward()
            if not losses:
                gradients = {name: p.grad for name, p in model.named_parameters()}
                safetensors_file.write(os.path.join(folder, "gradients.safetensors"), gradients)
            optimizer.step()
            losses.append(loss.item())
            loss_sum += loss.item() * len(y)
            correct += (outputs.argmax(dim=-1) == y).sum().item()
            seen += len(y)
        test_loss, test_accuracy = test(model, test_images, data["test.labels"])
        epochs.append({
            "trainLoss": loss_sum / seen, "trainAccuracy": correct / seen,
            "testLoss": test_loss, "testAccuracy": test_accuracy,
        })

    safetensors_file.write(os.path.join(folder, "final.safetensors"), model.state_dict())
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump({"losses": losses, "epochs": epochs}, file)


if __name__ == "__main__":
    main(sys.argv[1])
