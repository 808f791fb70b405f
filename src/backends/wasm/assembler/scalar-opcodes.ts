// Plain scalar instructions: those whose operands are all on the stack. A code is
// zero immediates << 24 | prefix byte << 16 | opcode: memory.copy is 0xfc 0x0a 0x00 0x00.
// biome-ignore format: a run begins with its first code
export const scalarRuns = [
  [0x0, "unreachable", "nop"],
  [0xf, "return"],
  [0x1a, "drop", "select"],
  [0x45, "i32.eqz", "i32.eq", "i32.ne", "i32.lt_s", "i32.lt_u", "i32.gt_s", "i32.gt_u", "i32.le_s", "i32.le_u",
    "i32.ge_s", "i32.ge_u"],
  [0x5b, "f32.eq", "f32.ne", "f32.lt", "f32.gt", "f32.le", "f32.ge", "f64.eq", "f64.ne", "f64.lt", "f64.gt",
    "f64.le", "f64.ge"],
  [0x6a, "i32.add", "i32.sub", "i32.mul", "i32.div_s", "i32.div_u", "i32.rem_s", "i32.rem_u", "i32.and", "i32.or",
    "i32.xor", "i32.shl", "i32.shr_s", "i32.shr_u", "i32.rotl"],
  [0x83, "i64.and", "i64.or"],
  [0x86, "i64.shl"],
  [0x88, "i64.shr_u"],
  [0x8b, "f32.abs", "f32.neg", "f32.ceil", "f32.floor", "f32.trunc", "f32.nearest", "f32.sqrt", "f32.add",
    "f32.sub", "f32.mul", "f32.div", "f32.min", "f32.max"],
  [0x99, "f64.abs", "f64.neg", "f64.ceil", "f64.floor", "f64.trunc", "f64.nearest", "f64.sqrt", "f64.add",
    "f64.sub", "f64.mul", "f64.div", "f64.min", "f64.max", "f64.copysign", "i32.wrap_i64"],
  [0xac, "i64.extend_i32_s", "i64.extend_i32_u"],
  [0xb2, "f32.convert_i32_s", "f32.convert_i32_u"],
  [0xb6, "f32.demote_f64", "f64.convert_i32_s", "f64.convert_i32_u"],
  [0xbb, "f64.promote_f32", "i32.reinterpret_f32", "i64.reinterpret_f64", "f32.reinterpret_i32",
    "f64.reinterpret_i64"],
  [0xfc0000, "i32.trunc_sat_f32_s", "i32.trunc_sat_f32_u", "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"],
  [0x2fc000a, "memory.copy"],
  [0x1fc000b, "memory.fill"],
] as const;
