import { BYTES, type DType, isFloat } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Node } from "../../graph/node.ts";
import type { Argument } from "./emit-loops.ts";
import type { HandMade } from "./hand-made.ts";
import { type KernelProfile, makeTile, productCost } from "./kernel-profile.ts";
import { addConvKernels, type ConvOp, convArguments, convKernelName, convScratchBytes } from "./kernels/conv.ts";
import { inputProductParameters } from "./kernels/conv-input-product.ts";
import { kernelProductParameters } from "./kernels/conv-kernel-product.ts";
import { productParameters } from "./kernels/conv-product.ts";
import type { ConvShape } from "./kernels/conv-shape.ts";
import type { FloatDType } from "./kernels/lane-type.ts";
import type { Tile } from "./kernels/matmul-tile.ts";
import { type Division, EVERYTHING } from "./threads/division.ts";

const PARAMETERS: Readonly<Record<ConvOp, readonly string[]>> = {
  conv: productParameters,
  convInputGrad: inputProductParameters,
  convKernelGrad: kernelProductParameters,
};

/** One of the three ops of a convolution, over one or two space axes, by the kernels of kernels/conv.ts. */
function convKernel(op: ConvOp): HandMade {
  return {
    modules: {
      conv_f32: (module, profile) => addConvKernels(module, makeTile(profile, "float32")),
      conv_f64: (module, profile) => addConvKernels(module, makeTile(profile, "float64")),
    },
    accepts: ({ inputs: [a, b], outputs: [y] }) =>
      isFloat(y.dtype as DType) && a.shape.length <= 4 && [a, b, y].every(({ size }) => size > 0),
    exportName: (node) => convKernelName(op, node.outputs[0].dtype as FloatDType),
    params: PARAMETERS[op].map(() => "i32"),
    scratchBytes: (node, profile) => convScratchBytes(op, shapeOf(op, node), tileOf(node, profile)),
    args(node, [a, b, bias], [result], scratch, profile) {
      const operands: Argument[] = op === "conv" ? [a, b, bias ?? 0] : [a, b];
      return convArguments<Argument>(op, shapeOf(op, node), { operands, result, scratch }, tileOf(node, profile));
    },
    divide: (node, profile) => [divideConv(op, node, profile)],
  };
}

/** A gathered or scattered product is parted by images, a sum over images by panels of filters: the kernels take both so. */
function divideConv(op: ConvOp, node: Node, profile: KernelProfile): Division {
  const s = shapeOf(op, node);
  const { lane, vectors } = tileOf(node, profile);
  const [from, count, scratch] = ["from", "count", "scratch"].map((name) => PARAMETERS[op].indexOf(name));
  const filters = s.filters / s.groups;
  const products = s.images * sizeOf(s.counts) * sizeOf(s.kernel) * s.channels * filters;
  return {
    cost: products * productCost(profile, s.dtype),
    units: op === "convKernelGrad" ? Math.ceil(filters / (vectors * lane.lanes)) : s.images,
    step: 1,
    scratch: [scratch],
    cuts: cutsOf(op, node, s.filters * lane.bytes),
    part(args, begin, end) {
      const own = [...args];
      own[from] = begin;
      own[count] = end - begin;
      return own;
    },
  };
}

/** Images lie one after the other; filters are the columns of dy and dw. */
function cutsOf(op: ConvOp, { inputs, outputs: [result] }: Node, columns: number): Division["cuts"] {
  const [first] = inputs;
  if (op === "convKernelGrad") return { inputs: [EVERYTHING, columns], outputs: [columns] };
  const bytes = ({ size, dtype }: typeof first) => size * BYTES[dtype as DType];
  return { inputs: [bytes(first), EVERYTHING, EVERYTHING].slice(0, inputs.length), outputs: [bytes(result)] };
}

function tileOf(node: Node, profile: KernelProfile): Tile {
  return makeTile(profile, node.outputs[0].dtype as FloatDType);
}

export const convKernels: Readonly<Record<ConvOp, HandMade>> = {
  conv: convKernel("conv"),
  convInputGrad: convKernel("convInputGrad"),
  convKernelGrad: convKernel("convKernelGrad"),
};

type Windows = Record<"strides" | "dilation", readonly number[]> & { padding: readonly (readonly [number, number])[] };

function shapeOf(op: ConvOp, { inputs: [first, second], outputs: [result], attrs }: Node): ConvShape {
  const [x, w, y] =
    op === "conv"
      ? [first, second, result]
      : op === "convInputGrad"
        ? [result, second, first]
        : [first, result, second];
  const { strides, dilation, padding } = attrs as unknown as Windows;
  const pair = (axes: readonly number[], missing: number) =>
    (axes.length === 1 ? [missing, axes[0]] : [axes[0], axes[1]]) as [number, number];
  const last = x.shape.length - 1;
  return {
    dtype: result.dtype as FloatDType,
    images: x.shape[0],
    space: pair(x.shape.slice(1, -1), 1),
    counts: pair(y.shape.slice(1, -1), 1),
    kernel: pair(w.shape.slice(0, -2), 1),
    channels: x.shape[last],
    filters: y.shape[last],
    groups: Number(attrs["groups"]),
    strides: pair(strides, 1),
    dilation: pair(dilation, 1),
    before: pair(
      padding.map(([before]) => before),
      0,
    ),
  };
}
