// What the shape rules say, op by op: exact types, and the arguments that they blame.
import type { DType } from "../../src/core/dtype.ts";
import type { Any, Shape } from "../../src/core/shape-types.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { Broadcast } from "../../src/ops/broadcast.ts";
import {
  add,
  argMax,
  broadcastTo,
  concat,
  expandDims,
  flatten,
  gather,
  iota,
  matmul,
  mul,
  oneHot,
  pad,
  reshape,
  slice,
  squeeze,
  stack,
  sum,
  tensor,
  transpose,
  where,
} from "../../src/ops/index.ts";
import type { MatMul } from "../../src/ops/matmul.ts";
import { is } from "./assertions.ts";

type F<S extends Shape> = Tensor<S, "float32">;
type I<S extends Shape> = Tensor<S, "int32">;
declare function floats<const S extends Shape>(shape: S): F<{ -readonly [K in keyof S]: S[K] }>;
declare const unknown: Tensor;
declare const batch: F<[number, 784]>;
declare const labels: I<[32]>;
declare const n: number;
declare const sizes: number[];
const x = floats([32, 784]);
const cube = floats([2, 3, 4]);

// ---- assignability: known is fine where less is asked, and unknown fits everywhere
const lessKnown: [Tensor, F<[number, 784]>, Tensor<Shape, "float32">, Tensor<readonly [number, number]>] = [x, x, x, x];
void lessKnown;
const fromUnknown: F<[32, 784]> = unknown;
void fromUnknown;
// @ts-expect-error an open batch is no promise of 32
const promised: F<[32, 784]> = batch;
void promised;

// ---- Broadcast
const sums = add(x, floats([784]));
is<typeof sums, F<[32, 784]>>(true);
const column = x.add(floats([32, 1]));
is<typeof column, F<[32, 784]>>(true);
const shifted = x.add(1);
is<typeof shifted, F<[32, 784]>>(true);
const open = add(batch, floats([32, 784]));
is<typeof open, F<[32, 784]>>(true);
const outer = floats([4, 1, 3]).sub(floats([5, 1]));
is<typeof outer, F<[4, 5, 3]>>(true);
const compared = x.less(0);
is<typeof compared, Tensor<[32, 784], "bool">>(true);
const anything = mul(unknown, x);
is<typeof anything, Tensor<Any, Any>>(true);
// @ts-expect-error 3 against 4
add(floats([2, 3]), floats([2, 4]));
// @ts-expect-error a (5,) vector is not a (5, 1) column
floats([5]).mul(floats([5, 3]));
// @ts-expect-error the second side of `where`
where(compared, x, floats([783]));
const chosen = where(compared, x, floats([784]));
is<typeof chosen, F<[32, 784]>>(true);
const wide = broadcastTo(floats([784]), [32, 784]);
is<typeof wide, F<[32, 784]>>(true);
// @ts-expect-error 784 does not stretch to 10
x.broadcastTo([32, 10]);
// The message names both shapes.
is<Broadcast<[3], [4]>, "shapes (3,) and (4,) do not broadcast">(true);
is<Broadcast<[5, 3], [5]>, "shapes (5, 3) and (5,) do not broadcast: a (5,) vector is not a (5, 1) column">(true);

// ---- dtypes
const mixed = labels.add(floats([32]));
is<typeof mixed, F<[32]>>(true);
const counted = x.greater(0).sum({ axis: 1 });
is<typeof counted, I<[32]>>(true);
const ratio = labels.div(labels);
is<typeof ratio, Tensor<[32], Any>>(true); // floatx: only the run knows
const doubled = x.cast("float64").add(x);
is<typeof doubled, Tensor<[32, 784], "float64">>(true);

