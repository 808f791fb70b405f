// tested by src/ops/random-bits.test.ts
import { type Expr, s } from "../ir/expr.ts";

/** The rotations of Threefry-2x32's rounds, by four (core/random-key.ts has the paper and the host's version). */
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];
const PARITY = 0x1bd11bda;

type Words = readonly [Expr, Expr];

function rotateLeft(x: Expr, by: number): Expr {
  return s.bitOr(s.shiftLeft(x, by), s.shiftRight(x, 32 - by));
}

/** Threefry-2x32 with its 20 rounds written out; every word is a uint32. */
export function threefryWords(key: Words, counter: Words): Words {
  const schedule = [...key, s.bitXor(s.bitXor(key[0], key[1]), PARITY)];
  let x0 = s.add(counter[0], key[0]);
  let x1 = s.add(counter[1], key[1]);
  for (let group = 0; group < 5; group++) {
    for (const by of ROTATIONS[group % 2]) {
      x0 = s.add(x0, x1);
      x1 = s.bitXor(rotateLeft(x1, by), x0);
    }
    x0 = s.add(x0, schedule[(group + 1) % 3]);
    x1 = s.add(s.add(x1, schedule[(group + 2) % 3]), group + 1);
  }
  return [x0, x1];
}
