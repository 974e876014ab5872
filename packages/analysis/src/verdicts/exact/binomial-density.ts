const LN_2PI = Math.log(2 * Math.PI);

/**
 * Probability of exactly `count` events in `total` trials of probability `p`, to nearly all digits for totals up to 10^7 and beyond.
 *
 * The logarithms of factorials of large numbers are large, and nothing is left of their difference. So Stirling's error and the
 * deviance are computed instead, both small numbers.
 *
 * @see C. Loader, "Fast and accurate computation of binomial probabilities" (2000)
 */
export function binomialDensity(count: number, total: number, p: number): number {
  if (count < 0 || count > total) {
    return 0;
  }
  if (p <= 0 || p >= 1) {
    return count === (p <= 0 ? 0 : total) ? 1 : 0;
  }
  if (count === 0) {
    return Math.exp(total * Math.log1p(-p));
  }
  if (count === total) {
    return Math.exp(total * Math.log(p));
  }
  const rest = total - count;
  const logarithm =
    stirlingError(total) -
    stirlingError(count) -
    stirlingError(rest) -
    deviance(count, total * p) -
    deviance(rest, total * (1 - p));
  return Math.exp(logarithm + (Math.log(total) - LN_2PI - Math.log(count) - Math.log(rest)) / 2);
}

/** What Stirling's formula `(n + 1/2) ln n - n + ln(2 pi) / 2` leaves of `ln n!`, for n > 0. */
function stirlingError(n: number): number {
  let error = 0;
  let at = n;
  for (; at < 16; at += 1) {
    error += (at + 0.5) * Math.log1p(1 / at) - 1;
  }
  const square = 1 / (at * at);
  return error + (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at;
}

/** `x ln(x / mean) + mean - x`, without cancellation where the two are close to each other. */
function deviance(x: number, mean: number): number {
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
