// tested by src/ops/conv.test.ts
// Three ops closed under differentiation: each one's gradients are the other two, so their records stand together.
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { index, load, range, s } from "../ir/expr.ts";
import { type ConvAttrs, inGroup } from "./conv-operands.ts";
import { coveredPlaces, coveringOutputs, windowCounts } from "./window.ts";

/**
 * y[b, i, f] = bias[f] + sum over k, c of x[b, i s + k d - p, c] w[k, c, f] with strides s, dilation d and p places of
 * zeros before: a cross-correlation, as every library's convolution. With groups, filter f sees its group's channels.
 * With dy: dx = convInputGrad(dy, w), dw = convKernelGrad(x, dy), dbias = the sum of dy over all but the filters.
 */
export const convOp: Op<ConvAttrs> = {
  name: "conv",
  kind: "reduce",
  infer: ([x, w], attrs) => {
    const counts = windowCounts(x.shape.slice(1, -1), w.shape.slice(0, -2), attrs);
    return [{ shape: [x.shape[0], ...counts, w.shape[w.shape.length - 1]], dtype: x.dtype }];
  },
  scalar: ([x, w, bias], attrs) => {
    const space = x.shape.slice(1, -1);
    const n = space.length;
    const [channels, filters] = w.shape.slice(n);
    const [i, k] = [space.map((_, axis) => index(1 + axis)), space.map((_, axis) => range(axis))];
    const [c, f] = [range(n), index(n + 1)];
    const { at, inside } = coveredPlaces(space, i, k, attrs);
    const channel = inGroup(attrs.groups, f, filters / attrs.groups, channels, c);
    return {
      body: s.mul(load(0, x.dtype, [index(0), ...at, channel], inside), load(1, w.dtype, [...k, c, f])),
      ranges: w.shape.slice(0, -1),
      combine: "sum",
      ...(bias === undefined ? {} : { initial: load(2, bias.dtype, [f]) }),
    };
  },
  grad: ([dy], { inputs: [x, w, bias], attrs }, o) => {
    const [dx, dw] = [inputGrad(dy, w, x, attrs), kernelGrad(x, dy, w, attrs)];
    return bias === undefined ? [dx, dw] : [dx, dw, o.sum(dy, { axis: dy.shape.slice(1).map((_, axis) => axis) })];
  },
};

type ConvInputGradAttrs = ConvAttrs & { readonly space: readonly number[] };

/**
 * dx[b, j, c] = sum over k, f of dy[b, (j + p - k d) / s, f] w[k, c, f], where s divides: conv's gradient with respect
 * to its input, linear in dy and in w. With G for dx's gradient: ddy = conv(G, w), dw = convKernelGrad(G, dy).
 */
export const convInputGradOp: Op<ConvInputGradAttrs> = {
  name: "convInputGrad",
  kind: "reduce",
  infer: ([dy, w], { space, groups }) => [
    { shape: [dy.shape[0], ...space, w.shape[w.shape.length - 2] * groups], dtype: dy.dtype },
  ],
  scalar: ([dy, w], attrs) => {
    const { space, groups } = attrs;
    const n = space.length;
    const [channels, filters] = w.shape.slice(n);
    const [j, k] = [space.map((_, axis) => index(1 + axis)), space.map((_, axis) => range(axis))];
    const c = index(n + 1);
    const { at, inside } = coveringOutputs(dy.shape.slice(1, -1), j, k, attrs);
    const f = inGroup(groups, c, channels, filters / groups, range(n));
    return {
      body: s.mul(
        load(0, dy.dtype, [index(0), ...at, f], inside),
        load(1, w.dtype, [...k, groups === 1 ? c : s.mod(c, channels), f]),
      ),
      ranges: [...w.shape.slice(0, -2), filters / groups],
      combine: "sum",
    };
  },
  grad: ([g], { inputs: [dy, w], attrs }) => [apply(convOp, [g, w], windowsOf(attrs)), kernelGrad(g, dy, w, attrs)],
};

type ConvKernelGradAttrs = ConvAttrs & { readonly kernel: readonly number[] };

/**
 * dw[k, c, f] = sum over b, i of x[b, i s + k d - p, c] dy[b, i, f]: conv's gradient with respect to its kernel, linear
 * in x and in dy. With G for dw's gradient: dx = convInputGrad(dy, G), ddy = conv(x, G).
 */
export const convKernelGradOp: Op<ConvKernelGradAttrs> = {
  name: "convKernelGrad",
  kind: "reduce",
  infer: ([x, dy], { kernel, groups }) => {
    const last = x.shape.length - 1;
    return [{ shape: [...kernel, x.shape[last] / groups, dy.shape[last]], dtype: x.dtype }];
  },
  scalar: ([x, dy], attrs) => {
    const { kernel, groups } = attrs;
    const n = kernel.length;
    const [channels, filters] = [x.shape[n + 1] / groups, dy.shape[n + 1]];
    const [i, k] = [kernel.map((_, axis) => range(1 + axis)), kernel.map((_, axis) => index(axis))];
    const [c, f] = [index(n), index(n + 1)];
    const { at, inside } = coveredPlaces(x.shape.slice(1, -1), i, k, attrs);
    const channel = inGroup(groups, f, filters / groups, channels, c);
    return {
      body: s.mul(load(0, x.dtype, [range(0), ...at, channel], inside), load(1, dy.dtype, [range(0), ...i, f])),
      ranges: dy.shape.slice(0, -1),
      combine: "sum",
    };
  },
  grad: ([g], { inputs: [x, dy], attrs }) => [inputGrad(dy, g, x, attrs), apply(convOp, [x, g], windowsOf(attrs))],
};

/** What the three share of their attributes. */
function windowsOf({ strides, padding, dilation, groups }: ConvAttrs): ConvAttrs {
  return { strides, padding, dilation, groups };
}

function inputGrad(dy: Tensor, w: Tensor, x: Tensor, attrs: ConvAttrs): Tensor {
  return apply(convInputGradOp, [dy, w], { ...windowsOf(attrs), space: x.shape.slice(1, -1) });
}

function kernelGrad(x: Tensor, dy: Tensor, w: Tensor, attrs: ConvAttrs): Tensor {
  return apply(convKernelGradOp, [x, dy], { ...windowsOf(attrs), kernel: w.shape.slice(0, -2) });
}
