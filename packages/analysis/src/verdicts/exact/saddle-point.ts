/** What Stirling's formula `(n + 1/2) ln n - n + ln(2 pi) / 2` leaves of `ln n!`, for n > 0. */
export function stirlingError(n: number): number {
  let error = 0;
  let at = n;
  for (; at < 16; at += 1) {
    error += (at + 0.5) * Math.log1p(1 / at) - 1;
  }
  const square = 1 / (at * at);
  return error + (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at;
}

/** `x ln(x / mean) + mean - x`, without cancellation where the two are close to each other. */
export function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) {
    return x * Math.log(x / mean) - difference;
  }
  const v = difference / (x + mean);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let divisor = 3; ; divisor += 2) {
    power *= v * v;
    const next = sum + power / divisor;
    if (next === sum) {
      return sum;
    }
    sum = next;
  }
}
