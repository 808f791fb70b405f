import type { DType } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import { onceEach } from "../../core/once-each.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Shape } from "../../core/shape-types.ts";
import type { Node } from "../../graph/node.ts";
import type { FollowersOf } from "../../graph/passes/find-followers.ts";
import type { Kernel, MapKernel, ReduceKernel, RowKernel } from "../../graph/passes/kernel.ts";
import { type Place, shifted } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { constant, type Expr, index } from "../../ir/expr.ts";
import { rewrite } from "../../ir/rewrite.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { ValueType } from "./assembler/types.ts";
import { lanesFor } from "./emit-code.ts";
import { type Argument, loopArguments, loopParameters } from "./emit-loops.ts";
import { emitMap } from "./emit-map.ts";
import { emitGeneric, emitReduce, isVectorReduce, neutral } from "./emit-reduce.ts";
import { emitRows, isVectorRows, type LoweredRows } from "./emit-rows.ts";
import type * as windowEmitter from "./emit-window.ts";
import { type HandMade, handMadeFor } from "./hand-made.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import { type Lowered, lower, lowerTogether } from "./lower-kernel.ts";
import { STRUCTURAL } from "./structural.ts";
import type { Division } from "./threads/division.ts";
import { threading } from "./threads/threading.ts";

let windows: typeof windowEmitter | null = null;

/** Lets windows run in vectors of channels; there where something looks at pictures. The bits are the same without. */
export function installWindows(emitter: typeof windowEmitter): void {
  windows = emitter;
}

/** One call of a program: a function emitted once for all calls with the same key, or a hand-made kernel. */
export interface Step {
  /** Equal keys, equal code. A hand-made kernel's key is its export's name. */
  readonly key: string;
  readonly params: readonly ValueType[];
  /** Null for a hand-made kernel. `functions` are those of the steps that came before, by key. */
  readonly emit: ((fn: FunctionBuilder, functions: ReadonlyMap<string, number>) => void) | null;
  /** Where the parameters are those of loops. */
  readonly lowered?: Lowered;
  readonly scratchBytes: number;
  args(inputs: readonly Place[], outputs: readonly Place[], scratch: Place): Argument[];
  /**
   * The ways to part the call among threads; without any it stays whole. Not asked where there are no threads. A call
   * that is `alone` in its program needs one way: no other call has bytes that should stay where they are.
   */
  divide?(alone: boolean): readonly Division[];
}

/** The call that runs a kernel, or null when there is nothing to compute. */
export function stepOf(kernel: Kernel, profile: KernelProfile): Step | null {
  if (kernel.outputs.every((x) => x.size === 0)) return null;
  if (kernel.kind === "map") return mapStep(kernel);
  if (kernel.kind === "reduce") return reduceStep(kernel);
  if (kernel.kind === "row") return rowStep(kernel);
  const { node, followers } = kernel;
  const made = handMadeFor(node);
  if (made === null) return genericStep(node);
  return handMadeStep(node, made.ending && followers.length > 0 ? made.ending.with(followers) : made, profile);
}

/** What hand-made kernels compute on their way out. */
export const followersOf: FollowersOf = (node, readersOf) =>
  handMadeFor(node)?.ending?.followersOf(node, readersOf) ?? null;

/** What engines take: 1,000 parameters a function (the JavaScript embedding's limit). */
const MOST_PARAMETERS = 1000;

/** Whether a fused kernel can run as one function, and a reduction with everything fused into it still in vectors. */
export function acceptsFusion(kernel: MapKernel | ReduceKernel): boolean {
  if (sizeOf(kernel.kind === "map" ? kernel.shape : kernel.space) === 0) return kernel.kind === "map";
  const lowered = loweredOf(kernel);
  if (kernel.kind === "map") return fitsParameters(lowered, kernel);
  const reduce = { combine: kernel.combine, dtype: dtypeOf(kernel.outputs[0]) };
  return isVectorReduce(lowered, reduce) && fitsParameters(lowered, kernel);
}

/** Whether rows run in vectors, pass by pass. */
export function acceptsRows(kernel: RowKernel): boolean {
  const rows = loweredRowsOf(kernel);
  const parameters = loopParameters(rows.tail.lowered, rowOutputs(kernel).length).length;
  return parameters <= MOST_PARAMETERS && isVectorRows(rows);
}

function fitsParameters(lowered: Lowered, kernel: Kernel): boolean {
  return loopParameters(lowered, kernel.outputs.length).length <= MOST_PARAMETERS;
}

function dtypeOf(x: Tensor): DType {
  return x.dtype as DType;
}

function shapesOf(inputs: readonly Tensor[]): Shape[] {
  return inputs.map((x) => x.shape);
}

const countLanes = (lowered: Lowered, loop: number): number => lanesFor(lowered, loop).count;

