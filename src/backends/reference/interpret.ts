import { allocate, type TypedArray } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import { type Shape, sizeOf, stridesOf } from "../../core/shape.ts";
import type { Body } from "../../graph/body.ts";
import type { Node } from "../../graph/node.ts";
import type { Spec } from "../../graph/op.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { evaluator, type Scope } from "../../ir/evaluate.ts";
import type { Meaning } from "../../ir/expr.ts";
import { joiner } from "./combine.ts";
import { NATIVE_MATHS } from "./native-maths.ts";
import { STRUCTURAL } from "./structural.ts";

/** The values of a node's outputs from those of its inputs. */
export function interpret(node: Node, inputs: readonly TypedArray[]): readonly TypedArray[] {
  const { op, attrs, outputs } = node;
  if (op.kind === "structural") {
    const row = STRUCTURAL[op.name];
    if (row === undefined) throw new InternalError(`reference: no row for the structural op "${op.name}"`);
    return row(node, inputs, interpretBody);
  }
  const { scalar } = op;
  if (scalar === undefined) {
    if (op.alias === true) return [inputs[0].slice()];
    throw new InternalError(`reference: op "${op.name}" has no scalar meaning`);
  }
  return outputs.map((output, at) => compute(scalar(node.inputs, attrs, at), output, node.inputs, inputs));
}

/** The values of a body's outputs from those of its inputs. */
function interpretBody({ graph }: Body, inputs: readonly TypedArray[]): readonly TypedArray[] {
  const values = new Map<Tensor, TypedArray>(graph.inputs.map((x, i) => [x, inputs[i]]));
  const valueOf = (x: Tensor): TypedArray => values.get(x) as TypedArray;
  for (const node of graph.nodes) {
    if (node.op.kind === "source") continue;
    const results = interpret(node, node.inputs.map(valueOf));
    for (const [i, y] of node.outputs.entries()) values.set(y, results[i]);
  }
  return graph.outputs.map(valueOf);
}

function compute(meaning: Meaning, output: Spec, specs: readonly Spec[], inputs: readonly TypedArray[]): TypedArray {
  const { ranges } = meaning;
  const scope = scopeOver(specs, inputs, output.shape.length, ranges?.length ?? 0);
  const value = ranges === undefined ? evaluator(meaning.body, scope) : reduction(meaning, ranges, scope);
  const result = allocate(output.dtype, sizeOf(output.shape));
  for (let i = 0; i < result.length; i++) {
    result[i] = value();
    advance(scope.index, output.shape);
  }
  return result;
}

interface Walk extends Scope {
  readonly index: number[];
  readonly range: number[];
}

function scopeOver(specs: readonly Spec[], inputs: readonly TypedArray[], rank: number, ranges: number): Walk {
  const strides = specs.map((spec) => stridesOf(spec.shape));
  return {
    index: new Array<number>(rank).fill(0),
    range: new Array<number>(ranges).fill(0),
    load: (input, at) => {
      const { shape } = specs[input];
      let offset = 0;
      for (let axis = 0; axis < at.length; axis++) {
        const i = at[axis];
        if (!(i >= 0 && i < shape[axis])) throw outOfRange(input, shape, at);
        offset += i * strides[input][axis];
      }
      return inputs[input][offset];
    },
    maths: NATIVE_MATHS,
  };
}

/** A meaning that reads outside its input is wrong, however a backend's memory happens to look. */
function outOfRange(input: number, shape: Shape, at: readonly number[]): InternalError {
  return new InternalError(`reference: load of input ${input} at [${at.join(", ")}] outside [${shape.join(", ")}]`);
}

function reduction(meaning: Meaning, ranges: readonly number[], scope: Walk): () => number {
  const body = evaluator(meaning.body, scope);
  const initial = meaning.initial === undefined ? null : evaluator(meaning.initial, scope);
  const join = joiner(meaning.combine ?? "sum", meaning.body.dtype);
  const count = sizeOf(ranges);
  return () => {
    join.start(initial === null ? null : initial());
    for (let i = 0; i < count; i++) {
      join.take(body());
      advance(scope.range, ranges);
    }
    return join.result();
  };
}

/** The next coordinates in row-major order; after the last come the first. */
function advance(at: number[], shape: Shape): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at[axis]++;
    if (at[axis] < shape[axis]) return;
    at[axis] = 0;
  }
}
