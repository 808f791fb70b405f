/** Every layer by its public name: one line each. */
export { activation } from "./activation.ts";
export { dense } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { flatten } from "./flatten.ts";
export { input } from "./input.ts";
export { reshape } from "./reshape.ts";
