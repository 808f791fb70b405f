import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Check, Out } from "../core/shape-types.ts";
import type { JsonObject } from "../formats/json.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { getInitializer, type InitializerLike } from "../initializers/get-initializer.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { matmul } from "../ops/matmul.ts";
import { mul } from "../ops/mul.ts";
import { sigmoid } from "../ops/sigmoid.ts";
import { softmax } from "../ops/softmax.ts";
import { transpose } from "../ops/transpose.ts";
import { where } from "../ops/where.ts";
import { type AttentionMasks, joinMasks } from "./attention-mask.ts";
import type { AttentionRule } from "./attention-rule.ts";
import { AxesDense, type AxesDenseOptions } from "./axes-dense.ts";
import { Dropout } from "./dropout.ts";
import { type CallContext, Layer, type LayerOptions, type OpenShape } from "./layer.ts";
import type { Apply } from "./shape-rule.ts";

export interface MultiHeadAttentionOptions<O extends number | readonly number[] = never> extends LayerOptions {
  /** How many times attention is done side by side, each with weights of its own. */
  readonly numHeads: number;
  /** The size of each head's queries and keys. */
  readonly keyDim: number;
  /** The size of each head's values; keyDim by default. */
  readonly valueDim?: number;
  /** The share of attention weights that training drops; 0 by default. */
  readonly dropout?: number;
  /** true by default. */
  readonly useBias?: boolean;
  /** Size or sizes of the output's features; those of the query by default. */
  readonly outputShape?: O;
  /** Attention is over axis 1, the steps: other axes are not there yet. */
  readonly attentionAxes?: number | readonly number[];
  /** Each step attends to those fewer than this many steps away; to all by default. */
  readonly slidingWindow?: number;
  /** Whether the heads' results are multiplied by a sigmoid of the query (Qiu and others 2025); false by default. */
  readonly useGate?: boolean;
  /** "glorotUniform" by default. */
  readonly kernelInitializer?: InitializerLike;
  /** "zeros" by default. */
  readonly biasInitializer?: InitializerLike;
  /** Makes the dropout its own, whatever the model's seed. */
  readonly seed?: number | null;
}

/** What attention is given: [batch, steps, features] each. */
export interface AttentionInputs<Q extends Tensor = Tensor> extends AttentionMasks {
  readonly query: Q;
  /** As many steps as the key. */
  readonly value: Tensor;
  /** The value by default. */
  readonly key?: Tensor;
}

/** Below every score; finite, so that a row without any has no NaN. Keras's number. */
const MASKED = -1e9;

/**
 * y = concat(heads) Wo + bo, head = softmax(q k' / sqrt(keyDim)) v, with q = query Wq + bq and k, v likewise: each step
 * of the query takes from the values of those steps whose keys fit it. Vaswani and others, Attention Is All You Need,
 * 2017. `apply(x)` is self-attention: query, key and value are x; `attend` takes them apart. Weights as in Keras: query,
 * key, value [features, heads, size], output [heads, valueDim, features].
 */
export class MultiHeadAttention<O extends number | readonly number[] = never> extends Layer<AttentionRule<O>> {
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly dropout: number;
  readonly useBias: boolean;
  readonly outputShape: readonly number[] | null;
  readonly attentionAxes: readonly number[] | null;
  readonly slidingWindow: number | null;
  readonly useGate: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly seed: number | null;
  readonly queryDense: AxesDense;
  readonly keyDense: AxesDense;
  readonly gateDense: AxesDense | null;
  readonly valueDense: AxesDense;
  outputDense: AxesDense | null = null;
  readonly #drop: Dropout;

