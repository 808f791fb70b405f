import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "./module-builder.ts";
import type { Opcode } from "./opcodes.ts";
import { opcodes } from "./opcodes.ts";
import type { ValueType } from "./types.ts";

interface Signature {
  params: ValueType[];
  results: ValueType[];
}

const unaryNames =
  /^(abs|neg|not|ceil|floor|trunc|nearest|sqrt|clz|ctz|popcnt|eqz|wrap|extend\d|extend_|extadd|trunc_|convert|demote|promote|reinterpret|relaxed_trunc|splat|all_true|any_true|bitmask)/;
const ternaryNames = /^(bitselect|relaxed_madd|relaxed_nmadd|relaxed_laneselect)/;
const scalarComparisons = /^(eq|ne|eqz|lt|gt|le|ge)(_[su])?$/;
const laneOf: Record<string, ValueType> = {
  i8x16: "i32",
  i16x8: "i32",
  i32x4: "i32",
  i64x2: "i64",
  f32x4: "f32",
  f64x2: "f64",
};

/** The type that the specification's naming scheme gives a plain instruction. */
function signatureOf(name: Opcode): Signature {
  const [shape = "", operation = ""] = name.split(".");
  if (shape === "memory") return memorySignature(operation);
  const lane = laneOf[shape];
  if (lane !== undefined || shape === "v128") return vectorSignature(operation, lane);
  const type = shape as ValueType;
  const source = /_(i32|i64|f32|f64)(_[su])?$/.exec(operation)?.[1] as ValueType | undefined;
  const params: ValueType[] = unaryNames.test(operation) ? [source ?? type] : [type, type];
  return {
    params,
    results: [scalarComparisons.test(operation) ? "i32" : type],
  };
}

function vectorSignature(operation: string, lane: ValueType | undefined): Signature {
  if (operation === "splat" && lane !== undefined) return { params: [lane], results: ["v128"] };
  if (/^(all_true|any_true|bitmask)$/.test(operation)) return { params: ["v128"], results: ["i32"] };
  if (/^(shl|shr_s|shr_u)$/.test(operation)) return { params: ["v128", "i32"], results: ["v128"] };
  const count = unaryNames.test(operation) ? 1 : ternaryNames.test(operation) ? 3 : 2;
  return { params: Array<ValueType>(count).fill("v128"), results: ["v128"] };
}

function memorySignature(operation: string): Signature {
  if (operation === "size") return { params: [], results: ["i32"] };
  if (operation === "grow") return { params: ["i32"], results: ["i32"] };
  return { params: ["i32", "i32", "i32"], results: [] };
}

function validates(name: Opcode): boolean {
  const { params, results } = signatureOf(name);
  const module = new ModuleBuilder({ memory: { shared: false, maximum: 1 } });
  const f = module.func(params, results);
  for (let i = 0; i < params.length; i++) f.get(i);
  f.op(name);
  return WebAssembly.validate(module.bytes());
}

const plain = Object.keys(opcodes) as Opcode[];
const polymorphic = new Set<Opcode>(["unreachable", "nop", "return", "drop", "select"]);
const relaxedSupported = validates("f32x4.relaxed_madd");

describe("opcode table", () => {
  test.each(plain.filter((name) => !polymorphic.has(name)))("%s has the signature of its name", (name) => {
    if (name.includes("relaxed") && !relaxedSupported) return;
    expect(validates(name)).toBe(true);
  });

  test("no two names share a code", () => {
    expect(new Set(Object.values(opcodes)).size).toBe(plain.length);
  });

  test("relaxed madd is encoded as in the specification", () => {
    const module = new ModuleBuilder({ memory: { shared: false, maximum: 1 } });
    module.func([], []).op("f32x4.relaxed_madd").op("f64x2.relaxed_madd");
    expect([...module.bytes()].join()).toContain([0xfd, 0x85, 0x02, 0xfd, 0x87, 0x02].join());
  });
});
