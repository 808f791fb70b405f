import type { Any } from "../core/shape-types.ts";
import { Tensor } from "../graph/tensor.ts";
import type { TensorMethods } from "../graph/tensor-methods.ts";
import * as methods from "./method-table.ts";
import * as table from "./table.ts";

export * from "./method-table.ts";
export * from "./optional-table.ts";
export * from "./table.ts";

/** The op table, handed to gradients so that op files need not import each other; the rest is in optional-table.ts. */
export type Ops = typeof methods & typeof table;
export const ops: Ops = { ...methods, ...table };

/** What a method calls, with the tensor as its first argument. */
type Implementation = (x: never, ...rest: never[]) => unknown;
/** The compiler refuses a method that is missing in M, and one that is not declared. */
type Implementations<M> = {
  readonly [K in keyof M | keyof TensorMethods<Any, Any>]: K extends keyof TensorMethods<Any, Any>
    ? Implementation
    : never;
};

function install<M>(methods: M & Implementations<M>): void {
  for (const [name, method] of Object.entries<Implementation>(methods)) {
    const value = function (this: Tensor, ...rest: unknown[]): unknown {
      return Reflect.apply(method, undefined, [this, ...rest]);
    };
    Object.defineProperty(Tensor.prototype, name, { value, configurable: true, writable: true });
  }
}

install(methods);
