import { beforeAll, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError } from "../core/errors.ts";
import { logicalNot } from "./logical-not.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

it("turns true into false and back", () => {
  expect(logicalNot(tensor([[true, false]])).arraySync()).toEqual([[false, true]]);
  expect(logicalNot(tensor(true)).arraySync()).toBe(false);
});

it("refuses numbers", () => {
  expect(() => logicalNot(tensor([1, 0]))).toThrow(DTypeError);
});