  constructor(options: MultiHeadAttentionOptions<O>) {
    super(options);
    const sizes = { numHeads: options.numHeads, keyDim: options.keyDim, valueDim: options.valueDim ?? options.keyDim };
    for (const [name, size] of Object.entries(sizes)) this.#assertSize(name, size);
    const { numHeads, keyDim, valueDim } = sizes;
    this.numHeads = numHeads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    this.dropout = options.dropout ?? 0;
    this.useBias = options.useBias ?? true;
    this.outputShape = listOf(options.outputShape);
    for (const size of this.outputShape ?? []) this.#assertSize("outputShape", size);
    this.attentionAxes = listOf(options.attentionAxes);
    if (this.attentionAxes !== null && !["1", "-2"].includes(this.attentionAxes.join())) {
      throw new ValueError(
        `${this}: attentionAxes ${this.attentionAxes.join(", ")} are not there yet. Leave them out.`,
      );
    }
    this.slidingWindow = options.slidingWindow ?? null;
    if (this.slidingWindow !== null) this.#assertSize("slidingWindow", this.slidingWindow);
    this.useGate = options.useGate ?? false;
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? "glorotUniform");
    this.biasInitializer = getInitializer(options.biasInitializer ?? "zeros");
    this.seed = options.seed ?? null;
    this.queryDense = this.#dense("query", 1, [numHeads, keyDim]);
    this.keyDense = this.#dense("key", 1, [numHeads, keyDim]);
    this.gateDense = this.useGate ? this.#dense("gate", 1, [numHeads, valueDim]) : null;
    this.valueDense = this.#dense("value", 1, [numHeads, valueDim]);
    const rate = { name: this.name, rate: this.dropout, dtype: this.dtype };
    this.#drop = new Dropout(this.seed === null ? rate : { ...rate, seed: this.seed });
  }

  override get className(): string {
    return "MultiHeadAttention";
  }

  #assertSize(name: string, size: number): void {
    if (Number.isSafeInteger(size) && size >= 1) return;
    throw new ValueError(`${this}: expected ${name} to be a whole number of at least 1, got ${String(size)}.`);
  }

  #dense(name: string, summed: number, units: readonly number[]): AxesDense {
    const { useBias, kernelInitializer, biasInitializer, dtype } = this;
    const options: AxesDenseOptions = { name, summed, units, useBias, kernelInitializer, biasInitializer, dtype };
    return new AxesDense(options);
  }

  override build(query: OpenShape, value: OpenShape = query, key: OpenShape = value): void {
    this.queryDense.ensureBuilt(query);
    this.keyDense.ensureBuilt(key);
    this.gateDense?.ensureBuilt(query);
    this.valueDense.ensureBuilt(value);
    this.outputDense = this.#dense("attention_output", 2, this.#outputSizes(query));
    this.outputDense.ensureBuilt([...query.slice(0, -1), this.numHeads, this.valueDim]);
  }

  /** Sizes of the output's features. */
  #outputSizes(query: OpenShape): readonly number[] {
    if (this.outputShape !== null) return this.outputShape;
    const features = query[query.length - 1];
    if (features !== null) return [features];
    throw new ShapeError(`${this}: expected a known size on the last axis, got shape ${shapeText(query)}.`);
  }

  protected override assertInput(shape: OpenShape): void {
    if (shape.length === 3) return;
    const advice = "Bring other axes of steps into one: x.reshape([batch, -1, features]).";
    throw new ShapeError(`${this}: expected [batch, steps, features], got shape ${shapeText(shape)}. ${advice}`);
  }

  /** Self-attention; a mask of the steps masks queries and keys, as in Keras. */
  override call(x: Tensor, ctx: CallContext): Tensor {
    const masks = ctx.mask === null ? {} : { queryMask: ctx.mask, valueMask: ctx.mask };
    return this.#attend(x, x, x, masks, ctx);
  }

  /**
   * Attention of a query to other tensors: [batch, T, features], and [batch, S, ...] for value and key. At the first use
   * it builds the weights for these features, which may differ.
   */
  attend<Q extends Tensor>(
    inputs: AttentionInputs<Q> & { readonly query: Check<Apply<AttentionRule<O>, S_<Q>>> },
    ctx?: Partial<CallContext>,
  ): Tensor<Out<Apply<AttentionRule<O>, S_<Q>>>>;
  attend({ query, value, key = value, ...masks }: AttentionInputs, ctx: Partial<CallContext> = {}): Tensor {
    this.assertInput(query.shape);
    this.#assertPair(query, value, "value");
    this.#assertPair(value, key, "key");
    return this.run([query, value, key], ctx, ([q, v, k], full) => this.#attend(q, v, k, masks, full));
  }

  #assertPair(x: Tensor, y: Tensor, name: "value" | "key"): void {
    const fits = y.rank === 3 && y.shape[0] === x.shape[0] && (name === "value" || y.shape[1] === x.shape[1]);
    if (fits) return;
    const wanted = name === "key" ? `${x.shape[0]}, ${x.shape[1]}` : `${x.shape[0]}, steps`;
    throw new ShapeError(
      `${this}: expected a ${name} of shape (${wanted}, features), got ${shapeText(y.shape)}. Samples and steps must be as many.`,
    );
  }

  #attend(query: Tensor, value: Tensor, key: Tensor, masks: AttentionMasks, ctx: CallContext): Tensor {
    // One product for each sample and head: [batch, heads, steps, size].
    const q: Tensor = transpose(mul(this.queryDense.apply(query), 1 / Math.sqrt(this.keyDim)), [0, 2, 1, 3]);
    const k: Tensor = transpose(this.keyDense.apply(key), [0, 2, 1, 3]);
    const v: Tensor = transpose(this.valueDense.apply(value), [0, 2, 1, 3]);
    const scores: Tensor = matmul(q, k, { transposeB: true }); // [batch, heads, T, S]
    const [batch, heads, t, s] = scores.shape;
    const sizes = { batch, heads, t, s, window: this.slidingWindow };
    const { mask, mayBeEmpty } = joinMasks(this.toString(), masks, sizes);
    const shares: Tensor = softmax(mask === null ? scores : where(mask, scores, MASKED));
    const kept: Tensor = mask !== null && mayBeEmpty ? where(mask, shares, 0) : shares;
    const heard: Tensor = transpose(matmul(this.#drop.apply(kept, ctx), v), [0, 2, 1, 3]); // [batch, T, heads, valueDim]
    const gated: Tensor = this.gateDense === null ? heard : mul(heard, sigmoid(this.gateDense.apply(query)));
    return (this.outputDense as AxesDense).apply(gated);
  }

  override computeOutputShape(inputShape: OpenShape): (number | null)[] {
    this.assertInput(inputShape);
    return [...inputShape.slice(0, -1), ...this.#outputSizes(inputShape)];
  }

  override getConfig(): JsonObject {
    return {
      ...super.getConfig(),
      num_heads: this.numHeads,
      key_dim: this.keyDim,
      value_dim: this.valueDim,
      dropout: this.dropout,
      use_bias: this.useBias,
      use_gate: this.useGate,
      output_shape: this.outputShape === null ? null : [...this.outputShape],
      attention_axes: this.attentionAxes === null ? null : [...this.attentionAxes],
      sliding_window: this.slidingWindow,
      kernel_initializer: this.kernelInitializer.config,
      bias_initializer: this.biasInitializer.config,
      seed: this.seed,
    };
  }
}

function listOf(sizes: number | readonly number[] | null | undefined): readonly number[] | null {
  if (sizes === null || sizes === undefined) return null;
  return typeof sizes === "number" ? [sizes] : [...sizes];
}

/** Each step takes from the others what it asks for: self-attention in a list of layers, `attend` for other inputs. */
export function multiHeadAttention<const O extends number | readonly number[] = never>(
  options: MultiHeadAttentionOptions<O>,
): MultiHeadAttention<O> {
  return new MultiHeadAttention(options);
}
