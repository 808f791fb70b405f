import { describe, expect, it } from "vitest";
import { kernelCalls } from "../backends/wasm/call.ts";
import { exactProfile } from "../backends/wasm/kernel-profile.ts";
import { lowerGraph } from "../backends/wasm/lower-graph.ts";
import { DTypeError, ShapeError, TraceError, ValueError } from "../core/errors.ts";
import { checkGradients } from "../engine/check-gradients.ts";
import { compile } from "../engine/compile.ts";
import { grad } from "../engine/gradients.ts";
import { scan } from "../engine/loops.ts";
import "../engine/eager.ts";
import type { Body } from "../graph/body.ts";
import type { Graph } from "../graph/node.ts";
import { printGraph } from "../graph/print-graph.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import { ones, ops, tensor, zeros } from "./index.ts";

const cumulated = (x: Tensor, options = {}): { carry: Tensor; ys: Tensor } =>
  scan((sum: Tensor, e: Tensor) => ({ carry: ops.add(sum, e), y: sum }), tensor(0), x, options);

const w: Tensor = tensor([[0.5, -0.2], [0.1, 0.3]]); // biome-ignore format: a matrix
const x: Tensor = tensor([[[1, 2], [0, 1]], [[0.3, 0.2], [1, 0]], [[0.1, -0.4], [2, 2]]]); // biome-ignore format: steps
/** The last state of h' = tanh(x + h w), and all of them. */
const states = (xs: Tensor, kernel: Tensor, options = {}): { carry: Tensor; ys: Tensor } =>
  scan(
    (h: Tensor, e: Tensor) => {
      const next = ops.tanh(ops.add(e, ops.matmul(h, kernel)));
      return { carry: next, y: next };
    },
    zeros([xs.shape[1], 2], { dtype: xs.dtype }) as Tensor,
    xs,
    options,
  );

const loss = (xs: Tensor, kernel: Tensor): Tensor => ops.sum(ops.square(states(xs, kernel).ys)) as Tensor;

const named = (graph: Graph, name: string): number => graph.nodes.filter(({ op }) => op.name === name).length;

