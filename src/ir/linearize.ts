import type { DType } from "../core/dtype.ts";
import type { Expr, ScalarOp } from "./expr.ts";

/** One numbered value of a kernel's body; arguments are numbers of earlier values. */
export type Instruction =
  | { readonly kind: "const"; readonly dtype: DType; readonly value: number }
  | { readonly kind: "index" | "range"; readonly dtype: "int32"; readonly axis: number }
  | {
      readonly kind: "load";
      readonly dtype: DType;
      readonly input: number;
      readonly args: readonly number[];
      readonly guard: number;
    }
  | { readonly kind: "call"; readonly dtype: DType; readonly op: ScalarOp; readonly args: readonly number[] };

/** A body in straight line; equal values have one number (local value numbering). `roots` numbers the results. */
export interface Linear {
  readonly code: readonly Instruction[];
  readonly roots: readonly number[];
  /** The code as text: two bodies compute the same exactly when their keys are equal. */
  readonly key: string;
}

export function linearize(roots: readonly Expr[]): Linear {
  const code: Instruction[] = [];
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  const seen = new Map<Expr, number>();
  const visit = (e: Expr): number => {
    const known = seen.get(e);
    if (known !== undefined) return known;
    const instruction = instructionOf(e, visit);
    const text = textOf(instruction);
    let n = numbers.get(text);
    if (n === undefined) {
      n = code.push(instruction) - 1;
      texts.push(text);
      numbers.set(text, n);
    }
    seen.set(e, n);
    return n;
  };
  const results = roots.map(visit);
  return { code, roots: results, key: `${texts.join(";")}>${results.join(",")}` };
}

function instructionOf(e: Expr, visit: (e: Expr) => number): Instruction {
  switch (e.kind) {
    case "const":
      return { kind: "const", dtype: e.dtype, value: e.value };
    case "index":
    case "range":
      return { kind: e.kind, dtype: "int32", axis: e.axis };
    case "load": {
      const guard = e.guard === null ? -1 : visit(e.guard);
      return { kind: "load", dtype: e.dtype, input: e.input, args: e.index.map(visit), guard };
    }
    case "call":
      return { kind: "call", dtype: e.dtype, op: e.op, args: e.args.map(visit) };
  }
}

function textOf(i: Instruction): string {
  switch (i.kind) {
    case "const":
      return `${i.dtype} ${Object.is(i.value, -0) ? "-0" : i.value}`;
    case "index":
    case "range":
      return `${i.kind}${i.axis}`;
    case "load":
      return `load${i.input} ${i.dtype} ${i.args.join(" ")}${i.guard < 0 ? "" : ` if ${i.guard}`}`;
    case "call":
      return `${i.op} ${i.dtype} ${i.args.join(" ")}`;
  }
}
