"""Writes data/jax-random.json: JAX's random bits and numbers. Run: python jax-random.py (needs jax)."""
import json
import pathlib

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_threefry_partitionable", True)

words = lambda a: np.asarray(a).astype(np.uint32).reshape(-1).tolist()
floats = lambda a: [float(x) for x in np.asarray(a).reshape(-1)]
random = jax.random
key = random.PRNGKey(42)

SHAPES = [[], [1], [7], [3, 5], [2, 3, 4]]
DTYPES = ["float32", "float64"]
out = {
    "jax": jax.__version__,
    "keys": [{"seed": s, "key": words(random.PRNGKey(s))} for s in (0, 1, 42, 2**31, 2**32 - 1, 2**32 + 5, 2**53 - 1, -1)],
    "folds": [{"data": d, "key": words(random.fold_in(key, d))} for d in (0, 1, 2, 1000, 2**31 - 1, 2**32 - 1)],
    "split": words(random.split(key, 5)),
    "bits": [{"shape": s, "values": words(random.bits(key, s, "uint32"))} for s in SHAPES + [[1000]]],
    "uniform": [
        {"dtype": d, "shape": s, "min": a, "max": b, "values": floats(random.uniform(key, s, d, a, b))}
        for d in DTYPES
        for s in SHAPES + [[200]]
        for a, b in ((0, 1), (-0.05, 0.05), (2, 10))
    ],
    "normal": [{"dtype": d, "shape": s, "values": floats(random.normal(key, s, d))} for d in DTYPES for s in SHAPES + [[500]]],
    "truncatedNormal": [
        {"dtype": d, "shape": s, "values": floats(random.truncated_normal(key, -2, 2, s, d))} for d in DTYPES for s in SHAPES + [[300]]
    ],
    "bernoulli": [{"p": p, "values": words(random.bernoulli(key, np.float32(p), [100]))} for p in (0.0, 0.1, 0.5, 0.9, 1.0)],
    "permutation": [{"n": n, "values": words(random.permutation(key, n))} for n in (0, 1, 2, 10, 100, 3000)],
    "erfInv": [
        {"dtype": d, "x": floats(x), "values": floats(jax.scipy.special.erfinv(x))}
        for d in DTYPES
        for x in [np.concatenate([np.linspace(-0.999999, 0.999999, 201), [0.99999994, 1e-20, -1e-3, 0.0]]).astype(d)]
    ],
}
path = pathlib.Path(__file__).parent / "data" / "jax-random.json"
path.write_text(json.dumps(out).replace('{"', '\n{"') + "\n")
