import { clouds } from "../data.mjs";
import w2 from "./w2.mjs";

/** A fresh process imports the library, builds the net of W2 and takes one training step. */
export default [
  {
    ...w2[0],
    id: "w8",
    title: "start-up: import, build MLP 784-128-10, one Adam step of 32",
    measure: "start-up",
    data: () => clouds({ seed: 8, examples: 32, features: 784, classes: 10 }),
  },
];
