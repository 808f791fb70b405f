import { beforeAll, describe, expect, it } from "vitest";
import { expectSameBits, valuesOf } from "../../../../test/support/compare.ts";
import { threadedEngine } from "../../../../test/support/threaded-engine.ts";
import { compile } from "../../../engine/compile.ts";
import { Engine, withEngine } from "../../../engine/engine.ts";
import { grad } from "../../../engine/gradients.ts";
import { scan } from "../../../engine/loops.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { ops, tensor } from "../../../ops/index.ts";
import type { LoopCall } from "../call.ts";
import { exactProfile } from "../kernel-profile.ts";
import { lowerGraph } from "../lower-graph.ts";

const [STEPS, ROWS, WIDTH] = [20, 26, 48];

const some = (shape: readonly number[], seed: number): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed + i * 0.37)),
    { shape },
  );

type Step = (h: Tensor, x: Tensor, w: Tensor) => Tensor;

/** The last state and all of them, of a loop with this step; or their gradients. */
const looped = (step: Step) => (xs: Tensor, w: Tensor) => {
  const { carry, ys } = scan(
    (h: Tensor, x: Tensor) => {
      const next = step(h, x, w);
      return { carry: next, y: [next] };
    },
    ops.zeros([ROWS, WIDTH]) as Tensor,
    xs,
  );
  return [carry, ...ys] as Tensor[];
};

/** A memory cell of four gates, and all its states. */
const cells = (xs: Tensor, w: Tensor): Tensor => {
  const start = ops.zeros([ROWS, WIDTH]) as Tensor;
  const wide = ops.concat([w, w, w, w], { axis: 1 }) as Tensor;
  const { ys } = scan(
    ([h, c]: readonly [Tensor, Tensor], x: Tensor) => {
      const z = ops.matmul(ops.add(h, x), wide);
      const [i, f, g, o] = ops.split(z, 4, { axis: 1 }) as [Tensor, Tensor, Tensor, Tensor];
      const kept = ops.mul(ops.sigmoid(f), c);
      const next = ops.add(kept, ops.mul(ops.sigmoid(i), ops.tanh(g))) as Tensor;
      const y = ops.mul(ops.sigmoid(o), ops.tanh(next)) as Tensor;
      return { carry: [y, next] as const, y: [y] as const };
    },
    [start, start] as const,
    xs,
  );
  return ys[0];
};

const product: Step = (h, x, w) => ops.tanh(ops.add(x, ops.matmul(h, w))) as Tensor;

const CASES: readonly (readonly [name: string, shared: boolean, body: (xs: Tensor, w: Tensor) => Tensor[]])[] = [
  ["a product of each row", true, looped(product)],
  ["its gradient", true, (xs, w) => [grad((k: Tensor) => ops.sum(looped(product)(xs, k)[1] as Tensor) as Tensor)(w)]],
  ["softmax along each row", true, looped((h, x, w) => ops.softmax(ops.add(product(h, x, w), h)) as Tensor)],
  ["parts of each row, joined", true, looped((h, x, w) => {
    const [a, b] = ops.split(product(h, x, w), 2, { axis: 1 }) as [Tensor, Tensor];
    return ops.concat([ops.mul(b, 2), ops.mul(a, -1)], { axis: 1 }) as Tensor;
  })],
  ["products of a batch", true, looped((h, x, w) => {
    const heads = ops.reshape(ops.add(h, x), [ROWS, 4, WIDTH / 4]) as Tensor;
    const mixed = ops.matmul(ops.matmul(heads, heads, { transposeB: true }), heads) as Tensor;
    return ops.tanh(ops.add(product(h, x, w), ops.reshape(mixed, [ROWS, WIDTH]))) as Tensor;
  })],
  ["a mean over the rows", false, looped((h, x, w) => ops.sub(product(h, x, w), ops.mean(h, { axis: 0 })) as Tensor)],
  ["rows turned around", false, looped((h, x, w) => product(ops.reverse(h, { axis: 0 }) as Tensor, x, w))],
  ["rows moved by one", false, looped((h, x, w) => {
    const [first, rest] = ops.split(h, [1, ROWS - 1], { axis: 0 }) as [Tensor, Tensor];
    return product(ops.concat([rest, first], { axis: 0 }) as Tensor, x, w);
  })],
  ["a row that all read", false, looped((h, x, w) => product(ops.add(h, (ops.split(h, [3, 1, ROWS - 4], { axis: 0 }) as Tensor[])[1] as Tensor) as Tensor, x, w))],
  ["a product with the state", false, looped((h, x, w) => {
    const squares = ops.matmul(h, h, { transposeA: true }) as Tensor;
    return product(h, x, ops.tanh(ops.add(w, squares)) as Tensor);
  })],
  ["memory cells", true, (xs, w) => [cells(xs, w)]],
  ["their gradients", true, (xs, w) => [grad((x: Tensor) => ops.sum(ops.square(cells(x, w))) as Tensor)(xs)]],
  ["a loop inside, which is", false, looped((h, x, w) =>
    scan((inner: Tensor) => ({ carry: product(inner, x, w) }), h, [], { length: 5 }).carry)],
]; // biome-ignore format: a table

