import { StateError, ValueError } from "../core/errors.ts";
import { drawSeed } from "../core/random-source.ts";
import { fold, keyOf } from "../core/random-key.ts";
import type { TypedArray } from "../core/dtype.ts";
import type { Any } from "../core/shape-types.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { assignWeights } from "../layers/layer-weights.ts";
import type { Layer, OpenShape } from "../layers/layer.ts";
import type { Loss, LossKind } from "../losses/loss.ts";
import type { LossLike } from "../losses/get-loss.ts";
import type { MetricLike } from "../metrics/get-metric.ts";
import type { OptimizerLike } from "../optimizers/get-optimizer.ts";
import { evaluatePass } from "./evaluate.ts";
import { type FitOptions, fitModel } from "./fit.ts";
import type { History } from "./history.ts";
import type { Data, Fits, InputOf, MetricName, OutputOf, TargetOf } from "./model-types.ts";
import { predictRows } from "./predict.ts";
import { TurnClock } from "./run-steps.ts";
import { checkedSamples, type ClassWeight, dataTensor, weighClasses } from "./samples.ts";
import type { SampleStream } from "./stream.ts";
import { summaryOf } from "./summary.ts";
import { Programs, Trainer } from "./trainer.ts";

export interface EvaluateOptions {
  /** Samples a step; 256 by default. It changes no result but for rounding. */
  readonly batchSize?: number;
  readonly sampleWeight?: Data;
}

export interface TrainOnBatchOptions {
  readonly sampleWeight?: Data;
  readonly classWeight?: ClassWeight;
}

/**
 * A network with weights: what `sequential` makes. Compile it, fit it, evaluate it, predict with it, save it.
 *
 * Type parameters: the shapes of input and output, the kind of labels, and the names of the metrics, as far as they
 * are known; TypeScript then checks data against them.
 */
export abstract class Model<I = Any, O = Any, K extends LossKind = "any", M extends string = string> {
  readonly name: string;
  #trainer: Trainer | null = null;
  #programs: Programs | null = null;

  constructor(name: string) {
    this.name = name;
  }

  abstract readonly layers: readonly Layer[];
  /** Whether the weights exist. */
  abstract readonly built: boolean;
  /** Sizes of the input, once they are known; null is the open batch. */
  abstract readonly inputShape: OpenShape | null;
  abstract readonly outputShape: OpenShape | null;
  /** Makes the weights for inputs of this shape, unless they are there. */
  abstract ensureBuilt(inputShape: OpenShape): void;
  abstract computeOutputShape(inputShape: OpenShape): OpenShape;
  /** The network's function, in ops. */
  abstract forward(x: Tensor, ctx: { readonly training: boolean; readonly key: Tensor | null }): Tensor;
  /** As Keras writes it. */
  abstract readonly config: ConfigObject;

  /** `sequential "digits"`: how messages start. */
  toString(): string {
    return `model "${this.name}"`;
  }

  /** All weights, layer by layer. */
  get variables(): readonly Variable[] {
    return this.layers.flatMap((layer) => layer.variables);
  }

  get trainableVariables(): readonly Variable[] {
    return this.layers.flatMap((layer) => layer.trainableVariables);
  }

  /** What `compile` chose, or null. */
  get trainer(): Trainer | null {
    return this.#trainer;
  }

  /** Makes the weights for inputs of this shape; null for the open batch: `net.build([null, 784])`. */
  build(inputShape: OpenShape): this {
    this.ensureBuilt(inputShape);
    return this;
  }

