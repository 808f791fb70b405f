import { beforeAll, describe, expect, it } from "vitest";
import { opGradient } from "../../test/support/op-gradient.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import { tensor } from "./tensor.ts";
import { where, whereOp } from "./where.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("where", () => {
  const c = tensor([true, false, true]);

  it("chooses, and broadcasts all three", () => {
    const got = where(c, tensor([[1], [2]]), tensor([10, 20, 30]));
    expect(got.arraySync()).toEqual([
      [1, 20, 1],
      [2, 20, 2],
    ]);
    expect(where(tensor([[true], [false]]), 1, tensor([5, 6])).arraySync()).toEqual([
      [1, 1],
      [5, 6],
    ]);
  });

  it("takes numbers and promotes", () => {
    expect(where(c, 1, 0).dtype).toBe("float32");
    expect(where(c, tensor([1, 2, 3], { dtype: "int32" }), 0).dtype).toBe("int32");
    expect(where(c, tensor([1, 2, 3], { dtype: "int32" }), 0.5).arraySync()).toEqual([1, 0.5, 3]);
    expect(where(c, tensor(true), tensor(false)).arraySync()).toEqual([true, false, true]);
  });

  it("lets nothing through from the side that was not chosen, backwards too", () => {
    const nan = tensor([Number.NaN, Infinity, Number.NaN]);
    expect(where(c, 1, nan).arraySync()).toEqual([1, Infinity, 1]);
    const inputs = [c, tensor([1, 2, 3]), nan];
    const dy = tensor([Number.NaN, 5, 6]);
    const [none, da, db] = opGradient(whereOp, [dy], { inputs, outputs: [], attrs: {} });
    expect(none).toBeNull();
    expect(da?.arraySync()).toEqual([Number.NaN, 0, 6]);
    expect(db?.arraySync()).toEqual([0, 5, 0]);
  });

  it("says what is wrong", () => {
    expect(() => where(tensor([1, 0, 1]), 1, 0)).toThrow(
      "where: expected a bool condition, got float32. Compare first, for example x.greater(0).",
    );
    // @ts-expect-error: sizes 3 and 2
    expect(() => where(c, tensor([1, 2]), 0)).toThrow(ShapeError);
    expect(() => where(c, tensor([1, 2, 3], { dtype: "uint32" }), tensor([1, 2, 3]))).toThrow(DTypeError);
  });
});
