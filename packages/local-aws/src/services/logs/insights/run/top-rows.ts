import type { Row } from "../discovery/row.ts";
import { compareRanked, type Order, type Ranked, rank } from "./row-order.ts";
import type { MakeStage } from "./sink.ts";

/** Keeps the first rows of an order, and never more than twice as many. */
export class TopRows {
  readonly #order: readonly Order[];
  readonly #count: number;
  readonly #compare: (left: Ranked, right: Ranked) => number;
  #kept: Ranked[] = [];
  /** The last row that counts, once there are enough. */
  #worst: Ranked | undefined;
  #place = 0;
  #most = 0;

  constructor(order: readonly Order[], count: number) {
    this.#order = order;
    this.#count = count;
    this.#compare = compareRanked(order);
  }

  add(row: Row): void {
    this.addRanked(rank(row, this.#order, this.#place++));
  }

  addRanked(ranked: Ranked): void {
    if (this.#worst !== undefined && this.#compare(ranked, this.#worst) >= 0) {
      return;
    }
    this.#kept.push(ranked);
    this.#most = Math.max(this.#most, this.#kept.length);
    if (this.#kept.length >= this.#count * 2) {
      this.#cut();
    }
  }

  /** The most rows that were held at a time. */
  get most(): number {
    return this.#most;
  }

  /** The rows that are left, in their order. */
  take(): Row[] {
    this.#cut();
    return this.#kept.map(({ row }) => row);
  }

  #cut(): void {
    this.#kept.sort(this.#compare);
    if (this.#kept.length >= this.#count) {
      this.#kept.length = this.#count;
      this.#worst = this.#kept.at(-1);
    }
  }
}

/** Sorts, and lets so many of the first rows through. */
export function sortStage(order: readonly Order[], count: number): MakeStage {
  return (next) => {
    const top = new TopRows(order, count);
    return {
      push: (row) => top.add(row),
      end: () => {
        for (const row of top.take()) {
          next.push(row);
        }
        next.end();
      },
    };
  };
}
