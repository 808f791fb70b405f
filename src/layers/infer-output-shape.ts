import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import { inFrame, NotBuilt, PartCalls } from "./call-frame.ts";
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
 * until it comes to one, whose weights are made outside of the trace; then it is traced again, with symbols for what the
 * parts before gave: all parts together are called a few times each, however many they are.
 */
export function buildParts(layer: Layer, inputShape: OpenShape): void {
  const before = SIZES.map(() => new PartCalls());
  while ([...layer.sublayers.values()].some((part) => !part.built)) {
    const [a, b] = SIZES.map((size, i) => firstNotBuilt(layer, inputShape, size, before[i]));
    if (a === null || b === null) return;
    const [shape, ...others] = a.shapes.map((sizes, i) => openWhereDifferent(sizes, b.shapes[i]));
    a.layer.ensureBuilt(shape, a.key, others);
  }
}

function firstNotBuilt(layer: Layer, inputShape: OpenShape, openSize: number, before: PartCalls): NotBuilt | null {
  const known = before.known.length > 0;
  before.at = 0;
  try {
    traceCall(layer, inputShape, openSize, true, before);
    return null;
  } catch (error) {
    if (error instanceof NotBuilt) return error;
    if (!known) throw error;
    // A part may leave more behind than its output, such as what it attended to: then all of them are called again.
    before.known.length = 0;
    return firstNotBuilt(layer, inputShape, openSize, before);
  }
}

function traceCall(
  layer: Layer,
  inputShape: OpenShape,
  openSize: number,
  stops: boolean,
  before: PartCalls | null = null,
): Tensor {
  const trace = new Trace();
  const shape = inputShape.map((n) => n ?? openSize);
  const ctx: CallContext = { training: false, key: null, mask: null };
  const call = (): Tensor => layer.call(trace.input({ shape, dtype: layer.dtype }, "x"), ctx);
  return withTrace(trace, () => inFrame(layer, ctx, call, stops, before));
}

function openWhereDifferent(a: OpenShape, b: OpenShape): (number | null)[] {
  return a.map((n, axis) => (n === b[axis] ? n : null));
}
