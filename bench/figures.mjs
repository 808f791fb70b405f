import { flopsOf } from "./flops.mjs";

/** The figure of one slice of work, in the workload's unit. */
export function figureOf(workload, { count, milliseconds }) {
  const perSecond = (1000 * count) / milliseconds;
  switch (workload.unit) {
    case "steps/s":
      return perSecond / workload.batch;
    case "GFLOP/s":
      return (perSecond * flopsOf(workload)) / 1e9;
    case "us":
      return 1e6 / perSecond;
    default:
      return perSecond;
  }
}

/** GFLOP/s of the same slice: a figure in the workload's unit, turned. */
export function gigaflopsOf(workload, figure) {
  if (figure === undefined) return undefined;
  const flops = flopsOf(workload) / 1e9;
  if (workload.unit === "GFLOP/s") return figure;
  if (workload.unit === "us") return (1e6 / figure) * flops;
  return figure * flops * (workload.unit === "steps/s" ? workload.batch : 1);
}

/** What a workload reports: where the samples are, their unit, and which way is better. */
export function metricsOf(workload) {
  if (workload.measure === "start-up") {
    return [
      { samples: "samples", unit: "s", lowerIsBetter: true },
      { samples: "megabytes", unit: "MB peak", lowerIsBetter: true },
    ];
  }
  if (workload.measure === "size") return [{ samples: "samples", unit: "kB", lowerIsBetter: true }];
  return [{ samples: "samples", unit: workload.unit, lowerIsBetter: workload.unit === "us" }];
}
