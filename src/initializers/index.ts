/** Where weights start: `initializers.heNormal()`, or by name: `kernelInitializer: "heNormal"`. */

export { getInitializer, type InitializerLike, type InitializerName } from "./get-initializer.ts";
export type { Initializer } from "./initializer.ts";
export * from "./table.ts";
