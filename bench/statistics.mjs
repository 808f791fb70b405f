export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median and range of one sample a round; a round that a peer sat out is a hole in the array. */
export function summarize(samples) {
  const values = samples.filter((value) => value !== undefined);
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), rounds: values.length };
}

/**
 * How many times ahead `ours` is: the median over the rounds both took part in of the quotient within the
 * round. The two slices of a round are neighbours in time, so a slow drift of the machine cancels out.
 */
export function timesAhead(ours, theirs, { lowerIsBetter = false } = {}) {
  const quotients = [];
  for (let round = 0; round < Math.min(ours.length, theirs.length); round++) {
    if (ours[round] === undefined || theirs[round] === undefined) continue;
    quotients.push(lowerIsBetter ? theirs[round] / ours[round] : ours[round] / theirs[round]);
  }
  return median(quotients);
}

/** Three significant digits, thousands separated: 28,300 and 0.612. */
export function formatFigure(value) {
  if (!Number.isFinite(value)) return "-";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const scale = 10 ** (2 - Math.floor(Math.log10(Math.abs(value))));
  return (Math.round(value * scale) / scale).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Columns as wide as their widest cell; those named in `left` aligned left, the rest right. */
export function formatTable(header, rows, left = []) {
  const cells = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const line = (row) =>
    row
      .map((cell, i) => (left.includes(header[i]) ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
