import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { setFloatx } from "../core/dtype.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("tensor", () => {
  it("takes nested lists, and floatx for numbers", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.shape).toEqual([2, 3]);
    expect(x.dtype).toBe("float32");
    expect([...x.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tensor(5).shape).toEqual([]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    setFloatx("float64");
    try {
      expect(tensor([1]).dtype).toBe("float64");
    } finally {
      setFloatx("float32");
    }
  });

  it("infers the dtype of booleans and typed arrays", () => {
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor([true, 2]).dtype).toBe("float32");
    expect(tensor(Int32Array.of(1)).dtype).toBe("int32");
    expect(tensor(Float64Array.of(1)).dtype).toBe("float64");
    expect(tensor(Uint32Array.of(1)).dtype).toBe("uint32");
    expect(tensor(Uint8ClampedArray.of(300)).dtype).toBe("uint8");
    // @ts-expect-error: no dtype is as wide
    expect(() => tensor(Int16Array.of(1))).toThrow(DTypeError);
    // @ts-expect-error: but it can be named
    expect(tensor(Int16Array.of(-1), { dtype: "int32" }).arraySync()).toEqual([-1]);
  });

  it("copies", () => {
    const values = Float32Array.of(1, 2);
    const x = tensor(values);
    values[0] = 9;
    expect(x.arraySync()).toEqual([1, 2]);
    x.dataSync()[0] = 9;
    expect(x.arraySync()).toEqual([1, 2]);
  });

  it("lays values out in a shape, converting to a dtype", () => {
    expect(tensor(Uint8Array.of(1, 2, 3, 4), { shape: [2, 2], dtype: "float64" }).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor([0, 2, Number.NaN], { dtype: "bool" }).arraySync()).toEqual([false, true, true]);
    expect(tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] }).shape).toEqual([2, 3]);
  });

  it("names what does not fit", () => {
    const ragged = "tensor: ragged list: the value at [1] has 1 values, but [0] has 2 values.";
    expect(() => tensor([[1, 2], [3]])).toThrow(ragged);
    expect(() => tensor([[1, 2], [3]])).toThrow(ShapeError);
    expect(() =>
      tensor([
        [[1], [2]],
        [[3], [4, 5]],
      ]),
    ).toThrow("the value at [1][1] has 2 values, but [0][0] has 1 values");
    expect(() => tensor([1, [2]])).toThrow("the value at [1] has 1 values, but [0] has a number");
    expect(() => tensor([[1], 2])).toThrow("the value at [1] has a number, but [0] has 1 values");
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow(
      "tensor: got 3 values, but shape (2, 2) holds 4. Give as many values as the shape holds.",
    );
    // @ts-expect-error: not numbers
    expect(() => tensor(["1"])).toThrow('tensor: the value at [0] is "1".');
    // @ts-expect-error: not numbers
    expect(() => tensor([1, null])).toThrow("tensor: the value at [1] is null.");
    // @ts-expect-error: not numbers
    expect(() => tensor([tensor([1, 2])])).toThrow("is a tensor of shape (2,). Use stack([...]) to join tensors.");
    // @ts-expect-error: no such dtype
    expect(() => tensor([1], { dtype: "float" })).toThrow(DTypeError);
  });

  it("rounds no int", () => {
    expect(() => tensor([[1, 2.5]], { dtype: "int32" })).toThrow(
      'tensor: the value at [0][1] is 2.5, which no int32 can hold. Use tensor(values).cast("int32") to truncate and saturate.',
    );
    expect(() => tensor([256], { dtype: "uint8" })).toThrow(ValueError);
    expect(() => tensor([-1], { dtype: "uint32" })).toThrow(ValueError);
    expect(() => tensor([Number.NaN], { dtype: "int32" })).toThrow(ValueError);
    expect(tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: "int32" }).arraySync()).toEqual([2147483647, -2147483648]);
  });
});
