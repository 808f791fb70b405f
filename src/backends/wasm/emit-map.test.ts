import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../engine/eager.ts";
import { instructionsOf } from "../../../test/support/instructions-of.ts";
import { arbitraryKernel, cook } from "../../../test/support/random-kernels.ts";
import { evaluateKernel, mapKernel, runKernel, values } from "../../../test/support/run-kernel.ts";
import type { DType } from "../../core/dtype.ts";
import { constant, index, load, s } from "../../ir/expr.ts";

describe("elementwise kernels", () => {
  it("compute what ir/evaluate says, whatever they read and however", () => {
    const property = fc.property(arbitraryKernel(), (recipe) => {
      const { inputs, bodies } = cook(recipe);
      const kernel = mapKernel(recipe.space, inputs, bodies);
      expect(runKernel(kernel).map((array) => [...array])).toEqual(evaluateKernel(kernel));
    });
    fc.assert(property, { seed: 5, numRuns: 400 });
  });

  it.each<DType>(["float32", "float64", "int32", "uint32", "uint8", "bool"])(
    "write every tail of %s and nothing beside it",
    (dtype) => {
      for (const rows of [1, 3]) {
        for (const n of [1, 2, 3, 4, 5, 7, 8, 17, 33]) {
          const list = Array.from({ length: rows * n }, (_, i) => (dtype === "bool" ? i % 2 : i % 250));
          const x = load(0, dtype, [index(0), index(1)]);
          const row = load(1, dtype, [index(1)]);
          const column = load(2, dtype, [index(0)]);
          const inputs = [
            values(dtype, list, [rows, n]),
            values(dtype, list.slice(0, n)),
            values(dtype, list.slice(0, rows)),
          ];
          const kernel = mapKernel([rows, n], inputs, [s.max(x, row), s.eq(s.min(x, column), row)]);
          expect(runKernel(kernel).map((array) => [...array])).toEqual(evaluateKernel(kernel));
        }
      }
    },
  );

  it("fill with constants and coordinates alone", () => {
    const kernel = mapKernel(
      [2, 5],
      [],
      [constant(2.5, "float32"), s.cast(s.add(s.mul(index(0), 10), index(1)), "float32"), constant(1, "bool")],
    );
    const [halves, places, bools] = runKernel(kernel);
    expect([...(halves ?? [])]).toEqual(new Array(10).fill(2.5));
    expect([...(places ?? [])]).toEqual([0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
    expect([...(bools ?? [])]).toEqual(new Array(10).fill(1));
  });

  it("wrap coordinates that leave int32", () => {
    const big = s.add(s.mul(index(0), 2_000_000_000), 2_000_000_000);
    const huge = s.mul(s.mul(s.mul(index(0), 123_456_789), 987_654_321), 192_837_465);
    const kernel = mapKernel([7], [], [big, huge]);
    expect(runKernel(kernel).map((array) => [...array])).toEqual(evaluateKernel(kernel));
  });

  it("compute neighbouring vectors side by side: a chain waits for itself beside others", () => {
    const x = load(0, "float32", [index(0)]);
    const texts = instructionsOf(mapKernel([64], [values("float32", new Array(64).fill(1))], [s.tanh(x)])).map(
      ({ text }) => text,
    );
    const round = texts.slice(texts.indexOf("loop"), texts.indexOf("br_if 0"));
    const divisions = round.flatMap((text, at) => (text === "f32x4.div" ? [at] : []));
    expect(divisions).toHaveLength(4);
    // Between two of them only the arguments of the second are pushed.
    expect((divisions[3] as number) - (divisions[0] as number)).toBeLessThan(20);
    expect(round.filter((text) => text.startsWith("v128.store"))).toHaveLength(4);
  });
});
