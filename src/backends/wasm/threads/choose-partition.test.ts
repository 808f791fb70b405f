import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choosePartition, type SharedCall, type SharedProgram } from "./choose-partition.ts";
import { type Cut, type Division, EVERYTHING } from "./division.ts";

const way = (cost: number, inputs: readonly Cut[], outputs: readonly Cut[]): Division => ({
  cost,
  units: 1024,
  step: 16,
  scratch: [],
  cuts: { inputs, outputs },
  part: (args) => [...args],
});

const [X, W, STATE, Y, DW] = [0, 1, 2, 3, 4];
const [ROWS, COLUMNS] = [400_000, 512];
const weights = (buffer: number) => ({ buffer, bytes: ROWS });
const small = (buffer: number) => ({ buffer, bytes: 16_000 });

/** y = x w; dw = x^T y; an update of w. Products may be cut by columns or by rows, the update in the ways given. */
function training(product: number, update: number, ways: (update: number) => Division[]): SharedCall[] {
  return [
    {
      cost: product,
      ways: [way(product, [EVERYTHING, COLUMNS], [COLUMNS]), way(product, [16_000, EVERYTHING], [16_000])],
      reads: [small(X), weights(W)],
      writes: [small(Y)],
    },
    {
      cost: product,
      ways: [way(product, [EVERYTHING, COLUMNS], [COLUMNS]), way(product, [COLUMNS, EVERYTHING], [ROWS])],
      reads: [small(X), small(Y)],
      writes: [weights(DW)],
    },
    { cost: update, ways: ways(update), reads: [W, STATE, DW].map(weights), writes: [W, STATE].map(weights) },
  ];
}

const byRows = (cost: number) => way(cost, [ROWS, ROWS, ROWS], [ROWS, ROWS]);
const byColumns = (cost: number) => way(cost, [COLUMNS, COLUMNS, COLUMNS], [COLUMNS, COLUMNS]);
const program = (calls: readonly SharedCall[], given: readonly number[] = []): SharedProgram => ({
  calls,
  given: new Set(given),
  repeats: false,
});

describe("the partition of a program", () => {
  it.each([false, true])(
    "cuts weights, gradients and state alike in all calls, where they can: reversed %s",
    (reversed) => {
      const calls = training(250_000, 150_000, (cost) => [byColumns(cost), byRows(cost)]).map((call) =>
        reversed ? { ...call, ways: call.ways.toReversed() } : call,
      );
      const chosen = choosePartition(program(calls, [X]), 2);
      expect(chosen.map((division) => division?.cuts.outputs[0])).toEqual([COLUMNS, COLUMNS, COLUMNS]);
    },
  );

  it("leaves a program alone that would gain less than it moves", () => {
    const calls = training(30_000, 25_000, (cost) => [byRows(cost)]);
    expect(choosePartition(program(calls, [X]), 2)).toEqual([null, null, null]);
  });

  it("shares it when it works more on the same bytes", () => {
    const calls = training(2_000_000, 50_000, (cost) => [byRows(cost)]);
    const [forward, gradient] = choosePartition(program(calls, [X]), 2);
    expect(forward).not.toBeNull();
    expect(gradient).not.toBeNull();
  });

  it("parts a small call whose operands are in several caches, and no other", () => {
    const flat = way(3_000, [64_000], [64_000]);
    const map = { cost: 3_000, ways: [flat], reads: [{ buffer: 1, bytes: 64_000 }], writes: [{ buffer: 2, bytes: 64_000 }] };
    const large = { ...map, cost: 1e6, ways: [way(1e6, [64_000], [64_000])], reads: [{ buffer: 0, bytes: 64_000 }], writes: map.reads };
    expect(choosePartition(program([map], [1]), 2)).toEqual([null]);
    expect(choosePartition(program([large, map]), 2)).toEqual([large.ways[0], flat]);
  }); // biome-ignore format: calls as lines

  it("counts what it takes to tell parts where they are in each round of a loop", () => {
    const use = (buffer: number) => ({ buffer, bytes: 8_000 });
    const call = { cost: 6_000, ways: [way(6_000, [8_000], [8_000])], reads: [use(0), use(1)], writes: [use(2)] };
    expect(choosePartition(program([call]), 2)).toEqual([call.ways[0]]);
    expect(choosePartition({ ...program([call]), repeats: true }, 2)).toEqual([null]);
  });

  it("is the same each time, takes ways that there are, and nothing else", () => {
    const arbitraryWay = fc.constantFrom(EVERYTHING, 512, 16_000, ROWS);
    const arbitraryCall = fc.record({
      cost: fc.integer({ min: 0, max: 1e6 }),
      cuts: fc.array(fc.tuple(arbitraryWay, arbitraryWay), { maxLength: 3 }),
      from: fc.nat(4),
      to: fc.nat(4),
    });
    fc.assert(
      fc.property(fc.array(arbitraryCall, { maxLength: 8 }), fc.integer({ min: 2, max: 5 }), (given, threads) => {
        const calls = given.map(({ cost, cuts, from, to }) => ({
          cost,
          ways: cuts.map(([input, output]) => way(cost, [input], [output])),
          reads: [weights(from)],
          writes: [weights(to)],
        }));
        const chosen = choosePartition(program(calls), threads);
        expect(choosePartition(program(calls), threads)).toEqual(chosen);
        chosen.forEach((division, at) => {
          if (division !== null) expect(calls[at]?.ways).toContain(division);
        });
      }),
    );
  });
});
