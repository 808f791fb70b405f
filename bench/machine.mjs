import { execFileSync } from "node:child_process";
import os from "node:os";

/** What the figures were measured on. */
export function describeMachine(node) {
  const [cpu] = os.cpus();
  const [load] = os.loadavg();
  return {
    date: new Date().toISOString(),
    cpu: cpu?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryGigabytes: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: execFileSync(node, ["--version"], { encoding: "utf8" }).trim(),
    loadBefore: load,
  };
}