// ---- MatMul
const product = matmul(x, floats([784, 10]));
is<typeof product, F<[32, 10]>>(true);
const openProduct = batch.matmul(floats([784, 10]));
is<typeof openProduct, F<[number, 10]>>(true);
const stacked = floats([8, 2, 3]).matmul(floats([3, 4]));
is<typeof stacked, F<[8, 2, 4]>>(true);
const both = floats([5, 1, 2, 3]).matmul(floats([4, 3, 6]));
is<typeof both, F<[5, 4, 2, 6]>>(true);
const inner = floats([3]).matmul(floats([3]));
is<typeof inner, F<[]>>(true);
const vector = x.matmul(floats([784]));
is<typeof vector, F<[32]>>(true);
const gram = x.matmul(x, { transposeB: true });
is<typeof gram, F<[32, 32]>>(true);
const weights = matmul(x, floats([32, 10]), { transposeA: true, bias: floats([10]) });
is<typeof weights, F<[784, 10]>>(true);
const unknownProduct = unknown.matmul(x);
is<typeof unknownProduct, Tensor<Any, Any>>(true);
// @ts-expect-error inner sizes differ
matmul(x, floats([785, 10]));
// @ts-expect-error inner sizes differ
x.matmul(x);
// @ts-expect-error inner sizes differ, transposed
x.matmul(x, { transposeA: true, transposeB: true });
// @ts-expect-error stacks that do not broadcast
matmul(floats([2, 3, 4]), floats([3, 4, 5]));
// @ts-expect-error a scalar
matmul(x, floats([]));

is<MatMul<[2, 3], [4, 5]>, "matmul: inner sizes differ, 3 and 4: (2, 3) x (4, 5)">(true);

// ---- Reduce
const total = x.sum();
is<typeof total, F<[]>>(true);
const byColumn = sum(x, { axis: 0 });
is<typeof byColumn, F<[784]>>(true);
const kept = x.mean({ axis: -1, keepDims: true });
is<typeof kept, F<[32, 1]>>(true);
const middle = cube.max({ axis: [0, -1] });
is<typeof middle, F<[3]>>(true);
const allKept = cube.min({ keepDims: true });
is<typeof allKept, F<[1, 1, 1]>>(true);
const none = cube.sum({ axis: [] });
is<typeof none, F<[2, 3, 4]>>(true);
const someAxis = x.sum({ axis: n });
is<typeof someAxis, F<Any>>(true);
const maybeKept = x.sum({ axis: 0, keepDims: n > 1 });
is<typeof maybeKept, F<Any>>(true);
const guesses = argMax(x, { axis: 1 });
is<typeof guesses, I<[32]>>(true);
const flags = x.greater(0).any({ axis: 0 });
is<typeof flags, Tensor<[784], "bool">>(true);
const spread = cube.std({ axis: 1, ddof: 1 });
is<typeof spread, F<[2, 4]>>(true);
// @ts-expect-error axis 2 of rank 2
x.sum({ axis: 2 });
// @ts-expect-error axis -4 of rank 3
cube.logSumExp({ axis: [0, -4] });
// @ts-expect-error axis 2 of rank 2
argMax(x, { axis: 2 });

// ---- Reshape
const pictures = x.reshape([32, 28, 28]);
is<typeof pictures, F<[32, 28, 28]>>(true);
const guessed = reshape(x, [-1, 28, 28]);
is<typeof guessed, F<[number, 28, 28]>>(true);
const openPictures = batch.reshape([-1, 28, 28, 1]);
is<typeof openPictures, F<[number, 28, 28, 1]>>(true);
const anyShape = x.reshape(sizes);
is<typeof anyShape, F<Any>>(true);
const flat = flatten(pictures);
is<typeof flat, F<[25088]>>(true);
// @ts-expect-error 25088 values do not fill (32, 28, 29)
x.reshape([32, 28, 29]);

