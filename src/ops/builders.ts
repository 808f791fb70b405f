import { type DType, floatx, isFloat, promote, promoteNumber } from "../core/dtype.ts";
import { DTypeError, ValueError } from "../core/errors.ts";
import { broadcastShapes, sameShape } from "../core/shape.ts";
import { apply } from "../graph/apply.ts";
import type { GradContext, Op } from "../graph/op.ts";
import { Tensor } from "../graph/tensor.ts";
import type { Expr } from "../ir/expr.ts";
import { broadcastTo } from "./broadcast.ts";
import { castTo } from "./cast.ts";
import { fill } from "./constant.ts";
import { element } from "./element.ts";
import type { Ops } from "./index.ts";

/** Which dtypes an elementwise op takes: others are cast ("float": ints become floatx) or refused. */
export type Takes = "float" | "number" | "bool" | "any";

type Simplify = NonNullable<Op["simplify"]>;
type Grad = (dys: readonly Tensor[], ctx: GradContext, o: Ops) => readonly (Tensor | null)[];

interface UnaryRule {
  readonly name: string;
  readonly takes: Takes;
  /** The output's dtype: the input's by default. */
  readonly gives?: DType;
  readonly scalar: (x: Expr) => Expr;
  readonly grad?: Grad;
  readonly simplify?: Simplify;
}

/** An elementwise op of one input. */
export function unary(rule: UnaryRule): Op {
  return {
    name: rule.name,
    kind: "map",
    infer: (inputs) => [{ shape: inputs[0].shape, dtype: rule.gives ?? inputs[0].dtype }],
    scalar: (inputs) => ({ body: rule.scalar(element(inputs, 0)) }),
    ...(rule.grad === undefined ? {} : { grad: rule.grad }),
    ...(rule.simplify === undefined ? {} : { simplify: rule.simplify }),
  };
}

interface BinaryRule {
  readonly name: string;
  readonly takes: Takes;
  readonly gives?: DType;
  readonly scalar: (a: Expr, b: Expr) => Expr;
  readonly grad?: Grad;
  readonly simplify?: Simplify;
}

/** An elementwise op of two inputs of equal shape and dtype; `applyBinary` makes them equal. */
export function binary(rule: BinaryRule): Op {
  return {
    name: rule.name,
    kind: "map",
    infer: (inputs) => [{ shape: inputs[0].shape, dtype: rule.gives ?? inputs[0].dtype }],
    scalar: (inputs) => ({ body: rule.scalar(element(inputs, 0), element(inputs, 1)) }),
    ...(rule.grad === undefined ? {} : { grad: rule.grad }),
    ...(rule.simplify === undefined ? {} : { simplify: rule.simplify }),
  };
}

/** A tensor as it is; a JavaScript number as a scalar of `like`'s dtype (floatx where there is none). */
export function maybeTensor(x: Tensor | number, like?: Tensor | number): Tensor {
  if (x instanceof Tensor) return x;
  if (typeof x !== "number") {
    throw new ValueError(`expected a tensor or a number, got ${x === null ? "null" : typeof x}. Use tensor(values).`);
  }
  return fill([], x, like instanceof Tensor ? promoteNumber(like.dtype, x) : floatx());
}

function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : castTo(x, dtype);
}

/** The dtype in which an op computes on `dtype`. */
function computed(dtype: DType, takes: Takes, where: string): DType {
  if (dtype === "uint32" && takes !== "any")
    throw new DTypeError(`${where}: expected numbers, got uint32 (a random key).`);
  if (takes === "float") return isFloat(dtype) ? dtype : floatx();
  if (takes === "number") return dtype === "bool" ? "int32" : dtype;
  if (takes === "bool" && dtype !== "bool") {
    throw new DTypeError(`${where}: expected bool, got ${dtype}. Compare first, for example x.notEqual(0).`);
  }
  return dtype;
}

export function applyUnary(op: Op, takes: Takes, x: Tensor | number): Tensor {
  const a = maybeTensor(x);
  return apply(op, [cast(a, computed(a.dtype, takes, op.name))]);
}

/** Promotes, broadcasts and applies. */
export function applyBinary(op: Op, takes: Takes, a: Tensor | number, b: Tensor | number): Tensor {
  const x = maybeTensor(a, b);
  const y = maybeTensor(b, a);
  const dtype = computed(promote(x.dtype, y.dtype, op.name), takes, op.name);
  const shape = sameShape(x.shape, y.shape) ? x.shape : broadcastShapes(x.shape, y.shape, op.name);
  return apply(op, [broadcastTo(cast(x, dtype), shape), broadcastTo(cast(y, dtype), shape)]);
}