  /**
   * Chooses how to train: an optimizer ("rmsprop" by default), a loss and metrics. Returns the model, typed by them.
   * What an earlier compile trained stays in the weights; its optimizer state goes.
   */
  compile<const N extends readonly MetricLike[] = [], L extends LossKind = "any">(options: {
    readonly optimizer?: OptimizerLike;
    readonly loss: Loss<L> | LossLike;
    readonly metrics?: N;
  }): Model<I, O, L, MetricName<N[number]>> {
    if (this.#trainer?.running) throw new StateError(`${this}: compile while a fit is running. Await the fit first.`);
    this.#trainer = new Trainer(this, options);
    const typed: Model<I, O, Any, Any> = this;
    return typed;
  }

  /**
   * Trains: one program a step. x and y may be tensors, arrays, or one iterable of batches { x, y, sampleWeight } (also
   * asynchronous; a function makes it anew for each epoch). Resolves with the History; gives the event loop its turns.
   */
  fit<X extends Data, Y extends Data>(
    x: X & Fits<X, InputOf<I>, "fit, x">,
    y: Y & Fits<Y, TargetOf<O, K>, "fit, y">,
    options?: FitOptions,
  ): Promise<History<M>>;
  fit(batches: SampleStream, options?: FitOptions): Promise<History<M>>;
  async fit(x: Data | SampleStream, y?: Data | FitOptions, options?: FitOptions): Promise<History<M>> {
    const labels = isOptions(y) ? null : (y ?? null);
    const history: History<Any> = await fitModel(this, this.#compiled("fit"), x, labels, options ?? (isOptions(y) ? y : {}));
    return history;
  }

  /** Loss and metrics on data, with the weights as they are. */
  async evaluate<X extends Data, Y extends Data>(
    x: X & Fits<X, InputOf<I>, "evaluate, x">,
    y: Y & Fits<Y, TargetOf<O, K>, "evaluate, y">,
    options: EvaluateOptions = {},
  ): Promise<{ readonly [N in "loss" | M]: number }> {
    const trainer = this.#compiled("evaluate");
    if (trainer.running) throw new StateError(`${this}: evaluate while a fit is running: both count into the same metrics. Await the fit.`);
    const weight = options.sampleWeight === undefined ? null : dataTensor(options.sampleWeight);
    const samples = checkedSamples("evaluate", dataTensor(x), dataTensor(y), weight);
    this.ensureBuilt([null, ...samples.x.shape.slice(1)]);
    const state = trainer.stateFor("evaluate", samples);
    state.resetCounters();
    const batchSize = positive("evaluate", options.batchSize ?? 256);
    await evaluatePass({ trainer, state, samples, batchSize, clock: new TurnClock(), signal: null });
    return state.logs() as { readonly [N in "loss" | M]: number };
  }

  /** The outputs for x, batch by batch: 256 rows a step by default. */
  async predict<X extends Data>(x: X & Fits<X, InputOf<I>, "predict">, options: { readonly batchSize?: number } = {}): Promise<OutputOf<O>> {
    this.#assertBuilt("predict");
    this.#programs ??= new Programs(this);
    const output: Any = await predictRows(this.#programs, dataTensor(x), positive("predict", options.batchSize ?? 256));
    return output;
  }

  /** One step on one batch; resolves with its loss and metrics. */
  async trainOnBatch<X extends Data, Y extends Data>(
    x: X & Fits<X, InputOf<I>, "trainOnBatch, x">,
    y: Y & Fits<Y, TargetOf<O, K>, "trainOnBatch, y">,
    options: TrainOnBatchOptions = {},
  ): Promise<{ readonly [N in "loss" | M]: number }> {
    const trainer = this.#compiled("trainOnBatch");
    if (trainer.running) throw new StateError(`${this}: trainOnBatch while a fit is running. Await the fit.`);
    const weight = options.sampleWeight === undefined ? null : dataTensor(options.sampleWeight);
    const given = checkedSamples("trainOnBatch", dataTensor(x), dataTensor(y), weight);
    this.ensureBuilt([null, ...given.x.shape.slice(1)]);
    const fresh = trainer.state === null;
    const state = trainer.stateFor("trainOnBatch", given);
    if (fresh) state.setKey(fold(keyOf(drawSeed()), 0));
    const samples = weighClasses(given, options.classWeight ?? null);
    state.syncLearningRate();
    state.resetCounters();
    const feed = trainer.programs.batch(samples);
    const [rows] = samples.x.shape;
    trainer.programs.train(state, feed, rows).bind()();
    state.lossCounter.samples += rows;
    return state.logs() as { readonly [N in "loss" | M]: number };
  }

  /** The output for x, op by op, outside any program (and inside a trace, as part of it). Builds on first use. */
  apply<X extends Tensor>(x: X & Fits<X, InputOf<I>, "apply">, options: { readonly training?: boolean; readonly key?: Tensor } = {}): OutputOf<O> {
    const given: Tensor = x;
    this.ensureBuilt([null, ...given.shape.slice(1)]);
    const output: Any = this.forward(given, { training: options.training ?? false, key: options.key ?? null });
    return output;
  }

  /** The table of layers, output shapes and parameters that Keras prints. */
  summary(): string {
    return summaryOf(this);
  }

  countParams(): number {
    this.#assertBuilt("countParams");
    return this.variables.reduce((sum, variable) => sum + variable.size, 0);
  }

  /** Copies of all weights, layer by layer, in Keras's order. */
  getWeights(): Tensor[] {
    this.#assertBuilt("getWeights");
    return this.variables.map((variable) => variable.read());
  }

  /** Sets all weights, or none when one does not fit. */
  setWeights(weights: readonly (Tensor | TypedArray)[]): void {
    this.#assertBuilt("setWeights");
    assignWeights(this.variables, weights, this.toString());
  }

  /** Writes model, weights and optimizer state to a `.safetensors` file, whole or not at all. */
  async save(path: string): Promise<void> {
    const { saveModel } = await import("./save-model.ts");
    await saveModel(this, path);
  }

  /** The bytes that `save` writes. */
  async toBytes(): Promise<Uint8Array> {
    const { modelBytes } = await import("./save-model.ts");
    return modelBytes(this);
  }

  #compiled(method: string): Trainer {
    if (this.#trainer !== null) return this.#trainer;
    throw new StateError(`${this}: ${method} before compile. Call compile({ optimizer, loss }) first.`);
  }

  #assertBuilt(method: string): void {
    if (this.built) return;
    throw new StateError(`${this}: ${method} before its weights exist. Fit it, load it, or call build([null, features]) first.`);
  }
}

/** Whether fit's second argument is its options: the first one was an iterable. */
function isOptions(y: Data | FitOptions | undefined): y is FitOptions {
  return typeof y === "object" && y !== null && Object.getPrototypeOf(y) === Object.prototype;
}

function positive(method: string, batchSize: number): number {
  if (Number.isInteger(batchSize) && batchSize > 0) return batchSize;
  throw new ValueError(`${method}: expected batchSize to be a whole number of at least 1, got ${batchSize}.`);
}
