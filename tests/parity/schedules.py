"""
Learning rates and momenta that PyTorch's schedulers give, step by step. Usage: schedules.py FOLDER, which holds

    request.json           cases: scheduler (its class in torch.optim.lr_scheduler), options, warmup (steps; 0 is none), factor,
                           optimizer, rate, figures (what a plateau looks at), steps

and gets

    result.json            for each case rates and momenta
"""

import json
import os
import sys
import warnings

import torch
from torch.optim import lr_scheduler

import networks


def scheduler_of(case, optimizer):
    options = case["options"]
    if case["scheduler"] == "ConstantLR":
        return lr_scheduler.LambdaLR(optimizer, lambda step: 1)
    make = getattr(lr_scheduler, case["scheduler"])
    if case["warmup"] == 0:
        return make(optimizer, **options)
    if make is lr_scheduler.ReduceLROnPlateau:
        return Warmed(optimizer, case, make)
    linear = lr_scheduler.LinearLR(optimizer, start_factor=case["factor"], total_iters=case["warmup"])
    return lr_scheduler.SequentialLR(optimizer, [linear, make(optimizer, **options)], milestones=[case["warmup"]])


class Warmed:
    """PyTorch's SequentialLR takes no plateau: the warm-up runs first, and the plateau begins behind it."""

    def __init__(self, optimizer, case, make):
        self.left = case["warmup"]
        self.linear = lr_scheduler.LinearLR(optimizer, start_factor=case["factor"], total_iters=case["warmup"])
        self.plateau = make(optimizer, **case["options"])

    def step(self, figure):
        if self.left > 0:
            self.left -= 1
            self.linear.step()
        else:
            self.plateau.step(figure)


def run(case):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = networks.optimizer(case["optimizer"], [parameter], {"lr": case["rate"]})
    scheduler = scheduler_of(case, optimizer)
    rates, momenta = [], []
    for step in range(case["steps"]):
        group = optimizer.param_groups[0]
        rates.append(group["lr"])
        momenta.append(group["momentum"] if "momentum" in group else group["betas"][0])
        optimizer.step()
        if step + 1 == case["steps"]:
            break
        if "Plateau" in case["scheduler"]:
            scheduler.step(case["figures"][step])
        else:
            scheduler.step()
    return {"rates": rates, "momenta": momenta}


def main(folder):
    warnings.simplefilter("ignore")
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    with open(os.path.join(folder, "result.json"), "w", encoding="utf-8") as file:
        json.dump([run(case) for case in request["cases"]], file)


if __name__ == "__main__":
    main(sys.argv[1])
