/** Random numbers that are the same again for the same seed (mulberry32: 32 bits of state, enough for some million draws). */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 to below 1, in steps of 2^-32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** How many of `trials` have an event of probability `p`: exactly binomial, from one event to the next. */
  binomial(trials: number, p: number): number {
    if (p > 0.5) {
      return trials - this.binomial(trials, 1 - p);
    }
    if (p <= 0) {
      return 0;
    }
    const logarithm = Math.log1p(-p);
    let events = 0;
    for (let at = this.#skip(logarithm); at < trials; at += 1 + this.#skip(logarithm)) {
      events += 1;
    }
    return events;
  }

  /** Normal, of mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** How many trials go by before the next event. */
  #skip(logarithm: number): number {
    return Math.floor(Math.log(1 - this.next()) / logarithm);
  }
}
