// tested by src/graph/passes/fuse-nodes.test.ts
import type { Node } from "../node.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Whether a product's kernel computes all `readers` of its result itself, after those it has `taken` already: then the
 * result is never stored. Gives the reader whose output is the kernel's result from then on, or null.
 */
export type TakesIn = (product: Node, taken: readonly Node[], readers: readonly Node[]) => Node | null;

/** What a product's kernel computes on its way out, and what it stores then: its result, and what else was read of it. */
export interface Followers {
  readonly nodes: readonly Node[];
  readonly outputs: readonly Tensor[];
}

/** `readersOf`: as for findFollowers. Null where nothing follows a node in its kernel. */
export type FollowersOf = (node: Node, readersOf: (x: Tensor) => readonly Node[]) => Followers | null;

/** `readersOf`: all that read a tensor; none where it must be stored in any case. */
export function findFollowers(
  product: Node,
  readersOf: (x: Tensor) => readonly Node[],
  takesIn: TakesIn,
): Followers | null {
  const nodes: Node[] = [];
  const others: Tensor[] = [];
  let [y] = product.outputs;
  for (let readers = readersOf(y); readers.length > 0; readers = readersOf(y)) {
    const next = takesIn(product, nodes, readers);
    if (next === null) break;
    nodes.push(...readers);
    others.push(...readers.filter((node) => node !== next).flatMap(({ outputs }) => outputs));
    [y] = next.outputs;
  }
  return nodes.length === 0 ? null : { nodes, outputs: [y, ...others] };
}
