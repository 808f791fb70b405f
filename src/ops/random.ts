import { type DType, floatx, isFloat } from "../core/dtype.ts";
import { DTypeError, TraceError, ValueError } from "../core/errors.ts";
import { permutation as permute } from "../core/permutation.ts";
import { type Key, keyOf } from "../core/random-key.ts";
import { assertSeed, nextDefaultKey, seedDefault } from "../core/random-source.ts";
import { assertShape } from "../core/shape.ts";
import type { Any, Mutable, Shape } from "../core/shape-types.ts";
import { hostTensor, type Tensor } from "../graph/tensor.ts";
import { currentTrace } from "../graph/trace.ts";
import { add } from "./add.ts";
import { clip } from "./clip.ts";
import { erfInv } from "./erf-inv.ts";
import { foldKey } from "./fold-key.ts";
import { less } from "./less.ts";
import { maximum } from "./maximum.ts";
import { mul } from "./mul.ts";
import { randomUniform } from "./random-uniform.ts";

/** What every distribution takes. The same key gives the same numbers; use a key once, and split or fold it for more. */
export interface RandomOptions<S, D = Any> {
  readonly shape: S;
  /** The next of the default keys (see `seed`) when it is left out, which a traced function must not. */
  readonly key?: Tensor;
  /** floatx by default; the compiler takes it for float32. */
  readonly dtype?: D;
}

/** The key of a seed. */
export function key(seed: number): Tensor<[2], "uint32"> {
  assertSeed(seed, "random.key");
  return keyTensor(keyOf(seed));
}

function keyTensor(words: Key): Tensor<[2], "uint32"> {
  return hostTensor(Uint32Array.from(words), [2], "uint32");
}

/** Seeds the default keys, of everything that is given neither key nor seed. */
export function seed(value: number): void {
  seedDefault(value);
}

/** `count` keys, independent of each other and of `from`. */
export function split(from: Tensor, count = 2): Tensor<[2], "uint32">[] {
  return Array.from({ length: count }, (_, i) => foldKey(from, i));
}

/** A key for the `data`-th use of `from`: the step of a loop, for example, a number or an int32 scalar. */
export function fold(from: Tensor, data: Tensor | number): Tensor<[2], "uint32"> {
  return foldKey(from, data);
}

function keyOr(given: Tensor | undefined, where: string): Tensor {
  if (given !== undefined) return given;
  if (currentTrace() !== null) {
    const advice = "Pass { key }: without one, every run of the program would draw the same numbers.";
    throw new TraceError(`${where}: a traced function draws no default key. ${advice}`);
  }
  return keyTensor(nextDefaultKey());
}

function floatDType(dtype: DType = floatx(), where: string): "float32" | "float64" {
  if (isFloat(dtype)) return dtype as "float32" | "float64";
  throw new DTypeError(`${where}: expected dtype "float32" or "float64", got ${JSON.stringify(dtype)}.`);
}

/** Even numbers in [low, high), of floats of one dtype; JAX's formula. */
function between(low: number, high: number, options: RandomOptions<Shape>, where: string): Tensor {
  assertShape(options.shape, where);
  const dtype = floatDType(options.dtype, where);
  const round = dtype === "float32" ? Math.fround : (x: number): number => x;
  const unit = randomUniform(keyOr(options.key, where), options.shape, dtype);
  if (low === 0 && high === 1) return unit;
  // A product that rounds up and a sum that rounds down can fall short of `low`.
  return maximum(add(mul(unit, round(round(high) - round(low))), low), low);
}

/** Numbers evenly spread over [low, high), [0, 1) by default. */
export function uniform<const S extends Shape, D extends DType = "float32">(
  options: RandomOptions<S, D> & { readonly low?: number; readonly high?: number },
): Tensor<Mutable<S>, NoInfer<D>> {
  const { low = 0, high = 1 } = options;
  if (!(low <= high)) throw new ValueError(`random.uniform: expected low <= high, got low ${low} and high ${high}.`);
  return between(low, high, options, "random.uniform");
}

interface NormalOptions {
  /** 0 by default. */
  readonly mean?: number;
  /** 1 by default. */
  readonly stddev?: number;
}

function shifted(z: Tensor, { mean = 0, stddev = 1 }: NormalOptions): Tensor {
  const scaled = stddev === 1 ? z : mul(z, stddev);
  return mean === 0 ? scaled : add(scaled, mean);
}

/** Normally distributed numbers: sqrt(2) erfInv(u) for an even u in (-1, 1). */
export function normal<const S extends Shape, D extends DType = "float32">(
  options: RandomOptions<S, D> & NormalOptions,
): Tensor<Mutable<S>, NoInfer<D>> {
  const open = floatDType(options.dtype, "random.normal") === "float32" ? -1 + 2 ** -24 : -1 + 2 ** -53;
  const z = mul(erfInv(between(open, 1, options, "random.normal")), Math.SQRT2);
  return shifted(z, options);
}

/** erf(sqrt(2)): the share of normal numbers within two standard deviations. */
const WITHIN_TWO = 0.9544997361036416;

/** Normal numbers less than two standard deviations from the mean: the rest of the distribution is cut off. */
export function truncatedNormal<const S extends Shape, D extends DType = "float32">(
  options: RandomOptions<S, D> & NormalOptions,
): Tensor<Mutable<S>, NoInfer<D>> {
  const below = floatDType(options.dtype, "random.truncatedNormal") === "float32" ? 2 - 2 ** -23 : 2 - 2 ** -52;
  const z = mul(erfInv(between(-WITHIN_TWO, WITHIN_TWO, options, "random.truncatedNormal")), Math.SQRT2);
  return shifted(clip(z, -below, below), options);
}

/** Bools that are true with probability `p`, 0.5 by default. */
export function bernoulli<const S extends Shape>(
  options: RandomOptions<S, "float32" | "float64"> & { readonly p?: number },
): Tensor<Mutable<S>, "bool"> {
  const { p = 0.5 } = options;
  if (!(p >= 0 && p <= 1)) throw new ValueError(`random.bernoulli: expected p between 0 and 1, got ${p}.`);
  return less(between(0, 1, options, "random.bernoulli"), p);
}

/**
 * 0 to n - 1 in a random order, as int32. The host sorts them by the key's random bits, so it cannot be traced; and one
 * key gives one order everywhere.
 */
export function permutation<const N extends number>(
  n: N,
  options: { readonly key?: Tensor } = {},
): Tensor<[N], "int32"> {
  assertShape([n], "random.permutation");
  const [high, low] = keyOr(options.key, "random.permutation").dataSync();
  return hostTensor(permute([high, low], n), [n], "int32");
}
