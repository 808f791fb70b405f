import { nextTurn } from "#platform";
import { DataError, StateError, ValueError } from "../core/errors.ts";
import { fold, foldName, type Key, keyOf } from "../core/random-key.ts";
import { drawSeed } from "../core/random-source.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
import { permutation } from "../core/permutation.ts";
import { evaluatePass } from "./evaluate.ts";
import type { Samples } from "./feed.ts";
import { History } from "./history.ts";
import type { Model } from "./model.ts";
import type { Data } from "./model-types.ts";
import { Progress, type Verbose } from "./progress.ts";
import { runPass, TurnClock } from "./run-steps.ts";
import { checkedSamples, type ClassWeight, dataTensor, splitOff, weighClasses } from "./samples.ts";
import { isStream, type SampleStream, streamed } from "./stream.ts";
import type { Trainer } from "./trainer.ts";
import type { TrainingState } from "./training-state.ts";

export interface FitOptions {
  /** Passes over the data; 1 by default. */
  readonly epochs?: number;
  /** Samples a step; 32 by default. The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** Holds out the last part of the samples, before shuffling. */
  readonly validationSplit?: number;
  readonly validationData?: readonly [Data, Data] | readonly [Data, Data, Data];
  /** A new order for each epoch; true by default. */
  readonly shuffle?: boolean;
  /** For shuffling and dropout; drawn, and recorded in the History, when not given. */
  readonly seed?: number;
  /** One weight a sample. */
  readonly sampleWeight?: Data;
  readonly classWeight?: ClassWeight;
  readonly verbose?: Verbose;
  /** Ends training after the step that is running; what was learned stays, and fit resolves. */
  readonly signal?: AbortSignal;
  /** The first epoch's number; for training on. */
  readonly initialEpoch?: number;
}

/** Everything one fit needs. */
interface Job {
  readonly model: Model;
  readonly trainer: Trainer;
  readonly state: TrainingState;
  readonly options: FitOptions;
  readonly batchSize: number;
  readonly epochs: number;
  readonly key: Key;
  readonly history: History;
  readonly progress: Progress;
  readonly clock: TurnClock;
  readonly validation: Samples | null;
  /** Steps that had been taken before this epoch. */
  stepsBefore: number;
}

export async function fitModel(model: Model, trainer: Trainer, x: Data | SampleStream, y: Data | null, options: FitOptions): Promise<History> {
  if (trainer.running) throw new StateError(`${model}: a fit is running already. Await it, or abort it through its signal.`);
  trainer.running = true;
  try {
    return isStream(x) ? await fitStream(model, trainer, x, options) : await fitArrays(model, trainer, x, y, options);
  } finally {
    trainer.running = false;
  }
}

async function fitArrays(model: Model, trainer: Trainer, x: Data, y: Data | null, options: FitOptions): Promise<History> {
  const weight = options.sampleWeight === undefined ? null : dataTensor(options.sampleWeight);
  const all = checkedSamples("fit", dataTensor(x), y === null ? null : dataTensor(y), weight);
  const parts = options.validationSplit === undefined ? { train: all, validation: null } : splitOff(all, options.validationSplit);
  const train = weighClasses(parts.train, options.classWeight ?? null);
  model.ensureBuilt([null, ...train.x.shape.slice(1)]);
  const job = makeJob(model, trainer, options, train, parts.validation);
  const feed = trainer.programs.resident(train);
  await epochs(job, Math.ceil(feed.rows / job.batchSize), async (epoch) => {
    const shuffle = options.shuffle ?? true;
    feed.order(shuffle ? permutation(fold(foldName(job.key, "shuffle"), epoch), feed.rows) : null);
    let batches = 0;
    const finished = await runPass({
      feed,
      batchSize: Math.min(job.batchSize, feed.rows),
      programFor: (size) => trainer.programs.train(job.state, feed, size),
      counted: (samples) => {
        batches++;
        job.state.lossCounter.samples += samples;
      },
      onTurn: (batch) => onTurn(job, epoch, batch),
      clock: job.clock,
      signal: options.signal ?? null,
    });
    return { finished, batches };
  });
  return job.history;
}

