// Sizes that a reader can hold: 300 lines a file, 50 a function. A declaration whose comment starts with `table` (with
// what it lists) is data: its lines do not count, and its function may be long.
import ts from "typescript";
import { isTest, lineOf, walk } from "./source.mjs";

export const FILE_LINES = 300;
export const FUNCTION_LINES = 50;

/** @param {import("./source.mjs").Source[]} sources @returns {import("./source.mjs").Report} */
export function checkBudgets(sources) {
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  for (const source of sources) {
    const tables = tablesOf(source);
    const lines = source.text.trimEnd().split("\n").length;
    const counted = lines - tables.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    if (counted > FILE_LINES) {
      const todo = "Split it by concept; a long list may say `// table: what it lists`.";
      problems.push({ file: source.path, got: `${counted} lines`, want: `at most ${FILE_LINES}`, todo });
    }
    if (!isTest(source.path)) problems.push(...longFunctions(source, tables));
  }
  return { problems, note: `${sources.length} files` };
}

/** @param {import("./source.mjs").Source} source @param {ts.Node} node */
function lastLine({ ast }, node) {
  return ast.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
}

/** @param {import("./source.mjs").Source} source @param {{ from: number, to: number }[]} tables */
function longFunctions(source, tables) {
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return;
    const from = lineOf(source, node);
    const lines = lastLine(source, node) - from + 1;
    if (lines <= FUNCTION_LINES || tables.some((table) => table.from <= from && from <= table.to)) return;
    const name = node.name && ts.isIdentifier(node.name) ? node.name.text : "a function";
    const todo = "Take a step of it out and name that.";
    problems.push({
      file: source.path,
      line: from,
      got: `${name} of ${lines} lines`,
      want: `at most ${FUNCTION_LINES}`,
      todo,
    });
  });
  return problems;
}

/** Line ranges of the statements and class members marked as tables. @param {import("./source.mjs").Source} source */
function tablesOf(source) {
  /** @type {{ from: number, to: number }[]} */
  const tables = [];
  /** @param {ts.Node} node */
  const note = (node) => {
    const comments = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    const marked = comments.some(({ pos, end }) => /^\/[/*]+\s*(\*\s*)?table\b/.test(source.text.slice(pos, end)));
    if (marked) tables.push({ from: lineOf(source, node), to: lastLine(source, node) });
    else if (ts.isClassDeclaration(node)) node.members.forEach(note);
  };
  source.ast.statements.forEach(note);
  return tables;
}