let engines: Engine[] = [];
beforeAll(async () => {
  engines = [new Engine({ threads: 1 }), await threadedEngine(2), await threadedEngine(3)];
}, 60_000);

describe.each(CASES)("a loop with %s", (name, shared, body) => {
  const [xs, w] = [some([STEPS, ROWS, WIDTH], 1), ops.div(some([WIDTH, WIDTH], 2), 8) as Tensor];

  it(`${shared ? "is" : "is not"} shared by rows`, () => {
    const { graph } = compile(body).program(xs, w);
    const loops = lowerGraph(graph, exactProfile, 2)
      .parts.flat()
      .filter(
        (call): call is LoopCall => call.kind === "loop" && call.reverse !== undefined && Number(call.rounds) === STEPS,
      );
    expect(loops.length).toBeGreaterThan(0);
    for (const loop of loops) expect(loop.shared?.parting.parts ?? null).toBe(shared ? 2 : null);
    const inner = loops.flatMap(({ calls }) => calls.flatMap((call) => (call.kind === "loop" ? [call.shared] : [])));
    if (name.startsWith("a loop")) expect(inner).toEqual([expect.objectContaining({ kind: "kernel" })]);
  });

  it("gives the same bits on 1, 2 and 3 threads", () => {
    const [want, ...others] = engines.map((engine) =>
      withEngine(engine, () => {
        const run = compile(body);
        return Array.from({ length: 4 }, () => run(xs, w).map(valuesOf));
      }),
    );
    for (const rounds of others) {
      for (const [round, got] of rounds.entries()) {
        for (const [i, values] of got.entries())
          expectSameBits(values, want?.[0]?.[i] as typeof values, `result ${i} in round ${round}`);
      }
    }
  });
});

it("shares no loop with fewer rows than two threads' tiles, or with too little to do", () => {
  const sharing = (rows: number, width: number): unknown[] => {
    const body = (x: Tensor, w: Tensor): Tensor =>
      scan((h: Tensor, e: Tensor) => ({ carry: product(h, e, w) }), ops.zeros([rows, width]) as Tensor, x).carry;
    const { graph } = compile(body).program(ops.ones([STEPS, rows, width]), ops.ones([width, width]));
    const calls = lowerGraph(graph, exactProfile, 2).parts.flat();
    return calls.flatMap((call) => (call.kind === "loop" ? [call.shared ?? null] : []));
  };
  expect(sharing(7, 48)).toEqual([null]);
  expect(sharing(8, 2)).toEqual([null]);
  expect(sharing(8, 48)).not.toEqual([null]);
});
