"""Writes data/safetensors-*.safetensors with the reference implementation, and reads with it what gradwise writes.

Made with safetensors 0.8.0, NumPy 2.4.6 and ml_dtypes 0.6.0.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import ml_dtypes
import numpy as np
import safetensors
from safetensors.numpy import load, save

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def float32_edges():
    bits = [0, 0x80000000, 1, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00001, 0x3F800000]
    return np.array(bits, np.uint32).view(np.float32)


def plain():
    """Every dtype that gradwise stores, with edges, a scalar, an empty array and odd lengths."""
    rng = np.random.default_rng(1)
    return {
        "layers/dense/vars/0": rng.standard_normal((3, 5)).astype(np.float32),
        "edges": float32_edges(),
        "double": np.array([0.1, -0.0, np.inf, 5e-324, np.pi]),
        "int": np.array([[-(2**31), -1], [0, 2**31 - 1]], np.int32),
        "key": np.array([0, 2**32 - 1, 2**31], np.uint32),
        "bytes": np.arange(7, dtype=np.uint8).reshape(7, 1),
        "mask": np.array([True, False, True]),
        "scalar": np.array(1.5, np.float32),
        "empty": np.zeros((2, 0, 3), np.float32),
        'größe "x"\n字🙂': np.array([1], np.int32),
    }


def converted():
    """dtypes that gradwise only reads, each beside the values that NumPy gives it."""
    halves = np.unique(np.r_[np.arange(0, 2**16, 37), 0x3FF, 0x400, 0x7BFF, 0x7C00, 0x8000, 0x8001, 0xFC00]).astype(np.uint16)
    float16 = halves.view(np.float16)
    bfloat16 = halves.view(ml_dtypes.bfloat16)
    int64 = np.array([[0, -1, 2**31 - 1], [-(2**31), 7, 10]], np.int64)
    return {
        "float16": float16,
        "float16 expected": float16.astype(np.float32),
        "bfloat16": bfloat16,
        "bfloat16 expected": bfloat16.astype(np.float32),
        "int64": int64,
        "int64 expected": int64.astype(np.int32),
    }


def written_by_gradwise(names):
    """The file of `plain` read by gradwise and written in another order, with metadata."""
    program = f"""
import {{ readFileSync, writeFileSync }} from "node:fs";
import {{ readSafetensors, writeSafetensors }} from "./safetensors.mjs";
const {{ tensors }} = readSafetensors(readFileSync({json.dumps(str(HERE / "data/safetensors-plain.safetensors"))}), "plain");
const order = {json.dumps(names)};
const sorted = order.map((name) => tensors.find((tensor) => tensor.name === name));
const metadata = {{ made: "by gradwise", config: JSON.stringify({{ "a\\"": "字🙂" }}) }};
writeFileSync("out.safetensors", Buffer.concat(writeSafetensors({{ tensors: sorted, metadata }})));
"""
    with tempfile.TemporaryDirectory() as folder:
        esbuild = ROOT / "node_modules/.bin/esbuild"
        source = ROOT / "src/formats/safetensors.ts"
        outfile = f"--outfile={folder}/safetensors.mjs"
        subprocess.run([esbuild, source, "--bundle", "--format=esm", "--log-level=error", outfile], check=True)
        Path(folder, "main.mjs").write_text(program)
        subprocess.run(["node", "main.mjs"], cwd=folder, check=True)
        path = Path(folder, "out.safetensors")
        with safetensors.safe_open(path, "np") as opened:
            return path.read_bytes(), opened.metadata()


def main():
    tensors = plain()
    (HERE / "data/safetensors-plain.safetensors").write_bytes(save(tensors, {"format": "np"}))
    (HERE / "data/safetensors-converted.safetensors").write_bytes(save(converted()))

    data, metadata = written_by_gradwise(sorted(tensors))
    assert metadata == {"made": "by gradwise", "config": '{"a\\"":"字🙂"}'}, metadata
    read = load(data)
    assert read.keys() == tensors.keys(), read.keys()
    for name, expected in tensors.items():
        got = read[name]
        assert (got.dtype, got.shape, got.tobytes()) == (expected.dtype, expected.shape, expected.tobytes()), name
    print(f"safetensors {safetensors.__version__} reads the {len(read)} tensors gradwise wrote, bit for bit")


if __name__ == "__main__":
    sys.exit(main())
