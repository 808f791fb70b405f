/** Thrown by a peer that finds, once imported, that it lacks what a workload needs. */
export class Lacks extends Error {}

/** The line of a failed process's error output that says why. */
export function reasonOf(output) {
  const lines = output.trim().split("\n");
  return (lines.findLast((line) => /^[\w.]*Error\b/.test(line)) ?? lines.at(-1) ?? "").trim().slice(0, 200);
}
