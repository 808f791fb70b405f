import { allocate, type TypedArray } from "../core/dtype.ts";
import { MemoryError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import type { Program } from "../engine/program.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import type { ResidentFeed, Samples } from "./feed.ts";
import type { Programs, StepKind } from "./programs.ts";
import { runPass, TurnClock } from "./run-steps.ts";

/** The model's outputs for all rows of x, batch by batch. What one batch holds takes no turns, and no promise. */
export function predictRows(
  programs: Programs,
  kind: StepKind,
  samples: Samples,
  batchSize: number,
): Tensor | Promise<Tensor> {
  return programs.withData("predict", samples, (feed) => {
    feed.order(null);
    return (feed.rows <= batchSize ? atOnce(programs, kind, feed) : null) ?? inBatches(programs, kind, feed, batchSize);
  });
}

/** One batch, with nothing allocated but its result; null where memory has to be waited for. */
function atOnce(programs: Programs, kind: StepKind, feed: ResidentFeed): Tensor | null {
  let program: Program;
  try {
    program = programs.bound(kind, feed, feed.rows);
  } catch (error) {
    if (error instanceof MemoryError) return null;
    throw error;
  }
  feed.open();
  feed.seek(0);
  program.bind()();
  return program.output(0);
}

function inBatches(
  programs: Programs,
  kind: StepKind,
  feed: ResidentFeed,
  batchSize: number,
): Tensor | Promise<Tensor> {
  let output: Tensor | null = null;
  let values: TypedArray | null = null;
  let at = 0;
  const done = runPass({
    programs,
    kind,
    feed,
    batchSize,
    counted: (_, program) => {
      if (values === null || output === null) {
        const [{ shape, dtype }] = program.graph.outputs;
        const rest = shape.slice(1);
        values = allocate(dtype, feed.rows * sizeOf(rest));
        output = hostTensor(values, [feed.rows, ...rest], dtype);
      }
      const part = program.viewOutput(0);
      values.set(part, at);
      at += part.length;
    },
    onTurn: () => {},
    clock: new TurnClock(),
    signal: null,
  });
  return done instanceof Promise ? done.then(() => output as Tensor) : (output as unknown as Tensor);
}
