// tested by src/backends/wasm/conv-kernel.test.ts
import type { Node } from "../../graph/node.ts";
import { type FollowersOf, findFollowers } from "../../graph/passes/find-followers.ts";
import type { ConvShape } from "./kernels/conv-shape.ts";

/** What a convolution computes of its result: relu, and before it maxPool over windows that lie apart. */
export type ConvEnd = Pick<ConvShape, "relu" | "pool">;

/** A window is filled up to whole tiles: so much more than its own places may be computed. */
const MOST_FILLED = 1.15;

/** relu, or maxPool with the places of its maxima where a gradient asks for them, and relu after it. */
function takesIn(node: Node, taken: readonly Node[], readers: readonly Node[]): Node | null {
  if (taken.some(isRelu)) return null;
  const relu = readers.length === 1 && isRelu(readers[0]) ? readers[0] : null;
  if (relu !== null || taken.length > 0 || node.outputs[0].dtype !== "float32") return relu;
  const [pool, ...others] = [...readers].sort((a, b) => Number(isPool(b)) - Number(isPool(a)));
  const record = others.every((other) => isRecord(other) && sameAttrs(other, pool)) && others.length <= 1;
  return isPool(pool) && record && fits(pool) ? pool : null;
}

export const convFollowers: FollowersOf = (node, readersOf) => findFollowers(node, readersOf, takesIn);

/** What the nodes that a convolution takes in ask of it. */
export function endOf(followers: readonly Node[]): ConvEnd {
  const relu = followers.some(isRelu);
  const pool = followers.find(isPool);
  if (pool === undefined) return { relu };
  const { window, strides } = attrsOf(pool);
  const counts = pool.outputs[0].shape.slice(1, -1);
  const record = followers.some(isRecord);
  return { relu, pool: { window: pair(window, 1), strides: pair(strides, 1), counts: pair(counts, 1), record } };
}

/** Two axes; one is the second of them. */
export function pair(axes: readonly number[], missing: number): [number, number] {
  return axes.length === 1 ? [missing, axes[0]] : [axes[0], axes[1]];
}

const isRelu = ({ op }: Node): boolean => op.name === "relu";
const isPool = ({ op }: Node): boolean => op.name === "maxPool";
const isRecord = ({ op }: Node): boolean => op.name === "windowArgMax";

type PoolAttrs = Record<"window" | "strides" | "dilation", readonly number[]> & {
  readonly padding: readonly (readonly number[])[];
};

function attrsOf(pool: Node): PoolAttrs {
  return pool.attrs as unknown as PoolAttrs;
}

function sameAttrs(a: Node, b: Node): boolean {
  return JSON.stringify(a.attrs) === JSON.stringify(b.attrs);
}

function fits(pool: Node): boolean {
  const { window, strides, dilation, padding } = attrsOf(pool);
  const places = window.reduce((a, b) => a * b, 1);
  const filled = places % 2 === 0 ? places : places + 1;
  return (
    filled <= MOST_FILLED * places &&
    padding.flat().every((n) => n === 0) &&
    window.every((n, axis) => strides[axis] >= n && dilation[axis] === 1)
  );
}
