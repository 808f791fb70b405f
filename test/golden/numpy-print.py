"""Writes data/numpy-print.json: arrays, and how NumPy prints them. Run: python numpy-print.py (needs numpy)."""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(7)
cases = []


def text(x):
    """A float as JSON has it; the specials as strings."""
    return float(x) if np.isfinite(x) else str(float(x))


def case(array):
    array = np.asarray(array)
    flat = array.reshape(-1)
    values = [text(x) for x in flat] if array.dtype.kind == "f" else [int(x) for x in flat]
    cases.append({"dtype": str(array.dtype), "shape": list(array.shape), "values": values, "text": str(array)})


def iota(shape, dtype):
    """Large arrays are not listed: their values are i * 0.37 - 100 (floats), i % 251 (ints) of the linear index i."""
    i = np.arange(np.prod(shape))
    array = (i * 0.37 - 100 if np.dtype(dtype).kind == "f" else i % 251).astype(dtype).reshape(shape)
    cases.append({"dtype": dtype, "shape": list(shape), "text": str(array)})


SPECIALS = [
    [0.0], [-0.0], [1.0], [1, 2, 3], [1.5, -2.25], [0.1, 0.2, 0.3], [1e-4, 1], [1e-5, 1], [9.99e-5, 1], [1, 1000], [1, 1001],
    [1e5, 1e6], [999999, 1000], [1e6, 1e6], [99999999, 1e5], [1e8, 1e8], [1e16, 1], [1e-10, 0.1], [1.2345678e-10, 0.1], [1 / 3, 2 / 3],
    [123456.789, 1000.5], [0.000244140625, 0.25], [2**-12, 0.5], [2**-9, 0.5], [np.nan], [np.inf], [-np.inf], [np.nan, 1],
    [np.inf, 1], [-np.inf, 1], [np.nan, -1.5, np.inf], [np.nan, 1e10], [1e300 * 1e10, 1e-10], [3.4e38, 1e-38], [1e-45, 1],
    [1.1754944e-38], [0, 1e-8], [0, 0], [-0.0, 0, 1], [100000, 1], [0.99999999, 1], [0.999999999, 1], [9.9999999995, 1],
    [1.00000001, 2], [5e-324, 1e308], [16777216, 16777217], [1e22], [0.1 + 0.2], [0.7, 700], [2.0**-24], [2.0**-44], [9007199254740993.0],
]
for values in SPECIALS:
    for dtype in ("float32", "float64"):
        with np.errstate(all="ignore"):
            case(np.array(values, dtype=dtype))
            case(np.array(values[0], dtype=dtype))
for dtype in ("float32", "float64"):
    for scale in (1e-8, 1e-4, 1e-2, 1, 30, 1e3, 1e5, 1e7, 1e9, 1e20):
        for shape in ((), (1,), (4,), (3, 4), (2, 3, 2), (13,), (2, 1, 2, 3)):
            case((rng.standard_normal(shape) * scale).astype(dtype))
        case(np.round(rng.standard_normal((2, 30)) * scale, 2).astype(dtype))
    for power in range(-30, 31, 3):
        case(np.array([2.0**power, -(2.0**power)], dtype=dtype))
        case(np.array(2.0**power, dtype=dtype))
        case(np.array(3 * 10.0**power, dtype=dtype))
    for shape in ((0,), (2, 0), (0, 3, 2)):
        case(np.zeros(shape, dtype=dtype))
    for shape in ((1000,), (1001,), (40, 40), (8, 200), (7, 7, 21), (500, 3), (2, 3, 400), (1, 1, 1, 2000), (11, 1, 100)):
        iota(shape, dtype)
for dtype in ("int32", "uint8", "uint32"):
    case(np.array(7, dtype=dtype))
    case(np.array([1, 20, 100], dtype=dtype))
    case(rng.integers(0, 256, (5, 25)).astype(dtype))
    for shape in ((1001,), (40, 40), (7, 7, 21), (3, 2, 200)):
        iota(shape, dtype)
case(np.array([[-5, 10], [2147483647, -2147483648]], dtype="int32"))
case(np.array([4294967295, 0], dtype="uint32"))
for values in (True, False, [True], [True, False], [[True, False, True]] * 3, [True] * 40):
    case(np.array(values))
case(rng.integers(0, 2, (30, 50)).astype(bool))

out = {"numpy": np.__version__, "cases": cases}
path = pathlib.Path(__file__).parent / "data" / "numpy-print.json"
path.write_text("\n".join(json.dumps(out).replace('{"dtype"', '\n{"dtype"').split("\n")) + "\n")
