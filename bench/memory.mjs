import { readFileSync } from "node:fs";

/**
 * Peak memory of this process in megabytes. Linux hands getrusage's figure on from the parent that spawned it, so
 * there its own high-water mark is read.
 */
export function peakMegabytes() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1000;
  return (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "latin1"))[1]) * 1024) / 1e6;
}
