import { writeFileAtomic } from "#platform";
import type { TypedArray } from "../core/dtype.ts";
import { StateError } from "../core/errors.ts";
import type { Any } from "../core/shape-types.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import type { Layer, OpenShape } from "../layers/layer.ts";
import { assignWeights } from "../layers/layer-weights.ts";
import type { LossLike } from "../losses/get-loss.ts";
import type { LossKind } from "../losses/loss.ts";
import type { MetricLike } from "../metrics/get-metric.ts";
import type { OptimizerLike } from "../optimizers/get-optimizer.ts";
import { evaluatePass } from "./evaluate.ts";
import type { Samples } from "./feed.ts";
import { type FitOptions, fitModel } from "./fit.ts";
import type { ByName, History } from "./history.ts";
import type { Data, Fits, InputOf, KindOf, MetricName, OutputOf, TargetOf } from "./model-types.ts";
import { predictRows } from "./predict.ts";
import { Programs, type StepKind } from "./programs.ts";
import { TurnClock } from "./run-steps.ts";
import { type ClassWeight, checkedSamples, positive, weighClasses } from "./samples.ts";
import type { SampleStream } from "./stream.ts";
import { summaryOf } from "./summary.ts";
import { tracePredictStep } from "./trace-step.ts";
import { Trainer } from "./trainer.ts";
import type { TrainingState } from "./training-state.ts";

export interface EvaluateOptions {
  /** Samples a step; 256 by default. It changes no result but for rounding. */
  readonly batchSize?: number;
  readonly sampleWeight?: Data;
}

