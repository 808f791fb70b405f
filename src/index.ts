/** Neural networks for TypeScript: define, train, diagnose and ship. */
import "./engine/eager.ts";

export * as activations from "./activations/index.ts";
export { referenceBackend } from "./backends/reference/reference-backend.ts";
export { type DType, floatx, setFloatx, type TypedArray } from "./core/dtype.ts";
export {
  DataError,
  DTypeError,
  FormatError,
  GradwiseError,
  InternalError,
  MemoryError,
  ShapeError,
  StateError,
  ThreadError,
  TraceError,
  ValueError,
} from "./core/errors.ts";
export type { Shape } from "./core/shape-types.ts";
export { splitIndices } from "./data/stratified-split.ts";
export { type CheckGradientsOptions, checkGradients } from "./engine/check-gradients.ts";
export { type Compiled, compile } from "./engine/compile.ts";
export { conv, convInputGrad, convKernelGrad } from "./engine/convolve.ts";
export { GradientReport } from "./engine/gradient-report.ts";
export { grad, valueAndGrad, vjp } from "./engine/gradients.ts";
export * as engine from "./engine/index.ts";
export { cond, scan } from "./engine/loops.ts";
export { print, printGraph } from "./graph/print-graph.ts";
export type { Nested, Tensor } from "./graph/tensor.ts";
export { cut, tap } from "./graph/trace.ts";
export { Variable, type VariableOptions } from "./graph/variable.ts";
export * as initializers from "./initializers/index.ts";
export * as layers from "./layers/index.ts";
export * as losses from "./losses/index.ts";
export * as metrics from "./metrics/index.ts";
export * from "./models/index.ts";
export * from "./ops/index.ts";
export * as random from "./ops/random.ts";
export * as optimizers from "./optimizers/index.ts";
