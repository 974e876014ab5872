import { binOf, middleOf } from "./decimal-bins.ts";

/** Distinct values of one stored stretch that are kept as they are; beyond it they fall into bins. */
const MAX_EXACT = 512;
/** The first byte of the stored form; bytes before the pairs, and of a pair. */
const LAYOUT = 2;
const HEADER = 5;
const PAIR = 16;
/**
 * The distribution of a metric's values, none of them negative, from which percentiles, trimmed statistics and ranks are read.
 *
 * Up to 512 distinct values are kept exactly. Beyond that values fall into bins whose edges are the numbers of three significant
 * digits (a histogram of logarithmic scale with linear steps, as HdrHistogram has, but decimal), each bin without its lower edge
 * and with its upper one, as the ranges of CloudWatch are. So how many values lie above a threshold of up to three significant
 * digits (`TC(1000:)`, `PR(:2.5)`) stays exact, whatever their number; of a finer threshold the values of the bin that it lies in
 * count on one side. A percentile is within 0.5 % of a value that was really there. Sketches merge without further error.
 */
export class ValueSketch {
  readonly #maxExact: number;
  readonly #values = new Map<number, number>();
  /** Counts by the index of the bin; empty until there are too many values. */
  readonly #bins = new Map<number, number>();

  /** @param maxExact - distinct values that are kept as they are */
  constructor(maxExact = MAX_EXACT) {
    this.#maxExact = maxExact;
  }

  /** How many numbers it holds, as a measure of the memory that it takes. */
  get size(): number {
    return this.#values.size + this.#bins.size;
  }

  add(value: number, count = 1): void {
    if (this.#bins.size > 0) {
      bump(this.#bins, binOf(value), count);
      return;
    }
    bump(this.#values, value, count);
    this.#limit();
  }

  merge(other: ValueSketch): void {
    for (const [bin, count] of other.#bins) {
      bump(this.#bins, bin, count);
    }
    for (const [value, count] of other.#values) {
      bump(this.#values, value, count);
    }
    this.#limit();
  }

  /** Values (or the middles of bins) with their counts, ascending. */
  sorted(): [value: number, count: number][] {
    const entries = [...this.#values];
    for (const [bin, count] of this.#bins) {
      entries.push([middleOf(bin), count]);
    }
    return entries.sort(([left], [right]) => left - right);
  }

  /** A compact form for storage: a byte for the layout, the number of values, then pairs of doubles: values first, then bins. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(HEADER + this.size * PAIR);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, LAYOUT);
    view.setUint32(1, this.#values.size, true);
    let offset = HEADER;
    for (const counts of [this.#values, this.#bins]) {
      for (const [key, count] of counts) {
        view.setFloat64(offset, key, true);
        view.setFloat64(offset + 8, count, true);
        offset += PAIR;
      }
    }
    return bytes;
  }

  /** Reads {@link encode}'s form; `undefined` for a layout of another version, of which the distribution is lost. */
  static decode(bytes: Uint8Array): ValueSketch | undefined {
    if (bytes[0] !== LAYOUT) {
      return undefined;
    }
    const sketch = new ValueSketch();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const firstBin = HEADER + view.getUint32(1, true) * PAIR;
    for (let offset = HEADER; offset < bytes.length; offset += PAIR) {
      const counts = offset < firstBin ? sketch.#values : sketch.#bins;
      counts.set(view.getFloat64(offset, true), view.getFloat64(offset + 8, true));
    }
    return sketch;
  }

  #limit(): void {
    if (this.#values.size <= this.#maxExact) {
      return;
    }
    for (const [value, count] of this.#values) {
      bump(this.#bins, binOf(value), count);
    }
    this.#values.clear();
  }
}

function bump(counts: Map<number, number>, key: number, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
