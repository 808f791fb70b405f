/** Functions on a layer's output: `activations.silu`, or by name: `activation: "silu"`. */

export type { Activation } from "./activation.ts";
export { gelu } from "./gelu.ts";
export { type ActivationLike, type ActivationName, activationName, getActivation } from "./get-activation.ts";
export * from "./table.ts";
