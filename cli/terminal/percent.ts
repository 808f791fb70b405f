/** 0.984 is "98 %", or "98.4 %" with one decimal. What is no number, such as 0 of 0, is "-". */
export function percent(fraction: number, decimals = 0): string {
  return Number.isFinite(fraction) ? `${(100 * fraction).toFixed(decimals)} %` : "-";
}
