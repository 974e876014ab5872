/** A steady rate (requests per second) with a burst on top. */
export interface RateLimit {
  readonly rate: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch. */
  filledAt: number;
}

/**
 * Token buckets, one per key: each holds `burst` tokens and gains `rate` a second; a request takes one.
 * They live in memory: a restart fills them, as time would within seconds.
 *
 * Source: Amazon API Gateway developer guide, "Throttle requests to your REST APIs": the token bucket algorithm.
 */
export class TokenBuckets {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now - milliseconds since the epoch, on the clock of local AWS */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes a token; false when there is none. */
  take(key: string, limit: RateLimit): boolean {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, filledAt: now };
    const gained = (Math.max(0, now - bucket.filledAt) / 1000) * limit.rate;
    bucket.tokens = Math.min(limit.burst, bucket.tokens + gained);
    bucket.filledAt = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }
}