/** The loss and the metrics, by name. */
export type Logs<M extends string> = ByName<M, number>;

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
  readonly #predictStep: StepKind = {
    name: "predict",
    key: () => "",
    trace: (feed, size) => tracePredictStep(this, feed, size),
  };

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
  /** Throws where x holds values that no layer can take, such as an index out of range. */
  checkValues(_x: Tensor): void {}
  /** The network's function, in ops. */
  abstract forward(x: Tensor, ctx: { readonly training: boolean; readonly key: Tensor | null }): Tensor;
  /** As Keras writes it. */
  abstract readonly config: ConfigObject;

  /** `sequential "digits"`: how messages start. */
  toString(): string {
    return `model "${this.name}"`;
  }

  /** All weights, layer by layer; one that two layers share is there once. */
  get variables(): readonly Variable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.variables))];
  }

  get trainableVariables(): readonly Variable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.trainableVariables))];
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
  compile<const L extends LossLike, const N extends readonly MetricLike[] = []>(options: {
    readonly optimizer?: OptimizerLike;
    readonly loss: L;
    readonly metrics?: N;
  }): Model<I, O, KindOf<L>, MetricName<N[number]>> {
    this.#trainer?.assertIdle("compile");
    this.#trainer = new Trainer(this, options);
    return this as Model<I, O, Any, Any>;
  }

  /**
   * Trains: one program a step. x and y may be tensors, arrays, or one iterable of batches { x, y, sampleWeight } (also
   * asynchronous; a function makes it anew for each epoch). Resolves with the History; gives the event loop its turns.
   */
  async fit<X extends Data | SampleStream, Y extends Data | FitOptions>(
    x: X & Fits<X, InputOf<I>, "fit, x">,
    y?: Y & Fits<Y, TargetOf<O, K>, "fit, y">,
    options?: FitOptions,
  ): Promise<History<M>> {
    const second: Data | FitOptions | undefined = y;
    const labels = isOptions(second) ? null : (second ?? null);
    const chosen = options ?? (isOptions(second) ? second : {});
    const history: History<Any> = await fitModel(this, this.#compiled("fit"), x, labels, chosen);
    return history;
  }

  /** Loss and metrics on data, with the weights as they are. */
  async evaluate<X extends Data, Y extends Data>(
    x: X & Fits<X, InputOf<I>, "evaluate, x">,
    y: Y & Fits<Y, TargetOf<O, K>, "evaluate, y">,
    options: EvaluateOptions = {},
  ): Promise<Logs<M>> {
    const trainer = this.#compiled("evaluate");
    const where = "evaluate";
    return trainer.exclusively(where, async () => {
      const batchSize = positive(where, "batchSize", options.batchSize ?? 256);
      const samples = checkedSamples(where, { x, y, sampleWeight: options.sampleWeight });
      const state = await this.#stateFor(where, trainer, samples);
      await evaluatePass({ where, trainer, state, samples, batchSize, clock: new TurnClock(), signal: null });
      return state.logs() as ByName<Any, number> as Logs<M>;
    });
  }

  /** The outputs for x, batch by batch: 256 rows a step by default. A fit may be running: its weights of the moment count. */
  async predict<X extends Data>(
    x: X & Fits<X, InputOf<I>, "predict">,
    options: { readonly batchSize?: number } = {},
  ): Promise<OutputOf<O>> {
    this.#assertBuilt("predict");
    const batchSize = positive("predict", "batchSize", options.batchSize ?? 256);
    const samples = checkedSamples("predict", { x });
    this.ensureBuilt([null, ...samples.x.shape.slice(1)]);
    this.checkValues(samples.x);
    this.#programs ??= new Programs(this);
    const output: Any = predictRows(this.#programs, this.#predictStep, samples, batchSize);
    return output;
  }

  /** One step on one batch; resolves with its loss and metrics. */
  async trainOnBatch<X extends Data, Y extends Data>(
    x: X & Fits<X, InputOf<I>, "trainOnBatch, x">,
    y: Y & Fits<Y, TargetOf<O, K>, "trainOnBatch, y">,
    options: TrainOnBatchOptions = {},
  ): Promise<Logs<M>> {
    const where = "trainOnBatch";
    const trainer = this.#compiled(where);
    trainer.assertIdle(where);
    const given = checkedSamples(where, { x, y, sampleWeight: options.sampleWeight });
    const state = await this.#stateFor(where, trainer, given);
    trainer.assertIdle(where);
    const weighted = weighClasses(given, options.classWeight ?? null);
    state.syncLearningRate();
    state.resetCounters();
    const logs: ByName<Any, number> = await trainer.trainOnce(
      state,
      weighted,
      () => state.logs() as ByName<Any, number>,
    );
    return logs as Logs<M>;
  }

  /** The output for x, op by op, outside any program (and inside a trace, as part of it). Builds on first use. */
  apply<X extends Tensor>(
    x: X & Fits<X, InputOf<I>, "apply">,
    options: { readonly training?: boolean; readonly key?: Tensor } = {},
  ): OutputOf<O> {
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
    const { modelFile } = await import("./save-model.ts");
    await writeFileAtomic(path, await modelFile(this, path));
  }

  /** The bytes that `save` writes. */
  async toBytes(): Promise<Uint8Array> {
    const { modelBytes } = await import("./save-model.ts");
    return modelBytes(this);
  }

  async #stateFor(where: string, trainer: Trainer, samples: Samples): Promise<TrainingState> {
    const memory = trainer.programs.memoryWait();
    await memory.for(() => this.ensureBuilt([null, ...samples.x.shape.slice(1)]));
    return memory.for(() => trainer.stateFor(where, samples));
  }

  #compiled(method: string): Trainer {
    if (this.#trainer !== null) return this.#trainer;
    throw new StateError(`${this}: ${method} before compile. Call compile({ optimizer, loss }) first.`);
  }

  #assertBuilt(method: string): void {
    if (this.built) return;
    throw new StateError(
      `${this}: ${method} before its weights exist. Fit it, load it, or call build([null, features]) first.`,
    );
  }
}

/** Whether fit's second argument is its options: the first one was an iterable. */
function isOptions(y: Data | FitOptions | undefined): y is FitOptions {
  return typeof y === "object" && y !== null && Object.getPrototypeOf(y) === Object.prototype;
}
