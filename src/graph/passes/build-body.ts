import { InternalError } from "../../core/errors.ts";
import { onceEach } from "../../core/once-each.ts";
import { sameShape } from "../../core/shape.ts";
import { type Expr, load, type Meaning, s } from "../../ir/expr.ts";
import { rewrite } from "../../ir/rewrite.ts";
import { type Node, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";

/** Builds a kernel's bodies: what is inside the kernel is computed in place, everything else becomes a load. */
export class BodyBuilder {
  readonly inputs: Tensor[] = [];
  readonly #inside: (x: Tensor) => boolean;
  readonly #known = new Map<Tensor, { readonly at: readonly Expr[]; readonly expr: Expr }[]>();

  constructor(inside: (x: Tensor) => boolean) {
    this.#inside = inside;
  }

  /** The element of y at `at`: computed when it is inside the kernel, loaded otherwise. */
  value(y: Tensor, at: readonly Expr[]): Expr {
    const x = throughAliases(y);
    if (this.#inside(x)) return this.computed(x, at);
    let input = this.inputs.indexOf(x);
    if (input < 0) input = this.inputs.push(x) - 1;
    return load(input, x.dtype, at);
  }

  /** The element of x at `at`, from its op's meaning. */
  computed(x: Tensor, at: readonly Expr[]): Expr {
    const list = this.#known.get(x) ?? [];
    this.#known.set(x, list);
    const known = list.find((entry) => sameIndex(entry.at, at));
    if (known !== undefined) return known.expr;
    const expr = this.#compute(x, at);
    list.push({ at, expr });
    return expr;
  }

  #compute(x: Tensor, at: readonly Expr[]): Expr {
    const node = nodeOf(x);
    const meaning = node === null ? undefined : meaningOf(node);
    if (node === null || meaning === undefined) throw new InternalError("a kernel holds a value without a meaning");
    return rewrite(meaning.body, (leaf) => {
      if (leaf.kind === "index") return sameLeaf(leaf, at[leaf.axis]) ? null : at[leaf.axis];
      if (leaf.kind !== "load") return null;
      const value = this.value(node.inputs[leaf.input], leaf.index);
      if (leaf.guard === null) return value;
      // Only views and constants are read under a guard.
      return value.kind === "load" ? { ...value, guard: leaf.guard } : s.select(leaf.guard, value, 0);
    });
  }
}

/** What one element of a node's first output computes; undefined where its op has no scalar meaning. */
export const meaningOf: (node: Node) => Meaning | undefined = onceEach((node) =>
  node.op.scalar?.(node.inputs, node.attrs, 0),
);

/** An alias that keeps the shape too, such as stopGradient: reading it is reading its input. */
export function isPlainAlias(node: Node): boolean {
  return node.op.alias === true && sameShape(node.outputs[0].shape, node.inputs[0].shape);
}

export function throughAliases(x: Tensor): Tensor {
  let root = x;
  for (let node = nodeOf(root); node !== null && isPlainAlias(node); node = nodeOf(root)) [root] = node.inputs;
  return root;
}

/** Whether two coordinate lists are the same, as far as leaves tell. */
function sameIndex(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((x, i) => sameLeaf(x, b[i]));
}

function sameLeaf(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind === "index" && b.kind === "index") return a.axis === b.axis;
  return a.kind === "const" && b.kind === "const" && a.value === b.value;
}
