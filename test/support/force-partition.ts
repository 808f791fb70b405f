import type * as partition from "../../src/backends/wasm/threads/choose-partition.ts";

/**
 * Which of its ways every call is parted in, whatever an estimate says of it; null: as the estimate has it. `parted`
 * counts the calls that were. For `vi.mock` of choose-partition.ts.
 */
export const forced: { way: number | null; parted: number } = { way: null, parted: 0 };

export function forcing({ choosePartition }: typeof partition): typeof partition {
  return {
    choosePartition(program, threads) {
      const { way } = forced;
      const chosen =
        way === null
          ? choosePartition(program, threads)
          : program.calls.map(({ ways }) => ways[Math.min(way, ways.length - 1)] ?? null);
      forced.parted += chosen.filter((division) => division !== null).length;
      return chosen;
    },
  };
}

/** Runs f with all calls parted in one of their ways; how many were. */
export async function partedBy(way: number, f: () => void | Promise<void>): Promise<number> {
  Object.assign(forced, { way, parted: 0 });
  try {
    await f();
  } finally {
    forced.way = null;
  }
  return forced.parted;
}
