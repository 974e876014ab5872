/** How far a quantile may lie from the true value, relative to it. */
export const SKETCH_ERROR = 0.005;
const GAMMA = (1 + SKETCH_ERROR) / (1 - SKETCH_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Numbers nearer to zero than this are zero. */
const SMALLEST = 1e-9;

/**
 * Counts numbers in buckets that grow with their size, so that quantiles of any number of values are found within
 * {@link SKETCH_ERROR} in a few kilobytes.
 *
 * Source: Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 12 (2019).
 */
export class QuantileSketch {
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();
  #zeros = 0;
  #count = 0;

  add(value: number): void {
    this.#count++;
    if (Math.abs(value) < SMALLEST) {
      this.#zeros++;
      return;
    }
    const buckets = value > 0 ? this.#positive : this.#negative;
    const bucket = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }

  /** The value of a rank, from 1 for the smallest. */
  valueAt(rank: number): number {
    let seen = 0;
    for (const bucket of [...this.#negative.keys()].sort((left, right) => right - left)) {
      seen += this.#negative.get(bucket) ?? 0;
      if (seen >= rank) {
        return -middleOf(bucket);
      }
    }
    seen += this.#zeros;
    if (seen >= rank) {
      return 0;
    }
    let last = 0;
    for (const bucket of [...this.#positive.keys()].sort((left, right) => left - right)) {
      seen += this.#positive.get(bucket) ?? 0;
      last = middleOf(bucket);
      if (seen >= rank) {
        break;
      }
    }
    return last;
  }

  get count(): number {
    return this.#count;
  }
}

/** Equally far from both ends of a bucket, in relation to them. */
function middleOf(bucket: number): number {
  return (2 * GAMMA ** bucket) / (GAMMA + 1);
}
