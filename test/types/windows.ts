// What convolutions and windows say about shapes: exact for strides of 1 and 2.
import type { Shape } from "../../src/core/shape-types.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { conv, convInputGrad, convKernelGrad } from "../../src/ops/index.ts";
import { is } from "./assertions.ts";

type F<S extends Shape> = Tensor<S, "float32">;
declare function floats<const S extends Shape>(shape: S): F<{ -readonly [K in keyof S]: S[K] }>;
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
