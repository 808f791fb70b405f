import { describe, expect, it } from "vitest";
import { FAST_ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { readGolden } from "../../test/support/golden.ts";
import "../ops/index.ts";
import type { Key } from "../core/random-key.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import { fansOf } from "./fans.ts";
import { getInitializer } from "./get-initializer.ts";
import type { Initializer } from "./initializer.ts";
import * as table from "./table.ts";

const makers: Readonly<Record<string, (options: object) => Initializer>> = table;

interface InitializerCase {
  readonly initializer: string;
  readonly options: { readonly mean?: number; readonly stddev?: number };
  readonly shape: readonly number[];
  readonly fans: readonly [number, number];
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

const KEY: Key = [5, 6];
const golden = readGolden<InitializerCase>("keras-initializers");

function statistics(values: Iterable<number>): { mean: number; std: number; min: number; max: number } {
  const all = [...values];
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const std = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length);
  return { mean, std, min: all.reduce((a, b) => Math.min(a, b)), max: all.reduce((a, b) => Math.max(a, b)) };
}

describe("random initializers", () => {
  it("have goldens", () => {
    // What orthogonal draws is told by its own test, to the last digit.
    const others = ["constant", "ones", "zeros", "orthogonal"];
    const random = Object.keys(table).filter((name) => !others.includes(name));
    expect([...new Set(golden.cases.map((each) => each.initializer))].sort()).toEqual(random.sort());
  });

  it.each(golden.cases)(
    `$initializer of $shape $options has the distribution of Keras ${golden.versions["keras"]}`,
    (each) => {
      FAST_ENGINES[0].use(() => {
        const make = makers[each.initializer];
        const n = each.shape.reduce((a, b) => a * b, 1);
        const got = statistics(make(each.options).make(each.shape, "float32", KEY).dataSync());
        // Both are samples of n: their means and deviations differ by a few standard errors.
        const error = each.std / Math.sqrt(n);
        expect(Math.abs(got.mean - each.mean)).toBeLessThan(6 * error);
        expect(Math.abs(got.std - each.std)).toBeLessThan(6 * error);
        // Bounded distributions reach nearly to their bounds; the tails of a normal one vary by 10 %.
        const bounded = each.initializer !== "randomNormal";
        const slack = (bounded ? 0.01 : 0.15) * (each.max - each.min);
        expect([Math.abs(got.min - each.min) < slack, Math.abs(got.max - each.max) < slack]).toEqual([true, true]);
      });
    },
  );

  it.each(golden.cases)("counts the fans of $shape as Keras", ({ shape, fans }) => {
    expect(fansOf(shape)).toEqual({ fanIn: fans[0], fanOut: fans[1] });
  });

  it.each(Object.keys(table))("%s draws by its key, in shape and dtype, from its configuration again", (name) => {
    REFERENCE.use(() => {
      const initializer = getInitializer(name);
      const draw = (from: Initializer, key: Key): string => from.make([3, 4], "float64", key).dataSync().join();
      const first = initializer.make([3, 4], "float64", KEY);
      expect([first.shape, first.dtype]).toEqual([[3, 4], "float64"]);
      const again = getInitializer(JSON.parse(JSON.stringify(initializer.config)));
      expect(again.config).toEqual(initializer.config);
      expect(draw(again, KEY)).toBe(draw(initializer, KEY));
      const constant = ["constant", "ones", "zeros"].includes(name);
      expect(draw(initializer, [5, 7]) === draw(initializer, KEY)).toBe(constant);
    });
  });

  it.each([[[4, 4]], [[6, 3]], [[3, 7]], [[2, 3, 4]]])("orthogonal of %j has orthonormal columns, or rows", (shape) => {
    REFERENCE.use(() => {
      const columns = shape[shape.length - 1];
      const q = table.orthogonal({ gain: 2 }).make(shape, "float64", KEY).reshape([-1, columns]) as Tensor;
      const wide = q.shape[0] < columns;
      const products = q.matmul(q, wide ? { transposeB: true } : { transposeA: true }) as Tensor;
      const n = products.shape[0];
      products.dataSync().forEach((value: number, at: number) => {
        expect(value).toBeCloseTo(at % (n + 1) === 0 ? 4 : 0, 13);
      });
    });
    expect(() => table.orthogonal().make([3], "float32", KEY)).toThrow("expected a shape of rank >= 2, got (3,)");
  });

  it("of no inputs divide by 1", () => {
    expect(fansOf([])).toEqual({ fanIn: 1, fanOut: 1 });
    REFERENCE.use(() => {
      expect(getInitializer("heNormal").make([0, 4], "float32", KEY).size).toBe(0);
    });
  });
});

describe("getInitializer", () => {
  it("reads and writes what Keras writes", () => {
    const objects = readGolden<ConfigObject>("keras-configs").cases.filter(
      (each) => each.module === "keras.initializers",
    );
    expect(objects.length).toBe(12);
    for (const each of objects) expect(getInitializer(each).config).toEqual(each);
  });

  it("draws the same for a seed, whatever the key", () => {
    REFERENCE.use(() => {
      const seeded = table.heNormal({ seed: 3 });
      expect(seeded.make([4], "float32", [1, 2]).dataSync()).toEqual(seeded.make([4], "float32", [3, 4]).dataSync());
    });
    expect(() => table.heNormal({ seed: 1.5 })).toThrow(
      "initializers.HeNormal: expected a seed that is a whole number, got 1.5.",
    );
  });

  it("lists the names for one it does not know", () => {
    expect(() => getInitializer("unitary")).toThrow('unknown initializer "unitary". Use "constant", "glorotNormal"');
    expect(() => getInitializer(7 as never)).toThrow(
      'expected an initializer or its name, got number. Try "glorotUniform".',
    );
    expect(() => getInitializer({ class_name: "GlorotUniform", config: { input_axes: [0] } })).toThrow(
      'initializer GlorotUniform: the option "input_axes" ([0]) is not supported.',
    );
  });
});

describe("options out of range", () => {
  it("are refused", () => {
    expect(() => table.randomNormal({ stddev: -1 })).toThrow(
      "initializers.randomNormal: expected a stddev of at least 0, got -1.",
    );
    expect(() => table.truncatedNormal({ stddev: Number.NaN })).toThrow(
      "initializers.truncatedNormal: expected a stddev of at least 0",
    );
    expect(() => table.randomUniform({ low: 2, high: 1 })).toThrow("expected low <= high, got low 2 and high 1.");
    expect(() => table.constant({ value: "1" as never })).toThrow(
      "initializers.constant: expected a number for value, got string.",
    );
  });

  it("constants are what they say", () => {
    REFERENCE.use(() => {
      expect([...table.constant({ value: 2.5 }).make([2], "float32", KEY).dataSync()]).toEqual([2.5, 2.5]);
      expect([...table.ones().make([2], "float32", KEY).dataSync()]).toEqual([1, 1]);
      expect([...table.zeros().make([2], "float32", KEY).dataSync()]).toEqual([0, 0]);
    });
  });
});
