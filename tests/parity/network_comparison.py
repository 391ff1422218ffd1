"""
What scripts that make a network share. Each is called with a FOLDER, which holds request.json (network, classes, options,
shape of the images; heads: whether with auxiliary classifiers, null where there are none to have; gradients: whether they
are wanted) or, for each of several networks, a folder that does. It gets weights.safetensors, images.safetensors,
logits.safetensors (logits, auxiliary.0 and so on), and gradients.safetensors (each label the least likely class, so that
there is much to learn). All in evaluation mode: in training mode batch norm over so few images magnifies rounding so much
that PyTorch's own gradients differ by some percent between float32 and float64.
"""

import copy
import json
import os

import torch
import torch.nn.functional as F

import safetensors_file

AUXILIARY_WEIGHT = 0.3


def answer(folder, create, heads=None):
    """
    create: from the request to the module. heads: from a network's name to (module, auxiliary classifier behind it).
    """
    torch.set_num_threads(1)
    if os.path.exists(os.path.join(folder, "request.json")):
        answer_one(folder, create, heads)
    else:
        for part in sorted(os.listdir(folder)):
            answer_one(os.path.join(folder, part), create, heads)


def answer_one(folder, create, heads):
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    asked = (heads or {}).get(request["network"], []) if request["heads"] else []
    for seed in range(5, 25):
        torch.manual_seed(seed)
        model = create(request)
        randomise(model)
        model.eval()
        images = torch.randn(request["shape"])
        logits, auxiliary, gradients = run(model, images, asked, request["gradients"])
        if not request["gradients"] or is_settled(model, images, asked, gradients):
            break
    else:
        raise ValueError(f"no draw of {request['network']} has gradients that rounding leaves alone")
    write(folder, "weights", {name: t for name, t in model.state_dict().items() if t.is_floating_point()})
    write(folder, "images", {"images": images})
    write(folder, "logits", {"logits": logits, **{f"auxiliary.{i}": a for i, a in enumerate(auxiliary)}})
    if request["gradients"]:
        write(folder, "gradients", gradients)


def run(model, images, heads, with_gradients):
    """The network's logits, those of its auxiliary classifiers, and the gradients by name."""
    auxiliary = []
    # In evaluation mode the network itself leaves them out.
    hooks = [
        model.get_submodule(inner).register_forward_hook(
            lambda module, inputs, output, head=head: auxiliary.append(model.get_submodule(head)(output)))
        for inner, head in heads
    ]
    with torch.set_grad_enabled(with_gradients):
        logits = model(images)
    for hook in hooks:
        hook.remove()
    if not with_gradients:
        return logits, auxiliary, {}
    labels = logits.argmin(1)
    loss = F.cross_entropy(logits, labels)
    loss += AUXILIARY_WEIGHT * sum(F.cross_entropy(a, labels) for a in auxiliary)
    loss.backward()
    return logits, auxiliary, {name: p.grad for name, p in model.named_parameters()}


def is_settled(model, images, heads, gradients):
    """
    Whether float64 gives the same gradients, and so does the other order of sums that the other memory layout brings. Among
    many ReLUs and maxima there can be one so near its kink that rounding decides, and then PyTorch's own gradients differ by
    percents: such a draw compares nothing.
    """
    def others(prepare):
        twin = prepare(copy.deepcopy(model))
        twin.zero_grad()
        return run(twin, prepare(images), heads, True)[2]

    exact = others(lambda values: values.double())
    try:
        rounded = others(lambda values: values.to(memory_format=torch.channels_last))
    except RuntimeError:  # a network that calls view takes no other layout
        rounded = gradients
    return all((own[name] - exact[name]).abs().max() <= 1e-4 * exact[name].abs().max()
               for own in (gradients, rounded) for name in gradients)


def keep_signals(model):
    """
    Draws convolutions again for networks whose own first weights let signals fade on their way through the layers. A model's
    attribute gain is what they are scaled by where many branches add up.
    """
    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight)
            module.weight.data.mul_(getattr(model, "gain", 1))
    return model


def randomise(model):
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            # Neither zeros nor ones, so that nothing of it can be left out unnoticed.
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)


def write(folder, name, tensors):
    safetensors_file.write(os.path.join(folder, name + ".safetensors"), tensors)
