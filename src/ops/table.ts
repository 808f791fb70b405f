/** Ops that are no methods, but that gradients call. method-table.ts and optional-table.ts have the others. */
export { concat } from "./concat.ts";
export { foldKey } from "./fold-key.ts";
export { full, ones, onesLike, zeros, zerosLike } from "./full.ts";
export { identity } from "./identity.ts";
export { iota } from "./iota.ts";
export { randomBits } from "./random-bits.ts";
export { scatterAdd } from "./scatter-add.ts";
export { tensor } from "./tensor.ts";
export { where } from "./where.ts";
