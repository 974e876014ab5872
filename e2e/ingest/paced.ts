import { setTimeout as wait } from "node:timers/promises";

/** How batches are sent. */
export interface Pace {
  readonly batches: number;
  /** Milliseconds from one batch to the next. */
  readonly intervalMs: number;
  /** Milliseconds before the first. */
  readonly delayMs?: number;
  /** Batches that may be under way at once; the next waits, as a client with so many connections would. */
  readonly inFlight: number;
}

/** What became of the pace. */
export interface Kept {
  /** Milliseconds from the moment of the first batch until the last was acknowledged. */
  readonly elapsedMs: number;
  /** By how much a batch left later than it should have, at most. */
  readonly latestMs: number;
}

/**
 * Sends batches at a constant pace. A receiver that is too slow makes them late, it does not make them fewer.
 *
 * @param send - sends the batch of that number, from 0 on, and returns when it has been acknowledged
 * @throws what a batch failed with
 */
export async function paced(
  { batches, intervalMs, delayMs = 0, inFlight }: Pace,
  send: (batch: number) => Promise<void>,
): Promise<Kept> {
  const startedAt = performance.now() + delayMs;
  const underWay = new Set<Promise<void>>();
  let latestMs = 0;
  for (let batch = 0; batch < batches; batch++) {
    const due = startedAt + batch * intervalMs;
    const early = due - performance.now();
    if (early > 0) {
      await wait(early);
    }
    while (underWay.size >= inFlight) {
      await Promise.race(underWay);
    }
    latestMs = Math.max(latestMs, performance.now() - due);
    const sent = send(batch).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
  return { elapsedMs: performance.now() - startedAt, latestMs };
}
