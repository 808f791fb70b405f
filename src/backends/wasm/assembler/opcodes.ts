import { scalarRuns } from "./scalar-opcodes.ts";
import { simdRuns } from "./simd-opcodes.ts";

/** Instructions whose codes follow one another: the code of the first, then their names. */
type Run<N extends string = string> = readonly [first: number, ...names: N[]];
type NameIn<R extends readonly (readonly (number | string)[])[]> = Extract<R[number][number], string>;
type Codes<N extends string> = Readonly<Record<N, number>>;

function numbered<N extends string>(runs: readonly Run<N>[]): Codes<N> {
  return Object.fromEntries(runs.flatMap(([first, ...names]) => names.map((name, i) => [name, first + i]))) as Codes<N>;
}

/** Every instruction without immediates that the emitter uses, by the specification's name. */
export type Opcode = NameIn<typeof scalarRuns> | NameIn<typeof simdRuns>;
export const opcodes: Codes<Opcode> = numbered<Opcode>([...scalarRuns, ...simdRuns]);

// biome-ignore format: a run begins with its first code
const LOADS = [
  [0x28, "i32.load", "i64.load", "f32.load", "f64.load"],
  [0x2d, "i32.load8_u", "i32.load16_s"],
  [0xfd0000, "v128.load"],
  [0xfd0009, "v128.load32_splat", "v128.load64_splat"],
  [0xfd005c, "v128.load32_zero"],
] as const;
export type LoadOpcode = NameIn<typeof LOADS>;
export const loadOpcodes: Codes<LoadOpcode> = numbered(LOADS);

// biome-ignore format: a run begins with its first code
const STORES = [
  [0x36, "i32.store", "i64.store", "f32.store", "f64.store", "i32.store8"],
  [0xfd000b, "v128.store"],
] as const;
export type StoreOpcode = NameIn<typeof STORES>;
export const storeOpcodes: Codes<StoreOpcode> = numbered(STORES);

/** Loads that replace one lane: [address, vector] -> vector. */
// biome-ignore format: a run begins with its first code
const LANE_LOADS = [
  [0xfd0056, "v128.load32_lane", "v128.load64_lane"],
] as const;
export type LoadLaneOpcode = NameIn<typeof LANE_LOADS>;
export const loadLaneOpcodes: Codes<LoadLaneOpcode> = numbered(LANE_LOADS);

/** Stores of one lane: [address, vector] -> []. */
// biome-ignore format: a run begins with its first code
const LANE_STORES = [
  [0xfd0058, "v128.store8_lane", "v128.store16_lane", "v128.store32_lane", "v128.store64_lane"],
] as const;
export type StoreLaneOpcode = NameIn<typeof LANE_STORES>;
export const storeLaneOpcodes: Codes<StoreLaneOpcode> = numbered(LANE_STORES);

// biome-ignore format: a run begins with its first code
const LANES = [
  [0xfd0016, "i8x16.extract_lane_u"],
  [0xfd001b, "i32x4.extract_lane"],
  [0xfd001f, "f32x4.extract_lane", "f32x4.replace_lane", "f64x2.extract_lane"],
] as const;
export type LaneOpcode = NameIn<typeof LANES>;
export const laneOpcodes: Codes<LaneOpcode> = numbered(LANES);
