import type { Row } from "../discovery/row.ts";
import { naturalOrder } from "../values/natural-order.ts";
import { toNumber } from "../values/to-number.ts";
import type { Value, ValueType } from "../values/value.ts";
import type { Accumulator, Aggregate, Argument } from "./aggregate.ts";

/** Values keep their digits, but a time comes out in milliseconds, as AWS gives it. */
const asItIs = (type: ValueType): ValueType => (type === "timestamp" ? "raw" : type);

/** The aggregations that remember little: counts, sums, extremes, first and last ones. */
export const simpleAggregates: Readonly<Record<string, Aggregate>> = {
  count: {
    least: 0,
    most: 1,
    takesStar: true,
    begin: (argument) => new Count(argument),
  },
  sum: numbersOnly(() => new Moments(({ sum }) => sum)),
  avg: numbersOnly(() => new Moments(({ sum, count }) => sum / count)),
  stddev: numbersOnly(() => new Moments(({ squares, count }) => Math.sqrt(squares / count))),
  min: { least: 1, most: 1, begin: (argument) => new Extreme(argument, -1) },
  max: { least: 1, most: 1, begin: (argument) => new Extreme(argument, 1) },
  sortsfirst: { least: 1, most: 1, typeOf: asItIs, begin: (argument) => new BySortOrder(argument, -1) },
  sortslast: { least: 1, most: 1, typeOf: asItIs, begin: (argument) => new BySortOrder(argument, 1) },
  earliest: { least: 1, most: 1, typeOf: asItIs, begin: (argument) => new ByTime(argument, -1) },
  latest: { least: 1, most: 1, typeOf: asItIs, begin: (argument) => new ByTime(argument, 1) },
};

class Count implements Accumulator {
  readonly #argument: Argument | undefined;
  #count = 0;

  constructor(argument: Argument | undefined) {
    this.#argument = argument;
  }

  add(row: Row): void {
    if (this.#argument === undefined || this.#argument.get(row) !== undefined) {
      this.#count++;
    }
  }

  result(): Value {
    return this.#count;
  }
}

/** Takes numbers one by one. */
interface NumberAccumulator {
  addNumber(value: number): void;
  result(): Value;
}

function numbersOnly(begin: () => NumberAccumulator): Aggregate {
  return {
    least: 1,
    most: 1,
    begin: (argument) => {
      const inner = begin();
      return {
        add: (row) => {
          const value = toNumber(argument?.get(row));
          if (value !== undefined) {
            inner.addNumber(value);
          }
        },
        result: () => inner.result(),
      };
    },
  };
}

/**
 * Sum, mean and squared distances from it, updated one by one without losing digits.
 *
 * Source: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962); Neumaier's
 * compensated summation, ZAMM 54 (1974).
 */
class Moments implements NumberAccumulator {
  readonly #choose: (moments: { sum: number; count: number; squares: number }) => number;
  #count = 0;
  #sum = 0;
  #lost = 0;
  #mean = 0;
  #squares = 0;

  constructor(choose: (moments: { sum: number; count: number; squares: number }) => number) {
    this.#choose = choose;
  }

  addNumber(value: number): void {
    this.#count++;
    const total = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - total + value : value - total + this.#sum;
    this.#sum = total;
    const distance = value - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  result(): Value {
    if (this.#count === 0) {
      return undefined;
    }
    return this.#choose({ sum: this.#sum + this.#lost, count: this.#count, squares: this.#squares });
  }
}

/** The smallest or the largest number; where there is none, the text that sorts first or last. */
class Extreme implements Accumulator {
  readonly #argument: Argument | undefined;
  readonly #sign: 1 | -1;
  #best: number | undefined;
  #text: Value;

  constructor(argument: Argument | undefined, sign: 1 | -1) {
    this.#argument = argument;
    this.#sign = sign;
  }

  add(row: Row): void {
    const value = this.#argument?.get(row);
    const number = toNumber(value);
    if (number !== undefined) {
      if (this.#best === undefined || (number - this.#best) * this.#sign > 0) {
        this.#best = number;
      }
    } else if (value !== undefined && (this.#text === undefined || naturalOrder(value, this.#text) * this.#sign > 0)) {
      this.#text = value;
    }
  }

  result(): Value {
    return this.#best ?? this.#text;
  }
}

class BySortOrder implements Accumulator {
  readonly #argument: Argument | undefined;
  readonly #sign: 1 | -1;
  #best: Value;

  constructor(argument: Argument | undefined, sign: 1 | -1) {
    this.#argument = argument;
    this.#sign = sign;
  }

  add(row: Row): void {
    const value = this.#argument?.get(row);
    if (value !== undefined && (this.#best === undefined || naturalOrder(value, this.#best) * this.#sign > 0)) {
      this.#best = value;
    }
  }

  result(): Value {
    return this.#best;
  }
}

/** The value of the first or of the last event that has one. */
class ByTime implements Accumulator {
  readonly #argument: Argument | undefined;
  readonly #sign: 1 | -1;
  #time = Number.NaN;
  #id = Number.NaN;
  #value: Value;

  constructor(argument: Argument | undefined, sign: 1 | -1) {
    this.#argument = argument;
    this.#sign = sign;
  }

  add(row: Row): void {
    const { time, id } = row.event ?? { time: 0, id: 0 };
    const order = this.#value === undefined ? 1 : (time - this.#time || id - this.#id) * this.#sign;
    const value = order > 0 ? this.#argument?.get(row) : undefined;
    if (value !== undefined) {
      this.#time = time;
      this.#id = id;
      this.#value = value;
    }
  }

  result(): Value {
    return this.#value;
  }
}
