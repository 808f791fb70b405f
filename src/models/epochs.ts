import { now, stdout } from "#platform";
import { ValueError } from "../core/errors.ts";
import { foldName, type Key, keyOf } from "../core/random-key.ts";
import { assertSeed, drawSeed } from "../core/random-source.ts";
import { viewOfVariable } from "../engine/variable-values.ts";
import { evaluatePass } from "./evaluate.ts";
import type { Samples } from "./feed.ts";
import type { FitOptions } from "./fit.ts";
import { History } from "./history.ts";
import type { Model } from "./model.ts";
import type { Progress, Verbose } from "./progress.ts";
import { TurnClock } from "./run-steps.ts";
import { checkedSamples, positive } from "./samples.ts";
import type { Trainer } from "./trainer.ts";
import type { TrainingState } from "./training-state.ts";

/** Everything one fit needs. */
export interface Job {
  readonly model: Model;
  readonly trainer: Trainer;
  readonly state: TrainingState;
  readonly options: FitOptions;
  readonly batchSize: number;
  readonly epochs: number;
  readonly firstEpoch: number;
  readonly key: Key;
  readonly history: History;
  readonly progress: Shown;
  readonly clock: TurnClock;
  readonly validation: Samples | null;
  /** Steps that had been taken before this epoch. */
  stepsBefore: number;
}

/** What a fit tells of itself. */
type Shown = Pick<Progress, "beginEpoch" | "update" | "endEpoch" | "note">;

const SILENT: Shown = { beginEpoch: () => {}, update: () => {}, endEpoch: () => {}, note: () => {} };

/** Loaded by those who want to see something. */
async function progressOf(verbose: Verbose, epochs: number): Promise<Shown> {
  const { Progress } = await import("./progress.ts");
  return new Progress(verbose, epochs, { terminal: stdout, now });
}

/** Checks the options, and makes what a fit needs; `validation` is what was split off. */
export async function makeJob(
  model: Model,
  trainer: Trainer,
  state: TrainingState,
  options: FitOptions,
  split: Samples | null,
): Promise<Job> {
  const batchSize = positive("fit", "batchSize", options.batchSize ?? 32);
  const epochs = positive("fit", "epochs", options.epochs ?? 1);
  const firstEpoch = options.initialEpoch ?? 0;
  if (!Number.isInteger(firstEpoch) || firstEpoch < 0) {
    throw new ValueError(
      `fit: expected initialEpoch to be a whole number of at least 0, got ${String(firstEpoch)}. It counts from 0.`,
    );
  }
  const seed = options.seed ?? drawSeed();
  assertSeed(seed, "fit");
  const progress = options.verbose === 0 ? SILENT : await progressOf(options.verbose ?? "auto", epochs);
  const validation = options.validationData === undefined ? split : validationSamples(trainer, options.validationData);
  const key = keyOf(seed);
  state.setKey(foldName(key, "step"));
  const history = new History(seed, ["loss", ...state.counters.map((counter) => counter.metric.name)]);
  const stepsBefore = viewOfVariable(state.iterations)[0];
  viewOfVariable(state.lossCounter.firstBad)[0] = 0;
  const clock = new TurnClock();
  return {
    model,
    trainer,
    state,
    options,
    batchSize,
    epochs,
    firstEpoch,
    key,
    history,
    progress,
    clock,
    validation,
    stepsBefore,
  };
}

/** Bad validation data are found before training, not after its first epoch. */
function validationSamples(trainer: Trainer, data: NonNullable<FitOptions["validationData"]>): Samples {
  const where = "fit, validationData";
  if (!Array.isArray(data) || data.length < 2)
    throw new ValueError(`${where}: expected [x, y] or [x, y, sampleWeight].`);
  const [x, y, weight] = data;
  const samples = checkedSamples(where, { x, y, sampleWeight: weight });
  trainer.stateFor(where, samples);
  return samples;
}

/** Runs one epoch; false when the signal ended it early. */
export type RunEpoch = (epoch: number) => EpochEnd | Promise<EpochEnd>;

interface EpochEnd {
  readonly finished: boolean;
  readonly batches: number;
}

/** `batchesPlanned` is null while nobody knows. */
export async function runEpochs(job: Job, batchesPlanned: number | null, run: RunEpoch): Promise<History> {
  const { state, progress, history, options } = job;
  for (let epoch = job.firstEpoch; epoch < job.epochs; epoch++) {
    progress.beginEpoch(epoch, batchesPlanned);
    state.syncLearningRate();
    state.resetCounters();
    job.stepsBefore = viewOfVariable(state.iterations)[0];
    const end = run(epoch);
    // Awaiting what is there already would cost a short epoch more than its steps.
    const { finished, batches } = end instanceof Promise ? await end : end;
    reportNonFinite(job, epoch);
    const logs: Record<string, number> = state.logs();
    const complete = finished && (job.validation === null || (await validate(job, job.validation, logs)));
    if (batches > 0) {
      history.record(epoch, logs);
      progress.endEpoch(batches, logs);
    }
    if (complete && !options.signal?.aborted) continue;
    history.stopped = "aborted";
    progress.note(`stopped in epoch ${epoch + 1} after ${batches} steps; the model keeps what it learned`);
    break;
  }
  // Nobody may be waiting, but a chain of short fits must not starve the event loop.
  if (job.clock.isDue()) await job.clock.turn();
  return history;
}

/** Adds val_loss and the like to the logs; false when the signal ended the pass, whose numbers are then dropped. */
async function validate(job: Job, samples: Samples, logs: Record<string, number>): Promise<boolean> {
  const { trainer, state, clock, options } = job;
  const batchSize = Math.max(job.batchSize, 256);
  const signal = options.signal ?? null;
  const finished = await evaluatePass({
    where: "fit, validationData",
    trainer,
    state,
    samples,
    batchSize,
    clock,
    signal,
  });
  if (finished) for (const [name, value] of Object.entries(state.logs())) logs[`val_${name}`] = value;
  return finished;
}

/** Before each turn of the event loop. */
export function onTurn(job: Job, epoch: number, batch: number): void {
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
