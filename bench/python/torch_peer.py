"""PyTorch on the CPU: eager or torch.compile, on one thread or all, whichever is faster on the workload."""

import itertools
import os

import torch
from torch import nn
from torch.nn import functional

from peer import Lacks, Session, batches, paced

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "linear": nn.Identity}


class LastOfLSTM(nn.Module):
    def __init__(self, features, units):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


class TransformerBlock(nn.Module):
    """x = x + attention(norm(x)); x = x + dense(relu(dense(norm(x)))), with PyTorch's fused attention."""

    def __init__(self, width, heads, key_dim, feed_forward):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.inward = nn.Linear(width, 3 * heads * key_dim)
        self.outward = nn.Linear(heads * key_dim, width)
        self.feed = nn.Sequential(nn.Linear(width, feed_forward), nn.ReLU(), nn.Linear(feed_forward, width))

    def forward(self, x):
        rows, length, _ = x.shape
        parts = self.inward(self.norm1(x)).view(rows, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2])
        x = x + self.outward(mixed.transpose(1, 2).reshape(rows, length, -1))
        return x + self.feed(self.norm2(x))


class MeanOverSteps(nn.Module):
    def forward(self, x):
        return x.mean(dim=1)


def make_layer(layer, shape):
    """The modules of one layer of the workload, and its output's shape; pictures are [channels, height, width]."""
    kind = layer["type"]
    if kind == "dense":
        modules = [nn.Linear(shape[-1], layer["units"]), ACTIVATIONS[layer["activation"]]()]
        return modules, [*shape[:-1], layer["units"]]
    if kind == "conv2d":
        size = layer["kernelSize"]
        modules = [nn.Conv2d(shape[0], layer["filters"], size), ACTIVATIONS[layer["activation"]]()]
        return modules, [layer["filters"], shape[1] - size + 1, shape[2] - size + 1]
    if kind == "maxPooling2d":
        size = layer["poolSize"]
        return [nn.MaxPool2d(size)], [shape[0], shape[1] // size, shape[2] // size]
    if kind == "flatten":
        return [nn.Flatten()], [shape[0] * shape[1] * shape[2]]
    if kind == "lstm":
        return [LastOfLSTM(shape[-1], layer["units"])], [layer["units"]]
    if kind == "embedding":
        return [nn.Embedding(layer["inputDim"], layer["outputDim"])], [*shape, layer["outputDim"]]
    if kind == "transformerBlock":
        return [TransformerBlock(shape[-1], layer["numHeads"], layer["keyDim"], layer["feedForward"])], shape
    if kind == "globalAveragePooling1d":
        return [MeanOverSteps()], [shape[-1]]
    raise Lacks(f"no {kind} here")


def make_net(net):
    shape = net["inputShape"]
    if len(shape) == 3:
        shape = [shape[2], shape[0], shape[1]]
    modules = []
    for layer in net["layers"]:
        made, shape = make_layer(layer, shape)
        modules += made
    return nn.Sequential(*modules)


def make_optimizer(params, options):
    rate = options["learningRate"]
    if options["name"] == "sgd":
        return torch.optim.SGD(params, lr=rate, momentum=options["momentum"], fused=True)
    betas, eps = (options["beta1"], options["beta2"]), options["epsilon"]
    if options["name"] == "adam":
        return torch.optim.Adam(params, lr=rate, betas=betas, eps=eps, fused=True)
    return torch.optim.AdamW(params, lr=rate, betas=betas, eps=eps, weight_decay=options["weightDecay"], fused=True)


class Tuned(Session):
    """One thread or all first; then torch.compile with the better of them, which alone takes long to try."""

    def __init__(self, make, loss=lambda: None, compiles=True):
        self.make, self.compiles = make, compiles
        cores = dict.fromkeys([1, os.cpu_count()])
        super().__init__({f"eager, {count} thread{'s' * (count > 1)}": self.way(count) for count in cores}, loss)

    def way(self, threads, wrap=lambda f: f):
        def use():
            torch.set_num_threads(threads)
            return self.make(wrap)

        return use

    def tune(self, milliseconds):
        super().tune(milliseconds)
        if not self.compiles:
            return
        eager, threads = self.setting, torch.get_num_threads()
        name = eager.replace("eager", "torch.compile")
        self.ways = {eager: self.ways[eager], name: self.way(threads, torch.compile)}
        super().tune(milliseconds)


def pictures_first(x):
    return x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x


def training(workload, data):
    net = make_net(workload["net"])
    optimizer = make_optimizer(net.parameters(), workload["optimizer"])
    classes = workload["loss"] == "softmaxCrossEntropy"
    loss_of = functional.cross_entropy if classes else functional.mse_loss
    parts = []
    for x, y, labels in batches(workload, data):
        target = torch.from_numpy(labels).long() if classes else torch.from_numpy(y)
        parts.append((pictures_first(torch.from_numpy(x)), target))
    turns = itertools.cycle(parts)

    def make(wrap):
        forward = wrap(lambda x, y: loss_of(net(x), y))

        def run(steps):
            for x, y in itertools.islice(turns, steps):
                optimizer.zero_grad(set_to_none=True)
                forward(x, y).backward()
                optimizer.step()

        return paced(workload["batch"], run)

    def loss():
        with torch.no_grad():
            return loss_of(net(parts[0][0]), parts[0][1]).item()

    return Tuned(make, loss)


def product(data):
    a, b = torch.from_numpy(data.x), torch.from_numpy(data.y)
    out = torch.empty_like(a)

    def make(_):
        def run(times):
            for _ in range(times):
                torch.mm(a, b, out=out)

        return paced(1, run)

    return Tuned(make, compiles=False)


def prediction(workload, data):
    net = make_net(workload["net"]).eval()
    rows = [data.x[i : i + 1] for i in range(data.examples)]

    def make(wrap):
        forward = wrap(net)

        def run(times):
            with torch.inference_mode():
                for i in range(times):
                    forward(pictures_first(torch.from_numpy(rows[i % len(rows)]))).numpy()

        return paced(1, run)

    return Tuned(make)


def open(workload, data):
    torch.manual_seed(0)
    if workload["task"] == "product":
        return product(data)
    return prediction(workload, data) if workload["task"] == "predict" else training(workload, data)