type MapLoops = Pick<MapKernel, "shape" | "inputs" | "outputs" | "bodies">;

function mapStep(kernel: MapLoops): Step {
  const lowered = loweredOf(kernel);
  const dtypes = kernel.outputs.map(dtypeOf);
  const byColumns = { columns: kernel.shape.at(-1) ?? 1, lower: () => columnStep(kernel, dtypes) };
  return {
    ...loopStep(`map ${dtypes}`, lowered, dtypes.length, (fn) => emitMap(fn, lowered, dtypes)),
    divide: (alone) => threading().divideMap(lowered, dtypes, countLanes, alone ? null : byColumns),
  };
}

/** A map whose last axis is a loop of its own. The last argument is how many elements to skip between rows of outputs. */
function columnStep(kernel: MapLoops, dtypes: readonly DType[]): { lowered: Lowered; step: Step } {
  const lowered = lower(kernel.shape, shapesOf(kernel.inputs), kernel.bodies, [kernel.shape.length - 1]);
  const step = loopStep(`map ${dtypes}`, lowered, dtypes.length + 1, (fn) => emitMap(fn, lowered, dtypes));
  return { lowered, step: { ...step, args: (inputs, outputs) => [...loopArguments(lowered, inputs, outputs), 0] } };
}

/** A kernel is lowered once, though it is judged before it is emitted. */
const loweredOf = onceEach((kernel: MapLoops | ReduceKernel): Lowered => {
  const shapes = shapesOf(kernel.inputs);
  return "space" in kernel
    ? lower(kernel.space, shapes, kernel.bodies, [kernel.from, kernel.from + kernel.count])
    : lower(kernel.shape, shapes, kernel.bodies);
});

function reduceStep(kernel: ReduceKernel): Step {
  const dtype = dtypeOf(kernel.outputs[0]);
  const { shape } = kernel.outputs[0];
  if (sizeOf(kernel.space) === 0) {
    return mapStep({
      shape,
      inputs: [],
      outputs: kernel.outputs,
      bodies: [constant(neutral(kernel.combine, dtype), dtype)],
    });
  }
  const reduce = { combine: kernel.combine, dtype };
  const lowered = loweredOf(kernel);
  if (isVectorReduce(lowered, reduce)) {
    const step = loopStep(`${reduce.combine} ${dtype}`, lowered, 1, (fn) => emitReduce(fn, lowered, reduce));
    return { ...step, divide: () => [threading().divideReduce(lowered, dtype, countLanes)] };
  }
  // The same sum with output coordinates first, as a plain op has it.
  const { from, count } = kernel;
  const moved = kernel.bodies.map((body) =>
    rewrite(body, (e) => (e.kind === "index" ? index(outputFirst(e.axis, from, count, shape.length)) : null)),
  );
  const space = [...shape, ...kernel.space.slice(from, from + count)];
  return genericLoops(space, shape.length, shapesOf(kernel.inputs), moved, reduce);
}

function outputFirst(axis: number, from: number, count: number, rank: number): number {
  if (axis < from) return axis;
  return axis < from + count ? rank + axis - from : axis - count;
}

/** What a row kernel writes: its outputs, then kept rows, then results of reductions. */
function rowOutputs({ outputs, kept, results }: RowKernel): DType[] {
  return [...outputs.map(dtypeOf), ...kept, ...results];
}

const loweredRowsOf = onceEach((kernel: RowKernel): LoweredRows => {
  const { space, from, inputs, outputs, kept, results, passes, tail } = kernel;
  const shapes = [...shapesOf(inputs), ...kept.map(() => space.slice(from)), ...results.map(() => [])];
  const groups = passes.map((pass) => [...pass.reductions, ...pass.stores, ...pass.keeps].map(({ body }) => body));
  const lowered = lowerTogether(space, shapes, [...groups, tail.map(({ body }) => body)], [from]);
  const stored = (output: number) => ({ to: output, dtype: dtypeOf(outputs[output]) });
  return {
    passes: passes.map((pass, at) => ({
      lowered: lowered[at],
      reductions: pass.reductions.map(({ combine, result }) => ({
        combine,
        dtype: results[result],
        to: outputs.length + kept.length + result,
      })),
      stores: [
        ...pass.stores.map(({ output }) => ({ ...stored(output), kept: false })),
        ...pass.keeps.map((keep) => ({ to: outputs.length + keep.kept, dtype: kept[keep.kept], kept: true })),
      ],
    })),
    tail: { lowered: lowered[passes.length], stores: tail.map(({ output }) => stored(output)) },
  };
});

/** A result's slot; a kept row starts on a cache line, with room to read past it. */
const SLOT = 16;

