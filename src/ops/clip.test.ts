import { beforeAll, describe, expect, it } from "vitest";
import { opGradient } from "../../test/support/op-gradient.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { clip, clipOp } from "./clip.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("clip", () => {
  const x = tensor([-2, -1, 0.5, 1, 3, Number.NaN, Infinity, -Infinity]);

  it("bounds values and keeps NaN", () => {
    expect(clip(x, -1, 1).arraySync()).toEqual([-1, -1, 0.5, 1, 1, Number.NaN, 1, -1]);
    expect(clip(x, 0, Infinity).arraySync()).toEqual([0, 0, 0.5, 1, 3, Number.NaN, Infinity, 0]);
    expect(clip(x, -Infinity, 0).arraySync()).toEqual([-2, -1, 0, 0, 0, Number.NaN, 0, -Infinity]);
  });

  it("keeps ints between whole or infinite bounds", () => {
    const ints = tensor([-5, 0, 5], { dtype: "int32" });
    expect(clip(ints, -1, 1).dtype).toBe("int32");
    expect(clip(ints, 0, Infinity).dtype).toBe("int32");
    expect(clip(ints, 0, Infinity).arraySync()).toEqual([0, 0, 5]);
    expect(clip(ints, -0.5, 0.5).arraySync()).toEqual([-0.5, 0, 0.5]);
  });

  it("has gradient 1 inside its bounds, these included, and 0 outside", () => {
    const grad = (attrs: { low: number | null; high: number | null }): unknown =>
      opGradient(clipOp, [tensor([1, 1, 1, 1, 1, 1, 1, 1])], { inputs: [x], outputs: [], attrs })[0]?.arraySync();
    expect(grad({ low: -1, high: 1 })).toEqual([0, 1, 1, 1, 0, 1, 0, 0]);
    expect(grad({ low: 0, high: null })).toEqual([0, 0, 1, 1, 1, 1, 1, 0]);
  });

  it("refuses bounds in the wrong order", () => {
    expect(() => clip(x, 1, 0)).toThrow("clip: expected low <= high, got low 1 and high 0.");
    expect(() => clip(x, Number.NaN, 0)).toThrow("clip: expected low <= high");
  });
});
