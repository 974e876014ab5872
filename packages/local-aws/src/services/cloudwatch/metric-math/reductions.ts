/** Numbers that stand for many, in the sense of metric math. */

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function average(values: readonly number[]): number {
  return total(values) / values.length;
}

export function smallest(values: readonly number[]): number {
  return values.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY);
}

export function largest(values: readonly number[]): number {
  return values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
}

/** The standard deviation of these values themselves, not of what they may be a sample of. */
export function deviation(values: readonly number[]): number {
  const middle = average(values);
  return Math.sqrt(average(values.map((value) => (value - middle) ** 2)));
}
