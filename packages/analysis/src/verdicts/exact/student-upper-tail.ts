/**
 * Probability that Student's t with a whole number of degrees of freedom is `t` or more: a finite sum for each of them, since the
 * density then is a power of a cosine.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4
 */
export function studentUpperTail(t: number, degrees: number): number {
  if (t < 0) {
    return 1 - studentUpperTail(-t, degrees);
  }
  const angle = Math.atan2(t, Math.sqrt(degrees));
  const squaredCosine = degrees / (degrees + t * t);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.sqrt(squaredCosine) : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let step = isOdd ? 3 : 2; step < degrees; step += 2) {
    term *= (squaredCosine * (step - 1)) / step;
    sum += term;
  }
  const within = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return Math.max(0, (1 - within) / 2);
}
