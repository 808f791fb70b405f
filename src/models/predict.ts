import { allocate, type TypedArray } from "../core/dtype.ts";
import { InternalError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import type { Samples } from "./feed.ts";
import type { Programs, StepKind } from "./programs.ts";
import { runPass, TurnClock } from "./run-steps.ts";

/** The model's outputs for all rows of x, batch by batch. */
export function predictRows(programs: Programs, kind: StepKind, samples: Samples, batchSize: number): Promise<Tensor> {
  return programs.withData("predict", samples, async (feed) => {
    feed.order(null);
    let output: { readonly values: TypedArray; readonly one: Tensor } | null = null;
    let row = 0;
    await runPass({
      programs,
      kind,
      feed,
      batchSize,
      counted: (count) => {
        const program = programs.program(kind, feed, count);
        const [one] = program.graph.outputs;
        output ??= { values: allocate(one.dtype, feed.rows * sizeOf(one.shape.slice(1))), one };
        output.values.set(program.readOutput(0), row * sizeOf(one.shape.slice(1)));
        row += count;
      },
      onTurn: () => {},
      clock: new TurnClock(),
      signal: null,
    });
    // Assigned in a closure, which the compiler does not follow.
    const found = output as { readonly values: TypedArray; readonly one: Tensor } | null;
    if (found === null) throw new InternalError("predict ran no batch");
    return hostTensor(found.values, [feed.rows, ...found.one.shape.slice(1)], found.one.dtype);
  });
}
