// What the public types cost the compiler. A file of test/types/ that starts with `// instantiations: 20000` is a program
// of its own: it must compile, with at most so many type instantiations beyond those of test/types/baseline.ts, which
// imports the library and uses nothing. Instantiations are counted, not seconds: every machine counts the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { filesUnder, ROOT } from "../project.mjs";

/** @param {string} [root] @returns {import("./source.mjs").Report} */
export function checkTypeCost(root = ROOT) {
  const budgets = filesUnder("test/types", { root, match: /\.ts$/ }).flatMap((path) => {
    const found = /^\/\/ instantiations: (\d+)/.exec(readFileSync(join(root, path), "utf8"));
    return found ? [{ path, budget: Number(found[1]) }] : [];
  });
  if (budgets.length === 0) return { problems: [], note: "no program in test/types/ states a budget", skipped: true };
  const baseline = measure(root, "test/types/baseline.ts");
  const notes = [`baseline ${baseline.count}`];
  const problems = [...baseline.problems];
  for (const { path, budget } of budgets) {
    const measured = measure(root, path, baseline.program);
    const count = measured.count - baseline.count;
    notes.push(`${path.replace("test/types/", "")} ${count} of ${budget}`);
    problems.push(...measured.problems);
    if (count > budget) {
      const todo = "Simplify the rule that it exercises; a long rule returns Shape instead.";
      problems.push({ file: path, got: `${count} instantiations`, want: `at most ${budget}`, todo });
    }
  }
  return { problems, note: notes.join(", ") };
}

/** @param {string} root @param {string} path @param {ts.Program} [old] */
function measure(root, path, old) {
  const { config } = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [path] }, ts.sys, root);
  const program = ts.createProgram([join(root, path)], options, undefined, old);
  const diagnostics = ts.getPreEmitDiagnostics(program);
  /** @type {import("./source.mjs").Problem[]} */
  const problems = diagnostics.map(({ file, start = 0, messageText }) => ({
    file: file ? file.fileName.replace(`${root}/`, "") : path,
    ...(file ? { line: file.getLineAndCharacterOfPosition(start).line + 1 } : {}),
    got: ts.flattenDiagnosticMessageText(messageText, " "),
    want: "no error",
    todo: `Seen while compiling ${path}.`,
  }));
  const count = /** @type {{ getInstantiationCount(): number }} */ (
    /** @type {unknown} */ (program)
  ).getInstantiationCount();
  return { program, count, problems };
}
