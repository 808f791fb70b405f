import { describe, expect, it } from "vitest";
import { DTypeError, ShapeError, TraceError, ValueError } from "../core/errors.ts";
import { checkGradients } from "../engine/check-gradients.ts";
import { compile } from "../engine/compile.ts";
import { cond } from "../engine/loops.ts";
import "../engine/eager.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import { ops, tensor } from "./index.ts";

const x: Tensor = tensor([1, 2, -0.5]);
const w: Tensor = tensor([0.5, 3, 2]);
const positive = (a: Tensor): Tensor => ops.greater(ops.sum(a), 0);
const f = (a: Tensor, b: Tensor): Tensor => cond(positive(a), () => ops.mul(ops.sin(a), b), () => ops.square(a)); // biome-ignore format: one line

describe("cond", () => {
  it("gives what the chosen branch gives, eager and in one program for both", () => {
    const compiled = compile(f);
    for (const run of [f, compiled]) {
      expect(run(x, w).arraySync()).toEqual(ops.mul(ops.sin(x), w).arraySync());
      expect(run(ops.neg(x), w).arraySync()).toEqual(ops.square(x).arraySync());
    }
  });

  it("runs one branch only: what the other would make of the values does not count", () => {
    const safe = (a: Tensor): Tensor => cond(positive(a), () => ops.log(ops.sum(a)), () => ops.sum(a)); // biome-ignore format: one line
    const report = checkGradients(safe, [tensor([-1, -2])], { order: 2 });
    expect(report.relativeError).toBeLessThan(1e-6);
  });

  it("returns lists, and may return what it was given", () => {
    const both = compile((a: Tensor, b: Tensor) => cond(positive(a), () => [a, b], () => [b, a])); // biome-ignore format: one line
    expect(both(x, w).map((y) => y.arraySync())).toEqual([x.arraySync(), w.arraySync()]);
    expect(both(ops.neg(x), w)[1]?.arraySync()).toEqual(ops.neg(x).arraySync());
  });

  it("differentiates through either branch to the third order", () => {
    for (const a of [x, ops.neg(x)]) {
      expect(checkGradients(f, [a, w], { order: 3 }).relativeError).toBeLessThan(1e-6);
    }
  });

  it("refuses tests that are not one bool, branches that differ, and assignments", () => {
    const yes: Tensor = tensor(true);
    expect(() => cond(x, () => x, () => x)).toThrow(DTypeError); // biome-ignore format: one line
    expect(() => cond(ops.greater(x, 0), () => x, () => x)).toThrow("choose by element with where"); // biome-ignore format: one line
    expect(() => cond(yes, () => x, () => ops.sum(x))).toThrow(ShapeError); // biome-ignore format: one line
    expect(() => cond(yes, () => x, () => ops.sum(x))).toThrow("result 0 is (3,) float32 in one branch and () float32"); // biome-ignore format: one line
    expect(() => cond(yes, () => [x, x], () => [x] as never)).toThrow(ValueError); // biome-ignore format: one line
    expect(() => cond<Tensor>(yes, () => 1 as never, () => x)).toThrow("to return a tensor"); // biome-ignore format: one line
    const v = new Variable(tensor(0));
    const assigning = (): Tensor => {
      v.assign(tensor(1));
      return x;
    };
    expect(() => cond(yes, assigning, () => x)).toThrow(TraceError);
  });
});
