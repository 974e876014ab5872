/** A duration in three figures or so: `0.43 ms`, `4 ms`, `39 ms`, `1.66 s`, `75.0 s`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 9.995) {
    return `${milliseconds.toFixed(Number.isInteger(milliseconds) ? 0 : 2)} ms`;
  }
  if (milliseconds < 999.5) {
    return `${milliseconds.toFixed(0)} ms`;
  }
  return `${(milliseconds / 1000).toFixed(milliseconds < 9_995 ? 2 : 1)} s`;
}
