import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError } from "../core/errors.ts";
import { logicalAnd } from "./logical-and.ts";
import { logicalNot } from "./logical-not.ts";
import { logicalOr } from "./logical-or.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("logicalAnd, logicalOr, logicalNot", () => {
  const a = tensor([[false], [true]]);
  const b = tensor([false, true]);

  it("follow their truth tables and broadcast", () => {
    expect(logicalAnd(a, b).arraySync()).toEqual([
      [false, false],
      [false, true],
    ]);
    expect(logicalOr(a, b).arraySync()).toEqual([
      [false, true],
      [true, true],
    ]);
    expect(logicalNot(b).arraySync()).toEqual([true, false]);
    expect(logicalAnd(a, b).dtype).toBe("bool");
  });

  it("refuse numbers", () => {
    const message = "logicalAnd: expected bool, got float32. Compare first, for example x.notEqual(0).";
    expect(() => logicalAnd(tensor([1, 0]), tensor([0, 1]))).toThrow(message);
    expect(() => logicalOr(b, tensor([1, 0]))).toThrow(DTypeError);
    expect(() => logicalNot(tensor([1, 0]))).toThrow(DTypeError);
  });
});
