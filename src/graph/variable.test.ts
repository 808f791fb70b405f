import { beforeAll, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { tensor } from "../ops/tensor.ts";
import { assertVariable, Variable } from "./variable.ts";

beforeAll(() => {
  installReferenceEngine();
});

it("holds its own copy of the values, and gives copies", () => {
  const v = new Variable(tensor([1, 2]), { name: "w", trainable: false });
  const before = v.read();
  v.assign(tensor([3, 4]));
  expect([before.arraySync(), v.read().arraySync()]).toEqual([[1, 2], [3, 4]]); // biome-ignore format: values
  expect([v.name, v.trainable, v.size, v.dtype, v.shape]).toEqual(["w", false, 2, "float32", [2]]);
});

it("is trainable unless told otherwise", () => {
  const v = new Variable(tensor(1));
  expect([v.name, v.trainable, v.size]).toEqual(["variable", true, 1]);
});

it("keeps its shape and dtype", () => {
  const v = new Variable(tensor([1, 2]), { name: "w" });
  expect(() => v.assign(tensor([1, 2, 3]))).toThrow(ShapeError);
  expect(() => v.assign(tensor([[1, 2]]))).toThrow('variable "w": expected a value of shape (2,), got (1, 2).');
  expect(() => v.assign(tensor([1, 2], { dtype: "float64" }))).toThrow(DTypeError);
  expect(() => v.assign(tensor([1, 2], { dtype: "int32" }))).toThrow(
    'expected float32, got int32. Use value.cast("float32").',
  );
  expect(v.read().arraySync()).toEqual([1, 2]);
});

it("is told from other things", () => {
  expect(() => assertVariable(new Variable(tensor(1)), "here")).not.toThrow();
  expect(() => assertVariable(tensor(1), "here")).toThrow(ValueError);
  expect(() => assertVariable(null, "here")).toThrow("here: expected a Variable, got object.");
});