describe("scan", () => {
  it("carries a value from step to step and stacks what each gives", () => {
    const { carry, ys } = cumulated(tensor([1, 2, 3]));
    expect([carry.arraySync(), ys.arraySync()]).toEqual([6, [0, 1, 3]]);
    const back = cumulated(tensor([1, 2, 3]), { reverse: true });
    expect([back.carry.arraySync(), back.ys.arraySync()]).toEqual([6, [5, 3, 0]]);
  });

  it("takes lists of carries and xs, and none of ys", () => {
    const { carry, ys } = scan(
      ([a, b], [e]) => ({ carry: [ops.add(a, e), ops.mul(b, 2)] }),
      [tensor(0), tensor(1)] as const,
      [tensor([1, 2, 3])] as const,
    );
    expect([carry.map((c) => c.arraySync()), ys]).toEqual([[6, 8], []]);
    const counted = scan((n: Tensor) => ({ carry: ops.add(n, 1) }), tensor(0, { dtype: "int32" }), [], { length: 7 });
    expect(counted.carry.arraySync()).toBe(7);
  });

  it("leaves rows as they are where the mask is false, and gives 0 or the carry", () => {
    const mask: Tensor = tensor([[true, true], [true, false], [false, false]]); // biome-ignore format: steps by rows
    const { carry, ys } = scan(
      (sum: Tensor, e: Tensor) => {
        const next = ops.add(sum, e);
        return { carry: next, y: [next, e] };
      },
      zeros([2]) as Tensor,
      tensor([[1, 10], [2, 20], [3, 30]]) as Tensor, // biome-ignore format: steps by rows
      { mask },
    );
    expect(carry.arraySync()).toEqual([3, 10]);
    expect(ys.map((y) => y.arraySync())).toEqual([[[1, 10], [3, 10], [3, 10]], [[1, 10], [2, 0], [0, 0]]]); // biome-ignore format: steps by rows
  });

  it("reads what is around it: tensors, Variables, a trace's values", () => {
    const two = new Variable(tensor(2));
    const f = (scale: Tensor, e: Tensor): Tensor =>
      scan((sum: Tensor, s: Tensor) => ({ carry: ops.add(sum, ops.mul(ops.mul(s, two.read()), scale)) }), tensor(0), e)
        .carry;
    expect(f(tensor(10), tensor([1, 2])).arraySync()).toBe(60);
    const compiled = compile(f);
    expect(compiled(tensor(10), tensor([1, 2])).arraySync()).toBe(60);
    two.assign(tensor(3));
    expect(compiled(tensor(10), tensor([1, 2])).arraySync()).toBe(90);
  });

  it("is a loop of the program: more steps, no more code", () => {
    const kernels = (steps: number): number => {
      const { graph } = compile((e: Tensor, k: Tensor) => grad(loss)(e, k)).program(ones([steps, 2, 2]), w);
      return kernelCalls(lowerGraph(graph, exactProfile).parts.flat()).length;
    };
    expect(kernels(3)).toBe(kernels(300));
    expect(kernels(3)).toBeLessThan(20);
  });

  it("transposes a weight once before the backward loop, not at every step", () => {
    const { graph } = compile((e: Tensor, k: Tensor) => grad(loss)(e, k)).program(x, w);
    expect(named(graph, "transpose")).toBe(1);
    const backward = graph.nodes.filter(({ op }) => op.name === "scan")[1]?.attrs as { body: Body } | undefined;
    const products = backward?.body.graph.nodes.filter(({ op }) => op.name === "matmul");
    expect(products?.map(({ attrs }) => attrs)).toEqual([{ transposeA: false, transposeB: false }]);
  });

  it("sums outer products over all steps by one product after the loop", () => {
    const gradient = compile((e: Tensor, k: Tensor) => grad((kernel: Tensor) => loss(e, kernel))(k));
    const { graph } = gradient.program(x, w);
    expect([named(graph, "scan"), named(graph, "matmul")]).toEqual([2, 1]);
    expect(graph.nodes.find(({ op }) => op.name === "matmul")?.inputs[0]?.shape).toEqual([6, 2]);
  });

  it("differentiates to the third order, both ways and masked", () => {
    const mask: Tensor = tensor([[true, true], [true, false], [false, true]]); // biome-ignore format: steps by rows
    for (const options of [{}, { reverse: true }, { mask }]) {
      const f = (e: Tensor, k: Tensor): Tensor => {
        const { carry, ys } = states(e, k, options);
        return ops.add(ops.sum(ops.sin(carry)), ops.sum(ops.square(ys))) as Tensor;
      };
      expect(checkGradients(f, [x, w], { order: 3 }).relativeError).toBeLessThan(1e-6);
    }
  });

  it("prints its body below its line", () => {
    const text = printGraph(compile((e: Tensor) => cumulated(e).carry).program(tensor([1, 2])).graph);
    expect(text).toContain("scan(%1, %0) carries=1 length=2 xs=1");
    expect(text).toMatch(/\n {2}body: \{\n {4}%0 = input 0 /);
  });

  it("refuses a body that changes a carry, or forgets it", () => {
    const start: Tensor = zeros([2, 3]);
    const body = (f: (c: Tensor) => Tensor) => () => scan((c: Tensor) => ({ carry: f(c) }), start, [], { length: 2 });
    expect(body((c) => ops.reshape(c, [3, 2]) as Tensor)).toThrow(ShapeError);
    expect(body((c) => ops.reshape(c, [3, 2]) as Tensor)).toThrow(
      "scan: the body changes carry 0 from (2, 3) float32 to (3, 2) float32. A carry keeps its shape and dtype",
    );
    expect(body((c) => ops.cast(c, "float64") as Tensor)).toThrow(DTypeError);
    expect(() => scan((() => ({})) as never, start, [], { length: 2 })).toThrow("Return the next carry.");
    expect(() => scan((([a]: Tensor[]) => ({ carry: [a] })) as never, [start, start], [], { length: 2 })).toThrow(
      "the body got 2 carries and returned 1",
    );
  });

  it("refuses sequences of no step or of several lengths, and masks that do not fit", () => {
    expect(() => cumulated(zeros([0]) as Tensor)).toThrow(ValueError);
    expect(() => cumulated(zeros([0]) as Tensor)).toThrow("at least 1 step, got 0");
    expect(() => scan((c: Tensor) => ({ carry: c }), tensor(0), [])).toThrow("Give xs, or a length.");
    expect(() => scan((c: Tensor) => ({ carry: c }), tensor(0), [ones([2]), ones([3])])).toThrow("got 2 and 3 steps");
    expect(() => cumulated(tensor(1))).toThrow("xs 0 is a scalar");
    expect(() => states(x, w, { mask: ones([2, 3]) })).toThrow("expected a bool mask of shape (3, rows)");
    expect(() => scan<Tensor, Tensor>((c) => ({ carry: c }), 1 as never, x)).toThrow("expected carry to be a tensor");
  });

  it("refuses to assign Variables in its body", () => {
    const v = new Variable(tensor(0), { name: "count" });
    const body = (carry: Tensor): { carry: Tensor } => {
      v.assign(carry);
      return { carry };
    };
    const f = (): unknown => scan(body, tensor(0), [], { length: 2 });
    expect(f).toThrow(TraceError);
    expect(f).toThrow("Carry the value and assign it after the loop.");
  });
});
