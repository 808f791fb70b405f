import { DataError, ValueError } from "../core/errors.ts";
import { fold, foldName } from "../core/random-key.ts";
import { type Job, makeJob, onTurn, runEpochs } from "./epochs.ts";
import type { Samples } from "./feed.ts";
import type { History } from "./history.ts";
import type { Model } from "./model.ts";
import type { Data } from "./model-types.ts";
import type { Verbose } from "./progress.ts";
import { runPass } from "./run-steps.ts";
import { type ClassWeight, checkedSamples, splitOff, weighClasses } from "./samples.ts";
import { shuffle } from "./shuffle.ts";
import { isStream, resumed, type SampleStream, streamed } from "./stream.ts";
import type { Trainer } from "./trainer.ts";

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

/** The names of the options. */
const NAMES: Readonly<Record<keyof FitOptions, true>> = {
  epochs: true,
  batchSize: true,
  validationSplit: true,
  validationData: true,
  shuffle: true,
  seed: true,
  sampleWeight: true,
  classWeight: true,
  verbose: true,
  signal: true,
  initialEpoch: true,
};

/** Trains a compiled model; alone, since its weights and counters are one. */
export async function fitModel(
  model: Model,
  trainer: Trainer,
  x: Data | SampleStream,
  y: Data | null,
  options: FitOptions,
): Promise<History> {
  assertOptions(options);
  return trainer.exclusively("fit", () =>
    isStream(x) ? fitStream(model, trainer, x, options) : fitArrays(model, trainer, x, y, options),
  );
}

async function fitArrays(
  model: Model,
  trainer: Trainer,
  x: Data,
  y: Data | null,
  options: FitOptions,
): Promise<History> {
  const all = checkedSamples("fit", { x, y: y ?? undefined, sampleWeight: options.sampleWeight });
  const memory = trainer.programs.memoryWait();
  await memory.for(() => model.ensureBuilt([null, ...all.x.shape.slice(1)]));
  // Labels are checked before they are split, so that messages name the user's rows.
  const state = await memory.for(() => trainer.stateFor("fit", all));
  const parts =
    options.validationSplit === undefined ? { train: all, validation: null } : splitOff(all, options.validationSplit);
  const train = weighClasses(parts.train, options.classWeight ?? null);
  const job = await makeJob(model, trainer, state, options, parts.validation);
  const { key, batchSize, history } = job;
  const kind = trainer.trainStep(state);
  const orders = foldName(key, "shuffle");
  return trainer.programs.withData("fit", train, async (feed) => {
    await runEpochs(job, Math.ceil(feed.rows / batchSize), (epoch) => {
      feed.order((options.shuffle ?? true) ? (order) => shuffle(fold(orders, epoch), order) : null);
      let batches = 0;
      const done = runPass({
        programs: trainer.programs,
        kind,
        feed,
        batchSize,
        counted: (samples) => {
          batches++;
          state.lossCounter.samples += samples;
        },
        onTurn: (batch) => onTurn(job, epoch, batch),
        clock: job.clock,
        signal: options.signal ?? null,
      });
      return done instanceof Promise ? done.then((finished) => ({ finished, batches })) : { finished: done, batches };
    });
    return history;
  });
}

async function fitStream(model: Model, trainer: Trainer, stream: SampleStream, options: FitOptions): Promise<History> {
  assertForStream(options);
  // The first batch says what the model is built for; it is trained on like the others.
  const opening = streamed("fit", stream);
  const first = await opening.next();
  if (first.done) throw new DataError("fit: the iterable gave no batches. Give at least one { x, y }.");
  const memory = trainer.programs.memoryWait();
  await memory.for(() => model.ensureBuilt([null, ...first.value.x.shape.slice(1)]));
  const state = await memory.for(() => trainer.stateFor("fit", first.value));
  const job = await makeJob(model, trainer, state, options, null);
  return runEpochs(job, null, async (epoch) => {
    let batches = 0;
    for await (const batch of epoch === job.firstEpoch ? resumed(first.value, opening) : streamed("fit", stream)) {
      if (options.signal?.aborted) return { finished: false, batches };
      await trainOn(job, batch, batches++);
      if (!job.clock.isDue()) continue;
      onTurn(job, epoch, batches);
      await job.clock.turn();
    }
    if (batches > 0) return { finished: true, batches };
    throw new DataError(
      `fit: the iterable gave no batches in epoch ${epoch + 1}: it can be walked only once. Pass a function that makes it anew.`,
    );
  });
}

/** A misspelt option would be ignored without a word. */
function assertOptions(options: FitOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown === undefined) return;
  throw new ValueError(`fit: unknown option "${unknown}". The options are ${Object.keys(NAMES).join(", ")}.`);
}

/** What arrays alone can do. */
function assertForStream(options: FitOptions): void {
  for (const name of ["validationSplit", "sampleWeight", "batchSize"] as const) {
    if (options[name] === undefined) continue;
    const instead = {
      validationSplit: "Give validationData.",
      sampleWeight: "Give it with each batch: { x, y, sampleWeight }.",
      batchSize: "Its batches are taken as they come.",
    };
    throw new ValueError(`fit: ${name} needs arrays, got an iterable. ${instead[name]}`);
  }
}

/** One step on one batch. */
async function trainOn({ trainer, state, options }: Job, batch: Samples, at: number): Promise<void> {
  trainer.stateFor(`fit, batch ${at}`, batch);
  const samples = weighClasses(batch, options.classWeight ?? null);
  await trainer.trainOnce(state, samples, () => undefined);
}
