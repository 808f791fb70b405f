// tested by src/layers/layer.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import type { CallContext, Layer, OpenShape } from "./layer.ts";

/**
 * The output's shape, by tracing `call` with two sizes for every open axis: what differs between the two outputs is
 * open there too. Random layers are traced as they predict.
 */
export function inferOutputShape(layer: Layer, inputShape: OpenShape): (number | null)[] {
  const [a, b] = [2, 3].map((size) => outputShape(layer, inputShape, size));
  return a.map((n, axis) => (n === b[axis] ? n : null));
}

function outputShape(layer: Layer, inputShape: OpenShape, openSize: number): readonly number[] {
  const trace = new Trace();
  const shape = inputShape.map((n) => n ?? openSize);
  const ctx: CallContext = { training: false, key: null, mask: null };
  return withTrace(trace, (): Tensor => layer.call(trace.input({ shape, dtype: layer.dtype }, "x"), ctx)).shape;
}
