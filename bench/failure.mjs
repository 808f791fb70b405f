/** The line of a failed process's error output that says why. */
export function reasonOf(output) {
  const lines = output.trim().split("\n");
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "").trim().slice(0, 200);
}
