import type { Samples } from "./feed.ts";
import { runPass, type TurnClock } from "./run-steps.ts";
import type { Trainer } from "./trainer.ts";
import type { TrainingState } from "./training-state.ts";

export interface EvaluatePass {
  readonly trainer: Trainer;
  readonly state: TrainingState;
  readonly samples: Samples;
  readonly batchSize: number;
  readonly clock: TurnClock;
  readonly signal: AbortSignal | null;
}

/** Counts loss and metrics over samples; the state's counters must have been reset. */
export async function evaluatePass({ trainer, state, samples, batchSize, clock, signal }: EvaluatePass): Promise<void> {
  trainer.stateFor("evaluate", samples);
  const feed = trainer.programs.resident(samples);
  feed.order(null);
  await runPass({
    feed,
    batchSize: Math.min(batchSize, feed.rows),
    programFor: (size) => trainer.programs.evaluate(state, feed, size),
    counted: (count) => {
      state.lossCounter.samples += count;
    },
    onTurn: () => {},
    clock,
    signal,
  });
}
