import type { Expr } from "../../src/ir/expr.ts";

const SIGNS: Readonly<Record<string, string>> = { add: "+", sub: "-", mul: "*", div: "/" };

/** A scalar expression as a formula: `a - b * 0.5`. `nameOf` says what a kernel's input is called. */
export function exprText(e: Expr, nameOf: (input: number) => string): string {
  switch (e.kind) {
    case "const":
      return String(e.value);
    case "index":
      return `i${e.axis}`;
    case "range":
      return `r${e.axis}`;
    case "load":
      return nameOf(e.input);
    case "call": {
      const args = e.args.map((arg) => exprText(arg, nameOf));
      const sign = SIGNS[e.op];
      if (sign === undefined) return `${e.op}(${args.join(", ")})`;
      return e.args.map((arg, i) => (isCall(arg) ? `(${args[i]})` : args[i])).join(` ${sign} `);
    }
  }
}

function isCall(e: Expr): boolean {
  return e.kind === "call" && SIGNS[e.op] !== undefined;
}
