import type { Samples } from "./feed.ts";
import { runPass, type TurnClock } from "./run-steps.ts";
import type { Trainer } from "./trainer.ts";
import type { TrainingState } from "./training-state.ts";

export interface EvaluatePass {
  readonly where: string;
  readonly trainer: Trainer;
  readonly state: TrainingState;
  /** Whose labels have been checked. */
  readonly samples: Samples;
  readonly batchSize: number;
  readonly clock: TurnClock;
  readonly signal: AbortSignal | null;
}

/** Counts loss and metrics over samples, from zero; false when the signal ended the pass early. */
export function evaluatePass({
  where,
  trainer,
  state,
  samples,
  batchSize,
  clock,
  signal,
}: EvaluatePass): boolean | Promise<boolean> {
  state.resetCounters();
  return trainer.programs.withData(where, samples, (feed) => {
    feed.order(null);
    return runPass({
      programs: trainer.programs,
      kind: trainer.evaluateStep(state),
      feed,
      batchSize,
      counted: (count) => {
        state.lossCounter.samples += count;
      },
      onTurn: () => {},
      clock,
      signal,
    });
  });
}
