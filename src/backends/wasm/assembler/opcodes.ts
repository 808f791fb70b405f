import { scalarOpcodes } from "./scalar-opcodes.ts";
import { simdOpcodes } from "./simd-opcodes.ts";

/** Every instruction without immediates that the emitter may use, by the specification's name. */
export const opcodes: typeof scalarOpcodes & typeof simdOpcodes = {
  ...scalarOpcodes,
  ...simdOpcodes,
};
export type Opcode = keyof typeof opcodes;

export const loadOpcodes = {
  "i32.load": 0x28,
  "i64.load": 0x29,
  "f32.load": 0x2a,
  "f64.load": 0x2b,
  "i32.load8_s": 0x2c,
  "i32.load8_u": 0x2d,
  "i32.load16_s": 0x2e,
  "i32.load16_u": 0x2f,
  "i64.load8_s": 0x30,
  "i64.load8_u": 0x31,
  "i64.load16_s": 0x32,
  "i64.load16_u": 0x33,
  "i64.load32_s": 0x34,
  "i64.load32_u": 0x35,
  "v128.load": 0xfd0000,
  "v128.load8x8_s": 0xfd0001,
  "v128.load8x8_u": 0xfd0002,
  "v128.load16x4_s": 0xfd0003,
  "v128.load16x4_u": 0xfd0004,
  "v128.load32x2_s": 0xfd0005,
  "v128.load32x2_u": 0xfd0006,
  "v128.load8_splat": 0xfd0007,
  "v128.load16_splat": 0xfd0008,
  "v128.load32_splat": 0xfd0009,
  "v128.load64_splat": 0xfd000a,
  "v128.load32_zero": 0xfd005c,
  "v128.load64_zero": 0xfd005d,
} as const;
export type LoadOpcode = keyof typeof loadOpcodes;

export const storeOpcodes = {
  "i32.store": 0x36,
  "i64.store": 0x37,
  "f32.store": 0x38,
  "f64.store": 0x39,
  "i32.store8": 0x3a,
  "i32.store16": 0x3b,
  "i64.store8": 0x3c,
  "i64.store16": 0x3d,
  "i64.store32": 0x3e,
  "v128.store": 0xfd000b,
} as const;
export type StoreOpcode = keyof typeof storeOpcodes;

/** Loads that replace one lane: [address, vector] -> vector. */
export const loadLaneOpcodes = {
  "v128.load8_lane": 0xfd0054,
  "v128.load16_lane": 0xfd0055,
  "v128.load32_lane": 0xfd0056,
  "v128.load64_lane": 0xfd0057,
} as const;
export type LoadLaneOpcode = keyof typeof loadLaneOpcodes;

/** Stores of one lane: [address, vector] -> []. */
export const storeLaneOpcodes = {
  "v128.store8_lane": 0xfd0058,
  "v128.store16_lane": 0xfd0059,
  "v128.store32_lane": 0xfd005a,
  "v128.store64_lane": 0xfd005b,
} as const;
export type StoreLaneOpcode = keyof typeof storeLaneOpcodes;

export const laneOpcodes = {
  "i8x16.extract_lane_s": 0xfd0015,
  "i8x16.extract_lane_u": 0xfd0016,
  "i8x16.replace_lane": 0xfd0017,
  "i16x8.extract_lane_s": 0xfd0018,
  "i16x8.extract_lane_u": 0xfd0019,
  "i16x8.replace_lane": 0xfd001a,
  "i32x4.extract_lane": 0xfd001b,
  "i32x4.replace_lane": 0xfd001c,
  "i64x2.extract_lane": 0xfd001d,
  "i64x2.replace_lane": 0xfd001e,
  "f32x4.extract_lane": 0xfd001f,
  "f32x4.replace_lane": 0xfd0020,
  "f64x2.extract_lane": 0xfd0021,
  "f64x2.replace_lane": 0xfd0022,
} as const;
export type LaneOpcode = keyof typeof laneOpcodes;
