import type { TypedArray } from "../core/dtype.ts";
import { type Key, keyOf } from "../core/random-key.ts";
import { drawSeed } from "../core/random-source.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric, MetricState } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** A metric and what it remembers, in Variables. */
export class Counter {
  readonly metric: Metric;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #initial: ReadonlyMap<string, TypedArray>;

  constructor(metric: Metric) {
    this.metric = metric;
    const state = Object.entries(metric.init());
    this.#initial = new Map(state.map(([name, value]) => [name, value.dataSync()]));
    this.#variables = new Map(
      state.map(([name, value]) => [name, new Variable(value, { name: `${metric.name}/${name}`, trainable: false })]),
    );
  }

  /** Inside a trace: counts a batch. */
  update(yTrue: Tensor, yPred: Tensor, weight: Tensor | null): void {
    const next = this.metric.update(this.#read(), yTrue, yPred, weight);
    for (const [name, variable] of this.#variables) variable.assign(next[name]);
  }

  reset(): void {
    for (const [name, variable] of this.#variables) viewOfVariable(variable).set(this.#initial.get(name) ?? []);
  }

  result(): number {
    return Number(this.metric.result(this.#read()).dataSync()[0]);
  }

  #read(): MetricState {
    return Object.fromEntries([...this.#variables].map(([name, variable]) => [name, variable.read()]));
  }
}

/** The mean loss over samples, and the first step whose loss was not finite (0: none). */
export class LossCounter {
  /** The sum of the samples' losses. */
  readonly total: Variable = scalar(new Float64Array(1), "float64", "loss");
  readonly firstBad: Variable = scalar(new Int32Array(1), "int32", "firstBad");
  /** Samples counted; steps know their sizes, so that this costs them nothing. */
  samples = 0;

  reset(): void {
    this.samples = 0;
    viewOfVariable(this.total)[0] = 0;
  }

  get mean(): number {
    return this.samples === 0 ? 0 : viewOfVariable(this.total)[0] / this.samples;
  }
}

/** Everything that training changes besides the weights. It lives in the heap; steps read and assign it. */
export class TrainingState {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly counters: readonly Counter[];
  readonly lossCounter: LossCounter = new LossCounter();
  /** Steps taken since compile. */
  readonly iterations: Variable = scalar(new Int32Array(1), "int32", "iterations");
  readonly learningRate: Variable = scalar(new Float64Array(1), "float64", "learningRate");
  /** What dropout and the like draw from. */
  readonly key: Variable = new Variable(hostTensor(Uint32Array.from(keyOf(drawSeed())), [2], "uint32"), {
    name: "key",
    trainable: false,
  });
  readonly #slots = new Map<Variable, ReadonlyMap<string, Variable>>();

  constructor(optimizer: Optimizer, loss: Loss, metrics: readonly Metric[]) {
    this.optimizer = optimizer;
    this.loss = loss;
    this.counters = metrics.map((metric) => new Counter(metric));
  }

  /** What the optimizer remembers of a weight; made at its first use. */
  slots(weight: Variable): ReadonlyMap<string, Variable> {
    let slots = this.#slots.get(weight);
    if (slots === undefined) {
      const made = Object.entries(this.optimizer.init(weight));
      slots = new Map(
        made.map(([name, value]) => [name, new Variable(value, { name: `${weight.name}/${name}`, trainable: false })]),
      );
      this.#slots.set(weight, slots);
    }
    return slots;
  }

  hasSlots(weight: Variable): boolean {
    return this.#slots.has(weight);
  }

  /** Every Variable that the optimizer keeps, in Keras's order: the iteration, the learning rate, the weights' slots. */
  optimizerVariables(weights: readonly Variable[]): Variable[] {
    return [this.iterations, this.learningRate, ...weights.flatMap((weight) => [...this.slots(weight).values()])];
  }

  setKey(key: Key): void {
    viewOfVariable(this.key).set(key);
  }

  /** The optimizer's learning rate, into the heap: changing it recompiles nothing. */
  syncLearningRate(): void {
    viewOfVariable(this.learningRate)[0] = this.optimizer.learningRate;
  }

  /** The other way: after a file was read. */
  takeLearningRate(): void {
    this.optimizer.learningRate = viewOfVariable(this.learningRate)[0];
  }

  resetCounters(): void {
    this.lossCounter.reset();
    for (const counter of this.counters) counter.reset();
  }

  /** Loss and metrics so far, by name. */
  logs(): Record<string, number> {
    const logs: Record<string, number> = { loss: this.lossCounter.mean };
    for (const counter of this.counters) logs[counter.metric.name] = counter.result();
    return logs;
  }
}

function scalar(array: TypedArray, dtype: "int32" | "float64", name: string): Variable {
  return new Variable(hostTensor(array, [], dtype), { name, trainable: false });
}
