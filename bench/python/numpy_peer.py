"""Training steps of dense nets written by hand in NumPy, in place where it pays."""

import itertools

import numpy as np

from peer import Lacks, Session, batches, by_threads, paced

F = np.float32


def softmax_cross_entropy(output, y):
    """Mean of -log softmax(output)[label], and its gradient."""
    output = output - output.max(axis=1, keepdims=True)
    exps = np.exp(output)
    sums = exps.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(sums[:, 0]) - (output * y).sum(axis=1)))
    exps /= sums
    exps -= y
    exps *= F(1 / len(y))
    return loss, exps


def mean_squared_error(output, y):
    error = output - y
    return float(np.mean(error * error)), error * F(2 / error.size)


LOSSES = {"softmaxCrossEntropy": softmax_cross_entropy, "meanSquaredError": mean_squared_error}
# y = f(x) in place, and the derivative by y.
ACTIVATIONS = {
    "linear": (lambda x: x, None),
    "relu": (lambda x: np.maximum(x, 0, out=x), lambda y: y > 0),
    "sigmoid": (lambda x: np.divide(1, 1 + np.exp(-x), out=x), lambda y: y * (1 - y)),
}


class Sgd:
    """v = momentum v - lr g; p = p + v"""

    def __init__(self, params, options):
        self.lr, self.momentum = F(options["learningRate"]), F(options["momentum"])
        self.velocities = [np.zeros_like(p) for p in params]

    def update(self, params, grads):
        for p, v, g in zip(params, self.velocities, grads):
            v *= self.momentum
            g *= self.lr
            v -= g
            p += v


class Adam:
    """m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p = p - lr_t m / (sqrt(v) + eps); AdamW shrinks p by lr * decay first."""

    def __init__(self, params, options):
        self.options, self.step = options, 0
        self.decay = options.get("weightDecay", 0) * options["learningRate"]
        self.moments = [(np.zeros_like(p), np.zeros_like(p), np.empty_like(p)) for p in params]

    def update(self, params, grads):
        self.step += 1
        o, t = self.options, self.step
        b1, b2 = o["beta1"], o["beta2"]
        rate = F(o["learningRate"] * np.sqrt(1 - b2**t) / (1 - b1**t))
        for p, g, (m, v, spare) in zip(params, grads, self.moments):
            if self.decay:
                p *= F(1 - self.decay)
            m *= F(b1)
            np.multiply(g, F(1 - b1), out=spare)
            m += spare
            np.multiply(g, g, out=g)
            g *= F(1 - b2)
            v *= F(b2)
            v += g
            np.sqrt(v, out=spare)
            spare += F(o["epsilon"])
            np.divide(m, spare, out=spare)
            spare *= rate
            p -= spare


OPTIMIZERS = {"sgd": Sgd, "adam": Adam, "adamW": Adam}


class Net:
    def __init__(self, net):
        gauss = np.random.default_rng(4).standard_normal
        self.activations = [ACTIVATIONS[layer["activation"]] for layer in net["layers"]]
        sizes = [net["inputShape"][0], *(layer["units"] for layer in net["layers"])]
        self.params = []
        for inputs, units in itertools.pairwise(sizes):
            weights = gauss((inputs, units), dtype=F) * F(np.sqrt(2 / inputs))
            self.params += [weights, np.zeros(units, F)]

    def forward(self, x):
        """The values of every layer, the input first."""
        values = [x]
        for i, (activate, _) in enumerate(self.activations):
            x = x @ self.params[2 * i]
            x += self.params[2 * i + 1]
            x = activate(x)
            values.append(x)
        return values

    def backward(self, values, dy):
        grads = [None] * len(self.params)
        for i in reversed(range(len(self.activations))):
            derivative = self.activations[i][1]
            if derivative:
                dy *= derivative(values[i + 1])
            grads[2 * i], grads[2 * i + 1] = values[i].T @ dy, dy.sum(axis=0)
            if i > 0:
                dy = dy @ self.params[2 * i].T
        return grads


def training(workload, data):
    net = Net(workload["net"])
    optimizer = OPTIMIZERS[workload["optimizer"]["name"]](net.params, workload["optimizer"])
    loss_of = LOSSES[workload["loss"]]
    parts = list(batches(workload, data))
    turns = itertools.cycle(parts)

    def run(steps):
        for x, y, _ in itertools.islice(turns, steps):
            values = net.forward(x)
            _, dy = loss_of(values[-1], y)
            optimizer.update(net.params, net.backward(values, dy))

    def loss():
        return loss_of(net.forward(parts[0][0])[-1], parts[0][1])[0]

    return lambda: paced(workload["batch"], run), loss


def product(data):
    out = np.empty_like(data.x)

    def run(times):
        for _ in range(times):
            np.matmul(data.x, data.y, out=out)

    return lambda: paced(1, run)


def prediction(workload, data):
    net = Net(workload["net"])

    def run(times):
        for i in range(times):
            net.forward(data.x[i % data.examples][None])[-1]

    return lambda: paced(1, run)


def open(workload, data, most_threads=None):
    task = workload["task"]
    if task != "product" and any(layer["type"] != "dense" for layer in workload["net"]["layers"]):
        raise Lacks("steps written by hand for dense nets only")
    if task == "product":
        return Session(by_threads(product(data), most_threads))
    if task == "predict":
        return Session(by_threads(prediction(workload, data), most_threads))
    make, loss = training(workload, data)
    return Session(by_threads(make, most_threads), loss)
