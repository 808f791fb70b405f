// tested by src/engine/engine.test.ts
import { environment } from "#platform";
import type { Engine } from "./engine.ts";
import type { EngineThreads } from "./threads.ts";

/** What was chosen for an engine and why, a line each. */
export function describeEngine({ backend, heap, kernels, wideness, blas, threads }: Engine): string {
  const size = (heap.memory.buffer.byteLength / 2 ** 20).toFixed(1);
  const memory = heap.shared
    ? "shared memory"
    : "unshared memory (SharedArrayBuffer is not available or was not asked for)";
  return [
    `backend  ${backend.name}, on ${environment.runtime}`,
    `heap     ${size} MiB in ${memory}`,
    `profile  ${kernels.profile}`,
    `kernels  ${backend.describeKernels(kernels)}`,
    `wide     ${wideness}`,
    `blas     ${blas}`,
    `threads  ${describeThreads(threads)}`,
  ].join("\n");
}

/** How many threads compute, and how they fare. */
export function describeThreads({ count, why, started, trouble }: EngineThreads): string {
  if (trouble !== "") return `1: ${trouble}`;
  if (count === 1) return `1: ${why}`;
  const workers = started === 0 ? "no worker started yet: too little to do" : `${started} of them workers`;
  return `${count}: ${why}; ${workers}`;
}
