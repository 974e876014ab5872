/** Random numbers that begin with a seed. @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  one<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.next() * list.length)];
    if (chosen === undefined) {
      throw new Error("nothing to choose from");
    }
    return chosen;
  }

  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** How many of so many come out, each with this chance. */
  binomial(total: number, share: number): number {
    if (total <= 0 || share <= 0) {
      return 0;
    }
    if (total * Math.min(share, 1 - share) > 30) {
      const seen = Math.round(this.normal(total * share, Math.sqrt(total * share * (1 - share))));
      return Math.min(total, Math.max(0, seen));
    }
    if (total > 60) {
      return share < 0.5
        ? Math.min(total, this.poisson(total * share))
        : total - Math.min(total, this.poisson(total * (1 - share)));
    }
    let count = 0;
    for (let index = 0; index < total; index += 1) {
      count += this.next() < share ? 1 : 0;
    }
    return count;
  }

  poisson(mean: number): number {
    if (mean > 30) {
      return Math.max(0, Math.round(this.normal(mean, Math.sqrt(mean))));
    }
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit; product *= this.next()) {
      count += 1;
    }
    return Math.max(0, count);
  }
}
