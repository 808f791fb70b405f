import { allocate, type TypedArray } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import type { Samples } from "./feed.ts";
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
    const { rows } = feed;
    const isShort = rows <= batchSize;
    const outputs: Tensor[] = [];
    let values: TypedArray | null = null;
    let at = 0;
    const done = runPass({
      programs,
      kind,
      feed,
      batchSize,
      counted: (_, program) => {
        if (isShort) {
          outputs.push(program.output(0));
          return;
        }
        const [{ shape, dtype }] = program.graph.outputs;
        const rest = shape.slice(1);
        if (values === null) {
          values = allocate(dtype, rows * sizeOf(rest));
          outputs.push(hostTensor(values, [rows, ...rest], dtype));
        }
        const part = program.viewOutput(0);
        values.set(part, at);
        at += part.length;
      },
      onTurn: () => {},
      clock: isShort ? null : new TurnClock(),
      signal: null,
    });
    return done instanceof Promise ? done.then(() => outputs[0]) : outputs[0];
  });
}
