import { beforeAll, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError } from "../core/errors.ts";
import { logicalOr } from "./logical-or.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

it("follows its truth table and broadcasts", () => {
  const got = logicalOr(tensor([[false], [true]]), tensor([false, true]));
  expect(got.dtype).toBe("bool");
  expect(got.arraySync()).toEqual([
    [false, true],
    [true, true],
  ]);
});

it("refuses numbers", () => {
  const message = "logicalOr: expected bool, got float32. Compare first, for example x.notEqual(0).";
  expect(() => logicalOr(tensor([1, 0]), tensor([0, 1]))).toThrow(message);
  expect(() => logicalOr(tensor([true, false]), tensor([0, 1]))).toThrow(DTypeError);
});
