"""
The tutorials' training, data loading included, as they write it: torchvision's own data set classes over the bytes that
both sides get, their transforms, a DataLoader in the training's process, and their loops over it.
"""

import torch
import torch.nn as nn
import torch.optim as optim
import torchvision.transforms as transforms
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10, MNIST
from torchvision.transforms import ToTensor


def seed000(model, images, labels, batch_size):
    """Yields the mean loss of each epoch."""
    train_dataset = data_set(CIFAR10, images.permute(0, 2, 3, 1).contiguous().numpy(), labels.tolist(), ToTensor())
    dataloader = DataLoader(train_dataset, batch_size=batch_size, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    while True:
        sum_num, total_loss, correct = 0, 0.0, 0
        for x, y in dataloader:
            model.train()
            output = model(x)
            loss = criterion(output, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            correct += (torch.argmax(output, dim=-1) == y).sum()
            total_loss += loss.item() * len(y)
            sum_num += len(y)
        yield total_loss / sum_num


def seed001(model, images, labels, batch_size):
    """Yields the mean loss of each epoch's batches."""
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    trainset = data_set(MNIST, images.squeeze(1), labels, transform)
    trainloader = DataLoader(trainset, batch_size=batch_size, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
    while True:
        epoch_loss = 0.0
        for inputs, targets in trainloader:
            optimizer.zero_grad()
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
            epoch_loss += loss.item()
        yield epoch_loss / len(trainloader)


def data_set(kind, data, targets, transform):
    """An instance of a torchvision data set that holds these instead of what it would download."""
    result = kind.__new__(kind)
    result.data, result.targets, result.transform, result.target_transform = data, targets, transform, None
    return result
