// tested by src/layers/layer.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { inFrame, NotBuilt } from "./call-frame.ts";
import type { CallContext, Layer, OpenShape } from "./layer.ts";

/** Two sizes for every open axis: what differs between two traces with them is open there too. */
const SIZES = [2, 3] as const;

/** The output's shape, by tracing `call`. Random layers are traced as they predict. */
export function inferOutputShape(layer: Layer, inputShape: OpenShape): (number | null)[] {
  const [a, b] = SIZES.map((size) => traceCall(layer, inputShape, size, false).shape);
  return openWhereDifferent(a, b);
}

/**
 * Builds the parts that `call` calls and that have no weights yet, each for the shape that reaches it. A call is traced
 * until it comes to one, whose weights are made outside of the trace; then it is traced again, which takes no time.
 */
export function buildParts(layer: Layer, inputShape: OpenShape): void {
  while ([...layer.sublayers.values()].some((part) => !part.built)) {
    const [a, b] = SIZES.map((size) => firstNotBuilt(layer, inputShape, size));
    if (a === null || b === null) return;
    const [shape, ...others] = a.shapes.map((sizes, i) => openWhereDifferent(sizes, b.shapes[i]));
    a.layer.ensureBuilt(shape, a.key, others);
  }
}

function firstNotBuilt(layer: Layer, inputShape: OpenShape, openSize: number): NotBuilt | null {
  try {
    traceCall(layer, inputShape, openSize, true);
    return null;
  } catch (error) {
    if (error instanceof NotBuilt) return error;
    throw error;
  }
}

function traceCall(layer: Layer, inputShape: OpenShape, openSize: number, stops: boolean): Tensor {
  const trace = new Trace();
  const shape = inputShape.map((n) => n ?? openSize);
  const ctx: CallContext = { training: false, key: null, mask: null };
  const call = (): Tensor => layer.call(trace.input({ shape, dtype: layer.dtype }, "x"), ctx);
  return withTrace(trace, () => inFrame(layer, ctx, call, stops));
}

function openWhereDifferent(a: OpenShape, b: OpenShape): (number | null)[] {
  return a.map((n, axis) => (n === b[axis] ? n : null));
}
