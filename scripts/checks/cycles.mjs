// Import cycles among files, by imports that run when a module loads. Type-only and lazy imports close no cycle.
import { importsOf, resolve } from "./source.mjs";

/** @param {import("./source.mjs").Source[]} sources @returns {import("./source.mjs").Report} */
export function checkCycles(sources) {
  const edges = new Map(
    sources.map((source) => {
      const targets = importsOf(source).filter(({ specifier, kind }) => kind === "value" && specifier.startsWith("."));
      return [source.path, targets.map(({ specifier, line }) => ({ to: resolve(source.path, specifier), line }))];
    }),
  );
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const path = [];
  /** @param {string} at */
  const visit = (at) => {
    path.push(at);
    for (const { to, line } of edges.get(at) ?? []) {
      const start = path.indexOf(to);
      if (start >= 0) {
        const got = `the cycle ${[...path.slice(start), to].join(" -> ")}`;
        const todo = "Move what both need into a file of its own, or import only the type.";
        problems.push({ file: at, line, got, want: "no cycle", todo });
      } else if (!done.has(to)) visit(to);
    }
    path.pop();
    done.add(at);
  };
  for (const at of edges.keys()) if (!done.has(at)) visit(at);
  return { problems, note: `${edges.size} files` };
}
