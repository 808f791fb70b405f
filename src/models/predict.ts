import { allocate, type DType, type TypedArray } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { runPass, TurnClock } from "./run-steps.ts";
import { checkedSamples } from "./samples.ts";
import type { Programs } from "./trainer.ts";

/** The model's outputs for all rows of x, batch by batch. */
export async function predictRows(programs: Programs, x: Tensor, batchSize: number): Promise<Tensor> {
  const samples = checkedSamples("predict", x, null, null);
  const feed = programs.resident(samples);
  feed.order(null);
  let output: TypedArray | null = null;
  let shape: readonly number[] = [];
  let dtype: DType = "float32";
  let row = 0;
  await runPass({
    feed,
    batchSize: Math.min(batchSize, feed.rows),
    programFor: (size) => programs.predict(feed, size),
    counted: (count) => {
      const program = programs.predict(feed, count);
      const [{ shape: batchShape, dtype: given }] = program.graph.outputs;
      output ??= allocate(given, feed.rows * sizeOf(batchShape.slice(1)));
      shape = batchShape.slice(1);
      dtype = given;
      output.set(program.readOutput(0), row * sizeOf(shape));
      row += count;
    },
    onTurn: () => {},
    clock: new TurnClock(),
    signal: null,
  });
  return hostTensor(output ?? allocate(dtype, 0), [feed.rows, ...shape], dtype);
}
