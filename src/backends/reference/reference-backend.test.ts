import { beforeEach, describe, expect, test } from "vitest";
import { EXACT, installReferenceEngine, runGraph } from "../../../test/support/reference-engine.ts";
import { TestHeap } from "../../../test/support/test-heap.ts";
import type { TypedArray } from "../../core/dtype.ts";
import { apply, applyAll } from "../../graph/apply.ts";
import type { Op, Spec } from "../../graph/op.ts";
import { hostTensor, type Tensor } from "../../graph/tensor.ts";
import { Trace, withTrace } from "../../graph/trace.ts";
import { Variable } from "../../graph/variable.ts";
import { type Combine, constant, index, load, type Meaning, range, s } from "../../ir/expr.ts";
import { referenceBackend } from "./reference-backend.ts";

let heap: TestHeap;
beforeEach(() => {
  heap = installReferenceEngine();
});

const float = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  hostTensor(Float32Array.from(values), shape, "float32");
const list = (x: Tensor): number[] => [...(x.dataSync() as TypedArray)];

const addOp: Op = {
  name: "add",
  kind: "map",
  infer: ([a]) => [{ shape: a.shape, dtype: a.dtype }],
  scalar: ([a]) => {
    const at = a.shape.map((_, axis) => index(axis));
    return { body: s.add(load(0, a.dtype, at), load(1, a.dtype, at)) };
  },
};

/** Joins the last axis. */
function lastAxis(combine: Combine, dtype?: "int32"): Op {
  return {
    name: combine,
    kind: "reduce",
    infer: ([x]) => [{ shape: x.shape.slice(0, -1), dtype: dtype ?? x.dtype }],
    scalar: ([x]): Meaning => ({
      body: load(0, x.dtype, [...x.shape.slice(0, -1).map((_, axis) => index(axis)), range(0)]),
      ranges: [x.shape[x.shape.length - 1]],
      combine,
    }),
  };
}

describe("eager ops", () => {
  test("map ops read one element of each input", () => {
    expect(list(apply(addOp, [float([1, 2, 3]), float([10, 20, 30])]))).toEqual([11, 22, 33]);
    expect(list(apply(addOp, [float([]), float([])]))).toEqual([]);
  });

  test("results round to float32", () => {
    expect(list(apply(addOp, [float([1]), float([2 ** -24])]))).toEqual([1]);
    const wide = [
      hostTensor(Float64Array.of(1), [1], "float64"),
      hostTensor(Float64Array.of(2 ** -24), [1], "float64"),
    ];
    expect(list(apply(addOp, wide))).toEqual([1 + 2 ** -24]);
  });

  test("sums accumulate in float64", () => {
    const x = float(new Array<number>(1000).fill(0.1), [1, 1000]);
    expect(list(apply(lastAxis("sum"), [x]))).toEqual([Math.fround(Math.fround(0.1) * 1000)]);
  });

  test("each combination, its neutral element, and NaN", () => {
    const x = float([3, -1, 2, 5, 5, -7], [2, 3]);
    expect(list(apply(lastAxis("sum"), [x]))).toEqual([4, 3]);
    expect(list(apply(lastAxis("prod"), [x]))).toEqual([-6, -175]);
    expect(list(apply(lastAxis("max"), [x]))).toEqual([3, 5]);
    expect(list(apply(lastAxis("min"), [x]))).toEqual([-1, -7]);
    const empty = float([], [1, 0]);
    expect(list(apply(lastAxis("sum"), [empty]))).toEqual([0]);
    expect(list(apply(lastAxis("prod"), [empty]))).toEqual([1]);
    expect(list(apply(lastAxis("max"), [empty]))).toEqual([Number.NEGATIVE_INFINITY]);
    expect(list(apply(lastAxis("min"), [empty]))).toEqual([Number.POSITIVE_INFINITY]);
    expect(list(apply(lastAxis("max"), [float([1, Number.NaN, 2], [1, 3])]))).toEqual([Number.NaN]);
    expect(list(apply(lastAxis("min"), [float([1, Number.NaN, 2], [1, 3])]))).toEqual([Number.NaN]);
  });

  test("argmax takes the first of equal values and the first NaN", () => {
    const op = lastAxis("argmax", "int32");
    expect(list(apply(op, [float([3, 1, 3, 1, 5, 5], [2, 3])]))).toEqual([0, 1]);
    expect(list(apply(op, [float([3, Number.NaN, 9, Number.NaN], [1, 4])]))).toEqual([1]);
    expect(list(apply(op, [float([Number.NaN, 9], [1, 2])]))).toEqual([0]);
    const lows = float([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, -1], [1, 3]);
    expect(list(apply(op, [lows]))).toEqual([2]);
  });

  test("int sums and products wrap", () => {
    const big = hostTensor(Int32Array.of(2 ** 31 - 1, 1), [1, 2], "int32");
    expect(list(apply(lastAxis("sum"), [big]))).toEqual([-(2 ** 31)]);
    const factors = hostTensor(Int32Array.of(123_456_789, 987_654_321), [1, 2], "int32");
    expect(list(apply(lastAxis("prod"), [factors]))).toEqual([Math.imul(123_456_789, 987_654_321)]);
  });

  test("a product begins from its initial value", () => {
    const product: Op = {
      name: "matmul",
      kind: "reduce",
      infer: ([a, b]) => [{ shape: [a.shape[0], b.shape[1]], dtype: a.dtype }],
      scalar: ([a]) => ({
        body: s.mul(load(0, "float32", [index(0), range(0)]), load(1, "float32", [range(0), index(1)])),
        ranges: [a.shape[1]],
        combine: "sum",
        initial: load(2, "float32", [index(1)]),
      }),
    };
    const y = apply(product, [float([1, 2, 3, 4], [2, 2]), float([5, 6, 7, 8], [2, 2]), float([100, 200])]);
    expect(list(y)).toEqual([119, 222, 143, 250]);
  });

  test("an op with two outputs", () => {
    const both: Op = {
      name: "divMod",
      kind: "map",
      infer: ([a]) => [a, a].map(({ shape }) => ({ shape, dtype: "int32" }) satisfies Spec),
      scalar: (_inputs, _attrs, output) => {
        const x = load(0, "int32", [index(0)]);
        return { body: output === 0 ? s.floorDiv(x, 3) : s.mod(x, 3) };
      },
    };
    const [q, r] = applyAll(both, [hostTensor(Int32Array.of(7, -7), [2], "int32")], {});
    expect([list(q), list(r)]).toEqual([
      [2, -3],
      [1, 2],
    ]);
  });

  test("a guarded load reads nothing outside, and a load without a guard may not", () => {
    const padded = (guarded: boolean): Op => ({
      name: "pad",
      kind: "map",
      infer: ([x]) => [{ shape: [x.shape[0] + 1], dtype: x.dtype }],
      scalar: () => ({ body: load(0, "float32", [s.sub(index(0), 1)], guarded ? s.ge(index(0), 1) : null) }),
    });
    expect(list(apply(padded(true), [float([4, 5])]))).toEqual([0, 4, 5]);
    expect(() => apply(padded(false), [float([4, 5])])).toThrow("load of input 0 at [-1] outside [2]");
  });

  test("an alias without a meaning copies", () => {
    const flat: Op = { name: "flat", kind: "map", alias: true, infer: ([x]) => [{ shape: [4], dtype: x.dtype }] };
    const x = float([1, 2, 3, 4], [2, 2]);
    const y = apply(flat, [x]);
    expect(y.shape).toEqual([4]);
    expect(list(y)).toEqual([1, 2, 3, 4]);
  });
});

