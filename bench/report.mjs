import { formatFigure, formatTable, summarize, timesAhead } from "./statistics.mjs";

/** What a workload reports: where the samples are, their unit, and which way is better. */
function metricsOf(workload) {
  if (workload.measure === "start-up") {
    return [
      { samples: "samples", unit: "s", lowerIsBetter: true },
      { samples: "megabytes", unit: "MB peak", lowerIsBetter: true },
    ];
  }
  return [{ samples: "samples", unit: workload.unit, lowerIsBetter: false }];
}

function learned({ lossBefore, lossAfter }) {
  return lossBefore === undefined || lossAfter < lossBefore;
}

function noteOf(row) {
  if (row.lacks) return row.lacks;
  if (row.failure) return `failed: ${row.failure}`;
  const notes = row.setting ? [row.setting] : [];
  if (row.lossBefore !== undefined)
    notes.push(`loss ${formatFigure(row.lossBefore)} -> ${formatFigure(row.lossAfter)}`);
  if (!learned(row)) notes.push("DID NOT LEARN");
  if (row.idleShare > 0.1) notes.push(`busy ${Math.round(100 * row.idleShare)} % while others were measured`);
  return notes.join(", ");
}

/** Adds each row's statistics and its distance from gradwise. */
export function evaluateRows(workload, rows) {
  const ours = rows.find(({ peer }) => peer === "gradwise");
  return rows.map((row) => {
    const figures = metricsOf(workload).map((metric) => {
      const samples = row[metric.samples] ?? [];
      const ahead = ours && row !== ours ? timesAhead(ours[metric.samples] ?? [], samples, metric) : Number.NaN;
      return { unit: metric.unit, ...summarize(samples), timesAhead: ahead };
    });
    return { ...row, learned: learned(row), note: noteOf(row), figures };
  });
}

export function printWorkload(workload, rows) {
  const header = ["peer", "unit", "median", "min .. max", "rounds", "gradwise ahead", "note"];
  const lines = rows.flatMap((row) =>
    row.figures.map(({ unit, median, min, max, rounds, timesAhead: ahead }, i) => [
      row.peer,
      unit,
      formatFigure(median),
      rounds > 0 ? `${formatFigure(min)} .. ${formatFigure(max)}` : "-",
      String(rounds),
      Number.isFinite(ahead) ? `${formatFigure(ahead)} x` : "-",
      i === 0 ? row.note : "",
    ]),
  );
  return `${workload.id}  ${workload.title}\n${formatTable(header, lines, ["peer", "unit", "note"])}\n`;
}