// ---- Transpose, expandDims, squeeze, slice, pad
const backwards = cube.transpose();
is<typeof backwards, F<[4, 3, 2]>>(true);
const swapped = transpose(cube, [0, -1, 1]);
is<typeof swapped, F<[2, 4, 3]>>(true);
// @ts-expect-error two axes of three
cube.transpose([0, 1]);
// @ts-expect-error no axis 3
cube.transpose([0, 1, 3]);
const asColumn = expandDims(labels, { axis: -1 });
is<typeof asColumn, I<[32, 1]>>(true);
const inFront = cube.expandDims({ axis: 0 });
is<typeof inFront, F<[1, 2, 3, 4]>>(true);
// @ts-expect-error rank 3 has places 0 to 3 for a new axis
cube.expandDims({ axis: 4 });
const narrow = squeeze(floats([1, 3, 1]));
is<typeof narrow, F<[3]>>(true);
const narrower = floats([1, 3, 1]).squeeze({ axis: 0 });
is<typeof narrower, F<[3, 1]>>(true);
const row = x.slice(0);
is<typeof row, F<[784]>>(true);
const part = slice(cube, [0, 1], null, -1);
is<typeof part, F<[number, 3]>>(true);
const dots = cube.slice("...", 0);
is<typeof dots, F<Any>>(true);
// @ts-expect-error four indices of three axes
cube.slice(0, 0, 0, 0);
// @ts-expect-error a position, a range, null or "..."
cube.slice("0:2");
const bordered = pad(cube, [1, 1]);
is<typeof bordered, F<[number, number, number]>>(true);

// ---- Concat, stack, gather, oneHot, iota
const longer = concat([floats([2, 3]), floats([5, 3])]);
is<typeof longer, F<[7, 3]>>(true);
const wider = concat([floats([2, 3]), floats([2, 4]), floats([2, 5])], { axis: -1 });
is<typeof wider, F<[2, 12]>>(true);
const listed = concat([x, x] as Tensor[]);
is<typeof listed, Tensor<Any, Any>>(true);
const pile = stack([labels, labels, labels], { axis: 1 });
is<typeof pile, I<[32, 3]>>(true);
// @ts-expect-error other sizes differ
concat([floats([2, 3]), floats([5, 4])]);
// @ts-expect-error no axis 2
concat([floats([2, 3]), floats([2, 3])], { axis: 2 });
// @ts-expect-error shapes differ
stack([floats([2, 3]), floats([3, 2])]);
const rows = gather(floats([1000, 64]), labels);
is<typeof rows, F<[32, 64]>>(true);
const columns = floats([8, 100]).gather(pile, { axis: 1 });
is<typeof columns, F<[8, 32, 3]>>(true);
// @ts-expect-error indices are int32
gather(x, x);
// @ts-expect-error no axis 2
gather(x, labels, { axis: 2 });
const hot = oneHot(labels, 10, { dtype: "float32" });
is<typeof hot, F<[32, 10]>>(true);
// @ts-expect-error labels are int32
oneHot(x, 10);
const counts = iota(7);
is<typeof counts, I<[7]>>(true);

// ---- gradual code
const narrowed = unknown.expectShape([null, 784]);
is<typeof narrowed, Tensor<[number, 784], Any>>(true);
const union = n > 1 ? floats([2, 3]) : floats([4, 3]);
const unionRelu = union.relu();
is<typeof unionRelu, F<[2, 3] | [4, 3]>>(true);
const unionSum = union.add(floats([3]));
is<typeof unionSum, F<[2, 3] | [4, 3]>>(true);
function head<B extends number>(a: F<[B, 784]>, w: F<[784, 10]>, b: F<[10]>): F<[B, 10]> {
  const known: Tensor = a; // sizes are no names: inside, the shape is checked when it runs
  return known.matmul(w).add(b);
}
const logits = head(x, floats([784, 10]), floats([10]));
is<typeof logits, F<[32, 10]>>(true);
function residual<S extends Shape, D extends DType>(a: Tensor<S, D>): Tensor<S, D> {
  return a.stopGradient();
}
const same = residual(labels);
is<typeof same, I<[32]>>(true);
function squaredError(a: Tensor, b: Tensor): Tensor {
  return a.sub(b).square().mean({ axis: -1 }).sum();
}
squaredError(x, batch);
let state: Tensor = floats([3]);
for (let i = 0; i < 3; i++) state = state.add(floats([3])).relu();
let history = floats([1]);
// @ts-expect-error another shape: declare `let history: Tensor`
history = concat([history, floats([1])]);
const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
is<(typeof matrix)["~shape"], [2, 3]>(true);
