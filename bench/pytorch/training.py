"""
The tutorials' training loops, as they write them. What differs: the data are in memory already and a batch is taken
from them by index, with no DataLoader; model.train() stands before the loop, not in it. Both are faster so.
"""

import torch
import torch.nn as nn
import torch.optim as optim


def seed000(model, images, labels, batch_size):
    """Yields the loss after each step."""
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    model.train()
    while True:
        sum_num, total_loss, correct = 0, 0.0, 0
        order = torch.randperm(len(labels))
        for start in range(0, len(labels), batch_size):
            batch = order[start:start + batch_size]
            x, y = images.index_select(0, batch), labels.index_select(0, batch)
            output = model(x)
            loss = criterion(output, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            correct += (torch.argmax(output, dim=-1) == y).sum()
            value = loss.item()
            total_loss += value * len(y)
            sum_num += len(y)
            yield value


def seed001(model, images, labels, batch_size):
    """Yields the loss after each step. This tutorial counts no correct answers while it trains."""
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
    model.train()
    while True:
        running_loss = 0.0
        order = torch.randperm(len(labels))
        for start in range(0, len(labels), batch_size):
            batch = order[start:start + batch_size]
            inputs, targets = images.index_select(0, batch), labels.index_select(0, batch)
            optimizer.zero_grad()
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
            value = loss.item()
            running_loss += value
            yield value
