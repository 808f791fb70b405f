import { describe, expect, it } from "vitest";
import { onceEach } from "./once-each.ts";

describe("onceEach", () => {
  it("asks once for each object, undefined and null being answers like others", () => {
    const asked: object[] = [];
    const answers = [undefined, null, 3];
    const get = onceEach((key: object) => {
      asked.push(key);
      return answers[asked.length - 1];
    });
    const keys = [{}, {}, {}];
    expect(keys.map(get)).toEqual(answers);
    expect(keys.map(get)).toEqual(answers);
    expect(asked).toEqual(keys);
  });
});
