/** Texts that are counted exactly; AWS too estimates where there are many. */
export const EXACT_DISTINCT = 10_000;
const INDEX_BITS = 14;
const REGISTERS = 2 ** INDEX_BITS;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/**
 * Counts different texts: exactly up to {@link EXACT_DISTINCT}, by an estimate with a standard error of 0.8 % from there on.
 *
 * Source: Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm" (2007).
 */
export class DistinctCounter {
  readonly #seen = new Set<string>();
  #registers: Uint8Array | undefined;

  add(text: string): void {
    if (this.#registers !== undefined) {
      record(this.#registers, text);
      return;
    }
    this.#seen.add(text);
    if (this.#seen.size > EXACT_DISTINCT) {
      this.#registers = new Uint8Array(REGISTERS);
      for (const each of this.#seen) {
        record(this.#registers, each);
      }
      this.#seen.clear();
    }
  }

  get count(): number {
    return this.#registers === undefined ? this.#seen.size : estimate(this.#registers);
  }
}

function record(registers: Uint8Array, text: string): void {
  const [high, low] = hash(text);
  const index = high >>> (32 - INDEX_BITS);
  // The rank is the place of the first 1 in the bits that do not choose the register.
  const rest = (high << INDEX_BITS) >>> 0;
  const rank = rest === 0 ? 32 - INDEX_BITS + Math.clz32(low) + 1 : Math.clz32(rest) + 1;
  registers[index] = Math.max(registers[index] ?? 0, rank);
}

function estimate(registers: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of registers) {
    sum += 2 ** -rank;
    empty += rank === 0 ? 1 : 0;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
  return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
}

/** Two hashes of 32 bits: FNV-1a from two beginnings, mixed as MurmurHash3 finishes. */
function hash(text: string): [high: number, low: number] {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low = (low << 13) | (low >>> 19);
  }
  return [mix(high ^ text.length), mix(low ^ high)];
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
