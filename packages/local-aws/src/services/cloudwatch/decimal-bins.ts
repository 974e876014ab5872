/**
 * Bins for values from 0 on, whose edges are the numbers of three significant digits: 1.00, 1.01 ... 9.99, 10.0, 10.1... A bin holds
 * its upper edge and not its lower one. Numbered so that the order of bins is that of their values.
 *
 * The scale is that of HdrHistogram (logarithmic, with linear steps in between), but decimal.
 */

/** Steps of an edge within its power of ten run from 100 to 1000. */
const FIRST_STEP = 100;
const BINS_PER_DECADE = 900;
/** Values below are as good as 0. */
const SMALLEST = 1e-290;
/** Keeps the number of every other bin above that of 0. */
const OFFSET = 300 * BINS_PER_DECADE;
/** A value that is an edge but for the error of floating point is that edge. */
const TOLERANCE = 1e-9;

/** The number of the bin that a value falls into. */
export function binOf(value: number): number {
  if (value < SMALLEST) {
    return 0;
  }
  let decade = Math.floor(Math.log10(value));
  let steps = inSteps(value, decade);
  if (steps >= 10 * FIRST_STEP) {
    decade += 1;
    steps = inSteps(value, decade);
  }
  const nearest = Math.round(steps);
  const step = Math.abs(steps - nearest) <= TOLERANCE ? nearest : Math.ceil(steps);
  return OFFSET + decade * BINS_PER_DECADE + step - FIRST_STEP;
}

/** The middle of a bin: within 0.5 % of every value in it. */
export function middleOf(bin: number): number {
  if (bin === 0) {
    return 0;
  }
  const position = bin - OFFSET;
  const decade = Math.ceil(position / BINS_PER_DECADE) - 1;
  return (position - decade * BINS_PER_DECADE + FIRST_STEP - 0.5) * 10 ** (decade - 2);
}

function inSteps(value: number, decade: number): number {
  return decade > 2 ? value / 10 ** (decade - 2) : value * 10 ** (2 - decade);
}
