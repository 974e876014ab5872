import type { SampleRoom } from "./aggregate.ts";
import { QuantileSketch } from "./quantile-sketch.ts";

/** Values that all percentiles of a query may keep one by one, together: 32 MB. Beyond that they are estimated. */
export const SAMPLE_ROOM = 4_000_000;
const FIRST_SIZE = 16;

/** The values that a percentile is taken of: exactly while there is room, by a sketch afterwards. */
export class Samples {
  readonly #room: SampleRoom;
  #values = new Float64Array(0);
  #count = 0;
  #sketch: QuantileSketch | undefined;

  constructor(room: SampleRoom) {
    this.#room = room;
  }

  add(value: number): void {
    if (this.#sketch === undefined && this.#count === this.#values.length) {
      this.#grow();
    }
    if (this.#sketch === undefined) {
      this.#values[this.#count++] = value;
    } else {
      this.#sketch.add(value);
    }
  }

  #grow(): void {
    const size = Math.max(FIRST_SIZE, this.#values.length * 2);
    const more = size - this.#values.length;
    if (more > this.#room.values) {
      const sketch = new QuantileSketch();
      this.#values.forEach((value) => {
        sketch.add(value);
      });
      this.#room.values += this.#values.length;
      this.#values = new Float64Array(0);
      this.#sketch = sketch;
      return;
    }
    this.#room.values -= more;
    const values = new Float64Array(size);
    values.set(this.#values);
    this.#values = values;
  }

  /** The smallest value that at least so many percent of all values do not exceed; `undefined` when there are none. */
  percentile(percent: number): number | undefined {
    const count = this.#sketch?.count ?? this.#count;
    if (count === 0) {
      return undefined;
    }
    // Without the rounding 7 % of 100 would be rank 8: 0.07 × 100 is a little more than 7.
    const rank = Math.min(count, Math.max(1, Math.ceil(Number(((percent * count) / 100).toPrecision(12)))));
    return this.#sketch?.valueAt(rank) ?? this.#values.subarray(0, count).sort()[rank - 1];
  }
}
