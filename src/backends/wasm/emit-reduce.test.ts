import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../engine/eager.ts";
import { isNear } from "../../../test/support/compare.ts";
import { instructionsOf } from "../../../test/support/instructions-of.ts";
import { arbitraryKernel, cook } from "../../../test/support/random-kernels.ts";
import { evaluateKernel, mapKernel, reduceKernel, runKernel, values } from "../../../test/support/run-kernel.ts";
import type { DType, TypedArray } from "../../core/dtype.ts";
import { isFloat } from "../../core/dtype.ts";
import type { ReduceKernel } from "../../graph/passes/kernel.ts";
import { type Combine, index, load, s } from "../../ir/expr.ts";
import { acceptsFusion } from "./step.ts";

const COMBINES: readonly Combine[] = ["sum", "prod", "max", "min", "argmax"];
const DTYPES: readonly DType[] = ["float32", "float64", "int32", "uint32", "uint8", "bool"];

/** Sums of floats round in another order than the reference, relative to what they add; all else is exact. */
function expectReduced(kernel: ReduceKernel, what: string): void {
  const [got] = runKernel(kernel) as [TypedArray];
  const [want] = evaluateKernel(kernel) as [number[]];
  const { combine } = kernel;
  const dtype = kernel.bodies[0]?.dtype as DType;
  const rounds = isFloat(dtype) && (combine === "sum" || combine === "prod");
  const parts = evaluateKernel(mapKernel(kernel.space, kernel.inputs, kernel.bodies))[0] as number[];
  const largest = parts.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1);
  const scale = combine === "sum" ? largest : 1;
  want.forEach((x, i) => {
    const text = `${what}: [${i}] ${got[i]} for ${x}`;
    if (rounds) expect(isNear(got[i] as number, x, dtype === "float32" ? 1e-5 : 1e-13, scale), text).toBe(true);
    else expect(got[i], text).toBe(x);
  });
}

describe("reductions", () => {
  for (const combine of COMBINES) {
    it.each(DTYPES)(`${combine} of %s over each run of axes, for every tail`, (dtype) => {
      for (const n of [1, 2, 3, 4, 5, 7, 8, 17, 33]) {
        for (const [space, from, count] of [
          [[n], 0, 1],
          [[3, n], 1, 1],
          [[n, 3], 0, 1],
          [[3, n], 0, 1],
          [[2, n, 5], 1, 1],
          [[2, n, 3], 0, 2],
          [[2, 3, n], 1, 2],
          [[2, n], 0, 2],
          [[2, n], 1, 0],
        ] as const) {
          const size = space.reduce((a, b) => a * b, 1);
          const list = Array.from({ length: size }, (_, i) =>
            dtype === "bool" ? (i * 3) % 2 : isFloat(dtype) ? Math.sin(i * 1.3) + 0.2 : (i * 37) % 11,
          );
          const body = load(
            0,
            dtype,
            space.map((_, axis) => index(axis)),
          );
          const kernel = reduceKernel(space, from, count, combine, [values(dtype, list, space)], body);
          expectReduced(kernel, `${combine} of [${space}] at ${from}+${count}`);
        }
      }
    });
  }

  it("compute their bodies, whatever they read and however", () => {
    const property = fc.property(
      arbitraryKernel(),
      fc.nat(5),
      fc.nat(3),
      fc.constantFrom(...COMBINES),
      (recipe, a, b, combine) => {
        const { inputs, bodies } = cook({ ...recipe, roots: 1 });
        const { space, dtype } = recipe;
        // In float32 a product can overflow on the way to 0, which the reference's float64 does not.
        fc.pre(combine !== "prod" || !isFloat(dtype));
        const from = a % space.length;
        const count = 1 + (b % (space.length - from));
        const kernel = reduceKernel(space, from, count, combine, inputs, bodies[0] as (typeof bodies)[number]);
        expectReduced(kernel, combine);
      },
    );
    fc.assert(property, { seed: 6, numRuns: 400 });
  });

  it("take the first of equals, and the first NaN before any", () => {
    const nan = Number.NaN;
    for (const dtype of ["float32", "float64"] as const) {
      for (const [list, at] of [
        [[1, 5, 5, 2], 1],
        [[1, nan, 9, nan], 1],
        [[nan, nan, 9, 1], 0],
        [[-Infinity, -Infinity, -Infinity], 0],
        [[-0, 0, 0], 0],
      ] as const) {
        const kernel = reduceKernel([list.length], 0, 1, "argmax", [values(dtype, list)], load(0, dtype, [index(0)]));
        expect([...(runKernel(kernel)[0] ?? [])]).toEqual([at]);
      }
    }
  });

  it("pass NaN through max and min, in any lane", () => {
    for (let at = 0; at < 19; at++) {
      const list = Array.from({ length: 19 }, (_, i) => (i === at ? Number.NaN : i));
      for (const combine of ["max", "min"] as const) {
        const kernel = reduceKernel([19], 0, 1, combine, [values("float32", list)], load(0, "float32", [index(0)]));
        expect([...(runKernel(kernel)[0] ?? [])]).toEqual([Number.NaN]);
      }
    }
  });

  it("of nothing give the neutral value", () => {
    const reduce = (combine: Combine, dtype: DType) => [
      ...(runKernel(
        reduceKernel([2, 0], 1, 1, combine, [values(dtype, [], [2, 0])], load(0, dtype, [index(0), index(1)])),
      )[0] ?? []),
    ];
    expect(reduce("sum", "float32")).toEqual([0, 0]);
    expect(reduce("prod", "float64")).toEqual([1, 1]);
    expect(reduce("max", "float32")).toEqual([-Infinity, -Infinity]);
    expect(reduce("min", "int32")).toEqual([2 ** 31 - 1, 2 ** 31 - 1]);
    expect(reduce("max", "uint32")).toEqual([0, 0]);
    expect(reduce("argmax", "float32")).toEqual([0, 0]);
  });

  it("give the bits of the plain reduction when what they join is fused in", () => {
    for (const space of [[3, 37], [37, 3], [2, 19, 3], [101]]) {
      for (let from = 0; from < space.length; from++) {
        const size = space.reduce((a, b) => a * b, 1);
        const x = values(
          "float32",
          Array.from({ length: size }, (_, i) => Math.sin(i) * 10),
          space,
        );
        const at = space.map((_, axis) => index(axis));
        const cubed = (e: Parameters<typeof s.neg>[0]) => s.mul(e, s.mul(e, e));
        const fused = reduceKernel(space, from, 1, "sum", [x], cubed(load(0, "float32", at)));
        expect(acceptsFusion(fused)).toBe(true);
        const cubes = x.dataSync().map((v: number) => Math.fround(v * Math.fround(v * v)));
        const plain = reduceKernel(
          space,
          from,
          1,
          "sum",
          [values("float32", [...cubes], space)],
          load(0, "float32", at),
        );
        expect(runKernel(fused)).toEqual(runKernel(plain));
      }
    }
  });
});

it("go down an earlier axis by a cache line of neighbours at a time", () => {
  const x = load(0, "float32", [index(0), index(1)]);
  const kernel = reduceKernel([9, 64], 0, 1, "sum", [values("float32", new Array(9 * 64).fill(1), [9, 64])], x);
  const texts = instructionsOf(kernel).map(({ text }) => text);
  // The second loop is the one along the reduced axis.
  const [, down] = texts.flatMap((text, at) => (text === "loop" ? [at] : []));
  const round = texts.slice(down, texts.indexOf("br_if 0", down));
  expect(round.filter((text) => text.startsWith("v128.load"))).toHaveLength(4);
});
