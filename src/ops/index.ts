import type { Any } from "../core/shape-types.ts";
import { Tensor } from "../graph/tensor.ts";
import type { TensorMethods } from "../graph/tensor-methods.ts";
import * as table from "./table.ts";

export * from "./optional-table.ts";
export * from "./table.ts";

/** The op table, handed to gradients so that op files need not import each other; the rest is in optional-table.ts. */
export type Ops = typeof table;
export const ops: Ops = table;

/** What a method calls, with the tensor as its first argument: the compiler refuses a method that is missing here. */
type Implementations = { readonly [M in keyof TensorMethods<Any, Any>]: (x: never, ...rest: never[]) => unknown };

function install(methods: Implementations): void {
  for (const [name, method] of Object.entries(methods)) {
    const value = function (this: Tensor, ...rest: unknown[]): unknown {
      return Reflect.apply(method, undefined, [this, ...rest]);
    };
    Object.defineProperty(Tensor.prototype, name, { value, configurable: true, writable: true });
  }
}

install({
  abs: table.abs,
  add: table.add,
  all: table.all,
  any: table.any,
  argMax: table.argMax,
  argMin: table.argMin,
  broadcastTo: table.broadcastTo,
  cast: table.cast,
  ceil: table.ceil,
  clip: table.clip,
  cos: table.cos,
  div: table.div,
  equal: table.equal,
  exp: table.exp,
  expandDims: table.expandDims,
  expectShape: table.expectShape,
  expm1: table.expm1,
  flatten: table.flatten,
  floor: table.floor,
  gather: table.gather,
  greater: table.greater,
  greaterEqual: table.greaterEqual,
  isNaN: table.isNaN,
  less: table.less,
  lessEqual: table.lessEqual,
  log: table.log,
  log1p: table.log1p,
  logicalAnd: table.logicalAnd,
  logicalNot: table.logicalNot,
  logicalOr: table.logicalOr,
  logSoftmax: table.logSoftmax,
  logSumExp: table.logSumExp,
  matmul: table.matmul,
  max: table.max,
  maximum: table.maximum,
  mean: table.mean,
  min: table.min,
  minimum: table.minimum,
  mod: table.mod,
  mul: table.mul,
  neg: table.neg,
  notEqual: table.notEqual,
  pad: table.pad,
  pow: table.pow,
  prod: table.prod,
  reciprocal: table.reciprocal,
  relu: table.relu,
  reshape: table.reshape,
  reverse: table.reverse,
  round: table.round,
  sigmoid: table.sigmoid,
  sign: table.sign,
  sin: table.sin,
  slice: table.slice,
  softmax: table.softmax,
  split: table.split,
  sqrt: table.sqrt,
  square: table.square,
  squeeze: table.squeeze,
  std: table.std,
  stopGradient: table.stopGradient,
  sub: table.sub,
  sum: table.sum,
  tanh: table.tanh,
  transpose: table.transpose,
  variance: table.variance,
});
