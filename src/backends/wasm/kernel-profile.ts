import type { KernelChoice, NativeProducts, Profile } from "../backend.ts";
import { ModuleBuilder } from "./assembler/module-builder.ts";
import {
  type FloatDType,
  laneTypes,
  type MultiplyAdd,
  multiplyThenAdd,
  relaxedMultiplyAdd,
} from "./kernels/lane-type.ts";
import type { Tile } from "./kernels/matmul-tile.ts";

/** What an engine's hand-made kernels are made of on this machine. Equal keys, equal code of WebAssembly. */
export interface KernelProfile {
  readonly key: string;
  readonly multiplyAdd: MultiplyAdd;
  /** Rows x vectors of sums that stay in registers, and how many ks one round of the inner loop takes. */
  readonly rows: number;
  readonly vectors: number;
  readonly unroll: number;
  readonly unrollPanels: number;
  readonly fenced: boolean;
  /** Computes products of some shapes: kernels whose names begin with NATIVE. */
  readonly native?: NativeProducts;
  /** Why these, for a person. */
  readonly why: string;
}

/** What native code computes has a name of its own, so that no cache takes one kernel for the other. */
export const NATIVE = "native ";

/**
 * Rounds the product, then the sum, on every machine. It needs 11 of 16 vector registers, which V8 of Node 20 keeps
 * without spilling, with k unrolled only between fences.
 */
export const exactProfile: KernelProfile = {
  key: "exact",
  multiplyAdd: multiplyThenAdd,
  rows: 4,
  vectors: 2,
  unroll: 8,
  unrollPanels: 16,
  fenced: true,
  why: "multiply, then add, as profile exact promises",
};

/** Twelve sums: FMA takes four cycles, and two begin in each. A product that is not fused needs one register more. */
const fusedProfile: KernelProfile = {
  key: "fused",
  multiplyAdd: relaxedMultiplyAdd,
  rows: 6,
  vectors: 2,
  unroll: 4,
  unrollPanels: 0,
  fenced: false,
  why: "fused multiply-add, by relaxed SIMD",
};

const unfencedProfile: KernelProfile = { ...exactProfile, unroll: fusedProfile.unroll, unrollPanels: 4, fenced: false };

const unfusedProfile: KernelProfile = { ...exactProfile, why: "multiply, then add: there is no relaxed SIMD here" };

/** The profile for an engine's choice, by the machine's features alone: never by timings. */
export function kernelProfile(choice: KernelChoice): KernelProfile {
  const own = ownProfile(choice);
  const { native } = choice;
  return native ? { ...own, native } : own;
}

function ownProfile({ profile, wide }: KernelChoice): KernelProfile {
  const narrow = narrowProfile(profile);
  if (!wide) return narrow;
  let chosen = WIDE.get(narrow.key);
  if (chosen === undefined) {
    chosen = widened(narrow);
    WIDE.set(narrow.key, chosen);
  }
  return chosen;
}

/** Tried out once in a process. */
const WIDE = new Map<string, KernelProfile>();

function narrowProfile(profile: Profile): KernelProfile {
  // Newer V8, which is known by its relaxed SIMD, keeps the sums in registers with k unrolled, too.
  if (hasRelaxedSimd()) return profile === "fast" ? fusedProfile : unfencedProfile;
  return profile === "fast" ? unfusedProfile : exactProfile;
}

type Trial = (narrow: Tile, wide: Tile) => string | null;
let tryWideTile: Trial = () => "nothing tries them here";

/** For platforms that can widen vectors: what finds out whether they gain by it. */
export function installWideTrial(trial: Trial): void {
  tryWideTile = trial;
}

/**
 * Twice the columns: V8 joins neighbouring vectors in pairs, so that as many registers hold them. It is experimental
 * in V8, so what it makes is tried before it is used.
 */
function widened(narrow: KernelProfile): KernelProfile {
  const wide = { ...narrow, key: `${narrow.key} wide`, vectors: 2 * narrow.vectors, unroll: 2, unrollPanels: 0 };
  const trouble = tryWideTile(makeTile(narrow, "float32"), makeTile(wide, "float32"));
  return trouble === null
    ? { ...wide, why: `${narrow.why}, in wide vectors` }
    : { ...narrow, why: `${narrow.why}, not in wide vectors: ${trouble}` };
}

/** For `engine.describe()`. */
export function describeProfile({ why, rows, vectors }: KernelProfile): string {
  return `${why}; tiles of ${rows} x ${vectors * laneTypes.float32.lanes} float32`;
}

/** Nanoseconds that a multiplication with its addition takes in tiles, roughly: less where they are fused, or wide. */
export function productCost({ vectors, multiplyAdd }: KernelProfile, dtype: FloatDType): number {
  return (0.04 * laneTypes[dtype].bytes * (multiplyAdd === relaxedMultiplyAdd ? 0.75 : 1)) / vectors;
}

/** The one place that decides the tile of matrix products and convolutions. */
export function makeTile(profile: KernelProfile, dtype: FloatDType): Tile {
  const { multiplyAdd, rows, vectors, unroll, unrollPanels, fenced } = profile;
  return { lane: laneTypes[dtype], multiplyAdd, rows, vectors, unroll, unrollPanels, fenced };
}

let relaxedSimd: boolean | null = null;

/** Whether this engine takes relaxed SIMD: on by default in V8 from Node 22 on. */
export function hasRelaxedSimd(): boolean {
  relaxedSimd ??= WebAssembly.validate(relaxedProbe());
  return relaxedSimd;
}

function relaxedProbe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ memory: { shared: false, maximum: 1 } });
  const f = module.func([], []);
  const sum = f.local("v128");
  relaxedMultiplyAdd(f, laneTypes.float32, sum, sum, sum);
  return module.bytes();
}
