import { backward } from "../autodiff/backward.ts";
import { isFloat } from "../core/dtype.ts";
import type { Graph } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Trace, withTrace } from "../graph/trace.ts";
import type { Variable } from "../graph/variable.ts";
import { abs } from "../ops/abs.ts";
import { add } from "../ops/add.ts";
import { castTo } from "../ops/cast.ts";
import { fill } from "../ops/constant.ts";
import { equal } from "../ops/equal.ts";
import { foldKey } from "../ops/fold-key.ts";
import { less } from "../ops/less.ts";
import { logicalAnd } from "../ops/logical-and.ts";
import { mean } from "../ops/mean.ts";
import { mul } from "../ops/mul.ts";
import { notEqual } from "../ops/not-equal.ts";
import { sub } from "../ops/sub.ts";
import { where } from "../ops/where.ts";
import type { Feed } from "./feed.ts";
import type { TrainingState } from "./training-state.ts";

/** The network as a function, as far as a step needs it. */
export interface Network {
  forward(x: Tensor, ctx: { readonly training: boolean; readonly key: Tensor | null }): Tensor;
  readonly trainableVariables: readonly Variable[];
}

/** One training step as ONE graph: batch, forward, loss, backward, optimizer, metrics. It has no inputs. */
export function traceTrainStep(net: Network, state: TrainingState, feed: Feed, size: number): Graph {
  const trace = new Trace();
  // Made before tracing, where their first values can be computed.
  for (const weight of net.trainableVariables) state.slots(weight);
  withTrace(trace, () => {
    const { x, y, weight } = feed.read(size);
    const step = add(state.iterations.read(), 1) as Tensor;
    state.iterations.assign(step);
    const weights = net.trainableVariables;
    const params = weights.map((variable) => variable.read());
    const from = trace.length;
    const prediction = net.forward(x, { training: true, key: foldKey(state.key.read(), step) });
    const loss = countLoss(state, y as Tensor, prediction, weight, step);
    const nodes = Array.from({ length: trace.length - from }, (_, i) => trace.node(from + i));
    const found = backward(nodes, [loss], [fill([], 1, loss.dtype)], params);
    const gradients = found.map((dx, i) => dx ?? fill(params[i].shape, 0, params[i].dtype));
    trace.cut("afterGradients");
    updateWeights(state, weights, gradients, step);
    countMetrics(state, y as Tensor, prediction);
  });
  return trace.finish([]);
}

/** Loss and metrics of a batch, with the weights as they are. */
export function traceEvaluateStep(net: Network, state: TrainingState, feed: Feed, size: number): Graph {
  const trace = new Trace();
  withTrace(trace, () => {
    const { x, y, weight } = feed.read(size);
    const prediction = net.forward(x, { training: false, key: null });
    countLoss(state, y as Tensor, prediction, weight, null);
    countMetrics(state, y as Tensor, prediction);
  });
  return trace.finish([]);
}

/** The output for a batch. */
export function tracePredictStep(net: Network, feed: Feed, size: number): Graph {
  const trace = new Trace();
  const output = withTrace(trace, () => net.forward(feed.read(size).x, { training: false, key: null }));
  return trace.finish([output]);
}

/** J = sum of weight * loss / batch size, as Keras reduces; counted by samples. */
function countLoss(
  state: TrainingState,
  y: Tensor,
  prediction: Tensor,
  weight: Tensor | null,
  step: Tensor | null,
): Tensor {
  const each = state.loss.call(y, prediction);
  const weighted = weight === null ? each : mul(each, castTo(weight, each.dtype));
  const loss = mean(weighted) as Tensor;
  const { total, firstBad } = state.lossCounter;
  total.assign(add(total.read(), mul(castTo(loss, "float64"), each.shape[0])) as Tensor);
  if (step !== null) {
    // loss - loss is 0 for every finite number, and NaN otherwise.
    const isFirst = logicalAnd(
      notEqual(sub(loss, loss) as Tensor, 0) as Tensor,
      equal(firstBad.read(), 0) as Tensor,
    ) as Tensor;
    firstBad.assign(where(isFirst, step, firstBad.read()) as Tensor);
  }
  return loss;
}

function updateWeights(
  state: TrainingState,
  weights: readonly Variable[],
  gradients: readonly Tensor[],
  step: Tensor,
): void {
  const clipped = state.optimizer.clip(gradients);
  const rate = state.learningRate.read();
  weights.forEach((weight, i) => {
    const slots = state.slots(weight);
    const before = Object.fromEntries([...slots].map(([name, slot]) => [name, slot.read()]));
    const ctx = { learningRate: castTo(rate, weight.dtype), step };
    const next = state.optimizer.update(clipped[i], state.optimizer.decay(weight.read(), ctx), before, ctx);
    weight.assign(next.param);
    for (const [name, slot] of slots) slot.assign(withoutSubnormals(next.state[name]));
  });
}

/**
 * Moments of a weight that gets no gradient any more (a dead unit, a pixel that is always 0) decay until they are subnormal,
 * which processors compute 100 times slower. 2^-110 leaves room for (1 - beta) times it; Keras on JAX flushes them too.
 */
function withoutSubnormals(state: Tensor): Tensor {
  if (!isFloat(state.dtype)) return state;
  const least = state.dtype === "float64" ? 2 ** -1000 : 2 ** -110;
  return where(less(abs(state), least), 0, state) as Tensor;
}

/** Metrics count every sample as one: weights are the loss's. */
function countMetrics(state: TrainingState, y: Tensor, prediction: Tensor): void {
  for (const counter of state.counters) counter.update(y, prediction, null);
}
