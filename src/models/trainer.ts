import { GradwiseError, StateError, ValueError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { getLoss, type LossLike } from "../losses/get-loss.ts";
import type { Loss } from "../losses/loss.ts";
import { getMetric, type MetricLike } from "../metrics/get-metric.ts";
import { getOptimizer, type OptimizerLike } from "../optimizers/get-optimizer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Samples } from "./feed.ts";
import type { Model } from "./model.ts";
import { Programs, type StepKind } from "./programs.ts";
import { traceEvaluateStep, traceTrainStep } from "./trace-step.ts";
import { TrainingState } from "./training-state.ts";

export interface CompileOptions {
  readonly optimizer?: OptimizerLike;
  readonly loss: LossLike;
  readonly metrics?: readonly MetricLike[];
}

/** What `compile` chose, and the state that training has come to. */
export class Trainer {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly MetricLike[];
  readonly programs: Programs;
  readonly #model: Model;
  #state: TrainingState | null = null;
  #busy: "fit" | "evaluate" | null = null;

  constructor(model: Model, options: CompileOptions) {
    if (options?.loss === undefined) {
      throw new ValueError(
        `${model}: compile needs a loss. Try compile({ optimizer: "adam", loss: "meanSquaredError" }).`,
      );
    }
    if (options.metrics !== undefined && !Array.isArray(options.metrics)) {
      throw new ValueError(
        `${model}: compile expected metrics to be a list, got ${typeof options.metrics}. Try metrics: ["accuracy"].`,
      );
    }
    this.#model = model;
    this.optimizer = getOptimizer(options.optimizer ?? "rmsprop");
    this.loss = getLoss(options.loss);
    this.metrics = options.metrics ?? [];
    // Names are looked up now; "accuracy" is chosen again by the shapes of the first labels.
    assertDistinct(
      model,
      this.metrics.map((like) => getMetric(like, { outputShape: [null, 1], targetShape: [null, 1] }).name),
    );
    this.programs = new Programs(model);
  }

  /** Throws while a fit or an evaluation is running: their counters and weights are one. */
  assertIdle(method: string): void {
    if (this.#busy === null) return;
    throw new StateError(
      `${this.#model}: ${method} while ${this.#busy} is running. Await it first, or abort it through its signal.`,
    );
  }

  /** Runs `body` while nothing else may train or count. */
  async exclusively<T>(method: "fit" | "evaluate", body: () => Promise<T>): Promise<T> {
    this.assertIdle(method);
    this.#busy = method;
    try {
      return await body();
    } finally {
      this.#busy = null;
    }
  }

  /** The state, made on first use. Labels are checked against the loss and the model's output. */
  stateFor(where: string, { x, y }: Samples): TrainingState {
    if (y === null) throw new ValueError(`${where}: y is missing. The loss compares predictions with labels.`);
    const outputShape = this.#model.computeOutputShape([null, ...x.shape.slice(1)]);
    this.#model.checkValues(x);
    this.#checkLabels(where, outputShape, y);
    return this.#state ?? this.makeState({ outputShape, targetShape: [null, ...y.shape.slice(1)] });
  }

  get state(): TrainingState | null {
    return this.#state;
  }

  makeState(use: Parameters<typeof getMetric>[1]): TrainingState {
    const metrics = this.metrics.map((like) => getMetric(like, use));
    this.#state = new TrainingState(this.optimizer, this.loss, metrics);
    return this.#state;
  }

  /** The step that trains: a program for each set of weights that is not frozen. */
  trainStep(state: TrainingState): StepKind {
    const weights = (): readonly { readonly "~home": { readonly address: number } }[] => this.#model.trainableVariables;
    return {
      name: "train",
      key: () =>
        weights()
          .map((weight) => weight["~home"].address)
          .join(),
      trace: (feed, size) => {
        if (weights().length > 0) return traceTrainStep(this.#model, state, feed, size);
        throw new ValueError(`${this.#model}: no weight can be trained. Set trainable on a layer that has weights.`);
      },
    };
  }

  evaluateStep(state: TrainingState): StepKind {
    return {
      name: "evaluate",
      key: () => "",
      trace: (feed, size) => traceEvaluateStep(this.#model, state, feed, size),
    };
  }

  /** One step on one batch that is not in the heap yet; then, before anything else can run, `after`. */
  trainOnce<T>(state: TrainingState, samples: Samples, after: () => T): Promise<T> {
    const kind = this.trainStep(state);
    const [rows] = samples.x.shape;
    return this.programs.memoryWait().for(() => {
      this.programs.bound(kind, this.programs.batch(samples), rows).bind()();
      state.lossCounter.samples += rows;
      return after();
    });
  }

  #checkLabels(where: string, outputShape: readonly (number | null)[], y: Tensor): void {
    const given = { shape: y.shape, dtype: y.dtype };
    const prediction = { shape: [y.shape[0], ...outputShape.slice(1).map((n) => n ?? 1)], dtype: "float32" } as const;
    const source = y["~source"];
    try {
      this.loss.checkTargets?.(given, prediction);
      this.loss.checkLabels?.(source.kind === "host" ? source.array : y.dataSync(), given, prediction);
    } catch (error) {
      if (error instanceof GradwiseError) error.message = `${where}, y: ${error.message}`;
      throw error;
    }
  }
}

function assertDistinct(model: Model, names: readonly string[]): void {
  const twice = names.find((name, i) => name === "loss" || names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new ValueError(
    `${model}: compile got two values called "${twice}" (the loss is one). Give each metric a name of its own.`,
  );
}
