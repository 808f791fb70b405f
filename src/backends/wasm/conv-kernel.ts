import { BYTES, type DType, isFloat } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Node } from "../../graph/node.ts";
import type { ModuleBuilder } from "./assembler/module-builder.ts";
import { type ConvEnd, convFollowers, endOf, pair } from "./conv-ending.ts";
import type { Argument } from "./emit-loops.ts";
import type { HandMade } from "./hand-made.ts";
import { type KernelProfile, makeTile, productCost } from "./kernel-profile.ts";
import {
  addConvKernels,
  addPooledConv,
  type ConvOp,
  convArguments,
  convKernelName,
  convScratchBytes,
  poolEndings,
  pooledConvName,
} from "./kernels/conv.ts";
import { inputProductParameters } from "./kernels/conv-input-product.ts";
import { kernelProductParameters } from "./kernels/conv-kernel-product.ts";
import { productParameters } from "./kernels/conv-product.ts";
import type { ConvShape } from "./kernels/conv-shape.ts";
import { convTile } from "./kernels/conv-tile.ts";
import type { FloatDType } from "./kernels/lane-type.ts";
import type { Tile } from "./kernels/matmul-tile.ts";
import { type Division, EVERYTHING, moved } from "./threads/division.ts";

function parametersOf(op: ConvOp, { pool }: ConvEnd): readonly string[] {
  if (op === "convInputGrad") return inputProductParameters;
  if (op === "convKernelGrad") return kernelProductParameters;
  return productParameters(pool === undefined ? "store" : pool.record ? "record" : "pool");
}

/** One of the three ops of a convolution, over one or two space axes, by the kernels of kernels/conv.ts. */
function convKernel(op: ConvOp, end: ConvEnd = {}): HandMade {
  const shape = (node: Node): ConvShape => ({ ...shapeOf(op, node), ...end });
  return {
    modules: {
      conv_f32: (module, profile) => addConvKernels(module, makeTile(profile, "float32")),
      conv_f64: (module, profile) => addConvKernels(module, makeTile(profile, "float64")),
      ...pooledModules,
    },
    accepts: ({ inputs: [a, b], outputs: [y] }) =>
      isFloat(y.dtype as DType) && a.shape.length <= 4 && [a, b, y].every(({ size }) => size > 0),
    exportName: (node, profile) =>
      end.pool === undefined
        ? convKernelName(op, node.outputs[0].dtype as FloatDType)
        : pooledConvName(shape(node), tileOf(node, profile)),
    params: parametersOf(op, end).map(() => "i32"),
    scratchBytes: (node, profile) => convScratchBytes(op, shape(node), tileOf(node, profile)),
    args(node, [a, b, bias], [result, record], scratch, profile) {
      const operands: Argument[] = op === "conv" ? [a, b, bias ?? 0] : [a, b];
      if (end.pool?.record) operands.unshift(record);
      return convArguments<Argument>(op, shape(node), { operands, result, scratch }, tileOf(node, profile));
    },
    divide: (node, profile) => [divideConv(op, shape(node), parametersOf(op, end), node, profile)],
  };
}

const pooledModules: HandMade["modules"] = Object.fromEntries(
  poolEndings().map(({ name, ending, rows }) => [
    name,
    (module: ModuleBuilder, profile: KernelProfile) =>
      addPooledConv(module, makeTile(profile, "float32"), ending, rows),
  ]),
);

/**
 * A gathered or scattered product is parted by images, a sum over images by panels of filters: the kernels take both so.
 * Fewer images than panels of filters are parted by those: each part packs the kernel's columns that it takes.
 */
function divideConv(
  op: ConvOp,
  s: ConvShape,
  parameters: readonly string[],
  node: Node,
  profile: KernelProfile,
): Division {
  const { lane, vectors } = convTile(tileOf(node, profile));
  const [from, count, scratch] = ["from", "count", "scratch"].map((name) => parameters.indexOf(name));
  const filters = s.filters / s.groups;
  const products = s.images * sizeOf(s.counts) * sizeOf(s.kernel) * s.channels * filters;
  const width = vectors * lane.lanes;
  const panels = Math.ceil(filters / width);
  const byFilters = op === "conv" && s.groups === 1 && s.images < panels;
  return {
    cost: products * productCost(profile, s.dtype),
    units: op === "convKernelGrad" || byFilters ? panels : s.images,
    step: 1,
    scratch: [scratch],
    cuts: cutsOf(op, s, node.inputs, byFilters),
    part(args, begin, end) {
      const own = [...args];
      if (byFilters) {
        for (const name of ["w", "bias", "y", "record"]) {
          const at = parameters.indexOf(name);
          // A bias of 0 is none.
          if (at >= 0 && own[at] !== 0) own[at] = moved(args[at], begin * width * lane.bytes);
        }
        own[parameters.indexOf("columns")] = Math.min(end * width, filters) - begin * width;
        return own;
      }
      own[from] = begin;
      own[count] = end - begin;
      return own;
    },
  };
}

/** Images lie one after the other; filters are the columns of w, y and dw. */
function cutsOf(op: ConvOp, s: ConvShape, inputs: Node["inputs"], byFilters: boolean): Division["cuts"] {
  const columns = s.filters * BYTES[s.dtype];
  if (op === "convKernelGrad") return { inputs: [EVERYTHING, columns], outputs: [columns] };
  const [first] = inputs;
  const images = first.size * BYTES[first.dtype as DType];
  if (op === "convInputGrad") {
    return { inputs: [images, EVERYTHING], outputs: [s.images * sizeOf(s.space) * s.channels * BYTES[s.dtype]] };
  }
  // The places of maxima are as many bytes as the maxima.
  const results = byFilters ? columns : s.images * sizeOf(s.pool?.counts ?? s.counts) * columns;
  const [x, w] = byFilters ? [EVERYTHING, columns] : [images, EVERYTHING];
  return { inputs: [x, w, w].slice(0, inputs.length), outputs: s.pool?.record ? [results, results] : [results] };
}

function tileOf(node: Node, profile: KernelProfile): Tile {
  return makeTile(profile, node.outputs[0].dtype as FloatDType);
}

export const convKernels: Readonly<Record<ConvOp, HandMade>> = {
  conv: {
    ...convKernel("conv"),
    ending: { followersOf: convFollowers, with: (followers) => convKernel("conv", endOf(followers)) },
  },
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
