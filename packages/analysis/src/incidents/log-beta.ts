/** Lanczos' coefficients for g = 7, n = 9. @see https://en.wikipedia.org/wiki/Lanczos_approximation */
const coefficients = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Logarithm of the gamma function, for positive numbers. */
function logGamma(x: number): number {
  const [first = 1, ...rest] = coefficients;
  const shifted = x - 1;
  const sum = rest.reduce((total, each, index) => total + each / (shifted + index + 1), first);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** What is thought of a share before anything is counted: a beta distribution. */
export interface ShareBelief {
  readonly a: number;
  readonly b: number;
}

/**
 * Logarithm of how likely it is that so many of so many calls fail, one by one in the order seen, where the share of failures is not
 * known but believed to be about like this (beta-binomial marginal likelihood). Differences of these say how much more one explanation
 * has to be believed than another.
 */
export function logEvidence(failed: number, calls: number, { a, b }: ShareBelief): number {
  return calls <= 0 ? 0 : logBeta(failed + a, Math.max(0, calls - failed) + b) - logBeta(a, b);
}
