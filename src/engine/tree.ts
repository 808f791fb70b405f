import { Tensor } from "../graph/tensor.ts";

/** Tensors in arrays and records, each replaced by its number; other values stay as they are. */
export type Tree<L> =
  | { readonly kind: "leaf"; readonly at: L }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "list"; readonly items: readonly Tree<L>[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Tree<L>])[] };

export interface Flat {
  readonly leaves: Tensor[];
  readonly shape: Tree<number>;
  /** Structure, shapes, dtypes and plain values: equal keys, equal signatures. */
  readonly key: string;
}

export function flatten(x: unknown): Flat {
  const leaves: Tensor[] = [];
  const key: string[] = [];
  const visit = (value: unknown): Tree<number> => {
    if (value instanceof Tensor) {
      key.push(`${value.dtype}[${value.shape}]`);
      return { kind: "leaf", at: leaves.push(value) - 1 };
    }
    if (Array.isArray(value)) {
      key.push(`(${value.length}`);
      const items = value.map(visit);
      key.push(")");
      return { kind: "list", items };
    }
    if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      const entries = Object.entries(value).map(([name, item]) => {
        key.push(`${name}:`);
        return [name, visit(item)] as const;
      });
      return { kind: "record", entries };
    }
    key.push(textOf(value));
    return { kind: "value", value };
  };
  const shape = visit(x);
  return { leaves, shape, key: key.join(",") };
}

/** Values with equal texts are equal: -0 is not 0, and a string's own commas do not part it. */
function textOf(value: unknown): string {
  if (typeof value === "object" || typeof value === "function") return `object${identityOf(value)}`;
  if (typeof value === "string") return JSON.stringify(value);
  return Object.is(value, -0) ? "number -0" : `${typeof value} ${String(value)}`;
}

export function unflatten(tree: Tree<number>, leaf: (at: number) => unknown): unknown {
  switch (tree.kind) {
    case "leaf":
      return leaf(tree.at);
    case "value":
      return tree.value;
    case "list":
      return tree.items.map((item) => unflatten(item, leaf));
    case "record":
      return Object.fromEntries(tree.entries.map(([name, item]) => [name, unflatten(item, leaf)]));
  }
}

const identities = new WeakMap<object, number>();
let count = 0;

/** Objects without structure of their own (models, Variables, functions) are told apart by identity. */
function identityOf(x: unknown): number {
  if (x === null || (typeof x !== "object" && typeof x !== "function")) return -1;
  let id = identities.get(x);
  if (id === undefined) {
    id = count++;
    identities.set(x, id);
  }
  return id;
}
