// instantiations: 80000
// A program of 300 lines of ops with known shapes, as a user writes them: what its types cost the compiler.
import type { Tensor } from "../../src/graph/tensor.ts";
import { add, concat, exp, gather, matmul, oneHot, stack, tensor, where, zeros } from "../../src/ops/index.ts";

declare const ids: Tensor<[32, 50], "int32">;
declare const labels: Tensor<[32], "int32">;
declare const unknown: Tensor;

const w0 = zeros([96, 20]);
const x0 = zeros([32, 96]);
const y0 = matmul(x0, w0)
  .add(zeros([20]))
  .relu();
export const z0: Tensor<[32, 20]> = y0.sub(y0.mean({ axis: -1, keepDims: true }));
const e1 = gather(zeros([10, 512]), ids);
const q1 = e1.reshape([32, 50, 2, 256]).transpose([0, 2, 1, 3]);
const s1 = q1.matmul(q1, { transposeB: true }).mul(0.002).softmax();
const o1 = s1.matmul(q1).transpose([0, 2, 1, 3]).reshape([32, 50, 512]);
export const r1: Tensor<[32, 50, 512]> = o1.add(e1);
const m2 = zeros([256, 10]).sum({ axis: 0 });
const v2 = zeros([256, 10]).variance({ axis: 0, keepDims: true });
export const u2: Tensor<[256, 10]> = zeros([256, 10]).sub(m2).div(v2.add(1e-5).sqrt());
const p3 = zeros([32, 10]).logSoftmax();
const t3 = oneHot(labels, 10);
export const l3: Tensor<[]> = p3.mul(t3).sum({ axis: 1 }).neg().mean();
const c4 = concat([zeros([2, 48]), zeros([2, 10])], { axis: 1 });
export const f4: Tensor<[2, 58]> = c4.tanh().mul(c4);
const i5 = zeros([2, 28, 28, 128]);
const g5 = i5.reshape([2, 100352]);
export const j5: Tensor<[2, 300]> = g5.matmul(zeros([100352, 300]));
const a6 = zeros([48, 1]).sub(zeros([10]));
const k6 = a6.abs().less(0.5);
export const b6: Tensor<[48, 10]> = where(k6, a6.square(), exp(a6));
const st7 = stack([zeros([128]), zeros([128]), zeros([128])]);
export const sl7: Tensor<[128]> = st7.slice(1).add(st7.slice(-1));
export const am7: Tensor<[3], "int32"> = st7.argMax({ axis: 1 });
const un8 = unknown
  .matmul(zeros([24, 20]))
  .relu()
  .sum({ axis: -1 });
const ad8 = add(un8, unknown).maximum(0).pow(8);
void ad8;
const mt9 = tensor([
  [1, 2, 2],
  [4, 5, 6],
]);
export const mm9: Tensor<[2, 2]> = mt9.matmul(mt9.transpose());
const nn9 = mm9.expandDims({ axis: 0 }).broadcastTo([1000, 2, 2]);
export const oo9: Tensor<[1000]> = nn9.sum({ axis: [1, 2] });
const w10 = zeros([384, 1000]);
const x10 = zeros([32, 384]);
const y10 = matmul(x10, w10)
  .add(zeros([1000]))
  .relu();
export const z10: Tensor<[32, 1000]> = y10.sub(y10.mean({ axis: -1, keepDims: true }));
const e11 = gather(zeros([20, 16]), ids);
const q11 = e11.reshape([32, 50, 2, 8]).transpose([0, 2, 1, 3]);
const s11 = q11.matmul(q11, { transposeB: true }).mul(0.0625).softmax();
const o11 = s11.matmul(q11).transpose([0, 2, 1, 3]).reshape([32, 50, 16]);
export const r11: Tensor<[32, 50, 16]> = o11.add(e11);
const m12 = zeros([256, 20]).sum({ axis: 0 });
const v12 = zeros([256, 20]).variance({ axis: 0, keepDims: true });
export const u12: Tensor<[256, 20]> = zeros([256, 20]).sub(m12).div(v12.add(1e-5).sqrt());
const p13 = zeros([32, 20]).logSoftmax();
const t13 = oneHot(labels, 20);
export const l13: Tensor<[]> = p13.mul(t13).sum({ axis: 1 }).neg().mean();
const c14 = concat([zeros([4, 24]), zeros([4, 1000])], { axis: 1 });
export const f14: Tensor<[4, 1024]> = c14.tanh().mul(c14);
const i15 = zeros([2, 28, 28, 256]);
const g15 = i15.reshape([2, 200704]);
export const j15: Tensor<[2, 20]> = g15.matmul(zeros([200704, 20]));
const a16 = zeros([384, 1]).sub(zeros([1000]));
const k16 = a16.abs().less(0.5);
export const b16: Tensor<[384, 1000]> = where(k16, a16.square(), exp(a16));
const st17 = stack([zeros([48]), zeros([48]), zeros([48])]);
export const sl17: Tensor<[48]> = st17.slice(1).add(st17.slice(-1));
export const am17: Tensor<[3], "int32"> = st17.argMax({ axis: 1 });
const un18 = unknown
  .matmul(zeros([256, 10]))
  .relu()
  .sum({ axis: -1 });
