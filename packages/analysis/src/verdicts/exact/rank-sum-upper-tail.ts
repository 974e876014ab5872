/** Up to so many values together, all numbers of arrangements are whole numbers that a double holds. */
const EXACT_UP_TO = 50;

/**
 * Mann and Whitney's test, one-sided: the probability that, if both groups are alike, so many of all pairs, or more, have the greater
 * value on the first group's side. Exact up to 50 values together; beyond, the normal approximation with its correction for
 * continuity, which is near for groups of like size, and too careful for the others.
 */
export function rankSumUpperTail(greater: number, first: number, second: number): number {
  const pairs = first * second;
  if (greater <= 0) {
    return 1;
  }
  if (first + second > EXACT_UP_TO) {
    const deviation = Math.sqrt((pairs * (first + second + 1)) / 12);
    return normalUpperTail((greater - 0.5 - pairs / 2) / deviation);
  }
  const arrangements = arrangementsByPairs(first, second);
  let [tail, all] = [0, 0];
  for (const [count, number] of arrangements.entries()) {
    all += number;
    tail += count >= greater ? number : 0;
  }
  return tail / all;
}

/** How many arrangements of two groups in a row have 0, 1, 2... pairs in order: the coefficients of a Gaussian binomial. */
function arrangementsByPairs(first: number, second: number): number[] {
  const coefficients = new Array<number>(first * second + 1).fill(0);
  coefficients[0] = 1;
  for (let factor = 1; factor <= first; factor += 1) {
    for (let power = coefficients.length - 1; power >= second + factor; power -= 1) {
      coefficients[power] = at(coefficients, power) - at(coefficients, power - second - factor);
    }
    for (let power = factor; power < coefficients.length; power += 1) {
      coefficients[power] = at(coefficients, power) + at(coefficients, power - factor);
    }
  }
  return coefficients;
}

function at(coefficients: readonly number[], power: number): number {
  return coefficients[power] as number;
}

/** To about 10 digits: a continued fraction in the tail, a series around the middle. */
function normalUpperTail(z: number): number {
  if (z < 0) {
    return 1 - normalUpperTail(-z);
  }
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let step = 60; step > 0; step -= 1) {
      fraction = z + step / fraction;
    }
    return density / fraction;
  }
  let [term, sum] = [z, z];
  for (let divisor = 3; term > sum * 1e-17; divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return 0.5 - density * sum;
}
