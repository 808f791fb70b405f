/** Where weights start: `initializers.heNormal()`, or by name: `kernelInitializer: "heNormal"`. */
export * from "./table.ts";
export { getInitializer, type InitializerLike, type InitializerName } from "./get-initializer.ts";
export type { Initializer } from "./initializer.ts";
