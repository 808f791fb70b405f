import { beforeAll, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError } from "../core/errors.ts";
import { fold, keyOf } from "../core/random-key.ts";
import { foldKey } from "./fold-key.ts";
import { key } from "./random.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

// random.test.ts compares the same keys with JAX's.
it("agrees with the host's fold", () => {
  for (const data of [0, 1, 12345, 2 ** 32 - 1]) {
    expect([...foldKey(key(9), data).dataSync()]).toEqual(fold(keyOf(9), data));
    expect([...foldKey(key(9), tensor(data | 0, { dtype: "int32" })).dataSync()]).toEqual(fold(keyOf(9), data));
  }
});

it("refuses what is no key and no scalar", () => {
  expect(() => foldKey(tensor([1, 2]), 0)).toThrow("foldKey: expected a key, uint32 of shape (2,), got float32");
  expect(() => foldKey(key(1), tensor([1], { dtype: "int32" }))).toThrow(
    "foldKey: expected the data to be an int32 scalar, got int32 of shape (1,).",
  );
  expect(() => foldKey(key(1), tensor(1))).toThrow(DTypeError);
});
