/**
 * Random numbers that are the same again for the same seeds.
 *
 * @see D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators" (2021): xoshiro128**
 */
export class SeededRandom {
  readonly #state: Uint32Array<ArrayBuffer>;

  /** @param seeds - whole numbers; all of them count, so that (1, 2) is another row than (2, 1) */
  constructor(...seeds: readonly number[]) {
    let mixed = 0;
    const next = (value: number) => {
      mixed = scramble((mixed ^ value) + 0x9e3779b9);
      return mixed;
    };
    for (const seed of seeds) {
      next(seed);
    }
    this.#state = Uint32Array.from([1, 2, 3, 4], next);
  }

  /** From 0 to below 1, in steps of 2^-32. */
  next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d ^ b;
    state[1] = b ^ c ^ a;
    state[2] = c ^ a ^ (b << 9);
    state[3] = rotate(d ^ b, 11);
    return result / 2 ** 32;
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

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Every bit of the value changes about half of the bits of the result. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
