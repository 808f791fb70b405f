// The ways out of the type system that src/ does without. Each is fine somewhere; none is needed here.
import ts from "typescript";
import { isTest, lineOf, walk } from "./source.mjs";

const ALIAS = "src/core/shape-types.ts";

/** @param {import("./source.mjs").Source[]} sources @returns {import("./source.mjs").Report} */
export function checkEscapes(sources) {
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  const files = sources.filter(({ path }) => path.startsWith("src/") && !isTest(path));
  for (const source of files) {
    const aliases = { left: source.path === ALIAS ? 1 : 0 };
    walk(source, (node) => {
      const found = escapeIn(node, aliases);
      if (found) problems.push({ file: source.path, line: lineOf(source, node), want: "none in src/", ...found });
    });
    source.text.split("\n").forEach((text, i) => {
      if (!/@ts-(ignore|nocheck|expect-error)/.test(text)) return;
      const todo = "Type it, or move the trick to a test.";
      problems.push({ file: source.path, line: i + 1, got: text.trim(), want: "none in src/", todo });
    });
  }
  return { problems, note: `${files.length} files` };
}

/** @param {ts.Node} node @param {{ left: number }} aliases how many uses of `any` are still allowed */
function escapeIn(node, aliases) {
  if (node.kind === ts.SyntaxKind.AnyKeyword) {
    if (aliases.left-- > 0) return null;
    return { got: "`any`", todo: `Use unknown, or the alias Any of ${ALIAS} in a public type.` };
  }
  if (ts.isNonNullExpression(node))
    return { got: "`!`", todo: "Test for the missing value and throw a GradwiseError." };
  if ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken) {
    return { got: "a definite assignment `!:`", todo: "Initialise it, or use `declare` for a phantom." };
  }
  return null;
}
