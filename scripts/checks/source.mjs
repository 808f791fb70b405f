// The parsed sources that the checks read, and the form in which they report.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { filesUnder, ROOT } from "../project.mjs";

/**
 * @typedef {{ file: string, line?: number, got: string, want: string, todo: string }} Problem
 * @typedef {{ problems: Problem[], note?: string, skipped?: boolean }} Report
 * @typedef {{ path: string, text: string, ast: ts.SourceFile }} Source
 * @typedef {{ specifier: string, line: number, kind: "value" | "type" | "lazy" }} Import
 */

/** @param {string} path @param {string} text @returns {Source} */
export function parse(path, text) {
  return { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
}

/** @param {string[]} folders @returns {Source[]} */
export function load(folders) {
  const paths = folders.flatMap((folder) => filesUnder(folder, { match: /\.ts$/ }));
  return paths.map((path) => parse(path, readFileSync(join(ROOT, path), "utf8")));
}

/** @param {string} path */
export const isTest = (path) => path.endsWith(".test.ts");

/** @param {Source} source @param {ts.Node} node */
export const lineOf = ({ ast }, node) => ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;

/** Calls `visit` on each node of the file, parents first. @param {Source} source @param {(node: ts.Node) => void} visit */
export function walk(source, visit) {
  /** @param {ts.Node} node */
  const step = (node) => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(source.ast);
}

/**
 * What a file imports. `import { type X }` counts as a value: verbatimModuleSyntax keeps the import when it runs.
 * @param {Source} source @returns {Import[]}
 */
export function importsOf(source) {
  /** @type {Import[]} */
  const imports = [];
  walk(source, (node) => {
    const add = (/** @type {ts.Node | undefined} */ at, /** @type {Import["kind"]} */ kind) => {
      if (at && ts.isStringLiteralLike(at)) imports.push({ specifier: at.text, line: lineOf(source, node), kind });
    };
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ? "type" : "value");
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? "type" : "value");
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, "type");
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], "lazy");
    }
  });
  return imports;
}

/** The path that a relative specifier names, as seen from `path`. @param {string} path @param {string} specifier */
export function resolve(path, specifier) {
  return join(path, "..", specifier).replaceAll("\\", "/");
}

/** @param {Problem} problem */
export function show({ file, line, got, want, todo }) {
  return `  ${file}${line === undefined ? "" : `:${line}`}\n    got ${got}, expected ${want}. ${todo}`;
}
