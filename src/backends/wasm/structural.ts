import { BYTES, type DType } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Node } from "../../graph/node.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Opcode } from "./assembler/opcodes.ts";
import { countedLoop } from "./emit-loops.ts";
import { scalarLanes, scalarRegister, scalarStore } from "./scalar-lanes.ts";
import type { Step } from "./step.ts";

/** One row an op of kind "structural", by its name; structural.test.ts finds the ops that lack one. */
export const STRUCTURAL: Readonly<Record<string, (node: Node) => Step>> = { scatterAdd };

function scatterAdd(node: Node): Step {
  const [, indices] = node.inputs;
  const [y] = node.outputs;
  const axis = Number(node.attrs["axis"]);
  const [pre, size, post] = [sizeOf(y.shape.slice(0, axis)), y.shape[axis], sizeOf(y.shape.slice(axis + 1))];
  return {
    key: `scatterAdd ${y.dtype}`,
    params: new Array(7).fill("i32"),
    emit: (fn) => emitScatterAdd(fn, y.dtype),
    scratchBytes: 0,
    args: ([from, at], [to]) => [to, from, at, pre, sizeOf(indices.shape), post, size],
  };
}

/** y[p, indices[i], q] += updates[p, i, q], in the order of the updates, so that the bits are always the same. */
function emitScatterAdd(fn: FunctionBuilder, dtype: DType): void {
  const [y, updates, indices, pre, count, post, size] = [0, 1, 2, 3, 4, 5, 6];
  const [row, stack, at, position, to] = Array.from({ length: 5 }, () => fn.local("i32"));
  const register = scalarRegister(dtype);
  const sum = fn.local(register);
  const bytes = BYTES[dtype];
  fn.get(post).i32const(bytes).op("i32.mul").tee(row);
  fn.get(size).op("i32.mul").set(stack);
  fn.get(y).i32const(0).get(stack).get(pre).op("i32.mul").op("memory.fill");
  fn.get(count).if_();
  countedLoop(fn, pre, () => {
    fn.get(indices).set(at);
    countedLoop(fn, count, () => {
      fn.get(at).load("i32.load").set(position);
      fn.get(position).i32const(0).get(position).i32const(0).op("i32.gt_s").select().set(position);
      fn.get(size).i32const(1).op("i32.sub").set(to);
      fn.get(position).get(to).get(position).get(to).op("i32.lt_s").select().set(position);
      fn.get(y).get(position).get(row).op("i32.mul").op("i32.add").set(to);
      countedLoop(fn, post, () => {
        fn.get(to);
        scalarLanes.load(fn, dtype, 0);
        fn.get(updates);
        scalarLanes.load(fn, dtype, 0);
        fn.op(`${register}.add` as Opcode).set(sum);
        scalarStore(fn, dtype, to, sum);
        for (const address of [to, updates]) fn.get(address).i32const(bytes).op("i32.add").set(address);
      });
      fn.get(at).i32const(BYTES.int32).op("i32.add").set(at);
    });
    fn.get(y).get(stack).op("i32.add").set(y);
  });
  fn.end();
}
