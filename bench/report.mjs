import { gigaflopsOf, metricsOf } from "./figures.mjs";
import { formatFigure, formatTable, median, summarize, timesAhead } from "./statistics.mjs";

function learned({ lossBefore, lossAfter }) {
  return typeof lossBefore !== "number" || lossAfter < lossBefore;
}

function noteOf(row) {
  if (row.lacks) return `lacks: ${row.lacks}`;
  if (row.failure) return `failed: ${row.failure}`;
  const notes = row.setting ? [row.setting] : [];
  if (typeof row.lossBefore === "number")
    notes.push(`loss ${formatFigure(row.lossBefore)} -> ${formatFigure(row.lossAfter)}`);
  if (!learned(row)) notes.push("DID NOT LEARN");
  if (row.idleShare > 0.1) notes.push(`busy ${Math.round(100 * row.idleShare)} % while others were measured`);
  return notes.join(", ");
}

/** Median, over the rounds, of the row's GFLOP/s as a part of the limit measured in the same round. */
function fraction(gigaflops, limits, names) {
  const parts = gigaflops.flatMap((value, round) => {
    const limit = Math.max(...names.map((name) => limits[round]?.[name] ?? Number.NaN).filter(Number.isFinite));
    return value === undefined || !Number.isFinite(limit) ? [] : [value / limit];
  });
  return median(parts);
}

const bareLoop = ["multiplyAdd", "fma"];

/** GFLOP/s of the row and its parts of the machine's limits, where the workload has operations to count. */
function rateOf(workload, row, limits) {
  if (workload.measure !== "slices") return {};
  const gigaflops = (row.samples ?? []).map((value) => gigaflopsOf(workload, value));
  return {
    gigaflops: median(gigaflops.filter((value) => value !== undefined)),
    ofLoop: fraction(gigaflops, limits, bareLoop),
    ofSgemm1: fraction(gigaflops, limits, ["sgemm1"]),
    ofSgemm: fraction(gigaflops, limits, ["sgemm"]),
  };
}

/** Adds each row's statistics, its part of the machine's limits and its distance from gradwise. */
export function evaluateRows(workload, rows, limits = []) {
  const ours = rows.find(({ peer }) => peer === "gradwise");
  return rows.map((row) => {
    const figures = metricsOf(workload).map((metric) => {
      const samples = row[metric.samples] ?? [];
      const ahead = ours && row !== ours ? timesAhead(ours[metric.samples] ?? [], samples, metric) : Number.NaN;
      return { unit: metric.unit, ...summarize(samples), timesAhead: ahead };
    });
    return { ...row, learned: learned(row), note: noteOf(row), figures, ...rateOf(workload, row, limits) };
  });
}

/** To a tenth of a percent; nothing where that would say nothing. */
const percent = (part) => (part >= 5e-4 ? `${(100 * part).toFixed(1)} %` : "-");

function rateCells(row, i) {
  if (i > 0) return ["", "", "", "", ""];
  const { gigaflops, ofLoop, ofSgemm1, ofSgemm, peakMegabytes } = row;
  return [formatFigure(gigaflops), percent(ofLoop), percent(ofSgemm1), percent(ofSgemm), formatFigure(peakMegabytes)];
}

/** The header and cells of a workload's table, for the terminal and for Markdown. */
export function tableOf(workload, rows) {
  const rates = workload.measure === "slices";
  const header = ["peer", "unit", "median", "min .. max", "rounds", "gradwise ahead"];
  if (rates) header.push("GFLOP/s", "of loop", "of sgemm 1T", "of sgemm", "MB peak");
  header.push("note");
  const lines = rows.flatMap((row) =>
    row.figures.map((figure, i) => [
      row.peer,
      figure.unit,
      formatFigure(figure.median),
      figure.rounds > 0 ? `${formatFigure(figure.min)} .. ${formatFigure(figure.max)}` : "-",
      String(figure.rounds),
      Number.isFinite(figure.timesAhead) ? `${formatFigure(figure.timesAhead)} x` : "-",
      ...(rates ? rateCells(row, i) : []),
      i === 0 ? row.note : "",
    ]),
  );
  return { header, lines };
}

export function printWorkload(workload, rows) {
  const { header, lines } = tableOf(workload, rows);
  return `${workload.id}  ${workload.title}\n${formatTable(header, lines, ["peer", "unit", "note"])}\n`;
}

const limitNames = {
  multiplyAdd: "a bare loop of multiply+add {} GFLOP/s",
  fma: "a bare loop of FMA {} GFLOP/s",
  sgemm1: "sgemm by OpenBLAS on one core {} GFLOP/s",
  sgemm: "on all cores {} GFLOP/s",
  copy: "copying memory {} GB/s (read and written)",
};

/** The machine's limits over some rounds, in words. */
export function describeLimits(rounds) {
  const parts = Object.entries(limitNames).flatMap(([name, words]) => {
    const { median: middle, min, max } = summarize(rounds.map((round) => round[name]));
    if (!Number.isFinite(middle)) return [];
    return [words.replace("{}", `${formatFigure(middle)} (${formatFigure(min)} .. ${formatFigure(max)})`)];
  });
  return parts.length > 0 ? `Limits (median, range): ${parts.join(", ")}.` : "";
}
