/**
 * Logarithm of the gamma function, for positive numbers, to ten digits.
 *
 * @see https://dlmf.nist.gov/5.11 (Stirling's series), and the recurrence for what is too small for it
 */
function logGamma(x: number): number {
  let product = 1;
  let large = x;
  for (; large < 8; large += 1) {
    product *= large;
  }
  const square = 1 / (large * large);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1_260 - square / 1_680))) / large;
  return (large - 0.5) * Math.log(large) - large + LOG_2PI_HALF + series - Math.log(product);
}

const LOG_2PI_HALF = Math.log(2 * Math.PI) / 2;

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** What is thought of a share before anything is counted: a beta distribution. */
export interface ShareBelief {
  readonly a: number;
  readonly b: number;
  /** Logarithm of its beta function: it is needed with every count. */
  readonly logBeta: number;
}

export function shareBelief(a: number, b: number): ShareBelief {
  return { a, b, logBeta: logBeta(a, b) };
}

/**
 * Logarithm of how likely it is that so many of so many calls fail, one by one in the order seen, where the share of failures is not
 * known but believed to be about like this (beta-binomial marginal likelihood). Differences of these say how much more one explanation
 * has to be believed than another.
 */
export function logEvidence(failed: number, calls: number, belief: ShareBelief): number {
  return calls <= 0 ? 0 : logBeta(failed + belief.a, Math.max(0, calls - failed) + belief.b) - belief.logBeta;
}
