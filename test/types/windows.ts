// What convolutions and windows say about shapes: exact for strides of 1 and 2.
import type { Shape } from "../../src/core/shape-types.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import {
  avgPool,
  conv,
  convInputGrad,
  convKernelGrad,
  maxPool,
  scatterAdd,
  windowArgMax,
  windowSum,
} from "../../src/ops/index.ts";
import { is } from "./assertions.ts";

type F<S extends Shape> = Tensor<S, "float32">;
declare function floats<const S extends Shape>(shape: S): F<{ -readonly [K in keyof S]: S[K] }>;
declare function ints<const S extends Shape>(shape: S): Tensor<{ -readonly [K in keyof S]: S[K] }, "int32">;
declare const batch: F<[number, 28, 28, 1]>;
declare const unknown: Tensor;
declare const stride: number;
const w = floats([3, 3, 1, 16]);

// ---- conv
const valid = conv(batch, w);
is<typeof valid, F<[number, 26, 26, 16]>>(true);
const same = conv(batch, w, { padding: "same" });
is<typeof same, F<[number, 28, 28, 16]>>(true);
const halved = conv(batch, floats([2, 5, 1, 4]), { strides: 2 });
is<typeof halved, F<[number, 14, 12, 4]>>(true);
const mixed = conv(floats([8, 101, 64, 3]), floats([3, 3, 3, 8]), { strides: [2, 1], padding: "same" });
is<typeof mixed, F<[8, 51, 64, 8]>>(true);
const row = conv(floats([2, 1000, 4]), floats([3, 4, 8]), { strides: 2 });
is<typeof row, F<[2, 499, 8]>>(true);
const thirds = conv(batch, w, { strides: 3 });
is<typeof thirds, F<[number, number, number, 16]>>(true);
const dilated = conv(batch, w, { dilation: 2 });
is<typeof dilated, F<[number, number, number, 16]>>(true);
const open = conv(batch, w, { strides: stride });
is<typeof open, F<[number, number, number, 16]>>(true);
const padded = conv(batch, w, { padding: 1 });
is<typeof padded, F<[number, number, number, 16]>>(true);
const exact = conv(floats([1, 3, 3, 1]), w);
is<typeof exact, F<[1, 1, 1, 16]>>(true);
const anything = conv(unknown, w);
is<typeof anything.shape, Tensor["shape"]>(true);
// @ts-expect-error conv: a window of 3 does not fit into 2
conv(floats([1, 2, 5, 1]), w);
// @ts-expect-error (?, 28, 28, 1) and a kernel (3, 1, 16) are of different ranks
conv(batch, floats([3, 1, 16]));

// ---- its gradients
const dx = convInputGrad(floats([8, 26, 26, 16]), w, [28, 28]);
is<typeof dx, F<[8, 28, 28, 1]>>(true);
const dw = convKernelGrad(batch, floats([8, 26, 26, 16]), [3, 3]);
is<typeof dw, F<[3, 3, 1, 16]>>(true);
const grouped = convKernelGrad(floats([8, 6, 6, 4]), floats([8, 6, 6, 8]), [1, 1], { groups: 2 });
is<typeof grouped, F<[1, 1, number, 8]>>(true);

// ---- windows and pools: strides are the window's size unless given
const pooled = maxPool(floats([8, 28, 27, 16]), 2);
is<typeof pooled, F<[8, 14, 13, 16]>>(true);
const overlapping = maxPool(floats([8, 28, 27, 16]), [3, 2], { strides: 1 });
is<typeof overlapping, F<[8, 26, 26, 16]>>(true);
const thirdsOf = avgPool(floats([8, 27, 16]), 3);
is<typeof thirdsOf, F<[8, number, 16]>>(true);
const samePool = avgPool(floats([8, 27, 16]), 2, { padding: "same" });
is<typeof samePool, F<[8, 14, 16]>>(true);
const whole = windowSum(batch, 28);
is<typeof whole, F<[number, 1, 1, 1]>>(true);
const where = windowArgMax(batch, 3);
is<typeof where, Tensor<[number, 26, 26, 1], "int32">>(true);
// @ts-expect-error a window of 29 does not fit into 28
maxPool(batch, 29);
// @ts-expect-error windows need [batch, ...space, channels], got (4,)
windowSum(floats([4]), 2);

// ---- scatterAdd
const rows = scatterAdd(floats([32, 7]), ints([32]), 10);
is<typeof rows, F<[10, 7]>>(true);
const counted = scatterAdd(ints([4, 5]), ints([4, 5]), 3);
is<typeof counted, Tensor<[3], "int32">>(true);
const along = scatterAdd(floats([2, 32]), ints([32]), 10, { axis: 1 });
is<typeof along.shape, Tensor["shape"]>(true);
// @ts-expect-error scatterAdd: indices (31,) do not fit (32, 7)
scatterAdd(floats([32, 7]), ints([31]), 10);