const ad18 = add(un18, unknown).maximum(0).pow(8);
void ad18;
const mt19 = tensor([
  [1, 2, 2],
  [4, 5, 6],
]);
export const mm19: Tensor<[2, 2]> = mt19.matmul(mt19.transpose());
const nn19 = mm19.expandDims({ axis: 0 }).broadcastTo([1000, 2, 2]);
export const oo19: Tensor<[1000]> = nn19.sum({ axis: [1, 2] });
const w20 = zeros([192, 1000]);
const x20 = zeros([32, 192]);
const y20 = matmul(x20, w20)
  .add(zeros([1000]))
  .relu();
export const z20: Tensor<[32, 1000]> = y20.sub(y20.mean({ axis: -1, keepDims: true }));
const e21 = gather(zeros([300, 96]), ids);
const q21 = e21.reshape([32, 50, 8, 12]).transpose([0, 2, 1, 3]);
const s21 = q21.matmul(q21, { transposeB: true }).mul(0.0104).softmax();
const o21 = s21.matmul(q21).transpose([0, 2, 1, 3]).reshape([32, 50, 96]);
export const r21: Tensor<[32, 50, 96]> = o21.add(e21);
const m22 = zeros([192, 100]).sum({ axis: 0 });
const v22 = zeros([192, 100]).variance({ axis: 0, keepDims: true });
export const u22: Tensor<[192, 100]> = zeros([192, 100]).sub(m22).div(v22.add(1e-5).sqrt());
const p23 = zeros([32, 20]).logSoftmax();
const t23 = oneHot(labels, 20);
export const l23: Tensor<[]> = p23.mul(t23).sum({ axis: 1 }).neg().mean();
const c24 = concat([zeros([8, 48]), zeros([8, 10])], { axis: 1 });
export const f24: Tensor<[8, 58]> = c24.tanh().mul(c24);
const i25 = zeros([4, 28, 28, 64]);
const g25 = i25.reshape([4, 50176]);
export const j25: Tensor<[4, 1000]> = g25.matmul(zeros([50176, 1000]));
const a26 = zeros([96, 1]).sub(zeros([300]));
const k26 = a26.abs().less(0.5);
export const b26: Tensor<[96, 300]> = where(k26, a26.square(), exp(a26));
const st27 = stack([zeros([384]), zeros([384]), zeros([384])]);
export const sl27: Tensor<[384]> = st27.slice(1).add(st27.slice(-1));
export const am27: Tensor<[3], "int32"> = st27.argMax({ axis: 1 });
const un28 = unknown
  .matmul(zeros([256, 300]))
  .relu()
  .sum({ axis: -1 });
const ad28 = add(un28, unknown).maximum(0).pow(2);
void ad28;
const mt29 = tensor([
  [1, 2, 4],
  [4, 5, 6],
]);
export const mm29: Tensor<[2, 2]> = mt29.matmul(mt29.transpose());
const nn29 = mm29.expandDims({ axis: 0 }).broadcastTo([20, 2, 2]);
export const oo29: Tensor<[20]> = nn29.sum({ axis: [1, 2] });
const w30 = zeros([128, 10]);
const x30 = zeros([32, 128]);
const y30 = matmul(x30, w30)
  .add(zeros([10]))
  .relu();
