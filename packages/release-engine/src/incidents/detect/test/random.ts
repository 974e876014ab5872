/** Random numbers that are the same for the same seed: a simulation that fails can be run again. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1, without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** How many events come where `mean` are expected. */
  poisson(mean: number): number {
    if (mean > 60) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    }
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) {
      count += 1;
    }
    return count;
  }

  /** How many of `total` have what each has with probability `p`. */
  binomial(total: number, p: number): number {
    if (total <= 0 || p <= 0) {
      return 0;
    }
    if (p > 0.5) {
      return total - this.binomial(total, 1 - p);
    }
    if (total < 40) {
      let count = 0;
      for (let index = 0; index < total; index += 1) {
        count += this.next() < p ? 1 : 0;
      }
      return count;
    }
    const mean = total * p;
    return mean < 10
      ? Math.min(total, this.poisson(mean))
      : Math.min(total, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - p)) * this.normal())));
  }
}
