/** A shape: literal sizes where they are known, `number` where not; `readonly number[]` when the rank is unknown. */
export type Shape = readonly number[];

/** The one `any`: "not known here". It fits both ways, so code without shape types never meets an error. */
// biome-ignore lint/suspicious/noExplicitAny: the alias that every gradual type of gradwise is made of
export type Any = any;

/** A rule yields a Shape or a message; `Check` puts the message on the blamed argument. */
export type Check<R> = [R] extends [string] ? R : unknown;

/** The shape a rule yields, or "not known here". */
export type Out<R> = [Extract<R, Shape>] extends [never]
  ? Any
  : number extends Extract<R, Shape>["length"]
    ? Any
    : Extract<R, Shape>;
