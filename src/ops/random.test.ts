import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { DType } from "../core/dtype.ts";
import { DTypeError, TraceError, ValueError } from "../core/errors.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { erfInv } from "./erf-inv.ts";
import * as random from "./random.ts";
import { tensor } from "./tensor.ts";

interface Drawn {
  readonly dtype: "float32" | "float64";
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Golden {
  readonly jax: string;
  readonly keys: readonly { readonly seed: number; readonly key: readonly number[] }[];
  readonly folds: readonly { readonly data: number; readonly key: readonly number[] }[];
  readonly split: readonly number[];
  readonly uniform: readonly (Drawn & { readonly min: number; readonly max: number })[];
  readonly normal: readonly Drawn[];
  readonly truncatedNormal: readonly Drawn[];
  readonly bernoulli: readonly { readonly p: number; readonly values: readonly number[] }[];
  readonly permutation: readonly { readonly n: number; readonly values: readonly number[] }[];
  readonly erfInv: readonly {
    readonly dtype: DType;
    readonly x: readonly number[];
    readonly values: readonly number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../test/golden/data/jax-random.json", import.meta.url), "utf8"),
) as Golden;

// XLA may contract a product and a sum into one rounding, and has its own log1p: a few units in the last place.
const CLOSE = { float32: 6e-7, float64: 4e-15 };

function expectClose(got: ArrayLike<number>, want: readonly number[], tolerance: number): void {
  expect(got.length).toBe(want.length);
  want.forEach((value, i) => {
    expect(Math.abs(got[i] - value), `[${i}] ${got[i]} against ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  });
}

beforeAll(() => {
  installReferenceEngine();
});

describe(`keys, against JAX ${golden.jax}`, () => {
  it("come from a seed's high and low words", () => {
    for (const { seed, key } of golden.keys) expect([...random.key(seed).dataSync()]).toEqual(key);
  });

  it("fold in a number or an int32 scalar", () => {
    for (const { data, key } of golden.folds) {
      expect([...random.fold(random.key(42), data).dataSync()]).toEqual(key);
      const scalar = tensor(data | 0, { dtype: "int32" });
      expect([...random.fold(random.key(42), scalar).dataSync()]).toEqual(key);
    }
  });

  it("split into independent ones", () => {
    const keys = random.split(random.key(42), 5);
    expect(keys.flatMap((key) => [...key.dataSync()])).toEqual(golden.split);
  });
});

describe(`distributions, against JAX ${golden.jax}`, () => {
  it("uniform gives JAX's floats, exactly on [0, 1)", () => {
    for (const { dtype, shape, min, max, values } of golden.uniform) {
      const got = random.uniform({ key: random.key(42), shape, dtype, low: min, high: max });
      expect(got.shape).toEqual(shape);
      expect(got.dtype).toBe(dtype);
      if (min === 0) expect([...got.dataSync()]).toEqual(values);
      else expectClose(got.dataSync(), values, CLOSE[dtype]);
    }
  });

  it("normal", () => {
    for (const { dtype, shape, values } of golden.normal) {
      expectClose(random.normal({ key: random.key(42), shape, dtype }).dataSync(), values, CLOSE[dtype]);
    }
  });

  it("normal with a mean and a standard deviation", () => {
    const key = random.key(3);
    const z = random.normal({ key, shape: [50], dtype: "float64" }).dataSync();
    const got = random.normal({ key, shape: [50], dtype: "float64", mean: 5, stddev: 0.1 }).dataSync();
    expectClose(
      got,
      Array.from(z, (x) => x * 0.1 + 5),
      1e-15,
    );
  });

  it("truncatedNormal", () => {
    for (const { dtype, shape, values } of golden.truncatedNormal) {
      const got = random.truncatedNormal({ key: random.key(42), shape, dtype }).dataSync();
      expectClose(got, values, CLOSE[dtype]);
      for (const x of got) expect(Math.abs(x)).toBeLessThan(2);
    }
  });

  it("bernoulli", () => {
    for (const { p, values } of golden.bernoulli) {
      const got = random.bernoulli({ key: random.key(42), shape: [100], p });
      expect(got.dtype).toBe("bool");
      expect([...got.dataSync()]).toEqual(values);
    }
  });

  it("permutation", () => {
    for (const { n, values } of golden.permutation) {
      expect([...random.permutation(n, { key: random.key(42) }).dataSync()]).toEqual(values);
    }
  });

  it("erfInv", () => {
    for (const { dtype, x, values } of golden.erfInv) {
      expectClose(erfInv(tensor(x, { dtype })).dataSync(), values, CLOSE[dtype as "float32"]);
    }
    expect([...erfInv(tensor([-1, 1, 2, Number.NaN])).dataSync()]).toEqual([
      -Infinity,
      Infinity,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe("default keys", () => {
  it("repeat after the same seed and differ from call to call", () => {
    const draw = (): number[] => [...random.normal({ shape: [3] }).dataSync()];
    random.seed(1);
    const [first, second] = [draw(), draw()];
    expect(first).not.toEqual(second);
    random.seed(1);
    expect([draw(), draw()]).toEqual([first, second]);
    random.seed(2);
    expect(draw()).not.toEqual(first);
  });

  it("are refused to a traced function, which would freeze them", () => {
    expect(() => withTrace(new Trace(), () => random.uniform({ shape: [2] }))).toThrow(TraceError);
  });
});

describe("bad arguments", () => {
  it("are named", () => {
    expect(() => random.key(1.5)).toThrow(ValueError);
    expect(() => random.uniform({ key: tensor([1, 2]), shape: [2] })).toThrow(
      "randomUniform: expected a key, uint32 of shape (2,), got float32 of shape (2,). Use random.key(seed).",
    );
    expect(() => random.normal({ shape: [2], dtype: "int32" })).toThrow(DTypeError);
    expect(() => random.bernoulli({ shape: [2], p: 2 })).toThrow(
      "random.bernoulli: expected p between 0 and 1, got 2.",
    );
    expect(() => random.uniform({ shape: [2], low: 1, high: 0 })).toThrow(ValueError);
  });
});
