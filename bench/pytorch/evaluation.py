"""The tutorials' evaluation, on data in memory."""

import torch


def seed001(model, images, labels, batch_size):
    """Yields the accuracy after each pass over all images."""
    model.eval()
    while True:
        correct, total = 0, 0
        with torch.no_grad():
            for start in range(0, len(labels), batch_size):
                inputs, targets = images[start:start + batch_size], labels[start:start + batch_size]
                outputs = model(inputs)
                _, predicted = torch.max(outputs.data, 1)
                total += targets.size(0)
                correct += (predicted == targets).sum().item()
        yield correct / total