function rowStep(kernel: RowKernel): Step {
  const rows = loweredRowsOf(kernel);
  const { lowered } = rows.tail;
  const width = Math.ceil((sizeOf(kernel.space.slice(kernel.from)) * 8 + SLOT) / 64) * 64;
  const text = rows.passes.map((pass) => `${pass.lowered.body.key} ${JSON.stringify([pass.reductions, pass.stores])}`);
  const step = loopStep(
    `row ${text.join("|")} ${JSON.stringify(rows.tail.stores)}`,
    lowered,
    rowOutputs(kernel).length,
    (fn) => emitRows(fn, rows),
  );
  return {
    ...step,
    scratchBytes: kernel.kept.length * width + kernel.results.length * SLOT,
    divide: () => [threading().divideRows(rows, kernel.outputs.map(dtypeOf), countLanes, kernel.inputs.length)],
    args(inputs, outputs, scratch) {
      const at = (offset: number): Place => shifted(scratch, offset);
      const own = [
        ...kernel.kept.map((_, k) => at(k * width)),
        ...kernel.results.map((_, r) => at(kernel.kept.length * width + r * SLOT)),
      ];
      return loopArguments(lowered, [...inputs, ...own], [...outputs, ...own]);
    },
  };
}

/** Any op, from its scalar meaning; a structural op has a row of its own. */
function genericStep(node: Node): Step {
  if (node.op.kind === "structural" && Object.hasOwn(STRUCTURAL, node.op.name)) return STRUCTURAL[node.op.name](node);
  const [out] = node.outputs;
  const meaning = node.op.scalar?.(node.inputs, node.attrs, 0);
  if (meaning === undefined || node.outputs.length !== 1)
    throw new InternalError(`op "${node.op.name}" has no kernel on "wasm"`);
  const rank = out.shape.length;
  const shapes = shapesOf(node.inputs);
  if (meaning.ranges === undefined)
    return mapStep({ shape: out.shape, inputs: node.inputs, outputs: node.outputs, bodies: [meaning.body] });
  const asIndex = (e: Expr): Expr => rewrite(e, (leaf) => (leaf.kind === "range" ? index(rank + leaf.axis) : null));
  const combine = meaning.combine ?? "sum";
  const bodies = meaning.initial === undefined ? [meaning.body] : [meaning.body, meaning.initial];
  if (meaning.ranges.includes(0)) {
    const dtype = dtypeOf(out);
    return mapStep({
      shape: out.shape,
      inputs: node.inputs,
      outputs: node.outputs,
      bodies: [meaning.initial ?? constant(neutral(combine, dtype), dtype)],
    });
  }
  return genericLoops([...out.shape, ...meaning.ranges], rank, shapes, bodies.map(asIndex), {
    combine,
    dtype: dtypeOf(out),
  });
}

function genericLoops(
  space: Shape,
  outputRank: number,
  shapes: readonly Shape[],
  bodies: readonly Expr[],
  reduce: Parameters<typeof emitReduce>[2],
): Step {
  const lowered = lower(space, shapes, bodies, [outputRank]);
  const begins = bodies.length > 1;
  if (windows?.isVectorWindow(lowered, reduce)) {
    const { emitWindow } = windows;
    const step = loopStep(`window ${reduce.combine} ${reduce.dtype}`, lowered, 1, (fn) =>
      emitWindow(fn, lowered, { ...reduce, begins }),
    );
    return { ...step, divide: () => [threading().divideOutputs(lowered, reduce.dtype, countLanes)] };
  }
  const step = loopStep(`generic ${reduce.combine} ${reduce.dtype}`, lowered, 1, (fn) =>
    emitGeneric(fn, lowered, { ...reduce, begins }),
  );
  return { ...step, divide: () => [threading().divideOutputs(lowered, reduce.dtype, null)] };
}

function loopStep(name: string, lowered: Lowered, outputs: number, emit: (fn: FunctionBuilder) => void): Step {
  const access = lowered.accesses.map(
    (a) => `${a.kind} ${a.dtype} ${a.strides.map(stepClass)}${a.based ? " based" : ""}`,
  );
  const last = lowered.dims[lowered.dims.length - 1] === 1 ? "1" : "n";
  return {
    key: `${name}|${lowered.segments}${last}|${access.join()}|${lowered.body.key}`,
    params: loopParameters(lowered, outputs),
    emit,
    lowered,
    scratchBytes: 0,
    args: (inputs, places) => loopArguments(lowered, inputs, places),
  };
}

/** Code differs for a step of nothing, of one element, and of any other length. */
function stepClass(stride: number): string {
  return stride === 0 ? "0" : stride === 1 ? "1" : "s";
}

function handMadeStep(node: Node, made: HandMade, profile: KernelProfile): Step {
  return {
    key: made.exportName(node, profile),
    params: made.params,
    emit: null,
    scratchBytes: made.scratchBytes(node, profile),
    args: (inputs, outputs, scratch) => made.args(node, inputs, outputs, scratch, profile),
    divide: () => made.divide?.(node, profile) ?? [],
  };
}
