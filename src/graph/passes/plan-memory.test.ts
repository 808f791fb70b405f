import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { arbitraryProgram, runRandomProgram } from "../../../test/support/random-programs.ts";
import { installReferenceEngine } from "../../../test/support/reference-engine.ts";
import { exactProfile } from "../../backends/wasm/kernel-profile.ts";
import { acceptsFusion, acceptsRows, stepOf } from "../../backends/wasm/step.ts";
import { BYTES, type DType } from "../../core/dtype.ts";
import { ops } from "../../ops/index.ts";
import { tensor } from "../../ops/tensor.ts";
import { type Graph, graphResults } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import { Trace, withTrace } from "../trace.ts";
import { Variable } from "../variable.ts";
import { fuseNodes } from "./fuse-nodes.ts";
import { fuseRows } from "./fuse-rows.ts";
import type { Kernel } from "./kernel.ts";
import { type MemoryPlan, planMemory, rootOf } from "./plan-memory.ts";

beforeAll(() => {
  installReferenceEngine();
});

const SHAPES = [[3, 5], [5], [], [3, 5], [2, 3, 5], [4, 4]];

function variablesOf(shapes: readonly (readonly number[])[]): Variable[] {
  return shapes.map((shape, i) => new Variable(ops.zeros(shape), { name: `v${i}` }));
}

function graphOf(body: (...xs: Tensor[]) => readonly Tensor[]): Graph {
  const trace = new Trace();
  const inputs = SHAPES.map((shape, i) => trace.input({ shape, dtype: "float32" }, `x${i}`));
  return trace.finish([...withTrace(trace, () => body(...inputs))]);
}

interface Planned {
  readonly graph: Graph;
  readonly kernels: readonly Kernel[];
  readonly scratch: readonly number[];
  readonly plan: MemoryPlan;
}

/** Fused as on wasm; scratch of kernels without any is made up. */
function planned(graph: Graph, extra = 0): Planned {
  const kernels = fuseRows(graph, fuseNodes(graph, { accepts: acceptsFusion }), acceptsRows);
  const scratch = kernels.map((kernel, i) =>
    Math.max(stepOf(kernel, exactProfile)?.scratchBytes ?? 0, (i % 3) * extra),
  );
  const plan = planMemory(graph, kernels, (kernel) => scratch[kernels.indexOf(kernel)] as number);
  return { graph, kernels, scratch, plan };
}

const bytesOf = (x: Tensor): number => x.size * BYTES[x.dtype as DType];

interface Life {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly base: number;
  readonly start: number;
  readonly end: number;
}

/** When each value is in memory, and where: reckoned from the kernels alone. */
function lives({ graph, kernels, scratch, plan }: Planned): Life[] {
  const written = new Map<Tensor, number>();
  const read = new Map<Tensor, number>();
  kernels.forEach((kernel, at) => {
    for (const x of kernel.inputs) read.set(rootOf(x), at);
    for (const x of kernel.outputs) written.set(x, at);
  });
  for (const x of graphResults(graph)) read.set(rootOf(x), kernels.length);
  for (const { variable: _, before } of graph.variables) written.set(before, -1);
  const values = [...written].map(([x, from]): Life => {
    const { base, offset } = plan.place(x);
    return { what: `${x.shape}`, from, to: read.get(x) ?? from, base, start: offset, end: offset + bytesOf(x) };
  });
  const scratches = scratch.flatMap((bytes, at): Life[] => {
    const { base, offset } = plan.scratch(at);
    return bytes === 0 ? [] : [{ what: "scratch", from: at, to: at, base, start: offset, end: offset + bytes }];
  });
  return [...values, ...scratches];
}

