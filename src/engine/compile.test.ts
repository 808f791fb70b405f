import { describe, expect, it } from "vitest";
import { referenceBackend } from "../backends/reference/reference-backend.ts";
import { wasmBackend } from "../backends/wasm/wasm-backend.ts";
import type { Tensor } from "../graph/tensor.ts";
import { cut, tap } from "../graph/trace.ts";
import { Variable } from "../graph/variable.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { compile } from "./compile.ts";
import "./eager.ts";
import { Engine, withEngine } from "./engine.ts";
import { grad, valueAndGrad } from "./gradients.ts";
import type { Marks } from "./prepare-graph.ts";

const x = tensor([[0.5, -1, 2], [1, 0.25, -3]]); // biome-ignore format: a matrix
const list = (t: Tensor): number[] => [...t.dataSync()];

describe("compile", () => {
  it("takes and gives arrays and records, and traces once a signature", () => {
    let traces = 0;
    const f = compile(({ a, b }: { a: Tensor; b: Tensor[] }, scale: number) => {
      traces++;
      return { sum: ops.add(a, b[0] as Tensor), rest: [ops.mul(a, scale), scale] };
    });
    const y = f({ a: x, b: [x] }, 2);
    expect([list(y.sum)[0], list(y.rest[0] as Tensor)[0], y.rest[1]]).toEqual([1, 1, 2]);
    f({ a: ops.neg(x), b: [x] }, 2);
    expect(traces).toBe(1);
    f({ a: x, b: [x] }, 3);
    f({ a: ops.reshape(x, [6]), b: [ops.reshape(x, [6])] }, 3);
    expect(traces).toBe(3);
  });

  it("gives captured tensors and arguments back as they are", () => {
    expect(list(compile(() => x)())).toEqual(list(x));
    expect(list(compile((a: Tensor) => a)(x))).toEqual(list(x));
  });

  it("is part of the function around it", () => {
    const inner = compile((a: Tensor) => ops.exp(a));
    const outer = compile((a: Tensor) => grad((b: Tensor) => ops.sum(inner(b)))(a));
    expect(list(outer(x))).toEqual(list(ops.exp(x)));
  });
});

describe("sums of what does not vary along a row", () => {
  it.each([3, 5, 8, 9, 17])("are right in every row, of %i elements", (n) => {
    for (const dtype of ["float32", "float64"] as const) {
      const want = [-n, -n, -n, -n];
      expect(list(ops.sum(ops.full([4, n], -1, { dtype }), { axis: 1 }))).toEqual(want);
      const rows = compile((a: Tensor) => ops.sum(ops.broadcastTo(a, [4, n]), { axis: 1 }));
      expect(list(rows(tensor([[-1], [-1], [-1], [-1]], { dtype })))).toEqual(want); // biome-ignore format: a column
    }
  });
});

describe("taps", () => {
  const norm = (a: Tensor): Tensor => tap("norm", ops.sqrt(ops.sum(ops.square(a))));
  const f = (a: Tensor): Tensor => ops.div(a, norm(ops.exp(a)));

  it("keep values of the latest call that are asked for by name", () => {
    const g = compile(f, { taps: ["norm"] });
    expect(g.taps()).toEqual({});
    expect(list(g(x))).toEqual(list(f(x)));
    expect(list(g.taps()["norm"] as Tensor)).toEqual(list(norm(ops.exp(x))));
    g(ops.neg(x));
    expect(list(g.taps()["norm"] as Tensor)).toEqual(list(norm(ops.exp(ops.neg(x)))));
  });

  it("cost nothing unasked: the same graph and plan as without", () => {
    const plain = compile((a: Tensor) => ops.add(a, 1));
    const tapped = compile((a: Tensor) => {
      norm(a);
      return ops.add(a, 1);
    });
    const [p, q] = [plain.program(x), tapped.program(x)];
    expect(q.graph.nodes.map(({ op }) => op.name)).toEqual(p.graph.nodes.map(({ op }) => op.name));
    expect([q.describe(), q.peakBytes]).toEqual([p.describe(), p.peakBytes]);
    tapped(x);
    expect(tapped.taps()).toEqual({});
  });

  it("reach into gradients and layers, and number equal names", () => {
    const g = compile((a: Tensor) => grad((b: Tensor) => ops.add(norm(b), norm(ops.exp(b))))(a), { taps: true });
    g(x);
    expect(Object.keys(g.taps())).toEqual(["norm", "norm#2"]);
    expect(list(g.taps()["norm#2"] as Tensor)).toEqual(list(norm(ops.exp(x))));
  });

  it("names what there is when asked for what is not there", () => {
    expect(() => compile(f, { taps: ["nrom"] })(x)).toThrow('compile: the function has no tap "nrom". It has "norm".');
    expect(() => compile(f, { cuts: ["end"] })(x)).toThrow(
      'the function has no cut "end". It has no cuts: call cut("end") in it.',
    );
  });

  it("do nothing outside a traced function", () => {
    cut("here");
    expect(tap("x", x)).toBe(x);
  });
});

