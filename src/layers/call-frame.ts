// tested by src/layers/composite.test.ts
import { foldName, hashName, type Key } from "../core/random-key.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { currentTrace, type Trace } from "../graph/trace.ts";
import { foldKey } from "../ops/fold-key.ts";
import type { CallContext, Layer, OpenShape } from "./layer.ts";

/** A layer whose `build` or `call` is running: what its parts ask for what they were not given. */
interface Frame {
  readonly caller: Layer;
  /** What the call was given; null in `build`. */
  readonly ctx: CallContext | null;
  /** Whether parts without weights stop the call, so that they can be built outside of its trace. */
  readonly stops: boolean;
  /** How often each part was called. */
  readonly calls: Map<Layer, number>;
  /** Of a call that is traced again and again. */
  readonly before: PartCalls | null;
}

/** What the parts gave that a call has called in earlier traces, in order. */
export class PartCalls {
  readonly known: { readonly layer: Layer; readonly inputs: string; readonly output: Spec }[] = [];
  /** The call that comes next in this trace. */
  at = 0;
}

let current: Frame | null = null;

/** Runs a layer's `build` (without ctx) or `call`. */
export function inFrame<T>(
  caller: Layer,
  ctx: CallContext | null,
  body: () => T,
  stops?: boolean,
  before: PartCalls | null = null,
): T {
  const around = current;
  current = { caller, ctx, stops: stops ?? around?.stops ?? false, calls: new Map(), before };
  try {
    return body();
  } finally {
    current = around;
  }
}

/** A part's output: by `call`, or, where an earlier trace came through this very call, a symbol like what it gave. */
export function onceTraced(layer: Layer, inputs: readonly Tensor[], call: () => Tensor): Tensor {
  const before = current?.before ?? null;
  if (before === null) return call();
  const at = before.at++;
  const key = inputs.map(({ dtype, shape }) => `${dtype} ${shape}`).join();
  const known = before.known[at];
  if (known?.layer === layer && known.inputs === key) return (currentTrace() as Trace).input(known.output, "part");
  const y = call();
  before.known[at] = { layer, inputs: key, output: { shape: y.shape, dtype: y.dtype } };
  return y;
}

/** Thrown to stop a call at a part that has no weights yet; whoever traces the call builds it and starts again. */
export class NotBuilt extends Error {
  constructor(
    readonly layer: Layer,
    readonly shapes: readonly OpenShape[],
    readonly key: Key,
  ) {
    super(`${layer} is not built`);
  }
}

/** The key for a part's weights: that of the layer that calls or builds it, folded with the part's path there. */
export function keyFromCaller(layer: Layer): Key | null {
  const path = current?.caller.pathOf(layer);
  return current === null || path === undefined ? null : foldName(current.caller["~weightKey"](), path);
}

/** Throws NotBuilt where a part must be built outside of the trace of its caller's call. */
export function stopToBuild(layer: Layer, shapes: readonly OpenShape[]): void {
  if (current?.stops !== true) return;
  const key = keyFromCaller(layer);
  if (key !== null) throw new NotBuilt(layer, shapes, key);
}

/** The layer in whose call this one is called without being a part of it, or null. */
export function strangerTo(layer: Layer): Layer | null {
  const isCalled = current !== null && current.ctx !== null && current.caller.pathOf(layer) === undefined;
  return isCalled ? (current?.caller ?? null) : null;
}

/**
 * What a layer is called with: what is left out is as in the call around it. The caller's random key is folded with the
 * part's path, and with the number of its calls before.
 */
export function contextFor(layer: Layer, given: Partial<CallContext>): CallContext {
  const ctx: CallContext = { training: false, key: null, mask: null, ...current?.ctx, ...given };
  const path = current?.caller.pathOf(layer);
  if (current === null || path === undefined) return ctx;
  const n = current.calls.get(layer) ?? 0;
  current.calls.set(layer, n + 1);
  if (ctx.key === null || ctx.key !== current.ctx?.key) return ctx;
  const own: Tensor = foldKey(ctx.key, hashName(path));
  return { ...ctx, key: n === 0 ? own : foldKey(own, n) };
}
