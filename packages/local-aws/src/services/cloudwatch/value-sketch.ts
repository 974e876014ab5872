/** Distinct values that are kept as they are; beyond it values fall into bins. */
const MAX_EXACT = 128;
/** Relative error of a binned value: half a percent. */
const RELATIVE_ERROR = 0.005;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Keeps the keys of positive bins above 0 and those of negative ones below it: no double has an index beyond ±75,000. */
const KEY_OFFSET = 100_000;

/**
 * The distribution of a metric's values, from which percentiles are read.
 *
 * Up to 128 distinct values are kept exactly. Beyond that the sketch is DDSketch (Masson, Rim and Lee, "DDSketch: a fast and
 * fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019): logarithmic bins, so that every percentile is
 * within 0.5 % of a value that was really there. Sketches merge without further error.
 */
export class ValueSketch {
  /** Count by value while exact, by the key of the bin afterwards. */
  #counts = new Map<number, number>();
  #exact = true;

  add(value: number, count = 1): void {
    const key = this.#exact ? value : binOf(value);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    if (this.#exact && this.#counts.size > MAX_EXACT) {
      this.#bin();
    }
  }

  merge(other: ValueSketch): void {
    if (other.#exact) {
      for (const [value, count] of other.#counts) {
        this.add(value, count);
      }
      return;
    }
    if (this.#exact) {
      this.#bin();
    }
    for (const [key, count] of other.#counts) {
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    }
  }

  /**
   * The smallest value that at least the given share of all values does not exceed (nearest rank).
   *
   * @param share - from 0 to 1
   * @returns `undefined` when nothing was added
   */
  quantile(share: number): number | undefined {
    const sorted = this.sorted();
    const total = sorted.reduce((sum, [, count]) => sum + count, 0);
    // A rank that is whole but for the error of floating point is that whole number.
    const rank = Math.max(share * total - total * 1e-12, 0);
    let seen = 0;
    for (const [value, count] of sorted) {
      seen += count;
      if (seen >= rank) {
        return value;
      }
    }
    return sorted.at(-1)?.[0];
  }

  /** Values (or the middles of bins) with their counts, ascending. */
  sorted(): [value: number, count: number][] {
    const entries = [...this.#counts].sort(([left], [right]) => left - right);
    return this.#exact ? entries : entries.map(([key, count]) => [middleOf(key), count]);
  }

  /** A compact form for storage: one byte for the kind, then pairs of doubles. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(1 + this.#counts.size * 16);
    const view = new DataView(bytes.buffer);
    bytes[0] = this.#exact ? 0 : 1;
    let offset = 1;
    for (const [key, count] of this.#counts) {
      view.setFloat64(offset, key, true);
      view.setFloat64(offset + 8, count, true);
      offset += 16;
    }
    return bytes;
  }

  /** Reads {@link encode}'s form. */
  static decode(bytes: Uint8Array): ValueSketch {
    const sketch = new ValueSketch();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    sketch.#exact = bytes[0] === 0;
    for (let offset = 1; offset + 16 <= bytes.length; offset += 16) {
      sketch.#counts.set(view.getFloat64(offset, true), view.getFloat64(offset + 8, true));
    }
    return sketch;
  }

  #bin(): void {
    const exact = this.#counts;
    this.#counts = new Map();
    this.#exact = false;
    for (const [value, count] of exact) {
      this.add(value, count);
    }
  }
}

function binOf(value: number): number {
  if (value === 0) {
    return 0;
  }
  const key = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA) + KEY_OFFSET;
  return value > 0 ? key : -key;
}

function middleOf(key: number): number {
  if (key === 0) {
    return 0;
  }
  const middle = (2 * Math.exp((Math.abs(key) - KEY_OFFSET) * LOG_GAMMA)) / (GAMMA + 1);
  return key > 0 ? middle : -middle;
}