export const z30: Tensor<[32, 10]> = y30.sub(y30.mean({ axis: -1, keepDims: true }));
const e31 = gather(zeros([1000, 24]), ids);
const q31 = e31.reshape([32, 50, 8, 3]).transpose([0, 2, 1, 3]);
const s31 = q31.matmul(q31, { transposeB: true }).mul(0.0417).softmax();
const o31 = s31.matmul(q31).transpose([0, 2, 1, 3]).reshape([32, 50, 24]);
export const r31: Tensor<[32, 50, 24]> = o31.add(e31);
const m32 = zeros([96, 100]).sum({ axis: 0 });
const v32 = zeros([96, 100]).variance({ axis: 0, keepDims: true });
export const u32: Tensor<[96, 100]> = zeros([96, 100]).sub(m32).div(v32.add(1e-5).sqrt());
const p33 = zeros([32, 1000]).logSoftmax();
const t33 = oneHot(labels, 1000);
export const l33: Tensor<[]> = p33.mul(t33).sum({ axis: 1 }).neg().mean();
const c34 = concat([zeros([2, 384]), zeros([2, 300])], { axis: 1 });
export const f34: Tensor<[2, 684]> = c34.tanh().mul(c34);
const i35 = zeros([4, 28, 28, 24]);
const g35 = i35.reshape([4, 18816]);
export const j35: Tensor<[4, 100]> = g35.matmul(zeros([18816, 100]));
const a36 = zeros([768, 1]).sub(zeros([10]));
const k36 = a36.abs().less(0.5);
export const b36: Tensor<[768, 10]> = where(k36, a36.square(), exp(a36));
const st37 = stack([zeros([768]), zeros([768]), zeros([768])]);
export const sl37: Tensor<[768]> = st37.slice(1).add(st37.slice(-1));
export const am37: Tensor<[3], "int32"> = st37.argMax({ axis: 1 });
const un38 = unknown
  .matmul(zeros([384, 300]))
  .relu()
  .sum({ axis: -1 });
const ad38 = add(un38, unknown).maximum(0).pow(4);
void ad38;
const mt39 = tensor([
  [1, 2, 8],
  [4, 5, 6],
]);
export const mm39: Tensor<[2, 2]> = mt39.matmul(mt39.transpose());
const nn39 = mm39.expandDims({ axis: 0 }).broadcastTo([300, 2, 2]);
export const oo39: Tensor<[300]> = nn39.sum({ axis: [1, 2] });
const w40 = zeros([96, 10]);
const x40 = zeros([32, 96]);
const y40 = matmul(x40, w40)
  .add(zeros([10]))
  .relu();
export const z40: Tensor<[32, 10]> = y40.sub(y40.mean({ axis: -1, keepDims: true }));
const e41 = gather(zeros([20, 96]), ids);
const q41 = e41.reshape([32, 50, 8, 12]).transpose([0, 2, 1, 3]);
const s41 = q41.matmul(q41, { transposeB: true }).mul(0.0104).softmax();
const o41 = s41.matmul(q41).transpose([0, 2, 1, 3]).reshape([32, 50, 96]);
export const r41: Tensor<[32, 50, 96]> = o41.add(e41);
const m42 = zeros([24, 300]).sum({ axis: 0 });
const v42 = zeros([24, 300]).variance({ axis: 0, keepDims: true });
export const u42: Tensor<[24, 300]> = zeros([24, 300]).sub(m42).div(v42.add(1e-5).sqrt());
const p43 = zeros([32, 100]).logSoftmax();
const t43 = oneHot(labels, 100);
export const l43: Tensor<[]> = p43.mul(t43).sum({ axis: 1 }).neg().mean();
const c44 = concat([zeros([4, 768]), zeros([4, 20])], { axis: 1 });
export const f44: Tensor<[4, 788]> = c44.tanh().mul(c44);
const i45 = zeros([2, 28, 28, 128]);
const g45 = i45.reshape([2, 100352]);
export const j45: Tensor<[2, 300]> = g45.matmul(zeros([100352, 300]));
const a46 = zeros([32, 1]).sub(zeros([300]));
const k46 = a46.abs().less(0.5);
export const b46: Tensor<[32, 300]> = where(k46, a46.square(), exp(a46));
const st47 = stack([zeros([256]), zeros([256]), zeros([256])]);
export const sl47: Tensor<[256]> = st47.slice(1).add(st47.slice(-1));
export const am47: Tensor<[3], "int32"> = st47.argMax({ axis: 1 });
const un48 = unknown
  .matmul(zeros([128, 1000]))
  .relu()
  .sum({ axis: -1 });
const ad48 = add(un48, unknown).maximum(0).pow(4);
void ad48;
const mt49 = tensor([
  [1, 2, 4],
  [4, 5, 6],
]);
export const mm49: Tensor<[2, 2]> = mt49.matmul(mt49.transpose());
const nn49 = mm49.expandDims({ axis: 0 }).broadcastTo([300, 2, 2]);
export const oo49: Tensor<[300]> = nn49.sum({ axis: [1, 2] });
const w50 = zeros([512, 300]);
const x50 = zeros([32, 512]);
const y50 = matmul(x50, w50)
  .add(zeros([300]))
  .relu();
