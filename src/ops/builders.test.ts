import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { setFloatx } from "../core/dtype.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { maybeTensor } from "./builders.ts";
import { greater } from "./greater.ts";
import { mul } from "./mul.ts";
import * as random from "./random.ts";
import { tanh } from "./tanh.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("a JavaScript number", () => {
  it("takes the other operand's dtype where it fits it", () => {
    expect(maybeTensor(1, tensor([1], { dtype: "int32" })).dtype).toBe("int32");
    expect(maybeTensor(0.5, tensor([1], { dtype: "int32" })).dtype).toBe("float32");
    expect(maybeTensor(1, tensor([1], { dtype: "float64" })).dtype).toBe("float64");
    expect(maybeTensor(255, tensor([1], { dtype: "uint8" })).dtype).toBe("uint8");
    expect(maybeTensor(300, tensor([1], { dtype: "uint8" })).dtype).toBe("int32");
  });

  it("is floatx on its own", () => {
    expect(maybeTensor(2).dtype).toBe("float32");
    setFloatx("float64");
    expect(maybeTensor(2).dtype).toBe("float64");
    setFloatx("float32");
  });

  it("compares with a byte by value, not modulo 256", () => {
    expect(greater(tensor([44, 255], { dtype: "uint8" }), 300).arraySync()).toEqual([false, false]);
  });

  it("is refused where it is something else", () => {
    const list: unknown = [1];
    expect(() => tanh(list as Tensor)).toThrow(ValueError);
    expect(() => tanh("1" as unknown as Tensor)).toThrow("expected a tensor or a number, got string");
  });
});

describe("operands of a binary op", () => {
  it("broadcast as in NumPy", () => {
    expect(add(tensor([[1], [2]]), tensor([10, 20, 30])).arraySync()).toEqual([
      [11, 21, 31],
      [12, 22, 32],
    ]);
  });

  it("say that a vector is not a column", () => {
    const wrong = () =>
      add(
        tensor([
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
        ]),
        tensor([1, 2, 3, 4, 5]) as never,
      );
    expect(wrong).toThrow(ShapeError);
    expect(wrong).toThrow("A (5,) vector is not a (5, 1) column: use x.reshape([5, 1]).");
  });

  it("promote: bool to int32 in arithmetic, int32 with float32 to float32", () => {
    expect(add(tensor([true]), tensor([true])).arraySync()).toEqual([2]);
    expect(mul(tensor([2], { dtype: "int32" }), tensor([0.5])).dtype).toBe("float32");
  });

  it("never mix with random keys", () => {
    expect(() => add(random.key(1) as Tensor, tensor([1, 2]))).toThrow(DTypeError);
  });
});