describe.each([wasmBackend, referenceBackend])("cuts on $name", (backend) => {
  const on = <T>(body: () => T): T => withEngine(new Engine({ backend }), body);

  /** A training step with momentum, three times; everything that it leaves behind. */
  function train(marks: Marks, run: (step: ReturnType<typeof makeStep>) => void): number[] {
    const variables = [new Variable(tensor([[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]]), { name: "w" }), new Variable(tensor([0.01, -0.02]), { name: "b" }), new Variable(tensor([[0, 0], [0, 0], [0, 0]]), { name: "m" })]; // biome-ignore format: a list
    const step = makeStep(variables, marks);
    for (let i = 0; i < 3; i++) run(step);
    return variables.flatMap((v) => list(v.read()));
  }

  function makeStep(variables: readonly Variable[], marks: Marks) {
    const [w, b, m] = variables as [Variable, Variable, Variable];
    return compile((a: Tensor) => {
      const scale = ops.full([3, 2], 0.9);
      const { value, gradients } = valueAndGrad(
        () => ops.mean(ops.square(ops.tanh(ops.matmul(a, w.read(), { bias: b.read() })))),
        [w, b],
      );
      const [dw, db] = gradients as [Tensor, Tensor];
      tap("dw", dw);
      cut("afterGradients");
      const norm = ops.sqrt(ops.sum(ops.square(dw)));
      m.assign(ops.add(ops.mul(m.read(), scale), ops.div(dw, ops.reshape(norm, [1, 1]))));
      cut("afterMomentum");
      w.assign(ops.sub(w.read(), ops.mul(m.read(), 0.1)));
      b.assign(ops.sub(b.read(), ops.mul(db, 0.1)));
      return [value, norm];
    }, marks);
  }

  it.each<[string, Marks]>([
    ["at one point", { cuts: ["afterGradients"] }],
    ["at both", { cuts: ["afterGradients", "afterMomentum"] }],
    ["with taps", { cuts: ["afterGradients"], taps: true }],
  ])("%s leave the same bits", (_how, marks) => {
    on(() => {
      const values: number[][] = [];
      const run = (step: ReturnType<typeof makeStep>): void => {
        values.push(step(x).flatMap(list));
      };
      const want = train({}, run);
      expect(train(marks, run)).toEqual(want);
      expect(values.slice(3)).toEqual(values.slice(0, 3));
    });
  });

  it("give programs to run in order, with the taps there between them", () => {
    on(() => {
      const marks: Marks = { cuts: ["afterGradients"], taps: ["dw"] };
      let between: Tensor = x;
      const want = train(marks, (step) => {
        step(x);
        between = step.taps()["dw"] as Tensor;
      });
      let seen: Tensor = x;
      const got = train(marks, (step) => {
        const program = step.program(x);
        program.run([x]);
        seen = program.readTaps()["dw"] as Tensor;
      });
      expect([got, list(seen)]).toEqual([want, list(between)]);
      const step = makeStep([new Variable(tensor([[1, 1], [1, 1], [1, 1]])), new Variable(tensor([0, 0])), new Variable(tensor([[0, 0], [0, 0], [0, 0]]))], marks); // biome-ignore format: a list
      const program = step.program(x);
      expect(program.bindParts()).toHaveLength(2);
      expect(program.graph.cuts?.map(({ name }) => name)).toEqual(["afterGradients"]);
      expect(makeStep([...Array(3)].map((_, i) => new Variable(i === 1 ? tensor([0, 0]) : tensor([[1, 1], [1, 1], [1, 1]]))), {}).program(x).bindParts()).toHaveLength(1); // biome-ignore format: a list
    });
  });
});
