import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { reshape, sum, zeros } from "./index.ts";
import { asRun, keptShape, reducedSize } from "./reduce.ts";
import { reshapeOp } from "./reshape.ts";
import { sumOp } from "./sum.ts";

installReferenceEngine();

/** The primitive reductions that a sum over `axis` of a (2, 3, 4, 5) tensor records. */
function recorded(axis: readonly number[], keepDims = false): readonly unknown[] {
  const trace = new Trace();
  withTrace(trace, () => sum(zeros([2, 3, 4, 5]), { axis, keepDims }));
  return trace.finish([]).nodes.flatMap(({ op, attrs }) => (op === sumOp || op === reshapeOp ? [attrs] : []));
}

describe("a reduction", () => {
  it("is one primitive a run of neighbouring axes, the last run first", () => {
    expect(recorded([1, 2])).toEqual([{ axis: 1, count: 2 }]);
    expect(recorded([3, 0, 1])).toEqual([
      { axis: 3, count: 1 },
      { axis: 0, count: 2 },
    ]);
    expect(recorded([])).toEqual([]);
  });

  it("keeps axes by a view at the end", () => {
    expect(recorded([0, 2], true)).toEqual([{ axis: 2, count: 1 }, { axis: 0, count: 1 }, { shape: [1, 3, 1, 5] }]);
  });

  it("sees its run as the middle of three axes", () => {
    expect(asRun([2, 3, 4, 5], { axis: 1, count: 2 })).toEqual([2, 12, 5]);
    expect(asRun([7], { axis: 0, count: 1 })).toEqual([1, 7, 1]);
    expect(keptShape([2, 3, 4], { axis: 1, count: 2 })).toEqual([2, 1, 1]);
    expect(reducedSize(reshape(zeros([24]), [2, 3, 4]), [0, -1], "mean")).toBe(8);
  });
});
