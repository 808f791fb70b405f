"""What the Python peers share: a workload's data, and work paced by time."""

import os
import resource
import sys
import time
from types import SimpleNamespace

import numpy as np


class Lacks(Exception):
    """A peer's word that it has no such layer, loss or optimizer."""


def load(described):
    """The workload as a dict, and its data: x as [examples, *inputShape], y [examples, outputs], labels or None."""
    given = described["data"]
    arrays = {name: np.fromfile(at["path"], dtype=at["dtype"]) for name, at in given["arrays"].items()}
    rows = given["examples"]
    if described["task"] == "product":
        shapes = {"x": [described["side"]] * 2, "y": [described["side"]] * 2}
    else:
        shapes = {"x": [rows, *described["net"]["inputShape"]], "y": [rows, given["outputs"]]}
    shaped = {name: array.reshape(shapes.get(name, [-1])) for name, array in arrays.items()}
    return described, SimpleNamespace(examples=rows, outputs=given["outputs"], **{"labels": None, **shaped})


def batches(workload, data):
    """(x, y, labels) of each batch, in order."""
    size = workload["batch"]
    for at in range(0, data.examples - size + 1, size):
        rows = slice(at, at + size)
        yield data.x[rows], data.y[rows], None if data.labels is None else data.labels[rows]


def peak_megabytes():
    """Linux hands getrusage's figure on from the parent that spawned us: there our own high-water mark is read."""
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="latin1") as status:
            line = next(line for line in status if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    scale = 1e6 if sys.platform == "darwin" else 1e3  # macOS counts bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def paced(count_per_step, run):
    """work(milliseconds) from run(steps), as pace.mjs: as many steps as the last call's speed says."""
    pace = [0.0]

    def work(milliseconds):
        asked = max(1, round(pace[0] * milliseconds))
        start = time.perf_counter()
        steps = run(asked) or asked
        elapsed = 1000 * (time.perf_counter() - start)
        pace[0] = steps / elapsed
        return {"count": steps * count_per_step, "milliseconds": elapsed}

    return work


class Session:
    """A peer on a workload. `ways` are settings by name, each a function that makes `work`; tune keeps the fastest."""

    def __init__(self, ways, loss=lambda: None):
        self.ways, self.loss = ways, loss
        self.choose(next(iter(ways)))

    def choose(self, name):
        self.setting = name
        self.work = self.ways[name]()

    def warm(self, milliseconds):
        """In several slices: the first step tells the pace of compiling, not of working."""
        left = milliseconds
        while left > 0:
            left -= self.work(min(left, milliseconds / 3))["milliseconds"]

    def tune(self, milliseconds):
        speeds = {}
        for name in self.ways:
            try:
                self.choose(name)
                self.work(0)
                self.warm(milliseconds / 3)
                timed = self.work(milliseconds)
                speeds[name] = timed["count"] / timed["milliseconds"]
            except Exception as error:  # a setting that does not work here is not its best one
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        best = max(speeds, key=speeds.get)
        if best != self.setting:  # choosing compiles anew
            self.choose(best)
            self.work(0)


def by_threads(make, most=None):
    """The ways to run what NumPy's BLAS does: on one thread, and on all cores unless `most` is 1."""
    from threadpoolctl import threadpool_limits

    def way(count):
        def use():
            threadpool_limits(count)
            return make()

        return use

    cores = 1 if most == "1" else os.cpu_count()
    return {f"{count} thread{'s' * (count > 1)}": way(count) for count in dict.fromkeys([1, cores])}
