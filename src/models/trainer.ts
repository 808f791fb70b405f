import { ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import { engine } from "../engine/engine.ts";
import { Program } from "../engine/program.ts";
import type { Graph } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import { getLoss, type LossLike } from "../losses/get-loss.ts";
import type { Loss } from "../losses/loss.ts";
import { getMetric, type MetricLike } from "../metrics/get-metric.ts";
import { getOptimizer, type OptimizerLike } from "../optimizers/get-optimizer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { BatchFeed, type Feed, ResidentFeed, type Samples, samplesKey } from "./feed.ts";
import type { Model } from "./model.ts";
import { traceEvaluateStep, tracePredictStep, traceTrainStep } from "./trace-step.ts";
import { TrainingState } from "./training-state.ts";

export interface CompileOptions {
  readonly optimizer?: OptimizerLike;
  readonly loss: LossLike;
  readonly metrics?: readonly MetricLike[];
}

/** Data sets that stay in the heap, and programs that stay compiled, for each model. */
const FEEDS = 4;
const PROGRAMS = 16;

/** Makes and keeps a model's programs, and the heap copies of the data that they read. */
export class Programs {
  readonly #model: Model;
  readonly #feeds = new Map<string, ResidentFeed | BatchFeed>();
  readonly #programs = new WeakMap<Feed, Map<string, Program>>();

  constructor(model: Model) {
    this.#model = model;
  }

  resident(samples: Samples): ResidentFeed {
    const known = this.#take(`resident ${samplesKey(samples)}`);
    if (known instanceof ResidentFeed) {
      known.refill(samples);
      return known;
    }
    return this.#keep(new ResidentFeed(samples));
  }

  batch(samples: Samples): BatchFeed {
    const known = this.#take(`batch ${samplesKey(samples)}`);
    if (known instanceof BatchFeed) {
      known.write(samples);
      return known;
    }
    return this.#keep(new BatchFeed(samples));
  }

  train(state: TrainingState, feed: Feed, size: number): Program {
    const weights = this.#model.trainableVariables;
    if (weights.length === 0) throw new ValueError(`${this.#model}: no weight can be trained. Set trainable on a layer that has weights.`);
    const key = `train ${size} ${weights.map((weight) => weight["~home"].address)}`;
    return this.#program(feed, key, () => traceTrainStep(this.#model, state, feed, size));
  }

  evaluate(state: TrainingState, feed: Feed, size: number): Program {
    return this.#program(feed, `evaluate ${size}`, () => traceEvaluateStep(this.#model, state, feed, size));
  }

  predict(feed: Feed, size: number): Program {
    return this.#program(feed, `predict ${size}`, () => tracePredictStep(this.#model, feed, size));
  }

  #program(feed: Feed, key: string, trace: () => Graph): Program {
    let programs = this.#programs.get(feed);
    if (programs === undefined) {
      programs = new Map();
      this.#programs.set(feed, programs);
    }
    const program = programs.get(key) ?? new Program(trace(), engine());
    programs.delete(key);
    programs.set(key, program);
    if (programs.size > PROGRAMS) programs.delete(programs.keys().next().value as string);
    return program;
  }

  #take(key: string): Feed | undefined {
    const feed = this.#feeds.get(key);
    if (feed === undefined) return undefined;
    this.#feeds.delete(key);
    this.#feeds.set(key, feed);
    return feed;
  }

  #keep<F extends ResidentFeed | BatchFeed>(feed: F): F {
    this.#feeds.set(feed.key, feed);
    if (this.#feeds.size > FEEDS) this.#feeds.delete(this.#feeds.keys().next().value as string);
    return feed;
  }
}

/** What `compile` chose. Metrics named "accuracy" are resolved by the first labels. */
export class Trainer {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly MetricLike[];
  readonly programs: Programs;
  readonly #model: Model;
  #state: TrainingState | null = null;
  /** Whether a fit is running: a second one would train the same weights. */
  running = false;

  constructor(model: Model, options: CompileOptions) {
    this.#model = model;
    this.optimizer = getOptimizer(options.optimizer ?? "rmsprop");
    this.loss = getLoss(options.loss);
    this.metrics = options.metrics ?? [];
    this.programs = new Programs(model);
  }

  /** The state, made on first use; labels are checked against the loss and the model's output. */
  stateFor(where: string, { x, y }: Samples): TrainingState {
    if (y === null) throw new ValueError(`${where}: y is missing. The loss compares predictions with labels.`);
    const outputShape = this.#model.computeOutputShape([null, ...x.shape.slice(1)]);
    this.#checkLabels(outputShape, y);
    this.#state ??= this.makeState({ outputShape, targetShape: [null, ...y.shape.slice(1)] });
    return this.#state;
  }

  get state(): TrainingState | null {
    return this.#state;
  }

  makeState(use: Parameters<typeof getMetric>[1]): TrainingState {
    const state = new TrainingState(this.optimizer, this.loss, this.metrics.map((like) => getMetric(like, use)));
    this.#state = state;
    return state;
  }

  #checkLabels(outputShape: readonly (number | null)[], y: Tensor): void {
    const prediction = { shape: [y.shape[0], ...outputShape.slice(1).map((n) => n ?? 1)], dtype: "float32" } as const;
    const given = { shape: y.shape, dtype: y.dtype };
    this.loss.checkTargets?.(given, prediction);
    const source = y["~source"];
    this.loss.checkLabels?.(source.kind === "host" ? source.array : y.dataSync(), given, prediction);
  }

  toString(): string {
    return `${this.#model}: loss ${this.loss.name}, output ${shapeText(this.#model.outputShape ?? [])}`;
  }
}