describe("graphs", () => {
  const counter = (v: Variable): Trace => {
    const trace = new Trace();
    withTrace(trace, () => {
      v.assign(apply(addOp, [v.read(), v.read()]));
    });
    return trace;
  };

  test.each([false, true])("variables are written back after everything was read (shared memory: %s)", (shared) => {
    const v = new Variable(float([1, 2]));
    const inHeap = new TestHeap(shared);
    const address = inHeap.allocate(8);
    inHeap.view("float32", address, 2).set([1, 2]);
    const trace = counter(v);
    const outputs = withTrace(trace, () => [v.read()]);
    const before = trace.finish(outputs);
    const program = referenceBackend.compile(before, inHeap, { once: false, kernels: EXACT });
    const arena = inHeap.allocate(program.arenaBytes);
    const step = program.bind([arena, address]);
    step();
    step();
    expect([...inHeap.view("float32", address, 2)]).toEqual([4, 8]);
    expect([...inHeap.view("float32", arena + program.outputs[0].offset, 2)]).toEqual([4, 8]);
    expect(program.describe()).toContain("1 sources");
  });

  test("two variables exchange their values", () => {
    const a = new Variable(float([1]));
    const b = new Variable(float([2]));
    const trace = new Trace();
    withTrace(trace, () => {
      const [x, y] = [a.read(), b.read()];
      a.assign(y);
      b.assign(x);
    });
    runGraph(referenceBackend, heap, trace.finish([]), []);
    expect([list(a.read()), list(b.read())]).toEqual([[2], [1]]);
  });

  test("inputs, captured tensors and several outputs", () => {
    const captured = float([10, 20]);
    const trace = new Trace();
    const x = trace.input({ shape: [2], dtype: "float32" }, "x");
    const y = withTrace(trace, () => apply(addOp, [x, captured]));
    const graph = trace.finish([y, x, captured]);
    const results = runGraph(referenceBackend, heap, graph, [float([1, 2])]);
    expect(results.map(list)).toEqual([
      [11, 22],
      [1, 2],
      [10, 20],
    ]);
  });

  test("eager ops and graphs give their blocks back", () => {
    apply(addOp, [float([1]), float([2])]);
    const { used } = heap;
    for (let i = 0; i < 10; i++) apply(addOp, [float([1]), float([2])]);
    expect(heap.used).toBe(used);
  });

  test("an unknown structural op is named", () => {
    const scan: Op = { name: "tumble", kind: "structural", infer: ([x]) => [x] };
    expect(() => apply(scan, [float([1])])).toThrow('no row for the structural op "tumble"');
  });

  test("constants round to their dtype", () => {
    const op: Op = {
      name: "constant",
      kind: "map",
      infer: () => [{ shape: [1], dtype: "float32" }],
      scalar: () => ({ body: s.sub(constant(0.1, "float32"), constant(0.1, "float32")) }),
    };
    expect(list(apply(op, []))).toEqual([0]);
  });
});
