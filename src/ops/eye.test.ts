import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { eye } from "./eye.ts";

beforeAll(() => {
  installReferenceEngine();
});

// Expected values are NumPy's, of the same arguments.
describe("eye", () => {
  it("has ones on its diagonal", () => {
    expect(eye(2).arraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, 3, { dtype: "int32" }).arraySync()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eye(3, 1).shape).toEqual([3, 1]);
  });
});