export const z50: Tensor<[32, 300]> = y50.sub(y50.mean({ axis: -1, keepDims: true }));
const e51 = gather(zeros([10, 32]), ids);
const q51 = e51.reshape([32, 50, 2, 16]).transpose([0, 2, 1, 3]);
const s51 = q51.matmul(q51, { transposeB: true }).mul(0.0312).softmax();
const o51 = s51.matmul(q51).transpose([0, 2, 1, 3]).reshape([32, 50, 32]);
export const r51: Tensor<[32, 50, 32]> = o51.add(e51);
const m52 = zeros([32, 20]).sum({ axis: 0 });
const v52 = zeros([32, 20]).variance({ axis: 0, keepDims: true });
export const u52: Tensor<[32, 20]> = zeros([32, 20]).sub(m52).div(v52.add(1e-5).sqrt());
const p53 = zeros([32, 10]).logSoftmax();
const t53 = oneHot(labels, 10);
export const l53: Tensor<[]> = p53.mul(t53).sum({ axis: 1 }).neg().mean();
const c54 = concat([zeros([4, 384]), zeros([4, 20])], { axis: 1 });
export const f54: Tensor<[4, 404]> = c54.tanh().mul(c54);
const i55 = zeros([2, 28, 28, 64]);
const g55 = i55.reshape([2, 50176]);
export const j55: Tensor<[2, 10]> = g55.matmul(zeros([50176, 10]));
const a56 = zeros([128, 1]).sub(zeros([1000]));
const k56 = a56.abs().less(0.5);
export const b56: Tensor<[128, 1000]> = where(k56, a56.square(), exp(a56));
const st57 = stack([zeros([384]), zeros([384]), zeros([384])]);
export const sl57: Tensor<[384]> = st57.slice(1).add(st57.slice(-1));
export const am57: Tensor<[3], "int32"> = st57.argMax({ axis: 1 });
const un58 = unknown
  .matmul(zeros([32, 1000]))
  .relu()
  .sum({ axis: -1 });
const ad58 = add(un58, unknown).maximum(0).pow(8);
void ad58;
const mt59 = tensor([
  [1, 2, 4],
  [4, 5, 6],
]);
export const mm59: Tensor<[2, 2]> = mt59.matmul(mt59.transpose());
const nn59 = mm59.expandDims({ axis: 0 }).broadcastTo([10, 2, 2]);
export const oo59: Tensor<[10]> = nn59.sum({ axis: [1, 2] });
const w60 = zeros([512, 1000]);
const x60 = zeros([32, 512]);
const y60 = matmul(x60, w60)
  .add(zeros([1000]))
  .relu();
export const z60: Tensor<[32, 1000]> = y60.sub(y60.mean({ axis: -1, keepDims: true }));
const e61 = gather(zeros([300, 128]), ids);
const q61 = e61.reshape([32, 50, 4, 32]).transpose([0, 2, 1, 3]);
const s61 = q61.matmul(q61, { transposeB: true }).mul(0.0078).softmax();
const o61 = s61.matmul(q61).transpose([0, 2, 1, 3]).reshape([32, 50, 128]);
export const r61: Tensor<[32, 50, 128]> = o61.add(e61);
const m62 = zeros([24, 300]).sum({ axis: 0 });
const v62 = zeros([24, 300]).variance({ axis: 0, keepDims: true });
export const u62: Tensor<[24, 300]> = zeros([24, 300]).sub(m62).div(v62.add(1e-5).sqrt());
const p63 = zeros([32, 10]).logSoftmax();
const t63 = oneHot(labels, 10);
export const l63: Tensor<[]> = p63.mul(t63).sum({ axis: 1 }).neg().mean();
const c64 = concat([zeros([4, 24]), zeros([4, 20])], { axis: 1 });
export const f64: Tensor<[4, 44]> = c64.tanh().mul(c64);
const i65 = zeros([4, 28, 28, 32]);
const g65 = i65.reshape([4, 25088]);
export const j65: Tensor<[4, 10]> = g65.matmul(zeros([25088, 10]));
const a66 = zeros([384, 1]).sub(zeros([10]));
const k66 = a66.abs().less(0.5);
export const b66: Tensor<[384, 10]> = where(k66, a66.square(), exp(a66));
const st67 = stack([zeros([16]), zeros([16]), zeros([16])]);
export const sl67: Tensor<[16]> = st67.slice(1).add(st67.slice(-1));
export const am67: Tensor<[3], "int32"> = st67.argMax({ axis: 1 });
const un68 = unknown
  .matmul(zeros([256, 10]))
  .relu()
  .sum({ axis: -1 });
const ad68 = add(un68, unknown).maximum(0).pow(4);
void ad68;
const mt69 = tensor([
  [1, 2, 2],
  [4, 5, 6],
]);
export const mm69: Tensor<[2, 2]> = mt69.matmul(mt69.transpose());
const nn69 = mm69.expandDims({ axis: 0 }).broadcastTo([10, 2, 2]);
export const oo69: Tensor<[10]> = nn69.sum({ axis: [1, 2] });