async function fitStream(model: Model, trainer: Trainer, stream: SampleStream, options: FitOptions): Promise<History> {
  if (options.validationSplit !== undefined) {
    throw new ValueError("fit: validationSplit needs arrays, got an iterable. Give validationData.");
  }
  // The first batch says what the model is built for; it is trained on like the others.
  const opening = streamed("fit", stream);
  const first = await opening.next();
  if (first.done) throw new DataError("fit: the iterable gave no batches.");
  model.ensureBuilt([null, ...first.value.x.shape.slice(1)]);
  const job = makeJob(model, trainer, options, first.value, null);
  let begun: Samples | null = first.value;
  await epochs(job, null, async (epoch) => {
    const rest = begun === null ? streamed("fit", stream) : opening;
    let batches = 0;
    let item: IteratorResult<Samples, undefined> = begun === null ? await rest.next() : { done: false, value: begun };
    begun = null;
    for (; !item.done; item = await rest.next()) {
      if (options.signal?.aborted) return { finished: false, batches };
      trainOn(job, item.value);
      batches++;
      if (job.clock.isDue()) {
        onTurn(job, epoch, batches);
        await job.clock.turn();
      }
    }
    if (batches > 0) return { finished: true, batches };
    throw new DataError(
      `fit: the iterable gave no batches in epoch ${epoch + 1}: it can be walked only once. Pass a function that makes it anew.`,
    );
  });
  return job.history;
}

/** One step on one batch. */
function trainOn({ trainer, state, options }: Job, batch: Samples): void {
  trainer.stateFor("fit", batch);
  const samples = weighClasses(batch, options.classWeight ?? null);
  const feed = trainer.programs.batch(samples);
  trainer.programs.train(state, feed, samples.x.shape[0]).bind()();
  state.lossCounter.samples += samples.x.shape[0];
}

function makeJob(model: Model, trainer: Trainer, options: FitOptions, train: Samples, held: Samples | null): Job {
  const batchSize = positiveInteger("batchSize", options.batchSize ?? 32);
  const epochs = positiveInteger("epochs", options.epochs ?? 1);
  const state = trainer.stateFor("fit", train);
  const seed = options.seed ?? drawSeed();
  const key = keyOf(seed);
  state.setKey(foldName(key, "step"));
  const names = ["loss", ...state.counters.map((counter) => counter.metric.name)];
  const progress = new Progress(options.verbose ?? "auto", epochs);
  const validation = options.validationData === undefined ? held : validationSamples(options.validationData);
  const stepsBefore = viewOfVariable(state.iterations)[0];
  viewOfVariable(state.lossCounter.firstBad)[0] = 0;
  const history = new History(seed, names);
  return { model, trainer, state, options, batchSize, epochs, key, history, progress, clock: new TurnClock(), validation, stepsBefore };
}

function validationSamples([x, y, weight]: readonly [Data, Data, Data?]): Samples {
  return checkedSamples("fit, validationData", dataTensor(x), dataTensor(y), weight === undefined ? null : dataTensor(weight));
}

function positiveInteger(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new ValueError(`fit: expected ${name} to be a whole number of at least 1, got ${value}.`);
}

type RunEpoch = (epoch: number) => Promise<{ finished: boolean; batches: number }>;

async function epochs(job: Job, batchesPlanned: number | null, run: RunEpoch): Promise<void> {
  const { state, progress, history, options } = job;
  for (let epoch = options.initialEpoch ?? 0; epoch < job.epochs; epoch++) {
    progress.beginEpoch(epoch, batchesPlanned);
    state.syncLearningRate();
    state.resetCounters();
    job.stepsBefore = viewOfVariable(state.iterations)[0];
    const { finished, batches } = await run(epoch);
    reportNonFinite(job, epoch);
    const logs: Record<string, number> = batches === 0 ? {} : state.logs();
    if (finished && job.validation !== null) Object.assign(logs, await validate(job, job.validation));
    if (batches > 0) {
      history.record(epoch, logs);
      progress.endEpoch(batches, logs);
    }
    if (finished && !options.signal?.aborted) continue;
    history.stopped = "aborted";
    progress.note(`stopped in epoch ${epoch + 1} after ${batches} steps; the model keeps what it learned`);
    return;
  }
  // Nobody may be waiting, but a chain of short fits must not starve the event loop.
  if (job.clock.isDue()) await nextTurn();
}

async function validate(job: Job, samples: Samples): Promise<Record<string, number>> {
  const { trainer, state, clock, options } = job;
  state.resetCounters();
  await evaluatePass({ trainer, state, samples, batchSize: Math.max(job.batchSize, 256), clock, signal: options.signal ?? null });
  const logs = state.logs();
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
}

function onTurn(job: Job, epoch: number, batch: number): void {
  reportNonFinite(job, epoch);
  job.progress.update(batch, () => job.state.logs());
  job.state.syncLearningRate();
}

/** Once a fit: where the loss stopped being a number, and what to try. */
function reportNonFinite(job: Job, epoch: number): void {
  const { state, history, stepsBefore } = job;
  const step = viewOfVariable(state.lossCounter.firstBad)[0];
  if (step === 0 || history.nonFinite !== null) return;
  history.nonFinite = { epoch, batch: step - stepsBefore - 1 };
  console.warn(
    `fit: the loss is not a finite number since epoch ${epoch + 1}, batch ${step - stepsBefore}. ` +
      `Lower the learning rate (now ${state.optimizer.learningRate}), scale the inputs, or clip gradients (clipNorm: 1).`,
  );
}
