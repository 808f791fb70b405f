import { countParts } from "../../src/backends/wasm/threads/division.ts";
import { type Parting, partingIn } from "../../src/backends/wasm/threads/part-call.ts";
import { installThreading, threading } from "../../src/backends/wasm/threads/threading.ts";

/** Runs f with all calls parted in one of their ways, whatever an estimate says of it; how many were. */
export async function partedBy(way: number, f: () => void | Promise<void>): Promise<number> {
  const original = threading();
  let parted = 0;
  installThreading({
    ...original,
    shareSteps: (kernels, _, threads) =>
      kernels.map(({ step }): Parting | null => {
        const ways = (step?.divide?.(false) ?? []).filter((division) => countParts(division, threads) > 1);
        const division = ways[Math.min(way, ways.length - 1)];
        if (step === null || division === undefined) return null;
        parted++;
        return partingIn(division, step, threads);
      }),
  });
  try {
    await f();
  } finally {
    installThreading(original);
  }
  return parted;
}
