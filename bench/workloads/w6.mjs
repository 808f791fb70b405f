import { matrices } from "../data.mjs";

/** One product of two square matrices of float32. */
export default [
  {
    id: "w6",
    title: "matrix product 1024 x 1024 x 1024",
    measure: "slices",
    task: "product",
    side: 1024,
    batch: 1,
    unit: "GFLOP/s",
    data: () => matrices({ seed: 6, side: 1024 }),
  },
];