/** Two values are never in one place at one time, but for an update in place by the last kernel that reads the old. */
function expectNoOverlap(p: Planned): void {
  const all = lives(p);
  for (const a of all) {
    if (a.base === 0) expect(a.end, a.what).toBeLessThanOrEqual(p.plan.arenaBytes);
    for (const b of all) {
      if (a === b || a.base !== b.base || a.end <= b.start || b.end <= a.start) continue;
      const inPlace = a.base > 0 && (a.to <= b.from || b.to <= a.from);
      expect(
        inPlace || a.to < b.from || b.to < a.from,
        `${a.what} (${a.from}-${a.to}) and ${b.what} (${b.from}-${b.to})`,
      ).toBe(true);
    }
  }
}

describe("planMemory", () => {
  it("never puts two live values in one place", () => {
    const property = fc.property(arbitraryProgram(20), (program) => {
      const variables = variablesOf([[3, 5], [3, 5], [5], [], [4, 4]]);
      expectNoOverlap(
        planned(
          graphOf((...xs) => runRandomProgram(program, xs, variables)),
          100,
        ),
      );
    });
    fc.assert(property, { seed: 11, numRuns: 100 });
  });

  it("uses memory again: a chain of products needs three places at most", () => {
    const { plan, kernels } = planned(
      graphOf((_a, _b, _c, _d, _e, x) => {
        let y = x as Tensor;
        for (let i = 0; i < 10; i++) y = ops.matmul(y, y);
        return [y];
      }),
    );
    expect(kernels).toHaveLength(10);
    expect(plan.arenaBytes).toBeLessThanOrEqual(3 * 128);
  });

  it("updates a variable in place where its old value is done with", () => {
    const [v] = variablesOf([[3, 5]]) as [Variable];
    const { plan, graph } = planned(
      graphOf((x) => {
        v.assign(ops.add(ops.mul(v.read(), 0.9), x as Tensor));
        return [];
      }),
    );
    expect(plan.copies).toEqual([]);
    expect(plan.place(graph.variables[0]?.after as Tensor)).toEqual(plan.place(graph.variables[0]?.before as Tensor));
  });

  it("does not where something reads the old value later, in another order, or as an output", () => {
    const later = (v: Variable): Tensor[] => {
      const old = v.read();
      v.assign(ops.tanh(old));
      return [ops.sum(old, { axis: 0 })];
    };
    const turned = (v: Variable): Tensor[] => {
      v.assign(ops.add(v.read(), ops.transpose(v.read(), [1, 0, 2])));
      return [];
    };
    const output = (v: Variable): Tensor[] => {
      const old = v.read();
      v.assign(ops.mul(old, 2));
      return [old];
    };
    for (const [body, copies] of [
      [later, 0],
      [turned, 1],
      [output, 2],
    ] as const) {
      const [v] = variablesOf([[2, 2, 5]]) as [Variable];
      const p = planned(graphOf(() => body(v)));
      expectNoOverlap(p);
      expect(p.plan.copies.length).toBeGreaterThanOrEqual(copies);
    }
  });

  it("saves old values before any variable changes", () => {
    const [a, b] = variablesOf([[5], [5]]) as [Variable, Variable];
    const { plan, graph } = planned(
      graphOf(() => {
        const [x, y] = [a.read(), b.read()];
        a.assign(y);
        b.assign(x);
        return [x];
      }),
    );
    const homes = graph.variables.map(({ before }) => plan.place(before).base);
    const firstWrite = plan.copies.findIndex(({ to }) => homes.includes(to.base));
    expect(plan.copies.slice(0, firstWrite).map(({ from }) => from.base)).toEqual(homes);
    expect(plan.copies.slice(firstWrite).every(({ from }) => from.base === 0)).toBe(true);
    expect(plan.outputs[0]?.base).toBe(0);
  });

  it("describes itself", () => {
    const text = planned(
      graphOf((x) => [ops.matmul(ops.tanh(x as Tensor), tensor([[1], [2], [3], [4], [5]]))]),
    ).plan.describe();
    expect(text).toMatch(/^arena: peak 0\.2 KiB, 2 buffers/);
    expect(text).toContain("tanh (3, 5) float32");
    expect(text).toContain("matmul (3, 1) float32");
  });
});
